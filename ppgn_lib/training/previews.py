"""Pictures that G draws of the same codes over training: one can see when which detail came."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor

from ppgn_lib.data.files import replacing
from ppgn_lib.data.images import mosaic


class Previews:
    """Beside images x (N, 3, size, size) those that ``draw`` gives after step 250, 500, 1000, 2000, ..."""

    def __init__(self, x: Tensor, draw: Callable[[], Tensor]) -> None:
        self.x, self.draw = x, draw
        self.steps: list[int] = []
        self.pictures: list[Tensor] = []  # uint8 (N, 3, size, size) each

    @torch.no_grad()
    def take(self, done: int) -> None:
        """Keep what is drawn now if ``done`` is one of these steps."""
        doublings, rest = divmod(done, 250)
        if rest or doublings & (doublings - 1):
            return
        self.steps.append(done)
        self.pictures.append((self.draw().clamp(-1, 1) * 127.5 + 127.5).round().to(torch.uint8).cpu())

    def state_dict(self) -> dict[str, Any]:
        """For the checkpoint."""
        return {"steps": list(self.steps), "pictures": list(self.pictures)}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """From the checkpoint."""
        self.steps, self.pictures = list(state_dict["steps"]), list(state_dict["pictures"])

    @torch.no_grad()
    def write(self, path: Path, steps: int) -> list[int]:
        """The images above, below them what was drawn over training, at twice the size, as PNG.

        The bottom row is drawn now, by the weights that are stored, after all ``steps``. Returns after which steps
        the rows are.
        """
        before = [
            (n, p.float() / 127.5 - 1) for n, p in zip(self.steps, self.pictures, strict=True) if n < steps
        ]  # of the last step the stored weights' pictures, whether or not some were taken there too
        rows = torch.cat([self.x, *(pictures for _, pictures in before), self.draw().cpu()])
        picture = (mosaic(rows, len(self.x)) * 255).round().to(torch.uint8)
        # Bytes are made first and then written by Python, whose errors say why a disk refused them.
        png = io.BytesIO()
        Image.fromarray(picture.repeat_interleave(2, 0).repeat_interleave(2, 1).numpy()).save(png, "PNG")
        with replacing(path) as temporary:
            temporary.write_bytes(png.getvalue())
        return [*(n for n, _ in before), steps]
