"""What the report sums up of sharpness and asymptotics."""

from dlnflow.kit import measures as measure
from dlnflow.kit.measures import Summary

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


SHARPNESS, ASYMPTOTICS = (
    (Summary(name, "Cells by problem, depth and method", _CURVE_KEYS, _CURVES, _CURVE_INTRO),)
    for name in ("sharpness", "asymptotics")
)
