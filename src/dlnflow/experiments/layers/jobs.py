"""What the jobs of layers are told of the config: their files, their options, their loads."""

from functools import partial
from math import ceil, prod
from typing import Any

from dlnflow.experiments.layers.config import Layers
from dlnflow.experiments.layers.factorisation_block import FactorisationBlock, RankOneBlock
from dlnflow.kit.load import Load
from dlnflow.layers.architecture import Architecture
from dlnflow.layers.starts import growth_time

SMOOTH_STEPS = 100
"""Of an integrator along a flow without gates, about."""


def measured(config: Any, w: Any) -> dict[str, Any]:
    """What measure_layers is told."""
    layers: Layers = config.layers
    spec = layers.networks[w.network]
    return {
        "name": w.network,
        "network": layers.architectures[w.network],
        "seed": config.seed,
        "trials": spec.trials,
        "named": layers.starts,
        "tiny": layers.tiny,
        "end_time": spec.end_time,
        "tolerances": layers.tolerances,
        "steps": layers.steps,
        "gate_width": layers.gate_width,
    }


def factorisation(config: Any, w: Any) -> dict[str, Any]:
    """What measure_factorisation is told."""
    return {"block": config.layers.factorisation.blocks[f"constant-{w.constant}"], "seed": config.seed}


def rank_one(config: Any, w: Any) -> dict[str, Any]:
    """What measure_rank_one is told."""
    return {"block": config.layers.rank_one.blocks[w.kind], "seed": config.seed}


def _network_files(kind: str, config: Any) -> list[str]:
    return [f"results/layers/networks/{kind}/{network}.parquet" for network in config.layers.networks]


def _block_files(part: str, kind: str, config: Any) -> list[str]:
    grid = getattr(config.layers, part.replace("-", "_"))
    return [f"results/layers/{part}/{kind}/{block}.parquet" for block in (grid.blocks if grid else ())]


drifts, courses, starts = (partial(_network_files, kind) for kind in ("drifts", "courses", "starts"))
"""What the jobs of every network write."""
factorisations, samples = (partial(_block_files, "factorisation", kind) for kind in ("factorisations", "samples"))
"""What the jobs of every constant write."""
runs, times, orbits = (partial(_block_files, "rank-one", kind) for kind in ("runs", "times", "orbits"))
"""What the jobs of both kinds of starts write."""


# --- loads -----------------------------------------------------------------------------------------------------------


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


def factorised_load(block: FactorisationBlock) -> Load:
    """Of every trial with each of the decays."""
    runs = len(block.decays) * block.trials
    size = (block.rows + block.columns) * len(block.values)
    return Load(runs, runs * size, runs * block.steps * block.rows * block.columns * len(block.values))


def descents_load(block: RankOneBlock) -> Load:
    """Of every trial, each step with each start."""
    runs = len(block.steps) * (len(block.starts) + len(block.imbalances)) * block.trials
    size = block.rows + block.columns
    return Load(runs, runs * size, runs * block.iterations * size)


def measured_load(config: Any, w: Any) -> Load:
    """Of measure_layers."""
    return layers_load(config.layers, w.network)


def factorisation_load(config: Any, w: Any) -> Load:
    """Of measure_factorisation."""
    return factorised_load(config.layers.factorisation.blocks[f"constant-{w.constant}"])


def rank_one_load(config: Any, w: Any) -> Load:
    """Of measure_rank_one."""
    return descents_load(config.layers.rank_one.blocks[w.kind])
