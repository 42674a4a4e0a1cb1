"""The tables of book/claims/index.md: every claim, how it is tested, and its verdict from book/results.json.

Above them a count of the verdicts, with a link to the row of each claim. Below each verdict how to test the claim anew.

python tools/book/claims.py            write them below the page's introduction
python tools/book/claims.py --check    fail if they differ
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ppgn_lib.book import results
from ppgn_lib.book.claims import (
    NOT_TESTABLE,
    NOT_YET,
    PARTLY,
    REFUTED,
    SUPPORTED,
    First,
    Recorded,
    Rule,
    rules,
    unmet,
    verdict,
)
from ppgn_lib.book.generated import differs
from ppgn_lib.checks import known
from ppgn_lib.data.files import read_yaml

ROOT = Path(__file__).resolve().parents[2]
CLAIMS = ROOT / "book/claims/claims.yaml"
PAGE = ROOT / "book/claims/index.md"
RUNS = ROOT / "tools/runs"
MARK = "% From here on the page is written by tools/book/claims.py.\n"
RECORDED = "claim."  # notebooks record the verdict on C16 as claim.C16
CHAPTERS = (
    "Samplers",
    "Denoising autoencoders",
    "Activation maximisation",
    "Variants",
    "Training",
    "Other conditions",
    "Captions",
    "Hidden neurons",
    "Inpainting",
    "Evaluation",
)
Stored = Mapping[str, Mapping[str, Any]]  # book/results.json


class Claim(NamedTuple):
    """What somebody has said."""

    claim: str
    made_in: str
    chapter: str
    runs: Sequence[str] = ()  # scripts of tools/runs with their arguments


def main(arguments: list[str] | None = None) -> int:
    """Write or compare; 1 if the page differs or claims, rules and recorded verdicts do not fit each other."""
    parser = argparse.ArgumentParser(description="The book's table of claims and verdicts.")
    parser.add_argument("--check", action="store_true", help="compare only")
    given = parser.parse_args(arguments)
    claims, how, stored = read_claims(), rules(), results.read(ROOT / "book/results.json")
    wrong = problems(claims, how, stored)
    if wrong:
        print("\n".join(wrong))
        return 1
    old = PAGE.read_text("utf-8")
    if differs(PAGE, page(old, claims, how, stored), check=given.check):
        print("book/claims/index.md is not what claims, rules and results give: run `python tools/book/claims.py`")
        return 1
    return 0


def read_claims(path: Path = CLAIMS) -> dict[str, Claim]:
    """Id -> claim, in the order of the file.

    Raises
    ------
    ValueError
        A field, a chapter or a script is unknown, a field is missing, or an id is given twice.

    """
    found: dict[str, Claim] = {}
    for group, entries in read_yaml(path).items():
        for name, fields in entries.items():
            where = f"{path.name}, {group}, {name}"
            known(fields, Claim._fields, where)
            known([field for field in Claim._fields if field != "runs"], fields, f"{where} lacks a field")
            known([fields["chapter"]], CHAPTERS, f"{where}, chapter")
            known(_scripts(fields.get("runs", []), where), _commands(), f"{where}, runs")
            if name in found:
                raise ValueError(f"{where}: the id is taken")
            found[name] = Claim(**fields)
    return found


def _scripts(runs: Any, where: str) -> list[str]:
    """The file names of the scripts that are to be run."""
    if not isinstance(runs, list) or not all(isinstance(run, str) and run.strip() for run in runs):
        raise ValueError(f"{where}, runs: must be a list of scripts of tools/runs, such as [unseen.py]; got {runs!r}")
    return [shlex.split(run)[0] for run in runs]


@cache
def _commands() -> list[str]:
    """The scripts of tools/runs that one can run; others hold what these share."""
    return [path.name for path in RUNS.glob("*.py") if "__main__" in path.read_text("utf-8")]


def problems(claims: Mapping[str, Claim], how: Mapping[str, Rule], stored: Stored) -> list[str]:
    """What does not fit: a rule without claim, a tested claim without rule, half of a rule's numbers, a wrong word."""
    wrong = [f"{name} has a rule but is not in claims.yaml" for name in how if name not in claims]
    for name, rule in how.items():
        there = [key for key in rule.numbers.values() if key in stored]
        if 0 < len(there) < len(set(rule.numbers.values())):
            wrong.append(f"of the numbers that the rule of {name} reads only {', '.join(there)} are recorded")
    for key, entry in stored.items():
        name = key.removeprefix(RECORDED)
        if name == key:
            continue
        if name not in how:
            wrong.append(f"{entry['notebook']} records {key}, and {name} has no rule")
        elif entry["value"] != (word := verdict(how[name], stored)):
            wrong.append(f"{entry['notebook']} records {key} as {entry['value']!r}; by its rule it is {word!r}")
    return wrong


def page(old: str, claims: Mapping[str, Claim], how: Mapping[str, Rule], stored: Stored) -> str:
    """The page with its introduction as it is and fresh tables."""
    introduction, mark, _ = old.partition(MARK)
    if not mark:
        raise ValueError(f"{PAGE.name} must have the line {MARK.strip()!r} below its introduction")
    words = {name: verdict(how[name], stored) if name in how else NOT_YET for name in claims}
    tested = [name for name, word in words.items() if word != NOT_YET]
    lines = [f"\n{len(claims)} claims, {len(how)} with a rule so far, {len(tested)} tested.\n", _count(words)]
    for chapter in CHAPTERS:
        here = {name: claim for name, claim in claims.items() if claim.chapter == chapter}
        lines.append(f"\n## {chapter}\n\n::::{{list-table}}\n:header-rows: 1\n:widths: 6 22 12 34 26\n")
        lines.append("* - id\n  - claim\n  - made in\n  - our test and its rule\n  - verdict\n")
        for name, claim in here.items():
            rule = how.get(name)
            cells = [
                [f"({_anchor(name)})=\n    {name}"],
                [claim.claim],
                [claim.made_in],
                _tests(rule) if rule else ["–"],
                [
                    f"**{words[name]}**" + _pairs(rule, words[name]),
                    *(_evidence(rule, words[name], stored) if rule else []),
                    *_anew(name, claim, stored.get(RECORDED + name)),
                    *([_verdict_of_first(rule.first)] if rule and rule.first else []),
                ],
            ]
            lines.append("* - " + "\n  - ".join("\n\n    ".join(paragraphs) for paragraphs in cells) + "\n")
        lines.append("::::\n")
    return introduction + mark + "".join(lines)


def _count(words: Mapping[str, str]) -> str:
    """A table of how many claims have each verdict, and which."""
    lines = ["\n:::{list-table}\n:header-rows: 1\n:widths: 25 10 65\n* - verdict\n  - claims\n  - which\n"]
    for word in (SUPPORTED, PARTLY, REFUTED, NOT_TESTABLE, NOT_YET):
        links = [f"[{name}](#{_anchor(name)})" for name, its in words.items() if its == word]
        lines.append(f"* - {word}\n  - {len(links)}\n  - {', '.join(links) or '–'}\n")
    return "".join(lines) + ":::\n"


def _anchor(claim: str) -> str:
    return f"claim-{claim.lower()}"


def _tests(rule: Rule) -> list[str]:
    """The present test and its rule; folded, the first one with its numbers."""
    if not rule.first:
        return [rule.test, _conditions(rule)]
    first, numbers = rule.first.rule, rule.first.numbers
    folded = [first.test, _conditions(first), *(f"`{name}` {shown(numbers[name])}" for name in first.numbers)]
    return [rule.test, _conditions(rule), ":::{dropdown} First test", *folded, ":::"]


def _conditions(rule: Rule) -> str:
    return "; ".join(f"{word} if `{text}`" for word, text in rule.texts.items()) + "; else partly"


def _evidence(rule: Rule, word: str, stored: Stored) -> list[str]:
    """Of a verdict what it lacks, its numbers by their short names, and where to see it."""
    lines = []
    if word != NOT_YET:
        notebook, _, label = rule.figure.partition("#")
        lines += [f"Not met: {lacks}."] if (lacks := _lacks(rule, word, stored)) else []
        lines += [f"`{name}` {shown(stored[key])}" for name, key in rule.numbers.items()]
        lines += [f"{{numref}}`{label}`" if label else f"[notebook](../../{notebook})"]
    return lines


def _anew(name: str, claim: Claim, recorded: Mapping[str, Any] | None) -> list[str]:
    """How to measure a claim once more, if its verdict is recorded; and by hand: scripts, then the chapter."""
    if recorded is None:
        return []
    chapter = recorded["notebook"].partition("_")[0]
    commands = [*(f"python {RUNS.relative_to(ROOT)}/{run}" for run in claim.runs), f"make figures NB={chapter}"]
    command = f"`python tools/book/anew.py {name}`"
    return ["To run it anew:", command, "To compute only what is missing:", *(f"`{command}`" for command in commands)]


def _verdict_of_first(first: First) -> str:
    word = verdict(first.rule, first.numbers)
    lacks = _lacks(first.rule, word, first.numbers)
    not_met = f"; not met: {lacks}" if lacks else ""
    return f"First test: **{word}** (commit {first.commit}){not_met}. What was wrong with it: {first.wrong}"


def _lacks(rule: Rule, word: str, numbers: Mapping[str, Recorded]) -> str:
    """Of a verdict ``partly`` the comparisons that keep it from ``supported``."""
    return ", ".join(f"`{part}`" for part in unmet(rule, numbers)) if word == PARTLY else ""


def _pairs(rule: Rule | None, word: str) -> str:
    """What a verdict rests on, where its rule says so."""
    if word == NOT_YET or rule is None or rule.pairs is None:
        return ""
    return " (rests on one E and one G)" if rule.pairs == 1 else f" (over {rule.pairs} trained pairs)"


def shown(entry: Mapping[str, Any], form: str = ".3f") -> str:
    """As an Estimate prints itself, or in another form; without interval where none was recorded."""
    numbers = [format(entry[key], form) for key in ("value", "low", "high") if key in entry]
    return numbers[0] if len(numbers) == 1 else f"{numbers[0]} [{numbers[1]}, {numbers[2]}]"


if __name__ == "__main__":
    sys.exit(main())
