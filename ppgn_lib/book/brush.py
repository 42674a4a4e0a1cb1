"""A picture on which a hole is painted, for notebooks with a kernel (Colab, JupyterLab); the page side is brush.js."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import anywidget
import torch
import traitlets
from PIL import Image
from torch import Tensor


class Brush(anywidget.AnyWidget):
    """The picture, and the pixels that were painted: numbers from 0, row by row."""

    _esm = Path(__file__).with_name("brush.js")
    picture = traitlets.Unicode().tag(sync=True)  # as a data URL
    size = traitlets.Int().tag(sync=True)
    radius = traitlets.Float(3.0).tag(sync=True)  # in pixels of the picture
    painted = traitlets.List(traitlets.Int()).tag(sync=True)

    def __init__(self, picture: Tensor) -> None:
        """``picture``: (3, S, S) in [-1, 1]."""
        if picture.ndim != 3 or picture.shape[0] != 3 or picture.shape[1] != picture.shape[2]:
            raise ValueError(f"the picture must have the shape (3, S, S), not {tuple(picture.shape)}")
        content = io.BytesIO()
        pixels = ((picture.clamp(-1, 1) + 1) * 127.5).round().byte().movedim(0, -1).cpu().numpy()
        Image.fromarray(pixels).save(content, "PNG")
        address = "data:image/png;base64," + base64.b64encode(content.getvalue()).decode()
        super().__init__(picture=address, size=picture.shape[1])

    def mask(self) -> Tensor:
        """The hole, (S, S): 1 where it was painted.

        Raises
        ------
        ValueError
            Nothing was painted.

        """
        if not self.painted:
            raise ValueError("paint a hole first: with the mouse, or with the arrow keys and the space bar")
        mask = torch.zeros(self.size * self.size)
        mask[self.painted] = 1
        return mask.view(self.size, self.size)
