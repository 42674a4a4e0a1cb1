"""Images of one's own: a folder with a subfolder of pictures for each class.

Each picture is turned upright by its EXIF tag, converted to RGB (transparency is dropped), its shorter side resized
to 32 pixels and the middle 32x32 cut out; 3 kB of memory an image. The splits are either given::

    folder/train/CLASS/*.png   folder/validation/CLASS/*.png   folder/test/CLASS/*.png

or, for ``folder/CLASS/*.png``, drawn: the SHA-256 of ``CLASS/name.png`` sends 90 % of the images to train, 5 % to
validation and 5 % to test. An image so stays where it is when others come or the folder moves.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image, ImageOps  # torchvision brings it
from torch import Tensor
from torchvision import datasets
from torchvision.transforms import functional as transforms

from ppgn_lib.data import SIZE, SPLITS, Batch, check_indices

SHARES = {"train": 0.90, "validation": 0.05, "test": 0.05}
_OTHER_NAMES = {"val", "valid", "training", "testing"}


class ImageFolder:
    """One split of a folder of images, with the interface of ``TintedFashion``.

    Parameters
    ----------
    folder
        Its layout is described at the top of this file.
    split
        ``"train"``, ``"validation"`` or ``"test"``.

    Attributes
    ----------
    classes
        Names of the subfolders, sorted; ``Batch.item`` is an index into them.
    sizes
        Number of images of each split.
    digest
        A hash of the names and bytes of the split's files: a checkpoint belongs to it.

    Raises
    ------
    ValueError
        Another split; fewer than two classes; a split without images, or classes that differ between given splits;
        a class without images for training; an image that cannot be read, by its name.
    FileNotFoundError
        A class without any image (torchvision's message names it and the file extensions it knows).

    """

    def __init__(self, folder: Path | str, split: str) -> None:
        if split not in SPLITS:
            raise ValueError(f"split must be one of {', '.join(SPLITS)}; got {split!r}")
        listing = _list(Path(folder))
        self.split = split
        self.classes = listing.classes
        self.sizes = {name: len(files) for name, files in listing.splits.items()}
        here = listing.splits[split]
        self.item = np.array([label for _, label in here], np.int64)  # (N,)
        self.pixels = np.empty((len(here), 3, SIZE, SIZE), np.uint8)
        hasher = hashlib.sha256()
        for i, (path, _) in enumerate(here):
            hasher.update(path.relative_to(folder).as_posix().encode() + b"\0")
            hasher.update(hashlib.sha256(path.read_bytes()).digest())
            self.pixels[i] = _read(path)
        self.digest = hasher.hexdigest()[:16]

    def __len__(self) -> int:
        return len(self.item)

    def batch(self, indices: Tensor | np.ndarray | range | None = None, seed: int = 0) -> Batch:
        """The images at these indices of the split (all of them by default). ``seed`` changes nothing: no tints here.

        Colour and background are -1, no label. Raises as ``data.check_indices`` does.
        """
        del seed
        chosen = check_indices(indices, len(self))
        x = torch.from_numpy(self.pixels[chosen]).float() / 127.5 - 1
        none = torch.full((len(chosen),), -1)
        return Batch(x, torch.from_numpy(self.item[chosen]), none, none.clone())


class _Listing(NamedTuple):
    classes: tuple[str, ...]
    splits: dict[str, list[tuple[Path, int]]]  # split -> files and their classes


def _list(folder: Path) -> _Listing:
    names = _subfolders(folder)
    given = set(names) == set(SPLITS)
    if given:
        parts = {split: _classes_and_files(folder / split) for split in SPLITS}
        classes = parts["train"][0]
        for split, (others, _) in parts.items():
            if others != classes:
                raise ValueError(
                    f"{folder / split} must have the classes of train, {_some(classes)}; has {_some(others)}"
                )
        splits = {split: files for split, (_, files) in parts.items()}
    else:
        if "train" in names and {*SPLITS, *_OTHER_NAMES} & {*names} - {"train"}:
            raise ValueError(
                f"{folder} must have either exactly train, validation and test or a subfolder for each class; "
                f"has {_some(names)}: rename them"
            )
        classes, files = _classes_and_files(folder)
        splits = {split: [] for split in SPLITS}
        for path, label in files:
            splits[split_of(path.relative_to(folder).as_posix())].append((path, label))
    _check_enough(folder, classes, splits, given)
    return _Listing(classes, splits)


def _subfolders(folder: Path) -> list[str]:
    if not folder.is_dir():
        raise ValueError(
            f"{folder} must be a folder with a subfolder of images for each class; there is no such folder"
        )
    return sorted(entry.name for entry in folder.iterdir() if entry.is_dir())


def _classes_and_files(folder: Path) -> tuple[tuple[str, ...], list[tuple[Path, int]]]:
    names = _subfolders(folder)
    if len(names) < 2:
        raise ValueError(
            f"{folder} must have a subfolder of images for each of two classes or more; has {_some(names)}"
        )
    found = datasets.ImageFolder(str(folder))
    return tuple(found.classes), [(Path(path), label) for path, label in found.samples]


def _check_enough(
    folder: Path, classes: tuple[str, ...], splits: dict[str, list[tuple[Path, int]]], given: bool
) -> None:
    cure = "add images" + ("" if given else f", or sort them into {', '.join(SPLITS)} yourself")
    total = sum(map(len, splits.values()))
    for split, files in splits.items():
        if not files:
            raise ValueError(f"{folder}: too few images: none of {total} is in {split!r}; {cure}")
    missing = sorted(set(range(len(classes))) - {label for _, label in splits["train"]})
    if missing:
        raise ValueError(f"{folder}: too few images: none of class {classes[missing[0]]!r} is in 'train'; {cure}")


def split_of(name: str) -> str:
    """The split of ``CLASS/name.png`` where none is given: by its hash, 90 : 5 : 5."""
    u = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") / 2**64  # uniform in [0, 1)
    if u < SHARES["train"]:
        return "train"
    return "validation" if u < SHARES["train"] + SHARES["validation"] else "test"


def _read(path: Path) -> np.ndarray:
    """(3, 32, 32) uint8."""
    try:
        with Image.open(path) as image:
            picture = ImageOps.exif_transpose(image).convert("RGB")
    except Exception as error:  # of a damaged file Pillow may raise anything
        raise ValueError(f"{path} cannot be read as an image ({error}): replace or remove it") from error
    square = transforms.center_crop(transforms.resize(picture, SIZE), SIZE)
    return np.asarray(square).transpose(2, 0, 1)


def _some(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "") if names else "none"
