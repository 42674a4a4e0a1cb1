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
from ppgn_lib.data.images import check_images
from ppgn_lib.metrics.intervals import Estimate, mean_with_interval
from ppgn_lib.metrics.judging import in_blocks

EPOCHS = 15
BATCH = 50
RATE = 1e-3  # Adam's


class TwoSample(NamedTuple):
    """What networks say of 2N images that they were not trained on; samples first, then real ones."""

    accuracy: Estimate  # share told rightly, mean over seeds; interval over images
    maps: Tensor  # (2N, H/4, W/4), what each place says for "sample"; mean over seeds

    @property
    def evidence(self) -> Tensor:
        """The logit of "sample" of each image, (2N,): the mean of its map."""
        return self.maps.mean((1, 2))


class Classifier(nn.Module):
    """Three convolutions and a logit of "sample" at each place: images (B, 3, H, W) -> (B, H/4, W/4)."""

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *(nn.Conv2d(3, width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(width, 2 * width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(2 * width, 2 * width, 3, padding=1), nn.ReLU()),
            nn.Conv2d(2 * width, 1, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        """The map; its mean over places is the image's logit."""
        maps: Tensor = self.layers(x)
        return maps[:, 0]


def two_sample(samples: Tensor, real: Tensor, *, seeds: Sequence[int] = (0, 1), epochs: int = EPOCHS) -> TwoSample:
    """Train on a half of each set (N, 3, H, W), cut to [-1, 1], test on the other, and the other way round.

    ``seeds`` are of the halves, of the networks' weights and of the order of the images: each gives two networks,
    trained for ``epochs`` passes by Adam, the last one kept. Every image is judged once a seed.

    Raises
    ------
    ValueError
        Sets of other shape or size than each other (0.5 would not be the accuracy of guessing), or fewer than 4 images;
        NaN in them; no seed.
    TypeError
        The images are integers.

    """
    if samples.shape != real.shape or samples.ndim != 4 or len(samples) < 4:
        raise ValueError(
            f"needs two sets of as many images (N, 3, H, W), 4 or more; got {tuple(samples.shape)} and "
            f"{tuple(real.shape)}"
        )
    if not seeds:
        raise ValueError("needs at least one seed; got none")
    epochs = count(epochs, "epochs")
    x = check_images(torch.cat([samples, real]).cpu().clamp(-1, 1)).float()
    fake = torch.arange(len(x)) < len(samples)
    maps = torch.stack([_cross_fitted(x, fake, epochs, seed) for seed in seeds])  # (seeds, 2N, H/4, W/4)
    right = ((maps.mean((2, 3)) > 0) == fake).double()
    return TwoSample(mean_with_interval(right.mean(0)), maps.mean(0))


def _cross_fitted(x: Tensor, fake: Tensor, epochs: int, seed: int) -> Tensor:
    """The map of each image by the network that was trained on the other half."""
    generator = torch.Generator().manual_seed(seed)
    n = len(x) // 2
    first = torch.zeros(len(x), dtype=torch.bool)
    for start in (0, n):  # half of the samples, half of the real ones
        first[start + torch.randperm(n, generator=generator)[: n // 2]] = True
    maps = torch.empty(len(x), x.shape[2] // 4, x.shape[3] // 4)
    for trained_on in (first, ~first):
        net = _trained(x[trained_on], fake[trained_on].float(), epochs, generator)
        maps[~trained_on] = in_blocks(net, x[~trained_on])
    return maps


def _trained(x: Tensor, fake: Tensor, epochs: int, generator: torch.Generator) -> Classifier:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(torch.randint(2**31, (), generator=generator)))
        net = Classifier()
    adam = torch.optim.Adam(net.parameters(), RATE)
    for _ in range(epochs):
        for batch in torch.randperm(len(x), generator=generator).split(BATCH):
            adam.zero_grad()
            F.binary_cross_entropy_with_logits(net(x[batch]).mean((1, 2)), fake[batch]).backward()
            adam.step()
    return net.eval()
