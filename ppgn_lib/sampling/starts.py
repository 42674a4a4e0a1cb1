"""Where chains start."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ppgn_lib.checks import count
from ppgn_lib.sampling.noise import check_seeds


def rectified_normal(seeds: Sequence[int], size: int, mean: float = -0.9, std: float = 2.35) -> Tensor:
    """``max(0, N(mean, std^2))`` for each coordinate, (len(seeds), size): random codes that no image had a part in.

    The defaults give 65 % zeros and a mean of 0.56, about those of our E's codes; nothing else is known of them.
    Each row depends on its seed alone. NOT IN PAPER: the released script starts at N(0, 1), not rectified, whose
    negative half E can never produce and G has never seen.

    Raises ``ValueError`` for a seed outside [0, 2^63) or a size below 1.
    """
    size = count(size, "size")
    # The start and the noise of a chain must be different streams, so the seed is turned into another one.
    rows = [
        torch.randn(size, generator=torch.Generator().manual_seed(seed ^ 0x5DEECE66D)) for seed in check_seeds(seeds)
    ]
    return (mean + std * torch.stack(rows)).clamp(min=0)
