"""Hidden units by name: "conv5:17" is channel 17 of the layer conv5 (Sec. 4.1 of the paper).

A unit of any layer of any network is a condition like a class::

    condition = units(C, "features.10:17", place=(6, 6))  # log softmax over the channels at one place
    condition = units(C, ["classifier.1:3", "classifier.1:5"])  # another unit for each of two chains

"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ppgn_lib.networks.features import Function, activations, check_frozen
from ppgn_lib.sampling.chain import LogProb

Place = tuple[int, int] | Literal["mean"] | None  # row and column of a map, the mean over it, or no map


def units(
    net: nn.Module, names: str | Sequence[str], *, place: Place = None, nonlinearity: Function | None = None
) -> LogProb:
    """``log p(k|x)``: log softmax over the channels of a layer, of channel k.

    Parameters
    ----------
    net
        Images -> anything; its layers have the names of ``net.named_modules()``.
    names
        ``"LAYER:CHANNEL"`` for all chains, or one a chain, all of one layer. The output of the layer is taken before
        whatever follows it, so that of a convolution has not been through its ReLU.
    place
        Of a layer of maps: row and column, or ``"mean"`` over all places. Of a fully connected one: None.
    nonlinearity
        Applied to the activations, to have them after it.

    Raises
    ------
    ValueError
        A name has no channel, the names are of several layers, there is no such layer (the message has the nearest
        one), or the network is in training mode. At the first evaluation: no such channel or place, or another number
        of names than chains.

    """
    check_frozen("net", net)
    every = [names] if isinstance(names, str) else list(names)
    layers, numbers = zip(*(_parts(name) for name in every), strict=True) if every else ((), ())
    if len(set(layers)) != 1:
        raise ValueError(f"units must be of one layer; got {', '.join(every) or 'none'}")
    activation = activations(net, layers[0], nonlinearity)
    channels = torch.tensor(numbers)

    def log_prob(x: Tensor) -> Tensor:
        found = at(activation(x), place)
        if len(channels) not in (1, len(found)):
            raise ValueError(f"there must be one unit, or one for each of {len(found)} chains; got {len(channels)}")
        if int(channels.max()) >= found.shape[1]:
            raise ValueError(f"{layers[0]} has the channels 0...{found.shape[1] - 1}; got {int(channels.max())}")
        wanted = channels.to(found.device).expand(len(found))[:, None]
        return F.log_softmax(found, 1).gather(1, wanted).squeeze(1)

    return log_prob


def at(activation: Tensor, place: Place) -> Tensor:
    """Activations (B, K) of a layer, (B, K) or (B, K, H, W), at a place of its maps. Raises as ``units`` says."""
    if activation.ndim == 2 and place is None:
        return activation
    if activation.ndim != 4 or place is None:
        raise ValueError(
            f"a layer of maps (B, K, H, W) needs a place, (row, column) or 'mean', another one none; got "
            f"{tuple(activation.shape)} and place={place!r}"
        )
    if place == "mean":
        return activation.mean((2, 3))
    (row, column), (height, width) = place, activation.shape[2:]
    if not (0 <= row < height and 0 <= column < width):
        raise ValueError(f"the place must be within {height} x {width}; got {row}, {column}")
    return activation[:, :, row, column]


def _parts(name: str) -> tuple[str, int]:
    layer, colon, channel = name.rpartition(":")
    if not colon or not channel.isdecimal():
        raise ValueError(f"a unit must be named LAYER:CHANNEL, such as 'conv5:17'; got {name!r}")
    return layer, int(channel)
