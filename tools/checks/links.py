"""Every link of the built book that stays in it leads to a file, and its #part to an id there; raw HTML included.

python tools/checks/links.py           those inside, and how many lead elsewhere
python tools/checks/links.py --list    also print the addresses elsewhere
python tools/checks/links.py --ask     also ask each of them (needs the net)
"""

from __future__ import annotations

import argparse
import functools
import re
import sys
import urllib.error
import urllib.request
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import yaml

ROOT = Path(__file__).resolve().parents[2]
HTML = ROOT / "_build/html"
LINKS = ("href", "src", "poster", "data", "action")
PATIENCE = 20  # seconds that an address elsewhere has to answer


class Page(HTMLParser):
    """What a page has: ids, links as they are written, and the address that these start from."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids, self.links, self.base = {"", "top"}, set[str](), ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take up a tag's ids and links."""
        given = {key: value or "" for key, value in attrs}
        self.ids.add(given.get("id", ""))
        if tag == "a":
            self.ids.add(given.get("name", ""))
        if tag == "base":
            self.base = given.get("href", "")
        elif tag == "meta":
            content = given.get("content", "")
            if given.get("http-equiv", "").lower() == "refresh":
                self.links.add(content.partition("url=")[2])
            elif given.get("property") in ("og:url", "og:image"):
                self.links.add(content)
        else:
            self.links |= {given[key] for key in LINKS if given.get(key)}
            self.links |= {part.split()[0] for part in given.get("srcset", "").split(", ") if part.strip()}


def main(arguments: list[str] | None = None, html: Path = HTML) -> int:
    """Read all pages; a line for each link that leads nowhere."""
    parser = argparse.ArgumentParser(description="The links of the built book.")
    parser.add_argument("--list", action="store_true", help="print the addresses elsewhere")
    parser.add_argument("--ask", action="store_true", help="ask the addresses elsewhere")
    given = parser.parse_args(arguments)
    if not html.exists():
        print(f"there are no pages in {html}: python tools/book/build_book.py")
        return 1
    pages, wrong, outside = read(html), set(), dict[str, str]()
    count = 0
    for name, page in pages.items():
        start = urljoin(urljoin(site(), name), page.base)
        for link in sorted(page.links):
            address, part = urldefrag(urljoin(start, link))
            if urlsplit(address).scheme not in ("http", "https"):
                continue  # data:, mailto:, javascript:
            if urlsplit(address).netloc != urlsplit(site()).netloc:
                outside.setdefault(address, name)
                continue
            count += 1
            if reason := nowhere(address, part, pages, html):
                wrong.add(f"{name}: {link} {reason}")
    if given.list or given.ask:
        for address, name in sorted(outside.items()):
            answer = asked(address) if given.ask else ""
            if answer:
                wrong.add(f"{name}: {address} {answer}")
            print(address, f"({name})")
    print("\n".join(sorted(wrong)) or f"{len(pages)} pages, {count} links inside: all lead somewhere")
    print(f"{len(outside)} addresses elsewhere{'' if given.ask else ', not asked'}")
    return int(bool(wrong))


@functools.cache
def site() -> str:
    """The address of the published book, as _config.yml has it."""
    return yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["html"]["baseurl"]


def read(html: Path) -> dict[str, Page]:
    """All pages by their names, and the sitemap as if it were one."""
    texts = {
        str(path.relative_to(html)): path.read_text("utf-8")
        for path in sorted(html.rglob("*.html"))
        if not {"_static", "mathjax"} & set(path.relative_to(html).parts)
    }
    if (sitemap := html / "sitemap.xml").exists():
        texts["sitemap.xml"] = re.sub(r"<loc>(.*?)</loc>", r'<a href="\1"></a>', sitemap.read_text("utf-8"))
    return {name: Page(text) for name, text in texts.items()}


def nowhere(address: str, part: str, pages: dict[str, Page], html: Path) -> str:
    """Why an address of the site leads nowhere; empty if it does not."""
    if not address.startswith(site()):
        return f"leaves the book: it is published at {site()}"
    name = unquote(urlsplit(address.removeprefix(site())).path)
    if not name or (html / name).is_dir():
        name = f"{name.rstrip('/')}/index.html".lstrip("/")
    if not (html / name).is_file():
        return f"leads nowhere: there is no {name}"
    if name in pages and unquote(part) not in pages[name].ids:
        return f"leads nowhere: {name} has no {unquote(part)}"
    return ""


def asked(address: str) -> str:
    """What is wrong with an address elsewhere; empty if it answers."""
    request = urllib.request.Request(address, headers={"User-Agent": "Mozilla/5.0 (links of a book)"})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE):
            return ""
    except (urllib.error.URLError, OSError, ValueError) as error:
        return f"does not answer: {error}"


if __name__ == "__main__":
    sys.exit(main())
