"""Every page of the built book in a browser: accessible, narrow enough, and asking no other host for anything.

    python tools/checks/pages.py                     all pages of _build/html
    python tools/checks/pages.py book/live.html      these

Each page is opened light and dark; where the live sampler is, it runs. 1 if axe finds something serious, if a page asks
another host, if a script fails, or if the page is wider than a telephone.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from links import site
from playwright.sync_api import Browser, sync_playwright
from tqdm import tqdm

HTML = Path(__file__).resolve().parents[2] / "_build/html"
NARROW, WIDE = 360, 1200
GO = ".live:not(.banana) .live-go"  # the sampler's; the race has such a button too, and may be there first
GRAVE = ("serious", "critical")
# The theme declares it on each page twice; nothing uses it.
KNOWN_ERRORS = ("Identifier 'THEBE_JS_URL' has already been declared",)
# axe leaves out the rule named here since it is new to it: that what one sees on a button is part of its name.
FIND = """async () => (await axe.run(document, {
    resultTypes: ["violations"], rules: {"label-content-name-mismatch": {enabled: true}},
})).violations
    .map(v => [v.id, v.impact, v.nodes.map(n => n.html.slice(0, 160))])"""

SETTLED = """scheme => document.documentElement.dataset.theme === scheme
    && document.getAnimations().every(animation => animation.playState !== "running")"""


def main(arguments: list[str] | None = None, html: Path = HTML) -> int:
    """Open the pages; a line for each thing that is wrong."""
    parser = argparse.ArgumentParser(description="The pages of the built book in a browser.")
    parser.add_argument("pages", nargs="*", help="relative to _build/html (default: all)")
    given = parser.parse_args(arguments)
    if chromium() is None:
        print("pages are not checked: there is no Chromium (apt install chromium)")
        return 0
    names = given.pages or every(html)
    if not names:
        print(f"there are no pages in {html}: python tools/book/build_book.py")
        return 1
    wrong: list[str] = []
    with served(html) as address, browser() as opened:
        for name in tqdm(names, desc="pages", unit="page"):
            for scheme in ("light", "dark"):
                wrong += [f"{name} ({scheme}): {line}" for line in found(opened, f"{address}/{name}", scheme)]
    print("\n".join(wrong) or f"{len(names)} pages: nothing serious")
    return int(bool(wrong))


def every(html: Path) -> list[str]:
    """The book's pages, relative to the folder; none that only leads to another."""
    return sorted(
        str(path.relative_to(html))
        for path in html.rglob("*.html")
        if not {"_static", "mathjax"} & set(path.relative_to(html).parts)
        and 'http-equiv="Refresh"' not in path.read_text("utf-8")[:400]
    )


def chromium() -> str | None:
    """Where the browser is, if there is one."""
    return shutil.which("chromium") or shutil.which("google-chrome")


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium without a window, closed at the end; ``chromium()`` says whether there is one."""
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


class Silent(http.server.SimpleHTTPRequestHandler):
    """Serves files and writes no log."""

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""

    def translate_path(self, path: str) -> str:
        """A file; 404.html asks for its own from where the book is published."""
        return super().translate_path(path.removeprefix(urlparse(site()).path.rstrip("/")))


@contextmanager
def served(folder: Path, handler: type[Silent] = Silent) -> Iterator[str]:
    """The address of a local server of the folder."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def found(browser: Browser, address: str, scheme: Any) -> list[str]:
    """What is wrong with a page."""
    # Without motion: colours that still change from light to dark are no colours to judge.
    page = browser.new_page(viewport={"width": WIDE, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(error.message))
    response = page.goto(address, wait_until="load")
    if response is None or not response.ok:
        page.close()
        return [f"cannot be opened ({response and response.status})"]
    if page.query_selector(".live"):  # what scripts make of it, not what stands there without them
        page.wait_for_function("[...document.querySelectorAll('.live')].every(live => live.querySelector('button'))")
        sampler = page.query_selector(GO)
        if sampler:  # its page is judged as it is while a chain runs
            sampler.click()
            page.wait_for_function("document.querySelector('.live').dataset.step >= 3")
    if page.query_selector("html[data-theme]"):  # as the theme's pages have, one way or the other
        page.wait_for_function(SETTLED, arg=scheme)
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    wrong = [f"a script failed: {error}" for error in errors if error not in KNOWN_ERRORS]
    for rule, impact, nodes in page.evaluate(FIND):
        if impact in GRAVE:
            wrong.append(f"{rule} ({impact}), {len(nodes)} times, such as {nodes[0]}")
    page.set_viewport_size({"width": NARROW, "height": 740})
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > NARROW:
        wrong.append(f"{width} pixels wide on a screen of {NARROW}")
    here = urlparse(address).netloc
    others = {urlparse(url).netloc for url in asked if url.startswith("http")} - {here}
    page.close()
    return wrong + [f"asks {other}" for other in sorted(others)]


if __name__ == "__main__":
    sys.exit(main())
