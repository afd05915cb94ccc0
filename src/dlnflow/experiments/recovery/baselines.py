"""The solvers of basis pursuit on random instances, as rows."""

from collections.abc import Iterator

from dlnflow.experiments.recovery.block import RecoveryBlock
from dlnflow.experiments.recovery.rows import failed, instance_key, judged
from dlnflow.files.tables import Row
from dlnflow.kit.attempt import attempt
from dlnflow.solvers.run import solve


def baseline_rows(grid: str, block: RecoveryBlock, seed: int, solver: str) -> Iterator[tuple[Row, float]]:
    """(row of RECOVERY_CELLS, seconds) of a solver on each instance."""
    for instance in block.instances(seed):
        problem = instance.problem
        key = instance_key(grid, block, instance, solver) | dict.fromkeys(
            ("depth", "exact_depth", "scale", "log10_scale")
        )
        answer, message, seconds = attempt(solve, problem, solver)
        if answer is None:
            yield key | failed(solver, message, problem), seconds
            continue
        if answer.x is None:
            yield key | failed(solver, answer.message, problem, answer.said), answer.seconds
            continue
        columns = {
            "engine": solver,
            "status": answer.status,
            "said": answer.said,
            "said_gap": answer.said_gap,
            "message": answer.message,
            "iterations": answer.iterations,
            "log10_radius": None,
            "layers_l1_norm": None,
        }
        yield key | columns | judged(answer.x, problem, block), answer.seconds
