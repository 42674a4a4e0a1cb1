"""What all data sets have in common: images that are made or read on demand, with a label for each head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from torch import Tensor

Indices = Tensor | np.ndarray | Sequence[int] | None  # None: all


class Batch(NamedTuple):
    """Images with their labels."""

    x: Tensor  # (B, 3, H, W) float32 in [-1, 1]
    labels: dict[str, Tensor]  # for each head (B,) int64, indices into the names of its classes


class Images(Protocol):
    """One split of a data set: ``TintedFashion``, ``folder.ImageFolder``, or anything else with this interface."""

    @property
    def split(self) -> str | None:
        """Its name; None for all images of a data set without splits."""

    @property
    def classes(self) -> Mapping[str, tuple[str, ...]]:
        """Head -> names of its classes."""

    @property
    def size(self) -> int:
        """Height and width in pixels; the shorter side of images that are not square."""

    def __len__(self) -> int: ...

    def labels(self, seed: int = 0) -> dict[str, Tensor]:
        """For each head the label of each image (N,), as ``batch`` would give them, without any pixels."""

    def batch(self, indices: Indices = None, seed: int = 0) -> Batch:
        """The images at these indices of the split, all of them by default."""


def check_indices(indices: Indices, n: int) -> np.ndarray:
    """Indices of n images as an array, all of them for ``None``.

    Raises
    ------
    TypeError
        They are no integers.
    ValueError
        They are not one-dimensional or not within 0 ... n-1.

    """
    chosen = np.arange(n) if indices is None else np.asarray(indices)
    if not chosen.size:
        chosen = chosen.astype(np.int64)  # NumPy takes no numbers for floats
    if not np.issubdtype(chosen.dtype, np.integer):
        raise TypeError(f"indices must be integers; got {chosen.dtype}: np.flatnonzero turns a mask into them")
    if chosen.ndim != 1 or (len(chosen) and not 0 <= chosen.min() <= chosen.max() < n):
        raise ValueError(f"indices must be 1-D within 0...{n - 1}; got {indices!r}")
    return chosen
