"""The law of linear programs: by closed forms, by the published rate of depth 2, and by certified limits."""

from fractions import Fraction

import flint
import numpy as np
import pytest

from dlnflow import Problem, StandardForm, linear_minimisers, predicted_rate, program_law
from dlnflow.experiments.linear_programs.block import ProgramBlock
from dlnflow.experiments.linear_programs.rows import Follower, cell_rows, law_of, law_rows, reason
from dlnflow.experiments.linear_programs.tables import MOST_EXPONENT, MOST_RATIO, PROGRAM_CELLS, PROGRAM_LAWS
from dlnflow.problems.problem import LINE, RANDOM, ProblemError
from dlnflow.programs.ensembles import planted_program

F = Fraction


def law(program):
    return program_law(program, linear_minimisers(program))


def vertex_law(program):
    """The law of a nondegenerate vertex in floats, as it is written."""
    best = linear_minimisers(program)
    on, off = list(best.support), sorted(set(range(program.variables)) - set(best.support))
    x, r = best.x_float[on], np.array([float(best.reduced_costs[j]) for j in off])
    Q = np.linalg.solve(program.A[:, on], program.A[:, off])
    i = int(r.argmin())
    size = np.exp(Q[:, i] @ np.log(x))
    return r[i], size * np.sqrt(1 + Q[:, i] @ Q[:, i])


def test_a_vertex_has_the_law_that_is_written():
    for trial in range(5):
        program = planted_program("vertex", 1, 4, 9, trial)
        exponent, constant = vertex_law(program)
        found = law(program)
        assert float(found.rate.exponent) == pytest.approx(exponent, rel=1e-13)  # sums of a few products
        assert found.rate.constant == pytest.approx(constant, rel=1e-11)  # a power of numbers near 1/4 to 5/4


def test_a_segment_in_closed_form():
    # min x_3 on x_1 + x_2 + x_3 = 1: x_3 = z/(2 + z), z = e^(-1/lam), x_1 = x_2
    found = law(StandardForm([[1, 1, 1]], [1], [0, 0, 1]))
    assert (found.rate.exponent, found.next_exponent, found.is_exact) == (1, 1, False)
    assert found.rate.constant == pytest.approx(np.sqrt(3 / 8), rel=1e-15)


def test_ties_of_reduced_costs_add_up():
    # min x_2 + x_3 on x_1 + x_2 + x_3 = 1: x_2 = x_3 = z/(1 + 2 z)
    found = law(StandardForm([[1, 1, 1]], [1], [0, 1, 1]))
    assert (found.rate.exponent, found.rate.constant) == (1, pytest.approx(np.sqrt(1 + 1 + 4), rel=1e-15))


@pytest.mark.parametrize("problem", [LINE, RANDOM])
def test_with_equal_costs_it_is_the_rate_of_depth_two(problem):
    A = [[*row, *(-entry for entry in row)] for row in problem.rational_A]
    found = law(StandardForm(A, problem.rational_y, [1] * (2 * problem.features)))
    rate = predicted_rate(Problem(A, problem.rational_y, nonnegative=True), 2)
    assert (found.rate.exponent, found.rate.rho) == (rate.exponent, rate.rho)
    with flint.ctx.workprec(128):
        assert found.rate.constant_ball.overlaps(rate.constant_ball)


def test_costs_scale_exponents_and_shifts_by_rows_change_nothing():
    program = planted_program("degenerate", 1, 4, 12, 2)
    first = law(program)
    doubled = law(program.with_costs(2 * program.c))
    assert (doubled.rate.exponent, doubled.next_exponent) == (2 * first.rate.exponent, 2 * first.next_exponent)
    moved = law(program.with_costs([c + sum(column) for c, column in zip(
        program.rational_c, zip(*program.rational_A, strict=True), strict=True)]))  # fmt: skip
    assert (moved.rate.exponent, moved.next_exponent) == (first.rate.exponent, first.next_exponent)
    with flint.ctx.workprec(128):
        assert doubled.rate.constant_ball.overlaps(first.rate.constant_ball)
        assert moved.rate.constant_ball.overlaps(first.rate.constant_ball)


def test_where_every_point_is_a_minimiser_there_is_no_error():
    program = StandardForm([[1, 2, 3]], [1], [1, 2, 3])
    found = law(program)
    assert (found.is_exact, found.next_exponent, found.rate.constant) == (True, None, 0.0)
    follower = Follower(program)
    assert follower.at(F(50)).error.contains(0)
    row = law_of(program, 2**10)
    assert (row["meets"], row["reason"]) == (False, "zero_constant")


def test_without_a_choice_there_is_no_law():
    with pytest.raises(ProblemError, match="is a point"):
        law(StandardForm([[1, 0], [0, 1]], [1, 1], [1, 1]))
    with pytest.raises(ProblemError, match="b is zero"):
        law(StandardForm([[1, 1, -1]], [0], [1, 1, 1]))


@pytest.mark.parametrize("family", ["vertex", "degenerate", "face", "balanced", "pursuit"])
def test_measured_laws_meet_their_predictions(family):
    rows = list(law_rows("grid", ProgramBlock(family, 4, 12, (0, 1, 2)), 7, 2**16))
    assert all(set(row) == set(PROGRAM_LAWS.names) for row in rows)
    for row in rows:
        assert row["meets"], row
        assert abs(row["ratio_off"]) < MOST_RATIO
        assert abs(row["measured_exponent"] - row["exponent"]) < MOST_EXPONENT
        # what is left is the next order and nothing else: its own second order is its square
        assert abs(row["ratio_off"]) <= 10 * row["next_term"] + 1e-18
        assert row["is_regular"] == (family == "vertex")
        assert row["is_sum_constant"] == (family not in ("face",))
        assert row["highs_status"] == "kOptimal"
    assert law_rows("grid", ProgramBlock(family, 4, 12, (1,)), 7, 2**16).__next__() == rows[1]


def test_an_instance_that_does_not_get_far_enough_says_so():
    (row,) = law_rows("grid", ProgramBlock("vertex", 5, 10, (2,)), 7, 16)
    assert (row["meets"], row["reason"], row["last_inverse_lam"]) == (False, "next_order_large", 16)
    assert row["is_regular"] is False
    (row,) = law_rows("grid", ProgramBlock("vertex", 5, 5, (0,)), 7, 16)
    assert (row["status"], row["reason"]) == ("failed", "failed")
    assert "plants 5 columns" in row["message"]
    assert reason(row | {"log10_constant": 0.0, "status": "unresolved"}) == "unproved"
    assert reason(row | {"log10_constant": 0.0, "status": "converged", "is_settled": True}) == "unexplained"


def test_cells_hold_both_engines_beside_the_law():
    program = planted_program("face", 1, 4, 10)
    rows = list(cell_rows("face", program, [8, 64, 256]))
    assert all(set(row) == set(PROGRAM_CELLS.names) for row in rows)
    assert [row["status"] for row in rows] == ["converged"] * 3
    assert rows[-1]["ratio_off"] == pytest.approx(0, abs=1e-12)
    assert rows[-1]["log10_error"] == pytest.approx(rows[-1]["log10_predicted"], abs=1e-12)
    first, last = rows[0], rows[-1]
    assert first["log10_float_error"] == pytest.approx(first["log10_error"], abs=1e-10)
    # float64 ends at its rounding, and knows it
    assert last["log10_float_error"] == pytest.approx(last["log10_float_off"], abs=1e-6)
    assert -15 < last["log10_float_off"] <= last["log10_float_radius"] < -10
    # c.x - min >= e.(mass off T), so that both fall alike
    assert last["log10_gap"] == pytest.approx(last["log10_error"], abs=2)
    assert next(iter(cell_rows("face", program, [64]))) == rows[1]


def test_a_program_without_a_law_is_rows_that_say_so():
    rows = list(cell_rows("point", StandardForm([[1, 0], [0, 1]], [1, 1], [1, 1]), [8, 16]))
    assert [row["status"] for row in rows] == ["failed", "failed"]
    assert all("is a point" in row["message"] for row in rows)
