"""Verdicts follow from numbers by the rules, and a rule is nothing but comparisons of recorded numbers."""

import ast
import math
import random
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
    with pytest.raises(ValueError, match="unknown key 'C99'; did you mean"):
        claims.decide("C99", {})


def test_rule_that_contradicts_itself(tmp_path):
    rule = one_rule(tmp_path, ONE_RULE.replace("a.high < b.low", "a.high > b.low"))
    with pytest.raises(ValueError, match="both supported and refuted"):
        claims.verdict(rule, {"made.a": HIGH, "made.b": LOW})


# What a rule can say


def constants(rule):
    """The numbers in its conditions, with their sign."""
    found = set()
    for text in rule.texts.values():
        for node in ast.walk(ast.parse(text.strip(), mode="eval")):
            match node:
                case ast.Constant(value=x):
                    found.add(x)
                case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=x)):
                    found.add(-x)
    return found


def estimates(rule):
    """Narrow and wide intervals around its thresholds; in [-1, 1] where all of these are shares or differences of such."""
    thresholds = constants(rule) or {0.5}  # without any, numbers are compared with each other
    centres = {0.0, *(c * f for c in thresholds for f in (0.5, 0.9, 1.1, 2))}
    centres |= {c + d for c in thresholds for d in (-0.5, -0.02, 0.02, 0.5)}
    counts = sorted({1, 10, 100, 1000, *(max(1, int(c) + d) for c in thresholds for d in (-1, 0, 1))})
    if not any(field == "n" for _, field in rule.reads):
        counts = [100]
    largest = max(map(abs, thresholds))
    end = 1 if largest < 1 else math.inf
    widths = [w * max(1, largest) for w in (0.001, 0.01, 0.1, 1)]
    sides = {tuple(max(-end, min(end, x)) for x in (c, c - w, c + w)) for c in centres for w in widths}
    return [Estimate(*side, n) for side in sorted(sides) for n in counts]


def reached(rule, draws=50_000):
    """The verdicts at random choices of these; ``ValueError`` where supported and refuted both hold."""
    choices, keys = estimates(rule), sorted(set(rule.numbers.values()))
    conditions = [compile(text.strip(), rule.claim, "eval") for text in rule.texts.values()]
    draw, words = random.Random(0), {}
    for _ in range(draws):
        numbers = dict(zip(keys, draw.choices(choices, k=len(keys)), strict=True))
        names = {name: numbers[key] for name, key in rule.numbers.items()}
        held = tuple(eval(condition, {}, names) for condition in conditions)
        if held not in words:  # which conditions hold is all that a verdict depends on: one case of each is enough
            words[held] = claims.verdict(rule, numbers)
    return set(words.values())


def reads_a_value(rule):
    """Whether supported or refuted needs no interval."""
    return any(
        field == "value"
        for word in ("supported", "refuted")
        for _, field in claims.reads(rule.texts[word], rule.numbers)
    )


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule_of_the_book_can_come_out_as_each_verdict_and_never_as_two(rule):
    assert reached(rule) == {"partly", *rule.texts}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule_of_the_book_supports_and_refutes_by_intervals(rule):
    assert not reads_a_value(rule)


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ("a.low > b.high", "a.low > b.high", set()),
        ("a.high < b.low", "a.high < 0.2 and a.low > 0.3", {"refuted"}),
        ("a.low > b.high", "a.low > 2 and a.high < 2", {"supported"}),
        ("a.n < 3", "a.n < 1", {"not testable at this scale"}),
        ("a.high < b.low", "a.low <= b.high", {"partly"}),
    ],
)
def test_rule_that_cannot_come_out_as_one_of_its_verdicts_is_found(tmp_path, old, new, lost):
    rule = one_rule(tmp_path, ONE_RULE.replace(old, new))
    assert reached(rule) == {"partly", *rule.texts} - lost


def test_rule_that_asks_too_much_of_shares_or_contradicts_itself_is_found(tmp_path):
    shares = ONE_RULE.replace("  not testable at this scale: a.n < 3\n", "")
    asks = one_rule(tmp_path, shares.replace("a.low > b.high", "a.low > 0.6 + b.high and b.low > 0.5"))
    assert reached(asks) == {"partly", "refuted"}
    assert reached(one_rule(tmp_path, shares)) == {"partly", "supported", "refuted"}
    with pytest.raises(ValueError, match="both supported and refuted"):
        reached(one_rule(tmp_path, shares.replace("a.low > b.high", "a.low > 0.5 and b.high > 0.5")))


def test_rule_that_needs_no_interval_is_found(tmp_path):
    assert not reads_a_value(one_rule(tmp_path)) and not reads_a_value(
        one_rule(tmp_path, ONE_RULE.replace("a.n < 3", "a.value < 3"))
    )
    assert reads_a_value(one_rule(tmp_path, ONE_RULE.replace("a.low > b.high", "a.low > b.value")))
    assert reads_a_value(one_rule(tmp_path, ONE_RULE.replace("a.high < b.low", "a.value < b.low")))


# What a verdict lacks, the first test, the pairs


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("a.low > b.high", []),
        ("a.low > 0.5 and b.low > 0.5", ["b.low > 0.5"]),
        ("a.low > 0.75 and\n  (b.low >\n  0.5 or b.high > 0.5)", ["a.low > 0.75", "b.low > 0.5 or b.high > 0.5"]),
        ("a.low > 0.9 or a.low > 0.8 and b.low > 0", ["a.low > 0.9 or a.low > 0.8 and b.low > 0"]),
        ("not (a.low > 0 and b.low > 0) and -b.low < 0 < (a.high)", ["not (a.low > 0 and b.low > 0)"]),
    ],
)
def test_what_is_not_met(tmp_path, text, lacks):
    rule = one_rule(tmp_path)
    rule = rule._replace(texts={**rule.texts, "supported": text})
    assert claims.unmet(rule, {"made.a": HIGH, "made.b": LOW}) == lacks


FIRST = """
first:
  test: >
    An older
    one.
  numbers: {m: [0.2, 0.1, 0.3], k: 3}
  rule: {supported: m.low > 0.2 and k.value > 2, refuted: m.high < 0}
  wrong: It was poor.
  commit: 20fbb4d
"""


def test_first_test_has_its_verdict_from_its_own_numbers_and_rule(tmp_path):
    rule = one_rule(tmp_path, ONE_RULE + FIRST + "pairs: 3\n")
    assert rule.pairs == 3 and one_rule(tmp_path).first is one_rule(tmp_path).pairs is None
    rule = one_rule(tmp_path, ONE_RULE + FIRST)
    first = rule.first
    assert (first.rule.test, first.wrong, first.commit) == ("An older one.", "It was poor.", "20fbb4d")
    assert first.numbers == {"m": {"value": 0.2, "low": 0.1, "high": 0.3}, "k": {"value": 3}}
    assert claims.verdict(first.rule, first.numbers) == "partly"
    assert claims.unmet(first.rule, first.numbers) == ["m.low > 0.2"]
    higher = one_rule(tmp_path, ONE_RULE + FIRST.replace("0.1", "0.25")).first
    assert claims.verdict(higher.rule, higher.numbers) == "supported"
    assert claims.verdict(rule, {"made.a": HIGH, "made.b": LOW}) == "supported"  # the present one is not concerned


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (FIRST, "first: An older one.\n", "first must have the fields test, numbers"),
        ("  wrong: It", "  worng: It", "first: unknown key 'worng'; did you mean 'wrong'"),
        ("  wrong: It was poor.\n", "", "first lacks a field: unknown key 'wrong'"),
        ("20fbb4d", "1234567", "commit must be 7 to 40 hex digits, in quotes if they may be a number; got 1234567"),
        ("20fbb4d", "20fbb4", "commit must be 7 to 40 hex digits"),
        ("20fbb4d", "20fbb4d-dirty", "commit must be 7 to 40 hex digits"),
        ("refuted: m.high < 0", "suported: m.high < 0", "first, rule: unknown key 'suported'"),
        (", refuted: m.high < 0", "", "first, rule lacks a verdict: unknown key 'refuted'"),
        ("m.high < 0", "m.hihg < 0", "first, refuted: fields of m: unknown key 'hihg'"),
        (" and k.value > 2", "", "first: no condition reads k"),
        ("k.value > 2", "k.low > 2", "first: the rule of C99 reads 'low' of k, recorded without"),
        (
            "0.2 and k.value > 2, refuted: m.high <",
            "0 and k.value > 2, refuted: m.high >",
            "first: by its rule C99 is both",
        ),
        ("[0.2, 0.1, 0.3]", "[0.2, 0.1]", "first: m must be a number or [value, low, high]"),
        ("[0.2, 0.1, 0.3]", "[0.2, 0.3, 0.1]", "first: m: the low end is above the high one"),
        ("k: 3", "k: three", "first: k must be a number or [value, low, high]; got 'three'"),
        ("k: 3", "k: .nan", "first: k: value must be a finite number"),
        ("{m: [0.2, 0.1, 0.3], k: 3}", "{}", "first: numbers and rule must be"),
        (FIRST, "pairs: 0\n", "pairs must be an integer of at least 1; got 0"),
        (FIRST, "pairs: two\n", "pairs must be an integer of at least 1; got 'two'"),
        (FIRST, "pairs: true\n", "pairs must be an integer of at least 1; got True"),
    ],
)
def test_first_test_or_pairs_that_are_written_wrongly(tmp_path, old, new, message):
    assert old in FIRST
    with pytest.raises(ValueError, match=re.escape(message)):
        one_rule(tmp_path, ONE_RULE + FIRST.replace(old, new))


def test_commit_of_digits_alone_is_welcome_in_quotes(tmp_path):
    assert one_rule(tmp_path, ONE_RULE + FIRST.replace("20fbb4d", "'1234567'")).first.commit == "1234567"


# Rules and numbers that are wrong


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
