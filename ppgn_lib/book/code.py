"""The code that something runs, as text: what results and notebooks are hashed with."""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def imported_modules(text: str) -> set[Path]:
    """Files of ppgn_lib that a source imports, directly or through other modules of it."""
    found: set[Path] = set()
    waiting = [text]
    while waiting:
        for name in _names(waiting.pop()):
            base = ROOT.joinpath(*name.split("."))
            for path in (base.with_suffix(".py"), base / "__init__.py"):
                if path.exists() and path not in found:
                    found.add(path)
                    waiting.append(path.read_text("utf-8"))
    return found


def _names(text: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if name.split(".")[0] == "ppgn_lib"}


def without_comments(text: str) -> str:
    """Python source without comments and blank lines."""
    lines = text.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    return "\n".join(line.rstrip() for line in lines if line.strip())
