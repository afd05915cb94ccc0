"""The entropic limit of linear programs, in float64 and in balls, beside closed forms, Sinkhorn and each other."""

from fractions import Fraction
from math import exp, log

import flint
import numpy as np
import pytest

from dlnflow import (
    InfeasibleError,
    Problem,
    StandardForm,
    certified_entropic_limit,
    certified_limit,
    entropic_limit,
    linear_minimisers,
)
from dlnflow.programs.certified_limit import EntropicCertifier
from dlnflow.programs.ensembles import planted_program
from dlnflow.programs.limit import EntropicLadder, rungs
from dlnflow.results import Status

FAMILIES = ("vertex", "degenerate", "face", "balanced", "pursuit")


def sinkhorn(cost, r, s, lam, sweeps=20000):
    """By plain scaling of exp(-C/lam)."""
    kernel = np.exp(-cost / lam)
    v = np.ones(len(s))
    for _ in range(sweeps):
        u = r / (kernel @ v)
        v = s / (kernel.T @ u)
    return u[:, None] * kernel * v


def transport(cost, r, s):
    n1, n2 = cost.shape
    A = np.vstack([np.kron(np.eye(n1), np.ones(n2)), np.kron(np.ones(n1), np.eye(n2))])
    return StandardForm(A, np.concatenate([r, s]), cost.ravel())


@pytest.mark.parametrize("lam", ["10", "1", "1e-1", "1e-2"])
def test_on_a_simplex_the_limit_is_softmax(lam):
    c = np.array([0.0, 0.5, 1.0, -0.25])
    weights = np.exp(-(c - c.min()) / float(lam))
    exact = 3 * weights / weights.sum()
    program = StandardForm([[1, 1, 1, 1]], [3], c)
    found = entropic_limit(program, lam)
    assert found.status == Status.CONVERGED
    # the rounding of c/lam, at most 100, and of its exponential
    assert found.x == pytest.approx(exact, rel=200 * 2.0**-52)
    balls = certified_entropic_limit(program, lam)
    assert balls.x_float == pytest.approx(exact, rel=200 * 2.0**-52)


def test_in_transport_the_limit_is_sinkhorns():
    rng = np.random.default_rng(3)
    cost = rng.integers(0, 16, (3, 4)) / 16
    r, s = np.array([0.25, 0.5, 0.25]), np.array([0.125, 0.375, 0.25, 0.25])
    program = transport(cost, r, s)  # with the row that depends on the others
    assert program.rank == 6
    found = entropic_limit(program, "0.1")
    # Sinkhorn's own end after so many sweeps, by its marginals
    assert found.x.reshape(3, 4) == pytest.approx(sinkhorn(cost, r, s, 0.1), abs=1e-13)
    assert found.nu[6] == 0


def test_with_equal_costs_it_is_the_networks_limit_of_depth_two():
    A, y = [[1, 2, "1/3"], [0, "1/7", 1]], [1, "1/2"]
    lam = Fraction(1, 8)
    with flint.ctx.workprec(200):
        scale = Fraction(int(flint.arb(-8).exp().mid().man_exp()[0]), 1)  # e^-8 as an exact binary number
        scale *= Fraction(2) ** int(flint.arb(-8).exp().mid().man_exp()[1])
    mine = certified_entropic_limit(StandardForm(A, y, [1, 1, 1]), lam)
    network = certified_limit(Problem(A, y, nonnegative=True), 2, scale)
    # e^-8 is known to 200 bits there, so that both are the same number to fifty digits and more
    assert all(abs(p - q).abs_upper() < 1e-15 for p, q in zip(mine.x, network.x, strict=True))
    assert all(p.overlaps(q) for p, q in zip(mine.x, network.x, strict=True))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("lam", ["1", "1e-1", "1/231", "1e-3"])
def test_balls_prove_feasibility_and_stationarity_and_hold_float64s_limit(family, lam):
    program = planted_program(family, 1, 4, 12, 1)
    found = certified_entropic_limit(program, lam)
    assert found.status == Status.CONVERGED
    with flint.ctx.workprec(found.precision):
        x, nu = flint.arb_mat([[ball] for ball in found.x]), flint.arb_mat([[ball] for ball in found.nu])
        assert all(value.contains(0) for value in (flint.arb_mat(program.exact_A) * x - program.exact_b).entries())
        slopes = (flint.arb_mat(program.exact_A.transpose()) * nu).entries()
        theta = flint.arb(flint.fmpq(1)) / flint.arb(flint.fmpq(*Fraction(lam).as_integer_ratio()))
        for ball, slope, cost in zip(found.log_x, slopes, program.exact_c.entries(), strict=True):
            assert (slope - theta * flint.arb(cost) - ball).contains(0)
    # fifteen digits of the least coordinate, at most 12 of them
    assert found.radius <= 12 * 2.0**-45 * min(ball.mid() for ball in found.x)
    quick = entropic_limit(program, lam)
    if quick.status == Status.CONVERGED:
        assert np.linalg.norm(quick.x - found.x_float) <= quick.radius
        assert quick.radius < 1e-10  # 1e-16 times the size of c/lam, below 1e4, and a factor for the program
        assert quick.residual < 1e-11
    else:  # only where the least coordinates are far below rounding and others rest on them
        assert family in ("degenerate", "pursuit")
        assert min(float(ball) for ball in found.log_x) < log(1e-16)


def test_a_limit_is_a_function_of_lam_alone():
    program = planted_program("vertex", 1, 4, 9)
    ladder = EntropicLadder(program)
    first = [ladder.at(lam).x for lam in ("1e-3", "1e-1", "1e-2")]
    for x, lam in zip(first, ("1e-3", "1e-1", "1e-2"), strict=True):
        assert (entropic_limit(program, lam).x == x).all()
    certifier = EntropicCertifier(planted_program("degenerate", 1, 4, 12))
    far, near = certifier.at("1e-3"), certifier.at("1e-2")
    alone = certified_entropic_limit(planted_program("degenerate", 1, 4, 12), "1e-2")
    assert [ball.mid() for ball in near.x] == [ball.mid() for ball in alone.x]
    assert far.radius < near.radius


def test_rungs_do_not_depend_on_the_grid():
    program = StandardForm([[1, 1, 1]], [1], ["-0.3", 0, 5])
    assert rungs(program, Fraction(1)) == [0, Fraction(1, 8), Fraction(1, 4), Fraction(1, 2), 1]
    assert rungs(program, Fraction(9, 10))[:-1] == rungs(program, Fraction(1))[:-1]
    assert rungs(StandardForm([[1, 1]], [1], [0, 0]), Fraction(7)) == [0, 7]


def test_far_below_what_float64_holds():
    program = StandardForm([[1, 1, 1]], [1], [0, 0, 1])
    found = certified_entropic_limit(program, "1e-5")
    # x_3 = e^-t/(2 + e^-t), t = 10^5: e^-t/2 to e^-t itself
    assert found.log_x[2].overlaps(flint.arb(-(10**5)) - flint.arb(2).log())
    assert found.distance([Fraction(1, 2), Fraction(1, 2), 0]).abs_upper().log() < -99_999
    quick = entropic_limit(program, "1e-5")
    assert (quick.status, quick.x[2]) == (Status.CONVERGED, 0.0)
    # log x is known where x is not: to the rounding of t
    assert quick.log_x[2] == pytest.approx(-(10**5) - log(2), rel=1e-15)


def test_coordinates_that_are_forced_to_be_zero_are_left_out_and_said():
    program = StandardForm([[1, 1, 0, 0], [0, 0, 1, 1]], [0, 1], [1, -1, 0, 1])
    found, balls = entropic_limit(program, "1"), certified_entropic_limit(program, "1")
    assert found.forced == balls.forced == (0, 1)
    share = exp(-1) / (1 + exp(-1))
    assert found.x == pytest.approx([0, 0, 1 - share, share], rel=1e-15)
    assert [balls.x[0], balls.x[1]] == [0, 0]
    assert balls.log_x[0] is None
    assert balls.x_float == pytest.approx(found.x, rel=1e-15)


def test_where_nothing_but_zero_is_feasible_it_is_the_limit():
    program = StandardForm([[1, 2]], [0], [1, -1])
    found, balls = entropic_limit(program, "0.1"), certified_entropic_limit(program, "0.1")
    assert (list(found.x), found.forced, found.status) == ([0, 0], (0, 1), Status.CONVERGED)
    assert (balls.x, balls.forced) == ([0, 0], (0, 1))


def test_unbounded_programs_have_limits_that_grow():
    program = StandardForm([[1, -1]], [0], [-1, 0])
    # x_1 = x_2 = s minimises -s + 2 lam (s log s - s): s = e^(1/(2 lam))
    assert entropic_limit(program, 1).x == pytest.approx([exp(0.5)] * 2, rel=1e-14)
    found = entropic_limit(program, "1e-4")  # e^5000
    assert found.status == Status.OUT_OF_FLOAT64
    assert certified_entropic_limit(program, "1e-4").log_x[0].overlaps(flint.arb(5000))


@pytest.mark.parametrize("limit", [entropic_limit, certified_entropic_limit])
def test_what_has_no_limit_is_refused(limit):
    program = planted_program("vertex", 1, 3, 8)
    for lam in (0, -1, "-1e-3"):
        with pytest.raises(ValueError, match=r"lam is .*, expected a number above 0"):
            limit(program, lam)
    with pytest.raises(ValueError, match="'small' is not a number"):
        limit(program, "small")
    with pytest.raises(InfeasibleError, match="A x = b has no solution x >= 0"):
        limit(StandardForm([[1, 1, 1]], [-1], [1, 2, 3]), 1)
    with pytest.raises(InfeasibleError, match="A x = b has no solution x >= 0"):
        limit(StandardForm([[1, 1, 1], [2, 2, 2]], [1, 1], [1, 2, 3]), 1)


def test_degenerate_vertices_are_named_where_float64_ends():
    program = planted_program("degenerate", 1, 4, 12)
    found = entropic_limit(program, "1e-3")
    assert found.status in (Status.STALLED, Status.OUT_OF_FLOAT64)
    assert found.radius == np.inf
    assert found.residual < 1e-9 * np.linalg.norm(program.b)  # still a feasible point, at a larger lam
    exact = linear_minimisers(program)
    assert certified_entropic_limit(program, "1e-3").distance(exact.x) < 1e-50
