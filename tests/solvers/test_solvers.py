"""Every solver against the exact minimiser, and its claims against what it found."""

import subprocess
import sys

import numpy as np
import pytest
from places import ROOT

from dlnflow.minimisers.basis_pursuit import basis_pursuit
from dlnflow.problems.ensembles import planted
from dlnflow.problems.optimality import check_optimality
from dlnflow.problems.problem import LINE, RANDOM, Problem
from dlnflow.results import Status
from dlnflow.solvers import cones, names, run
from dlnflow.solvers.answer import Answer
from dlnflow.solvers.names import PACKAGES, check_solvers
from dlnflow.solvers.run import solve

TOLERANCE = {
    "exact": 1e-15,  # rounding to float64
    "highs-ds": 1e-12,  # a vertex, so rounding times its conditioning, 1e3 here; its tolerances only choose it
    "highs-ipm": 1e-12,  # the same, by crossover
    "lars": 1e-11,  # the same; its nu is the residual over the penalty at the last kink, both small
    "clarabel": 1e-11,  # 1e-12 on gap and residuals, in the units of y, and a vertex some times as far
    "piqp": 1e-11,  # the same
    "scs": 1e-11,  # the same
    "osqp": 1e-7,  # 1e-8 on them
    # 1e-10 on the residual, but its Newton steps on ||x||_1 may pass the norm sought by what they are good to: the
    # accuracy of the lasso behind a step, dec_tol. Seen: 1e-10 with one processor's kernels, 1e-8 with another's
    "spgl1": 1e-6,
    "linprog-ds": 1e-12,  # as for highs-ds
    "linprog-ds-no-presolve": 1e-12,
    "linprog-ipm": 1e-8,  # HiGHS's ipm_optimality_tolerance by default, where crossover has a degenerate vertex to find
    "linprog-ipm-no-presolve": 1e-8,
}
FEASIBLE = TOLERANCE | {"spgl1": 1e-9}
WITH_DUAL = [name for name in PACKAGES if name != "spgl1"]
PROBLEMS = {
    "random": RANDOM,
    "gaussian": planted("gaussian", 1, 20, 40, 4),
    "rademacher": planted("rademacher", 1, 40, 80, 6),
    "dct": planted("dct", 1, 30, 64, 5),
    "nonnegative": planted("gaussian", 1, 20, 40, 4, signal="nonnegative"),
}
# x0 is not the minimiser, which has as many nonzeros as there are rows
UNRECOVERED = {
    "unrecovered": planted("gaussian", 1, 30, 60, 20),
    "unrecovered, nonnegative": planted("gaussian", 2, 30, 60, 24, signal="nonnegative"),
}
# solved by hand: as many rows as nonzeros, so x and nu are read off the first two columns
BY_HAND = [
    (Problem([[1, 0, "1/2"], [0, 1, "1/4"]], [1, -2]), [1, -2, 0], [1, -1, 0.25]),
    (Problem([[1, 0, -2], [0, 1, -1]], [1, 2], nonnegative=True), [1, 2, 0], [1, 1, -3]),
]
EXACT = {label: basis_pursuit(problem) for label, problem in (PROBLEMS | UNRECOVERED).items()}


@pytest.mark.parametrize("label", PROBLEMS)
@pytest.mark.parametrize("name", PACKAGES)
def test_every_solver_finds_the_minimiser_and_says_so(name, label, capfd):
    problem, tolerance = PROBLEMS[label], TOLERANCE[name]
    answer = solve(problem, name)
    assert answer.status is Status.CONVERGED
    assert answer.said
    assert answer.message == ""
    assert answer.seconds > 0
    assert answer.iterations > 0 or name == "exact"
    assert np.abs(answer.x - EXACT[label].x_float).max() <= tolerance * float(EXACT[label].l1_norm)
    found = check_optimality(problem, answer.x, answer.nu)
    assert found.is_feasible(FEASIBLE[name])
    assert found.l1_norm == pytest.approx(float(EXACT[label].l1_norm), rel=tolerance)
    if answer.nu is not None:
        assert found.is_optimal(tolerance)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("label", UNRECOVERED)
@pytest.mark.parametrize("name", PACKAGES)
def test_where_x0_is_not_recovered_a_dual_tells_a_solution_from_a_claim(name, label):
    problem, exact = UNRECOVERED[label], EXACT[label]
    assert len(exact.support) == problem.measurements
    assert np.abs(exact.x_float - problem.x0).max() > 0.1
    answer = solve(problem, name)
    error = np.abs(answer.x - exact.x_float).max() / float(exact.l1_norm)
    if name == "spgl1":
        # it has no dual to tell, and may have passed the norm sought; its x is feasible, or it says that it is not
        assert answer.status is Status.STALLED or check_optimality(problem, answer.x).is_feasible(1e-9)
    elif name == "osqp":
        assert error <= TOLERANCE[name] or answer.status is Status.STALLED
    else:
        assert answer.status is Status.CONVERGED
        assert check_optimality(problem, answer.x, answer.nu).is_optimal(TOLERANCE[name])
        assert error <= TOLERANCE[name]


@pytest.mark.parametrize("name", WITH_DUAL)
@pytest.mark.parametrize(("problem", "x", "slopes"), BY_HAND)
def test_the_dual_certificate_has_the_signs_of_x_and_a_nonnegative_one_no_lower_bound(name, problem, x, slopes):
    answer = solve(problem, name)
    assert answer.x == pytest.approx(x, abs=10 * TOLERANCE[name])
    assert problem.A.T @ answer.nu == pytest.approx(slopes, abs=10 * TOLERANCE[name])


def test_spgl1_has_no_dual():
    assert solve(RANDOM, "spgl1").nu is None


@pytest.mark.parametrize("name", PACKAGES)
def test_of_many_minimisers_every_solver_finds_one(name):
    answer = solve(LINE, name)
    assert answer.status is Status.CONVERGED
    assert check_optimality(LINE, answer.x).is_feasible(TOLERANCE[name])
    assert np.abs(answer.x).sum() == pytest.approx(3, rel=TOLERANCE[name])


@pytest.mark.parametrize("name", sorted(set(PACKAGES) - {"lars", "spgl1"}))
def test_an_infeasible_problem_fails_with_a_message(name):
    answer = solve(Problem([[1, 1, 1], [1, 2, 3]], [1, -1], nonnegative=True), name)
    assert answer.status is Status.FAILED
    assert answer.x is None
    assert answer.nu is None
    assert "solution" in answer.message


@pytest.mark.parametrize("name", ["lars", "spgl1"])
def test_a_solver_that_knows_no_infeasibility_does_not_claim_a_solution(name):
    answer = solve(Problem([[1, 1, 1], [1, 2, 3]], [1, -1], nonnegative=True), name)
    assert answer.status is Status.STALLED


@pytest.mark.parametrize(
    ("name", "option", "limit", "said"),
    [
        ("clarabel", "max_iter", 4, "MaxIterations"),
        ("piqp", "max_iter", 4, "PIQP_MAX_ITER_REACHED"),
        ("scs", "max_iters", 50, "solved (inaccurate - reached max_iters)"),
        ("osqp", "max_iter", 50, "maximum iterations reached"),
    ],
)
def test_a_solver_at_its_limit_of_iterations_has_stalled_with_the_best_that_it_found(
    name, option, limit, said, monkeypatch
):
    solve_by = cones._solve
    monkeypatch.setattr(
        cones,
        "_solve",
        lambda problem, cvxpy_name, settings, *rest: solve_by(problem, cvxpy_name, settings | {option: limit}, *rest),
    )
    answer = solve(PROBLEMS["gaussian"], name)
    assert (answer.status, answer.said, answer.iterations) == (Status.STALLED, said, limit)
    assert answer.said_gap > 0
    assert np.isfinite(answer.x).all()
    assert answer.nu.shape == (20,)


def test_lars_says_its_warning_instead_of_raising_it():
    # the correlations of two equal columns tie: lars_path drops one, and loses its way
    answer = solve(Problem([[1, 1, 0], [0, 0, 1]], [1, 1]), "lars")
    assert answer.status is Status.STALLED
    assert answer.said == "Regressors in active set degenerate"
    assert "smallest cholesky pivot" in answer.message


def test_lars_does_not_claim_a_path_that_it_never_began():
    answer = solve(Problem(RANDOM.A, RANDOM.y / 2**40), "lars")
    assert answer.status is Status.STALLED
    assert answer.said == "no path: every correlation with y is below 1.2e-7"
    assert answer.nu is None


def test_an_answer_that_is_not_finite_has_failed(monkeypatch):
    broken = Answer(np.array([np.nan, 0.0]), np.zeros(1), Status.CONVERGED, "optimal", 0.0, 1, 0.1)
    monkeypatch.setitem(run.SOLVERS, "scs", lambda problem: broken)
    answer = solve(Problem([[1, 2]], [1]), "scs")
    assert (answer.x, answer.nu, answer.status) == (None, None, Status.FAILED)
    assert answer.message == "the solver left entries of x that are not finite"


def test_every_name_has_a_solver():
    assert list(PACKAGES) == list(run.SOLVERS)
    check_solvers(PACKAGES)


def test_an_unknown_solver_is_refused_with_those_known():
    with pytest.raises(
        ValueError, match=r"^solver 'cplex' is not known, expected one of exact, highs-ds, .*, spgl1, linprog-ds, .*$"
    ):
        check_solvers(["lars", "cplex"])
    with pytest.raises(ValueError, match="solver 'cplex' is not known"):
        solve(RANDOM, "cplex")


def test_a_solver_that_is_not_installed_is_refused_with_the_way_to_get_it(monkeypatch):
    monkeypatch.setattr(names, "find_spec", lambda package: None if package == "sklearn" else object())
    check_solvers(set(PACKAGES) - {"lars"})
    sentence = "solver 'lars' needs the package scikit-learn, which is not installed: pip install 'dlnflow[baselines]'"
    with pytest.raises(ValueError, match="solver 'lars'") as refusal:
        check_solvers(["lars"])
    assert str(refusal.value) == sentence


def python(script, *arguments):
    """What a script prints, in a process of its own where every warning is an error."""
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, *arguments],
        env={"PYTHONPATH": str(ROOT / "src"), "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stderr == ""
    return result.stdout


def test_no_solver_is_imported_before_it_runs():
    heavy = "{'cvxpy', 'sklearn', 'highspy', 'spgl1', 'clarabel', 'piqp', 'scs', 'osqp', 'scipy.sparse'}"
    script = (
        "import sys, dlnflow.solvers.run as r, dlnflow.solvers.names as n; n.check_solvers(n.PACKAGES);"
        f"print(*({heavy} & set(sys.modules)))"
    )
    assert python(script).split() == []


def test_the_solvers_share_a_process_in_any_order():
    # of an order and its reverse, one has any solver before any other
    script = (
        "import hashlib, sys; from dlnflow.problems.problem import RANDOM; from dlnflow.solvers.run import solve\n"
        "for name in sys.argv[1:]: print(name, hashlib.sha256(solve(RANDOM, name).x).hexdigest())"
    )
    forth, back = (python(script, *order).splitlines() for order in (PACKAGES, reversed(PACKAGES)))
    assert [line.split()[0] for line in forth] == list(PACKAGES)
    assert forth == back[::-1]


def test_solving_twice_gives_the_same_bits():
    problem = PROBLEMS["gaussian"]
    for name in PACKAGES:
        first, second = solve(problem, name), solve(problem, name)
        assert first.x.tobytes() == second.x.tobytes()
        assert (first.said, first.said_gap, first.iterations) == (second.said, second.said_gap, second.iterations)
