"""Fills of a hole that know nothing but the picture: what PPGN is compared with.

Diffusion (Telea 2004, Navier-Stokes of Bertalmio et al. 2001, biharmonic) continues the known pixels smoothly; shift
map (Pritch et al. 2009) and frequency-selective reconstruction move known patches and waves into the hole.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

Fill = Callable[[Tensor, Tensor], Tensor]  # pictures (B, 3, H, W) in [-1, 1], holes (B, 1, H, W) -> filled pictures


def mean_colour(x: Tensor, hole: Tensor) -> Tensor:
    """The hole in the mean colour of what is known."""
    known = 1 - hole
    mean = (x * known).sum((2, 3), keepdim=True) / known.sum((2, 3), keepdim=True)
    return torch.where(hole.bool(), mean, x)


def biharmonic(x: Tensor, hole: Tensor) -> Tensor:
    """scikit-image's."""
    from skimage.restoration import inpaint_biharmonic

    return _each(x, hole, lambda image, mask: 255 * inpaint_biharmonic(image / 255, mask.astype(bool), channel_axis=-1))


def telea(x: Tensor, hole: Tensor) -> Tensor:
    """OpenCV's, from the three nearest rings of known pixels."""
    import cv2

    return _each(x, hole, lambda image, mask: cv2.inpaint(image, mask, 3, cv2.INPAINT_TELEA))


def navier_stokes(x: Tensor, hole: Tensor) -> Tensor:
    """OpenCV's, from the three nearest rings of known pixels."""
    import cv2

    return _each(x, hole, lambda image, mask: cv2.inpaint(image, mask, 3, cv2.INPAINT_NS))


def shift_map(x: Tensor, hole: Tensor) -> Tensor:
    """OpenCV's, in CIELAB: each pixel of the hole is copied from a shifted place, shifts that fit their neighbours'."""
    import cv2

    def fill(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB)
        filled = np.zeros_like(lab)
        cv2.xphoto.inpaint(lab, (1 - mask) * 255, filled, cv2.xphoto.INPAINT_SHIFTMAP)  # its mask is what is known
        return cv2.cvtColor(filled, cv2.COLOR_LAB2RGB)

    return _each(x, hole, fill)


def frequency_selective(x: Tensor, hole: Tensor) -> Tensor:
    """OpenCV's fast one: waves that continue the known surroundings of each block."""
    import cv2

    def fill(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        filled = np.zeros_like(image)
        cv2.xphoto.inpaint(image[..., ::-1].copy(), (1 - mask) * 255, filled, cv2.xphoto.INPAINT_FSR_FAST)
        return filled[..., ::-1]

    return _each(x, hole, fill)


def nearest(x: Tensor, hole: Tensor, others: Tensor) -> Tensor:
    """The hole of the picture (N, 3, H, W) among ``others`` that is nearest in the known pixels; no classical fill."""
    found = []
    for image, mask in zip(x, hole, strict=True):
        off = ((others - image).square() * (1 - mask)).flatten(1).sum(1)
        found.append(others[off.argmin()])
    return torch.where(hole.bool(), torch.stack(found), x)


CLASSICAL: dict[str, Fill] = {
    "biharmonic": biharmonic,
    "Telea": telea,
    "Navier-Stokes": navier_stokes,
    "shift map": shift_map,
    "frequency selective": frequency_selective,
}


def _each(x: Tensor, hole: Tensor, fill: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Tensor:
    """Picture by picture in bytes, as these libraries want them; known pixels stay exactly as they were."""
    images = ((x.permute(0, 2, 3, 1) + 1) * 127.5).round().clamp(0, 255).byte().contiguous().numpy()
    masks = hole[:, 0].byte().expand(len(x), -1, -1).numpy()
    filled = [np.ascontiguousarray(fill(image, mask)) for image, mask in zip(images, masks, strict=True)]
    found = torch.from_numpy(np.stack(filled)).permute(0, 3, 1, 2).to(x.dtype) / 127.5 - 1
    return torch.where(hole.bool(), found.clamp(-1, 1), x)
