"""What the report sums up of laws."""

from dlnflow.kit import measures as measure
from dlnflow.kit.measures import Summary

SUMMARIES = (
    Summary(
        "laws",
        "Random instances by ensemble and depth",
        {"grid": "ensemble", "exact_depth": "depth"},
        {
            "instances": measure.count,
            "unique minimiser": measure.true("is_unique"),
            "regular": measure.true("is_regular"),
            "meets both": measure.true("meets"),
            "worst |exponent - predicted|": measure.worst("measured_exponent", "exponent"),
            "median error/predicted": measure.of("ratio", "median"),
            "log scale, smallest": measure.of("log10_last_scale", "min"),
        },
        "Meets both: exponent and constant of the last scales within their targets.",
    ),
    Summary(
        "rhos",
        "rho by ensemble and size",
        {"grid": "grid", "measurements": "m", "features": "n", "entries": "s"},
        {
            "instances": measure.count,
            "recovered": measure.true("is_recovered"),
            "median rho": measure.of("rho", "median"),
            "worst disagreement": measure.worst_of("disagreement"),
        },
        "Disagreement: of the exact rho with either float linear program.",
    ),
)
