"""Settings from files and command lines: a key nobody knows is an error that names the nearest known one."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml

T = TypeVar("T")


def check_keys(given: Iterable[str], known: Iterable[str], where: str) -> None:
    """Raise ``ValueError`` for the first key that is not known."""
    known = sorted(known)
    for key in given:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.0)
            raise ValueError(f"{where}: unknown key {key!r}; did you mean {near[0]!r}? Known: {', '.join(known)}")


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML file that holds a mapping."""
    content = yaml.safe_load(path.read_text("utf-8"))
    if not isinstance(content, dict):
        raise ValueError(f"{path} must hold `key: value` lines; got {type(content).__name__}")
    return content


def build(kind: type[T], values: Mapping[str, Any], where: str) -> T:
    """A settings dataclass from a mapping, each value of the type of the field's default.

    Raises
    ------
    ValueError
        For an unknown key or a value of another type, naming ``where`` it came from.

    """
    fields = {f.name: f.default for f in dataclasses.fields(kind)}  # type: ignore[arg-type]
    check_keys(values, fields, where)
    cast = {}
    for key, value in values.items():
        wanted = type(fields[key])
        if wanted is float and isinstance(value, str):
            value = _number(value)  # YAML reads 2e-4 as a string
        if wanted is float and type(value) is int:
            value = float(value)
        if type(value) is not wanted:
            raise ValueError(f"{where}: {key} must be {wanted.__name__}; got {value!r}")
        cast[key] = value
    return kind(**cast)


def parse_assignments(pairs: Iterable[str]) -> dict[str, Any]:
    """``["steps=100", "lr=1e-3"]`` -> a mapping, values read as YAML."""
    out = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise ValueError(f"a setting is written key=value; got {pair!r}")
        out[key.strip()] = yaml.safe_load(value)
    return out


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
