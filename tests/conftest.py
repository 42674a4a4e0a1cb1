"""Small, freshly initialised networks (the shipped ones are for the tests that judge them); the live sampler's page."""

import os
import re
import shutil
from pathlib import Path

import pytest
import torch

from ppgn_lib.data.tinted_fashion import COLOURS, ITEMS
from ppgn_lib.networks.small import Encoder, Generator

TINTED = {"item": ITEMS, "colour": COLOURS, "background": COLOURS}


@pytest.fixture(scope="session", autouse=True)
def _threads() -> None:
    """Two cores in all: tests that run side by side (pytest -n 2) have one each."""
    torch.set_num_threads(max(1, 2 // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))))


@pytest.fixture
def encoder() -> Encoder:
    with torch.random.fork_rng():
        torch.manual_seed(1)
        return Encoder(TINTED).eval().requires_grad_(False)


@pytest.fixture
def generator() -> Generator:
    with torch.random.fork_rng():
        torch.manual_seed(2)
        return Generator(width=4).eval().requires_grad_(False)


def live_page(folder: Path) -> Path:
    """The folder, with a page of the live sampler as it stands in the book: book/live.html."""
    book = Path(__file__).resolve().parents[1] / "book"
    shutil.copytree(book / "_static", folder / "_static")
    source = "".join((book / name).read_text("utf-8") for name in ("_parts/live.md", "live.md"))
    part = "".join(re.findall(r"```\{raw\} html\n(.*?)```", source, re.S))
    style = '<link rel="stylesheet" href="../_static/custom.css">'
    head = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Live</title>{style}</head>'
    (folder / "book").mkdir()
    (folder / "book/live.html").write_text(f"{head}<body>{part}</body></html>", "utf-8")
    (folder / "favicon.ico").touch()
    return folder
