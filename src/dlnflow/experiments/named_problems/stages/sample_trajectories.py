"""Sample the flow in time for a block of instances at one depth and a band of scales."""

from dlnflow.experiments.named_problems.cells import trajectory_rows
from dlnflow.experiments.named_problems.tables import TRAJECTORIES
from dlnflow.files.instance_files import read_block
from dlnflow.files.tables import write_rows
from dlnflow.kit.stage import Depth, Inputs, Output, Scales
from dlnflow.network.flow import flow


def sample_trajectories(problem: Inputs, output: Output, *, depth: Depth, scales: Scales) -> None:
    """Sample the flow in time for a block of instances at one depth and a band of scales."""
    write_rows(output, TRAJECTORIES, trajectory_rows(read_block(*problem), depth, scales, flow))
