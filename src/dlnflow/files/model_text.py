"""What of an .mps or .lp file HiGHS would misread without a word, or never end to read, refused before HiGHS sees it.

Of an entry such as 1d5 or one HiGHS takes the digits before the first letter, or 0; a bound of a variable that is none
makes one; a section that it does not know sends it to read by columns, where it may not end. An .lp file that is cut
off is a smaller program to it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from dlnflow.arithmetic.exact import parse_number
from dlnflow.arithmetic.quoting import shown
from dlnflow.files.user_files import decoding_error
from dlnflow.problems.problem import ProblemError

_INFINITIES = {"inf", "infinity"}
_WITHOUT_NUMBER = {"FR", "MI", "PL", "BV"}
_NEEDED = ("ROWS", "COLUMNS", "ENDATA")
_SECTIONS = {
    *("NAME", "OBJSENSE", "MAX", "MIN", *_NEEDED, "RHS", "RANGES", "BOUNDS"),
    *("QUADOBJ", "QMATRIX", "QSECTION", "QCMATRIX", "CSECTION", "SOS"),  # which HiGHS reads, and which are refused
}
_WIDTHS = {"ROWS": (2,), "COLUMNS": (3, 5), "RHS": (2, 3, 4, 5), "RANGES": (2, 3, 4, 5), "BOUNDS": (2, 3, 4)}
"""Of each section's lines, in words; names with spaces have more."""
_SIGN_ALONE = re.compile(r"[+-](\s|\\.*\n)*[<>=]")


def check_text(path: Path) -> None:
    """Raises ProblemError, naming the file and the line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProblemError(f"{path} cannot be read, expected text in UTF-8: {decoding_error(error)}") from None
    for fault in _lp_faults(text) if path.suffix == ".lp" else _mps_faults(text.splitlines()):
        raise ProblemError(f"{path}{fault}")


def _lp_faults(text: str) -> Iterator[str]:
    told = [line for line in (line.split("\\")[0].strip() for line in text.splitlines()) if line]
    if not told or told[-1].lower() != "end":
        yield f" ends with {shown(told[-1] if told else '')}, expected the line end"
    if strange := _SIGN_ALONE.search(text):  # of which HiGHS prints that it is an indicator constraint
        yield f" has {shown(strange[0])}, expected a number or a name after a sign"


def _mps_faults(lines: list[str]) -> Iterator[str]:
    section, seen, columns = "", [""], set()
    for number, line in enumerate(lines, 1):
        if not line.strip() or line[0] in "*$":
            continue
        parts = _parts(line)
        if not line[0].isspace():
            section = parts[0].upper()
            if section not in _SECTIONS or section in seen:
                yield f", line {number}: {shown(line)} is no section, expected ROWS or the like, each once"
            seen.append(section)
        elif len(parts) not in _WIDTHS.get(section, (len(parts),)):
            widths = " or ".join(map(str, _WIDTHS[section]))
            yield f", line {number}: {shown(line.strip())} has {len(parts)} words, expected {widths} in {section}"
        else:
            if section == "COLUMNS":
                columns.add(parts[0])
            yield from (f", line {number}: {fault}" for fault in _line_faults(section, parts, columns))
    if missing := [name for name in _NEEDED if name not in seen]:
        yield f" has no line {missing[0]}, expected the sections of an .mps file, whole"


def _line_faults(section: str, parts: list[str], columns: set[str]) -> Iterator[str]:
    for entry in _numbers(section, parts):
        if not _is_number(entry, is_bound=section != "COLUMNS"):
            yield f"{shown(entry)} is no number, expected one such as 2.5 or 1e-9"
    if section == "BOUNDS" and (name := _bounded(parts)) not in columns:
        yield f"a bound of {shown(name)}, expected a name in the section COLUMNS"


def _parts(line: str) -> list[str]:
    """Without a comment at the end."""
    parts = line.split()
    return parts[: next((k for k, part in enumerate(parts) if k > 1 and part[0] == "$"), len(parts))]


def _numbers(section: str, parts: list[str]) -> list[str]:
    """The entries of a line that are to be numbers."""
    if section == "COLUMNS":
        return [] if "'MARKER'" in parts else parts[2::2]
    if section in ("RHS", "RANGES"):
        return parts[1 + len(parts) % 2 :: 2]
    return parts[-1:] if section == "BOUNDS" and parts[0].upper() not in _WITHOUT_NUMBER else []


def _bounded(parts: list[str]) -> str:
    """The variable of a line of bounds, which need not have the name of a set of bounds."""
    is_named = len(parts) >= (3 if parts[0].upper() in _WITHOUT_NUMBER else 4)
    return parts[2 if is_named else 1]


def _is_number(text: str, is_bound: bool) -> bool:
    if is_bound and text.lstrip("+-").lower() in _INFINITIES:
        return True
    try:
        parse_number(text)
    except ValueError:
        return False
    return "/" not in text  # HiGHS knows no ratios
