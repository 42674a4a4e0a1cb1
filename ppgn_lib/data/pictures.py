"""A picture file of any kind as upright RGB with 8 bits: transparency on white, EXIF's rotation undone."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageOps  # torchvision brings it


def shape_of(path: Path, content: bytes) -> tuple[int, int]:
    """Height and width of the upright picture; only of a PNG more is looked at than the beginning of the content.

    Raises ``ValueError`` with the path if it is no picture, or one of 32-bit numbers.
    """
    with _naming(path), Image.open(io.BytesIO(content)) as image:
        _check_mode(image)
        turned = image.getexif().get(ExifTags.Base.Orientation) in (5, 6, 7, 8)  # by a quarter; mirrored or not
        return image.size if turned else image.size[::-1]


def read(path: Path, size: int | None) -> np.ndarray:
    """Pixels (3, H, W) as uint8. With a size the shorter side is resized to it, and the middle (3, size, size) cut out.

    Raises ``ValueError`` with the path if it cannot be read.
    """
    with _naming(path), Image.open(path) as image:
        _check_mode(image)
        picture = _to_rgb(ImageOps.exif_transpose(image), sixteen_bits=_has_16_bits(image))
    if size is not None:
        shorter = min(picture.size)
        if shorter != size:
            width, height = (int(size * side / shorter) for side in picture.size)
            picture = picture.resize((width, height), Image.Resampling.BILINEAR)  # Pillow's averages when it shrinks
        left, top = (round((side - size) / 2) for side in picture.size)
        picture = picture.crop((left, top, left + size, top + size))
    return np.asarray(picture).transpose(2, 0, 1)


def _to_rgb(picture: Image.Image, sixteen_bits: bool) -> Image.Image:
    if sixteen_bits:  # Pillow itself would cut them off at 255
        picture = Image.fromarray(((np.asarray(picture).astype(np.int64) + 128) // 257).astype(np.uint8))
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    white = Image.new("RGBA", picture.size, "white")
    white.alpha_composite(picture.convert("RGBA"))
    return white.convert("RGB")


def _has_16_bits(image: Image.Image) -> bool:
    # Older versions of Pillow give a PNG of 16 bits as one of 32, which PNG does not have.
    return image.mode.startswith("I;16") or (image.mode == "I" and image.format == "PNG")


def _check_mode(image: Image.Image) -> None:
    if image.mode[0] in "IF" and not _has_16_bits(image):
        kind = "floats" if image.mode[0] == "F" else "integers"
        raise ValueError(f"32-bit {kind}, of which nobody says what is white; save it with 8 or 16 bits")


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # of a damaged file Pillow may raise anything
        raise ValueError(f"{path} cannot be read as an image ({error}): replace or remove it") from error
