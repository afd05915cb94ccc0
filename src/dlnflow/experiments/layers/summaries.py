"""What the report sums up of layers."""

from dlnflow.kit import measures as measure
from dlnflow.kit.measures import Summary

SUMMARIES = (
    Summary(
        "layer-drifts",
        "Drift of the invariants by network and method",
        {"network": "network", "activation": "activation", "method": "method", "invariant": "invariant"},
        {
            "rows": measure.count,
            "converged": measure.with_status("converged"),
            "worst relative drift": measure.of("relative_drift", "max"),
            "worst drift over tolerance": measure.of("over_tolerance", "max"),
            "median slope": measure.of("slope", "median"),
        },
        "flow: in time, against the integrator's tolerance; descent: with steps, against which the slope is.",
    ),
    Summary(
        "layer-starts",
        "Growth from tiny starts",
        {"network": "network", "start": "start", "start_size": "size"},
        {
            "pairs of layers": measure.count,
            "growth": measure.of("growth", "median"),
            "first ratio": measure.of("first_ratio", "median"),
            "last ratio": measure.of("ratio", "median"),
        },
    ),
    Summary(
        "factorisations",
        "Factorisation by steps c (t + 1)^-p",
        {"constant": "c", "decay": "p"},
        {
            "runs": measure.count,
            "converged": measure.with_status("converged"),
            "median residual": measure.of("residual", "median"),
            "largest imbalance over the start's": lambda rows: (
                rows["largest_imbalance"] / rows["start_imbalance"]
            ).max(),
            "median rate over predicted": measure.of("ratio", "median"),
        },
    ),
    Summary(
        "rank-one",
        "Rank one with constant steps, by where it ends",
        {"kind": "start", "end": "end"},
        {
            "runs": measure.count,
            "smallest step": measure.of("step", "min"),
            "largest step": measure.of("step", "max"),
            "worst |factor - predicted|": measure.worst("factor", "predicted_factor"),
        },
    ),
)
