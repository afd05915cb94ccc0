"""What the rows of every method have in common: where the instance stands, and the answer beside the signal."""

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.experiments.recovery.block import Instance, RecoveryBlock
from dlnflow.files.tables import Row
from dlnflow.kit.attempt import log10_or_none
from dlnflow.problems.problem import Problem
from dlnflow.results import Status

NO_ANSWER = dict.fromkeys(
    ("said_gap", "residual", "log10_radius", "log10_error", "support_found", "l1_norm", "layers_l1_norm", "x")
)


def failed(engine: str, message: str, problem: Problem, said: str = "") -> Row:
    """The columns of a cell without an answer."""
    return {
        "engine": engine,
        "status": Status.FAILED,
        "said": said,
        "message": message,
        "iterations": 0,
        "x0_norm": float(np.linalg.norm(_signal(problem))),
        "x0_l1_norm": float(np.abs(_signal(problem)).sum()),
    } | NO_ANSWER


def judged(x: FloatArray, problem: Problem, block: RecoveryBlock) -> Row:
    """x beside the signal behind the data."""
    x0 = _signal(problem)
    with np.errstate(all="ignore"):  # what a solver that diverged left behind is judged too
        norm = float(np.linalg.norm(x0))
        entries = int(np.count_nonzero(x0))
        largest = np.argsort(-np.abs(x), kind="stable")[:entries]
        return {
            "residual": float(np.linalg.norm(problem.A @ x - problem.y) / np.linalg.norm(problem.y)),
            "log10_error": log10_or_none(float(np.linalg.norm(x - x0)) / norm),
            "x0_norm": norm,
            "support_found": int(np.count_nonzero(x0[largest])),
            "l1_norm": float(np.abs(x).sum()),
            "x0_l1_norm": float(np.abs(x0).sum()),
            "x": x if block.keep_x else None,
        }


def _signal(problem: Problem) -> FloatArray:
    if problem.x0 is None:
        raise ValueError("the problem has no planted signal, expected one")
    return problem.x0


def instance_key(grid: str, block: RecoveryBlock, instance: Instance, method: str) -> Row:
    """The columns that say which cell it is, but for depth and scale."""
    return {
        "grid": grid,
        "ensemble": block.ensemble,
        "signal": block.signal,
        "features": block.features,
        "measurements": instance.problem.measurements,
        "entries": instance.entries,
        "undersampling": float(instance.undersampling),
        "sparsity": float(instance.sparsity),
        "trial": instance.trial,
        "method": method,
    }
