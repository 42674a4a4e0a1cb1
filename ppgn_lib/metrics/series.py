"""Features of series that no label had a part in: shares of positive values of random convolutions."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def random_features(x: Tensor, *, count: int = 1000, width: int = 5, seed: int = 0) -> Tensor:
    """Series (N, C, T) -> (N, count), float64: for each random kernel the share of moments at which it is positive.

    Such shares, by thousands of kernels, are what the time series classifiers Rocket and MiniRocket read. Weights have
    mean 0; weights and thresholds are drawn from N(0, 1) by the seed.
    """
    draw = torch.Generator().manual_seed(seed)
    weight = torch.randn(count, x.shape[1], width, generator=draw)
    bias = torch.randn(count, generator=draw)
    answers = F.conv1d(x, (weight - weight.mean((1, 2), keepdim=True)).to(x), bias.to(x), padding=width // 2)
    return (answers > 0).double().mean(2)
