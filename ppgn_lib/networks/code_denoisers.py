"""Denoising autoencoders of codes: the priors of PPGN-h (Eq. 11)."""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ppgn_lib.networks.denoisers import waves
from ppgn_lib.networks.small import he_initialise


class CodeAutoencoder(nn.Module):
    """``R(h)`` of PPGN-h as in the paper, for one noise: codes (B, code) -> (B, code).

    A perceptron of seven hidden layers in the paper's proportions, 4096-2048-1024-500-1024-2048-4096 for codes of 4096:
    it has to press a code through an eighth of its length. Leaky slope 0.3 as in G; the last layer is linear.
    """

    def __init__(self, *, code: int = 256) -> None:
        super().__init__()
        self.code = code
        self.settings = {"code": code}
        widths = [code, *(max(1, round(code * share)) for share in (1, 0.5, 0.25, 500 / 4096, 0.25, 0.5, 1)), code]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in itertools.pairwise(widths)])
        he_initialise(self, slope=0.3)

    def forward(self, h: Tensor) -> Tensor:
        _check(h, self.code)
        *hidden, last = self.layers
        for layer in hidden:
            h = F.leaky_relu(layer(h), 0.3)
        return last(h)


class CodeDenoiser(nn.Module):
    """``R(h; sigma)``: codes (B, code) with noise of standard deviation sigma -> the mean of those they may have been.

    NOT IN PAPER: it is told sigma, so that one network serves noise of all sizes, and has shortcuts instead of a narrow
    middle. Source of the scaling, under which what the net itself has to say has about unit variance at any sigma:
    Karras et al. (2022). ``spread`` is the standard deviation of the coordinates of codes.
    """

    def __init__(self, *, code: int = 256, width: int = 512, depth: int = 3, spread: float = 1.0) -> None:
        super().__init__()
        self.code, self.spread = code, spread
        self.settings = {"code": code, "width": width, "depth": depth, "spread": spread}
        self.first = nn.Linear(code + 9, width)
        self.blocks = nn.ModuleList([_Block(width) for _ in range(depth)])
        self.last = nn.Linear(width, code)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)

    def forward(self, h: Tensor, sigma: float | Tensor) -> Tensor:
        """Sigma: one for all codes, or (B,). Raises ``ValueError`` unless it is finite, positive and fits h."""
        _check(h, self.code)
        sigma = torch.as_tensor(sigma, dtype=h.dtype, device=h.device)
        if sigma.shape not in {(), (len(h),)} or not bool((sigma.isfinite() & (sigma > 0)).all()):
            raise ValueError(f"sigma must be finite and positive, one or one for each of {len(h)} codes; got {sigma}")
        s = sigma.expand(len(h))[:, None]
        total = (s**2 + self.spread**2).sqrt()
        noise = waves(s)  # (B, 9)
        x = self.first(torch.cat([h / total, noise], 1))
        for block in self.blocks:
            x = block(x, noise)
        return (self.spread / total) ** 2 * h + s * self.spread / total * self.last(x)


class _Block(nn.Module):
    """Two layers beside a shortcut."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.inner, self.outer, self.noise = nn.Linear(width, width), nn.Linear(width, width), nn.Linear(9, width)

    def forward(self, x: Tensor, noise: Tensor) -> Tensor:
        return x + self.outer(F.silu(self.inner(self.norm(x)) + self.noise(noise)))


def _check(h: Tensor, code: int) -> None:
    if h.ndim != 2 or h.shape[1] != code:
        raise ValueError(f"R takes codes of shape (B, {code}); got {tuple(h.shape)}")
