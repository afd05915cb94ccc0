"""Faces of minimisers: the polygon in rationals, its chart, the points that depths select on it, and limits beside."""

from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np
import pytest
from stage_tools import run_stage

from dlnflow.experiments.laws.block import LawBlock
from dlnflow.experiments.laws.face_tables import FACES
from dlnflow.experiments.laws.faces import face_rows, rows_of_face
from dlnflow.experiments.laws.figures.faces import faces_figure
from dlnflow.experiments.laws.polygons import centre, chart, polygon
from dlnflow.files.tables import read_frame, write_rows
from dlnflow.minimisers.basis_pursuit import basis_pursuit
from dlnflow.minimisers.selection import selected_minimiser
from dlnflow.network.certified_limits import Certifier
from dlnflow.problems.problem import LINE, Problem, ProblemError

DEPTHS = ("2", "2.1", "3", "10")
SCALES = ("1e-1", "1e-4", "1e-6")
SIMPLEX = Problem([[1, 1, 1]], [1])


def integers(trial, m=4, n=10):
    """A small integer matrix and A x0 for an integer x0; None if they are no problem."""
    rng = np.random.default_rng([m, n, trial])
    A, x0 = rng.integers(-2, 3, (m, n)), np.zeros(n, dtype=int)
    x0[rng.choice(n, size=m, replace=False)] = rng.choice([-2, -1, 1, 2], size=m)
    try:
        return Problem(A.tolist(), (A @ x0).tolist())
    except ProblemError:
        return None


def found_faces(count):
    """The first problems whose minimisers form a polygon, with their minimisers."""
    faces, trial = [], 0
    while len(faces) < count:
        problem, trial = integers(trial), trial + 1
        minimiser = basis_pursuit(problem) if problem else None
        if minimiser and len(minimiser.kernel) == 2:
            faces.append((problem, minimiser))
    return faces


FOUND = found_faces(6)


def stationarity(minimiser, x, slope):
    """N^T (sigma slope(|x_T|)), relative to its terms: 0 at an extremum of a sum over the face."""
    T, signs = list(minimiser.support), np.array(minimiser.signs)
    terms = np.array(minimiser.kernel, dtype=float) * signs * slope(np.abs(x[T]))
    return np.abs(terms.sum(axis=1)) / np.abs(terms).sum(axis=1)


def heights(corners, place):
    """Distances of a place from the lines through a polygon's edges, positive inside."""
    edges = [(corners[i], corners[j] - corners[i]) for i, j in pairwise([*range(len(corners)), 0])]
    values = np.array([(d[0] * (place - c)[1] - d[1] * (place - c)[0]) / np.hypot(*d) for c, d in edges])
    return values * np.sign(sum(c[0] * d[1] - c[1] * d[0] for c, d in edges))


@pytest.mark.parametrize(("problem", "minimiser"), FOUND)
def test_every_vertex_is_a_minimiser_exactly_and_none_is_missing(problem, minimiser):
    vertices = polygon(minimiser)
    for x in vertices:
        assert [sum(a * v for a, v in zip(row, x, strict=True)) for row in problem.rational_A] == problem.rational_y
        assert sum(map(abs, x)) == minimiser.l1_norm
    # a vertex is a solution on |T| - 2 columns of T: all of these, in floats, by A itself
    T, basic = list(minimiser.support), set()
    for kept in combinations(T, len(T) - 2):
        columns = problem.A[:, kept]
        values, _, rank, _ = np.linalg.lstsq(columns, problem.y, rcond=None)
        x = np.zeros(problem.features)
        x[list(kept)] = values
        is_least = np.abs(x).sum() < float(minimiser.l1_norm) + 1e-9  # entries are small ratios: rounding is 1e-14
        if rank == len(kept) and np.allclose(columns @ values, problem.y, rtol=0, atol=1e-9) and is_least:
            basic.add(tuple(np.round(x, 9) + 0.0))
    assert basic == {tuple(np.round(np.array(x, dtype=float), 9) + 0.0) for x in vertices}


@pytest.mark.parametrize(("problem", "minimiser"), FOUND)
def test_the_chart_keeps_lengths_and_the_vertices_go_around(problem, minimiser):
    vertices = polygon(minimiser)
    plane = chart(vertices)
    x = np.array(vertices, dtype=float)
    corners = np.array([plane.place(vertex) for vertex in x])
    assert plane.axes @ plane.axes.T == pytest.approx(np.eye(2), abs=1e-15)
    for i, j in combinations(range(len(x)), 2):
        # coordinates of size 1 to 10, rounded a few times
        assert np.linalg.norm(corners[i] - corners[j]) == pytest.approx(np.linalg.norm(x[i] - x[j]), rel=1e-13)
    # a convex polygon in order: each corner is on the inner side of all edges
    assert all((heights(corners, corner) > -1e-13).all() for corner in corners)
    assert corners[:, 1].min() == pytest.approx(0, abs=1e-13)
    assert np.ptp(corners[:, 1]) > 0


@pytest.mark.parametrize(("problem", "minimiser"), FOUND)
def test_selected_points_lie_inside_and_solve_their_own_problem(problem, minimiser):
    vertices = polygon(minimiser)
    plane = chart(vertices)
    corners = np.array([plane.place(np.array(vertex, dtype=float)) for vertex in vertices])
    for row in rows_of_face(problem, minimiser, DEPTHS, (), ()):
        if row["kind"] == "vertex":
            continue
        assert (heights(corners, row["place"]) > 0).all()
        if row["kind"] == "centre":
            slope = np.reciprocal
        elif row["depth"] == 2:
            slope = np.log  # theory, section 3: least sum |x| log|x|; sum |x| is constant on the face
        else:
            power = 2 / row["depth"] - 1
            slope = lambda size, power=power: size**power  # noqa: E731
        # x is rounded to 1e-16 and small entries of it enlarge that; Newton's method for the centre ends at 1e-12
        assert (stationarity(minimiser, row["x"], slope) < 1e-12).all()


def test_at_depth_two_the_entropy_is_least_and_the_points_tend_to_the_centre():
    for _, minimiser in FOUND:
        vertices = polygon(minimiser)
        middle = centre(minimiser, vertices)
        at = [selected_minimiser(minimiser, depth).x_float for depth in ("2", "3", "100", "1000")]

        def entropy(x):
            size = np.abs(np.asarray(x, dtype=float))
            return float(np.sum(size * np.log(np.where(size > 0, size, 1.0))))

        # a tie where symmetry puts every depth in one place, up to rounding
        assert all(entropy(at[0]) <= entropy(x) + 1e-14 for x in [*at[1:], middle, *vertices])
        far, near = (np.linalg.norm(x - middle) for x in at[2:])
        # |x|^(2/L) = 1 + (2/L) log|x| + O(L^-2): the distance falls like 1/L, the next term is 1 % at L = 100
        assert near < 1e-12 or far / near == pytest.approx(10, rel=0.1)


def test_on_the_simplex_every_depth_selects_the_middle():
    minimiser = basis_pursuit(SIMPLEX)
    assert sorted(polygon(minimiser)) == [(0, 0, 1), (0, 1, 0), (1, 0, 0)]
    third = pytest.approx(np.full(3, 1 / 3), abs=1e-15)
    assert centre(minimiser, polygon(minimiser)) == third
    assert all(selected_minimiser(minimiser, depth).x_float == third for depth in DEPTHS)
    assert chart(polygon(minimiser)).place(np.full(3, 1 / 3)) == pytest.approx([2**-0.5, 6**-0.5])


def test_a_face_of_another_dimension_is_refused():
    with pytest.raises(ValueError, match="dimension 1, expected 2"):
        polygon(basis_pursuit(LINE))
    assert polygon(basis_pursuit(Problem([[1, 1, 1]], ["1/3"])))[0].count(Fraction(1, 3)) == 1


def test_limits_come_nearer_to_the_selected_point_in_proportion_to_the_scale():
    problem, minimiser = FOUND[0]
    rows = [row for row in rows_of_face(problem, minimiser, (), SCALES, ("2", "10")) if row["kind"] == "limit"]
    assert [row["status"] for row in rows] == ["converged"] * 6
    errors = {depth: [row["log10_distance"] for row in rows if row["depth"] == depth] for depth in (2.0, 10.0)}
    assert all(np.diff(errors[depth]).max() < 0 for depth in errors)
    # exponent 1 at every depth above 2; the next term is smaller by eps^(8/10) = 6e-4 at eps = 1e-4
    assert np.diff(errors[10.0])[-1] == pytest.approx(-2, abs=0.01)
    selected = selected_minimiser(minimiser, 10).x_float
    assert 10 ** errors[10.0][-1] == pytest.approx(np.linalg.norm(rows[-1]["x"] - selected), rel=1e-8)  # 1e-14 of 1e-6


def test_a_limit_that_fails_is_a_row(monkeypatch):
    def fails(*_):
        raise ArithmeticError("no proof")

    monkeypatch.setattr(Certifier, "at", fails)
    rows = list(rows_of_face(SIMPLEX, basis_pursuit(SIMPLEX), ("2",), ("0.1",), ("3",)))
    assert (rows[-1]["status"], rows[-1]["place"], rows[-1]["scale"]) == ("failed", None, "0.1")
    assert rows[-1]["message"] == "ArithmeticError: no proof"


def test_the_polygons_of_a_block_are_traced_and_drawn(tmp_path):
    block = LawBlock("lattice", "signed", 4, 10, 4, tuple(range(40)))
    dimensions = {trial: len(basis_pursuit(problem).kernel) for trial, problem in block.instances(0)}
    first = [trial for trial, dimension in dimensions.items() if dimension == 2][:2]
    rows = list(face_rows("a", block, 0, len(first), DEPTHS, ("0.1",), ("2", "3")))
    assert all(set(row) == set(FACES.names) for row in rows)
    assert list(dict.fromkeys(row["trial"] for row in rows)) == first
    write_rows(tmp_path / "faces.parquet", FACES, rows)
    table = read_frame([tmp_path / "faces.parquet"])
    titles = [ax.get_title(loc="left") for ax in faces_figure(table).axes]
    assert titles[:2] == [f"({a}) instance {t}: $4 \\times 10$" for a, t in zip("ab", first, strict=False)]
    assert "no face" in faces_figure(table.iloc[:0]).texts[0].get_text()


def test_a_path_that_stands_still_and_a_face_without_limits_are_drawn(tmp_path):
    key = {"grid": "a", "features": 3, "measurements": 1, "entries": 1, "trial": 0}
    rows = [key | row for row in rows_of_face(SIMPLEX, basis_pursuit(SIMPLEX), DEPTHS, (), ())]
    write_rows(tmp_path / "faces.parquet", FACES, rows)
    figure = faces_figure(read_frame([tmp_path / "faces.parquet"]))
    assert [text.get_text() for text in figure.axes[1].texts] == ["every depth"]
    figure.draw_without_rendering()


def test_the_stage_writes_the_table(tmp_path):
    told = {"grid": "a", "block": LawBlock("lattice", "signed", 3, 8, 3, (21, 22)), "seed": 0, "drawn": 1}
    told |= {"depths": ["2", "3"], "scales": ["0.1"], "followed": ["3"]}
    output = tmp_path / "faces.parquet"
    run_stage("trace_faces", {"output": output}, **told)
    table = read_frame([output])
    assert set(table["trial"]) == {22}
    assert set(table["kind"]) == {"vertex", "selected", "centre", "limit"}
