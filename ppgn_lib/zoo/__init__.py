"""The shipped networks by name. Weights are safetensors, verified against the manifest, never unpickled."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import nn

from ppgn_lib.evaluators import Evaluator, Selector
from ppgn_lib.files import DamagedFileError, locate
from ppgn_lib.image_denoiser import ImageDenoiser
from ppgn_lib.networks import Discriminator, Encoder, Generator

CLASSES: dict[str, Callable[..., nn.Module]] = {
    "encoder": Encoder,
    "generator": Generator,
    "discriminator": Discriminator,
    "selector": Selector,
    "evaluator": Evaluator,
    "denoiser": ImageDenoiser,
}


def load(name: str) -> Any:
    """A shipped network in ``eval()`` mode on the CPU, its parameters frozen.

    Raises
    ------
    KeyError
        For a name that is not in the zoo; the message names the nearest one.
    ppgn_lib.files.DamagedFileError
        When the file is not the one that the manifest describes.

    """
    if name not in CLASSES:
        near = difflib.get_close_matches(name, CLASSES, n=1, cutoff=0.0)[0]
        raise KeyError(f"no network {name!r}; did you mean {near!r}? There are {', '.join(CLASSES)}")
    return load_file(name, locate(f"weights/{name}.safetensors"))


def load_file(name: str, path: Path) -> Any:
    """As ``load``, from a safetensors file of one's own: its tensors must fit the network ``name``."""
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (not a dict)
    except SafetensorError as error:
        raise DamagedFileError(f"{path} is not a whole safetensors file: {error}") from error
    settings: dict[str, Any] = {key: int(metadata[key]) for key in ("width",) if key in metadata}
    if "heads" in metadata:  # trained on a folder of images: head -> names of its classes
        settings["heads"] = {head: len(classes) for head, classes in json.loads(metadata["heads"]).items()}
    net = CLASSES[name](**settings)
    wanted = {key: tuple(value.shape) for key, value in net.state_dict().items()}
    found = {key: tuple(value.shape) for key, value in tensors.items()}
    if wanted != found:
        wrong = sorted(key for key in {*wanted, *found} if wanted.get(key) != found.get(key))
        raise ValueError(
            f"{path} does not fit the network {name!r}: {wrong[0]} must be {wanted.get(wrong[0], 'absent')}, "
            f"is {found.get(wrong[0], 'absent')} ({len(wrong)} such tensors)"
        )
    net.load_state_dict(tensors)
    # Channels last: what convolutions on CPUs and GPUs are fastest with. The numbers are the same up to rounding.
    return net.eval().requires_grad_(False).to(memory_format=torch.channels_last)
