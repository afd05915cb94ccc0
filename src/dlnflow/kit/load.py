"""How much a job of the workflow has to do, by its part of the config: what its time, memory and files grow with.

A cell is one (problem, trial, depth, scale, method). A job's load is counted before it runs, and `costs` turns it into
seconds and bytes.
"""

import json
from collections.abc import Iterable, Sequence
from functools import cache
from math import ceil, prod
from typing import NamedTuple

from dlnflow.config.problem_entries import EnsembleProblem, ProblemSpec, problem_spec
from dlnflow.config.program_entries import ProgramSpec, RandomProgram, program_spec
from dlnflow.experiments.hardness.block import HardnessBlock
from dlnflow.experiments.laws.block import LawBlock
from dlnflow.experiments.layers.config import Layers
from dlnflow.experiments.layers.factorisation_block import FactorisationBlock, RankOneBlock
from dlnflow.experiments.linear_programs.block import ProgramBlock
from dlnflow.experiments.linear_programs.descent_config import DescentGrid
from dlnflow.experiments.linear_programs.transport_config import TransportSpec, TransportTimes, transport_spec
from dlnflow.experiments.recovery.block import RecoveryBlock, measurements_of
from dlnflow.layers.architecture import Architecture
from dlnflow.layers.starts import growth_time
from dlnflow.problems.problem import ProblemError

NO_SIZE = 0, 0
"""Of data that their own job will refuse, with the reason."""


SMOOTH_STEPS = 100
"""Of an integrator along a flow without gates, about."""


class Load(NamedTuple):
    """What a job has to do.

    cells: how many results.  unknowns: the entries of x, summed over what it solves.  work: the products of one dense
    step, m^2 n, summed likewise; of iterations whose number is given, the products of all of them.
    """

    cells: int
    unknowns: int
    work: int

    def in_fractions(self, m: int) -> "Load":
        """In exact arithmetic, whose numbers have as many digits as there are measurements."""
        return self._replace(work=self.work * m)

    @property
    def without_cells(self) -> "Load":
        """Of a job that prepares or predicts, and computes none of the cells itself."""
        return self._replace(cells=0)


def load(times: int, m: int, n: int) -> Load:
    """Of so many results at one size."""
    return Load(times, times * n, times * m * m * n)


def total(loads: Iterable[Load]) -> Load:
    """Of all of them together."""
    return Load(*map(sum, zip(*loads, strict=True)))


@cache
def _size_of_problem(entry: str) -> tuple[int, int]:
    spec = problem_spec(json.loads(entry))
    if isinstance(spec, EnsembleProblem):
        return spec.measurements, spec.features
    try:
        m, n = spec.instance(0, 0).A.shape
    except (ProblemError, OSError):
        return NO_SIZE
    return m, n


def problem_load(spec: ProblemSpec, trials: int, scales: int = 1) -> Load:
    """Of so many trials of a problem, at so many scales each."""
    return load(trials * scales, *_size_of_problem(spec.as_json()))


def exact_load(spec: ProblemSpec, trials: int, depths: int = 1) -> Load:
    """Of what is computed of so many trials in exact arithmetic before there are cells."""
    m, n = _size_of_problem(spec.as_json())
    return load(trials * depths, m, n).in_fractions(m).without_cells


def recovery_load(block: RecoveryBlock, scales: int = 1, is_exact: bool = False) -> Load:
    """Of every trial of every cell of a tile."""
    times, n = scales * len(block.trials), block.features
    sizes = [measurements_of(ratio, n) for ratio, _ in block.cells]
    return total(load(times, m, n).in_fractions(m) if is_exact else load(times, m, n) for m in sizes)


def hardness_load(block: HardnessBlock, scales: int = 1) -> Load:
    """Of every input of a block: its digits, exponents, orders or signs, and bits."""
    groups = 1 if block.slow is None else 2
    inputs = max(1, len(block.digits)) * len(block.exponents) * len(block.bits)
    inputs *= 2 if block.as_given else 2**groups
    m, n = block.beside
    return load(inputs * scales, m + groups * block.kinks, n + 2 * groups * block.kinks)


def law_load(blocks: Sequence[LawBlock]) -> Load:
    """Of every instance of some blocks at one depth."""
    return total(load(len(block.trials), block.measurements, block.features) for block in blocks)


def face_load(block: LawBlock, drawn: int, depths: int, limits: int) -> Load:
    """Of looking through all instances of a block for those with a face, of which `drawn` are pictured."""
    looked = law_load([block])
    return looked._replace(cells=drawn * (depths + limits))


def layers_load(layers: Layers, name: str) -> Load:
    """Of one network: its flow at every tolerance and its descent at every step, from every start.

    unknowns: the gates of all runs, for the flow goes slowly where a unit of a sample opens or closes.  work: a solve
    with the Jacobian, size^2, at each gate and of a smooth network `SMOOTH_STEPS` times; and of each step of descent.
    """
    spec, network = layers.networks[name], layers.architectures[name]
    longest = max(layers.tiny, default=None)
    # how long each start that also descends is followed; the other tiny ones are followed at one tolerance
    ends = [float(spec.end_time)] * len(layers.starts)
    if longest is not None:
        ends.append(float(spec.end_time) * growth_time(float(longest), network.depth))
    runs = len(ends) * (len(layers.tolerances) + len(layers.steps)) + max(0, len(layers.tiny) - 1)
    steps = sum(end / float(step) for end in ends for step in layers.steps)
    places = prod(network.image) if network.image else 1
    gates = _gates(network)
    products = runs * (gates + SMOOTH_STEPS) * network.size**2 + steps * network.samples * network.size * places
    return Load(spec.trials * runs, spec.trials * runs * gates, ceil(spec.trials * products))


def _gates(network: Architecture) -> int:
    """Units, of every sample, whose slope jumps at 0."""
    if network.activation not in ("relu", "leaky_relu"):
        return 0
    places = [prod(image) for image in network.places[1:]] if network.image else [1] * (network.depth - 1)
    return network.samples * sum(width * count for width, count in zip(network.widths[1:-1], places, strict=True))


def factorisation_load(block: FactorisationBlock) -> Load:
    """Of every trial with each of the decays."""
    runs = len(block.decays) * block.trials
    size = (block.rows + block.columns) * len(block.values)
    return Load(runs, runs * size, runs * block.steps * block.rows * block.columns * len(block.values))


def rank_one_load(block: RankOneBlock) -> Load:
    """Of every trial, each step with each start."""
    runs = len(block.steps) * (len(block.starts) + len(block.imbalances)) * block.trials
    size = block.rows + block.columns
    return Load(runs, runs * size, runs * block.iterations * size)


@cache
def _size_of_program(entry: str) -> tuple[int, int]:
    spec = program_spec(json.loads(entry))
    if isinstance(spec, RandomProgram):
        m, n = spec.size
        return m, n
    try:
        m, n = spec.program(0).A.shape
    except (ProblemError, OSError):
        return NO_SIZE
    return m, n


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


def kink_load(exponents: Sequence[int], accuracies: int) -> Load:
    """Of so many accuracies on each kink: what grows with its exponent are the digits of two unknowns."""
    return Load(len(exponents) * accuracies, 2 * sum(exponents) * accuracies, 0)


def curve_points(points: int) -> Load:
    """Of so many points of a predicted curve, none of them a cell."""
    return Load(0, points, 0)
