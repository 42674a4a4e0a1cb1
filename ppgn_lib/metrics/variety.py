"""How different the samples of a class are where one outline, bright or dark on its wall, is no variety.

Colours are drawn at random for each photograph, so an item is brighter than its wall by chance. MS-SSIM takes the two
for unlike. Here the larger MS-SSIM of a pair counts, with the second picture as it is or with its brightness turned
round.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor

from ppgn_lib.metrics.diversity import BLOCK, ROUNDING, ms_ssim, normalised_luminance
from ppgn_lib.metrics.intervals import Estimate, wilson


def pair_variety(x: Tensor, y: Tensor, seed: int = 0) -> dict[int, Tensor]:
    """``1 - MS-SSIM`` of random pairs within each class, brightness turned round where that is more alike.

    Of images x (N, 3, H, W) in [-1, 1] by their normalised luminance, which has mean 0, so that of the negative is its
    own negative. Class -> (n // 2,); each image is in one pair at most, the pairs are those of ``pair_diversity``. What
    is within rounding of 0 is 0. Raises ``ValueError`` for images below 28 pixels.
    """
    generator = torch.Generator().manual_seed(seed)
    grey, found = normalised_luminance(x.cpu()), {}
    for c in y.unique().tolist():
        of_class = grey[y == c]
        order = torch.randperm(len(of_class), generator=generator)
        half = len(order) // 2
        if half:
            pairs = (of_class[order[first : first + half]].split(BLOCK) for first in (0, half))
            differ = torch.cat([1 - torch.maximum(ms_ssim(a, b), ms_ssim(a, -b)) for a, b in zip(*pairs, strict=True)])
            found[c] = torch.where(differ < ROUNDING, 0.0, differ)
    return found


def mean_variety(pairs: Mapping[int, Tensor], classes: Iterable[int]) -> Estimate:
    """Mean over classes of what ``pair_variety`` gave, all of equal weight; interval over pairs.

    A class without a pair counts as 0. Where all is 0, the interval is Wilson's of a share, as in ``diversity``.
    """
    wanted = list(classes)
    present = [pairs[c] for c in wanted if c in pairs]
    count = sum(map(len, present))
    if not any(differ.any() for differ in present):
        return wilson(0, count)
    value = sum(float(differ.mean()) for differ in present) / len(wanted)
    variance = sum(float(differ.var()) / len(differ) for differ in present if len(differ) > 1)
    half = 1.96 * variance**0.5 / len(wanted)
    return Estimate(value, value - half, value + half, count)
