"""The tables of book/claims/index.md: every claim, how it is tested, and its verdict from book/results.json.

python tools/book/claims.py            write them below the page's introduction
python tools/book/claims.py --check    fail if they differ
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ppgn_lib.book import results
from ppgn_lib.book.claims import NOT_YET, Rule, rules, verdict
from ppgn_lib.book.generated import differs
from ppgn_lib.checks import known
from ppgn_lib.data.files import read_yaml

ROOT = Path(__file__).resolve().parents[2]
CLAIMS = ROOT / "book/claims/claims.yaml"
PAGE = ROOT / "book/claims/index.md"
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
    """Id -> claim, in the order of the file; ``ValueError`` for an unknown field or chapter, or an id given twice."""
    found: dict[str, Claim] = {}
    for group, entries in read_yaml(path).items():
        for name, fields in entries.items():
            where = f"{path.name}, {group}, {name}"
            known(fields, Claim._fields, where)
            known(Claim._fields, fields, f"{where} lacks a field")
            known([fields["chapter"]], CHAPTERS, f"{where}, chapter")
            if name in found:
                raise ValueError(f"{where}: the id is taken")
            found[name] = Claim(**fields)
    return found


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
    lines = [f"\n{len(claims)} claims, {len(how)} with a rule so far, {len(tested)} tested.\n"]
    for chapter in CHAPTERS:
        here = {name: claim for name, claim in claims.items() if claim.chapter == chapter}
        lines.append(f"\n## {chapter}\n\n:::{{list-table}}\n:header-rows: 1\n:widths: 7 33 17 28 15\n")
        lines.append("* - id\n  - claim\n  - made in\n  - our test and its rule\n  - verdict\n")
        for name, claim in here.items():
            rule = how.get(name)
            cells = [
                [name],
                [claim.claim],
                [claim.made_in],
                [rule.test, _conditions(rule)] if rule else ["–"],
                [f"**{words[name]}**", *(_evidence(rule, stored) if rule and name in tested else [])],
            ]
            lines.append("* - " + "\n  - ".join("\n\n    ".join(paragraphs) for paragraphs in cells) + "\n")
        lines.append(":::\n")
    return introduction + mark + "".join(lines)


def _conditions(rule: Rule) -> str:
    return "; ".join(f"{word} if `{text}`" for word, text in rule.texts.items()) + "; else partly"


def _evidence(rule: Rule, stored: Stored) -> list[str]:
    """The numbers of a verdict by their short names, then where to see it."""
    notebook, _, label = rule.figure.partition("#")
    numbers = [f"`{name}` {_shown(stored[key])}" for name, key in rule.numbers.items()]
    return [*numbers, f"{{numref}}`{label}`" if label else f"[notebook](../../{notebook})"]


def _shown(entry: Mapping[str, Any]) -> str:
    """As an Estimate prints itself; without interval where none was recorded."""
    if "low" not in entry:
        return f"{entry['value']:.3f}"
    return f"{entry['value']:.3f} [{entry['low']:.3f}, {entry['high']:.3f}]"


if __name__ == "__main__":
    sys.exit(main())
