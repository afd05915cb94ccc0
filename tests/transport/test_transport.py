"""Transport by the network: Newton's method on Sinkhorn's dual, exact optima, and the laws of its value."""

from fractions import Fraction
from itertools import permutations
from math import exp, log

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.special import logsumexp

from dlnflow.arithmetic.arrays import ProblemError
from dlnflow.experiments.linear_programs.transport import optimum_of, plan_rows, value_rows
from dlnflow.minimisers.linear_programs import linear_minimisers
from dlnflow.programs.certified_limit import certified_entropic_limit
from dlnflow.programs.law import program_law
from dlnflow.results import Status
from dlnflow.solvers.transport import highs, network_simplex, sinkhorn
from dlnflow.transport.clouds_and_pictures import clouds, dyadic_masses, pictures
from dlnflow.transport.exact_optimum import NotOptimalError, dual_bound, excess, optimal_plan
from dlnflow.transport.laplacian import solve_connected, solve_split
from dlnflow.transport.law import least_cycle_mean, value_law
from dlnflow.transport.plan import Transport, as_standard_form, entropic_plan, marginal_errors

SEED = 20260813
"""Of no config."""
SMALL = clouds(SEED, 5, 7).transport


def sinkhorn_by_hand(problem, lam, sweeps):
    """The plan after sweeps in logarithms, by SciPy's logsumexp alone."""
    K = -problem.cost / lam
    f, g = np.zeros(len(problem.r)), np.zeros(len(problem.s))
    for _ in range(sweeps):
        f = np.log(problem.r) - logsumexp(K + g, axis=1)
        g = np.log(problem.s) - logsumexp(K + f[:, None], axis=0)
    return np.exp(K + f[:, None] + g)


# --- the plan


@pytest.mark.parametrize(("n1", "n2"), [(5, 7), (9, 4), (6, 6)])
def test_the_plan_is_sinkhorns(n1, n2):
    problem = clouds(SEED, n1, n2).transport
    found = entropic_plan(problem, 0.3, tol=1e-13, rtol=1e-10)
    assert found.status == Status.CONVERGED
    # at this lam a sweep leaves less than half of the error
    np.testing.assert_allclose(found.plan, sinkhorn_by_hand(problem, 0.3, 60), rtol=1e-9)
    np.testing.assert_allclose(np.exp(found.log_plan_shift - problem.cost / 0.3), found.plan, rtol=1e-12)


@pytest.mark.parametrize("lam", ["1e-1", "1e-2", "1e-3"])
def test_the_plan_lies_in_the_balls_of_the_certified_limit(lam):
    found = entropic_plan(SMALL, float(lam), tol=1e-13, rtol=1e-9)
    balls = certified_entropic_limit(as_standard_form(SMALL.cost, SMALL.r, SMALL.s), lam)
    exact = balls.x_float.reshape(SMALL.cost.shape)
    # the radius is an estimate of the relative error of every entry; entries reach 1e-100 here
    np.testing.assert_allclose(found.plan, exact, rtol=max(2 * found.radius, 1e-9))
    assert found.plan.min() < {"1e-1": 1, "1e-2": 1e-10, "1e-3": 1e-100}[lam]


def test_200_points_at_a_hundredth_of_the_largest_cost_have_marginals_to_1e_9():
    problem = clouds(SEED, 200, 200).transport
    found = entropic_plan(problem, 1e-2 * problem.cost.max(), tol=1e-9)
    assert found.status == Status.CONVERGED
    assert np.abs(marginal_errors(problem, found.plan)).sum() <= 1e-9
    assert found.iterations < 60  # a Newton's method: Sinkhorn takes hundreds of sweeps


def test_both_sides_give_one_plan():
    there, back = (entropic_plan(problem, 0.01, 1e-13, 1e-10) for problem in (SMALL, SMALL.swapped))
    np.testing.assert_allclose(there.plan, back.plan.T, rtol=1e-9)
    np.testing.assert_array_equal(there.f, back.g)


def test_a_constant_cost_gives_the_product_of_the_marginals():
    problem = Transport(np.ones((3, 4)), [1, 2, 1], [1, 1, 1, 1])
    np.testing.assert_allclose(entropic_plan(problem, 0.01).plan, np.outer([1, 2, 1], np.full(4, 0.25)), rtol=1e-14)


def test_an_assignment_keeps_its_digits_far_below_rounding():
    # of [[0, a], [b, 0]] with masses 1/2 the entries off the diagonal are q: q^2/(1/2 - q)^2 = exp(-(a + b)/lam)
    problem = Transport([[0, 1], [0.5, 0]], [0.5, 0.5], [0.5, 0.5])
    for lam in (0.1, 0.02, 0.005):
        root = exp(-0.75 / lam)
        found = entropic_plan(problem, lam, tol=1e-14, rtol=1e-9)
        assert found.status == Status.CONVERGED
        q = 0.5 * root / (1 + root)
        # C/lam is rounded at 1e-16 * 200
        np.testing.assert_allclose([found.plan[0, 1], found.plan[1, 0]], q, rtol=1e-11)


def test_where_what_connects_the_points_underflows_the_status_says_so():
    problem = Transport([[0, 1], [1, 0]], [0.5, 0.5], [0.5, 0.5])
    found = entropic_plan(problem, 1e-4, rtol=1e-6)
    assert found.status == Status.OUT_OF_FLOAT64
    assert found.radius == np.inf


@pytest.mark.parametrize(
    ("cost", "r", "s", "message"),
    [
        ([[1, 2]], [1], [1, 1, 1], "cost has shape (1, 2), expected (1, 3)"),
        ([[1, 2], [3, 4]], [1, 1], [1, 2], "r sums to 2 and s to 3, expected equal masses"),
        ([[1, 2], [3, 4]], [0, 2], [1, 1], "r holds 0, expected masses above 0"),
        ([[1, 2]], [2], [1, 1], "expected at least 2 points on each side"),
        ([[1, float("nan")], [3, 4]], [1, 1], [1, 1], "nan"),
    ],
)
def test_what_is_no_transport_problem_is_refused_in_one_sentence(cost, r, s, message):
    with pytest.raises(ProblemError) as error:
        Transport(cost, r, s)
    assert message in str(error.value)


@pytest.mark.parametrize("name", ["lam", "tol", "rtol"])
def test_what_is_not_above_0_is_refused(name):
    with pytest.raises(ValueError, match=f"{name} is 0.0, expected a number above 0"):
        entropic_plan(SMALL, **{"lam": 1.0, name: 0.0})
    with pytest.raises(ValueError, match="leave float64 over it"):
        entropic_plan(SMALL, 1e-310)


def test_the_standard_form_has_independent_rows_and_the_same_least_value():
    program = as_standard_form(SMALL.cost, SMALL.r, SMALL.s)
    assert program.rank == program.constraints == 11
    assert linear_minimisers(program).value == optimum_of(SMALL).value


# --- Laplacians


def dense_laplacian(weights):
    return np.diag(weights.sum(axis=1)) - weights


def test_both_solvers_solve_a_laplacian():
    rng = np.random.default_rng(SEED)
    weights = np.triu(rng.random((8, 8)), 1)
    weights += weights.T
    flows, sources = rng.random((8, 8)), np.zeros(8)
    sources[:2] = 1, -1
    b = sources + flows.sum(axis=1) - flows.sum(axis=0)
    for z in (solve_connected(weights, b, 1e-12), solve_split(weights, flows, sources)):
        np.testing.assert_allclose(dense_laplacian(weights) @ z, b, atol=1e-13)
        assert z[-1] == 0


def test_nearly_separate_parts_keep_what_binds_them():
    # two pairs bound by 1e-40; flows 1 inside the first pair and 1e-40 between the pairs: z = 1/2 and 1 across
    weights, flows = np.zeros((4, 4)), np.zeros((4, 4))
    weights[0, 1] = weights[1, 0] = weights[2, 3] = weights[3, 2] = 1.0
    weights[1, 2] = weights[2, 1] = 1e-40
    flows[0, 1], flows[1, 2] = 0.5, 1e-40
    assert solve_connected(weights, flows.sum(axis=1) - flows.sum(axis=0), 1e-12) is None
    np.testing.assert_allclose(solve_split(weights, flows, np.zeros(4)), [1.5, 1.0, 0.0, 0.0], rtol=1e-15)
    weights[1, 2] = weights[2, 1] = 0.0
    assert solve_split(weights, flows, np.zeros(4)) is None


# --- the exact optimum


@pytest.mark.parametrize(("n1", "n2"), [(4, 6), (12, 9)])
def test_the_optimum_is_that_of_scipys_linprog(n1, n2):
    problem = clouds(SEED, n1, n2, trial=1).transport
    program = as_standard_form(problem.cost, problem.r, problem.s)
    optimum = optimum_of(problem)
    # HiGHS's own tolerance on reduced costs is 1e-7, its vertices are better
    assert float(optimum.value) == pytest.approx(linprog(program.c, A_eq=program.A, b_eq=program.b).fun, abs=1e-9)
    assert (optimum.slack >= 0).all()
    assert (optimum.slack[optimum.support] == 0).all()
    assert optimum.is_tree
    np.testing.assert_allclose(highs(problem).plan, optimum.plan_float, atol=1e-9)


def test_a_plan_that_is_not_optimal_is_refused():
    problem = Transport([[0, 1], [1, 0]], [0.5, 0.5], [0.5, 0.5])
    with pytest.raises(NotOptimalError, match="negative cost"):
        optimal_plan(problem, np.array([[0, 0.5], [0.5, 0]]))
    with pytest.raises(NotOptimalError, match="marginals"):
        optimal_plan(problem, np.array([[0.25, 0.25], [0.5, 0]]))


def test_costs_of_too_many_bits_and_masses_that_differ_are_refused():
    with pytest.raises(ProblemError, match="too many bits"):
        optimal_plan(Transport([[0.1, 1e10], [1, 1e-9]], [1, 1], [1, 1]), np.eye(2))
    with pytest.raises(ProblemError, match="differ as exact numbers"):
        optimal_plan(Transport(np.ones((3, 3)), [0.1, 0.2, 0.7], [0.3, 0.35, 0.35 + 2**-54]), np.eye(3) / 3)


def test_any_potentials_bound_the_optimum_from_below_and_its_own_meet_it():
    optimum = optimum_of(SMALL)
    assert dual_bound(SMALL, optimum.v * float(optimum.cost_unit)) == optimum.value
    plan = entropic_plan(SMALL, 0.01, 1e-12)
    below = dual_bound(SMALL, 0.01 * plan.g)
    assert below < optimum.value < Fraction(float((SMALL.cost * plan.plan).sum()))


def test_the_excess_is_the_value_less_the_optimum():
    optimum = optimum_of(SMALL)
    plan = entropic_plan(SMALL, 0.05, 1e-14, 1e-9).plan
    # both are sums of 35 terms below 1
    assert excess(optimum, plan) == pytest.approx(float((SMALL.cost * plan).sum()) - float(optimum.value), abs=1e-14)


# --- the laws


def test_the_value_of_a_nondegenerate_optimum_falls_as_predicted():
    optimum = optimum_of(SMALL)
    law = value_law(optimum)
    assert law.kind == "tree"
    lam = law.exponent / 30  # exp(-30) is 1e-13: the next order, over masses above 1e-4, is below 1e-9
    found = entropic_plan(SMALL, lam, 1e-12, 1e-9)
    assert law.next_term(lam) < 1e-9
    assert excess(optimum, found.plan) == pytest.approx(exp(law.log_excess(lam)), rel=1e-8)
    assert law.log_excess(lam) == pytest.approx(log(law.constant) - 30, abs=1e-3)


def test_the_value_of_an_assignment_falls_like_the_least_cycle_mean():
    problem = clouds(SEED, 6, 6, "equal", 1).transport
    optimum = optimum_of(problem)
    law = value_law(optimum)
    assert law.kind == "assignment"
    lam = law.exponent / 14
    found = entropic_plan(problem, lam, 1e-14, 1e-9)
    # exp(-14) is 1e-6, and so are the terms of the next cycles here
    assert excess(optimum, found.plan) == pytest.approx(exp(law.log_excess(lam)), rel=1e-4)


def test_the_least_cycle_mean_is_that_of_all_cycles():
    rng = np.random.default_rng(SEED)
    arcs = rng.integers(1, 100, (5, 5))
    means = [
        Fraction(int(sum(arcs[cycle[i], cycle[(i + 1) % k]] for i in range(k))), k)
        for k in range(2, 6)
        for cycle in permutations(range(5), k)
    ]
    assert least_cycle_mean(arcs) == min(means)


def test_the_law_of_an_assignment_has_the_least_mean_over_other_assignments_cycles():
    problem = clouds(SEED, 5, 5, "equal").transport
    optimum = optimum_of(problem)
    partner = optimum.plan.argmax(axis=1)
    units = np.rint(problem.cost / float(optimum.cost_unit)).astype(int)
    means = []
    for cycle in (cycle for length in range(2, 6) for cycle in permutations(range(5), length)):
        following = cycle[1:] + cycle[:1]
        change = sum(units[i, partner[j]] - units[i, partner[i]] for i, j in zip(cycle, following, strict=True))
        means.append(Fraction(int(change), len(cycle)))
    assert value_law(optimum).exponent == pytest.approx(float(min(means) * optimum.cost_unit), rel=1e-15)


@pytest.mark.parametrize(("size", "trial"), [(4, 1), (5, 0), (5, 2), (6, 1), (6, 3)])
def test_the_next_order_of_an_assignment_is_that_of_its_linear_program(size, trial):
    problem = clouds(1, size, size, "equal", trial).transport
    law = value_law(optimum_of(problem))
    program = as_standard_form(problem.cost, problem.r, problem.s)
    known = program_law(program, linear_minimisers(program))  # by two linear programs in rationals
    assert law.exponent == pytest.approx(float(known.rate.exponent), rel=1e-14)
    # the latter is of the plan, where the square of the leading order counts too; rounded down at 40 bits here
    assert min(law.next_exponent, law.exponent) == pytest.approx(float(known.next_exponent), rel=1e-9)


def test_many_optima_have_no_law():
    assert value_law(optimum_of(Transport(np.ones((3, 3)), [0.25, 0.25, 0.5], [0.5, 0.25, 0.25]))) is None


# --- problems and rows


def test_instances_are_functions_of_seed_sizes_and_trial():
    assert (clouds(1, 4, 5).transport.cost == clouds(1, 4, 5).transport.cost).all()
    assert (clouds(1, 4, 5).transport.cost != clouds(1, 4, 5, trial=1).transport.cost).any()
    for masses in (clouds(1, 30, 40).transport, pictures(16, "disc", "ring").transport):
        assert sum(map(Fraction, masses.r.tolist())) == sum(map(Fraction, masses.s.tolist())) == 1
    assert (dyadic_masses(np.array([1e-12, 1.0, 1.0])) > 0).all()


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: clouds(1, 1, 5), "at least 2"),
        (lambda: clouds(1, 4, 5, "equal"), "as many in each"),
        (lambda: clouds(1, 4, 5, "heavy"), "expected one of random, equal"),
        (lambda: pictures(3, "disc", "ring"), "at least 4"),
        (lambda: pictures(8, "disc", "cat"), "expected one of disc"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw, message):
    with pytest.raises(ProblemError, match=message):
        draw()


def test_pot_agrees_and_its_sweeps_are_counted():
    peer = sinkhorn(SMALL, 0.05, 1e-13)
    assert peer.converged
    # its 2-norm of one marginal is 1e-13, and the plan's error that over the least weight, 1e-3
    np.testing.assert_allclose(peer.plan, entropic_plan(SMALL, 0.05, 1e-14, 1e-10).plan, atol=1e-9)
    assert not sinkhorn(SMALL, 1e-3, 1e-13, most_sweeps=20).converged
    assert network_simplex(SMALL).converged


def test_rows_hold_every_lam_and_say_what_failed(monkeypatch):
    placed = clouds(SEED, 5, 7)
    rows = list(value_rows("p", placed, ["1e-1", "1e-4"], 5))
    assert [row["lam"] for row in rows] == ["1e-1", "1e-4"]
    assert all(row["status"] == Status.CONVERGED for row in rows)
    assert rows[1]["log10_excess"] < rows[0]["log10_excess"]
    monkeypatch.setattr("dlnflow.experiments.linear_programs.transport.network_simplex", lambda problem: 1 / 0)
    failed = list(value_rows("p", placed, ["1e-1"], 0))
    assert (failed[0]["status"], failed[0]["message"]) == (Status.FAILED, "ZeroDivisionError: division by zero")


def test_plans_to_draw_end_with_the_optimum():
    placed = clouds(SEED, 5, 7)
    rows = list(plan_rows("p", placed, ["1e-1", "1e-2"], None))
    optimum = [row for row in rows if row["lam"] == "0"]
    assert sum(row["mass"] for row in optimum) == pytest.approx(1, abs=1e-15)
    assert len(optimum) == 11  # a tree on 12 points
    assert {row["source"] for row in rows} == set(range(5))
