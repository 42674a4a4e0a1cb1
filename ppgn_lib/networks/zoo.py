"""The shipped networks by name. Weights are safetensors, verified against the manifest, never unpickled.

A file says itself what network it holds: its metadata have the architecture and its settings. So another encoder, judge
or generator is one more file; only a new architecture is one more line here.
"""

from __future__ import annotations

import difflib
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as to_bytes
from torch import nn

from ppgn_lib.data.files import DamagedFileError, locate, manifest, replacing
from ppgn_lib.networks.acgan import AuxiliaryDiscriminator, ClassGenerator
from ppgn_lib.networks.captioner import Captioner
from ppgn_lib.networks.code_denoisers import CodeAutoencoder, CodeDenoiser
from ppgn_lib.networks.denoisers import ImageAutoencoder, ImageDenoiser
from ppgn_lib.networks.judges import Evaluator, Selector
from ppgn_lib.networks.small import Discriminator, Encoder, Generator

ARCHITECTURES: dict[str, type[nn.Module]] = {
    "encoder": Encoder,
    "generator": Generator,
    "discriminator": Discriminator,
    "selector": Selector,
    "evaluator": Evaluator,
    "image denoiser": ImageDenoiser,
    "image autoencoder": ImageAutoencoder,
    "code denoiser": CodeDenoiser,
    "code autoencoder": CodeAutoencoder,
    "captioner": Captioner,
    "class generator": ClassGenerator,
    "auxiliary discriminator": AuxiliaryDiscriminator,
}
KEY = "ppgn"  # of the metadata; one key, since safetensors writes several in any order


def names() -> list[str]:
    """The networks that ship."""
    found = (Path(name) for name in manifest())
    return sorted(path.stem for path in found if path.parent == Path("weights") and path.suffix == ".safetensors")


def load(name: str) -> Any:
    """A shipped network in ``eval()`` mode on the CPU, its parameters frozen.

    Raises
    ------
    KeyError
        For a name that is not in the zoo; the message names the nearest one.
    ppgn_lib.data.files.DamagedFileError
        When the file is not the one that the manifest describes.

    """
    known = names()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)[0]
        raise KeyError(f"no network {name!r}; did you mean {near!r}? There are {', '.join(known)}")
    return load_file(locate(f"weights/{name}.safetensors"))


def load_file(path: Path | str) -> Any:
    """As ``load``, from a safetensors file of one's own, as the trainings write it.

    Raises
    ------
    ppgn_lib.data.files.DamagedFileError
        The file is cut off or no safetensors file.
    ValueError
        Its metadata name no architecture of ours, or its tensors do not fit that one.

    """
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (not a dict)
    except SafetensorError as error:
        raise DamagedFileError(f"{path} is not a whole safetensors file: {error}") from error
    about = json.loads(metadata.get(KEY, "{}"))
    architecture = about.get("architecture")
    if architecture not in ARCHITECTURES:
        raise ValueError(
            f"{path} must name its architecture in the metadata {KEY!r}, one of {', '.join(ARCHITECTURES)}; "
            f"got {architecture!r}: networks are stored by zoo.save"
        )
    net = ARCHITECTURES[architecture](**about["settings"])
    wanted = {key: tuple(value.shape) for key, value in net.state_dict().items()}
    found = {key: tuple(value.shape) for key, value in tensors.items()}
    if wanted != found:
        wrong = sorted(key for key in {*wanted, *found} if wanted.get(key) != found.get(key))
        raise ValueError(
            f"{path} does not fit the architecture {architecture!r}: {wrong[0]} must be "
            f"{wanted.get(wrong[0], 'absent')}, is {found.get(wrong[0], 'absent')} ({len(wrong)} such tensors)"
        )
    net.load_state_dict(tensors)
    # Channels last: what convolutions on CPUs and GPUs are fastest with. The numbers are the same up to rounding.
    return net.eval().requires_grad_(False).to(memory_format=torch.channels_last)


def save(net: nn.Module, path: Path) -> None:
    """Write a network as ``load_file`` reads it: its weights as they are, its architecture and ``net.settings``.

    Raises
    ------
    ValueError
        The network is none of ``ARCHITECTURES``.
    OSError
        The file cannot be written; what was there is unchanged.

    """
    names_of = {kind: name for name, kind in ARCHITECTURES.items()}
    if type(net) not in names_of:
        raise ValueError(f"{type(net).__name__} has no name in zoo.ARCHITECTURES: add a line there")
    about = {"architecture": names_of[type(net)], "settings": net.settings}
    tensors = {key: value.detach().cpu().contiguous() for key, value in net.state_dict().items()}
    content = io.BytesIO(to_bytes(tensors, {KEY: json.dumps(about)}))
    with replacing(path) as temporary:  # written by Python, whose errors say why a disk refused the bytes
        temporary.write_bytes(content.getbuffer())


def digest(net: nn.Module) -> str:
    """A short hash of a network's weights: what was made with it belongs to it, whatever file they came from."""
    hasher = hashlib.sha256()
    for name, tensor in net.state_dict().items():
        hasher.update(name.encode() + tensor.cpu().contiguous().numpy().tobytes())
    return hasher.hexdigest()[:16]
