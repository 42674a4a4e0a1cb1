"""Sampling at lower precision, faster where the hardware has bfloat16 (``step.speedup_bf16`` of the benchmarks)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


def in_bfloat16(f: Callable[[Tensor], Any]) -> Callable[[Tensor], Any]:
    """A network that computes in bfloat16 by autocast and returns float32: ``noiseless_joint(in_bfloat16(G), ...)``.

    It may return a tensor or a NamedTuple of tensors.

    Code, update and log-probabilities stay in float32; only what happens inside the network is rounded, to 8 bits of
    mantissa. Chains amplify rounding: expect other pictures of the same quality, not the same pictures.
    """

    def rounded(x: Tensor) -> Any:
        with torch.autocast(x.device.type, torch.bfloat16):
            result = f(x)
        return result.float() if isinstance(result, Tensor) else type(result)(*(part.float() for part in result))

    return rounded
