"""The project's address: ``Source`` in pyproject.toml's [project.urls], and from it every other place that has it.

python tools/book/address.py            write it everywhere, also into the committed notebooks, without running them
python tools/book/address.py --check    fail if a place has another one
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

from ppgn_lib.book.generated import differs

ROOT = Path(__file__).resolve().parents[2]


class Place(NamedTuple):
    """Where an address stands: files, and a pattern whose only group is the address."""

    files: str  # a glob from the root
    pattern: str
    pages: bool = False  # the address of the pages, not of the repository


PLACES = (
    Place("pyproject.toml", r'^Book = "(.*)"$', pages=True),
    Place("_config.yml", r"^  url: (\S+)$"),
    Place("_config.yml", r"^(?:  baseurl|    ogp_site_url): (\S+)$", pages=True),
    Place("CITATION.cff", r'^repository-code: "(.*)"$'),
    Place("README.md", r"git\+(https://[^`\s]+)"),
    Place("book/claims/index.md", r"\((https://\S+?)/commits/main/"),
    Place("book/_static/live/live.js", r'^const REPOSITORY = "(.*)";$'),
    Place("book/_static/live/chain.ipynb", r"\]\((https://\S+?)book/live\.html", pages=True),
    Place("book/_static/live/chain.ipynb", r'_repository = \\?"(https://[^"\\]+)'),
    Place("notebooks/*.*", r'_repository = \\?"(https://[^"\\]+)'),
    Place("notebooks/[0-9]*", r"\[benchmarks\]\((https://[^)\s]+?)/tree/main/"),
)


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Write or compare; 1 if a place has another address."""
    parser = argparse.ArgumentParser(description="The project's address, wherever it stands.")
    parser.add_argument("--check", action="store_true", help="compare only")
    given = parser.parse_args(arguments)
    repository, pages = addresses(root)
    wrong: set[Path] = set()
    for place in PLACES:
        for path in sorted(p for p in root.glob(place.files) if p.is_file()):
            old = path.read_text("utf-8")
            new = replaced(old, place.pattern, pages if place.pages else repository)
            if new != old and differs(path, new, check=given.check):
                wrong.add(path)
    for path in sorted(wrong):
        print(f"{path.relative_to(root)} has another address than Source in pyproject.toml: run `make address`")
    return int(bool(wrong))


def addresses(root: Path = ROOT) -> tuple[str, str]:
    """Of the repository as pyproject.toml has it, and of the pages that GitHub shows of it.

    Raises ``ValueError`` if Source is not an address of GitHub.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    source = project["urls"]["Source"]
    match = re.fullmatch(r"https://github\.com/([\w-]+)/([\w.-]+)", source)
    if not match:
        raise ValueError(f"Source in pyproject.toml must be https://github.com/OWNER/NAME; got {source!r}")
    owner, name = match.groups()
    return source, f"https://{owner.lower()}.github.io/{name}/"


def replaced(text: str, pattern: str, address: str) -> str:
    """The text with the group of every match of the pattern replaced."""
    return re.sub(
        pattern,
        lambda m: m[0][: m.start(1) - m.start()] + address + m[0][m.end(1) - m.start() :],
        text,
        flags=re.MULTILINE,
    )


if __name__ == "__main__":
    sys.exit(main())
