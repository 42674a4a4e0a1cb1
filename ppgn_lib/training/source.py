"""Where a training takes its images from: the shipped data, or a folder of one's own."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ppgn_lib.data import COLOURS, ITEMS, Images, TintedFashion
from ppgn_lib.image_folder import ImageFolder


class Source(NamedTuple):
    """A data set as the trainings and their cards need it."""

    open: Callable[[str], Images]  # split -> its images
    heads: Mapping[str, Sequence[str]]  # for each head of the classifiers the names of its classes
    text: str  # for the card
    # Beside the settings in each checkpoint, which so is not taken up with other images. Empty for the shipped data:
    # those are verified already.
    identity: Mapping[str, str]
    folder: str | None = None  # its name, for the command on the card

    @property
    def head_sizes(self) -> dict[str, int]:
        """Number of classes of each head."""
        return {name: len(classes) for name, classes in self.heads.items()}


SHIPPED = Source(
    TintedFashion,
    {"item": ITEMS, "colour": COLOURS, "background": COLOURS},
    "Tinted Fashion-MNIST, training split (55 000 images), new tints each epoch",
    {},
)


def from_folder(folder: Path) -> Source:
    """The images of a folder; each split is read once. Raises as ``ImageFolder`` does."""
    opened = functools.cache(functools.partial(ImageFolder, folder))
    train = opened("train")
    name = folder.resolve().name  # no path: it would say where it was on one machine
    counts = ", ".join(f"{count} {split}" for split, count in train.sizes.items())
    text = f"folder {name!r}: {sum(train.sizes.values())} images ({counts}), classes {', '.join(train.classes)}"
    return Source(opened, {"item": train.classes}, text, {"data": train.digest}, name)
