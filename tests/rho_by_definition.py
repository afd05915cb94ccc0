"""rho in floats by both of its linear programs, and small problems of small integers to try it on."""

import random

import numpy as np
from scipy.optimize import linprog

from dlnflow.problems.problem import Problem, ProblemError
from dlnflow.theory.rho import off_support, signed_columns


def lattice(seed, nonnegative):
    """A small problem of small integers: ties, many minimisers, many cheapest directions."""
    draw = random.Random(seed)
    while True:
        m, bound = draw.randint(1, 4), draw.randint(1, 3)
        n = m + draw.randint(1, 4)
        A = [[draw.randint(-bound, bound) for _ in range(n)] for _ in range(m)]
        x0 = [draw.choice([0, 0, 0, 1, 1, 2, 3]) * (1 if nonnegative else draw.choice([1, -1])) for _ in range(n)]
        try:
            return Problem(A, [sum(a * x for a, x in zip(row, x0, strict=True)) for row in A], nonnegative)
        except ProblemError:  # a rank below m, or y = 0
            continue


def float_program(problem, minimiser):
    """The primal program in floats: costs, equations, right-hand side, bounds; the signed columns come last."""
    T, columns = list(minimiser.support), signed_columns(problem, off_support(problem, minimiser))
    off = problem.A[:, [j for j, _ in columns]] * [tau for _, tau in columns]
    below = np.concatenate([np.zeros(len(T)), np.ones(len(columns))])
    equations = np.vstack([np.hstack([problem.A[:, T], off]), below])
    rhs = np.append(np.zeros(problem.measurements), 1)
    costs = np.concatenate([minimiser.signs, np.zeros(len(columns))])
    return costs, equations, rhs, [(None, None)] * len(T) + [(0, None)] * len(columns)


def rho_by_certificates(problem, minimiser):
    """min { max slope off T } in floats, over nu and the bound r."""
    T, columns = list(minimiser.support), signed_columns(problem, off_support(problem, minimiser))
    off = problem.A[:, [j for j, _ in columns]] * [tau for _, tau in columns]
    m = problem.measurements
    found = linprog(
        [0] * m + [1],
        A_ub=np.hstack([off.T, -np.ones((len(columns), 1))]),
        b_ub=np.zeros(len(columns)),
        A_eq=np.hstack([problem.A[:, T].T, np.zeros((len(T), 1))]),
        b_eq=minimiser.signs,
        bounds=(None, None),
    )
    return found.fun
