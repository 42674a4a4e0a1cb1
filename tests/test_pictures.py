"""Each chapter in the list on the title page has a small picture of its first figure, and the book a card."""

import base64
import io
import re
import shutil
from pathlib import Path

import nbformat
import numpy as np
import pictures
import pytest
from PIL import Image

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "book/_static/thumbnails"


@pytest.mark.parametrize("name", pictures.chapters())
def test_every_chapter_has_a_small_picture_in_the_list(name):
    path = FOLDER / f"{name}.webp"
    assert path.stat().st_size <= 12_000
    with Image.open(path) as picture:
        assert picture.size == pictures.SMALL
    text = (ROOT / "book/intro.md").read_text("utf-8")
    shown = re.findall(rf"```{{image}} _static/thumbnails/{name}\.webp\n    :alt: (.+)\n    :loading: lazy\n", text)
    assert len(shown) == 1 and len(shown[0]) > 20


def test_no_picture_is_stale():
    assert pictures.main(["--check"]) == 0


@pytest.fixture
def book(tmp_path):
    """A book of one chapter, with the real settings of the page."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "book/_static").mkdir(parents=True)
    shutil.copy(ROOT / "_config.yml", tmp_path)
    shutil.copy(ROOT / "book/_static/samples.png", tmp_path / "book/_static")
    (tmp_path / "_toc.yml").write_text(
        "parts:\n  - chapters:\n      - file: notebooks/01_a\n      - file: book/errata\n"
    )
    _notebook(tmp_path, 0)
    return tmp_path


def _notebook(root, seed):
    stream = io.BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 256, (90, 150, 3), np.uint8)
    Image.fromarray(pixels).save(stream, "PNG")
    data = {"image/png": base64.b64encode(stream.getvalue()).decode()}
    output = nbformat.v4.new_output("display_data", data=data)
    cell = nbformat.v4.new_code_cell("1", outputs=[output])
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), root / "notebooks/01_a.ipynb")


def test_a_picture_of_another_figure_is_noticed(book, capsys):
    def check(*words):
        status, text = pictures.main(["--check"], book), capsys.readouterr().out
        assert status == bool(words) and all(word in text for word in words), text

    check("01_a.webp is missing", "card.png is missing")
    assert pictures.main([], book) == 0
    check()
    first = (book / "book/_static/thumbnails/01_a.webp").read_bytes()
    assert pictures.main([], book) == 0 and (book / "book/_static/thumbnails/01_a.webp").read_bytes() == first
    _notebook(book, 1)
    check("01_a.webp is missing or made from another figure")
    assert pictures.main([], book) == 0
    check()
    config = book / "_config.yml"
    config.write_text(config.read_text().replace("title: Plug", "title: Plugs"))
    check("card.png is missing or made from other samples")
    (book / "book/_static/thumbnails/02_b.webp").write_bytes(first)
    check("02_b.webp is of no chapter")
    (book / "notebooks/01_a.ipynb").unlink()
    check("01_a has no first figure")


def test_the_part_that_is_shown_lies_inside_and_is_not_stretched():
    """A picture that is red left of its middle and blue right of it: parts at either end have one colour."""
    picture = Image.new("RGB", (400, 100), "red")
    picture.paste("blue", (200, 0, 400, 100))
    for x, colour in ((0.0, (255, 0, 0)), (1.0, (0, 0, 255))):
        part = np.asarray(pictures.thumbnail(picture, (x, 0.5, 1.0)))
        assert part.shape == (144, 192, 3) and (part == colour).all()
    both = np.asarray(pictures.thumbnail(picture, (0.5, 0.5, 1.0)))
    assert (both[:, :90] == (255, 0, 0)).all() and (both[:, 102:] == (0, 0, 255)).all()
