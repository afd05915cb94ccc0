"""Separable problems: Newton's method, bases of heavy rows and the proof, on problems solved in closed form."""

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from flint import arb, arb_mat, ctx, fmpq, fmpq_mat, fmpz_mat

from dlnflow.balls.enclosure import prove
from dlnflow.balls.row_basis import (
    LARGEST_WEIGHT,
    IntegerMatrix,
    heaviest_basis,
    log2_of,
    refined,
    split,
    two_to,
)
from dlnflow.balls.separable import FEW, MOST_STEPS, Separable, digits, solve


def ball(value):
    exact = Fraction(value)
    return arb(fmpq(exact.numerator, exact.denominator))


class Exponentials:
    """f = e^w: f'' falls by e^-|d| over any d, so that the reach is 1."""

    def values(self, w):
        powers = [value.exp() for value in w]
        return powers, powers

    def reach(self, w):
        return [arb(1)] * len(w)


class Logarithms:
    """f = -log w, w > 0: f'' = w^-2 falls from w to w + d by at most e^(2|d|/w)."""

    def values(self, w):
        if not all(value > 0 for value in w):
            return None
        return [-1 / value for value in w], [1 / value**2 for value in w]

    def reach(self, w):
        return [value / 2 for value in w]


def exponential(seed, unknowns, extra, largest=12):
    """(problem, e^w at its minimiser): N has a unimodular block U, and w_U = log p with p rational.

    Every other row is an integer combination of two rows of U, so that its e^w is rational as well; c = N^T e^w.
    """
    draw = Random(seed)
    U = np.eye(unknowns, dtype=object)
    for i in range(unknowns):
        for j in range(i):
            U[i, j] = draw.randint(-1, 1)
    p = [Fraction(2) ** draw.randint(-largest, largest) * draw.randint(1, 9) / 7 for _ in range(unknowns)]
    rows, x = [list(row) for row in U], list(p)
    for _ in range(extra):
        i, j = draw.randrange(unknowns), draw.randrange(unknowns)
        a, b = draw.choice([-2, -1, 1, 2]), draw.choice([-1, 1])
        row = [a * s + b * t for s, t in zip(U[i], U[j], strict=True)]
        if any(row):
            rows.append(row)
            x.append(p[i] ** a * p[j] ** b)
    linear = [sum((row[k] * value for row, value in zip(rows, x, strict=True)), Fraction(0)) for k in range(unknowns)]
    matrix = IntegerMatrix(fmpz_mat([[int(entry) for entry in row] for row in rows]))
    column = [[fmpq(value.numerator, value.denominator)] for value in linear]
    return Separable(matrix, Exponentials(), linear=fmpq_mat(column)), x


def zeros(problem):
    return arb_mat(problem.matrix.columns, 1)


def basis_at(solution, problem):
    return solution.basis or heaviest_basis(problem.matrix, solution.point.weights)


SIZES = [(1, 1), (3, 4), (FEW, 5), (FEW + 1, 5), (20, 10)]


@pytest.mark.parametrize("bits", [20, 100, 1000])
@pytest.mark.parametrize(("unknowns", "extra"), SIZES)
def test_the_minimiser_is_found_to_the_digits_asked_for_and_enclosed(unknowns, extra, bits):
    problem, x = exponential(unknowns, unknowns, extra)
    solution = solve(problem, zeros(problem), digits(bits))
    assert solution.converged
    enclosure = prove(solution.point, basis_at(solution, problem))
    with ctx.workprec(4 * bits + 200):
        for w, held, proved, value in zip(solution.point.w, enclosure.w, enclosure.x, x, strict=True):
            # the reach is 1; the target is an estimate, which one step beyond it makes safe
            assert abs(w.mid() - ball(value).log()) <= two_to(1 - bits)
            assert held.contains(ball(value).log())
            assert proved.contains(ball(value))
            assert held.rad() <= two_to(8 - bits)
    # the condition of the problem and the guard bits
    assert solution.point.bits <= bits + 300


@pytest.mark.parametrize(("unknowns", "extra"), SIZES)
def test_work_grows_with_the_logarithm_of_the_digits_or_with_the_digits(unknowns, extra):
    problem, _ = exponential(unknowns, unknowns, extra)
    start = solve(problem, zeros(problem))
    # measured: at most 40 damped steps, from w = 0 to numbers up to e^16
    assert start.steps <= 60
    for bits in (100, 1000, 4000):
        solution = solve(problem, start.point.t, digits(bits), start.basis)
        # 20 bits double in balls; in floats each step gains 44 at most, 30 at least
        assert solution.steps <= (np.log2(bits / 20) + 3 if unknowns <= FEW else bits / 30 + 3)
        assert solution.converged


def test_a_minimiser_inside_a_domain_is_found_and_outside_it_nothing_is():
    # sum -log w over w = (t, 3 - t, t + 1) - 0: the stationary point of t (3 - t)(t + 1), 3 t^2 - 4 t - 3 = 0
    matrix = IntegerMatrix(fmpz_mat([[1], [-1], [1]]))
    problem = Separable(matrix, Logarithms(), lambda: arb_mat([[0], [3], [1]]))
    solution = solve(problem, arb_mat([[ball("1/1024")]]).mid(), digits(300))
    enclosure = prove(solution.point, basis_at(solution, problem))
    with ctx.workprec(1000):
        assert enclosure.t[0].contains((2 + arb(13).sqrt()) / 3)
        assert enclosure.t[0].rad() < two_to(-290)
    for outside in (0, 3, -2, 100):
        with pytest.raises(ValueError, match=r"^the start is outside the domain$"):
            solve(problem, arb_mat([[outside]]), digits(20))
        assert problem.at(arb_mat([[outside]]), 100) is None


def test_too_few_steps_do_not_converge():
    problem, _ = exponential(3, 3, 4)
    for steps in (1, 2):
        solution = solve(problem, zeros(problem), digits(1000), most_steps=steps)
        assert not solution.converged
        assert solution.steps < steps
    assert MOST_STEPS >= 100


def test_a_problem_without_minimiser_does_not_converge():
    # e^t - c t with c < 0 falls for ever as t falls
    problem = Separable(IntegerMatrix(fmpz_mat([[1], [2]])), Exponentials(), linear=fmpq_mat([[fmpq(-1)]]))
    assert not solve(problem, zeros(problem), most_steps=12).converged


# The proof.


@pytest.mark.parametrize(("unknowns", "extra"), SIZES)
def test_enclosures_shrink_and_are_nested_as_the_point_gains_digits(unknowns, extra):
    problem, x = exponential(unknowns + 50, unknowns, extra)
    previous, point, basis = None, zeros(problem), None
    for bits in (30, 120, 480, 1920):
        solution = solve(problem, point, digits(bits), basis)
        point, basis = solution.point.t, solution.basis
        enclosure = prove(solution.point, basis_at(solution, problem))
        if previous:
            for wide, narrow in zip(
                (*previous.w, *previous.x, *previous.t), (*enclosure.w, *enclosure.x, *enclosure.t), strict=True
            ):
                assert wide.contains(narrow)
                assert narrow.rad() < wide.rad() / 2**20
        previous = enclosure
    with ctx.workprec(4000):
        assert all(held.contains(ball(value)) for held, value in zip(previous.x, x, strict=True))


def test_a_point_known_in_more_bits_has_the_smaller_radius():
    problem, _ = exponential(7, 5, 5)
    t = solve(problem, zeros(problem), digits(200)).point.t
    radii = []
    for bits in (80, 120, 160):
        point = problem.at(t, bits)
        radii.append(prove(point, heaviest_basis(problem.matrix, point.weights)).radius)
    assert radii[0] / 2**35 > radii[1] > 2**35 * radii[2]


def test_far_from_the_minimiser_nothing_is_proved():
    problem, x = exponential(3, 3, 4)
    t = solve(problem, zeros(problem), digits(100)).point.t
    for exponent in (3, 0, -3):
        point = problem.at(t + arb_mat([[two_to(exponent)]] * 3), 200)
        assert prove(point, heaviest_basis(problem.matrix, point.weights)) is None
    # 2^-20 off, each w is at most 2^-17 off, and the proof trusts distances of 2^-8
    near = problem.at(t + arb_mat([[two_to(-40)]] * 3), 200)
    enclosure = prove(near, heaviest_basis(problem.matrix, near.weights))
    with ctx.workprec(300):
        assert all(held.contains(ball(value)) for held, value in zip(enclosure.x, x, strict=True))


def test_slack_widens_every_ball_and_the_trust_limits_it():
    problem, _ = exponential(3, 3, 4)
    point = solve(problem, zeros(problem), digits(40)).point
    basis = heaviest_basis(problem.matrix, point.weights)
    one, many = prove(point, basis), prove(point, basis, slack=16)
    assert abs(many.radius / one.radius / 16 - 1) < 1e-15  # both rounded upwards
    for narrow, wide in zip((*one.t, *one.w, *one.x), (*many.t, *many.w, *many.x), strict=True):
        assert wide.contains(narrow)
        assert 15 * narrow.rad() < wide.rad() < 17 * narrow.rad()
    assert prove(point, basis, slack=2**60) is None


def test_any_rows_prove_the_same_minimiser():
    problem, x = exponential(11, 4, 6, largest=2)
    point = solve(problem, zeros(problem), digits(100)).point
    draw = Random(1)
    proved = 0
    for _ in range(40):
        weights = [two_to(draw.randint(-3, 3)) for _ in point.weights]
        enclosure = prove(point, heaviest_basis(problem.matrix, weights))
        if enclosure is None:
            continue
        proved += 1
        with ctx.workprec(300):
            assert all(held.contains(ball(value)) for held, value in zip(enclosure.x, x, strict=True))
    assert proved == 40


# Bases of heavy rows.


def random_matrix(seed, rows, columns, size=9):
    return IntegerMatrix(fmpz_mat(np.random.default_rng(seed).integers(-size, size + 1, (rows, columns)).tolist()))


def weighted_exactly(matrix, basis, weights):
    with ctx.workprec(4000):
        inverse = arb_mat([matrix.rows[row] for row in basis.rows]).inv()
        image = (arb_mat(matrix.integers) * inverse).tolist()
        roots = [weight.sqrt() for weight in weights]
        return [
            [entry * roots[i] / roots[j] for entry, j in zip(row, basis.rows, strict=True)]
            for i, row in enumerate(image)
        ]


@pytest.mark.parametrize("spread", [0, 20, 900, 5000])
@pytest.mark.parametrize(("rows", "columns"), [(4, 1), (12, 6), (30, 15)])
def test_a_basis_is_of_heavy_rows_whatever_the_spread_of_the_weights(rows, columns, spread):
    matrix, draw = random_matrix(rows, rows, columns), Random(spread)
    weights = [ball(Fraction(draw.randint(1, 999), 1000)) * two_to(draw.randint(-spread, spread)) for _ in range(rows)]
    basis = heaviest_basis(matrix, weights)
    assert len(set(basis.rows)) == columns
    W, exact = basis.weighted(weights), weighted_exactly(matrix, basis, weights)
    for i in range(rows):
        for j in range(columns):
            # float64's image, and two square roots
            assert abs(W[i, j] - exact[i][j]) <= 1e-14 * abs(exact[i][j]) + 1e-300
    np.testing.assert_array_equal(W[basis.rows], np.eye(columns))
    assert np.abs(W).max() <= LARGEST_WEIGHT
    assert basis.suits(weights)


@pytest.mark.parametrize("gap", [8, 15, 40, 100])
def test_rows_that_nearly_depend_on_each_other_are_told_apart(gap):
    # two rows 10^-gap apart and heavier than all others: greedy takes both, and the third asks for another basis
    base = 10**gap
    matrix = IntegerMatrix(fmpz_mat([[base, base, 0], [base, base + 1, 0], [base, -base, base], [0, base, base]]))
    weights = [arb(4), arb(4), arb(1), arb(1)]
    basis = heaviest_basis(matrix, weights)
    assert np.abs(basis.weighted(weights)).max() <= LARGEST_WEIGHT
    with ctx.workprec(2000):
        product = arb_mat([matrix.rows[row] for row in basis.rows]) * basis.inverse
        assert all(product[i, j].contains(int(i == j)) for i in range(3) for j in range(3))


def test_coordinates_solve_the_transposed_system_and_a_refined_basis_solves_it_better():
    matrix = random_matrix(5, 14, 9, size=10**6)
    basis = heaviest_basis(matrix, [arb(1)] * 14)
    better = refined(basis)
    assert better.rows == basis.rows
    assert better.bits == 2 * basis.bits
    g = fmpz_mat([[k * k - 7] for k in range(9)])
    with ctx.workprec(600):
        coarse, fine = basis.coordinates(arb_mat(g)), better.coordinates(arb_mat(g))
        assert all(wide.contains(narrow) for wide, narrow in zip(coarse, fine, strict=True))
        assert all(narrow.rad() < wide.rad() * two_to(-100) for wide, narrow in zip(coarse, fine, strict=True))
        image = arb_mat([matrix.rows[row] for row in basis.rows]).transpose() * arb_mat([[u] for u in fine])
        assert all(entry.contains(int(target)) for entry, target in zip(image.entries(), g.entries(), strict=True))


@pytest.mark.parametrize("spread", [0, 100, 900])
def test_a_newton_step_in_floats_is_that_of_exact_arithmetic(spread):
    matrix, draw = random_matrix(8, 25, 12), Random(spread)
    with ctx.workprec(8000):
        weights = [two_to(draw.randint(-spread, spread)) for _ in range(25)]
        g = arb_mat([[draw.randint(-99, 99)] for _ in range(12)])
        weighted = arb_mat([[w * entry for entry in row] for w, row in zip(weights, matrix.rows, strict=True)])
        exact = (matrix.transposed * weighted).solve(g)
        exact_moves = (matrix.balls * exact).entries()
        size = sum((w * move**2 for w, move in zip(weights, exact_moves, strict=True)), arb(0)).sqrt()
        basis = heaviest_basis(matrix, weights)
        while basis.bits < 4000:
            basis = refined(basis)
        direction, moves = basis.newton_step(weights, basis.coordinates(g))
        lost = [move - true for move, true in zip(moves, exact_moves, strict=True)]
        error = sum((w * e**2 for w, e in zip(weights, lost, strict=True)), arb(0)).sqrt()
        # nine bits for the condition of S, of 53
        assert error <= size * two_to(-44)
        for move, entry in zip(moves, (matrix.balls * direction).entries(), strict=True):
            assert abs(move - entry) <= abs(entry) * 1e-9  # W s, where it cancels


def test_logarithms_and_mantissas_of_numbers_of_any_size():
    numbers = [arb(3) * two_to(e) for e in (-100000, -1074, -3, 0, 1024, 10**6)] + [arb(0), arb(-5)]
    mantissas, exponents = split(numbers)
    for number, mantissa, exponent in zip(numbers, mantissas, exponents, strict=True):
        assert arb(float(mantissa)) * two_to(int(exponent)) == number
        assert mantissa == 0 or 0.5 <= abs(mantissa) < 1
    assert log2_of(two_to(-100000)) == -100000
    assert log2_of(-two_to(7)) == 7
    assert log2_of(arb(0)) == -np.inf
    assert log2_of(arb(3) * two_to(10**6)) == pytest.approx(10**6 + np.log2(3), rel=1e-15)


def test_the_precision_of_flint_is_put_back():
    with ctx.workprec(61):
        problem, _ = exponential(3, FEW + 2, 4)
        solution = solve(problem, zeros(problem), digits(300))
        basis = refined(heaviest_basis(problem.matrix, solution.point.weights))
        prove(solution.point, basis)
        problem.at(solution.point.t, 1000)
        assert ctx.prec == 61
