"""Verdicts follow from numbers by the rules, and a rule is nothing but comparisons of recorded numbers."""

import re
import tomllib
from pathlib import Path

import pytest

from ppgn_lib.book import claims
from ppgn_lib.metrics import Estimate

ROOT = Path(__file__).parents[1]
RULES = claims.rules()

ONE_RULE = """
test: A made-up one.
figure: notebooks/99_none.ipynb#fig-none
numbers: {a: made.a, b: made.b}
rule:
  supported: a.low > b.high
  refuted: a.high < b.low
  not testable at this scale: a.n < 3
"""
LOW, HIGH = Estimate(0.2, 0.1, 0.3, 10), Estimate(0.8, 0.7, 0.9, 10)


def one_rule(tmp_path, text=ONE_RULE):
    (tmp_path / "C99.yaml").write_text(text)
    return claims.rules(tmp_path)["C99"]


# From numbers to a word


@pytest.mark.parametrize(
    ("a", "b", "word"),
    [
        (HIGH, LOW, "supported"),
        (LOW, HIGH, "refuted"),
        (HIGH, HIGH, "partly"),
        (HIGH._replace(n=2), LOW, "not testable at this scale"),
    ],
)
def test_verdict_follows_the_rule(tmp_path, a, b, word):
    """The same from estimates in a notebook and from the entries of book/results.json."""
    rule = one_rule(tmp_path)
    assert claims.verdict(rule, {"made.a": a, "made.b": b}) == word
    assert claims.verdict(rule, {"made.a": a._asdict(), "made.b": b._asdict()}) == word
    assert claims.decide("C99", {"made.a": a, "made.b": b, "other": 1.0}, tmp_path) == word


def test_rule_may_wait_for_its_numbers_but_a_notebook_must_have_them(tmp_path):
    assert claims.verdict(one_rule(tmp_path), {"made.a": HIGH}) == "not yet tested"
    with pytest.raises(ValueError, match=r"C99 reads made\.b: pass"):
        claims.decide("C99", {"made.a": HIGH}, tmp_path)


def test_claim_without_rule_names_the_nearest():
    with pytest.raises(ValueError, match="unknown key 'C61'; did you mean"):
        claims.decide("C61", {})


def test_rule_that_contradicts_itself(tmp_path):
    rule = one_rule(tmp_path, ONE_RULE.replace("a.high < b.low", "a.high > b.low"))
    with pytest.raises(ValueError, match="both supported and refuted"):
        claims.verdict(rule, {"made.a": HIGH, "made.b": LOW})


def test_rules_of_the_book_never_contradict_themselves():
    """Over all orders of the ends of two intervals for each number, a grid of thirds; n as in the chapters."""
    grid = [Estimate((i + j) / 6, i / 3, j / 3, 100) for i in range(4) for j in range(i, 4)]
    for rule in RULES.values():
        keys = list(rule.numbers.values())
        for turn in range(2000):
            digits = [turn * 7919 // len(grid) ** i % len(grid) for i in range(len(keys))]
            claims.verdict(rule, {key: grid[digit] for key, digit in zip(keys, digits, strict=True)})


def test_number_without_interval_not_finite_or_zero_below(tmp_path):
    rule = one_rule(tmp_path)
    with pytest.raises(ValueError, match=r"reads 'low' of made\.a, recorded without"):
        claims.verdict(rule, {"made.a": 0.5, "made.b": LOW})
    with pytest.raises(ValueError, match=r"made\.a: low must be a finite number"):
        claims.verdict(rule, {"made.a": HIGH._replace(low=float("nan")), "made.b": LOW})
    rule = one_rule(tmp_path, ONE_RULE.replace("a.low > b.high", "a.low / (b.high - b.high) > 1"))
    with pytest.raises(ValueError, match="divides by zero"):
        claims.verdict(rule, {"made.a": HIGH, "made.b": LOW})


@pytest.mark.parametrize(
    "text", ["a.value < 0 and a.low > b.high", "a.value > 0 or a.low > b.high", "b.high < 0 < a.low"]
)
def test_missing_field_does_not_hide_behind_what_is_decided_without_it(tmp_path, text):
    rule = one_rule(tmp_path, ONE_RULE.replace("a.low > b.high", text))
    with pytest.raises(ValueError, match=r"reads 'low' of made\.a, recorded without"):
        claims.verdict(rule, {"made.a": {"value": 0.5, "high": 0.6, "n": 10}, "made.b": LOW})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("test: A made-up one.\n", ""), "lacks a field: unknown key 'test'"),
        (("rule:", "rules:"), "unknown key 'rules'; did you mean 'rule'"),
        (("  refuted: a.high < b.low\n", ""), "lacks a verdict: unknown key 'refuted'"),
        (("supported:", "suported:"), "did you mean 'supported'"),
        (("a.n < 3", "a.n <"), "not testable at this scale: 'a.n <' is no condition"),
        (("b: made.b", "b: made.b, c: made.c"), "no condition reads c"),
        (("{a: made.a, b: made.b}", "{}"), "no verdict is without a number"),
    ],
)
def test_rule_that_is_written_wrongly(tmp_path, change, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        one_rule(tmp_path, ONE_RULE.replace(*change))


def test_installed_copy_has_the_rules(tmp_path, monkeypatch):
    """Where there is no checkout they are read from beside the module, where the wheel puts them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert (
        project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]["book/claims/rules"] == "ppgn_lib/rules"
    )
    one_rule(tmp_path)
    monkeypatch.setattr(claims, "_CHECKOUT", tmp_path / "not/there")
    monkeypatch.setattr(claims, "_PACKAGED", tmp_path)
    assert list(claims.rules()) == ["C99"]


# Expressions


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("a.low > 0.5", True),
        ("a.value == 0.8 and a.n != 3", True),
        ("not a.low > 0.5 or b.high < 0.1", False),
        ("b.low < 0.15 <= b.value < a.low", True),
        ("b.low < 0.15 <= b.value > a.low", False),
        ("(a.value - b.value) / 2 > 0.25 * a.value + b.low", False),  # 0.3 > 0.3 + ...
        ("-b.value * 3 < -0.5", True),
        ("a.low > 1 or a.low > 0 and not (b.low > 1 or b.high > 1)", True),
    ],
)
def test_conditions_mean_what_python_means(text, truth):
    assert claims.reads(text, ["a", "b"]) == {(name, field) for name, field in re.findall(r"([ab])\.(\w+)", text)}
    found = claims.holds(text, {"a": HIGH._asdict(), "b": LOW._asdict()})
    assert found is truth is eval(text, {"a": HIGH, "b": LOW})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("__import__('os')", "not a comparison"),
        ("__import__('os').system('true') > 0", "not a number"),
        ("a.low.__class__ > 0", "not a number"),
        ("a.__class__ > 0", "fields of a: unknown key '__class__'"),
        ("a.mean > 0", "fields of a: unknown key 'mean'"),
        ("a > 0", "'a' is not a number"),
        ("c.low > 0", "names of the rule: unknown key 'c'"),
        ("max(a.low, 1) > 0", "'max(a.low, 1)' is not a number"),
        ("(lambda: 1)() > 0", "not a number"),
        ("[a.low][0] > 0", "not a number"),
        ("a.low ** 9 > 0", "not a number"),
        ("a.low if a.low > 0 else b.low", "not a comparison"),
        ("a.low in (1, 2)", "not a comparison"),
        ("(x := 1) > 0", "not a number"),
        ("a.low > '1'", "not a number"),
        ("a.low > True", "not a number"),
        ("a.low > 1e999", "not a number"),
        ("a.low > 1j", "not a number"),
        ("True", "not a comparison"),
        ("a.low", "not a comparison"),
        ("a.low and b.low > 0.5", "'a.low' is not a comparison"),
        ("(a.low > 0) + (b.low > 0) > 1", "'a.low > 0' is not a number"),
        ("a.low = 1", "no condition"),
        ("import os", "no condition"),
        ("", "no condition"),
        ("a.low > 0\0", "no condition"),
        ("not " * 200 + "a.low > 0", "at most 400 characters"),
        (True, "a condition is a text"),
    ],
)
def test_nothing_else_of_python_is_understood(text, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        claims.reads(text, ["a", "b"])
