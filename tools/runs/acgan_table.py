"""The columns of the book's Table S3: AC-GAN, PPGN and photographs by one protocol. Resumable; under an hour.

    python tools/runs/acgan_table.py             all that is not there yet
    python tools/runs/acgan_table.py dgn_am      one column

Two hundred pictures a class. Of Noiseless Joint PPGN-h these are the chains from random codes of ``bulk.py`` and those
of ``more_chains.py``, of AC-GAN the ends of the large nets of ``acgan_nets.py``; both have to be run first.
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
        **{name: partial(of_photographs, first) for name, first in PHOTOGRAPHS.items()},
        "noiseless": of_noiseless,
        **{name: partial(of_stored, name) for name in SHOWN},
        **{name: partial(of_acgan, name) for name in acgan_nets.names_of("A")},
    }


def belongs_to(name: str) -> dict[str, Any]:
    """What a stored column has to agree with: samples or network, protocol, code."""
    samples = []
    if name == "noiseless":
        samples = [judged_sets.tensors_of("noiseless_samples")["random.codes"], more_chains.codes()]
    elif name in SHOWN:
        samples = [judged_sets.tensor_of(set_of(name))]
    net = acgan_nets.net(name) if name in acgan_nets.names_of("A") else None
    return {
        **protocol_and_code(),
        "samples": [hashlib.sha256(of.contiguous().numpy().tobytes()).hexdigest()[:16] for of in samples],
        "weights": digest(acgan_training.generator(net, net.states[-1])) if net else "",
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


def of_photographs(first: int) -> dict[str, Any]:
    """Test photographs from the first one on."""
    x, y = acgan_readers.photographs("test", first, first + COLUMN)
    return column(x, y, seen(x))


def of_stored(name: str) -> dict[str, Any]:
    """A set of ``judged_sets``."""
    x, y = judged_sets.pictures(name)
    return column(x, y, seen(x))


def of_acgan(name: str) -> dict[str, Any]:
    """The end of a net, the first pictures of each class."""
    net = acgan_nets.net(name)
    x, y = acgan_training.pictures(net, net.states[-1], COLUMN)
    return column(x, y, seen(x))


def of_noiseless() -> dict[str, Any]:
    """Stored chains and further ones, and the same shrunk to half and enlarged, by the reader of that size."""
    had = judged_sets.tensors_of("noiseless_samples")["random.codes"].unflatten(0, (bulk.CLASSES, -1))
    codes = torch.cat([had, more_chains.codes().unflatten(0, (bulk.CLASSES, -1))], 1).flatten(0, 1)
    x, y = judged_sets.drawn(codes, judged_sets.G), protocol.classes_of(COLUMN)
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
