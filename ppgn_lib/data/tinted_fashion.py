"""Tinted Fashion-MNIST: photographs of clothes in a named colour on a background of another.

Fashion-MNIST (Xiao, Rasul & Vollgraf 2017; 70 000 grey product photographs of 28x28, MIT licence) is
composited to 32x32 RGB. The photograph gives the silhouette and the shading; the item gets one of eight
colours, the background another one, washed out and lit from one side. So each image has three labels:
the item, its colour, and that of the background.

Everything that is drawn at random for an image depends only on its index and the seed. Seed 0 is *the*
data set: all figures and numbers are taken on it. Training draws fresh tints by another seed each epoch.
"""

from __future__ import annotations

import functools
import gzip
import math
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from ppgn_lib.apart import reports
from ppgn_lib.data.batches import Batch as Batch
from ppgn_lib.data.batches import Images as Images
from ppgn_lib.data.batches import Indices, check_indices
from ppgn_lib.data.files import DamagedFileError, locate

ITEMS = ("t-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")
COLOURS = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink")
SIZE = 32

# Indices run over Fashion-MNIST's training file (0 ... 59 999) and on over its test file.
SPLITS = {"train": range(0, 55_000), "validation": range(55_000, 60_000), "test": range(60_000, 70_000)}
IMAGES = 70_000

#                   red  orange yellow green cyan  blue  purple pink
_HUE = np.array([1.0, 28.0, 54.0, 118.0, 180.0, 222.0, 274.0, 328.0], np.float32)  # degrees
_SATURATION = np.array([0.88, 0.95, 0.88, 0.85, 0.85, 0.85, 0.75, 0.58], np.float32)
_VALUE = np.array([0.92, 1.0, 1.0, 0.75, 0.92, 0.92, 0.80, 1.0], np.float32)


class TintedFashion:
    """One split of the composite. ``len`` images; a batch is made on demand from its indices.

    Parameters
    ----------
    split
        ``"train"`` (55 000), ``"validation"`` (5 000) or ``"test"`` (10 000).

    Attributes
    ----------
    classes
        The names of the classes of the heads ``"item"``, ``"colour"`` and ``"background"``.
    size
        Height and width in pixels.
    grey, item
        The photographs (N, 28, 28) as uint8, and what they show, (N,) int64.

    Raises
    ------
    ValueError
        For a split of another name.
    ppgn_lib.data.files.DamagedFileError
        When one of the four files is altered or cut off.

    """

    classes: ClassVar[dict[str, tuple[str, ...]]] = {"item": ITEMS, "colour": COLOURS, "background": COLOURS}
    size = SIZE

    def __init__(self, split: str) -> None:
        if split not in SPLITS:
            raise ValueError(f"split must be one of {', '.join(SPLITS)}; got {split!r}")
        self.split = split
        self.start = SPLITS[split].start
        grey, item = _fashion_mnist("t10k" if split == "test" else "train")
        here = slice(self.start % 60_000, self.start % 60_000 + len(SPLITS[split]))
        self.grey = grey[here]  # (N, 28, 28) uint8
        self.item = item[here]  # (N,) int64

    def __len__(self) -> int:
        return len(self.item)

    def labels(self, seed: int = 0) -> dict[str, Tensor]:
        """For each head the label of each image, (N,) int64, as tinted by ``seed``."""
        every = np.arange(len(self))
        return self._labels(every, self.start + every, seed)

    def batch(self, indices: Indices = None, seed: int = 0, *, tints_of: Indices = None) -> Batch:
        """The images at these indices of the split (all of them by default), tinted by ``seed``.

        ``tints_of``: for each image the one whose colours and light it has in place of its own, by its number in all
        70 000 (that of image i of the split is ``start + i``). Raises ``ValueError`` if there are not as many.
        """
        if self.split == "test":
            reports("the test split")
        chosen = check_indices(indices, len(self))
        tinted = self.start + chosen if tints_of is None else check_indices(tints_of, IMAGES)
        if len(tinted) != len(chosen):
            raise ValueError(f"tints_of must have one number for each of {len(chosen)} images; got {len(tinted)}")
        return Batch(composite(self.grey[chosen], tinted, seed), self._labels(chosen, tinted, seed))

    def silhouettes(self, indices: Indices = None) -> Tensor:
        """Where the item is, (B, 32, 32) bool: it covers more than half of the pixel."""
        chosen = check_indices(indices, len(self))
        return torch.from_numpy(_cover(_photo(self.grey[chosen])) > 0.5)

    def _labels(self, chosen: np.ndarray, tinted: np.ndarray, seed: int) -> dict[str, Tensor]:
        labels = zip(self.classes, (torch.from_numpy(self.item[chosen]), *colours(tinted, seed)), strict=True)
        return dict(labels)


def colours(numbers: np.ndarray, seed: int = 0) -> tuple[Tensor, Tensor]:
    """The colours of items and backgrounds, indices into ``COLOURS``, (B,) int64; by ``seed`` for images of a number.

    Numbers are below ``IMAGES``; those of ``TintedFashion`` count on over its splits.
    """
    colour, background = _colours(_draws(seed)[numbers])
    return torch.from_numpy(colour), torch.from_numpy(background)


def composite(grey: np.ndarray, numbers: np.ndarray, seed: int = 0) -> Tensor:
    """Grey pictures (B, 28, 28), uint8, bright on black, in the ``colours`` of numbers: (B, 3, 32, 32) in [-1, 1]."""
    draws = _draws(seed)[numbers]
    x = np.empty((len(grey), 3, SIZE, SIZE), np.float32)
    for first in range(0, len(grey), 2048):  # blocks, so that 60 000 images need little memory
        block = slice(first, first + 2048)
        x[block] = _composite(grey[block], draws[block])
    return torch.from_numpy(x)


@functools.lru_cache(maxsize=2)
def _draws(seed: int) -> np.ndarray:
    """(IMAGES, 10) uniform numbers: row i belongs to image i. The counter-based Philox makes them portable."""
    return np.random.Generator(np.random.Philox(key=seed)).random((IMAGES, 10), dtype=np.float32)


def _colours(draws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    colour = (draws[:, 0] * 8).astype(np.int64)
    return colour, (colour + 1 + (draws[:, 1] * 7).astype(np.int64)) % 8


def _composite(grey: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """(B, 28, 28) uint8 and their draws -> (B, 3, 32, 32) in [-1, 1]."""
    colour, background = _colours(draws)
    u = 2 * draws[:, 2:] - 1  # (B, 8) in [-1, 1]
    tint = _rgb(_HUE[colour] + 6 * u[:, 0], _SATURATION[colour] + 0.08 * u[:, 1], _VALUE[colour] + 0.06 * u[:, 2])
    wall = _rgb(_HUE[background] + 5 * u[:, 3], 0.32 + 0.07 * u[:, 4], 0.80 + 0.08 * u[:, 5])

    photo = _photo(grey)
    cover = _cover(photo)
    shade = 0.30 + 0.70 * photo

    angle, strength = math.pi * u[:, 6], 0.06 + 0.06 * u[:, 7]
    along = np.linspace(-1, 1, SIZE, dtype=np.float32)
    light = np.cos(angle)[:, None, None] * along[None, None, :] + np.sin(angle)[:, None, None] * along[None, :, None]
    light = 1 + strength[:, None, None] * light

    item = tint[:, :, None, None] * shade[:, None]
    wall = wall[:, :, None, None] * light[:, None]
    mixed = cover[:, None] * item + (1 - cover[:, None]) * wall
    return (2 * mixed.clip(0, 1) - 1).astype(np.float32)


def _photo(grey: np.ndarray) -> np.ndarray:
    """(B, 28, 28) uint8 -> (B, 32, 32) in [0, 1], the brightest pixel of each 1."""
    photo = np.pad(grey, ((0, 0), (2, 2), (2, 2))).astype(np.float32)
    photo /= photo.max(axis=(1, 2), keepdims=True).clip(min=1)
    return photo


def _cover(photo: np.ndarray) -> np.ndarray:
    """1 on the item, 0 off it, between along the edge."""
    return (photo / 0.16).clip(max=1)


def _rgb(hue: np.ndarray, saturation: np.ndarray, value: np.ndarray) -> np.ndarray:
    """HSV (hue in degrees) -> (B, 3) RGB in [0, 1]."""
    k = (np.array([5.0, 3.0, 1.0], np.float32) + hue[:, None] / 60) % 6
    ramp = np.minimum(k, 4 - k).clip(0, 1)
    return value.clip(0, 1)[:, None] * (1 - saturation.clip(0, 1)[:, None] * ramp)


@functools.lru_cache(maxsize=2)
def _fashion_mnist(part: str) -> tuple[np.ndarray, np.ndarray]:
    images = _read_idx(f"fashion_mnist/{part}-images-idx3-ubyte.gz", dimensions=3)
    labels = _read_idx(f"fashion_mnist/{part}-labels-idx1-ubyte.gz", dimensions=1)
    return images, labels.astype(np.int64)


def _read_idx(name: str, dimensions: int) -> np.ndarray:
    """IDX: two zero bytes, type (8 = unsigned byte), number of dimensions, big-endian sizes, data."""
    raw = gzip.decompress(locate(name).read_bytes())
    head = 4 + 4 * dimensions
    shape = tuple(np.frombuffer(raw[4:head], ">u4").astype(int).tolist())
    if raw[:4] != bytes([0, 0, 8, dimensions]) or len(raw) != head + math.prod(shape):
        raise DamagedFileError(f"{name} is not an IDX file of unsigned bytes in {dimensions} dimensions")
    return np.frombuffer(raw, np.uint8, offset=head).reshape(shape)
