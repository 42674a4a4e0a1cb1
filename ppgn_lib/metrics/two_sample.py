"""Classifier two-sample test (Lopez-Paz & Oquab 2017): does a small network learn to tell samples from photographs.

Accuracy on images that it was not trained on: 0.5 where it finds no difference, 1 where every image gives itself away.
It sees what the eye sees, such as speckles and flat colours, and no feature of any judge comes between.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ppgn_lib.checks import count
from ppgn_lib.metrics.intervals import Estimate, mean_with_interval

EPOCHS = 15
BATCH = 50
RATE = 1e-3  # Adam's


class TwoSample(NamedTuple):
    """What networks say of images that they were not trained on; samples first, then real ones."""

    accuracy: Estimate  # share told rightly, mean over seeds; interval over images
    evidence: Tensor  # (N + M,) mean logit of "sample"
    maps: Tensor  # (N + M, H/4, W/4), what each place adds to it: their mean over places is the evidence


class Teller(nn.Module):
    """Three convolutions, a mean over places, one logit."""

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *(nn.Conv2d(3, width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(width, 2 * width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(2 * width, 2 * width, 3, padding=1), nn.ReLU()),
        )
        self.head = nn.Conv2d(2 * width, 1, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Images (B, 3, H, W) -> the logit of "sample" (B,), and what each place adds to it (B, H/4, W/4)."""
        evidence = self.head(self.layers(x))[:, 0]
        return evidence.mean((1, 2)), evidence


def two_sample(samples: Tensor, real: Tensor, *, seeds: Sequence[int] = (0, 1), epochs: int = EPOCHS) -> TwoSample:
    """Train on a half of each set (N, 3, H, W), (M, 3, H, W), test on the other, and the other way round.

    ``seeds`` are of the halves, of the networks' weights and of the order of the images: each gives two networks,
    trained for ``epochs`` passes by Adam, the last one kept. Every image is judged once a seed.

    Raises
    ------
    ValueError
        Sets of other shape or size than each other (0.5 would not be the accuracy of guessing), or fewer than 4 images.

    """
    if samples.shape != real.shape or samples.ndim != 4 or len(samples) < 4:
        raise ValueError(
            f"needs two sets of as many images (N, 3, H, W), 4 or more; got {tuple(samples.shape)} and "
            f"{tuple(real.shape)}"
        )
    epochs = count(epochs, "epochs")
    x = torch.cat([samples, real]).float().cpu().clamp(-1, 1)
    fake = torch.arange(len(x)) < len(samples)
    found = [_cross_fitted(x, fake, epochs, seed) for seed in seeds]
    right = torch.stack([((evidence > 0) == fake).double() for evidence, _ in found]).mean(0)
    return TwoSample(mean_with_interval(right), *(torch.stack(parts).mean(0) for parts in zip(*found, strict=True)))


def _cross_fitted(x: Tensor, fake: Tensor, epochs: int, seed: int) -> tuple[Tensor, Tensor]:
    """Evidence and maps of each image by the network that was trained on the other half."""
    generator = torch.Generator().manual_seed(seed)
    n = len(x) // 2
    first = torch.zeros(len(x), dtype=torch.bool)
    for start in (0, n):  # half of the samples, half of the real ones
        first[start + torch.randperm(n, generator=generator)[: n // 2]] = True
    evidence, maps = torch.empty(len(x)), torch.empty(len(x), x.shape[2] // 4, x.shape[3] // 4)
    for trained_on in (first, ~first):
        net = _trained(x[trained_on], fake[trained_on].float(), epochs, generator)
        with torch.no_grad():
            evidence[~trained_on], maps[~trained_on] = (
                torch.cat(parts) for parts in zip(*map(net, x[~trained_on].split(500)), strict=True)
            )
    return evidence, maps


def _trained(x: Tensor, fake: Tensor, epochs: int, generator: torch.Generator) -> Teller:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(torch.randint(2**31, (), generator=generator)))
        net = Teller()
    adam = torch.optim.Adam(net.parameters(), RATE)
    for _ in range(epochs):
        for batch in torch.randperm(len(x), generator=generator).split(BATCH):
            adam.zero_grad()
            F.binary_cross_entropy_with_logits(net(x[batch])[0], fake[batch]).backward()
            adam.step()
    return net.eval()
