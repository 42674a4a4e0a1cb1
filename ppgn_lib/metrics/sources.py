"""Images to be judged, from a tensor or from a folder."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ppgn_lib.images import check_images

SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".gif"}


class Labelled(NamedTuple):
    """Images with the class of each."""

    x: Tensor  # (N, 3, H, W) float32 in [-1, 1]
    y: Tensor  # (N,) int64; all 0 when the source names no classes
    names: tuple[str, ...]  # of the classes


def as_images(source: Tensor | Path | str, y: Tensor | None = None) -> Labelled:
    """A tensor (N, 3, H, W) in [-1, 1], checked, or the images of a folder, a class per subfolder if it has any.

    Raises
    ------
    ValueError
        The folder has no images, one is broken or of another size than the first, or the tensor is not of that form.
    TypeError
        The tensor is of integers: 0-255 needs ``x / 127.5 - 1``.

    """
    if not isinstance(source, Tensor):
        return _folder(Path(source))
    x = check_images(source, size=None)
    labels = torch.zeros(len(x), dtype=torch.int64) if y is None else y
    if labels.shape != (len(x),):
        raise ValueError(f"y must be ({len(x)},), one class an image; got {tuple(labels.shape)}")
    return Labelled(x, labels, tuple(str(c) for c in range(int(labels.max()) + 1)))


def _folder(folder: Path) -> Labelled:
    if not folder.is_dir():
        raise ValueError(f"{folder} is not a folder of images")
    subfolders = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    if subfolders and _files(folder):
        raise ValueError(f"{folder} has images beside subfolders: put each into the subfolder of its class")
    classes = {sub.name: _files(sub) for sub in subfolders} or {folder.name: _files(folder)}
    if not any(classes.values()):
        raise ValueError(f"{folder} has no images ({', '.join(sorted(SUFFIXES))}), nor have its subfolders")
    pictures: list[Tensor] = []
    for path in (path for files in classes.values() for path in files):
        try:
            with Image.open(path) as file:
                picture = torch.from_numpy(np.array(file.convert("RGB"))).permute(2, 0, 1)  # (3, H, W)
        except (OSError, SyntaxError) as error:  # the latter from some broken PNGs
            raise ValueError(f"{path} cannot be read as an image: {error}") from error
        if pictures and picture.shape != pictures[0].shape:
            raise ValueError(
                f"all images must have one size: {path} is {tuple(picture.shape)}, not {tuple(pictures[0].shape)}"
            )
        pictures.append(picture)
    y = torch.tensor([c for c, files in enumerate(classes.values()) for _ in files])
    return Labelled(torch.stack(pictures).float() / 127.5 - 1, y, tuple(classes))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
