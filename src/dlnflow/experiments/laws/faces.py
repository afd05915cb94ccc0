"""Faces of minimisers of dimension 2 as rows: the polygon, what each depth selects on it, and limits beside it."""

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.arithmetic.exact import log10_of, parse_number
from dlnflow.experiments.laws.block import LawBlock
from dlnflow.experiments.laws.polygons import Chart, centre, chart, polygon
from dlnflow.files.tables import Row
from dlnflow.kit.attempt import attempt, network_columns
from dlnflow.minimisers.basis_pursuit import Minimiser, basis_pursuit
from dlnflow.minimisers.selection import selected_minimiser
from dlnflow.network.certified_limits import Certifier
from dlnflow.problems.problem import Problem
from dlnflow.results import Status

NO_DEPTH: Row = dict.fromkeys(("depth", "exact_depth"))
NO_SCALE: Row = dict.fromkeys(("scale", "log10_scale"))


def face_rows(
    grid: str,
    block: LawBlock,
    seed: int,
    drawn: int,
    depths: Sequence[str],
    scales: Sequence[str],
    followed: Sequence[str],
) -> Iterator[Row]:
    """The rows of `face_tables.FACES`: of the first trials of the block whose minimisers form a polygon.

    drawn: how many of them at most.  depths: of the selected points.  followed: the depths whose limits are computed,
    at each of the scales.
    """
    for trial, problem, minimiser in islice(_polygonal(block, seed), drawn):
        for row in rows_of_face(problem, minimiser, depths, scales, followed):
            yield block.key(grid, trial) | row


def _polygonal(block: LawBlock, seed: int) -> Iterator[tuple[int, Problem, Minimiser]]:
    for trial, problem in block.instances(seed):
        minimiser = basis_pursuit(problem)
        if len(minimiser.kernel) == 2:
            yield trial, problem, minimiser


def rows_of_face(
    problem: Problem, minimiser: Minimiser, depths: Sequence[str], scales: Sequence[str], followed: Sequence[str]
) -> Iterator[Row]:
    """The rows of one face, but for the instance's key."""
    vertices = polygon(minimiser)
    plane = chart(vertices)
    for vertex in vertices:
        yield {"kind": "vertex"} | NO_DEPTH | _point(plane, np.array([float(value) for value in vertex]))
    for depth in depths:
        key = {"kind": "selected", "depth": float(parse_number(depth)), "exact_depth": depth}
        selected, message, _ = attempt(_selected, minimiser, depth)
        yield key | (_point(plane, selected) if selected is not None else NO_SCALE | _failed(message))
    yield {"kind": "centre"} | NO_DEPTH | _point(plane, centre(minimiser, vertices))
    for depth in followed:
        yield from _limits(problem, minimiser, plane, depth, scales)


def _limits(problem: Problem, minimiser: Minimiser, plane: Chart, depth: str, scales: Sequence[str]) -> Iterator[Row]:
    """Limits in balls, for near the face their distance to the selected point cancels."""
    certifier, selected = Certifier(problem, depth), selected_minimiser(minimiser, depth)
    for scale in scales:
        key = {"kind": "limit"} | network_columns(depth, scale)
        limit, message, _ = attempt(certifier.at, scale)
        if limit is None:
            yield key | _failed(message)
            continue
        distance = log10_of(limit.distance(selected))
        yield _point(plane, limit.x_float, limit.status) | key | {"log10_distance": distance}


def _selected(minimiser: Minimiser, depth: str) -> FloatArray:
    return selected_minimiser(minimiser, depth).x_float


def _point(plane: Chart, x: FloatArray, status: Status = Status.CONVERGED) -> Row:
    """The columns of a point; those of a scale are left to limits."""
    return NO_SCALE | {"status": status, "message": "", "place": plane.place(x), "x": x, "log10_distance": None}


def _failed(message: str) -> Row:
    return {"status": Status.FAILED, "message": message, "place": None, "x": None, "log10_distance": None}
