"""Where chains start."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ppgn_lib.networks import CODE


def half_normal(seeds: Sequence[int], size: int = CODE) -> Tensor:
    """``|N(0, I)|``, (len(seeds), size): codes that no image had a part in, not negative as after a ReLU.

    Each row depends on its seed alone. NOT IN PAPER: the released script starts at N(0, I), unclipped, whose
    negative half E can never produce. A stream for the start and one for the noise of the same chain must
    differ, so the seed here is turned into another one.
    """
    rows = [torch.randn(size, generator=torch.Generator().manual_seed((int(s) << 20) + 0xC0DE)) for s in seeds]
    return torch.stack(rows).abs()
