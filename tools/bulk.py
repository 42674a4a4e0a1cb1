"""Bulk runs: what takes too long for a notebook. Resumable; the outcome lies in data/results as numbers and codes.

    python tools/bulk.py                all that is not there yet
    python tools/bulk.py --anew         everything again
    python tools/bulk.py sweep          the sweep only; ``samples`` needs it

``sweep``: Noiseless Joint PPGN-h from random codes over multipliers, judged by the selector against validation images.
``samples``: at the setting that ``protocol.choose`` takes from the sweep, or a change of it, on other seeds; "coupled"
at the one that it takes among those with eps1 = eps2 and no noise. The last code of each chain and what the evaluator
saw in each judged state are stored, and the chapter judges them against the test images.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save
from torch import Tensor
from tqdm import tqdm

from ppgn_lib import metrics, protocol
from ppgn_lib.codes import rectified_normal
from ppgn_lib.data import TintedFashion
from ppgn_lib.files import manifest, replacing
from ppgn_lib.images import encode
from ppgn_lib.precision import in_bfloat16
from ppgn_lib.sampling import Eps, chain
from ppgn_lib.variants import noiseless_joint
from ppgn_lib.zoo import load

RESULTS = Path(__file__).resolve().parents[1] / "data/results"
SWEEP, SAMPLES = RESULTS / "noiseless_sweep.json", RESULTS / "noiseless_samples.safetensors"
GRID = [(e1, e2, 0.0) for e1, e2 in itertools.product((0.0, 0.1, 0.2, 0.3, 1.0), (0.03, 0.1, 0.2, 0.3, 1.0))]
GRID += [(0.2, 0.2, e3) for e3 in (0.03, 0.1, 0.3)]
# 16 chains a class against 200 validation images of it; in bf16, which halves the time and only chooses here.
SWEEP_PROTOCOL: dict[str, Any] = {"chains": 16, "real": 200, "steps": 200, "seeds_from": 50_000, "dtype": "bfloat16"}
SAMPLES_PROTOCOL = {"steps": 250, "seeds_from": 100_000}
CHAINS = {  # a class
    "random": 100,
    "images": 100,
    "quiet": 40,
    "noise": 40,
    "without_condition": 40,
    "bfloat16": 40,
    "coupled": 40,
}
NOISE = 0.5  # eps3 of the set "noise"; that of "quiet" is 0


def main() -> int:
    """Compute what is missing; a change of networks or protocol starts anew."""
    parser = argparse.ArgumentParser(description="Bulk runs of the book.")
    parser.add_argument("what", nargs="?", choices=("sweep", "samples", "all"), default="all", help="default: all")
    parser.add_argument("--anew", action="store_true", help="forget what is stored of it first")
    given = parser.parse_args()
    for name, path, run in (("sweep", SWEEP, sweep), ("samples", SAMPLES, samples)):
        if given.what in (name, "all"):
            if given.anew:
                path.unlink(missing_ok=True)
            run()
    return 0


def made_with(*names: str) -> dict[str, str]:
    """Hashes of the networks that a result depends on."""
    return {name: manifest()[f"weights/{name}.safetensors"].sha256[:16] for name in names}


def stored_sweep() -> tuple[dict[str, Any], list[tuple[float, float, float]]]:
    """The sweep as far as it was made with the present networks and protocol, and the settings that are left."""
    head: dict[str, Any] = {
        "command": "python tools/bulk.py sweep",
        "protocol": SWEEP_PROTOCOL,
        "networks": made_with("encoder", "generator", "selector"),
    }
    stored: dict[str, Any] = json.loads(SWEEP.read_text("utf-8")) if SWEEP.exists() else {}
    if any(stored.get(key) != value for key, value in head.items()):
        stored = {**head, "points": []}
    stored["points"] = [point for point in stored["points"] if tuple(point["eps"]) in GRID]
    done = {tuple(point["eps"]) for point in stored["points"]}
    return stored, [eps for eps in GRID if eps not in done]


def sweep() -> None:
    """One point after the other into ``SWEEP``."""
    stored, todo = stored_sweep()
    if not todo:
        return
    look = metrics.by(load("selector"))
    chains, real = SWEEP_PROTOCOL["chains"], SWEEP_PROTOCOL["real"]
    near = protocol.real_images("validation", look, real)
    others = protocol.real_images("validation", look, chains, skip=real)
    stored["real_accuracy"] = metrics.accuracy(near.seen.logits, near.y).value
    for eps in tqdm(todo, desc="sweep", unit="setting"):
        stored["points"].append({"eps": eps, **sweep_point(eps, chains, near, others, look)})
        stored["points"].sort(key=lambda point: GRID.index(tuple(point["eps"])))
        with replacing(SWEEP) as path:
            path.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")


def sweep_point(
    eps: tuple[float, float, float], chains: int, near: protocol.Real, others: protocol.Real, look: metrics.Judge
) -> dict[str, Any]:
    """Accuracy by chain, coverage and its share of real images' at one setting; from random codes."""
    G, E = load("generator"), load("encoder")
    y = torch.arange(10).repeat_interleave(chains)
    seeds = protocol.seeds_of(SWEEP_PROTOCOL["seeds_from"], chains)
    G16, E16 = in_bfloat16(G), in_bfloat16(E)
    try:
        h0, steps = rectified_normal(seeds), SWEEP_PROTOCOL["steps"]
        states = chain(h0, *noiseless_joint(G16, E16, y), Eps(*eps), steps=steps, seeds=seeds)
        verdict = protocol.judge(states, G, look, every=10)
    except FloatingPointError:
        return {"diverged": True}
    accuracy = metrics.accuracy(verdict.logits, y)
    found = metrics.neighbours_by_class(verdict.features, y, near.seen.features, near.y)
    limit = metrics.neighbours_by_class(others.seen.features, others.y, near.seen.features, near.y)
    return {
        "accuracy": accuracy.value,
        "low": accuracy.low,
        "high": accuracy.high,
        "by_chain": (verdict.logits.argmax(2) == y).double().mean(0).tolist(),
        "coverage": found.coverage.value,
        "coverage_ratio": found.coverage.value / limit.coverage.value,
        "recall": found.recall.value,
        "spread": metrics.spread(verdict.features, y) / metrics.spread(others.seen.features, others.y),
    }


def samples() -> None:
    """One set of chains after the other into ``SAMPLES``."""
    swept, todo = stored_sweep()
    if todo:
        raise SystemExit("the sweep is not whole, or of other networks: run `python tools/bulk.py sweep` first")
    eps = Eps(*protocol.choose(swept["points"], swept["real_accuracy"])["eps"])
    diagonal = [point for point in swept["points"] if point["eps"][0] == point["eps"][1] and point["eps"][2] == 0]
    coupled = Eps(*protocol.choose(diagonal, swept["real_accuracy"])["eps"])
    described = {"eps": [eps.eps1, eps.eps2, eps.eps3], "noise": NOISE, "coupled": coupled.eps1}
    settings = dict.fromkeys(CHAINS, eps) | {
        "quiet": replace(eps, eps3=0.0),
        "noise": replace(eps, eps3=NOISE),
        "without_condition": replace(eps, eps2=0.0),
        "coupled": coupled,
    }
    head = {
        "command": "python tools/bulk.py samples",
        "protocol": json.dumps({**SAMPLES_PROTOCOL, **described}),
        "networks": json.dumps(made_with("encoder", "generator", "evaluator")),
    }
    stored: dict[str, Tensor] = {}
    if SAMPLES.exists():
        with safe_open(SAMPLES, framework="pt") as file:
            if file.metadata() == head:
                stored = {key: file.get_tensor(key).clone() for key in file.keys()}  # noqa: SIM118 (not a dict)
    for name in tqdm([name for name in CHAINS if f"{name}.codes" not in stored], desc="samples", unit="set"):
        if name == "quiet" and eps.eps3 == 0:  # the same chains as "random", fewer of them
            rows = torch.cat([torch.arange(CHAINS[name]) + c * CHAINS["random"] for c in range(10)])
            parts = {what: stored[f"random.{what}"] for what in ("codes", "item", "certainty")}
            found = {what: part[rows] if what == "codes" else part[:, rows] for what, part in parts.items()}
        else:
            found = sample(name, settings[name], CHAINS[name])
        stored |= {f"{name}.{what}": value.contiguous() for what, value in found.items()}
        with replacing(SAMPLES) as path:
            path.write_bytes(save(stored, head))


def sample(name: str, eps: Eps, chains: int) -> dict[str, Tensor]:
    """Last codes (B, 256); of each judged state (T, B) the item that the evaluator saw and how sure it was."""
    G, E, evaluator = load("generator"), load("encoder"), load("evaluator")
    y = torch.arange(10).repeat_interleave(chains)
    seeds = protocol.seeds_of(SAMPLES_PROTOCOL["seeds_from"], chains)
    if name == "images":  # of any class: the class asked for has no part in the choice
        order = torch.randperm(55_000, generator=torch.Generator().manual_seed(SAMPLES_PROTOCOL["seeds_from"]))
        h0 = metrics.in_blocks(lambda x: encode(E, x), TintedFashion("train").batch(order[: len(y)]).x)
    else:
        h0 = rectified_normal(seeds)
    experts = noiseless_joint(in_bfloat16(G), in_bfloat16(E), y) if name == "bfloat16" else noiseless_joint(G, E, y)
    states = chain(h0, *experts, eps, steps=SAMPLES_PROTOCOL["steps"], seeds=seeds)
    progress = tqdm(states, desc=name, unit="state", total=SAMPLES_PROTOCOL["steps"] + 1, leave=False)
    verdict = protocol.judge(progress, G, metrics.by(evaluator))
    certainty, item = verdict.logits.softmax(2).max(2)
    return {"codes": verdict.codes.half(), "item": item.to(torch.uint8), "certainty": certainty.half()}


if __name__ == "__main__":
    sys.exit(main())
