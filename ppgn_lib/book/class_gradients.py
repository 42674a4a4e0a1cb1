"""The class gradients of Table S2, and the codes from which each of them has to reach a class.

``tools/runs/hand_priors.py`` chooses a step size for each, and the chapter on activation maximisation reports.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from ppgn_lib import metrics
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.experts import conditions
from ppgn_lib.experts.ascent import certainty
from ppgn_lib.experts.conditions import Labels, LogProb, Network
from ppgn_lib.networks.features import Features, encode

FORMS: dict[str, Callable[[Network, Labels], LogProb]] = {
    "log-softmax (c)": conditions.classes,
    "logit (a)": conditions.class_logit,
    "softmax (b)": conditions.class_probability,
    "as released": conditions.released_classes,
}
RELEASED = "as released"  # no row of the table: takes the step size of (c)
UNLIKELY = 1e-3  # p(y|x) where chains start
HEAD = "item"

Encoder = Callable[[Tensor], Features]
Generator = Callable[[Tensor], Tensor]


def item_logits(E: Encoder) -> Network:
    """What E says of the item: images (B, 3, H, W) -> logits (B, 10)."""
    return lambda x: E(x).logits[HEAD]


def given(E: Encoder, G: Generator, h: Tensor, y: Tensor) -> Tensor:
    """p(y|G(h)) of codes (B, H), (B,) on the CPU."""
    logits = item_logits(E)
    return certainty(lambda code: logits(G(code)), h, y)


def unlikely(
    E: Encoder, G: Generator, split: str, count: int, seed: int, device: torch.device | str = "cpu"
) -> tuple[Tensor, Tensor]:
    """Codes of photographs (count, H), each with a class (count,) that E gives it less than ``UNLIKELY``.

    They are the first ones of the first 4 ``count`` images of a split of the data, fewer if there are no more such; the
    classes are drawn by the seed.
    """
    generator = torch.Generator().manual_seed(seed)
    batch = TintedFashion(split).batch(range(4 * count))
    h = metrics.in_blocks(lambda x: encode(E, x.to(device)), batch.x)
    shift = torch.randint(1, 10, (len(h),), generator=generator)
    y = ((batch.labels[HEAD] + shift) % 10).to(device)
    far = (given(E, G, h, y) < UNLIKELY).nonzero().flatten()[:count]
    return h[far], y[far]
