"""Claims: every one is in the table, and claims, rules, recorded numbers and prose fit each other."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import ablation
import acgan_judges
import acgan_nets
import acgan_table
import captions
import claims as page
import fills
import judgements
import mixing
import nbformat
import pytest
import several
import yaml
from notebook_format import records

from ppgn_lib.book import claims, results

ROOT = Path(__file__).parents[1]
STORED = results.read(ROOT / "book/results.json")
RULES = claims.rules()
CLAIMS = page.read_claims()
IDS = {f"C{i:02d}" for i in (*range(1, 28), *range(30, 64))}  # the list has no C28 and C29

HIGH, LOW = {"value": 0.8, "low": 0.7, "high": 0.9, "n": 10}, {"value": 0.2, "low": 0.1, "high": 0.3, "n": 10}
CONDITIONS = {"supported": "a.low > b.high", "refuted": "a.high < b.low"}
ONE_RULE = claims.Rule(
    "C99",
    "A made-up one.",
    "notebooks/99_none.ipynb#fig-none",
    {"a": "made.a", "b": "made.b"},
    CONDITIONS,
    frozenset({("a", "low"), ("a", "high"), ("b", "low"), ("b", "high")}),
)


def notebook_records(name):
    path = ROOT / f"notebooks/{name}.ipynb"
    assert path.exists(), f"book/results.json names {path.name}, which is not there"
    return records(nbformat.read(path, as_version=4), name, "cpu")


# The book's own files


def test_every_claim_of_the_list_is_there():
    assert set(CLAIMS) == IDS


def test_no_claim_is_written_twice():
    """YAML would silently keep the last. A rule is a file of its own."""
    ids = re.findall(r"^\s*(C\d\d):", (ROOT / "book/claims/claims.yaml").read_text("utf-8"), re.MULTILINE)
    assert len(ids) == len(set(ids))


def test_claims_rules_and_results_fit():
    assert page.problems(CLAIMS, RULES, STORED) == []


def test_every_recorded_number_of_a_rule_and_every_recorded_verdict_has_its_cell():
    read = {key for rule in RULES.values() for key in rule.numbers.values()}
    for key, entry in STORED.items():
        if key in read or key.startswith(page.RECORDED):
            assert notebook_records(entry["notebook"]).get(key) == entry, f"no cell of {entry['notebook']} has {key}"


def test_figures_of_tested_claims_exist():
    for rule in RULES.values():
        if claims.verdict(rule, STORED) != claims.NOT_YET:
            notebook, _, label = rule.figure.partition("#")
            cells = nbformat.read(ROOT / notebook, as_version=4).cells
            names = {cell.metadata.get("mystnb", {}).get("figure", {}).get("name") for cell in cells}
            assert not label or label in names, f"{notebook} has no figure {label}"


def test_page_is_what_claims_rules_and_results_give():
    done = subprocess.run(
        [sys.executable, "tools/book/claims.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("claim", [name for name in CLAIMS if page.RECORDED + name in STORED])
def test_scripts_of_a_tested_claim_write_what_its_chapter_reads(claim):
    source = (ROOT / f"notebooks/{STORED[page.RECORDED + claim]['notebook']}.py").read_text("utf-8")
    read = set(re.findall(r'locate\("results/(\w+)\.', source)) | (
        {"judgements"} if "Judgements()" in source else set()
    )
    for run in CLAIMS[claim].runs:
        if run.split()[0] == "acgan_nets.py":
            continue  # trains networks, which the scripts after it need
        script = (page.RUNS / run.split()[0]).read_text("utf-8")
        assert read & set(re.findall(r'RESULTS / "(\w+)\.', script)), f"{claim} needs no {run}"


def test_names_of_sets_in_the_commands_are_known_to_their_scripts():
    sets = {
        "ablation.py": ablation.ROWS,
        "acgan_judges.py": acgan_judges.names(),
        "acgan_nets.py": acgan_nets.GROUPS,
        "acgan_table.py": acgan_table.entries(),
        "bulk.py": ("sweep", "samples"),
        "captions.py": captions.SETS,
        "fills.py": fills.ways(fills.Chosen((0.0, 0.0), 0.0, "")),
        "judgements.py": judgements.entries(),
        "mixing.py": mixing.VARIANTS,
        "several.py": several.SETS,
    }
    for claim, of in CLAIMS.items():
        for script, *names in map(shlex.split, of.runs):
            assert set(names) <= set(sets.get(script, ())), f"{claim}: {script} {' '.join(names)}"


def typed_verdicts(text):
    """Sentences that name a claim and type its verdict; a paragraph's lines belong together, roles are left out."""
    text = re.sub(r"\{glue:\w+\}`[^`]*`", "", text)
    paragraphs = [" ".join(line.lstrip("# ") for line in block.splitlines()) for block in re.split(r"\n[\s#]*\n", text)]
    word = r"\b(supported|refuted|partly|not testable)\b"
    pattern = rf"C\d\d[^.]*{word}|{word}[^.]*\bC\d\d"
    return [match[0] for paragraph in paragraphs for match in re.finditer(pattern, paragraph)]


def test_no_verdict_is_typed_in_prose():
    introduction = page.PAGE.read_text("utf-8").partition(page.MARK)[0]
    prose = [*(ROOT / "book").glob("*.md"), *(ROOT / "notebooks").glob("*.py")]
    for text in (introduction, *(path.read_text("utf-8") for path in prose)):
        assert typed_verdicts(text) == []


def test_a_typed_verdict_is_found_and_a_glued_one_is_not():
    assert typed_verdicts("The claim C16 is supported.") and typed_verdicts("# So C16 was\n# refuted by it.")
    assert typed_verdicts("This supported C16.") and typed_verdicts("C16 holds partly.")
    assert not typed_verdicts("C16 is {glue:text}`../notebooks/08.ipynb::claim.C16:s`.")
    assert not typed_verdicts("We test C16.\n\nOther ideas were refuted.")


# The page


def test_what_does_not_fit_is_told():
    known = {"C99": page.Claim("Something.", "somewhere", "Variants")}
    how = {"C99": ONE_RULE}
    numbers = {"made.a": HIGH, "made.b": LOW}
    word = {"value": "supported", "notebook": "99_none"}
    assert page.problems(known, how, {**numbers, "claim.C99": word}) == []
    (rule_without_claim,) = page.problems({}, how, {})
    (claim_without_rule,) = page.problems(known, {}, {"claim.C99": word})
    (half,) = page.problems(known, how, {"made.a": numbers["made.a"]})
    (other_word,) = page.problems(known, how, {**numbers, "claim.C99": {**word, "value": "refuted"}})
    (too_early,) = page.problems(known, how, {"claim.C99": word})
    assert "not in claims.yaml" in rule_without_claim and "has no rule" in claim_without_rule
    assert "only made.a" in half and "by its rule it is 'supported'" in other_word
    assert "by its rule it is 'not yet tested'" in too_early


def test_page_shows_verdict_numbers_and_figure():
    known = {name: page.Claim("Something.", "somewhere", "Variants") for name in ("C98", "C99")}
    stored = {"made.a": HIGH, "made.b": {"value": 0.5, "low": 0.4, "high": 0.6}}
    text = page.page("Before.\n" + page.MARK + "old", known, {"C99": ONE_RULE}, stored)
    assert text.startswith("Before.\n" + page.MARK) and "old" not in text
    assert "2 claims, 1 with a rule so far, 1 tested" in text
    assert (
        "**supported**\n\n    `a` 0.800 [0.700, 0.900]\n\n    `b` 0.500 [0.400, 0.600]\n\n    {numref}`fig-none`"
        in text
    )
    assert text.count("**not yet tested**") == 1
    assert text == page.page(text, known, {"C99": ONE_RULE}, stored)
    with pytest.raises(ValueError, match="must have the line"):
        page.page("No mark.", known, {}, {})


def test_page_says_how_to_run_a_recorded_claim_anew():
    known = {"C99": page.Claim("Something.", "somewhere", "Variants", ("one.py", "two.py a 'b c'"))}
    numbers = {"made.a": HIGH, "made.b": LOW}
    recorded = {**numbers, "claim.C99": {"value": "supported", "notebook": "99_none"}}

    def last_cell(stored):
        return page.page(page.MARK, known, {"C99": ONE_RULE}, stored).partition("  - **")[2].partition("\n::::")[0]

    anew = "To run it anew:", "`python tools/book/anew.py C99`", "To compute only what is missing:"
    commands = "`python tools/runs/one.py`", "`python tools/runs/two.py a 'b c'`", "`make figures NB=99`"
    assert last_cell(recorded).endswith("\n\n    ".join(["{numref}`fig-none`", *anew, *commands]))
    assert "python" not in last_cell(numbers) and "make" not in last_cell(numbers)
    known["C99"] = known["C99"]._replace(runs=())
    assert last_cell(recorded).endswith("\n\n    ".join([*anew, "`make figures NB=99`"]))


def test_page_counts_verdicts_and_links_to_the_rows():
    known = {name: page.Claim("Something.", "somewhere", "Variants") for name in ("C97", "C98", "C99")}
    text = page.page(page.MARK, known, {"C99": ONE_RULE}, {"made.a": HIGH, "made.b": LOW})
    count = text[: text.index("## Samplers")]
    assert "* - supported\n  - 1\n  - [C99](#claim-c99)\n" in count and "* - refuted\n  - 0\n  - –\n" in count
    assert "* - not yet tested\n  - 2\n  - [C97](#claim-c97), [C98](#claim-c98)\n" in count
    assert all(text.count(f"* - (claim-{name.lower()})=\n    {name}\n") == 1 for name in known)


def test_page_says_what_a_partly_lacks_and_on_how_many_pairs_a_verdict_rests():
    known = {"C99": page.Claim("Something.", "somewhere", "Variants")}

    def shown(pairs, b):
        return page.page(page.MARK, known, {"C99": ONE_RULE._replace(pairs=pairs)}, {"made.a": HIGH, "made.b": b})

    assert "**partly** (rests on one E and one G)\n\n    Not met: `a.low > b.high`.\n\n    `a`" in shown(1, HIGH)
    assert "**supported** (over 3 trained pairs)\n\n    `a`" in shown(3, LOW)
    assert "**not yet tested**\n" in page.page(page.MARK, known, {"C99": ONE_RULE._replace(pairs=1)}, {})
    assert "Not met" not in shown(1, LOW) and "Not met" not in shown(1, {**HIGH, "low": 1.9, "high": 2})


@pytest.mark.parametrize("stored", [{}, {"made.a": HIGH, "made.b": LOW}])
def test_page_keeps_the_first_test_folded_and_computes_its_verdict(stored):
    rule = claims.Rule("C99", "An old one.", "", {"m": "m"}, {"supported": "m.low > 0", "refuted": "m.high < 0"}, {})
    first = claims.First(rule, {"m": {"value": 0.1, "low": -0.2, "high": 0.3}}, "It was poor.", "20fbb4d")
    known = {"C99": page.Claim("Something.", "somewhere", "Variants")}
    text = page.page(page.MARK, known, {"C99": ONE_RULE._replace(first=first)}, stored)
    folded = text.partition(":::{dropdown} First test\n")[2].partition("    :::\n")[0]
    assert "An old one." in folded and "`m.low > 0`" in folded and "`m` 0.100 [-0.200, 0.300]" in folded
    last = "First test: **partly** (commit 20fbb4d); not met: `m.low > 0`. What was wrong with it: It was poor."
    assert f"\n\n    {last}\n::::\n" in text
    refuted = first._replace(numbers={"m": {"value": -0.2, "low": -0.3, "high": -0.1}})
    text = page.page(page.MARK, known, {"C99": ONE_RULE._replace(first=refuted)}, stored)
    assert "First test: **refuted** (commit 20fbb4d). What was wrong with it: It was poor." in text


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("chapter: Samplers", "chapter: Sampler", "did you mean 'Samplers'"),
        ("made_in: Table S1\n", "\n", "lacks a field"),
        ("C02:", "C01:", "the id is taken"),
        ("runs:", "run:", "did you mean 'runs'"),
        ("unseen.py a b", "unseem.py a b", "runs: unknown key 'unseem.py'; did you mean 'unseen.py'"),
        ("unseen.py a b", "stored.py", "runs: unknown key 'stored.py'"),  # nothing that one can run
        ("runs:\n    - unseen.py a b", "runs: unseen.py", "runs: must be a list of scripts"),
    ],
)
def test_claims_that_are_written_wrongly(tmp_path, old, new, message):
    entry = {"claim": "Something.", "made_in": "Table S1", "chapter": "Samplers", "runs": ["unseen.py a b"]}
    path = tmp_path / "claims.yaml"
    text = yaml.safe_dump({"One": {"C01": entry}, "Two": {"C02": {**entry, "runs": [*entry["runs"]]}}})
    path.write_text(text)
    assert page.read_claims(path)["C02"].runs == ["unseen.py a b"]
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(ValueError, match=re.escape(message)):
        page.read_claims(path)


def test_stale_page_is_told(tmp_path, monkeypatch, capsys):
    stale = tmp_path / "index.md"
    stale.write_text(page.PAGE.read_text("utf-8").replace("**not yet tested**", "**supported**", 1))
    monkeypatch.setattr(page, "PAGE", stale)
    assert page.main(["--check"]) == 1 and "run `python tools/book/claims.py`" in capsys.readouterr().out
    assert page.main([]) == 0 and page.main(["--check"]) == 0
