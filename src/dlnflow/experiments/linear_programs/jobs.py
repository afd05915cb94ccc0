"""What the jobs of linear programs are told of the config: their files, their options, their loads."""

import json
from functools import cache
from typing import Any

from dlnflow.config.program_entries import ProgramSpec, RandomProgram, program_spec
from dlnflow.experiments.linear_programs.block import ProgramBlock
from dlnflow.experiments.linear_programs.config import LinearPrograms
from dlnflow.experiments.linear_programs.descent_config import DescentGrid
from dlnflow.experiments.linear_programs.transport_config import TransportSpec, TransportTimes, transport_spec
from dlnflow.kit.load import Load, load, size_of


def _block(config: Any, w: Any) -> ProgramBlock:
    block: ProgramBlock = config.linear_programs.ensembles[w.grid].blocks[w.programs]
    return block


def followed(config: Any, w: Any) -> dict[str, Any]:
    """What follow_program is told."""
    programs: LinearPrograms = config.linear_programs
    told = {"name": w.program, "spec": programs.programs[w.program], "seed": config.seed}
    return told | {"inverse_lams": programs.inverse_lams}


def measured(config: Any, w: Any) -> dict[str, Any]:
    """What measure_programs is told."""
    largest = config.linear_programs.largest
    return {"grid": w.grid, "block": _block(config, w), "seed": config.seed, "largest": largest}


def descended(config: Any, w: Any) -> dict[str, Any]:
    """What run_descents is told."""
    grid: DescentGrid = config.linear_programs.descent
    told = {"name": w.program, "entry": grid.programs[w.program], "seed": config.seed}
    return told | {"steps": grid.steps, "traced": grid.traced, "most_steps": grid.most_steps}


def solved_transport(config: Any, w: Any) -> dict[str, Any]:
    """What solve_transport is told."""
    entry = config.linear_programs.transport.problems[w.transport]
    told = {"name": w.transport, "problem": entry.problem, "seed": config.seed}
    return told | {"lams": entry.lams, "sweeps": entry.sinkhorn_sweeps}


def pictured(config: Any, w: Any) -> dict[str, Any]:
    """What picture_plans is told."""
    entry = config.linear_programs.transport.problems[w.transport]
    return {"name": w.transport, "problem": entry.problem, "seed": config.seed, "lams": entry.pictured}


def timed(config: Any, w: Any) -> dict[str, Any]:
    """What time_transport is told."""
    times: TransportTimes = config.linear_programs.transport.times
    told = {"size": w.points, "seed": config.seed, "lam": times.lam, "tolerance": times.tolerance}
    return told | {"repeats": times.repeats, "largest_highs": times.largest_highs}


# --- files -----------------------------------------------------------------------------------------------------------


def user_files(config: Any, w: Any) -> list[str]:
    """The user's files behind a program that is followed."""
    files: list[str] = config.linear_programs.programs[w.program].files
    return files


def descent_user_files(config: Any, w: Any) -> list[str]:
    """Those behind a program on which descent is run."""
    files: list[str] = config.linear_programs.descent.programs[w.program].files
    return files


def program_cells(config: Any) -> list[str]:
    """The limits of each program down in lam."""
    return [f"results/linear_programs/cells/{name}.parquet" for name in config.linear_programs.programs]


def program_laws(config: Any) -> list[str]:
    """The laws of random programs, a file a block."""
    return [
        f"results/linear_programs/laws/{grid}/{programs}.parquet"
        for grid, spec in config.linear_programs.ensembles.items()
        for programs in spec.blocks
    ]


def descents(kind: str, config: Any, w: Any = None) -> list[str]:
    """What the jobs of descent write: kind is descents, descent-traces or flows."""
    grid = config.linear_programs.descent
    return [f"results/linear_programs/{kind}/{name}.parquet" for name in (grid.programs if grid else ())]


def transport_values(config: Any, w: Any = None) -> list[str]:
    """The values of transport problems down in lam."""
    grid = config.linear_programs.transport
    return [f"results/linear_programs/transport/{name}.parquet" for name in (grid.valued if grid else ())]


def plans(config: Any, w: Any = None) -> list[str]:
    """The plans that are drawn."""
    grid = config.linear_programs.transport
    return [f"results/linear_programs/plans/{name}.parquet" for name in (grid.pictured if grid else ())]


def transport_times(config: Any, w: Any = None) -> list[str]:
    """The times of transport, a file a size."""
    grid = config.linear_programs.transport
    sizes = grid.times.sizes if grid and grid.times else ()
    return [f"results/timings/linear_programs/transport/{size}.parquet" for size in sizes]


# --- loads -----------------------------------------------------------------------------------------------------------


@cache
def _size_of_program(entry: str) -> tuple[int, int]:
    spec = program_spec(json.loads(entry))
    if isinstance(spec, RandomProgram):
        m, n = spec.size
        return m, n
    return size_of(lambda: spec.program(0))


def curve_load(spec: ProgramSpec, lams: int) -> Load:
    """Of one linear program at so many lam."""
    return load(lams, *_size_of_program(spec.as_json()))


def program_load(block: ProgramBlock) -> Load:
    """Of every instance of a block."""
    return load(len(block.trials), block.constraints, block.variables)


def transport_load(spec: TransportSpec, lams: int, sweeps: int = 0) -> Load:
    """Of one transport problem at so many lam, with so many sweeps of Sinkhorn's beside each."""
    p, q = _points(spec.as_json())
    return Load(lams, lams * p * q, lams * ((p + q) ** 3 + sweeps * p * q))


@cache
def _points(entry: str) -> tuple[int, int]:
    transport = transport_spec(json.loads(entry)).placed(0).transport
    return len(transport.r), len(transport.s)


def race_load(points: int, times: TransportTimes) -> Load:
    """Of every method's repeats on clouds of so many points."""
    methods = 4 if points <= times.largest_highs else 3
    return Load(methods, times.repeats * methods * points**2, times.repeats * methods * points**3)


def descent_load(grid: DescentGrid, name: str) -> Load:
    """Of the flow of one program, and of descent with each of the steps, none of which stops early."""
    entry = grid.programs[name]
    if entry.transport:
        p, q = _points(entry.transport.as_json())
        m, n = p + q - 1, p * q
    else:
        assert entry.program is not None  # one of them is there
        m, n = _size_of_program(entry.program.as_json())
    descents = len(grid.steps) if entry.descends else 0
    return Load(descents + 1, (descents + 1) * n, descents * grid.most_steps * m * n)


def followed_load(config: Any, w: Any) -> Load:
    """Of follow_program."""
    programs: LinearPrograms = config.linear_programs
    return curve_load(programs.programs[w.program], len(programs.inverse_lams))


def measured_load(config: Any, w: Any) -> Load:
    """Of measure_programs."""
    return program_load(_block(config, w))


def descended_load(config: Any, w: Any) -> Load:
    """Of run_descents."""
    return descent_load(config.linear_programs.descent, w.program)


def solved_transport_load(config: Any, w: Any) -> Load:
    """Of solve_transport."""
    entry = config.linear_programs.transport.problems[w.transport]
    return transport_load(entry.problem, len(entry.lams), entry.sinkhorn_sweeps)


def pictured_load(config: Any, w: Any) -> Load:
    """Of picture_plans."""
    entry = config.linear_programs.transport.problems[w.transport]
    return transport_load(entry.problem, len(entry.pictured))


def timed_load(config: Any, w: Any) -> Load:
    """Of time_transport."""
    return race_load(int(w.points), config.linear_programs.transport.times)
