"""Random instances with a planted sparse signal: each a function of its arguments alone."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any, Literal, get_args

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.arithmetic.exact import to_text
from dlnflow.arithmetic.quoting import shortened
from dlnflow.problems.problem import Problem, ProblemError

PredictedEnsemble = Literal["gaussian", "rademacher", "dct"]
PredictedSignal = Literal["signed", "nonnegative"]
"""What the theory of n -> infinity speaks of (`state_evolution`, `phase_transition`), and recovery grids hold."""

Ensemble = Literal[PredictedEnsemble, "sphere", "bernoulli", "ar1", "lattice"]
Signal = Literal[PredictedSignal, "signs", "power"]
"""What the nonzero entries are: N(0, 1), |N(0, 1)| with the network x = u^L, +-1, or +-1/k, k = 1, 2, ..., s."""

GRID = 2.0**20
"""A and x0 are rounded to multiples of 1/GRID, so that y = A x0 holds exactly in float64; those of a lattice are
integers."""

MOST_DRAWS = 1000
"""Of a matrix, or of its columns that are 0, until it is a `Problem`'s."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of an ensemble, in (above, below), or in (above, below] if `is_closed`."""

    meaning: str
    default: Fraction
    above: int
    below: int
    is_closed: bool = False

    def holds(self, value: Fraction) -> bool:
        """Whether the value, in float64, is in the range."""
        if not self.above <= value <= self.below:  # nor is it a float, perhaps
            return False
        return self.above < float(value) < self.below or (self.is_closed and float(value) == self.below)

    def __str__(self) -> str:
        return f"{self.meaning}, above {self.above} and {'at most' if self.is_closed else 'below'} {self.below}"


PARAMETERS = {
    "bernoulli": Parameter("the share of entries that are not 0", Fraction(1, 4), 0, 1, is_closed=True),
    "ar1": Parameter("the correlation of neighbouring columns", Fraction(1, 2), -1, 1),
}
"""The ensembles that have a parameter."""


def parameter_of(ensemble: str, parameter: Fraction | None) -> Fraction | None:
    """The parameter, or the ensemble's default in place of None; None for an ensemble without one.

    Raises ProblemError for a parameter that the ensemble does not have, or that is out of its range.
    """
    known = PARAMETERS.get(ensemble)
    if known is None:
        if parameter is not None:
            owners = " and ".join(PARAMETERS)
            raise ProblemError(f"the ensemble {ensemble} has no parameter, expected {owners} alone to have one")
        return None
    if parameter is not None and not known.holds(parameter):
        found = shortened(to_text(parameter), 40)
        raise ProblemError(f"parameter {found} of the ensemble {ensemble}, expected {known}")
    return known.default if parameter is None else parameter


def planted(
    ensemble: Ensemble,
    seed: int,
    measurements: int,
    features: int,
    sparsity: int,
    trial: int = 0,
    signal: Signal = "signed",
    parameter: Fraction | None = None,
) -> Problem:
    """A random A (m, n) and y = A x0, x0 with `sparsity` entries at random places that are not 0.

    Ensembles, all but the last with E ||column||^2 = 1:
    gaussian: entries N(0, 1/m).  rademacher: +-1/sqrt(m).  dct: m random rows of the orthonormal discrete cosine
    transform (type II), times sqrt(n/m).  sphere: columns uniform on the unit sphere.  bernoulli: entries 0 with
    probability 1 - p, else +-1/sqrt(p m), p the parameter, given that no column is 0.  ar1: rows independent, each a
    stationary Gaussian sequence with variance 1/m and correlation c^|i - j| of columns i and j, c the parameter.
    lattice: integers uniform on -2, ..., 2, given that no column is 0.

    Where entries have few sizes, basis pursuit may have many minimisers at small sizes: at 10 x 20 with 5 entries in
    two thirds of the instances of rademacher and bernoulli, a sixth of dct, at 4 x 12 in two fifths of lattice.

    Signals: signed: N(0, 1).  nonnegative: |N(0, 1)|.  signs: +-1.  power: the k-th largest has size 1/k.
    On a lattice signed is uniform on {-2, -1, 1, 2}, nonnegative on {1, 2}, and power has the sizes s/k, rounded.

    One (seed, ensemble, sizes, trial) has the same places and signs with every signal, and the same random numbers
    behind A with every parameter. Where A has not full row rank, or y = 0, A is drawn again.
    Raises ProblemError if the sizes are not 0 < sparsity <= measurements < features, as `parameter_of` does, and if
    MOST_DRAWS draws are no problem.
    """
    _check(ensemble, signal, measurements, features, sparsity)
    value = parameter_of(ensemble, parameter)
    tag = int.from_bytes(ensemble.encode())
    rng = np.random.default_rng(np.random.SeedSequence([seed, tag, measurements, features, sparsity, trial]))
    draw = partial(_matrix, ensemble, m=measurements, parameter=value)
    A = draw(rng, n=features)
    x0 = np.zeros(features)
    values = _values(rng, sparsity, signal, ensemble)
    x0[rng.choice(features, size=sparsity, replace=False)] = values
    return _first_sound(ensemble, draw, rng, A, x0, signal == "nonnegative")


def gaussian(seed: int, measurements: int, features: int, sparsity: int, trial: int = 0) -> Problem:
    """`planted` for Gaussian A and a signed signal."""
    return planted("gaussian", seed, measurements, features, sparsity, trial)


def _check(ensemble: str, signal: str, m: int, n: int, s: int) -> None:
    for name, found, known in (("ensemble", ensemble, _MATRICES), ("signal", signal, get_args(Signal))):
        if found not in known:
            raise ProblemError(f"{name} is {found!r}, expected one of {', '.join(known)}")
    if not 0 < s <= m < n:
        raise ProblemError(
            f"sparsity {s}, measurements {m}, features {n}: expected 0 < sparsity <= measurements < features"
        )


def _first_sound(
    ensemble: str, draw: Callable[..., Any], rng: np.random.Generator, A: FloatArray, x0: FloatArray, nonnegative: bool
) -> Problem:
    """The problem of A and x0, in units, with columns that are 0, then the whole of A, drawn again where need be."""
    others = None  # a stream of its own, so that x0 does not depend on how many draws there are
    for _ in range(MOST_DRAWS):
        empty = ~A.any(axis=0) & (ensemble in _SPARSE)
        if not empty.any() and (problem := _problem(A, x0, _unit(ensemble), nonnegative)):
            return problem
        others = others or rng.spawn(1)[0]
        again = empty if empty.any() else np.ones_like(empty)
        A[:, again] = draw(others, n=int(again.sum()))
    raise ProblemError(
        f"{MOST_DRAWS} draws of the ensemble {ensemble} hold no {A.shape[0]} x {A.shape[1]} matrix of full row rank "
        "without a column of zeros, expected other sizes or another parameter"
    )


def _problem(A: FloatArray, x0: FloatArray, unit: float, nonnegative: bool) -> Problem | None:
    """A x = A x0 in units; None if A has not full row rank, or y is 0."""
    if (np.abs(A) @ np.abs(x0)).max() > 2.0**53:
        raise ProblemError(f"A x0 of {A.shape[0]} x {A.shape[1]} needs more than float64's 53 bits, expected fewer")
    y = A.astype(np.int64) @ x0.astype(np.int64)
    if not (A.any(axis=1).all() and y.any()):
        return None
    try:
        return Problem(A / unit, y / unit**2, nonnegative, x0=x0 / unit)
    except ProblemError:
        return None


def _unit(ensemble: str) -> float:
    """A and x0 are multiples of 1/unit."""
    return 1.0 if ensemble == "lattice" else GRID


def _values(rng: np.random.Generator, s: int, signal: str, ensemble: str) -> FloatArray:
    """The entries of the signal that are not 0, in units, in random order as their places are."""
    if ensemble == "lattice":
        values, largest = rng.choice([-2.0, -1.0, 1.0, 2.0], size=s), float(s)
    else:
        values, largest = np.rint(rng.standard_normal(s) * GRID), GRID
        values = np.where(values == 0, 1, values)
    if signal == "nonnegative":
        return np.abs(values)
    if signal == "signs":
        return np.sign(values) * _unit(ensemble)
    if signal == "power":
        return np.sign(values) * np.rint(largest / np.arange(1, s + 1))
    return values


def _matrix(ensemble: str, rng: np.random.Generator, m: int, n: int, parameter: Fraction | None) -> FloatArray:
    """A as multiples of 1/unit."""
    entries = _MATRICES[ensemble](rng, m, n, *([] if parameter is None else [float(parameter)]))
    return entries if ensemble == "lattice" else np.rint(entries * (GRID / np.sqrt(m)))


def _normal(rng: np.random.Generator, m: int, n: int) -> FloatArray:
    return rng.standard_normal((m, n))


def _signs(rng: np.random.Generator, m: int, n: int) -> FloatArray:
    return rng.choice([-1.0, 1.0], size=(m, n))


def _cosines(rng: np.random.Generator, m: int, n: int) -> FloatArray:
    rows = np.sort(rng.choice(n, size=m, replace=False))[:, None]
    # sqrt(n) times the orthonormal transform, so that the mean square of its entries is 1
    return np.where(rows == 0, 1.0, np.sqrt(2.0)) * np.cos(np.pi * rows * (np.arange(n) + 0.5) / n)


def _directions(rng: np.random.Generator, m: int, n: int) -> FloatArray:
    columns = rng.standard_normal((m, n))
    return columns * (np.sqrt(m) / np.linalg.norm(columns, axis=0))


def _sparse_signs(rng: np.random.Generator, m: int, n: int, density: float) -> FloatArray:
    # at every density as many random numbers, so that the signal after them is the same
    return np.where(rng.random((m, n)) < density, _signs(rng, m, n) / np.sqrt(density), 0.0)


def _correlated(rng: np.random.Generator, m: int, n: int, correlation: float) -> FloatArray:
    columns = rng.standard_normal((m, n))
    for j in range(1, n):
        columns[:, j] = correlation * columns[:, j - 1] + np.sqrt(1 - correlation**2) * columns[:, j]
    return columns


def _integers(rng: np.random.Generator, m: int, n: int) -> FloatArray:
    return rng.integers(-2, 3, size=(m, n)).astype(np.float64)


_MATRICES: dict[str, Callable[..., Any]] = {
    "gaussian": _normal,
    "rademacher": _signs,
    "dct": _cosines,
    "sphere": _directions,
    "bernoulli": _sparse_signs,
    "ar1": _correlated,
    "lattice": _integers,
}
"""Entries of mean square 1, but for a lattice's."""
_SPARSE = ("bernoulli", "lattice")
"""Whose columns are independent and may be 0."""
assert set(_MATRICES) == set(get_args(Ensemble))
