"""Japanese Vowels: two vowels, said by nine men; data of another kind than pictures, for the same chain.

640 utterances of /ae/, 7 to 29 frames long, each frame twelve cepstral coefficients of a linear prediction analysis
(Kudo, Toyama & Shimbo 1999, UCI Machine Learning Repository, CC BY 4.0). Here each is brought to ``MOMENTS`` equally
spaced moments by linear interpolation, and each coefficient to mean 0 and deviation 1 over the training series.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor

from ppgn_lib.data.files import locate

SPEAKERS, COEFFICIENTS, MOMENTS = 9, 12, 16
SHARES = {"train": 0.5, "validation": 0.2, "test": 0.3}  # of each speaker's utterances


class Vowels(NamedTuple):
    """Series of one split."""

    x: Tensor  # (N, COEFFICIENTS, MOMENTS), float32
    y: Tensor  # (N,) int64, the speaker


def resampled(series: Tensor, moments: int = MOMENTS) -> Tensor:
    """Series (C, T) at equally spaced moments from the first frame to the last, by linear interpolation."""
    if series.ndim != 2 or series.shape[1] < 2:
        raise ValueError(f"a series must be (C, T) of at least two frames; got {tuple(series.shape)}")
    at = np.linspace(0, series.shape[1] - 1, moments)
    frames = np.arange(series.shape[1])
    return torch.from_numpy(np.stack([np.interp(at, frames, row) for row in series.double().numpy()])).float()


def vowels(split: str) -> Vowels:
    """One split.

    Which utterances of a speaker are in which is drawn once, by seed 0.

    Raises
    ------
    ValueError
        For a split of another name.
    ppgn_lib.data.files.DamagedFileError
        When the file is altered or cut off.

    """
    if split not in SHARES:
        raise ValueError(f"split must be one of {', '.join(SHARES)}; got {split!r}")
    (series, speaker), (mean, std), rows = _all(), _scale(), _rows(split)
    return Vowels((series[rows] - mean) / std, speaker[rows])


def cepstra(x: Tensor) -> Tensor:
    """Series (B, COEFFICIENTS, MOMENTS) of ``vowels`` as the coefficients that were measured, of the same shape."""
    mean, std = _scale()
    return x * std + mean


@functools.cache
def _scale() -> tuple[Tensor, Tensor]:
    """Mean and deviation of each coefficient over the training series and their moments, (1, COEFFICIENTS, 1)."""
    train = _all()[0][_rows("train")]
    return train.mean((0, 2), keepdim=True), train.std((0, 2), keepdim=True)


@functools.cache
def _all() -> tuple[Tensor, Tensor]:
    stored = load_file(locate("vowels/japanese_vowels.safetensors"))
    lengths = stored["length"].tolist()
    series = [resampled(x[:, :length]) for x, length in zip(stored["series"].float(), lengths, strict=True)]
    return torch.stack(series), stored["speaker"].long()


@functools.cache
def _rows(split: str) -> Tensor:
    """Numbers of the utterances of a split, speaker after speaker."""
    draw, found = torch.Generator().manual_seed(0), []
    bounds = np.cumsum([0.0, *SHARES.values()])
    number = list(SHARES).index(split)
    for speaker in range(SPEAKERS):
        own = (_all()[1] == speaker).nonzero()[:, 0]
        own = own[torch.randperm(len(own), generator=draw)]
        first, end = (round(float(bound) * len(own)) for bound in bounds[number : number + 2])
        found.append(own[first:end])
    return torch.cat(found)
