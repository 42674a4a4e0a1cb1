"""A part of a data set: some of its classes, or some of its heads."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ppgn_lib.checks import known
from ppgn_lib.data.batches import Batch, Images, Indices, check_indices


class Part:
    """The images of some classes of a head, with the interface of ``batches.Images``; labels count these classes.

    Parameters
    ----------
    whole
        A split of a data set.
    head
        Whose classes are chosen.
    names
        Of the classes that are kept, in any order; None: all.
    heads
        Which heads there still are; None: all. ``("item",)`` are the images without the names of their colours.

    Raises
    ------
    ValueError
        There is no such head or class, fewer than two are kept, or the labels of the head change with the seed.

    """

    def __init__(
        self, whole: Images, head: str, names: Sequence[str] | None = None, *, heads: Sequence[str] | None = None
    ) -> None:
        known([head, *(heads or ())], whole.classes, "head")
        every = whole.classes[head]
        known(names or (), every, f"classes of {head}")
        kept = [i for i, name in enumerate(every) if names is None or name in names]
        if len(kept) < 2:
            raise ValueError(f"two classes or more must be kept of {head}; got {', '.join(names or every)}")
        labels = whole.labels()[head]
        if not torch.equal(labels, whole.labels(seed=1)[head]):
            raise ValueError(f"{head!r} must be of the image alone; its labels change with the seed, as tints do")
        self.whole, self.head = whole, head
        self.split, self.size = whole.split, whole.size
        self.classes = {name: of for name, of in whole.classes.items() if heads is None or name in heads}
        if head in self.classes:
            self.classes[head] = tuple(every[i] for i in kept)
        self.index = torch.isin(labels, torch.tensor(kept)).nonzero()[:, 0]  # (N,) in the whole
        self._number = torch.full((len(every),), -1)
        self._number[kept] = torch.arange(len(kept))

    def __len__(self) -> int:
        return len(self.index)

    def labels(self, seed: int = 0) -> dict[str, Tensor]:
        """For each head that is kept the label of each image, (N,) int64."""
        return self._kept({head: of[self.index] for head, of in self.whole.labels(seed).items()})

    def batch(self, indices: Indices = None, seed: int = 0) -> Batch:
        """The images at these indices of the part, all of them by default. Raises as ``batches.check_indices``."""
        chosen = torch.from_numpy(check_indices(indices, len(self)))
        batch = self.whole.batch(self.index[chosen], seed)
        return Batch(batch.x, self._kept(batch.labels))

    def _kept(self, labels: dict[str, Tensor]) -> dict[str, Tensor]:
        renamed = {**labels, self.head: self._number[labels[self.head]]}
        return {head: renamed[head] for head in self.classes}
