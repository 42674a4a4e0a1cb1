"""AC-GAN (Odena, Olah & Shlens, 2017): a generator that is told the class, a discriminator that has to tell it.

The paper's tables with the layers are lost in the text that circulates; these are those commonly reported for
CIFAR-10, whose pictures have the size of ours, but for what is marked NOT IN PAPER.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ppgn_lib.networks.features import check_input
from ppgn_lib.networks.small import eighth


class ClassGenerator(nn.Module):
    """G: noise (B, noise) ~ N(0, I) and classes (B,) -> images (B, 3, size, size) in [-1, 1].

    The class enters as one-hot numbers beside the noise; then a linear layer, three times twice the size with a
    convolution and BatchNorm, a convolution at full size, and a tanh.
    """

    def __init__(self, classes: int, *, noise: int = 100, size: int = 32, width: int = 96) -> None:
        super().__init__()
        self.classes, self.noise, self.size, self.width, self.side = classes, noise, size, width, eighth(size)
        self.settings = {"classes": classes, "noise": noise, "size": size, "width": width}
        w = width
        self.first = nn.Linear(noise + classes, 4 * w * self.side**2)
        self.up = nn.Sequential(
            *(_doubled(4 * w, 2 * w), nn.BatchNorm2d(2 * w), nn.ReLU()),  # (B, 2w, 8, 8)
            *(_doubled(2 * w, w), nn.BatchNorm2d(w), nn.ReLU()),  # (B, w, 16, 16)
            *(_doubled(w, w), nn.BatchNorm2d(w), nn.ReLU()),  # (B, w, 32, 32)
            # NOT IN PAPER, where the layer before is the last one and leaves a grid; PPGN's G ends like this too
            *(nn.Conv2d(w, 3, 3, padding=1), nn.Tanh()),  # (B, 3, 32, 32)
        )
        _normal(self)

    def forward(self, z: Tensor, y: Tensor) -> Tensor:
        """Raises ``ValueError`` for noise of another length, or another number of classes than of noise."""
        if z.ndim != 2 or z.shape[1] != self.noise or y.shape != z.shape[:1]:
            raise ValueError(
                f"G takes noise (B, {self.noise}) and a class for each; got {tuple(z.shape)} and {tuple(y.shape)}"
            )
        h = F.relu(self.first(torch.cat([z, F.one_hot(y, self.classes).to(z)], 1)))
        x: Tensor = self.up(h.view(-1, 4 * self.width, self.side, self.side))
        return x


class AuxiliaryDiscriminator(nn.Module):
    """D: images (B, 3, size, size) -> the logit that they are real (B,), and logits of the classes (B, K).

    ``dropout``: the share of a layer's numbers that is left out in training, 0.5 in the paper.
    """

    def __init__(self, classes: int, *, size: int = 32, width: int = 16, dropout: float = 0.0) -> None:
        super().__init__()
        self.settings = {"classes": classes, "size": size, "width": width, "dropout": dropout}
        widths = [3, *(width * 2**k for k in range(6))]
        layers: list[nn.Module] = []
        for k, (before, after) in enumerate(pairwise(widths)):
            halves = k % 2 == 0
            # NOT IN PAPER: 3x3 there, also in layers of stride 2, which see some pixels more often than others
            kernel, stride = (4, 2) if halves else (3, 1)
            layers.append(nn.Conv2d(before, after, kernel, stride=stride, padding=1, bias=k == 0))
            layers += [nn.BatchNorm2d(after)] if k else []
            layers += [nn.LeakyReLU(0.2), *([nn.Dropout(dropout)] if dropout else [])]
        self.look = nn.Sequential(*layers, nn.Flatten())
        features = widths[-1] * eighth(size) ** 2
        self.source, self.class_of = nn.Linear(features, 1), nn.Linear(features, classes)
        self.size = size
        _normal(self)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        check_input("D", x, self.size)
        seen = self.look(x)
        return self.source(seen).squeeze(1), self.class_of(seen)


def _doubled(before: int, after: int) -> nn.Sequential:
    """Twice the height and the width, by nearest neighbours, and a convolution."""
    # NOT IN PAPER, which has transposed convolutions; these draw a grid on the pictures (Odena, Dumoulin & Olah, 2016)
    return nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(before, after, 3, padding=1))


def _normal(net: nn.Module) -> None:
    """Weights from N(0, 0.02^2), as in the paper."""
    for module in net.modules():
        if isinstance(module, nn.Linear | nn.Conv2d):
            nn.init.normal_(module.weight, 0.0, 0.02)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
