"""The identity of the code that a rule runs: a hash of what the code says, not of how it is written down.

It covers a script and every module of the package that it imports, transitively, as syntax without docstrings: an
edited solver changes the identity of all that depends on it, a comment or a new line changes none.
"""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parent


def code_identity(script: Path | str) -> str:
    """Sixteen hexadecimal digits that change when the script or a module behind it does."""
    digest = hashlib.sha256()
    for path in [Path(script), *sorted(_modules_behind(Path(script)))]:
        digest.update(f"{path.name}\n{_read(path).meaning}\n".encode())
    return digest.hexdigest()[:16]


def _modules_behind(script: Path) -> set[Path]:
    found: set[Path] = set()
    waiting = [script]
    while waiting:
        new = _read(waiting.pop()).imported - found
        found |= new
        waiting.extend(new)
    return found


class _Source(NamedTuple):
    imported: frozenset[Path]
    """The package's modules that a file imports, anywhere in it; `__init__` runs none of their code."""

    meaning: str
    """Its syntax, without docstrings."""


@cache
def _read(path: Path) -> _Source:
    tree = ast.parse(path.read_bytes())
    names: set[str] = set()
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [part for part in node.body if not _is_text(part)] or [ast.Pass()]
    parts = [name.split(".") for name in names if name.startswith(f"{PACKAGE.name}.")]
    files = (PACKAGE.joinpath(*part[1:]).with_suffix(".py") for part in parts)
    return _Source(frozenset(file for file in files if file.is_file()), ast.unparse(tree))


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
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) and isinstance(part.value.value, str)
