"""Verdicts on the paper's claims, by rules that were written down before the results.

The rules are in ``book/claims/rules``, a file a claim; a verdict follows from recorded numbers alone.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from simpleeval import simple_eval

from ppgn_lib.checks import count, known
from ppgn_lib.data.files import read_yaml
from ppgn_lib.metrics.intervals import Estimate

SUPPORTED, PARTLY, REFUTED = "supported", "partly", "refuted"
NOT_TESTABLE = "not testable at this scale"
NOT_YET = "not yet tested"
FIELDS = ("value", "low", "high", "n")
LONGEST = 400  # characters of a condition: what one can read, and what cannot exhaust the parser

_CHECKOUT = Path(__file__).resolve().parents[2] / "book/claims/rules"
_PACKAGED = Path(__file__).resolve().parents[1] / "rules"  # put there by the wheel

Recorded = Estimate | Mapping[str, Any] | float  # as measured, as an entry of book/results.json, or without interval


class Rule(NamedTuple):
    """How a claim is tested."""

    claim: str  # C01, C02, ...
    test: str
    figure: str  # notebook, and after # the label of a figure
    numbers: dict[str, str]  # short name -> key of book/results.json
    texts: dict[str, str]  # verdict -> its condition
    reads: frozenset[tuple[str, str]]  # (short name, field), by any of the conditions
    pairs: int | None = None  # on how many trained pairs of E and G the verdict rests
    first: First | None = None


class First(NamedTuple):
    """The first test of a claim, which a better one has replaced."""

    rule: Rule  # without figure; each short name is its own key
    numbers: dict[str, dict[str, float]]  # as measured then
    wrong: str
    commit: str  # the last one that ran it


def decide(claim: str, numbers: Mapping[str, Recorded], folder: Path | None = None) -> str:
    """The verdict word for a claim, to be recorded in the notebook that has measured its numbers.

    Parameters
    ----------
    claim
        Its id, such as ``"C16"``.
    numbers
        Every key that the rule reads, with what goes to ``record`` under that key. Others are not looked at.
    folder
        Another folder of rules than the book's.

    Raises
    ------
    ValueError
        There is no rule for the claim, a number is missing or lacks the field asked for, or the rule contradicts
        itself.

    """
    table = rules(folder)
    known([claim], table, "rules of claims")
    missing = [key for key in table[claim].numbers.values() if key not in numbers]
    if missing:
        raise ValueError(f"the rule of {claim} reads {', '.join(missing)}: pass what is recorded under it")
    return verdict(table[claim], numbers)


def verdict(rule: Rule, numbers: Mapping[str, Recorded]) -> str:
    """What the rule says of the numbers; ``not yet tested`` while one of them is missing.

    Raises
    ------
    ValueError
        A number lacks a field that the rule reads, a condition divides by zero, or supported and refuted both hold.

    """
    if not all(key in numbers for key in rule.numbers.values()):
        return NOT_YET
    values = {name: _fields(key, numbers[key]) for name, key in rule.numbers.items()}
    for name, field in sorted(
        rule.reads, key=lambda read: (read[0], FIELDS.index(read[1]))
    ):  # all of them first: none hides behind an `and` that is cut short
        if field not in values[name]:
            raise ValueError(f"the rule of {rule.claim} reads {field!r} of {rule.numbers[name]}, recorded without")
    try:
        held = {word: holds(text, values) for word, text in rule.texts.items()}
    except ZeroDivisionError:
        raise ValueError(f"the rule of {rule.claim} divides by zero at {values}") from None
    if held.get(NOT_TESTABLE):
        return NOT_TESTABLE
    if held[SUPPORTED] and held[REFUTED]:
        raise ValueError(f"by its rule {rule.claim} is both supported and refuted at {values}: mend the rule")
    return SUPPORTED if held[SUPPORTED] else REFUTED if held[REFUTED] else PARTLY


def unmet(rule: Rule, numbers: Mapping[str, Recorded]) -> list[str]:
    """The parts of the condition for ``supported``, those that its outermost ``and`` joins, that do not hold."""
    values = {name: _fields(key, numbers[key]) for name, key in rule.numbers.items()}
    text = " ".join(rule.texts[SUPPORTED].split())
    body = ast.parse(text, mode="eval").body
    nodes = body.values if isinstance(body, ast.BoolOp) and isinstance(body.op, ast.And) else [body]
    parts = [ast.get_source_segment(text, node) or ast.unparse(node) for node in nodes]
    return [part for part in parts if not holds(part, values)]


def holds(text: str, values: Mapping[str, Mapping[str, float]]) -> bool:
    """Whether a condition that ``reads`` has passed is true of the fields of its names."""
    return simple_eval(text.strip(), names={name: SimpleNamespace(**x) for name, x in values.items()}, functions={})


def rules(folder: Path | None = None) -> dict[str, Rule]:
    """All rules of a folder (the book's by default), every condition checked; the id is the file's name.

    Raises
    ------
    ValueError
        A rule lacks a field or has an unknown one, a condition is not one, or a number is read by none.

    """
    if folder is None:
        folder = _CHECKOUT if _CHECKOUT.exists() else _PACKAGED
    return {path.stem: _rule(path) for path in sorted(folder.glob("*.yaml"))}


def _rule(path: Path) -> Rule:
    where, fields, wanted = path.name, read_yaml(path), ("test", "figure", "numbers", "rule")
    known(fields, (*wanted, "pairs", "first"), where)
    known(wanted, fields, f"{where} lacks a field")
    read = _read_by_all(fields["rule"], fields["numbers"], where)
    return Rule(
        path.stem,
        " ".join(fields["test"].split()),
        fields["figure"],
        fields["numbers"],
        fields["rule"],
        read,
        count(fields["pairs"], f"{where}: pairs") if "pairs" in fields else None,
        _first(fields["first"], path.stem, f"{where}, first") if "first" in fields else None,
    )


def _first(fields: Any, claim: str, where: str) -> First:
    wanted = ("test", "numbers", "rule", "wrong", "commit")
    if not isinstance(fields, dict):
        raise ValueError(f"{where} must have the fields {', '.join(wanted)}; got {fields!r}")
    known(fields, wanted, where)
    known(wanted, fields, f"{where} lacks a field")
    commit, given = fields["commit"], fields["numbers"]
    if not (isinstance(commit, str) and re.fullmatch("[0-9a-f]{7,40}", commit)):
        raise ValueError(
            f"{where}: commit must be 7 to 40 hex digits, in quotes if they may be a number; got {commit!r}"
        )
    read = _read_by_all(fields["rule"], given, where)
    keys = {name: name for name in given}
    rule = Rule(claim, " ".join(fields["test"].split()), "", keys, fields["rule"], read)
    numbers = {name: _typed(number, f"{where}: {name}") for name, number in given.items()}
    try:
        verdict(rule, numbers)  # what is missing for it is told with the file's name
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None
    return First(rule, numbers, " ".join(fields["wrong"].split()), commit)


def _typed(number: Any, where: str) -> dict[str, float]:
    """A number of a first test as its file has it."""
    parts = number if isinstance(number, list) else [number]
    if len(parts) not in (1, 3) or not all(isinstance(x, int | float) and not isinstance(x, bool) for x in parts):
        raise ValueError(f"{where} must be a number or [value, low, high]; got {number!r}")
    if isinstance(number, list) and not parts[1] <= parts[-1]:
        raise ValueError(f"{where}: the low end is above the high one in {number!r}")
    return dict(zip(FIELDS, parts, strict=False))


def _read_by_all(texts: Any, numbers: Any, where: str) -> frozenset[tuple[str, str]]:
    """What the conditions of a rule read, all of them checked."""
    if not (isinstance(numbers, dict) and numbers and isinstance(texts, dict)):
        raise ValueError(f"{where}: numbers and rule must be `name: value` lines, and no verdict is without a number")
    known(texts, (SUPPORTED, REFUTED, NOT_TESTABLE), f"{where}, rule")
    known((SUPPORTED, REFUTED), texts, f"{where}, rule lacks a verdict")
    read: set[tuple[str, str]] = set()
    for word, text in texts.items():
        try:
            read |= reads(text, numbers)
        except ValueError as error:
            raise ValueError(f"{where}, {word}: {error}") from None
    unread = sorted(numbers.keys() - {name for name, _ in read})
    if unread:
        raise ValueError(f"{where}: no condition reads {', '.join(unread)}")
    return frozenset(read)


def _fields(key: str, number: Recorded) -> dict[str, float]:
    """Those of FIELDS that a number has."""
    if isinstance(number, Estimate):
        number = number._asdict()
    found = {f: number[f] for f in FIELDS if f in number} if isinstance(number, Mapping) else {"value": number}
    for field, x in found.items():
        if not isinstance(x, int | float) or not math.isfinite(x):
            raise ValueError(f"{key}: {field} must be a finite number; got {x!r}")
    return found


def reads(text: str, names: Collection[str]) -> set[tuple[str, str]]:
    """What a condition such as ``"a.low > 0.5 and not b.high < 2 * a.value"`` reads, as (name, field).

    Raises
    ------
    ValueError
        Wrong syntax, an unknown name or field, or anything but comparisons, and, or, not, + - * / and numbers.

    """
    if not isinstance(text, str) or len(text) > LONGEST:
        raise ValueError(f"a condition is a text of at most {LONGEST} characters; got {str(text)[:60]!r}")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError) as error:  # ValueError: a null byte
        raise ValueError(f"{text!r} is no condition: {error}") from None
    return set(_read(tree.body, names, number=False))


def _read(node: ast.expr, names: Collection[str], *, number: bool) -> Iterator[tuple[str, str]]:
    """The fields in a part of a condition that must be a number, or else a comparison or several of them."""
    inner = number
    match node, number:
        case (ast.BoolOp(values=parts), False):
            pass
        case (ast.UnaryOp(op=ast.Not(), operand=part), False) | (ast.UnaryOp(op=ast.USub(), operand=part), True):
            parts = [part]
        case (ast.Compare(ops=ops), False) if all(
            isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE | ast.Eq | ast.NotEq) for op in ops
        ):
            parts, inner = [node.left, *node.comparators], True
        case (ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), left=left, right=right), True):
            parts = [left, right]
        case (ast.Constant(value=int() | float() as x), True) if not isinstance(x, bool) and abs(x) < 1e300:
            parts = []
        case (ast.Attribute(value=ast.Name(id=name), attr=field), True):
            known([name], names, "names of the rule")
            known([field], FIELDS, f"fields of {name}")
            yield name, field
            parts = []
        case _:
            wanted = f"a number, NAME.{', NAME.'.join(FIELDS)}, nor + - * / of such"
            wanted = wanted if number else "a comparison, nor and, or, not of comparisons"
            raise ValueError(f"{ast.unparse(node)!r} is not {wanted}")
    for part in parts:
        yield from _read(part, names, number=inner)
