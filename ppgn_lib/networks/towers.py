"""Both towers of E read as one network, for units that lie before they meet."""

from __future__ import annotations

from collections import OrderedDict

import torch
from torch import Tensor, nn

from ppgn_lib.networks.small import Encoder, value_and_saturation


class _Both(nn.Module):
    """Pictures -> channels of one layer, first those of the tower of shapes, then of colours."""

    def __init__(self, E: Encoder, last: int) -> None:
        super().__init__()
        self.shape, self.colours = E.shape[:last], E.colours[:last]

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.shape(value_and_saturation(x)), self.colours(x)], 1)


def joined(E: Encoder, layer: str = "conv5") -> nn.Sequential:
    """Pictures (B, 3, H, W) -> the layer of that name of both towers, channels of shapes first; E's own weights.

    The result has one layer, of the same name, so that its units are called as those of any network: ``"conv5:17"``.

    Raises
    ------
    ValueError
        The towers have no such layer.

    """
    names = [name for name, _ in E.shape.named_children()]
    if layer not in names:
        raise ValueError(f"the towers have the layers {', '.join(names)}; got {layer!r}")
    both = nn.Sequential(OrderedDict({layer: _Both(E, names.index(layer) + 1)}))
    return both.train(E.training)
