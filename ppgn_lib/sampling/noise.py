"""Noise of its own for each chain."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor


def check_seeds(seeds: Sequence[int]) -> list[int]:
    """The seeds as integers.

    Raises
    ------
    TypeError
        They are no sequence of integers.
    ValueError
        There is none, or one is not in [0, 2^63).

    """
    wants = "seeds must be integers in [0, 2^63), one a chain, such as range(10)"
    try:
        checked = [operator.index(seed) for seed in seeds if not isinstance(seed, bool)]
        whole = len(checked) == len(seeds)
    except TypeError:
        whole = False
    if not whole:
        raise TypeError(f"{wants}; got {seeds!r}")
    wrong = [seed for seed in checked if not 0 <= seed < 2**63]
    if wrong or not checked:
        raise ValueError(f"{wants}; got {wrong[0] if wrong else 'none'}")
    return checked


class Noise:
    """A stream of N(0, I) for each chain: chain i draws the same alone or among others, on any device.

    Drawn on the CPU from one generator a chain, then moved. The streams go on where they stopped: hand the
    same object to a second ``chain`` and 4 + 6 steps are 10.

    Parameters
    ----------
    seeds
        One integer a chain, in [0, 2^63).

    """

    def __init__(self, seeds: Sequence[int]) -> None:
        self.generators = [torch.Generator().manual_seed(seed) for seed in check_seeds(seeds)]
        # What is drawn ahead, by shape and dtype: calling each generator in each step costs more than the step.
        self._ahead: dict[tuple[torch.Size, torch.dtype], Iterator[Tensor]] = {}

    def __len__(self) -> int:
        return len(self.generators)

    def draw(self, like: Tensor) -> Tensor:
        """The next N(0, I) of each chain, of the shape, dtype and device of ``like`` ``(B, *H)``."""
        shape, dtype = like.shape[1:], like.dtype
        noise = next(self._ahead.get((shape, dtype), iter(())), None)  # (B, *H) of all chains
        if noise is None:
            steps = max(1, 1024 // max(1, shape.numel()))
            rows = torch.empty((len(self), steps, *shape), dtype=dtype)
            for row, generator in zip(rows, self.generators, strict=True):
                row.normal_(generator=generator)
            self._ahead[shape, dtype] = iter(rows.unbind(1))
            noise = next(self._ahead[shape, dtype])
        return noise[: len(like)].to(like.device)
