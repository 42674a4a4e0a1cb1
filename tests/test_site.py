"""What the book's settings make of two pages: links, the page for wrong addresses, sitemap, card, print."""

import shutil
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import build_book
import links
import numpy as np
import pages
import pdf
import pytest
import yaml
from PIL import Image
from pypdf import PdfReader

from ppgn_lib.book.animations import film

ROOT = Path(__file__).parents[1]
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
SITE = CONFIG["html"]["baseurl"]
TITLE = CONFIG["title"]
needs_chromium = pytest.mark.skipif(pages.chromium() is None, reason="no Chromium")
WHITE = np.full((48, 64, 3), 255, np.uint8)
RED, BLUE = WHITE * (1, 0, 0), WHITE * (0, 0, 1)


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    """Two pages, built as the book is; the second has a film that is red at first and blue ever after."""
    stage = tmp_path_factory.mktemp("site")
    left_out = shutil.ignore_patterns("*.md", "claims", "live", "_parts", "results.json")
    shutil.copytree(ROOT / "book", stage / "book", ignore=left_out)
    shutil.copy(ROOT / "_config.yml", stage)
    toc = {"format": "jb-book", "root": "book/intro", "chapters": [{"file": "book/film"}]}
    (stage / "_toc.yml").write_text(yaml.safe_dump(toc))
    (stage / "book/intro.md").write_text("# Start\n\nFirst words.\n\n## Chapters\n\n[A film](film.md), $x = 1$.\n")
    frames = [frame.astype(np.uint8) for frame in (RED, BLUE, BLUE)]
    shown = film(frames, "red, then blue", caption="A film.", milliseconds=20).data
    (stage / "book/film.md").write_text(f"# Film\n\nMoving words.\n\n```{{raw}} html\n{shown}\n```\n")
    done = build_book.strict(stage)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return stage / "_build/html"


def test_every_link_of_the_built_pages_leads_somewhere(html, capsys):
    assert links.main([], html) == 0, capsys.readouterr().out


def test_links_that_lead_nowhere_are_named(tmp_path, capsys):
    (tmp_path / "sub").mkdir()
    (tmp_path / "picture.png").write_bytes(b"")
    (tmp_path / "sub/index.html").write_text('<h1 id="there">a</h1><a name="old"></a><a href="../a.html">b</a>')
    good = (
        '<a href="sub/#there">1</a><a href="sub/index.html#old">2</a><a href="#top">3</a><img src="picture.png">'
        f'<a href="{SITE}sub/">4</a><a href="mailto:a@b.c">5</a><a href="https://elsewhere.invalid/x#y">6</a>'
    )
    (tmp_path / "a.html").write_text(good)
    assert links.main(["--list"], tmp_path) == 0
    assert "https://elsewhere.invalid/x (a.html)" in capsys.readouterr().out
    bad = {
        "gone.html": "there is no gone.html",
        "sub/#here": "sub/index.html has no here",
        "#mine": "a.html has no mine",
        "/sub/index.html": "leaves the book",
        "../b.html": "leaves the book",
    }
    raw = "<video poster='no.png'></video><img srcset='picture.png 1x, two.png 2x'><meta http-equiv='Refresh' content='0; url=c.html'>"
    (tmp_path / "a.html").write_text(good + raw + "".join(f'<a href="{link}">x</a>' for link in bad))
    (tmp_path / "sitemap.xml").write_text(f"<urlset><url><loc>{SITE}a.html</loc><loc>{SITE}z.html</loc></url></urlset>")
    assert links.main([], tmp_path) == 1
    lines = capsys.readouterr().out.splitlines()[:-1]
    for link, reason in {**bad, "no.png": "no.png", "two.png": "two.png", "c.html": "c.html"}.items():
        assert any(line.startswith(f"a.html: {link} ") and reason in line for line in lines), link
    assert f"sitemap.xml: {SITE}z.html leads nowhere: there is no z.html" in lines and len(lines) == len(bad) + 4


def test_addresses_elsewhere_are_asked_when_told_to(tmp_path, capsys):
    (tmp_path / "b").mkdir()
    with pages.served(tmp_path / "b") as address:
        (tmp_path / "a.html").write_text(f'<a href="{address}/">is there</a><a href="{address}/no">is not</a>')
        assert links.main([], tmp_path) == 0
        assert links.main(["--ask"], tmp_path) == 1
    assert f"a.html: {address}/no does not answer: HTTP Error 404" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", ["nowhere.html", "notebooks/old/deep/", "book/film.html/"])
def test_the_page_for_wrong_addresses_works_at_any_depth(html, wrong):
    read = links.read(html)
    page = read["404.html"]
    start = urljoin(SITE + wrong, page.base)
    targets = [urldefrag(urljoin(start, link)) for link in page.links]
    inside = [(address, part) for address, part in targets if address.startswith(SITE)]
    assert not [found for address, part in inside if (found := links.nowhere(address, part, read, html))]
    names = {(address.removeprefix(SITE), part) for address, part in inside}
    assert {("book/intro.html", "chapters"), ("book/film.html", ""), ("search.html", "")} <= names
    assert not [address for address, _ in targets if "/old/" in address]


def test_the_sitemap_has_the_pages_of_the_contents(html):
    assert links.read(html)["sitemap.xml"].links == {f"{SITE}book/intro.html", f"{SITE}book/film.html"}


def test_links_to_the_book_are_shown_with_title_words_and_card(html):
    text = (html / "book/film.html").read_text("utf-8")
    for tag in (
        '<meta property="og:title" content="Film"',
        f'<meta property="og:site_name" content="{TITLE}"',
        '<meta property="og:description" content="Moving words."',
        f'<meta property="og:image" content="{SITE}_static/card.png"',
        '<meta property="og:image:alt" content="A hundred pictures',
        '<meta name="twitter:card" content="summary_large_image"',
        '<meta name="description" content="Moving words."',
    ):
        assert tag in text, tag
    with Image.open(html / "_static/card.png") as card:
        assert (card.format, card.size) == ("PNG", (1200, 630))


@needs_chromium
def test_two_pages_are_printed_to_one_pdf(html, tmp_path, capsys):
    """In the order given, without sidebar, a film as its ends, links to other pages to the published book."""
    out = tmp_path / "two.pdf"
    assert pdf.main(["book/intro", "book/film", "--out", str(out)], html) == 0
    printed = PdfReader(out)
    assert [entry.title for entry in printed.outline] == ["Start", "Film"]
    first, last = (printed.pages[i].extract_text() for i in (0, -1))
    assert "First words." in first and "Moving words." in last
    assert not any(word in first + last for word in ("Search", "Skip to main content", "Next", "By The PPGN"))
    pixels = np.concatenate([np.asarray(i.image.convert("RGB")).reshape(-1, 3) for i in printed.pages[-1].images])
    red, blue = pixels[:, 0].mean(), pixels[:, 2].mean()
    assert 100 < red < 155 and 100 < blue < 155, "half red and half blue, the film's first frame and its last"
    targets = {note.get_object().get("/A", {}).get("/URI") for note in printed.pages[0]["/Annots"]}
    assert f"{SITE}book/film.html" in targets and not [uri for uri in targets if uri and uri.startswith("file")]
    assert pdf.main(["book/none"], html) == 1 and "there is no book/none" in capsys.readouterr().out


@needs_chromium
def test_a_dark_page_is_printed_light_and_without_what_one_can_press(html):
    with pages.served(html) as address, pages.browser() as browser:
        page = browser.new_page(color_scheme="dark", viewport={"width": 1200, "height": 900})
        page.goto(f"{address}/book/film.html", wait_until="load")
        theme = "document.documentElement.dataset.theme"
        assert page.evaluate(theme) == "dark"
        page.evaluate(f"addEventListener('beforeprint', () => window.seen = {theme})")
        page.pdf()
        assert page.evaluate("seen") == "light" and page.evaluate(theme) == "dark"
        page.emulate_media(media="print")
        shown = [
            box for box in page.query_selector_all("button, nav, .bd-sidebar-primary, .headerlink") if box.is_visible()
        ]
        assert [box.get_attribute("class") for box in shown] in ([], ["bd-toc-nav"])


@needs_chromium
def test_a_film_can_be_stopped_and_stands_where_motion_is_not_wanted(html):
    with pages.served(html) as address, pages.browser() as browser:
        for motion, moves in (("no-preference", [True, False]), ("reduce", [False, True])):
            page = browser.new_page(reduced_motion=motion)
            page.goto(f"{address}/book/film.html", wait_until="load")
            button = page.get_by_role("button", name="Stop or start the film")
            button.focus()
            for expected in (moves, moves[::-1], moves):
                assert [page.locator(name).is_visible() for name in (".film-moves", ".film-stands")] == expected
                page.keyboard.press("Enter")
            page.close()


@needs_chromium
def test_the_page_for_wrong_addresses_is_accessible(html, capsys):
    assert pages.main(["404.html"], html) == 0, capsys.readouterr().out


def test_all_pages_of_the_contents_are_printed():
    names = pdf.contents()
    assert names[:2] == ["book/intro", "book/live"] and "notebooks/16_sounds" in names and len(names) == len(set(names))
