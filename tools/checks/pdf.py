"""The built book as one PDF: its pages in the order of the contents, as Chromium prints them.

python tools/checks/pdf.py                                            all of _build/html, into _build/book.pdf
python tools/checks/pdf.py book/intro notebooks/16_sounds --out a.pdf    these pages, into a file of your own
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

import yaml
from links import site
from pages import browser, chromium
from playwright.sync_api import PdfMargins
from pypdf import PdfWriter
from tqdm import tqdm

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "_build"
PATIENCE = 180_000  # milliseconds for a page to load, on a busy machine
# Formulas are set and all pictures loaded; links to other pages lead to the published book.
READY = """async ([here, site]) => {
    if (window.MathJax?.startup) await MathJax.startup.promise;
    for (const link of document.querySelectorAll("a[href]"))
        if (link.href.startsWith(here) && link.href.split("#")[0] !== location.href)
            link.href = site + link.href.slice(here.length);
    const pictures = [...document.images];
    for (const picture of pictures) picture.loading = "eager";
    await Promise.all(pictures.map(picture => picture.decode().catch(() => null)));
}"""
MARGIN: PdfMargins = {"top": "16mm", "bottom": "16mm", "left": "14mm", "right": "14mm"}


def main(arguments: list[str] | None = None, html: Path = BUILD / "html") -> int:
    """Print the pages one after another and join them, each with an entry in the PDF's own contents."""
    parser = argparse.ArgumentParser(description="The built book as one PDF.")
    parser.add_argument("pages", nargs="*", help="without .html (default: all, in the order of _toc.yml)")
    parser.add_argument("--out", type=Path, default=BUILD / "book.pdf")
    given = parser.parse_args(arguments)
    if chromium() is None:
        print("no PDF is made: there is no Chromium (apt install chromium)")
        return 1
    names = given.pages or contents()
    if missing := [name for name in names if not (html / f"{name}.html").exists()]:
        print(f"there is no {', '.join(missing)} in {html}: python tools/book/build_book.py")
        return 1
    whole = PdfWriter()
    with browser() as opened:
        for name in tqdm(names, desc="pages", unit="page"):
            page = opened.new_page(color_scheme="light")
            page.goto((html / f"{name}.html").as_uri(), timeout=PATIENCE)
            page.evaluate(READY, [f"{html.as_uri()}/", site()])
            title = page.title().split(" — ")[0]
            whole.append(io.BytesIO(page.pdf(format="A4", margin=MARGIN)), outline_item=title)
            page.close()
    whole.compress_identical_objects()
    whole.write(given.out)
    print(f"The book is in {given.out} ({len(whole.pages)} pages, {given.out.stat().st_size / 1e6:.1f} MB).")
    return 0


def contents() -> list[str]:
    """The names of all pages in the order of _toc.yml."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    return [toc["root"], *(chapter["file"] for part in toc["parts"] for chapter in part["chapters"])]


if __name__ == "__main__":
    sys.exit(main())
