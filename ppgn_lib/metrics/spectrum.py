"""Sharpness as power by spatial frequency: one number would be reached by a checkerboard too."""

from __future__ import annotations

import itertools

import numpy as np
import torch
from torch import Tensor

from ppgn_lib.metrics.intervals import Estimate, mean_with_interval, ratio
from ppgn_lib.metrics.judging import in_blocks

EDGES = (1, 2, 4, 8, np.inf)  # cycles per image width: octaves, the last one with the corners of the spectrum


def band_power(x: Tensor, edges: tuple[float, ...] = EDGES) -> Tensor:
    """Power of images (N, C, H, W) in bands of radial frequency, (N, bands); mean over channels.

    Bands are ``edges[i] <= f < edges[i + 1]`` in cycles per image width. By Parseval, all bands from 1 on sum to the
    variance over the pixels; the mean brightness (f = 0) belongs to none.
    """
    if x.ndim != 4 or x.shape[2] != x.shape[3]:
        raise ValueError(f"needs square images (N, C, H, H); got {tuple(x.shape)}")
    size = x.shape[-1]
    power = torch.fft.fft2(x.double()).abs().square().mean(1) / size**4  # (N, H, W)
    f = torch.fft.fftfreq(size, 1 / size, dtype=torch.float64)
    radius = (f[:, None].square() + f.square()).sqrt()
    bands = [(radius >= low) & (radius < high) for low, high in itertools.pairwise(edges)]
    return torch.stack([power[:, band].sum(1) for band in bands], 1)


def band_ratios(samples: Tensor, real: Tensor) -> list[Estimate]:
    """Mean power of samples over that of real images, band by band; interval over the images of both."""
    a, b = (in_blocks(band_power, x) for x in (samples, real))
    return [ratio(mean_with_interval(a[:, i]), mean_with_interval(b[:, i])) for i in range(a.shape[1])]


def worst(ratios: list[Estimate]) -> float:
    """The largest of all ratios and their inverses: 1 is perfect. Infinite where a band has no power at all."""
    return max(max(r.value, 1 / r.value if r.value else np.inf) for r in ratios)
