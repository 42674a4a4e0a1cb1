"""Hand-designed priors on images: maps ``r`` that make an image a little more like a natural one.

With one of them as R and eps1 = 1 the library's chain is Eq. 17, ``x' = r(x) + eps2 d log p(y|x)/dx``:

    chain(x0, autoencoder(compose(decay(0.01), blur(0.5))), condition, Eps(1.0, eps2), ...)

Images are (B, 3, H, W) in [-1, 1] or any other scale with 0 in the middle; only ``within`` clips.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from ppgn_lib.checks import positive, share
from ppgn_lib.sampling.chain import LogProb, value_and_grad

Map = Callable[[Tensor], Tensor]  # (B, 3, H, W) -> (B, 3, H, W)


def compose(*maps: Map) -> Map:
    """The maps one after the other; none is the identity."""

    def r(x: Tensor) -> Tensor:
        for one in maps:
            x = one(x)
        return x

    return r


def within(low: float, high: float) -> Map:
    """Pixels cut to [low, high]: flat inside, impossible outside. Raises ``ValueError`` unless low < high."""
    if not low < high:
        raise ValueError(f"needs low < high; got {low} and {high}")
    return lambda x: x.clamp(low, high)


def decay(rate: float) -> Map:
    """``(1 - rate) x``: a Gaussian prior around grey (Eq. 14). Source: Simonyan et al. (2013)."""
    share(rate=rate)
    return lambda x: (1 - rate) * x


def blur(sigma: float) -> Map:
    """Gaussian blur of ``sigma`` pixels, the border mirrored. Source: Yosinski et al. (2015)."""
    from torchvision.transforms.functional import gaussian_blur

    positive(sigma=sigma)
    size = 2 * math.ceil(3 * sigma) + 1
    return lambda x: gaussian_blur(x, [size, size], [sigma, sigma])


def total_variation(weight: float, smooth: float | None = None) -> Map:
    """A gradient step of size ``weight`` on ``sum sqrt(dx^2 + dy^2 + smooth^2)``, summed over pixels and channels.

    Flattens noise and leaves edges. Where the picture is flat the sum bends by up to ``8 / smooth``, so a step is
    stable up to ``weight = smooth / 4``, and beyond it makes a checkerboard; ``smooth`` is 5 ``weight`` unless given.
    Source: Mahendran & Vedaldi (2015).

    Raises
    ------
    ValueError
        weight or smooth is not positive, or weight is above smooth / 4.

    """
    positive(weight=weight)
    smooth = 5 * weight if smooth is None else smooth
    positive(smooth=smooth)
    if weight > smooth / 4:
        raise ValueError(f"weight must be at most smooth / 4 = {smooth / 4}, or the step overshoots; got {weight}")

    def variation(x: Tensor) -> Tensor:  # (B,)
        down = F.pad(x[..., 1:, :] - x[..., :-1, :], (0, 0, 0, 1))
        right = F.pad(x[..., 1:] - x[..., :-1], (0, 1))
        return (down**2 + right**2 + smooth**2).sqrt().sum((1, 2, 3))

    return lambda x: x - weight * value_and_grad(variation, x)[1]


def centre_bias(strength: float, width: float = 0.3) -> Map:
    """Fades the margins: ``x (1 - strength (1 - w))``, w a Gaussian window of ``width`` image sides.

    Keeps one object in the middle instead of many everywhere. Source: Nguyen et al. (2016), multifaceted features.
    """
    share(strength=strength)
    positive(width=width)

    def r(x: Tensor) -> Tensor:
        rows, columns = (torch.linspace(-0.5, 0.5, n, dtype=x.dtype, device=x.device) for n in x.shape[-2:])
        window = torch.exp(-(rows[:, None] ** 2 + columns**2) / (2 * width**2))  # (H, W), 1 in the middle
        return x * (1 - strength * (1 - window))

    return r


def patches(bank: Tensor, strength: float, stride: int = 4) -> Map:
    """Data-driven patch prior: each patch moves by ``strength`` towards the most similar one of real images.

    Parameters
    ----------
    bank
        (K, 3, s, s) patches of real images (``cut``).
    strength
        1 replaces each pixel by the mean of what the patches over it say.
    stride
        Pixels between neighbouring patches of the image.

    Source: Wei et al. (2015).

    Raises
    ------
    ValueError
        At the call for a bank of another form; at the first evaluation for an image smaller than a patch.

    """
    share(strength=strength)
    if bank.ndim != 4 or bank.shape[1] != 3 or bank.shape[2] != bank.shape[3] or not len(bank):
        raise ValueError(f"the bank must be patches (K, 3, s, s); got {tuple(bank.shape)}")
    size, flat = bank.shape[-1], bank.flatten(1)

    def r(x: Tensor) -> Tensor:
        if min(x.shape[-2:]) < size:
            raise ValueError(f"images must be at least {size} pixels wide, as patches are; got {tuple(x.shape)}")
        here = F.unfold(x, size, stride=stride).transpose(1, 2)  # (B, L, 3 s s)
        like = torch.stack([flat[torch.cdist(one, flat).argmin(1)] for one in here]).transpose(1, 2)  # (B, 3 s s, L)
        total = F.fold(like, x.shape[-2:], size, stride=stride)
        count = F.fold(torch.ones_like(like), x.shape[-2:], size, stride=stride)
        known = count > 0  # a margin that no patch reaches stays as it is
        return torch.where(known, (1 - strength) * x + strength * total / count.clamp(min=1), x)

    return r


def cut(images: Tensor, size: int, count: int, seed: int = 0) -> Tensor:
    """``count`` patches (count, 3, size, size) from random places of images (N, 3, H, W).

    Raises ``ValueError`` when the images are smaller.
    """
    height, width = images.shape[-2:]
    if min(height, width) < size:
        raise ValueError(f"patches of {size} pixels do not fit images of {height} x {width}")
    generator = torch.Generator().manual_seed(seed)
    which, row, column = (
        torch.randint(0, n, (count,), generator=generator).tolist()
        for n in (len(images), height - size + 1, width - size + 1)
    )
    return torch.stack([images[n, :, i : i + size, j : j + size] for n, i, j in zip(which, row, column, strict=True)])


def jittered(condition: LogProb, pixels: int, seeds: Sequence[int]) -> LogProb:
    """A condition on images that are first shifted, around the edge, by up to ``pixels`` either way, anew at each call.

    Each chain has its own shifts. Noise that fits one position of the network's grid only so averages out. Source:
    Mordvintsev et al. (2015).

    Raises ``ValueError`` (at a call) for more chains than seeds.
    """
    if pixels < 1:
        raise ValueError(f"pixels must be at least 1; got {pixels}")
    generators = [torch.Generator().manual_seed(int(seed)) for seed in seeds]

    def log_prob(x: Tensor) -> Tensor:
        if len(x) > len(generators):
            raise ValueError(f"needs a seed for each of {len(x)} chains; got {len(generators)}")
        shifts = [torch.randint(-pixels, pixels + 1, (2,), generator=g).tolist() for g in generators[: len(x)]]
        return condition(torch.stack([one.roll(shift, (1, 2)) for one, shift in zip(x, shifts, strict=True)]))

    return log_prob
