"""Small pictures for the list of chapters, and the card that is shown where somebody links to the book.

python tools/book/pictures.py            write them into book/_static: card.png, and thumbnails/ from the first figures
python tools/book/pictures.py --check    fail if one is missing or was made from another figure

Each has in its EXIF description the hash of what it was made from.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import sys
import textwrap
from pathlib import Path
from typing import Any

import nbformat
import yaml
from PIL import Image, ImageDraw, ImageFont

from ppgn_lib.data.writing import replacing

ROOT = Path(__file__).resolve().parents[2]
STATIC = Path("book/_static")
DESCRIPTION = 0x010E  # EXIF
SMALL = (192, 144)  # shown at half of it, so that fine screens have something to show
CARD = (1200, 630)  # what Open Graph asks for
# What of a figure is shown: its middle from the left, from the top, and its height, as shares of the figure.
PART = (0.58, 0.5, 0.55)
PARTS = {
    "01_from_mh_to_mala_approx": (0.5, 0.5, 1.0),
    "02_a_denoiser_knows_the_score": (0.53, 0.55, 0.8),
    "03_activation_maximisation": (0.5, 0.6, 0.6),
    "09_side_by_side": (0.6, 0.26, 0.36),
    "15_inpainting": (0.58, 0.27, 0.5),
    "21_evaluation": (0.84, 0.5, 0.55),
}


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Write or compare; 1 if a picture is missing, stale or of no chapter."""
    parser = argparse.ArgumentParser(description="Thumbnails of the chapters, and the card.")
    parser.add_argument("--check", action="store_true", help="compare only")
    given = parser.parse_args(arguments)
    folder, wrong = root / STATIC / "thumbnails", []
    names = chapters(root)
    for name in names:
        try:
            content, part = figure(root, name), PARTS.get(name, PART)
        except (FileNotFoundError, ValueError) as error:
            wrong.append(f"{name} has no first figure: {error}")
            continue
        path, mark = folder / f"{name}.webp", _hash(content, part)
        if given.check and description(path) != mark:
            wrong.append(f"{path.relative_to(root)} is missing or made from another figure")
        elif not given.check:
            _save(thumbnail(Image.open(io.BytesIO(content)), part), path, mark, format="WEBP", quality=75, method=6)
    wrong += [f"{path.name} is of no chapter" for path in folder.glob("*.webp") if path.stem not in names]
    title = yaml.safe_load((root / "_config.yml").read_text("utf-8"))["title"]
    content, path = (root / STATIC / "samples.png").read_bytes(), root / STATIC / "card.png"
    mark = _hash(content, title)
    if given.check and description(path) != mark:
        wrong.append(f"{path.relative_to(root)} is missing or made from other samples")
    elif not given.check:
        few = card(Image.open(io.BytesIO(content)), title).quantize(256, dither=Image.Dither.NONE)
        _save(few, path, mark, format="PNG", optimize=True)
    if wrong:
        print("\n".join([*wrong, "run `python tools/book/pictures.py`"]))
    return int(bool(wrong))


def chapters(root: Path = ROOT) -> list[str]:
    """The live sampler and all notebooks of the table of contents, by the names of their files."""
    parts = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))["parts"]
    files = [chapter["file"] for part in parts for chapter in part["chapters"]]
    return [Path(file).name for file in files if file == "book/live" or file.startswith("notebooks/")]


def figure(root: Path, name: str) -> bytes:
    """The first picture of a chapter's notebook; of the live sampler the one that stands there without scripts.

    Raises ``FileNotFoundError`` without a notebook and ``ValueError`` for one that shows no picture.
    """
    if name == "live":
        return (root / STATIC / "live/chains.png").read_bytes()
    for cell in nbformat.read(root / f"notebooks/{name}.ipynb", as_version=4).cells:
        for output in cell.get("outputs", []):
            for kind in ("image/png", "image/jpeg"):
                if kind in output.get("data", {}):
                    return base64.b64decode(output.data[kind])
    raise ValueError("its notebook shows no picture")


def thumbnail(picture: Image.Image, part: tuple[float, float, float] = PART) -> Image.Image:
    """A part of the picture, in the shape and size of ``SMALL``, moved to where it lies inside of the picture."""
    x, y, share = part
    height = min(share * picture.height, picture.width * SMALL[1] / SMALL[0])
    width = height * SMALL[0] / SMALL[1]
    left = min(max(x * picture.width - width / 2, 0), picture.width - width)
    top = min(max(y * picture.height - height / 2, 0), picture.height - height)
    return picture.convert("RGB").resize(SMALL, Image.Resampling.LANCZOS, (left, top, left + width, top + height))


def card(samples: Image.Image, title: str) -> Image.Image:
    """The samples, as high as the card, at its right; at its left the title."""
    shown = samples.convert("RGB").resize(
        (round(samples.width * CARD[1] / samples.height), CARD[1]), Image.Resampling.LANCZOS
    )
    picture = Image.new("RGB", CARD, "white")
    picture.paste(shown, (CARD[0] - shown.width, 0))
    draw = ImageDraw.Draw(picture)
    text, font = "\n".join(textwrap.wrap(title, 12)), ImageFont.load_default(62)
    draw.multiline_text((48, CARD[1] / 2), text, "#1b1b1b", font, "lm", spacing=18)
    return picture


def description(path: Path) -> str | None:
    """What a picture was made from, if there is one."""
    if not path.exists():
        return None
    with Image.open(path) as picture:
        return picture.getexif().get(DESCRIPTION)


def _hash(content: bytes, how: object) -> str:
    return hashlib.sha256(content + repr(how).encode()).hexdigest()


def _save(picture: Image.Image, path: Path, mark: str, **how: Any) -> None:
    exif = Image.Exif()
    exif[DESCRIPTION] = mark
    with replacing(path) as temporary:
        picture.save(temporary, exif=exif, **how)


if __name__ == "__main__":
    sys.exit(main())
