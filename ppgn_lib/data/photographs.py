"""Photographs that installed packages bring along, for chapters about networks of ImageNet's classes."""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ppgn_lib.data.files import in_package

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


def photograph(name: str, size: int = 224) -> Tensor:
    """One of ``PHOTOGRAPHS``, its middle square (3, size, size) in [-1, 1].

    Raises ``ValueError`` for another name and ``ImportError`` where its package is not installed.
    """
    if name not in PHOTOGRAPHS:
        raise ValueError(f"no photograph {name!r}; there are {', '.join(PHOTOGRAPHS)}")
    with Image.open(in_package(*PHOTOGRAPHS[name], hint="pip install scikit-image scikit-learn")) as opened:
        image = opened.convert("RGB")
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    square = image.resize((size, size), Image.Resampling.LANCZOS, (left, top, left + side, top + side))
    return torch.from_numpy(np.asarray(square).copy()).permute(2, 0, 1).float() / 127.5 - 1
