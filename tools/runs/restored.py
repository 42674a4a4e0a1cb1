"""Pictures drawn for what a map leaves of a photograph: how strongly it should pull, and what is seen then. Resumable.

    python tools/runs/restored.py          all that is not there yet (minutes)
    python tools/runs/restored.py grey     one map

Noiseless Joint PPGN-h from random codes, no class. The selector chooses epsilon1 and the weight on validation
photographs; the evaluator says what test photographs become.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import Any

import bulk
import fills
import stored
from torch import Tensor
from tqdm import tqdm
from trials import Setting, distances, drawn, nearest_of

from ppgn_lib import Eps, chain, metrics, variants
from ppgn_lib.checks import known
from ppgn_lib.data.measurements import MAPS
from ppgn_lib.experts.known_pixels import measured
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal

STORE = bulk.RESULTS / "restored.safetensors"
# epsilon1, and the weight of the mean over what is measured, as PPGN-context has it, times epsilon2
SETTINGS = [(eps1, weight) for eps1 in (0.03, 0.1) for weight in (100.0, 300.0, 1000.0)]
EPS2 = 0.1
TUNED, PHOTOGRAPHS = 1, 5  # a class
SEEDS_FROM, TUNING_FROM = 320_000, 325_000


def main(arguments: list[str] | None = None) -> int:
    """Choose weights and judge what is missing."""
    parser = argparse.ArgumentParser(description="Pictures for what a map leaves of a photograph.")
    parser.add_argument("names", nargs="*", help="maps (default: all)")
    given = parser.parse_args(arguments)
    known(given.names, MAPS, "map")
    for name in tqdm(given.names or MAPS, desc="restored", unit="map"):
        if stored.entry_of(STORE, name, belongs_to()) is None:
            x = fills.task("validation", TUNED).x
            tried = distances(SETTINGS, x, partial(ends, name, x=x, seeds_from=TUNING_FROM), name)
            setting = nearest_of(tried)
            entry = {**belongs_to(), "tried": tried, "setting": list(setting), **judged(name, setting)}
            stored.add_entry(STORE, name, {}, entry, {"command": "python tools/runs/restored.py"})
    return 0


def belongs_to() -> dict[str, Any]:
    """What a stored map has to agree with."""
    return {
        "protocol": {
            "settings": [list(setting) for setting in SETTINGS],
            "eps2": EPS2,
            "steps": protocol.STEPS,
            "photographs": [TUNED, PHOTOGRAPHS],
        },
        "made_with": stored.made_with(Path(__file__), "encoder", "generator", "evaluator", "selector"),
    }


def ends(name: str, setting: Setting, x: Tensor, seeds_from: int) -> Tensor:
    """Pictures (B, 3, H, W) from random codes for what the map leaves of x (B, 3, H, W)."""
    E, G, A = load("encoder"), load("generator"), MAPS[name]
    y, (eps1, weight) = A(x), setting
    condition = measured(A, y, (y[0].numel() / weight) ** 0.5)
    h0 = rectified_normal(list(range(seeds_from, seeds_from + len(x))), G.code)
    for state in chain(h0, *variants.noiseless(G, E, condition), Eps(eps1, EPS2), steps=protocol.STEPS):
        last = state.h
    return drawn(G, last)


def judged(name: str, setting: Setting) -> dict[str, list[float]]:
    """Of each test photograph: whether its item is seen, and how far the picture is from it and from what was measured.

    Root mean squares, in the units of [-1, 1].
    """
    of, A = fills.task("test", PHOTOGRAPHS), MAPS[name]
    x = ends(name, setting, of.x, SEEDS_FROM)
    judge = metrics.judge_with(load("evaluator"), bulk.HEAD)
    return {
        "named": (metrics.judgement(judge, x).logits.argmax(1) == of.y).double().tolist(),
        "error": _rms(x - of.x),
        "off": _rms(A(x) - A(of.x)),
    }


def _rms(x: Tensor) -> list[float]:
    values: list[float] = x.square().flatten(1).mean(1).sqrt().tolist()
    return values


if __name__ == "__main__":
    sys.exit(main())
