"""The buttons on the page of the claims that leave those of one verdict."""

import shutil
from html import escape
from pathlib import Path

import pages
import pytest

STATIC = Path(__file__).parents[1] / "book/_static"
CHAPTERS = {  # as on the built page: id and verdict of the rows
    "samplers": {"C01": "supported", "C02": "refuted"},
    "variants": {"C10": "not yet tested", "C11": "not yet tested"},
    "training": {"C20": "supported"},
}
WORDS = ("supported", "partly", "refuted", "not yet tested")
HEAD = """<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8"><title>Claims</title>
<meta name="viewport" content="width=device-width">
<style>:root { color-scheme: light dark; } html[data-theme="dark"] { background: #14181e; color: #ced6dd; }
html[data-theme="light"] { background: #fff; color: #222832; }</style>
<script>if (matchMedia("(prefers-color-scheme: dark)").matches) document.documentElement.dataset.theme = "dark";</script>
<link rel="stylesheet" href="custom.css"><script src="claims_filter.js"></script></head>
<body><main class="bd-content"><section id="claims"><h1>Claims</h1>"""
TAIL = "</section></main></body></html>"

pytestmark = pytest.mark.skipif(pages.chromium() is None, reason="no Chromium")


def row(name, word):
    """A claim, with the verdict of its first test behind that of the present one."""
    first = "<p>First test: <strong>refuted</strong> (commit 20fbb4d).</p>"
    return f'<tr><td><p id="claim-{name.lower()}">{name}</p></td><td><p><strong>{word}</strong></p>{first}</td></tr>'


def table(head, rows):
    """A table with a row of heads."""
    heads = "".join(f"<th>{escape(one)}</th>" for one in head)
    return f"<div><table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A small page of claims, and one without any."""
    folder = tmp_path_factory.mktemp("claims")
    for name in ("custom.css", "claims_filter.js"):
        shutil.copy(STATIC / name, folder)
    rows = {name: word for chapter in CHAPTERS.values() for name, word in chapter.items()}
    link = {name: f'<a href="#claim-{name.lower()}">{name}</a>' for name in rows}
    count = [
        f"<tr><td>{word}</td><td>{' '.join(link[name] for name, its in rows.items() if its == word)}</td></tr>"
        for word in WORDS
    ]
    parts = [
        f'<section id="{chapter}"><h2>{chapter}</h2>'
        + table(("id", "verdict"), [row(*claim) for claim in its.items()])
        + "</section>"
        for chapter, its in CHAPTERS.items()
    ]
    (folder / "index.html").write_text(HEAD + table(("verdict", "which"), count) + "".join(parts) + TAIL)
    (folder / "other.html").write_text(HEAD + table(("verdict", "which"), count) + TAIL)
    with pages.served(folder) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with pages.browser() as opened:
        yield opened


@pytest.fixture
def page(browser):
    page = browser.new_page()
    page.set_default_timeout(120_000)  # on a busy machine
    errors = []
    page.on("pageerror", lambda error: errors.append(error.message))
    yield page
    page.close()
    assert not errors


def shown(page):
    """The claims and chapters that one sees."""
    names = [box.inner_text() for box in page.query_selector_all("td [id^=claim-]") if box.is_visible()]
    return names, [box.inner_text() for box in page.query_selector_all("h2") if box.is_visible()]


def pressed(page):
    """What the pressed buttons say."""
    return [box.inner_text() for box in page.query_selector_all("button[aria-pressed=true]")]


EVERY = (["C01", "C02", "C10", "C11", "C20"], ["samplers", "variants", "training"])


def test_a_button_leaves_the_claims_of_its_verdict_and_the_address_says_so(page, address):
    page.goto(f"{address}/index.html#claim-c20")
    counts = ["all (5)", "supported (2)", "partly (0)", "refuted (1)", "not yet tested (2)"]
    assert [box.inner_text() for box in page.query_selector_all("button")] == counts
    assert shown(page) == EVERY and pressed(page) == ["all (5)"]
    page.click("text=not yet tested (2)")
    assert shown(page) == (["C10", "C11"], ["variants"]) and pressed(page) == ["not yet tested (2)"]
    assert page.url == f"{address}/index.html?verdict=not-yet-tested"
    assert page.inner_text("[role=status]") == "2 of 5 claims are shown."
    assert page.is_visible("text=partly (0)") and page.is_visible("a[href='#claim-c01']"), "what stands above stays"
    page.reload()
    assert shown(page) == (["C10", "C11"], ["variants"])
    page.click("text=all (5)")
    assert shown(page) == EVERY and page.url == f"{address}/index.html"


def test_the_buttons_can_be_used_by_keyboard(page, address):
    page.goto(f"{address}/index.html")
    page.focus("text=partly (0)")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert pressed(page) == ["refuted (1)"] and shown(page) == (["C02"], ["samplers"])
    ring = page.evaluate("(s => [s.outlineStyle, s.outlineColor])(getComputedStyle(document.activeElement))")
    assert ring[0] != "none" and ring[1] != "rgba(0, 0, 0, 0)", "one sees where the keyboard is"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    assert pressed(page) == ["partly (0)"] and shown(page) == ([], [])


def test_a_link_to_a_hidden_claim_or_chapter_shows_it(page, address):
    page.goto(f"{address}/index.html?verdict=refuted#claim-c02")
    assert shown(page) == (["C02"], ["samplers"]), "a claim that is not hidden leaves the choice"
    page.click("a[href='#claim-c02']")
    assert pressed(page) == ["refuted (1)"]
    page.click("a[href='#claim-c10']")
    page.wait_for_url(f"{address}/index.html#claim-c10")
    assert shown(page) == EVERY and pressed(page) == ["all (5)"]
    page.go_back()
    page.wait_for_url(f"{address}/index.html?verdict=refuted#claim-c02")
    assert shown(page) == (["C02"], ["samplers"]) and pressed(page) == ["refuted (1)"]
    for target in ("claim-c10", "variants"):
        page.goto("about:blank")
        page.goto(f"{address}/index.html?verdict=refuted#{target}")
        assert shown(page) == EVERY and page.url == f"{address}/index.html#{target}"
    page.goto(f"{address}/index.html?verdict=unknown#nowhere")
    assert shown(page) == EVERY and pressed(page) == ["all (5)"]


@pytest.mark.parametrize(("name", "scripts"), [("index", False), ("other", True)])
def test_without_scripts_or_claims_nothing_changes(browser, address, name, scripts):
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{address}/{name}.html?verdict=refuted")
    assert not page.query_selector("button") and page.query_selector("table").is_visible()
    assert shown(page) == (EVERY if name == "index" else ([], []))
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_buttons_are_accessible_and_narrow(browser, address, scheme):
    assert pages.found(browser, f"{address}/index.html?verdict=refuted", scheme) == []
