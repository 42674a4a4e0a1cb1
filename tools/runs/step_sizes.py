"""What each multiplier of Noiseless Joint PPGN-h does: rows of settings, the same starts for all. Resumable.

    python tools/runs/step_sizes.py          all that is not there yet (half an hour)
    python tools/runs/step_sizes.py --anew   everything again

Stored is, class by class, what the evaluator says of every tenth state from update 150 on; nothing of the pictures.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import bulk
import mixing as runs
import stored
import torch
from alternatives import Setting, States
from side_by_side import condition
from torch import Tensor
from tqdm import tqdm

from ppgn_lib import Eps, Noise, chain, metrics, variants
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.metrics import mixing, protocol
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal

STORE = bulk.RESULTS / "step_sizes.json"
STEPS, FIRST, EVERY, CHAINS = protocol.STEPS, 150, 10, 6  # updates; states looked at from, every; chains a class
APART = 50  # updates between two states of a chain that are compared
SEEDS_FROM = 230_000
ROWS: dict[str, list[Setting]] = {  # (eps1, eps2, eps3)
    "eps1": [(eps1, 0.2, 0.0) for eps1 in (0.01, 0.03, 0.1, 0.3, 1.0)],
    "eps2": [(0.1, eps2, 0.0) for eps2 in (0.02, 0.06, 0.2, 0.6, 2.0)],
    "together": [(s, 0.2, s) for s in (0.01, 0.03, 0.1, 0.3)],  # eps1 and eps3, footnote 4 of the paper
    "bursts": [(0.1, 0.2, eps3) for eps3 in (0.1, 0.3, 1.0)],  # noise in QUIET + LOUD updates only in the last LOUD
}
QUIET, LOUD = 45, 5
PROTOCOL: dict[str, Any] = {
    "steps": STEPS,
    "first": FIRST,
    "every": EVERY,
    "apart": APART,
    "chains": CHAINS,
    "seeds_from": SEEDS_FROM,
    "clusters": runs.CLUSTERS,
    "photographs": runs.PHOTOGRAPHS,
    "quiet": QUIET,
    "loud": LOUD,
    "rows": {name: [list(setting) for setting in row] for name, row in ROWS.items()},
}


def main(arguments: list[str] | None = None) -> int:
    """Compute what is missing; other networks, code or protocol start anew."""
    parser = argparse.ArgumentParser(description="What each multiplier does.")
    parser.add_argument("--anew", action="store_true", help="forget what is stored first")
    if parser.parse_args(arguments).anew:
        STORE.unlink(missing_ok=True)
    head = belongs_to()
    judge = metrics.judge_with(load("evaluator"), bulk.HEAD)
    near = protocol.real_images(TintedFashion("test"), judge, runs.PHOTOGRAPHS, bulk.HEAD)
    real = near.judgement.features.double().unflatten(0, (bulk.CLASSES, -1))
    todo = {key_of(name, setting): (name, setting) for name, row in ROWS.items() for setting in row}
    for key, (name, setting) in tqdm(todo.items(), desc="step sizes", unit="setting"):
        found = so_far(head)
        if key not in found:
            walk = bursts if name == "bursts" else runs.noiseless
            stored.write_json(STORE, {**head, "found": {**found, key: follow(walk, setting, judge, real)}})
    return 0


def belongs_to() -> dict[str, Any]:
    """What the store has to agree with."""
    return {
        "command": "python tools/runs/step_sizes.py",
        "protocol": PROTOCOL,
        "made_with": stored.made_with(Path(__file__), "encoder", "generator", "evaluator"),
    }


def so_far(head: dict[str, Any]) -> dict[str, Any]:
    """The settings that are stored with this head."""
    if not STORE.exists():
        return {}
    content = json.loads(STORE.read_text("utf-8"))
    return content["found"] if {key: content.get(key) for key in head} == head else {}


def key_of(name: str, setting: Setting) -> str:
    """A setting's name in the store."""
    return ("bursts " if name == "bursts" else "") + ", ".join(f"{eps:g}" for eps in setting)


def bursts(setting: Setting, y: Tensor, seeds: list[int], steps: int) -> States:
    """Noiseless Joint PPGN-h with eps3 in the last LOUD of QUIET + LOUD updates, and without noise in the others."""
    experts = variants.noiseless(load("generator"), load("encoder"), condition(y))
    quiet, loud = Eps(*setting[:2]), Eps(*setting)
    h, noise = rectified_normal(seeds, load("encoder").code), Noise(seeds)
    yield h
    for _ in range(steps // (QUIET + LOUD)):
        for eps, length in ((quiet, QUIET), (loud, LOUD)):
            for state in islice(chain(h, *experts, eps, steps=length, seeds=noise), 1, None):
                h = state.h
                yield h


@torch.no_grad()
def follow(
    walk: Callable[..., States], setting: Setting, judge: metrics.Judge, real: Tensor
) -> dict[str, list[float | None]]:
    """What is stored of a setting, by class; real: (classes, N, F) features of photographs.

    ``accepted``: the share of states that the evaluator takes for the class. ``real``: the share that are as near to a
    photograph of the class as 95 of 100 photographs are to another one. ``specific``: 1 less the mean square distance
    of the states of two chains of the class over that to states of other classes. ``mixing``: the share of pairs of
    states of a chain, APART updates or more from each other, that are nearest to different clusters of photographs,
    over the same of pairs from two chains; only of states that are accepted and real, None without such pairs.
    ``counted``: chains with such pairs.
    """
    y = torch.arange(bulk.CLASSES).repeat_interleave(CHAINS)
    seeds = list(protocol.seeds_of(SEEDS_FROM, CHAINS, bulk.CLASSES))
    G = load("generator")
    seen = [
        metrics.judgement(judge, G(h).clamp(-1, 1))
        for t, h in enumerate(walk(setting, y, seeds, STEPS))
        if t >= FIRST and t % EVERY == 0
    ]
    accepted = torch.stack([one.logits.argmax(1) == y for one in seen]).unflatten(1, (bulk.CLASSES, CHAINS))
    features = torch.stack([one.features.double() for one in seen]).unflatten(1, (bulk.CLASSES, CHAINS))
    found: dict[str, list[float | None]] = {key: [] for key in ("accepted", "real", "specific", "mixing", "counted")}
    for c in range(bulk.CLASSES):
        here, photographs = features[:, c], real[c]  # (T, chains, F), (N, F)
        among = torch.cdist(photographs, photographs).fill_diagonal_(torch.inf).amin(1).quantile(0.95)
        near = torch.cdist(here.flatten(0, 1), photographs).amin(1).view(here.shape[:2]) <= among
        cluster = torch.cdist(here, mixing.clusters(photographs, runs.CLUSTERS)).argmin(-1)
        others = features[-1, [k for k in range(bulk.CLASSES) if k != c]].flatten(0, 1)
        within = torch.pdist(here[-1]).square().mean() / torch.cdist(here[-1], others).square().mean()
        share, chains = moved(cluster, accepted[:, c] & near, APART // EVERY)
        found["accepted"].append(float(accepted[:, c].double().mean()))
        found["real"].append(float(near.double().mean()))
        found["specific"].append(1 - float(within))
        found["mixing"].append(share)
        found["counted"].append(chains)
    return found


def moved(cluster: Tensor, good: Tensor, apart: int) -> tuple[float | None, int]:
    """``mixing`` and ``counted`` of ``follow``, of (T, B) clusters and which of them count."""
    times, chains = good.nonzero(as_tuple=True)
    where = cluster[good]
    same = chains[:, None] == chains
    far = (times[:, None] - times).abs() >= apart
    differ = where[:, None] != where
    own, other = same & far, ~same
    counted = len(chains[own.any(1)].unique())
    if not (own.any() and differ[other].any()):
        return None, counted
    return float(differ[own].double().mean() / differ[other].double().mean()), counted


if __name__ == "__main__":
    sys.exit(main())
