"""What the report sums up of recovery."""

from dlnflow.kit import measures as measure
from dlnflow.kit.measures import Summary

SUMMARIES = (
    Summary(
        "recovery",
        "Cells by grid, method and scale",
        {"grid": "grid", "method": "method", "exact_depth": "depth", "scale": "scale"},
        {
            "cells": measure.count,
            "converged": measure.with_status("converged"),
            "recovered": measure.true("success"),
            "share": measure.share("success"),
        },
        "Recovered: within the tolerance of the planted signal, over the whole grid, whose easy and hard corners "
        "both count.",
    ),
    Summary(
        "recovery-fits",
        "Points of 50 % success, by grid and method",
        {"grid": "grid", "method": "method", "exact_depth": "depth", "scale": "scale"},
        {
            "transitions": measure.count,
            "median midpoint": measure.of("midpoint", "median"),
            "median prediction": measure.of("predicted", "median"),
            "worst distance": measure.worst("midpoint", "predicted"),
        },
        "On the fitted axis (s/m, or m/n for the transitions), beside what theory predicts for large n.",
    ),
)
