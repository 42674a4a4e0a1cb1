"""The columns of the book's Table S3: AC-GAN, PPGN and photographs by one protocol. Resumable; under an hour.

    python tools/runs/acgan_table.py             all that is not there yet
    python tools/runs/acgan_table.py dgn_am      one column

Two hundred pictures a class. Of Noiseless Joint PPGN-h these are the chains from random codes of ``bulk.py`` and those
of ``more_chains.py``, of AC-GAN the finished large nets of ``acgan_nets.py``; both have to be run first. Beside the
columns: ``NAME.equal``, what depends on the number of pictures, of as many of each set as there are of DGN-AM;
``nearest``, the photographs that are nearest to those of Noiseless.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import acgan_columns
import acgan_copies
import acgan_measures
import acgan_nets
import acgan_readers
import acgan_training
import bulk
import judged_sets
import more_chains
import stored
import torch
from acgan_columns import column
from acgan_readers import COLUMN, HALF, resized, score, seen
from tqdm import tqdm

from ppgn_lib import metrics
from ppgn_lib.checks import known
from ppgn_lib.data.tinted_fashion import SIZE
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.zoo import digest

STORE = bulk.RESULTS / "table3.safetensors"
PHOTOGRAPHS = {"photographs": 300, "other_photographs": 500}  # test photographs of a class, from this one on
SHOWN = ("dgn_am", "ppgn_h_annealed", "joint")  # of ``judged_sets``, as many as are stored
EQUAL = 30  # pictures of a class where all have the same number


def main(arguments: list[str] | None = None) -> int:
    """Run and judge what is missing."""
    parser = argparse.ArgumentParser(description="The book's Table S3.")
    parser.add_argument("names", nargs="*", help="entries (default: all)")
    given = parser.parse_args(arguments)
    known(given.names, entries(), "entry")
    for name in tqdm(given.names or entries(), desc="table", unit="entry"):
        head = belongs_to(name)
        if stored.entry_of(STORE, name, head) is None:
            found = entries()[name]()
            about = {"command": "python tools/runs/acgan_table.py"}
            stored.add_entry(STORE, name, {}, {**head, **found}, about)
    return 0


def entries() -> dict[str, Callable[[], dict[str, Any]]]:
    """All columns: how, by name."""
    return {
        "noiseless": of_noiseless,
        **{name: partial(of_set, name) for name in (*PHOTOGRAPHS, *SHOWN, *acgan_nets.names_of("A"))},
        **{f"{name}.equal": partial(equal, name) for name in pictures()},
        "nearest": nearest,
    }


def pictures() -> dict[str, Callable[[], torch.Tensor]]:
    """The pictures of all sets, class after class: how to have them, by name."""
    return {
        **{name: partial(photographs, first) for name, first in PHOTOGRAPHS.items()},
        "noiseless": pictures_of_noiseless,
        "noiseless_resized": lambda: resized(pictures_of_noiseless(), HALF),
        **{name: partial(stored_pictures, name) for name in SHOWN},
        **{name: partial(pictures_of_acgan, name) for name in acgan_nets.names_of("A")},
    }


def belongs_to(name: str) -> dict[str, Any]:
    """What a stored column has to agree with: samples or network, protocol, code."""
    samples, of = [], name.removesuffix(".equal")
    if of in ("noiseless", "noiseless_resized", "nearest"):
        samples = [judged_sets.tensors_of("noiseless_samples")["random.codes"], more_chains.codes()]
    elif of in SHOWN:
        samples = [judged_sets.tensor_of(set_of(of))]
    net = acgan_nets.net(of) if of in acgan_nets.names_of("A") else None
    return {
        **protocol_and_code(),
        "samples": [hashlib.sha256(of.contiguous().numpy().tobytes()).hexdigest()[:16] for of in samples],
        "weights": digest(acgan_training.generator(net, acgan_nets.end_of("A"))) if net else "",
    }


def protocol_and_code() -> dict[str, Any]:
    """The same without network and samples; the latter are asked for in vain where they belong to other code."""
    beside = (acgan_columns, acgan_copies, acgan_measures, acgan_nets, acgan_readers, acgan_training, judged_sets)
    networks = ("encoder", "generator", "joint_generator", "evaluator")
    return {
        "protocol": {"column": COLUMN},
        "made_with": stored.made_with(Path(__file__), *networks, beside=beside),
    }


def set_of(name: str) -> judged_sets.Samples:
    """A set of stored samples. Raises ``TypeError`` for a set of photographs."""
    found = judged_sets.SETS[name]
    if not isinstance(found, judged_sets.Samples):
        raise TypeError(f"{name} must be a set of stored samples; it is one of photographs")
    return found


def photographs(first: int) -> torch.Tensor:
    """Test photographs of each class, from this one on."""
    return acgan_readers.photographs("test", first, first + COLUMN).x


def stored_pictures(name: str) -> torch.Tensor:
    """Of a set of ``judged_sets``."""
    return judged_sets.pictures(name)[0]


def pictures_of_acgan(name: str) -> torch.Tensor:
    """Those of a finished net, the first of each class."""
    return acgan_training.pictures(acgan_nets.net(name), acgan_nets.end_of("A"), COLUMN)[0]


def pictures_of_noiseless() -> torch.Tensor:
    """Of stored chains and further ones."""
    had = judged_sets.tensors_of("noiseless_samples")["random.codes"].unflatten(0, (bulk.CLASSES, -1))
    codes = torch.cat([had, more_chains.codes().unflatten(0, (bulk.CLASSES, -1))], 1).flatten(0, 1)
    return judged_sets.drawn(codes, judged_sets.G)


def of_set(name: str) -> dict[str, Any]:
    """A column."""
    x = pictures()[name]()
    return column(x, protocol.classes_of(len(x) // bulk.CLASSES), seen(x))


def equal(name: str) -> dict[str, Any]:
    """What depends on the number of pictures, of the first of a set."""
    x, y = protocol.first_of(pictures()[name](), EQUAL), protocol.classes_of(EQUAL)
    numbers = acgan_columns.by_number(x, y, acgan_columns.judged(x))
    return {"per_class": EQUAL, "numbers": {key: list(value) for key, value in numbers.items()}}


def nearest() -> dict[str, Any]:
    """The photographs nearest to pictures of Noiseless, class by class, as ``acgan_judges.py`` has them of AC-GAN."""
    x, y = pictures_of_noiseless(), protocol.classes_of(COLUMN)
    of = acgan_copies.photographs_of
    return {"items": [acgan_copies.copies(x, y, of(item), item) for item in range(bulk.CLASSES)]}


def of_noiseless() -> dict[str, Any]:
    """Chains, and their pictures shrunk to half and enlarged, by the reader of that size."""
    x, y = pictures_of_noiseless(), protocol.classes_of(COLUMN)
    whole, half = seen(x, SIZE), seen(resized(x, HALF), HALF)
    fall = whole.right(y) - half.right(y)
    falls = {
        "evaluator": metrics.by_student(fall[:, 0]),
        "reader": metrics.by_student(fall[:, 1]),
        "score": metrics.with_interval(
            lambda i: score(whole.some(i)) - score(half.some(i)), torch.arange(len(x))
        ),  # of the same pictures
    }
    return {
        **column(x, y, whole),
        "half": column(resized(x, HALF), y, half),
        "fall": {key: list(value) for key, value in falls.items()},
    }


if __name__ == "__main__":
    sys.exit(main())
