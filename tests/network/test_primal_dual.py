"""The primal-dual start: the same limit as Newton's to rounding, in few factorisations, and honest where it fails."""

import numpy as np
import pytest

from dlnflow.network.limit import limit
from dlnflow.network.network import Network
from dlnflow.network.plus_minus import Sides
from dlnflow.network.primal_dual import MOST_FACTORISATIONS, primal_dual
from dlnflow.network.unique_feasible import only_solution
from dlnflow.problems.ensembles import gaussian
from dlnflow.problems.problem import LINE, PLANE, RANDOM, Problem, kink
from dlnflow.results import Status

DEPTHS = ["2", "2.05", "2.5", "3", "4", "10"]


def nonnegative(problem):
    x0 = np.abs(problem.x0)
    return Problem(problem.A, problem.A @ x0, True, x0=x0)


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("scale", ["0.1", "1e-8"])
def test_sides_and_distances_are_inverse_and_the_network_is_their_difference(depth, scale):
    network = Network(depth, scale)
    maps = Sides(network)
    z = np.linspace(-0.9, 0.9, 7) * maps.bound
    p, q = maps.sides(maps.bound - z), maps.sides(maps.bound + z)
    # one exponential of arguments to 20 k, k = 41 at depth 2.05
    np.testing.assert_allclose(p - q, network.primal(z), rtol=1e-11, atol=1e-14 * float(p.max()))
    np.testing.assert_allclose(maps.distances(p), maps.bound - z, rtol=1e-13)
    np.testing.assert_allclose(
        maps.weights(p, maps.bound - z) + maps.weights(q, maps.bound + z), network.slope(z), rtol=1e-11
    )


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("scale", ["1", "0.01", "1e-8"])
@pytest.mark.parametrize("sign", ["signed", "nonnegative"])
def test_the_radius_holds_the_limit(depth, scale, sign):
    for sparsity in (1, 8, 20):
        problem = gaussian(5, 20, 50, sparsity)
        problem = problem if sign == "signed" else nonnegative(problem)
        found = primal_dual(problem, Network(depth, scale, problem.nonnegative), 1e-10)
        assert found.converged
        assert found.residual <= 1e-10 * np.linalg.norm(problem.y)
        best = limit(problem, depth, scale)
        assert np.linalg.norm(found.x - best.x) <= found.radius + best.radius


@pytest.mark.parametrize("depth", ["2", "2.5", "3", "4"])
def test_the_radius_holds_the_limit_at_tiny_scales_too(depth):
    # the old factorisation of a last step once made it a fiftieth of the error, in one of twenty-five such limits
    for trial in range(25):
        problem = gaussian(11, 10, 20, 3, trial)
        found = primal_dual(problem, Network(depth, "1e-16"), 1e-10)
        best = limit(problem, depth, "1e-16")
        assert not found.converged or np.linalg.norm(found.x - best.x) <= found.radius + best.radius


@pytest.mark.parametrize("problem", [LINE, PLANE, RANDOM, kink("0.01"), kink("0")])
@pytest.mark.parametrize("depth", DEPTHS)
def test_small_and_degenerate_problems_converge(problem, depth):
    for scale in ("1", "1e-4", "1e-9"):
        assert primal_dual(problem, Network(depth, scale), 1e-10).converged


def test_the_work_is_about_ten_factorisations_and_not_a_ladder():
    work = {"2": [], "3": [], "4": []}
    for depth, counts in work.items():
        for trial in range(8):
            for sparsity in (5, 20, 50):
                problem = gaussian(9, 50, 100, sparsity, trial)
                counts.append(primal_dual(problem, Network(depth, "1e-4"), 1e-10).factorisations)
    # measured: means 12, 9 and 9, maxima 19, 14 and 14; Newton's method along decades takes about 40
    assert max(max(counts) for counts in work.values()) <= 25
    assert [np.mean(counts) < bound for counts, bound in zip(work.values(), (15, 12, 12), strict=True)] == [True] * 3


def test_a_breakdown_says_so():
    # eps^(1/k) = 4e-7 at depth 10: weights spread over 24 decades, beyond Cholesky
    found = primal_dual(gaussian(1, 195, 200, 156, 324), Network(10, "1e-8"), 1e-10)
    assert not found.converged
    assert found.radius == np.inf
    assert found.factorisations <= MOST_FACTORISATIONS + 1
    assert limit(gaussian(1, 195, 200, 156, 324), 10, "1e-8", quick=True).status == Status.CONVERGED


def test_the_only_solution_is_found_below_its_threshold_and_never_above():
    # Donoho and Tanner: one solution alone for s < 2m - n, with a transition of width sqrt(n)
    for sparsity, alone in ((10, True), (25, True), (75, False)):
        for trial in range(5):
            problem = nonnegative(gaussian(3, 75, 100, sparsity, trial))
            found = only_solution(problem)
            assert (found is not None) is alone
            if found:
                x, radius = found
                assert np.linalg.norm(x - problem.x0) <= radius < 1e-12


def test_the_only_solution_is_every_limit():
    problem = nonnegative(gaussian(3, 75, 100, 20))
    for depth in ("2", "3"):
        for quick in (True, False):
            found = limit(problem, depth, "1e-3", quick)
            assert found.status == Status.CONVERGED
            assert np.linalg.norm(found.x - problem.x0) <= found.radius < 1e-12


def test_a_solution_with_company_is_not_alone():
    assert only_solution(Problem([[1, 1, 1]], [1], True)) is None
    # the face x1 + x2 = 1, x3 = 0: forced, and yet not alone
    assert only_solution(Problem([[1, 1, 0], [0, 0, 1]], [1, 0], True)) is None


def test_a_single_point_of_the_simplex_is_alone():
    x, radius = only_solution(Problem([[1, 2, 3], [1, 1, 1]], [1, 1], True))
    np.testing.assert_allclose(x, [1, 0, 0], atol=radius)
