"""A user's linear programs: read in any form, solved in standard form, and brought back."""

from fractions import Fraction

import highspy
import numpy as np
import pytest
from model_texts import MODEL, SMALL

from dlnflow import ProblemError, StandardForm, linear_minimisers
from dlnflow.files.model_files import read_model, read_npz_program, read_program


def write(tmp_path, text, name="model.mps"):
    path = tmp_path / name
    path.write_text(text)
    return path


def highs(path):
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.readModel(str(path))
    solver.run()
    return solver.getInfo().objective_function_value, solver.getSolution().col_value


def test_every_kind_of_bound_and_row_has_its_minimiser_and_value(tmp_path):
    path = write(tmp_path, MODEL)
    user = read_model(path)
    found = linear_minimisers(user.program)
    value, x = highs(path)
    assert user.names == ("X1", "X2", "X3", "X4", "X5")
    assert user.objective(found.value) == Fraction(23, 4)  # 1.0*4 + 2 - 6 + 2 + 0.25 + 3.5
    assert float(user.objective(found.value)) == pytest.approx(value, abs=1e-9)  # HiGHS's own rounding
    mine = user.variables(found.x)
    assert all(isinstance(entry, Fraction) for entry in mine)
    assert [float(entry) for entry in mine] == pytest.approx(x, abs=1e-9)
    assert user.variables(found.x_float) == pytest.approx(x, abs=1e-9)
    assert read_program(path).variables == user.program.variables


def test_random_models_agree_with_highs(tmp_path):
    rng = np.random.default_rng(5)
    kinds, ended = 0, []
    for trial in range(12):
        m, n = 3, 5
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        for _ in range(n):
            low, high = sorted(rng.integers(-4, 5, 2).tolist())
            low = -highspy.kHighsInf if rng.random() < 0.3 else low
            high = highspy.kHighsInf if rng.random() < 0.2 else high
            solver.addVar(low, high)
        for j in range(n):
            solver.changeColCost(j, float(rng.integers(-3, 4)))
        for _ in range(m):
            low, high = sorted(rng.integers(-9, 10, 2).tolist())
            kinds = (kinds + 1) % 4
            bounds = [(low, high), (-highspy.kHighsInf, high), (low, highspy.kHighsInf), (low, low)][kinds]
            solver.addRow(*map(float, bounds), n, np.arange(n), rng.integers(-2, 3, n).astype(float))
        path = tmp_path / f"{trial}.mps"
        solver.writeModel(str(path))
        solver.run()
        status = solver.getModelStatus().name
        user = read_model(path)
        ended.append(status == "kOptimal")
        if status == "kOptimal":
            found = user.objective(linear_minimisers(user.program).value)
            assert float(found) == pytest.approx(solver.getInfo().objective_function_value, abs=1e-7)
        else:
            with pytest.raises(ValueError, match=r"expected a (linear )?program with"):
                linear_minimisers(user.program)
    assert 3 <= sum(ended) <= 9  # the test has seen both


def test_arrays_are_read_as_the_dyadic_numbers_that_they_are(tmp_path):
    path = tmp_path / "mine.npz"
    np.savez(path, A=[[0.1, 1.0]], b=[1.0], c=[1, 2])
    program = read_program(path)
    assert isinstance(program, StandardForm)
    assert program.rational_A[0][0] == Fraction(0.1)


def test_small_coefficients_are_kept(tmp_path):
    # HiGHS's own default leaves out what is below 1e-9
    assert read_program(write(tmp_path, SMALL.format(cost="1", entry="1e-10"))).rational_A[0] == [Fraction(1e-10), 1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not a model", "{path}, line 1: 'not a model' is no section, expected ROWS or the like, each once"),
        (
            SMALL.format(cost="1", entry="1").replace(" N COST", " X COST"),
            "HiGHS cannot read {path}, expected an .npz file",
        ),
        (
            MODEL.replace(" UP BND       X1           4.0\n", " BV BND       X1\n", 1),
            "{path}: the variable X1 is an integer",
        ),
        (
            MODEL.replace(" LO BND       X2          -1.0\n", " LO BND       X2           3.0\n"),
            "{path}: the variable X2 is to lie between 3.0 and 1.0",
        ),
        (
            "NAME X\nROWS\n N COST\nCOLUMNS\n    X1        COST         1.0\nRHS\nENDATA\n",
            "{path}: it has no constraint but x >= 0",
        ),
        (
            MODEL.replace("ENDATA", "QUADOBJ\n    X1        X1           1.0\nENDATA"),
            "{path}: the objective is quadratic, expected a linear program",
        ),
        (SMALL.format(cost="nan", entry="1"), "{path}, line 6: 'nan' is no number, expected one such as 2.5"),
        (SMALL.format(cost="1e30", entry="1"), "{path}: the cost of X1 is inf, expected a finite number"),
    ],
)
def test_models_that_are_none_are_refused_in_one_sentence(tmp_path, text, message):
    path = write(tmp_path, text)
    with pytest.raises(ProblemError) as caught:
        read_program(path)
    assert str(caught.value).startswith(message.format(path=path))


def test_files_that_hold_no_program_are_refused_in_one_sentence(tmp_path):
    absent = tmp_path / "absent.mps"
    with pytest.raises(ProblemError, match=r"absent.mps does not exist, expected an .npz file with the arrays A, b"):
        read_program(absent)
    with pytest.raises(ProblemError, match="does not exist"):
        read_npz_program(tmp_path / "absent.npz")
    text = write(tmp_path, "text", "text.npz")
    with pytest.raises(ProblemError, match=r"is no .npz file, or a truncated one"):
        read_program(text)
    np.savez(tmp_path / "few.npz", A=[[1, 2]], y=[1])
    with pytest.raises(ProblemError, match="holds A, y, expected the arrays A, b and c"):
        read_program(tmp_path / "few.npz")
    np.savez(tmp_path / "wrong.npz", A=[[1, 2]], b=[1, 2], c=[1, 2])
    with pytest.raises(ProblemError, match=r"wrong.npz: b has 2 entries, expected 1"):
        read_program(tmp_path / "wrong.npz")
    np.savez(tmp_path / "objects.npz", A=np.array([[None, {}]], dtype=object), b=[1], c=[1, 2])
    with pytest.raises(ProblemError, match="cannot be read, expected plain arrays of numbers"):
        read_program(tmp_path / "objects.npz")
