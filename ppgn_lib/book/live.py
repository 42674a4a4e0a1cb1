"""The random codes at which the live sampler starts: the numbers of ``book/_static/live/random.js``, in Python."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from ppgn_lib.checks import count

BITS = 0xFFFFFFFF  # of a whole number in JavaScript
SEEDS = 99_999  # the largest one on the page


def random_codes(seeds: Sequence[int], size: int) -> Tensor:
    """``max(0, N(-0.9, 2.35^2))`` for each coordinate, (len(seeds), size), as ``random.js`` draws it from a seed.

    As ``starts.rectified_normal``, by other random numbers. A browser may differ in the last digit.

    Raises ``ValueError`` for a seed outside [0, 99999] or a size below 1.
    """
    size = count(size, "size")
    for seed in seeds:
        if not 0 <= seed <= SEEDS:
            raise ValueError(f"seeds of the live sampler must be 0 to {SEEDS}; got {seed}")
    rows = [-0.9 + 2.35 * _normals(_uniform(seed ^ 0x5DEECE66), size).astype(np.float64) for seed in seeds]
    return torch.from_numpy(np.maximum(0, np.stack(rows)).astype(np.float32))


def _uniform(seed: int) -> Iterator[float]:
    """Numbers in [0, 1) (mulberry32)."""
    state = (seed ^ 0x9E3779B9) & BITS
    while True:
        state = (state + 0x6D2B79F5) & BITS
        t = (state ^ state >> 15) * (state | 1) & BITS
        t ^= t + (t ^ t >> 7) * (t | 61) & BITS
        yield (t ^ t >> 14) / 2**32


def _normals(uniform: Iterator[float], size: int) -> np.ndarray:
    """As many of N(0, 1) in single precision (Box and Muller)."""
    found: list[float] = []
    while len(found) < size:
        radius, angle = math.sqrt(-2 * math.log(1 - next(uniform))), 2 * math.pi * next(uniform)
        found += [radius * math.cos(angle), radius * math.sin(angle)]
    return np.array(found[:size], np.float32)
