"""The book's conclusion: every tested claim is there, under the heading that its verdict asks for."""

import re
from pathlib import Path

from ppgn_lib.book import results

ROOT = Path(__file__).resolve().parents[1]
HELD, NOT = "**What held**", "**What did not**"


def by_heading(text):
    """The claims whose verdict stands below each of the two headings."""
    found = {HELD: set(), NOT: set()}
    for part in re.split(r"(?=\*\*What (?:held|did not)\*\*)|^## ", text, flags=re.MULTILINE):
        for heading, claims in found.items():
            if part.startswith(heading):
                claims.update(re.findall(r"::claim\.(C\d\d):s", part))
    return found


def test_claims_stand_under_the_heading_of_their_verdict():
    recorded = results.read(ROOT / "book/results.json")
    verdicts = {key.removeprefix("claim."): of["value"] for key, of in recorded.items() if key.startswith("claim.")}
    found = by_heading((ROOT / "book/what_held.md").read_text("utf-8"))
    supported = {claim for claim, word in verdicts.items() if word == "supported"}
    assert found[HELD] == supported
    assert found[NOT] == set(verdicts) - supported


def test_a_claim_under_the_wrong_heading_would_be_seen():
    text = f"## A\n\n{HELD}\n\n- x {{glue:text}}`a::claim.C01:s`\n\n{NOT}\n\n- `a::claim.C02:s`\n\n## B\n\n`a::claim.C03:s`"
    assert by_heading(text) == {HELD: {"C01"}, NOT: {"C02"}}
