"""What theory predicts of the recovery experiment, as rows: boundaries of success, and mean squared errors."""

from collections.abc import Iterator, Sequence
from typing import Any

from dlnflow.arithmetic.exact import parse_number
from dlnflow.files.tables import Row
from dlnflow.kit.attempt import network_columns
from dlnflow.problems.ensembles import Signal
from dlnflow.theory.phase_transition import bp_threshold
from dlnflow.theory.state_evolution import StateEvolution, basis_pursuit_evolution, recovery_boundary, state_evolution

LATTICE = [k / 50 for k in range(1, 50)]
"""The m/n of a boundary, and the s/m of a curve of errors besides 1."""

BASIS_PURSUIT: Row = dict.fromkeys(("depth", "exact_depth", "scale", "log10_scale"))


def boundary_rows(grid: str, signal: Signal, tolerance: Any, depth: str | None, scales: Sequence[str]) -> Iterator[Row]:
    """The rows of BOUNDARIES of a depth at each scale; of basis pursuit if the depth is None."""
    for key in _curves(grid, signal, depth, scales):
        for undersampling in LATTICE:
            if depth is None:
                sparsity = bp_threshold(undersampling, signal)
            else:
                sparsity = recovery_boundary(depth, key["scale"], undersampling, tolerance, signal)
            yield key | {"undersampling": undersampling, "sparsity": sparsity}


def evolution_rows(
    grid: str, signal: Signal, undersampling: Sequence[str], depth: str | None, scales: Sequence[str]
) -> Iterator[Row]:
    """The rows of EVOLUTION of a depth at each scale and m/n; of basis pursuit if the depth is None."""
    for key in _curves(grid, signal, depth, scales):
        for ratio in undersampling:
            for sparsity in _sparsities(ratio, depth, signal):
                if depth is None:
                    found = basis_pursuit_evolution(ratio, sparsity, signal)
                else:
                    found = state_evolution(depth, key["scale"], ratio, sparsity, signal)
                yield key | {"undersampling": float(parse_number(ratio)), "sparsity": sparsity} | _columns(found)


def _sparsities(undersampling: str, depth: str | None, signal: Signal) -> list[float]:
    """The lattice, and for basis pursuit, whose error rises steeply from 0 there, what is just above its threshold."""
    threshold = bp_threshold(undersampling, signal)
    above = [threshold * (1 + offset) for offset in (1e-4, 1e-3, 3e-3, 1e-2)] if depth is None else []
    return sorted({sparsity for sparsity in [*LATTICE, 1.0, *above] if sparsity <= 1})


def _curves(grid: str, signal: Signal, depth: str | None, scales: Sequence[str]) -> Iterator[Row]:
    key: Row = {"grid": grid, "signal": signal}
    if depth is None:
        yield key | BASIS_PURSUIT
        return
    for scale in scales:
        yield key | network_columns(depth, scale)


def _columns(found: StateEvolution) -> Row:
    return {
        "mean_squared_error": found.mean_squared_error,
        "effective_noise": found.effective_noise,
        "prox": found.prox,
    }
