"""The second hundred chains a class of Noiseless from random codes, at the setting of the stored ones. Resumable.

    python tools/runs/more_chains.py          all that is not there yet (twenty to forty minutes)
    python tools/runs/more_chains.py bag      one class

The first hundred are those of ``bulk.py``; seeds go on where these end. Networks compute in bfloat16 where that is
faster, which those of the first hundred did not. Stored are the last codes, class by class.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import astuple
from pathlib import Path
from typing import Any

import bulk
import stored
import torch
from torch import Tensor
from tqdm import tqdm

from ppgn_lib import Eps, chain, conditions, variants
from ppgn_lib.checks import known
from ppgn_lib.data.tinted_fashion import ITEMS
from ppgn_lib.metrics import protocol
from ppgn_lib.networks import precision
from ppgn_lib.networks.zoo import load

STORE = bulk.RESULTS / "more_chains.safetensors"
CHAINS = 100  # a class


def main(arguments: list[str] | None = None) -> int:
    """Run what is missing."""
    parser = argparse.ArgumentParser(description="More chains of Noiseless.")
    parser.add_argument("names", nargs="*", help="classes (default: all)")
    given = parser.parse_args(arguments)
    known(given.names, ITEMS, "class")
    for name in tqdm(given.names or ITEMS, desc="chains", unit="class"):
        if stored.entry_of(STORE, name, belongs_to()) is None:
            about = {"command": "python tools/runs/more_chains.py"}
            entry = {**belongs_to(), "precision": precision.name_of()}
            stored.add_entry(STORE, name, {name: ends(ITEMS.index(name)).half()}, entry, about)
    return 0


def belongs_to() -> dict[str, Any]:
    """What a stored class has to agree with."""
    return {
        "protocol": {
            "chains": [CHAINS, bulk.CHAINS["random"]],
            "seeds_from": bulk.SAMPLES_PROTOCOL["seeds_from"],
            "steps": protocol.STEPS,
            "eps": list(astuple(setting())),
        },
        "made_with": stored.made_with(Path(__file__), "encoder", "generator"),
    }


def setting() -> Eps:
    """That of the stored chains."""
    return bulk.chosen(json.loads(bulk.SWEEP.read_text("utf-8")))


def ends(item: int) -> Tensor:
    """The last codes (CHAINS, H) of chains for a class."""
    first = bulk.CHAINS["random"]
    h0, y, seeds = bulk.starts("random", first + CHAINS)
    here = (y == item).nonzero()[first:, 0]
    E, G, h = precision.fast(load("encoder")), precision.fast(load("generator")), torch.empty(0)
    experts = variants.noiseless(G, E, conditions.classes(E, y[here], bulk.HEAD))
    states = chain(h0[here], *experts, setting(), steps=protocol.STEPS, seeds=[seeds[i] for i in here.tolist()])
    for state in tqdm(states, desc=ITEMS[item], unit="state", total=protocol.STEPS + 1, leave=False):
        h = state.h
    return h


def codes() -> Tensor:
    """All of them, (10 * CHAINS, H), class after class. ``SystemExit`` if one is missing or belongs to other code."""
    missing = [name for name in ITEMS if stored.entry_of(STORE, name, belongs_to()) is None]
    if missing:
        raise SystemExit(f"there are no more chains of {', '.join(missing)} yet: run `tools/runs/more_chains.py` first")
    tensors, _ = stored.read_tensors(STORE)
    return torch.cat([tensors[name] for name in ITEMS])


if __name__ == "__main__":
    sys.exit(main())
