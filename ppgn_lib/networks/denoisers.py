"""Denoising autoencoders R, which know the score (Eq. 6): of points, and of images for every noise at once."""

from __future__ import annotations

import itertools
import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ppgn_lib.networks.features import check_input
from ppgn_lib.networks.small import he_initialise

SPREAD = 0.5  # standard deviation of the data, roughly: with less noise R mostly keeps x, with more it replaces it


class ResidualMLP(nn.Module):
    """``R(x) = x + f(x)`` for points (B, size): f is a perceptron of ``depth`` hidden layers, nearly zero at first.

    What it learns is the displacement, so that a small sigma does not have to be the difference of two large numbers.
    """

    def __init__(self, size: int, width: int = 128, depth: int = 3) -> None:
        super().__init__()
        widths = [size] + [width] * depth
        layers = [part for a, b in itertools.pairwise(widths) for part in (nn.Linear(a, b), nn.SiLU())]
        last = nn.Linear(width, size)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.layers = nn.Sequential(*layers, last)

    def forward(self, x: Tensor) -> Tensor:
        """(B, size) -> (B, size)."""
        return x + self.layers(x)


class ImageDenoiser(nn.Module):
    """``R(x; sigma)``: noisy images (B, 3, H, W) -> the mean of the clean ones they may have been.

    A small U-Net that is told sigma, the standard deviation of the noise with pixels in [-1, 1]. NOT IN PAPER: PPGN-x
    has one noise and no shortcuts. Knowing sigma is what lets one network serve all, and shortcuts keep the detail
    that a chain of small steps has to come back to. Source of the scaling, under which the net's own output has
    about unit variance at any sigma: Karras et al. (2022). ``width``: channels at full size, a
    multiple of 8; H and W are multiples of 4.
    """

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        if width < 8 or width % 8:
            raise ValueError(f"width must be a multiple of 8, for the groups of its norms; got {width}")
        self.settings = {"width": width}
        w = width
        self.noise = nn.Sequential(nn.Linear(9, 4 * w), nn.SiLU(), nn.Linear(4 * w, 4 * w), nn.SiLU())
        self.first = nn.Conv2d(3, w, 3, padding=1)
        self.down = nn.ModuleList([_Block(w, w, 4 * w), _Block(2 * w, 2 * w, 4 * w)])
        self.shrink = nn.ModuleList(
            [
                nn.Conv2d(w, 2 * w, 3, stride=2, padding=1),  # (B, 2w, 16, 16)
                nn.Conv2d(2 * w, 4 * w, 3, stride=2, padding=1),  # (B, 4w, 8, 8)
            ]
        )
        self.middle = nn.ModuleList([_Block(4 * w, 4 * w, 4 * w), _Block(4 * w, 4 * w, 4 * w)])
        self.grow = nn.ModuleList([nn.Conv2d(4 * w, 2 * w, 3, padding=1), nn.Conv2d(2 * w, w, 3, padding=1)])
        self.up = nn.ModuleList([_Block(4 * w, 2 * w, 4 * w), _Block(2 * w, w, 4 * w)])
        self.norm = nn.GroupNorm(8, w)
        self.last = nn.Conv2d(w, 3, 3, padding=1)
        nn.init.zeros_(self.last.weight)

    def forward(self, x: Tensor, sigma: float | Tensor) -> Tensor:
        """Sigma: one for all images, or (B,). Raises ``ValueError`` unless it is finite, positive and fits x."""
        check_input("R", x, multiple=4)
        sigma = torch.as_tensor(sigma, dtype=x.dtype, device=x.device)
        if sigma.shape not in {(), (len(x),)} or not bool((sigma.isfinite() & (sigma > 0)).all()):
            raise ValueError(f"sigma must be finite and positive, one or one for each of {len(x)} images; got {sigma}")
        s = sigma.expand(len(x))[:, None, None, None]
        total = (s**2 + SPREAD**2).sqrt()
        return (SPREAD / total) ** 2 * x + s * SPREAD / total * self._net(x / total, waves(s[:, 0, 0]))

    def _net(self, x: Tensor, waves: Tensor) -> Tensor:
        noise = self.noise(waves)  # (B, 4w)
        x, kept = self.first(x), []
        for block, shrink in zip(self.down, self.shrink, strict=True):
            x = block(x, noise)
            kept.append(x)
            x = shrink(x)
        for block in self.middle:
            x = block(x, noise)
        for grow, block in zip(self.grow, self.up, strict=True):
            x = grow(F.interpolate(x, scale_factor=2.0))
            x = block(torch.cat([x, kept.pop()], 1), noise)
        return self.last(F.silu(self.norm(x)))


class ImageAutoencoder(nn.Module):
    """``R(x)`` of PPGN-x as in the paper, for one noise: images (B, 3, H, W) -> (B, 3, H, W), H and W even.

    A convolution like conv1, then three up-convolutions back; leaky slope 0.3 as in G, the last layer linear.
    """

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        self.settings = {"width": width}
        self.conv1 = nn.Conv2d(3, width, 5, stride=2, padding=2)  # (B, width, 16, 16)
        self.up = nn.ModuleList(
            [
                nn.ConvTranspose2d(width, width, 4, stride=2, padding=1),  # (B, width, 32, 32)
                nn.ConvTranspose2d(width, width // 2, 3, padding=1),
                nn.ConvTranspose2d(width // 2, 3, 3, padding=1),  # (B, 3, 32, 32)
            ]
        )
        he_initialise(self, slope=0.3)

    def forward(self, x: Tensor) -> Tensor:
        check_input("R", x, multiple=2)
        x = F.relu(self.conv1(x))
        *hidden, last = self.up
        for layer in hidden:
            x = F.leaky_relu(layer(x), 0.3)
        return last(x)


class _Block(nn.Module):
    """Two convolutions beside a shortcut; the noise level scales and shifts what lies between them."""

    def __init__(self, inputs: int, outputs: int, noise: int) -> None:
        super().__init__()
        self.norms = nn.ModuleList([nn.GroupNorm(8, inputs), nn.GroupNorm(8, outputs)])
        self.convs = nn.ModuleList(
            [nn.Conv2d(inputs, outputs, 3, padding=1), nn.Conv2d(outputs, outputs, 3, padding=1)]
        )
        self.noise = nn.Linear(noise, 2 * outputs)
        self.shortcut = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x: Tensor, noise: Tensor) -> Tensor:
        scale, shift = self.noise(noise)[:, :, None, None].chunk(2, 1)
        hidden = self.convs[0](F.silu(self.norms[0](x)))
        return self.shortcut(x) + self.convs[1](F.silu((1 + scale) * self.norms[1](hidden) + shift))


def waves(sigma: Tensor) -> Tensor:
    """Sigma (B, 1) as nine numbers in which near noise levels are near: its logarithm, and waves of it, (B, 9)."""
    level = sigma.log() / 4
    turns = level * (2.0 ** torch.arange(4, dtype=sigma.dtype, device=sigma.device)) * math.pi / 2
    return torch.cat([level, turns.sin(), turns.cos()], 1)
