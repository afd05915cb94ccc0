"""What the report sums up of hardness."""

from dlnflow.kit import measures as measure
from dlnflow.kit.measures import Summary

SUMMARIES = (
    Summary(
        "hardness",
        "Answers by grid and method",
        {"grid": "grid", "method": "method", "exact_depth": "depth"},
        {
            "inputs": measure.count,
            "answered": measure.answered,
            "with an error above 0.1": measure.wrong,
            "worst log error": measure.of("log10_error", "max"),
        },
        "Many inputs cannot be told apart from what is read of them: there every answer is wrong on one of two.",
    ),
    Summary(
        "hardness-work",
        "The scale that an accuracy needs on the kink",
        {"exact_depth": "depth", "accuracy": "accuracy"},
        {
            "kinks": measure.count,
            "converged": measure.with_status("converged"),
            "log scale, smallest": measure.of("log10_scale", "min"),
            "worst |log scale - predicted|": measure.worst("log10_scale", "log10_exact_scale"),
            "worst |log time - predicted|": measure.worst("log10_time", "log10_predicted_time"),
        },
    ),
)
