"""The tables of the recovery experiment: cells as computed, and as judged at a tolerance; times apart."""

import pyarrow as pa

from dlnflow.files.column_kinds import COUNTED, ROW_KEY, STATUS, TIME, bounded, relative, within
from dlnflow.files.tables import COUNT, FLAG, REAL, TEXT, Row, columns_of, schema_of

_EIGHT_DIGITS = within(1e-8)
"""Where float64 does not hold eight digits of a limit, balls do (`limit`)."""
_AGAINST_SOLVERS = within(1e-6)
"""Over a norm that float solvers found: to their tolerances, 1e-8 and better, times what feasible points differ by."""
_RADIUS_OVER_X0 = bounded("log10_radius", over="x0_norm")
"""Also of what is relative to ||x*||_2, which is of the size of ||x0||_2."""
_ROOT = relative(1e-9)
"""Of equations that are solved to 1e-10 or better."""

KEY = {
    "grid": (TEXT, "name in the config", ROW_KEY),
    "ensemble": (TEXT, "the distribution of A"),
    "signal": (TEXT, "signed, or nonnegative"),
    "features": (COUNT, "n", ROW_KEY),
    "measurements": (COUNT, "m", ROW_KEY),
    "entries": (COUNT, "s, the entries of x0 that are not 0", ROW_KEY),
    "undersampling": (REAL, "m/n as typed, before m is rounded", ROW_KEY),
    "sparsity": (REAL, "s/m, or s/n where the grid gives that, as typed, before s is rounded", ROW_KEY),
    "trial": (COUNT, "number of the instance, from 0", ROW_KEY),
    "method": (TEXT, "limit: of the network's flow; else the name of a solver of basis pursuit", ROW_KEY),
    "depth": (REAL, "L; null for a solver"),
    "exact_depth": (TEXT, "L as typed, exact; null for a solver", ROW_KEY),
    "scale": (TEXT, "eps = alpha^L, exact; null for a solver", ROW_KEY),
    "log10_scale": (REAL, "log10 of eps; null for a solver"),
}

RECOVERY_CELLS = schema_of(
    "grid features undersampling sparsity trial method depth measurements entries -log10_scale",
    **KEY,
    engine=(TEXT, "the arithmetic that ran, or the solver", COUNTED),
    status=(TEXT, "a results.Status", STATUS),
    said=(TEXT, "what a solver said of its answer, in its own words; else empty"),
    said_gap=(REAL, "the gap that a solver reported; null if none"),
    message=(TEXT, "why a cell failed, else empty", STATUS),
    iterations=(COUNT, "factorisations or Newton steps, or what a solver counts", COUNTED),
    residual=(REAL, "||A x - y||_2 / ||y||_2", _EIGHT_DIGITS),
    log10_radius=(REAL, "log10 of a bound or an estimate of ||x - x_alpha||_2; null for a solver", COUNTED),
    log10_error=(REAL, "log10 of ||x - x0||_2 / ||x0||_2; null if 0", _RADIUS_OVER_X0),
    x0_norm=(REAL, "||x0||_2"),
    support_found=(COUNT, "entries of the support of x0 among the s largest of x"),
    l1_norm=(REAL, "||x||_1", _EIGHT_DIGITS),
    x0_l1_norm=(REAL, "||x0||_1"),
    layers_l1_norm=(REAL, "||u^L||_1 + ||v^L||_1 of the network; null for a solver", _EIGHT_DIGITS),
    x=(pa.list_(REAL), "(n,) the answer; null unless the exact solver is in the grid", bounded("log10_radius")),
)
"""What a job writes: a row for each instance and method."""

RECOVERY = schema_of(
    "grid features undersampling sparsity trial method depth measurements entries -log10_scale",
    **columns_of(RECOVERY_CELLS, RECOVERY_CELLS.names[:-1]),
    success=(FLAG, "||x - x0|| <= tolerance * ||x0||"),
    l1_gap=(
        REAL,
        "||x||_1 / (the least of the grid's solvers that solve A x = y) - 1; null if none does",
        _AGAINST_SOLVERS,
    ),
    log10_solution_error=(
        REAL,
        "log10 of ||x - x*|| / ||x*||, x* the exact minimiser; null if 0 or not computed",
        _RADIUS_OVER_X0,
    ),
)
"""The tidy table of a grid."""

TIMES = schema_of(
    "grid features undersampling sparsity trial method depth measurements entries -log10_scale",
    **KEY,
    seconds=(REAL, "wall time of one solution, on one thread; a share, where solved together", TIME),
)
"""What each row of a block took: kept apart, for it differs from run to run."""

_CURVE = {name: KEY[name] for name in ("grid", "signal", "depth", "exact_depth", "scale", "log10_scale")} | {
    "undersampling": (REAL, "m/n"),
    "sparsity": (REAL, "s/m"),
}

BOUNDARIES = schema_of("grid undersampling sparsity depth -log10_scale", **_CURVE)
"""Predicted boundaries: s/m where the relative error is the tolerance; basis pursuit's weak threshold (depth null)."""

EVOLUTION = schema_of(
    "grid undersampling sparsity depth -log10_scale",
    **_CURVE,
    mean_squared_error=(REAL, "of an entry of x, n -> infinity", _ROOT),
    effective_noise=(REAL, "tau_z of docs/theory.md, High-dimensional limits", _ROOT),
    prox=(REAL, "theta of the same", _ROOT),
)
"""Predicted mean squared errors, of basis pursuit where depth is null."""

FITS = schema_of(
    "grid features method depth -log10_scale",
    **{name: KEY[name] for name in ("grid", "ensemble", "signal", "features")},
    axis=(
        TEXT,
        "what the curve is fitted in: sparsity, s/m at a fixed m/n; undersampling, m/n at a fixed s/n",
        ROW_KEY,
    ),
    at=(REAL, "the fixed ratio, m/n or s/n, of the integers themselves", ROW_KEY),
    **{name: KEY[name] for name in ("method", "depth", "exact_depth", "scale", "log10_scale")},
    status=(TEXT, "converged; unresolved: no transition within the grid's range"),
    midpoint=(REAL, "where success has probability 1/2; null, as the next five, if unresolved"),
    low=(REAL, "of the 95 % profile-likelihood interval of the midpoint"),
    high=(REAL, "its other end"),
    width=(REAL, "of p = 1/(1 + exp(+-(x - midpoint)/width))"),
    width_low=(REAL, "of its interval, likewise; 0 if a sudden change is the most likely"),
    width_high=(REAL, "its other end"),
    trials=(COUNT, "instances behind the fit, each counted once"),
    predicted=(REAL, "midpoint as n -> infinity: state evolution's, or basis pursuit's threshold; null if none"),
)
"""Fitted curves of success, a row each."""


def cell_key(row: Row) -> tuple[object, ...]:
    """What tells a cell from the others of its grid."""
    return tuple(row[name] for name in ("features", "measurements", "entries", "trial"))
