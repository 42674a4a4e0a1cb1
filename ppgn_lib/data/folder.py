"""Images of one's own: a folder with a subfolder of pictures for each class, for trainings and metrics alike.

Each picture is turned upright by its EXIF tag, laid on white where it is transparent and converted to RGB with 8 bits.
If a size is asked for, its shorter side is resized and the middle square cut out. Pixels are read from disk when a
batch is asked for.

The splits are either given::

    folder/train/CLASS/*.png   folder/validation/CLASS/*.png   folder/test/CLASS/*.png

or, for ``folder/CLASS/*.png``, drawn: the SHA-256 of ``CLASS/name.png`` sends 90 % of the images to train, 5 % to
validation and 5 % to test. An image so stays where it is when others come or the folder moves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ppgn_lib import checks
from ppgn_lib.data.batches import Batch, Indices, check_indices
from ppgn_lib.data.pictures import read, shape_of

SHARES = {"train": 0.90, "validation": 0.05, "test": 0.05}
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".ppm", ".pgm", ".tif", ".tiff")
_OTHER_NAMES = {"val", "valid", "training", "testing"}


class ImageFolder:
    """One split of a folder of images, or all of it, with the interface of ``batches.Images``.

    Parameters
    ----------
    folder
        Its layout is described at the top of this file.
    split
        ``"train"``, ``"validation"`` or ``"test"``. None: all images; they may lie in the folder itself, as one class.
    size
        Pixels of the square that is cut out. None: images as they are, which then must all have one height and width.

    Attributes
    ----------
    classes
        ``{"class": names of the subfolders, sorted}``; labels are indices into them.
    size
        Height and width in pixels; the shorter side where ``size`` was None and the images are not square.
    sizes
        Number of images of each split.
    digest
        A hash of the names and bytes of the files: what was made of these images belongs to it.

    Raises
    ------
    ValueError
        Another split; a split without images, or classes that differ between given splits; fewer than two classes or
        a class without images for training; an empty class; an image that is not of the others' size, by its name, or
        that cannot be read: at once if the beginning of the file says so, else when its batch is asked for.

    """

    def __init__(self, folder: Path | str, split: str | None = None, *, size: int | None = None) -> None:
        if split is not None and split not in SHARES:
            raise ValueError(f"split must be one of {', '.join(SHARES)}, or None for all images; got {split!r}")
        wanted = None if size is None else checks.count(size, "size")
        names, files = _list(Path(folder), for_training=split is not None)
        here = [file for file in files if split in (None, file.split)]
        self.split = split
        self.classes = {"class": names}
        self.sizes = {name: sum(file.split == name for file in files) for name in SHARES}
        self._paths = [file.path for file in here]
        self._labels = torch.tensor([file.label for file in here])
        self._cut = wanted
        hasher, shapes = hashlib.sha256(), []
        for path in self._paths:
            content = path.read_bytes()
            hasher.update(path.relative_to(folder).as_posix().encode() + b"\0")
            hasher.update(hashlib.sha256(content).digest())
            shapes.append(shape_of(path, content))
            if wanted is None:
                self._check_shape(path, shapes[-1], shapes[0])
        self.digest = hasher.hexdigest()[:16]
        self._shape = (wanted, wanted) if wanted else shapes[0]  # height and width
        self.size = min(self._shape)

    def __len__(self) -> int:
        return len(self._paths)

    def labels(self, seed: int = 0) -> dict[str, Tensor]:
        """``{"class": (N,) int64}``; ``seed`` changes nothing."""
        del seed
        return {"class": self._labels.clone()}

    def batch(self, indices: Indices = None, seed: int = 0) -> Batch:
        """The images at these indices of the split (all of them by default). ``seed`` changes nothing: no tints here.

        Raises as ``batches.check_indices`` does, and ``ValueError`` for an image that cannot be read.
        """
        del seed
        chosen = check_indices(indices, len(self))
        pixels = np.empty((len(chosen), 3, *self._shape), np.uint8)
        for i, index in enumerate(chosen.tolist()):
            picture = read(self._paths[index], self._cut)
            self._check_shape(self._paths[index], picture.shape[1:], self._shape)
            pixels[i] = picture
        return Batch(torch.from_numpy(pixels).float() / 127.5 - 1, {"class": self._labels[torch.from_numpy(chosen)]})

    @staticmethod
    def _check_shape(path: Path, shape: Sequence[int], wanted: Sequence[int]) -> None:
        if tuple(shape) != tuple(wanted):
            (height, width), (of_all, wide) = shape, wanted
            raise ValueError(
                f"all images must have one size: {path} has {width}x{height} pixels, not {wide}x{of_all} as the first: "
                f"give a size to resize them to, or remove it"
            )


def split_of(name: str) -> str:
    """The split of ``CLASS/name.png`` where none is given: by its hash, 90 : 5 : 5."""
    u = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") / 2**64  # uniform in [0, 1)
    if u < SHARES["train"]:
        return "train"
    return "validation" if u < SHARES["train"] + SHARES["validation"] else "test"


class _File(NamedTuple):
    path: Path
    label: int
    split: str


def _list(folder: Path, for_training: bool) -> tuple[tuple[str, ...], list[_File]]:
    """Names of the classes, and all images of the folder."""
    subfolders = _subfolders(folder)
    given = set(subfolders) == set(SHARES)
    if given:
        parts = {split: _classes_and_files(folder / split, for_training) for split in SHARES}
        classes = parts["train"][0]
        for split, (others, _) in parts.items():
            if others != classes:
                raise ValueError(
                    f"{folder / split} must have the classes of train, {_some(classes)}; has {_some(others)}"
                )
        files = [_File(path, label, split) for split, (_, found) in parts.items() for path, label in found]
    else:
        if "train" in subfolders and {*SHARES, *_OTHER_NAMES} & {*subfolders} - {"train"}:
            raise ValueError(
                f"{folder} must have either exactly train, validation and test or a subfolder for each class; "
                f"has {_some(subfolders)}: rename them"
            )
        classes, found = _classes_and_files(folder, for_training)
        files = [_File(path, label, split_of(path.relative_to(folder).as_posix())) for path, label in found]
    if for_training:
        _check_enough(folder, classes, files, given)
    return classes, files


def _subfolders(folder: Path) -> list[str]:
    if not folder.is_dir():
        raise ValueError(
            f"{folder} must be a folder with a subfolder of images for each class; there is no such folder"
        )
    return sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith("."))


def _classes_and_files(folder: Path, for_training: bool) -> tuple[tuple[str, ...], list[tuple[Path, int]]]:
    names = tuple(_subfolders(folder))
    if for_training and len(names) < 2:
        raise ValueError(
            f"{folder} must have a subfolder of images for each of two classes or more; has {_some(names)}"
        )
    if not names:
        return (folder.resolve().name,), [(path, 0) for path in _images(folder, folder.iterdir())]
    beside = [path for path in folder.iterdir() if _is_image(path)]
    if beside:
        raise ValueError(f"{beside[0]} lies beside the subfolders: put it into the one of its class, or remove it")
    found = [_images(folder / name, (folder / name).rglob("*")) for name in names]
    return names, [(path, label) for label, paths in enumerate(found) for path in paths]


def _images(folder: Path, entries: Iterator[Path]) -> list[Path]:
    found = sorted(path for path in entries if _is_image(path))
    if not found:
        raise ValueError(f"{folder} has no images ({', '.join(SUFFIXES)}): add some, or remove it")
    return found


def _is_image(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()


def _check_enough(folder: Path, classes: tuple[str, ...], files: list[_File], given: bool) -> None:
    cure = "add images" + ("" if given else f", or sort them into {', '.join(SHARES)} yourself")
    for split in SHARES:
        if not any(file.split == split for file in files):
            raise ValueError(f"{folder}: too few images: none of {len(files)} is in {split!r}; {cure}")
    missing = sorted(set(range(len(classes))) - {file.label for file in files if file.split == "train"})
    if missing:
        raise ValueError(f"{folder}: too few images: none of class {classes[missing[0]]!r} is in 'train'; {cure}")


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "") if names else "none"
