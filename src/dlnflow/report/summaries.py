"""What the report says of an experiment in a few tables: cells counted, and their worst and typical numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

from dlnflow.kit import measures as measure
from dlnflow.kit.measures import Measure
from dlnflow.report.html import Part, page


@dataclass(frozen=True)
class Summary:
    """One table: a row a group, a column a measure."""

    table: str
    """of results/tables/, without its ending"""

    title: str
    by: Mapping[str, str]
    """column -> its heading"""

    measures: Mapping[str, Measure]
    intro: str = ""

    def part(self, frame: "pd.DataFrame") -> Part:
        """The table as a part of a page."""
        # in the order of the table
        groups = frame.groupby(list(self.by), sort=False, dropna=False)
        rows = [
            [*(_plain(key) for key in keys), *(_plain(measure(rows)) for measure in self.measures.values())]
            for keys, rows in groups
        ]
        return Part(self.title, self.intro, [*self.by.values(), *self.measures], rows)


def summary_page(experiment: str, frames: Mapping[str, "pd.DataFrame"]) -> str:
    """The page of an experiment, from its tables by name."""
    parts = [summary.part(frames[summary.table]) for summary in SUMMARIES[experiment] if summary.table in frames]
    return page(
        f"Summary of {experiment.replace('_', ' ')}",
        "Computed from the tables of this run (results/tables/, which hold every cell). Logarithms are to base 10.",
        parts,
    )


def tables_of(experiment: str) -> list[str]:
    """The names of the tables that an experiment's summaries read."""
    return list(dict.fromkeys(summary.table for summary in SUMMARIES[experiment]))


def _plain(value: Any) -> Any:
    """Numbers as Python's own, counts whole."""
    if value is None or isinstance(value, str | int | bool):
        return value
    if value != value:
        return None
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


_CURVES = {
    "cells": measure.count,
    "converged": measure.with_status("converged"),
    "unresolved": measure.with_status("unresolved"),
    "others": measure.but("converged", "unresolved"),
    "log scale, smallest": measure.of("log10_scale", "min"),
    "log error there": measure.at_smallest("log10_error"),
    "log radius there": measure.at_smallest("log10_radius"),
    "predicted exponent": measure.of("exponent", "median"),
    "log constant": measure.of("log10_constant", "median"),
}
_CURVE_KEYS = {"problem": "problem", "exact_depth": "depth", "method": "method"}
_CURVE_INTRO = (
    "Unresolved: sound, but the error is less than twice the radius that bounds how far the computed limit is from the "
    "true one. Of many instances the medians."
)

SUMMARIES: dict[str, Sequence[Summary]] = {
    "sharpness": [Summary("sharpness", "Cells by problem, depth and method", _CURVE_KEYS, _CURVES, _CURVE_INTRO)],
    "asymptotics": [Summary("asymptotics", "Cells by problem, depth and method", _CURVE_KEYS, _CURVES, _CURVE_INTRO)],
    "recovery": [
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
    ],
    "hardness": [
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
    ],
    "laws": [
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
    ],
    "layers": [
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
    ],
    "linear_programs": [
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
    ],
}
"""experiment -> its tables"""
