"""The identity of the code that a rule runs: a hash of what the code says, not of how it is written down.

It covers a script and every module of the package that it imports, transitively, as syntax without docstrings and
without the words of the errors that are raised: an edited solver changes the identity of all that depends on it, a
comment, a new line or another message changes none (a column of messages keeps the words that it was written with).
Files beside a module that it names, such as scripts of a page, count with their bytes. An import that it cannot place
is an error: what it passed over would rerun nothing.
"""

import ast
import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

PACKAGE = Path(__file__).parents[1]
_DATA = re.compile(rb'"([\w.-]+\.(?:js|json))"')
"""A name of a file that is no module."""


def code_identity(*files: Path | str) -> str:
    """Sixteen hexadecimal digits that change when one of the files or a module behind them does.

    files: a script, and the modules that it imports by a name that it is told.
    """
    named = list(map(Path, files))
    digest = hashlib.sha256()
    for path in [*named, *sorted(_modules_behind(named) - set(named))]:
        place = path.relative_to(PACKAGE) if path.is_relative_to(PACKAGE) else path.name
        digest.update(f"{place}\n{_read(path).meaning}\n".encode())
    return digest.hexdigest()[:16]


def _modules_behind(files: Iterable[Path]) -> set[Path]:
    found: set[Path] = set()
    waiting = list(files)
    while waiting:
        new = _read(waiting.pop()).imported - found
        found |= new
        waiting.extend(new)
    return found


class UnplacedImportError(ImportError):
    """A name of the package is imported that is no module of it; the message names both."""


class _Source(NamedTuple):
    imported: frozenset[Path]
    """The package's modules that a file imports, anywhere in it, and the folders that they are in; the package's own
    `__init__` runs none of their code."""

    meaning: str
    """Its syntax, without docstrings, and the files beside it that it names."""


@cache
def _read(path: Path) -> _Source:
    text = path.read_bytes()
    tree = ast.parse(text)
    names: set[str] = set()
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.update(_modules_of(node))
        elif isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [part for part in node.body if not _is_text(part)] or [ast.Pass()]
    ours = (name.split(".")[1:] for name in names if name.startswith(f"{PACKAGE.name}."))
    imported = frozenset(file for parts in ours for file in _placed(parts, path))
    data = (path.with_name(name.decode()) for name in _DATA.findall(text))
    return _Source(imported, "\n".join([_meaning(tree), *(file.read_text() for file in data if file.is_file())]))


def _modules_of(node: ast.ImportFrom) -> Iterator[str]:
    """The modules of a `from` import: of a folder's what is imported, else where from."""
    if node.level:  # which nobody here writes, and nothing places
        return iter([f"{PACKAGE.name}.{'.' * node.level}{node.module or ''}"])
    source = str(node.module)
    if source.split(".")[0] == PACKAGE.name and PACKAGE.parent.joinpath(*source.split(".")).is_dir():
        return (f"{source}.{alias.name}" for alias in node.names)
    return iter([source])


def _placed(parts: list[str], path: Path) -> Iterator[Path]:
    """The module of that name, and the `__init__` of each folder on the way."""
    for depth in range(1, len(parts) + 1):
        place = PACKAGE.joinpath(*parts[:depth])
        found = [file for file in (place / "__init__.py", Path(f"{place}.py")) if file.is_file()]
        if not found or not all(parts):
            raise UnplacedImportError(f"{path} imports {'.'.join(parts)}, which is no module of {PACKAGE.name}")
        yield found[0]


def _meaning(part: Any, is_raised: bool = False) -> str:
    """Syntax as text, the same by every Python: what is empty is left out, for later ones know more of it.

    is_raised: whether it is part of a `raise`, whose words do not count.
    """
    if is_raised and (isinstance(part, ast.JoinedStr) or _is_word(part)):
        return "words"
    if isinstance(part, ast.Constant):
        return repr(part.value)
    if isinstance(part, ast.AST):
        told = ((name, getattr(part, name, None)) for name in part._fields if name not in ("ctx", "kind"))
        is_raised = is_raised or isinstance(part, ast.Raise)
        inside = ",".join(f"{name}={_meaning(value, is_raised)}" for name, value in told if value not in (None, []))
        return f"{type(part).__name__}({inside})"
    if isinstance(part, list):
        return f"[{','.join(_meaning(each, is_raised) for each in part)}]"
    return repr(part)


def _statements(tree: ast.Module) -> Iterator[ast.AST]:
    """The module and every statement in it: a tenth of its nodes, and no expression holds one."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            inner = getattr(node, part, None)
            if isinstance(inner, list):  # an expression's body is none
                waiting.extend(inner)


def _is_text(part: ast.stmt) -> bool:
    """Whether a statement is a bare string: a docstring, of a module, class, function or attribute."""
    return isinstance(part, ast.Expr) and _is_word(part.value)


def _is_word(part: Any) -> bool:
    return isinstance(part, ast.Constant) and isinstance(part.value, str)
