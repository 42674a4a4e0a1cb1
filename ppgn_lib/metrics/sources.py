"""Images to be judged from a tensor, with the interface of a data set."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from ppgn_lib.data.batches import Batch, Images, Indices, check_indices
from ppgn_lib.data.folder import ImageFolder
from ppgn_lib.data.images import check_images


def as_images(source: Tensor | Path | str, y: Tensor | None = None, names: Sequence[str] = ()) -> Images:
    """A tensor (N, 3, H, W) in [-1, 1], checked, or the images of a folder, a class per subfolder if it has any.

    ``y`` has the class of each image of a tensor, (N,); all are of one class by default. ``names`` are those of the
    classes, else their numbers.

    Raises
    ------
    ValueError
        The tensor is not of that form, or as ``ImageFolder`` does.
    TypeError
        The tensor is of integers: 0-255 needs ``x / 127.5 - 1``.

    """
    return _Tensor(source, y, names) if isinstance(source, Tensor) else ImageFolder(source)


class _Tensor:
    def __init__(self, x: Tensor, y: Tensor | None, names: Sequence[str]) -> None:
        self.x = check_images(x).cpu()
        y = torch.zeros(len(x), dtype=torch.int64) if y is None else y.cpu()
        if y.shape != (len(x),) or y.is_floating_point() or y.min() < 0:
            raise ValueError(
                f"y must be ({len(x)},), one class from 0 on for each image; got {y.dtype} {tuple(y.shape)}"
            )
        self.y, count = y.long(), int(y.max()) + 1
        if names and len(names) < count:
            raise ValueError(f"names must be at least {count}, one for each class of y; got {len(names)}")
        self.split = None
        self.classes = {"class": tuple(names) or tuple(map(str, range(count)))}
        self.size = min(x.shape[2:])

    def __len__(self) -> int:
        return len(self.x)

    def labels(self, seed: int = 0) -> dict[str, Tensor]:
        """See ``Images``."""
        del seed
        return {"class": self.y.clone()}

    def batch(self, indices: Indices = None, seed: int = 0) -> Batch:
        """See ``Images``."""
        del seed
        chosen = torch.from_numpy(check_indices(indices, len(self)))
        return Batch(self.x[chosen], {"class": self.y[chosen]})
