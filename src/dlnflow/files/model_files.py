"""A user's linear programs: .npz files in standard form, and .mps or .lp files of any form, as HiGHS reads them.

A variable with bounds l <= x <= u is l + y, with a row y + t = u - l where both are finite, u - y where u alone is, and
y - y' where neither is. A row l <= a.x <= u has a slack, with a row of its own where both bounds are finite.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from math import inf, isfinite
from pathlib import Path
from typing import Any

import numpy as np

from dlnflow.arithmetic.error_free import FloatArray
from dlnflow.arithmetic.quoting import one_line
from dlnflow.files.model_text import check_text
from dlnflow.files.user_files import MOST_ENTRIES, check_is_file, read_arrays
from dlnflow.problems.problem import ProblemError
from dlnflow.problems.standard_form import StandardForm

_EXPECTED = "expected an .npz file with the arrays A, b and c, or an .mps or .lp file"
_HARMLESS = ("inconsistent bounds", "values summed", "summing them", "|value|")
"""In warnings that are no reason to refuse: bounds are judged here, and entries below SMALLEST are left out."""
_ZERO = Fraction(0)
SMALLEST = 1e-12
"""Of a coefficient: HiGHS can leave no smaller one, and would drop those up to 1e-9."""


@dataclass(frozen=True, eq=False)
class UserProgram:
    """A linear program as its author wrote it, and the standard form of it.

    program: min c.y, A y = b, y >= 0.  names: of the author's variables.  shifts: (n,), terms: for each variable the
    (column of A, sign) whose signed sum it is beyond its shift.  sign: -1 if it is a maximisation.  constant: of the
    objective, which is sign c.y + constant.
    """

    program: StandardForm
    names: tuple[str, ...]
    shifts: tuple[Fraction, ...]
    terms: tuple[tuple[tuple[int, int], ...], ...]
    sign: int
    constant: Fraction

    def variables(self, y: Any) -> list[Any]:
        """The author's variables (n,) at y, exact if y is."""
        y = list(y)
        is_exact = all(isinstance(value, Fraction | int) for value in y)
        starts: list[Any] = [shift if is_exact else float(shift) for shift in self.shifts]
        return [sum((sign * y[j] for j, sign in terms), start) for start, terms in zip(starts, self.terms, strict=True)]

    def objective(self, value: Any) -> Any:
        """The author's objective where c.y has this value."""
        constant = self.constant if isinstance(value, Fraction | int) else float(self.constant)
        return self.sign * value + constant


def read_program(path: Path | str) -> StandardForm:
    """The standard form of a user's file, .npz, .mps or .lp. Raises ProblemError, naming the file."""
    suffix = Path(path).suffix
    if suffix not in (".npz", ".mps", ".lp"):
        raise ProblemError(f"{path} ends in {suffix or 'no suffix'}, {_EXPECTED}")
    return read_npz_program(path) if suffix == ".npz" else read_model(path).program


def read_npz_program(path: Path | str) -> StandardForm:
    """An .npz with the arrays A (m, n), b (m,) and c (n,). Raises ProblemError, naming the file."""
    arrays = read_arrays(path, ("A", "b", "c"))
    try:
        return StandardForm(arrays["A"], arrays["b"], arrays["c"])
    except ProblemError as error:
        raise ProblemError(f"{path}: {error}") from None


def read_model(path: Path | str) -> UserProgram:
    """An .mps or .lp file, with ranges, bounds, free variables, an objective's constant and its sense.

    Its numbers are the floats that HiGHS reads, for whom bounds from 1e20 on are infinite and coefficients up to 1e-12
    are 0. Raises ProblemError, naming the file, if it is missing, is no linear program (integer variables, a quadratic
    objective), has no constraint, names with spaces or what HiGHS would leave out, or contradicts itself.
    """
    import highspy  # a tenth of a second, and most configs have no such file

    check_is_file(path, _EXPECTED)
    check_text(Path(path))
    reader: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    reader.setOptionValue("log_to_console", False)
    reader.setOptionValue("small_matrix_value", SMALLEST)
    said: list[str] = []
    reader.cbLogging.subscribe(lambda event: said.append(event.message))
    try:
        status = reader.readModel(str(path))
    except UnicodeDecodeError:
        raise ProblemError(f"{path} has names that HiGHS cuts within a letter, expected plain letters") from None
    if status == highspy.HighsStatus.kError:
        reason = _first(said, "ERROR:", "Parser error")
        raise ProblemError(f"HiGHS cannot read {path}, {_EXPECTED}{reason and f': {reason}'}")
    model = reader.getLp()
    continuous = highspy.HighsVarType.kContinuous
    whole = [j for j, kind in enumerate(model.integrality_) if kind != continuous]
    names = tuple(model.col_names_) if len(model.col_names_) == model.num_col_ else ()
    names = names or tuple(f"x{j}" for j in range(model.num_col_))
    if whole:
        raise ProblemError(f"{path}: the variable {names[whole[0]]} is an integer, expected a linear program")
    if reader.getModel().hessian_.dim_:
        raise ProblemError(f"{path}: the objective is quadratic, expected a linear program")
    form = _Form()
    try:
        found = form.convert(model, names, -1 if model.sense_ == highspy.ObjSense.kMaximize else 1)
    except ProblemError as error:
        raise ProblemError(f"{path}: {error}") from None
    if warning := _first(said, "WARNING:", *_HARMLESS):
        raise ProblemError(f"{path} is not read as it stands, expected a file that HiGHS takes whole: {warning}")
    return found


@dataclass
class _Form:
    """A standard form in the making: columns by number, rows as {column: entry} with their right-hand sides."""

    costs: list[Fraction] = field(default_factory=list)
    rows: list[dict[int, Fraction]] = field(default_factory=list)
    rhs: list[Fraction] = field(default_factory=list)

    def convert(self, model: Any, names: tuple[str, ...], sign: int) -> UserProgram:
        for name, cost in zip(
            ("the constant", *(f"the cost of {name}" for name in names)), (model.offset_, *model.col_cost_), strict=True
        ):
            if not isfinite(cost):
                raise ProblemError(f"{name} is {cost}, expected a finite number")
        shifts, terms = [], []
        constant = Fraction(model.offset_)
        bounds = zip(names, model.col_cost_, model.col_lower_, model.col_upper_, strict=True)
        for name, cost, low, high in bounds:
            shift, columns = self._variable(f"the variable {name}", sign * Fraction(cost), low, high)
            shifts.append(shift)
            terms.append(columns)
            constant += Fraction(cost) * shift
        for index, (row, low, high) in enumerate(zip(_rows(model), model.row_lower_, model.row_upper_, strict=True)):
            entries: dict[int, Fraction] = {}
            moved = _ZERO
            for j, value in row:
                moved += value * shifts[j]
                for column, side in terms[j]:
                    entries[column] = entries.get(column, _ZERO) + side * value
            self._constraint(f"row {index + 1}", entries, low, high, moved)
        if not self.rows:
            raise ProblemError("it has no constraint but x >= 0, expected at least one")
        if len(self.rows) * len(self.costs) > MOST_ENTRIES:
            sizes = f"{len(self.rows)} x {len(self.costs)} in standard form"
            raise ProblemError(f"it is {sizes}, expected at most {MOST_ENTRIES} entries")
        A = np.full((len(self.rows), len(self.costs)), _ZERO, dtype=object)
        for i, entries in enumerate(self.rows):
            for column, value in entries.items():
                A[i, column] = value
        program = StandardForm(A.tolist(), self.rhs, self.costs)
        return UserProgram(program, names, tuple(shifts), tuple(terms), sign, constant)

    def _variable(
        self, name: str, cost: Fraction, low: float, high: float
    ) -> tuple[Fraction, tuple[tuple[int, int], ...]]:
        """The shift of a variable, and its columns."""
        _check(name, low, high)
        if low == high:
            return Fraction(low), ()
        if low > -inf:
            column = self._column(cost)
            if high < inf:
                self._row({column: Fraction(1), self._column(): Fraction(1)}, Fraction(high) - Fraction(low))
            return Fraction(low), ((column, 1),)
        if high < inf:
            return Fraction(high), ((self._column(-cost), -1),)
        return _ZERO, ((self._column(cost), 1), (self._column(-cost), -1))

    def _constraint(self, name: str, entries: dict[int, Fraction], low: float, high: float, moved: Fraction) -> None:
        """low <= entries.y + moved <= high."""
        _check(name, low, high)
        if low == -inf and high == inf:
            return
        if low == high:
            self._row(entries, Fraction(low) - moved)
        elif low > -inf:
            slack = self._column()
            self._row(entries | {slack: Fraction(-1)}, Fraction(low) - moved)
            if high < inf:
                self._row({slack: Fraction(1), self._column(): Fraction(1)}, Fraction(high) - Fraction(low))
        else:
            self._row(entries | {self._column(): Fraction(1)}, Fraction(high) - moved)

    def _column(self, cost: Fraction = _ZERO) -> int:
        self.costs.append(cost)
        return len(self.costs) - 1

    def _row(self, entries: dict[int, Fraction], rhs: Fraction) -> None:
        self.rows.append(entries)
        self.rhs.append(rhs)


def _first(said: list[str], kind: str, *but: str) -> str:
    """The first message of a kind but for some, in one line; "" if there is none."""
    found = [one_line(message.removeprefix(kind)) for message in said if message.startswith(kind)]
    return next((message for message in found if not any(part in message for part in but)), "")


def _check(name: str, low: float, high: float) -> None:
    if not low <= high or low == inf or high == -inf:
        raise ProblemError(f"{name} is to lie between {low} and {high}, expected bounds with a number between them")


def _rows(model: Any) -> list[list[tuple[int, Fraction]]]:
    """(column, entry) of each row."""
    import highspy

    matrix = model.a_matrix_
    starts: FloatArray = np.asarray(matrix.start_)
    found: list[list[tuple[int, Fraction]]] = [[] for _ in range(model.num_row_)]
    by_columns = matrix.format_ == highspy.MatrixFormat.kColwise
    for line in range(len(starts) - 1):
        for k in range(int(starts[line]), int(starts[line + 1])):
            i, j = (matrix.index_[k], line) if by_columns else (line, matrix.index_[k])
            found[i].append((j, Fraction(float(matrix.value_[k]))))
    return found
