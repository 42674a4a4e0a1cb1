"""The sets of samples that are judged: which they are, and their pictures. See ``judgements.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from ppgn_lib import metrics
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.features import encode
from ppgn_lib.networks.zoo import load

RESULTS = Path(__file__).resolve().parents[2] / "data/results"
HEAD, CLASSES = "item", 10
REFERENCES = 100  # test photographs of a class, with which all sets are compared
HALF = torch.finfo(torch.float16).max  # what stored codes hold at most


class Samples(NamedTuple):
    """A set of stored samples: a tensor of a store, pictures as bytes or codes."""

    store: str
    tensor: str
    drawn_by: str = ""  # the network that draws the codes; none where pictures are stored
    per_class: int = 0  # the first ones of each class; 0: all
    again_by: str = ""  # the network that draws the pictures again, from the codes that E has of them
    told: bool = False  # whether a network learns to tell them from photographs


class Photographs(NamedTuple):
    """As many photographs of each class, other ones than the references, or what is made of them."""

    per_class: int
    made: str = ""  # a key of ``MADE``
    told: bool = False


G, JOINT = "generator", "joint_generator"
FEW = 20  # a class, where all variants stand side by side
SETS: dict[str, Samples | Photographs] = {
    "ppgn_x": Samples("pixels", "ppgn_x.ends"),
    "joint_ppgn_x": Samples("pixels", "joint_ppgn_x.ends"),
    "ppgn_x_annealed": Samples("alternatives", "decoupled.ends"),
    "dgn_am": Samples("alternatives", "dgn_am.ends", G, told=True),
    "ppgn_h": Samples("variants", "ppgn_h.ends", G, told=True),
    "ppgn_h_annealed": Samples("variants", "ppgn_h_annealed.ends", G, told=True),
    "noiseless_fifty": Samples("noiseless_samples", "random.codes", G, 50, told=True),
    "reconstructions_fifty": Photographs(50, G, told=True),
    "photographs_fifty": Photographs(50, told=True),
    "joint": Samples("joint", "joint.ends", JOINT, told=True),
    "joint_on_state": Samples("joint", "joint_on_state.ends", JOINT),
    "joint_without": Samples("joint", "joint_without.ends", JOINT),
    "noiseless_forty": Samples("noiseless_samples", "random.codes", G, 40, told=True),
    "reconstructions_noiseless": Photographs(40, G),
    "reconstructions_joint": Photographs(40, JOINT),
    "noiseless": Samples("noiseless_samples", "random.codes", G, told=True),
    "noiseless_from_images": Samples("noiseless_samples", "images.codes", G, told=True),
    "reconstruction": Photographs(100, G, told=True),
    "real": Photographs(100, told=True),
    "real_half_size": Photographs(100, "half the size"),
    "real_noise": Photographs(100, "noise"),
    "real_next_class": Photographs(100, "next class"),
    "dgn_am_few": Samples("alternatives", "dgn_am.ends", G, FEW),
    "joint_few": Samples("joint", "joint.ends", JOINT, FEW),
    "noiseless_few": Samples("noiseless_samples", "random.codes", G, FEW),
    "annealed_few": Samples("variants", "ppgn_h_annealed.ends", G, FEW),
    "annealed_joint_few": Samples("variants", "ppgn_h_annealed.ends", JOINT, FEW),
    "reconstructions_few": Photographs(FEW, G),
    "photographs_few": Photographs(FEW),
    "ppgn_x_again": Samples("pixels", "ppgn_x.ends", again_by=G),
    "joint_ppgn_x_again": Samples("pixels", "joint_ppgn_x.ends", again_by=JOINT),
    "dgn_am_by_joint": Samples("alternatives", "dgn_am.ends", JOINT, FEW),
    "ppgn_h_by_joint": Samples("variants", "ppgn_h.ends", JOINT),
}


@cache
def tensors_of(store: str) -> Mapping[str, Tensor]:
    """All of a store."""
    return protocol.open_samples(RESULTS / f"{store}.safetensors")[0]


def tensor_of(samples: Samples) -> Tensor:
    """What is stored of the samples."""
    x = tensors_of(samples.store)[samples.tensor]
    return protocol.first_of(x, samples.per_class) if samples.per_class else x


@torch.no_grad()
def drawn(codes: Tensor, by: str) -> Tensor:
    """Pictures of codes (B, H), cut to [-1, 1]."""
    g = load(by)
    return metrics.in_blocks(lambda h: g(h).clamp(-1, 1), codes.float().clamp(-HALF, HALF))


@torch.no_grad()
def seen(x: Tensor) -> Tensor:
    """E's codes of pictures."""
    E = load("encoder")
    return metrics.in_blocks(lambda x: encode(E, x), x)


MADE: dict[str, Callable[[Tensor], Tensor]] = {
    "": lambda x: x,
    G: lambda x: drawn(seen(x), G),
    JOINT: lambda x: drawn(seen(x), JOINT),
    "half the size": lambda x: F.interpolate(
        F.interpolate(x, scale_factor=0.5, mode="bilinear", antialias=True),
        scale_factor=2.0,
        mode="bilinear",
        align_corners=False,
    ),
    "noise": lambda x: (x + 0.1 * torch.randn(x.shape, generator=torch.Generator().manual_seed(0))).clamp(-1, 1),
    "next class": lambda x: x,  # for which they are taken; see ``pictures``
}


def pictures(name: str) -> tuple[Tensor, Tensor]:
    """Pictures (B, 3, H, W) of a set, and the classes (B,) that they are meant to be of."""
    which = SETS[name]
    if isinstance(which, Photographs):
        y = protocol.classes_of(which.per_class)
        x = MADE[which.made](photographs(which.per_class, skip=REFERENCES).x)
        return x, (y + 1) % CLASSES if which.made == "next class" else y
    x = tensor_of(which)
    x = drawn(x, which.drawn_by) if which.drawn_by else x.float() / 127.5 - 1
    if which.again_by:
        x = drawn(seen(x), which.again_by)
    return x, protocol.classes_of(len(x) // CLASSES)


@cache
def judge() -> metrics.Judge:
    """The evaluator."""
    return metrics.judge_with(load("evaluator"), HEAD)


@cache
def photographs(per_class: int, skip: int = 0) -> protocol.Real:
    """Test photographs of each class."""
    return protocol.real_images(TintedFashion("test"), judge(), per_class, HEAD, skip=skip)


def references() -> protocol.Real:
    """Those that all sets are compared with."""
    return photographs(REFERENCES)
