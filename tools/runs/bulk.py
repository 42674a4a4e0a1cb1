"""Bulk runs: what takes too long for a notebook. Resumable; the outcome lies in data/results as numbers and codes.

    python tools/runs/bulk.py                all that is not there yet
    python tools/runs/bulk.py --anew         everything again
    python tools/runs/bulk.py sweep          the sweep only; ``samples`` needs it

``sweep``: Noiseless Joint PPGN-h from random codes over multipliers, judged by the selector against validation images.
``samples``: at the setting that ``protocol.choose`` takes from the sweep, or a change of it, on other seeds; "coupled"
at the one that it takes among those with eps1 = eps2 and no noise. The last code of each chain and what the evaluator
saw in each judged state are stored, and the chapter judges them against the test images.

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

from ppgn_lib import Eps, chain, metrics, variants
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.experts.conditions import classes
from ppgn_lib.metrics import protocol
from ppgn_lib.networks import precision
from ppgn_lib.networks.features import encode
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal

RESULTS = Path(__file__).resolve().parents[2] / "data/results"
SWEEP, SAMPLES = RESULTS / "noiseless_sweep.json", RESULTS / "noiseless_samples.safetensors"
HEAD, CLASSES = "item", 10
GRID = [(e1, e2, 0.0) for e1, e2 in itertools.product((0.0, 0.1, 0.2, 0.3, 1.0), (0.03, 0.1, 0.2, 0.3, 1.0))]
GRID += [(0.2, 0.2, e3) for e3 in (0.03, 0.1, 0.3)]
# 16 chains a class against 200 validation images of it, in bfloat16 where that is faster: it only chooses here.
SWEEP_PROTOCOL: dict[str, Any] = {"chains": 16, "real": 200, "steps": 200, "seeds_from": 50_000}
SAMPLES_PROTOCOL = {"steps": 250, "seeds_from": 100_000, "probe_steps": stored.PROBE_STEPS}
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
    eps, coupled = chosen(swept)
    return {**SAMPLES_PROTOCOL, "eps": list(astuple(eps)), "noise": NOISE, "coupled": coupled.eps1}


def chosen(swept: dict[str, Any]) -> tuple[Eps, Eps]:
    """The setting by the rule, and the one among those with eps1 = eps2 and no noise."""
    diagonal = [point for point in swept["points"] if point["eps"][0] == point["eps"][1] and point["eps"][2] == 0]
    eps, coupled = (protocol.choose(p, swept["real_accuracy"])["eps"] for p in (swept["points"], diagonal))
    return Eps(*eps), Eps(*coupled)


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
    """Accuracy by chain, coverage and its share of real images' at one setting; from random codes."""
    G, E = load("generator"), load("encoder")
    y = torch.arange(CLASSES).repeat_interleave(SWEEP_PROTOCOL["chains"])
    seeds = protocol.seeds_of(SWEEP_PROTOCOL["seeds_from"], SWEEP_PROTOCOL["chains"], CLASSES)
    fast_E = precision.fast(E)
    experts = variants.joint(precision.fast(G), fast_E, classes(fast_E, y, HEAD))
    try:
        states = chain(rectified_normal(seeds, G.code), *experts, Eps(*eps), steps=SWEEP_PROTOCOL["steps"], seeds=seeds)
        ends = protocol.judge_chains(states, G, judge, every=10)
    except FloatingPointError:
        return {"precision": precision.name_of(), "diverged": True}
    accuracy = metrics.accuracy(ends.logits, y)
    found = metrics.neighbours_by_class(ends.features, y, near.judgement.features, near.y)
    limit = metrics.neighbours_by_class(others.judgement.features, others.y, near.judgement.features, near.y)
    return {
        "precision": precision.name_of(),
        "accuracy": accuracy.value,
        "low": accuracy.low,
        "high": accuracy.high,
        "by_chain": (ends.logits.argmax(2) == y).double().mean(0).tolist(),
        "coverage": found.coverage.value,
        "coverage_ratio": found.coverage.value / limit.coverage.value,
        "recall": found.recall.value,
        "spread": metrics.spread(ends.features, y) / metrics.spread(others.judgement.features, others.y),
    }


def settings_of(swept: dict[str, Any]) -> dict[str, Eps]:
    """The multipliers of each set of chains."""
    eps, coupled = chosen(swept)
    return dict.fromkeys(CHAINS, eps) | {
        "quiet": replace(eps, eps3=0.0),
        "noise": replace(eps, eps3=NOISE),
        "without_condition": replace(eps, eps2=0.0),
        "coupled": coupled,
    }


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
        if name == "quiet" and settings["random"].eps3 == 0:  # the same chains as "random", fewer of them
            rows = torch.cat([torch.arange(CHAINS[name]) + c * CHAINS["random"] for c in range(CLASSES)])
            parts = {what: found[f"random.{what}"] for what in ("codes", "item", "certainty")}
            new = {what: part[rows] if what == "codes" else part[:, rows] for what, part in parts.items()}
        else:
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


def sample(name: str, eps: Eps, chains: int) -> dict[str, Tensor]:
    """Last codes (B, H); of each judged state (T, B) the item that the evaluator saw and how sure it was."""
    G, E, judge = load("generator"), load("encoder"), metrics.judge_with(load("evaluator"), HEAD)
    h0, y, seeds = starts(name, chains)
    G_of_chain, E_of_chain = (precision.in_bfloat16(net) if name == "bfloat16" else net for net in (G, E))
    experts = variants.joint(G_of_chain, E_of_chain, classes(E_of_chain, y, HEAD))
    states = chain(h0, *experts, eps, steps=SAMPLES_PROTOCOL["steps"], seeds=seeds)
    progress = tqdm(states, desc=name, unit="state", total=SAMPLES_PROTOCOL["steps"] + 1, leave=False)
    ends = protocol.judge_chains(progress, G, judge)
    certainty, item = ends.logits.softmax(2).max(2)
    return {"codes": ends.codes.half(), "item": item.to(torch.uint8), "certainty": certainty.half()}


def probe(name: str, eps: Eps) -> Tensor:
    """The first chain of each class of a set after a few steps in float64."""
    h0, y, seeds = starts(name, 1 if name != "images" else CHAINS[name])
    first = torch.arange(CLASSES) * (len(y) // CLASSES)
    return stored.probe(h0[first], y[first], eps, [seeds[i] for i in first.tolist()])


if __name__ == "__main__":
    sys.exit(main())
