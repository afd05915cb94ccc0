"""What the report sums up of linear programs."""

from dlnflow.kit import measures as measure
from dlnflow.kit.measures import Summary

SUMMARIES = (
    Summary(
        "program-cells",
        "Programs followed down in lam",
        {"program": "program"},
        {
            "lams": measure.count,
            "converged": measure.with_status("converged"),
            "log error, smallest": measure.of("log10_error", "min"),
            "predicted exponent": measure.of("exponent", "median"),
            "last |error/predicted - 1|": lambda rows: abs(rows["ratio_off"].iloc[rows["inverse_lam"].argmax()]),
        },
    ),
    Summary(
        "program-laws",
        "Random programs by family",
        {"grid": "ensemble", "family": "family"},
        {
            "programs": measure.count,
            "regular": measure.true("is_regular"),
            "meets both": measure.true("meets"),
            "worst |exponent - predicted|": measure.worst("measured_exponent", "exponent"),
            "worst |error/predicted - 1|": measure.worst_of("ratio_off"),
        },
    ),
    Summary(
        "transport-values",
        "Transport down in lam",
        {"problem": "problem"},
        {
            "lams": measure.count,
            "converged": measure.with_status("converged"),
            "log excess, smallest": measure.of("log10_excess", "min"),
            "worst marginal": measure.of("marginal_1", "max"),
        },
    ),
    Summary(
        "descents",
        "Descent with constant steps",
        {"program": "program"},
        {
            "steps": measure.count,
            "converged": measure.with_status("converged"),
            "worst |factor - predicted|": measure.worst("factor", "contraction"),
            "largest 4 eta mu at its end": measure.of("sharpness", "max"),
        },
    ),
    Summary(
        "program-flows",
        "The flow in time",
        {"program": "program"},
        {
            "flows": measure.count,
            "distance to the entropic limit": measure.of("distance", "max"),
            "rate": measure.of("rate", "median"),
            "predicted rate": measure.of("predicted_rate", "median"),
        },
    ),
)
