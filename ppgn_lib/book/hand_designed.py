"""The hand-designed priors that are compared on the book's own data, where their chains start, and what counts.

What the chapter on activation maximisation reports and what ``tools/runs/hand_priors.py`` tunes are these same chains.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from ppgn_lib import metrics
from ppgn_lib.experts.ascent import Ascent, CodeAscent, PixelAscent, Views, certainty
from ppgn_lib.experts.conditions import Network
from ppgn_lib.experts.fourier import FixedMagnitude, FourierImage, colour_mixing, mean_magnitude
from ppgn_lib.experts.image_priors import (
    blur,
    centre_bias,
    compose,
    cut,
    decay,
    patches,
    total_variation,
    within,
)
from ppgn_lib.metrics import Judge, protocol
from ppgn_lib.sampling.noise import Noise

SIDE, CLASSES = 32, 10  # of the book's pictures
SURE = 0.9  # what the climbed network has to give the class
TUNED_BANK = 100  # of patches; the report takes other ones
PIXELS = within(-1, 1)  # there are no pixels darker than black

Family = Callable[[float], Ascent]  # strength -> a chain, without its eps2 and its number of steps


def families(images: Tensor, device: torch.device | str = "cpu") -> dict[str, Family]:
    """All priors, and none, by name; colours, magnitudes and patches are those of images (N, 3, 32, 32) in [-1, 1].

    Of Fourier coefficients the strength is the decay, of fixed magnitudes the smallest crop that the network sees.
    """
    colours = colour_mixing(images)
    waves = FourierImage(SIDE, colours).to(device)
    phases = FixedMagnitude(mean_magnitude(images, colours), colours, balance=0.3).to(device)
    return {
        "none": lambda s: PixelAscent(None),
        "Gaussian": lambda s: PixelAscent(decay(s)),
        "blur": lambda s: PixelAscent(blur(s)),
        "total variation": lambda s: PixelAscent(total_variation(s)),
        "jitter": lambda s: PixelAscent(None, int(s)),
        "centre bias": lambda s: PixelAscent(centre_bias(s)),
        "blur, variation, jitter": lambda s: PixelAscent(compose(PIXELS, total_variation(0.03 * s), blur(0.5 * s)), 3),
        "blur, decay, jitter": lambda s: PixelAscent(compose(PIXELS, decay(0.05 * s), blur(0.5 * s)), 3),
        "Fourier": lambda s: CodeAscent(waves, s, views(0.9)),
        "fixed magnitude": lambda s: CodeAscent(phases, 0.0, views(s)),
        "patches": patch_family(images, TUNED_BANK, device),
    }


def views(smallest: float) -> Views:
    """Of pictures of 32 pixels; the smallest crop is a share of their side."""
    return Views(shift=2, turn=10, crop=(smallest, 1.1), noise=0.05)


def patch_family(images: Tensor, bank: int, device: torch.device | str = "cpu") -> Family:
    """Patches of images from random places: one bank a number."""
    cuttings = cut(images, 12, 400, seed=bank).to(device)
    return lambda s: PixelAscent(patches(cuttings, s))


def starts(per_class: int, first_seed: int, contrast: float = 0.1) -> tuple[Tensor, Tensor, Sequence[int]]:
    """Noise (B, 3, 32, 32) of that standard deviation, cut to [-1, 1], with classes (B,) and seeds, class after class.

    Raises ``ValueError`` for more than 1000 chains a class.
    """
    seeds = protocol.seeds_of(first_seed, per_class, CLASSES)
    z = Noise(seeds).draw(torch.empty(len(seeds), 3, SIDE, SIDE))
    return (contrast * z).clamp(-1, 1), protocol.classes_of(per_class, CLASSES), seeds


def recognised(net: Network, judge: Judge, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Which pictures (B, 3, 32, 32), cut to [-1, 1], two networks agree on, and how sure the climbed one is: (B,) each.

    Recognised is a picture to whose class y (B,) the climbed ``net``, pictures -> logits (B, K), gives more than
    ``SURE``, and that the judge takes for that class before all others.
    """
    x = x.clamp(-1, 1)
    sure = torch.cat([certainty(net, *part) for part in zip(x.split(500), y.split(500), strict=True)])
    seen = metrics.judgement(judge, x).logits.argmax(1) == y
    return (sure > SURE) & seen, sure
