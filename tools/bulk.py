"""Bulk runs: what takes too long for a notebook. Resumable; the outcome lies in data/results as numbers.

    python tools/bulk.py            all that is not there yet
    python tools/bulk.py --anew     everything again

The sweep: Noiseless Joint PPGN-h from random codes over a grid of (eps1, eps2) and some eps3. Its seeds are not the
ones that the chapter reports on, so that the setting is not chosen on the samples that are shown.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from ppgn_lib.data import TintedFashion
from ppgn_lib.files import manifest, replacing
from ppgn_lib.metrics import spread
from ppgn_lib.protocol import sweep_point
from ppgn_lib.sampling import Eps
from ppgn_lib.zoo import load

SWEEP = Path(__file__).resolve().parents[1] / "data/results/noiseless_sweep.json"
GRID = [(e1, e2, 0.0) for e1, e2 in itertools.product((0.0, 0.03, 0.1, 0.3, 1.0), (0.1, 0.3, 1.0, 3.0, 10.0))]
GRID += [(e1, e2, e3) for (e1, e2), e3 in itertools.product([(0.1, 1.0), (0.3, 3.0)], (0.01, 0.03, 0.1, 0.3))]
PROTOCOL = {"chains": 5, "steps": 100, "seeds_from": 50_000}
NETWORKS = ("encoder", "generator", "evaluator")


def main() -> int:
    """Compute what is missing; a change of networks or protocol starts anew."""
    parser = argparse.ArgumentParser(description="Bulk runs of the book.")
    parser.add_argument("--anew", action="store_true", help="forget stored points first")
    given = parser.parse_args()
    made_with = {name: manifest()[f"weights/{name}.safetensors"].sha256[:16] for name in NETWORKS}
    head = {"command": "python tools/bulk.py", "protocol": PROTOCOL, "networks": made_with}
    stored: dict[str, Any] = json.loads(SWEEP.read_text("utf-8")) if SWEEP.exists() and not given.anew else {}
    if any(stored.get(key) != value for key, value in head.items()):
        stored = {**head, "real_spread": _real_spread(PROTOCOL["chains"]), "points": []}
    done = {tuple(point["eps"]) for point in stored["points"]}
    networks = [load(name) for name in NETWORKS]
    for eps in tqdm([eps for eps in GRID if eps not in done], desc="sweep", unit="setting"):
        stored["points"].append({"eps": eps, **_point(networks, eps)})
        with replacing(SWEEP) as path:
            path.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")
    return 0


def _point(networks: list[Any], eps: tuple[float, float, float]) -> dict[str, Any]:
    try:
        accuracy, by_chain, found = sweep_point(networks[1], networks[0], networks[2], Eps(*eps), **PROTOCOL)
    except FloatingPointError:
        return {"diverged": True}
    return {
        "accuracy": accuracy.value,
        "low": accuracy.low,
        "high": accuracy.high,
        "by_chain": by_chain.tolist(),
        "spread": found,
    }


def _real_spread(per_class: int) -> float:
    """The same measure for real validation images, as many a class, mean over 20 draws."""
    data, evaluator = TintedFashion("validation"), load("evaluator")
    draws = []
    for seed in range(20):
        generator = torch.Generator().manual_seed(seed)
        order = torch.randperm(len(data), generator=generator)
        item = torch.from_numpy(data.item)[order]
        chosen = torch.cat([order[item == c][:per_class] for c in range(10)])
        batch = data.batch(chosen)
        draws.append(spread(evaluator(batch.x).features, batch.item))
    return sum(draws) / len(draws)


if __name__ == "__main__":
    sys.exit(main())
