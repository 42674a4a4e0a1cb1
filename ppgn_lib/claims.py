"""Verdicts on the paper's claims, by rules that were written down before the results.

The rules are in ``book/claims/rules.yaml``; a verdict follows from recorded numbers alone.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ppgn_lib import options
from ppgn_lib.metrics import Estimate

SUPPORTED, PARTLY, REFUTED = "supported", "partly", "refuted"
NOT_TESTABLE = "not testable at this scale"
NOT_YET = "not yet tested"
FIELDS = ("value", "low", "high", "n")
LONGEST = 400  # characters of a condition: what one can read, and what cannot exhaust the parser

_CHECKOUT = Path(__file__).resolve().parents[1] / "book/claims/rules.yaml"
_PACKAGED = Path(__file__).resolve().parent / "rules.yaml"  # put there by the wheel
_COMPARISONS: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_ARITHMETIC: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}

Recorded = Estimate | Mapping[str, Any] | float  # as measured, as an entry of book/results.json, or without interval
Values = Mapping[str, float]  # "name.low" -> number
Condition = Callable[[Values], bool]


class Rule(NamedTuple):
    """How a claim is tested."""

    claim: str  # C01, C02, ...
    test: str
    figure: str  # notebook, and after # the label of a figure
    numbers: dict[str, str]  # short name -> key of book/results.json
    texts: dict[str, str]  # verdict -> its condition as written
    conditions: dict[str, Condition]  # the same, ready to be asked


def decide(claim: str, numbers: Mapping[str, Recorded], path: Path | None = None) -> str:
    """The verdict word for a claim, to be recorded in the notebook that has measured its numbers.

    Parameters
    ----------
    claim
        Its id, such as ``"C16"``.
    numbers
        Every key that the rule reads, with what goes to ``record`` under that key. Others are not looked at.
    path
        Another file of rules than the book's.

    Raises
    ------
    ValueError
        There is no rule for the claim, a number is missing or lacks the field asked for, or the rule contradicts
        itself.

    """
    table = rules(path)
    options.check_keys([claim], table, "rules of claims")
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
    values = {f"{name}.{f}": x for name, key in rule.numbers.items() for f, x in _fields(key, numbers[key]).items()}
    try:
        held = {word: condition(values) for word, condition in rule.conditions.items()}
    except KeyError as error:
        name, _, field = error.args[0].partition(".")
        raise ValueError(
            f"the rule of {rule.claim} reads {field!r} of {rule.numbers[name]}, recorded without"
        ) from None
    except ZeroDivisionError:
        raise ValueError(f"the rule of {rule.claim} divides by zero at {dict(values)}") from None
    if held.get(NOT_TESTABLE):
        return NOT_TESTABLE
    if held[SUPPORTED] and held[REFUTED]:
        raise ValueError(f"by its rule {rule.claim} is both supported and refuted at {dict(values)}: mend the rule")
    return SUPPORTED if held[SUPPORTED] else REFUTED if held[REFUTED] else PARTLY


def rules(path: Path | None = None) -> dict[str, Rule]:
    """All rules of a file (the book's by default), every condition parsed.

    Raises
    ------
    ValueError
        A rule lacks a field or has an unknown one, a condition is not one, or a number is read by none.

    """
    if path is None:
        path = _CHECKOUT if _CHECKOUT.exists() else _PACKAGED
    return {claim: _rule(claim, fields, f"{path.name}, {claim}") for claim, fields in options.read_yaml(path).items()}


def _rule(claim: str, fields: dict[str, Any], where: str) -> Rule:
    wanted = ("test", "figure", "numbers", "rule")
    options.check_keys(fields, wanted, where)
    options.check_keys(wanted, fields, f"{where} lacks a field")
    texts, numbers = fields["rule"], fields["numbers"]
    if not (isinstance(numbers, dict) and numbers and isinstance(texts, dict)):
        raise ValueError(f"{where}: numbers and rule must be `name: value` lines, and no verdict is without a number")
    options.check_keys(texts, (SUPPORTED, REFUTED, NOT_TESTABLE), f"{where}, rule")
    options.check_keys((SUPPORTED, REFUTED), texts, f"{where}, rule lacks a verdict")
    used: set[str] = set()
    conditions = {}
    for word, text in texts.items():
        try:
            conditions[word] = parse(text, numbers)
        except ValueError as error:
            raise ValueError(f"{where}, {word}: {error}") from None
        used |= {node.id for node in ast.walk(ast.parse(text.strip(), mode="eval")) if isinstance(node, ast.Name)}
    unread = sorted(numbers.keys() - used)
    if unread:
        raise ValueError(f"{where}: no condition reads {', '.join(unread)}")
    return Rule(claim, " ".join(fields["test"].split()), fields["figure"], dict(numbers), dict(texts), conditions)


def _fields(key: str, number: Recorded) -> dict[str, float]:
    """Those of FIELDS that a number has."""
    if isinstance(number, Estimate):
        number = number._asdict()
    found = {f: number[f] for f in FIELDS if f in number} if isinstance(number, Mapping) else {"value": number}
    for field, x in found.items():
        if not isinstance(x, int | float) or not math.isfinite(x):
            raise ValueError(f"{key}: {field} must be a finite number; got {x!r}")
    return found


def parse(text: str, names: Collection[str]) -> Condition:
    """A condition such as ``"a.low > 0.5 and not b.high < 2 * a.value"``; nothing else of Python is understood.

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
    return _boolean(tree.body, names)


def _boolean(node: ast.expr, names: Collection[str]) -> Condition:
    match node:
        case ast.BoolOp(op=op, values=parts):
            tests = [_boolean(part, names) for part in parts]
            together = all if isinstance(op, ast.And) else any
            # A list: every part is asked, so that a field that is missing never hides behind a short cut.
            return lambda values: together([test(values) for test in tests])
        case ast.UnaryOp(op=ast.Not(), operand=part):
            negated = _boolean(part, names)
            return lambda values: not negated(values)
        case ast.Compare(left=left, ops=ops, comparators=others) if all(type(op) in _COMPARISONS for op in ops):
            sides = [_number(side, names) for side in (left, *others)]
            pairs = list(zip([_COMPARISONS[type(op)] for op in ops], sides[:-1], sides[1:], strict=True))
            return lambda values: all([f(a(values), b(values)) for f, a, b in pairs])  # noqa: C419 as above
    raise ValueError(f"{ast.unparse(node)!r} is not a comparison, nor and, or, not of comparisons")


def _number(node: ast.expr, names: Collection[str]) -> Callable[[Values], float]:
    match node:
        case ast.Constant(value=int() | float() as constant) if (
            not isinstance(constant, bool) and abs(constant) < 1e300
        ):
            return lambda values: constant
        case ast.Attribute(value=ast.Name(id=name), attr=field):
            options.check_keys([name], names, "names of the rule")
            options.check_keys([field], FIELDS, f"fields of {name}")
            return lambda values: values[f"{name}.{field}"]
        case ast.UnaryOp(op=ast.USub(), operand=part):
            positive = _number(part, names)
            return lambda values: -positive(values)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            f, a, b = _ARITHMETIC[type(op)], _number(left, names), _number(right, names)
            return lambda values: f(a(values), b(values))
    raise ValueError(f"{ast.unparse(node)!r} is not a number, NAME.{', NAME.'.join(FIELDS)}, nor + - * / of such")
