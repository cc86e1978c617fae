"""Which program computed a run: its version, and a digest of the code that the numbers come from."""

import ast
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from dmf_core import __version__

ENGINE = ("problems", "models", "integrators", "measures", "recording", "simulate.py", "prepare.py", "interfaces", "spec.py")


@cache
def program() -> str:
    """Equal for programs that give the same numbers on the same machine; others may give others, within their accuracy."""
    return f"DMF Lab {__version__}, engine {engine_digest(Path(__file__).parents[1])[:8]}"


def engine_digest(root: Path) -> str:
    """SHA-256 of the files of `ENGINE` below `root`: their names and their code, without comments, docstrings and layout."""
    sha = hashlib.sha256()
    for name in ENGINE:
        for path in sorted((root / name).rglob("*.py")) if (root / name).is_dir() else [root / name]:
            sha.update(path.relative_to(root).as_posix().encode())
            sha.update(repr(_code(ast.parse(path.read_bytes()))).encode())
    return sha.hexdigest()


def _code(node: Any) -> Any:
    """The syntax tree as nested tuples and lists, without empty fields: which ones there are depends on the version of Python."""
    if isinstance(node, list):
        return [_code(each) for each in node if not _is_docstring(each)]
    if not isinstance(node, ast.AST):
        return node
    fields = ((name, _code(value)) for name, value in ast.iter_fields(node))
    return (type(node).__name__, *((name, value) for name, value in fields if value not in (None, [])))


def _is_docstring(statement: Any) -> bool:
    """Whether a statement is only a text: a docstring, or a text below an attribute."""
    return (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str)
    )
