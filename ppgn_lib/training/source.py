"""Where a training takes its images from: the shipped data, or a folder of one's own."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ppgn_lib.data.batches import Images
from ppgn_lib.data.folder import ImageFolder
from ppgn_lib.data.part import Part
from ppgn_lib.data.tinted_fashion import TintedFashion


class Source(NamedTuple):
    """A data set as the trainings and their cards need it; heads, classes and size are those of its splits."""

    open: Callable[[str], Images]  # "train", "validation" or "test" -> its images
    text: str  # for the card
    # Beside the settings in each checkpoint, which so is not taken up with other images. Empty for the shipped data:
    # those are verified already.
    identity: Mapping[str, str]
    options: Mapping[str, object] = {}  # of the command line, for the command on the card


SHIPPED = Source(TintedFashion, "Tinted Fashion-MNIST, training split (55 000 images), new tints each epoch", {})


def part(items: Sequence[str] | None = None, heads: Sequence[str] | None = None) -> Source:
    """The shipped data with some items only, or with some of their labels only. Raises as ``Part`` does."""
    options = {name: ",".join(of) for name, of in (("items", items), ("heads", heads)) if of is not None}
    said = "; ".join(f"only the {name} {', '.join(of.split(','))}" for name, of in options.items())
    opened = functools.cache(lambda split: Part(TintedFashion(split), "item", items, heads=heads))
    count = len(opened("train"))
    text = f"Tinted Fashion-MNIST, {said} ({count} images of the training split), new tints each epoch"
    return Source(opened, text, options, options)


def from_folder(folder: Path, size: int = 32) -> Source:
    """The images of a folder, ``size`` pixels square; each split is read once. Raises as ``ImageFolder`` does."""
    opened = functools.cache(functools.partial(ImageFolder, folder, size=size))
    train = opened("train")
    (names,) = train.classes.values()
    name = folder.resolve().name  # no path: it would say where it was on one machine
    counts = ", ".join(f"{count} {split}" for split, count in train.sizes.items())
    text = f"folder {name!r}: {sum(train.sizes.values())} images ({counts}), classes {', '.join(names)}"
    return Source(opened, text, {"data": train.digest, "size": str(size)}, {"data": name, "size": size})
