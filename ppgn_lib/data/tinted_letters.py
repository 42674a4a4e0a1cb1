"""Letters in many fonts, turned and moved at random, tinted as the clothes of ``tinted_fashion`` are.

Images that have nothing of clothes but their colours, light and size: a data set that is foreign to these. The fonts
are those that Matplotlib ships, so nothing is downloaded.
"""

from __future__ import annotations

import functools
import string
from pathlib import Path
from typing import ClassVar

import matplotlib
import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from ppgn_lib.data.batches import Batch, Indices, check_indices
from ppgn_lib.data.tinted_fashion import COLOURS, SIZE, colours, composite

LETTERS = tuple(string.ascii_uppercase)
FONTS = (
    *(f"DejaVuSans{style}" for style in ("", "-Bold", "-Oblique", "Mono", "Mono-Bold")),
    *(f"DejaVuSerif{style}" for style in ("", "-Bold", "-Italic")),
    *(f"STIXGeneral{style}" for style in ("", "Bol", "Italic", "BolIta")),
    *("cmr10", "cmss10", "cmtt10", "cmb10"),
)
SPLITS = {"train": range(0, 20_000), "validation": range(20_000, 22_000), "test": range(22_000, 24_000)}
POINTS, TURN, MOVE = (18, 26), 25.0, 2.5  # size of the font; degrees and pixels to either side
_COLUMNS = 5  # random numbers of a glyph: font, size, turn, move to the right, move down


class TintedLetters:
    """One split, with the interface of ``batches.Images``; heads ``letter``, ``colour`` and ``background``.

    Raises ``ValueError`` for a split of another name.
    """

    classes: ClassVar[dict[str, tuple[str, ...]]] = {"letter": LETTERS, "colour": COLOURS, "background": COLOURS}
    size = SIZE

    def __init__(self, split: str) -> None:
        if split not in SPLITS:
            raise ValueError(f"split must be one of {', '.join(SPLITS)}; got {split!r}")
        self.split, self.start = split, SPLITS[split].start
        self.grey = _glyphs(split)  # (N, 28, 28) uint8
        self.letter = torch.arange(self.start, SPLITS[split].stop) % len(LETTERS)

    def __len__(self) -> int:
        return len(self.letter)

    def labels(self, seed: int = 0) -> dict[str, Tensor]:
        """For each head the label of each image, (N,) int64, as tinted by ``seed``."""
        return self._labels(np.arange(len(self)), seed)

    def batch(self, indices: Indices = None, seed: int = 0) -> Batch:
        """The images at these indices of the split, all of them by default. Raises as ``batches.check_indices``."""
        chosen = check_indices(indices, len(self))
        return Batch(composite(self.grey[chosen], self.start + chosen, seed), self._labels(chosen, seed))

    def _labels(self, chosen: np.ndarray, seed: int) -> dict[str, Tensor]:
        colour, background = colours(self.start + chosen, seed)
        return {"letter": self.letter[torch.from_numpy(chosen)], "colour": colour, "background": background}


@functools.lru_cache(maxsize=3)
def _glyphs(split: str) -> np.ndarray:
    """(N, 28, 28) uint8, white on black. What is drawn at random for one depends on its number alone."""
    draws = np.random.Generator(np.random.Philox(key=26)).random((SPLITS["test"].stop, _COLUMNS))
    return np.stack([_glyph(number, draws[number]) for number in SPLITS[split]])


def _glyph(number: int, u: np.ndarray) -> np.ndarray:
    """(28, 28) uint8."""
    low, high = POINTS
    font = _font(FONTS[int(u[0] * len(FONTS))], low + int(u[1] * (high - low + 1)))
    image = Image.new("L", (28, 28))
    right, down = MOVE * (2 * u[3:] - 1)
    ImageDraw.Draw(image).text((14 + right, 14 + down), LETTERS[number % len(LETTERS)], 255, font, anchor="mm")
    return np.asarray(image.rotate(TURN * (2 * u[2] - 1), Image.Resampling.BILINEAR))


@functools.cache
def _font(name: str, points: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts/ttf" / f"{name}.ttf", points)
