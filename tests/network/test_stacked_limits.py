"""Limits of many small problems at once: the same limits, each to the last bit whatever is solved with it."""

from dataclasses import astuple
from fractions import Fraction
from itertools import chain

import numpy as np
import pytest

from dlnflow.experiments.recovery.block import RecoveryBlock
from dlnflow.experiments.recovery.limits import limit_rows
from dlnflow.network.limit import limit
from dlnflow.network.network import Network
from dlnflow.network.stacked_limits import MOST_ENTRIES, is_stacked, quick_limits, stacked
from dlnflow.problems.ensembles import gaussian
from dlnflow.problems.problem import LINE, PLANE, RANDOM, Problem, kink
from dlnflow.results import Status

SIZES = ((1, 2), (3, 40), (10, 20), (19, 20))


def instances(m, n, number):
    return [gaussian(17, m, n, 1 + trial % m, trial) for trial in range(number)]


def singular():
    """10 x 20, and with A A^T singular in float64 though A has full rank."""
    A = gaussian(17, 10, 20, 1).A.copy()
    A[:, 0] = 0
    A[1] = A[0]
    A[1, 0] = 2.0**-27  # its square is below the rounding of the sum of the others', about 2
    return Problem(A, A.sum(axis=1))


def same_bits(found, other):
    assert len(found) == len(other)
    for limits in zip(found, other, strict=True):
        for one, two in zip(*map(astuple, limits), strict=True):
            np.testing.assert_array_equal(one, two)


def rows_of(block, scales=("1e-2", "1e-6")):
    return [row for row, _ in limit_rows("g", block, 1, "3", scales)]


def block(trials, undersampling=(Fraction(1, 10), Fraction(1, 2))):
    cells = tuple((delta, rho) for delta in undersampling for rho in (Fraction(1, 10), Fraction(1, 2)))
    return RecoveryBlock("gaussian", "signed", 120, cells, False, tuple(trials), True)


def same_rows(rows, other):
    assert len(rows) == len(other)
    for one, two in zip(rows, other, strict=True):
        assert {**one, "x": None} == {**two, "x": None}
        np.testing.assert_array_equal(one["x"], two["x"])


@pytest.mark.parametrize("depth", ["2", "2.5", "3", "4"])
@pytest.mark.parametrize("scale", ["1e-2", "1e-4", "1e-8"])
def test_the_limits_are_those_of_one_problem_at_a_time(depth, scale):
    for m, n in SIZES:
        problems = instances(m, n, 8)
        assert None not in stacked(problems, Network(depth, scale), 1e-10)
        for problem, found in zip(problems, quick_limits(problems, depth, scale), strict=True):
            assert (found.status, found.engine, found.precision) == (Status.CONVERGED, "float64", 53)
            assert found.residual <= 1e-10 * np.linalg.norm(problem.y)
            best = limit(problem, depth, scale)
            assert np.linalg.norm(found.x - best.x) <= found.radius + best.radius
            # x is that of nu, to the rounding of A^T nu that the radius holds
            again = Network(depth, scale).primal(problem.A.T @ found.nu)
            assert np.linalg.norm(found.x - again) <= found.radius


@pytest.mark.parametrize("depth", ["2", "2.05", "10"])
def test_degenerate_problems_too(depth):
    problems = [LINE, PLANE, RANDOM, kink("0.01"), kink("0")]
    for scale in ("1", "1e-9"):
        for problem, found in zip(problems, quick_limits(problems, depth, scale), strict=True):
            best = limit(problem, depth, scale)
            assert np.linalg.norm(found.x - best.x) <= found.radius + best.radius


def test_no_bit_depends_on_what_else_is_solved():
    problems = instances(10, 20, 12) + instances(1, 2, 5) + instances(3, 40, 4)
    problems[4:4] = [singular()]
    for depth, scale in (("2", "1e-6"), ("3", "1e-4")):
        together = quick_limits(problems, depth, scale)
        for size in (1, 2, 7):
            parts = [quick_limits(problems[i : i + size], depth, scale) for i in range(0, len(problems), size)]
            same_bits([*chain(*parts)], together)
        same_bits(quick_limits(problems[::-1], depth, scale)[::-1], together)


def test_what_a_stack_does_not_solve_is_solved_alone():
    problems = [*instances(10, 20, 3), singular()]
    assert [found is None for found in stacked(problems, Network(3, "1e-4"), 1e-10)] == [False] * 3 + [True]
    found = quick_limits(problems, 3, "1e-4")
    same_bits(found[3:], [limit(problems[3], 3, "1e-4", quick=True)])
    assert found[3].status == Status.CONVERGED


def test_large_and_nonnegative_problems_and_scales_beyond_float64_are_solved_as_before():
    large, small = gaussian(17, 60, 120, 6), gaussian(17, 10, 20, 1)
    nonnegative = Problem(small.A, small.A @ np.abs(small.x0), True)
    assert large.A.size > MOST_ENTRIES
    assert [is_stacked(problem) for problem in (large, small, nonnegative)] == [False, True, False]
    problems = [large, nonnegative, small]
    same_bits(quick_limits(problems, 3, "1e-4")[:2], [limit(problem, 3, "1e-4", True) for problem in problems[:2]])
    same_bits(quick_limits([small], 3, "1e-30"), [limit(small, 3, "1e-30", True)])


def test_no_problems_are_no_limits_and_what_is_no_network_is_refused():
    assert quick_limits([], 3, "1e-4") == []
    for depth, scale in ((1, "1e-4"), (3, 2)):
        with pytest.raises(ValueError, match="expected"):
            quick_limits([], depth, scale)


# rows of recovery: small instances in stacks, large ones one at a time


def test_the_rows_are_the_same_whatever_the_blocks():
    whole = rows_of(block(range(5)))
    assert {row["measurements"] * 120 <= MOST_ENTRIES for row in whole} == {True, False}
    assert [(row["trial"], row["scale"]) for row in whole[:3]] == [(0, "1e-2"), (0, "1e-6"), (1, "1e-2")]
    parts = [
        rows_of(block(trials, (delta,)))
        for delta in (Fraction(1, 10), Fraction(1, 2))
        for trials in ((0, 1), (2, 3, 4))
    ]
    place = ("undersampling", "sparsity", "trial", "scale")
    both = [sorted(rows, key=lambda row: [row[name] for name in place]) for rows in (whole, chain(*parts))]
    same_rows(*both)


def test_an_instance_that_fails_is_a_failed_row_alone(monkeypatch):
    before = rows_of(block(range(3)), ["1e-4"])

    def brittle(problems, depth, scale):
        if any(problem.A[0, 0] == bad for problem in problems):
            raise ArithmeticError("no limit")
        return quick_limits(problems, depth, scale)

    bad = next(iter(block(range(3)).instances(1))).problem.A[0, 0]
    monkeypatch.setattr("dlnflow.experiments.recovery.limits.quick_limits", brittle)
    first, *others = rows_of(block(range(3)), ["1e-4"])
    assert (first["status"], first["message"]) == (Status.FAILED, "ArithmeticError: no limit")
    same_rows(others, before[1:])
