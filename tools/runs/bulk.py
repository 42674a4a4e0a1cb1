"""Bulk runs: what takes too long for a notebook. Resumable; the outcome lies in data/results as numbers and codes.

    python tools/runs/bulk.py                all that is not there yet
    python tools/runs/bulk.py --anew         everything again
    python tools/runs/bulk.py sweep          the sweep only; ``samples`` needs it

``sweep``: Noiseless Joint PPGN-h from random codes over multipliers, judged by the selector against validation images.
``samples``: at the setting that ``protocol.choose`` takes from the sweep, or a change of it, on other seeds. The last
code of each chain and what the evaluator saw on the way are stored, and the chapters judge them against test images.

What belongs to other networks or other code is computed anew; ``adopt.py`` is for code that computes the same.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

import stored
import torch
from torch import Tensor
from tqdm import tqdm

from ppgn_lib import Eps, apart, chain, metrics, update, variants
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.experts.conditions import classes
from ppgn_lib.metrics import protocol
from ppgn_lib.metrics.stored_features import features_as_bytes
from ppgn_lib.networks import precision
from ppgn_lib.networks.features import encode
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal

RESULTS = Path(__file__).resolve().parents[2] / "data/results"
SWEEP, SAMPLES = RESULTS / "noiseless_sweep.json", RESULTS / "noiseless_samples.safetensors"
HEAD, CLASSES = "item", 10
GRID = [(e1, e2, 0.0) for e1, e2 in itertools.product((0.1, 0.2, 0.3), (0.03, 0.1, 0.2, 0.3))]
# 12 chains a class against 200 validation images of it, in bfloat16 where that is faster: it only chooses here.
SWEEP_PROTOCOL: dict[str, Any] = {"chains": 12, "real": 200, "steps": protocol.STEPS, "seeds_from": 50_000}
SAMPLES_PROTOCOL: dict[str, Any] = {
    "steps": protocol.STEPS,
    "seeds_from": 100_000,
    "probe_steps": stored.PROBE_STEPS,
    "seen_every": 10,  # what the evaluator sees is stored of every tenth state
    "way": [0, 10, 25, 50, 100, 150, 200],  # codes of the first 40 chains a class after so many updates
    "followed": [20, 60],  # features of the first 20 chains a class, of every tenth state from step 60 on
}
SEEN = range(0, protocol.STEPS + 1, SAMPLES_PROTOCOL["seen_every"])
WAY, WAY_CHAINS = SAMPLES_PROTOCOL["way"], 40
FOLLOWED, FOLLOWED_FROM = SAMPLES_PROTOCOL["followed"]
NOISE = {"noise_003": 0.03, "noise_01": 0.1, "noise_03": 0.3}  # eps3
CHAINS = {"random": 100, "without_condition": 40, **dict.fromkeys(NOISE, 20), "images": 100}  # a class


def main(arguments: list[str] | None = None) -> int:
    """Compute what is missing; a change of networks, code or protocol starts anew."""
    parser = argparse.ArgumentParser(description="Bulk runs of the book.")
    parser.add_argument("what", nargs="?", choices=("sweep", "samples", "all"), default="all", help="default: all")
    parser.add_argument("--anew", action="store_true", help="forget what is stored of it first")
    given = parser.parse_args(arguments)
    for name, path, run in (("sweep", SWEEP, sweep), ("samples", SAMPLES, samples)):
        if given.what in (name, "all"):
            if given.anew:
                path.unlink(missing_ok=True)
            run()
    return 0


def stored_sweep() -> tuple[dict[str, Any], list[tuple[float, ...]]]:
    """The sweep as far as it was made with the present networks, code and protocol, and the settings that are left."""
    head = {
        "command": "python tools/runs/bulk.py sweep",
        "protocol": SWEEP_PROTOCOL,
        "made_with": stored.made_with(Path(__file__), "encoder", "generator", "selector"),
    }
    found: dict[str, Any] = json.loads(SWEEP.read_text("utf-8")) if SWEEP.exists() else {}
    if any(found.get(key) != value for key, value in head.items()):
        found = {**head, "points": []}
    found["points"] = [point for point in found["points"] if tuple(point["eps"]) in GRID]
    done = {tuple(point["eps"]) for point in found["points"]}
    return found, [eps for eps in GRID if eps not in done]


def samples_protocol(swept: dict[str, Any]) -> dict[str, Any]:
    """How the samples are made that belong to a sweep."""
    return {**SAMPLES_PROTOCOL, "eps": list(astuple(chosen(swept))), "noise": NOISE}


def chosen(swept: dict[str, Any]) -> Eps:
    """The setting by the rule."""
    return Eps(*protocol.choose(swept["points"], swept["real_accuracy"])["eps"])


def photographs(judge: metrics.Judge) -> tuple[protocol.Real, protocol.Real]:
    """Validation images that a sweep is compared with, and others that are compared in the samples' place."""
    data, chains, real = TintedFashion("validation"), SWEEP_PROTOCOL["chains"], SWEEP_PROTOCOL["real"]
    near = protocol.real_images(data, judge, real, HEAD)
    return near, protocol.real_images(data, judge, chains, HEAD, skip=real)


def sweep() -> None:
    """One point after the other into ``SWEEP``."""
    found, todo = stored_sweep()
    if not todo:
        return
    with apart.tuning():
        judge = metrics.judge_with(load("selector"), HEAD)
        near, others = photographs(judge)
        found["real_accuracy"] = metrics.accuracy(near.judgement.logits, near.y).value
        for eps in tqdm(todo, desc="sweep", unit="setting"):
            found["points"].append({"eps": eps, **sweep_point(eps, near, others, judge)})
            found["points"].sort(key=lambda point: GRID.index(tuple(point["eps"])))
            stored.write_json(SWEEP, found)


def sweep_point(
    eps: tuple[float, ...], near: protocol.Real, others: protocol.Real, judge: metrics.Judge
) -> dict[str, Any]:
    """What the selector says of the last states at one setting; from random codes."""
    G, E = load("generator"), load("encoder")
    y = torch.arange(CLASSES).repeat_interleave(SWEEP_PROTOCOL["chains"])
    seeds = protocol.seeds_of(SWEEP_PROTOCOL["seeds_from"], SWEEP_PROTOCOL["chains"], CLASSES)
    fast_E = precision.fast(E)
    experts = variants.joint(precision.fast(G), fast_E, classes(fast_E, y, HEAD))
    try:
        states = chain(rectified_normal(seeds, G.code), *experts, Eps(*eps), steps=SWEEP_PROTOCOL["steps"], seeds=seeds)
        ends = protocol.judge_chains(states, G, judge, [SWEEP_PROTOCOL["steps"]])
    except FloatingPointError:
        return {"precision": precision.name_of(), "diverged": True}
    logits, features = ends.logits[-1], ends.features[-1]
    accuracy = metrics.accuracy(logits, y)
    found = metrics.neighbours_by_class(features, y, near.judgement.features, near.y)
    limit = metrics.neighbours_by_class(others.judgement.features, others.y, near.judgement.features, near.y)
    kid = metrics.kernel_distance_by_class(features, y, near.judgement.features, near.y)
    return {
        "precision": precision.name_of(),
        "accuracy": accuracy.value,
        "low": accuracy.low,
        "high": accuracy.high,
        "kid": kid.value,
        "kid_low": kid.low,
        "kid_high": kid.high,
        "coverage": found.coverage.value,
        "coverage_ratio": found.coverage.value / limit.coverage.value,
        "recall": found.recall.value,
        "spread": metrics.spread(features, y) / metrics.spread(others.judgement.features, others.y),
    }


def settings_of(swept: dict[str, Any]) -> dict[str, Eps]:
    """The multipliers of each set of chains."""
    eps = chosen(swept)
    return (
        dict.fromkeys(CHAINS, eps)
        | {"without_condition": replace(eps, eps2=0.0)}
        | {name: replace(eps, eps3=eps3) for name, eps3 in NOISE.items()}
    )


def samples() -> None:
    """One set of chains after the other into ``SAMPLES``."""
    swept, todo = stored_sweep()
    if todo:
        raise SystemExit("the sweep is not whole, or of other networks or code: run `tools/runs/bulk.py sweep` first")
    head = {
        "command": "python tools/runs/bulk.py samples",
        "protocol": samples_protocol(swept),
        "made_with": stored.made_with(Path(__file__), "encoder", "generator", "evaluator"),
    }
    settings = settings_of(swept)
    found, about = stored.read_tensors(SAMPLES)
    found = found if about == head else {}
    for name in tqdm([name for name in CHAINS if f"{name}.codes" not in found], desc="samples", unit="set"):
        new = sample(name, settings[name], CHAINS[name])
        new["probe"] = probe(name, settings[name])
        found |= {f"{name}.{what}": value for what, value in new.items()}
        stored.write_tensors(SAMPLES, found, head)


def starts(name: str, chains: int) -> tuple[Tensor, Tensor, list[int]]:
    """First codes (B, H), classes (B,) and seeds of a set with ``chains`` chains a class."""
    y = torch.arange(CLASSES).repeat_interleave(chains)
    seeds = list(protocol.seeds_of(SAMPLES_PROTOCOL["seeds_from"], chains, CLASSES))
    if name != "images":
        return rectified_normal(seeds, load("generator").code), y, seeds
    # Of training images of any class: the class asked for has no part in the choice.
    data = TintedFashion("train")
    order = torch.randperm(len(data), generator=torch.Generator().manual_seed(SAMPLES_PROTOCOL["seeds_from"]))
    return metrics.in_blocks(lambda x: encode(load("encoder"), x), data.batch(order[: len(y)]).x), y, seeds


def first_of_each(chains: int, some: int) -> Tensor:
    """The first ``some`` chains of each class, of ``chains`` a class."""
    return torch.cat([torch.arange(min(some, chains)) + c * chains for c in range(CLASSES)])


def sample(name: str, eps: Eps, chains: int) -> dict[str, Tensor]:
    """Last codes (B, H); what the evaluator saw on the way, and of some chains codes or features there.

    A state is judged after one more update without noise: noise on a picture is not the picture. (Without noise that
    is the next state.) The last code is the state itself in chains without noise.
    """
    G, E, judge = load("generator"), load("encoder"), metrics.judge_with(load("evaluator"), HEAD)
    h0, y, seeds = starts(name, chains)
    states = chain(h0, *variants.joint(G, E, classes(E, y, HEAD)), eps, steps=protocol.STEPS, seeds=seeds)
    way, followed = (first_of_each(chains, some) for some in (WAY_CHAINS, FOLLOWED))
    found: dict[str, list[Tensor]] = {"item": [], "certainty": [], "way": [], "features": []}
    codes = torch.empty(0)
    for t, state in enumerate(tqdm(states, desc=name, unit="state", total=protocol.STEPS + 1, leave=False)):
        codes = update(state, replace(eps, eps3=0.0), torch.zeros_like(state.h)) if eps.eps3 else state.h
        if t in SEEN:
            seen = metrics.judgement(judge, G(codes).clamp(-1, 1))
            certainty, item = seen.logits.softmax(1).max(1)
            found["item"].append(item.to(torch.uint8))
            found["certainty"].append(certainty.half())
            if t >= FOLLOWED_FROM:
                found["features"].append(features_as_bytes(seen.features[followed]))
        if t in WAY and (t == 0 or name != "without_condition"):  # of these only the start is shown
            found["way"].append(codes[way].half())
    wanted = {
        "random": ("item", "certainty", "way", "features"),
        "images": ("item", "certainty", "way"),
        "without_condition": ("item", "certainty", "way"),
    }.get(name, ("item", "certainty", "features"))
    return {"codes": codes.half(), **{what: torch.stack(found[what]) for what in wanted}}


def probe(name: str, eps: Eps) -> Tensor:
    """The first chain of each class of a set after a few steps in float64."""
    h0, y, seeds = starts(name, 1 if name != "images" else CHAINS[name])
    first = torch.arange(CLASSES) * (len(y) // CLASSES)
    return stored.probe(h0[first], y[first], eps, [seeds[i] for i in first.tolist()])


if __name__ == "__main__":
    sys.exit(main())
