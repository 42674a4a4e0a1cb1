"""Samplers beside the chapter's own, each at its best setting: what the claims C08, C54 and C57 need. Resumable.

    python tools/runs/alternatives.py          all that is not there yet
    python tools/runs/alternatives.py --anew   everything again

Each alternative has a row of settings, of which ``protocol.choose`` takes one by what the selector says of a few chains
against validation images. At that one more chains run on other seeds, which the chapters judge by the evaluator.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import bulk
import numpy as np
import stored
import torch
from torch import Tensor
from tqdm import tqdm
from trials import REAL, Setting, real_accuracy, tried

from ppgn_lib import Eps, Noise, chain, metrics, priors, variants
from ppgn_lib.experts import conditions
from ppgn_lib.metrics import protocol
from ppgn_lib.metrics.stored_features import features_as_bytes
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling import chain as sampler
from ppgn_lib.sampling.once import once
from ppgn_lib.sampling.starts import rectified_normal

STORE = bulk.RESULTS / "alternatives.safetensors"
TUNING: dict[str, Any] = {"chains": 6, "real": REAL, "seeds_from": 50_000}  # chains and photographs a class
REPORT: dict[str, Any] = {"seeds_from": 100_000}
PROBE_TOLERANCE = 1e-3
NETWORKS = ("encoder", "generator", "denoiser", "selector", "evaluator")
ORIGINAL_STEPS = 50  # of the original DGN-AM
LEVELS, UPDATES, SPAN = 25, 4, (10.0, 0.05)  # noise of the image denoiser, from large to small, and updates at each

States = Iterator[Tensor]  # codes (B, H), or pictures, of each state of the chains


class Alternative(NamedTuple):
    """A sampler with its settings."""

    settings: Sequence[Setting]
    chains: int  # a class, for the report
    run: Callable[[Setting, Tensor, list[int]], States]  # setting, classes (B,), seeds
    in_pixels: bool = False
    followed: bool = False  # whether features on the way are stored
    as_chosen_for: str = ""  # another one, whose setting this one takes


def main(arguments: list[str] | None = None) -> int:
    """Compute what is missing; a change of networks, code or settings starts anew."""
    parser = argparse.ArgumentParser(description="Samplers beside the book's own.")
    parser.add_argument("--anew", action="store_true", help="forget what is stored first")
    given = parser.parse_args(arguments)
    if given.anew:
        STORE.unlink(missing_ok=True)
    swept, todo = bulk.stored_sweep()
    if todo:
        raise SystemExit("the sweep is not whole, or of other networks or code: run `tools/runs/bulk.py sweep` first")
    eps = bulk.chosen(swept)
    head = {
        "command": "python tools/runs/alternatives.py",
        "protocol": described(eps),
        "made_with": stored.made_with(Path(__file__), *NETWORKS),
    }
    fill(STORE, alternatives(eps), head)
    return 0


def fill(store: Path, table: Mapping[str, Alternative], head: Mapping[str, Any]) -> None:
    """Tune and run what is not in the store yet; one that belongs to another head starts anew."""
    tensors, about = stored.read_tensors(store)
    found = about.get("found", {}) if {key: about.get(key) for key in head} == head else {}
    tensors = tensors if found else {}
    for name, alternative in tqdm(table.items(), desc=store.stem, unit="sampler"):
        if name not in found:
            points = (
                found[alternative.as_chosen_for]["settings"] if alternative.as_chosen_for else tuned(name, alternative)
            )
            best = protocol.choose(points, real_accuracy())["setting"]
            tensors |= {f"{name}.{key}": value for key, value in report(name, alternative, best).items()}
            tensors[f"{name}.probe"] = probe(alternative, best)
            found[name] = {"settings": points, "chosen": best, "chains": alternative.chains}
            stored.write_tensors(store, tensors, {**head, "found": found})


def described(eps: Eps) -> dict[str, Any]:
    """How all of them are made."""
    return {"tuning": TUNING, "report": REPORT, "steps": protocol.STEPS, "eps": [eps.eps1, eps.eps2]}


def alternatives(eps: Eps) -> dict[str, Alternative]:
    """All of them; ``eps`` is the setting of the chapter on Noiseless Joint PPGN-h."""
    pairs = [(e2, decay) for e2 in (0.1, 0.3, 1.0) for decay in (0.01, 0.05)]
    return {
        "logit": Alternative([(e1, e2) for e1 in (0.1, 0.2, 0.3) for e2 in (0.03, 0.1, 0.3)], 30, logit),
        "dgn_am": Alternative([(0.03,), (0.1,), (0.3,), (1.0,)], 30, dgn_am, followed=True),
        "original": Alternative(pairs, 30, partial(original, steps=ORIGINAL_STEPS)),
        "original_long": Alternative(pairs, 30, original, followed=True, as_chosen_for="original"),
        "coupled": Alternative([(share, 1.0) for share in (0.1, 0.3, 0.6)], 15, pixels, in_pixels=True),
        "decoupled": Alternative([(0.3, k) for k in (0.1, 10.0, 100.0)], 15, pixels, in_pixels=True),
    }


def logit(setting: Setting, y: Tensor, seeds: list[int]) -> States:
    """Noiseless Joint PPGN-h, the logit in place of the log-softmax: (eps1, eps2)."""
    G, E = load("generator"), load("encoder")
    experts = variants.joint(G, E, conditions.class_logit(E, y, bulk.HEAD))
    for state in chain(rectified_normal(seeds, G.code), *experts, Eps(*setting), steps=protocol.STEPS):
        yield state.h


def dgn_am(setting: Setting, y: Tensor, seeds: list[int]) -> States:
    """DGN-AM as the paper runs it, (0, eps2, 0): its noise of 1e-17 is below what single precision keeps."""
    G, E = load("generator"), load("encoder")
    condition = conditions.through(G, conditions.classes(E, y, bulk.HEAD))
    h0 = rectified_normal(seeds, G.code)
    for state in chain(h0, priors.none, condition, Eps(0.0, *setting), steps=protocol.STEPS):
        yield state.h


def original(setting: Setting, y: Tensor, seeds: list[int], steps: int = protocol.STEPS) -> States:
    """DGN-AM as it was: decay of the code and step size fall to zero in a straight line: (eps2, decay)."""
    G, E = load("generator"), load("encoder")
    condition = conditions.through(G, conditions.classes(E, y, bulk.HEAD))
    eps2, decay = setting
    eps = Eps(decay, eps2)
    first = sampler.evaluate(rectified_normal(seeds, G.code), priors.gaussian(), condition)

    def advance(state: sampler.State, t: int) -> Tensor:
        left = 1 - t / steps
        return sampler.update(state, Eps(eps.eps1 * left, eps.eps2 * left), torch.zeros_like(state.h))

    for state in sampler.run(first, priors.gaussian(), condition, advance, steps, eps):
        yield state.h


def pixels(setting: Setting, y: Tensor, seeds: list[int]) -> States:
    """Langevin steps in pixels with the image denoiser, its noise falling: (step over variance, k), eps2 = k delta.

    The condition reads the denoised picture, since E has seen no noise. What comes out is R of each state.
    """
    R, E = load("denoiser"), load("encoder")
    share, k = setting
    noise = Noise(seeds)
    x = SPAN[0] * noise.draw(torch.empty(len(seeds), 3, 32, 32))
    for level in np.geomspace(*SPAN, LEVELS).tolist():
        clean = once(partial(R, sigma=level))
        condition = conditions.through(clean, conditions.classes(E, y, bulk.HEAD))
        coupled = Eps.langevin(share * level**2, level)
        eps = Eps(coupled.eps1, k * coupled.eps2, coupled.eps3)
        for state in chain(x, priors.autoencoder(clean), condition, eps, steps=UPDATES, seeds=noise):
            x = state.h
        yield clean(x)


def tuned(name: str, alternative: Alternative) -> list[dict[str, Any]]:
    """What the selector says of each setting."""
    seeds = list(protocol.seeds_of(TUNING["seeds_from"], TUNING["chains"], bulk.CLASSES))

    def ends(setting: Setting, y: Tensor) -> Tensor:
        *_, last = alternative.run(setting, y, seeds)
        return drawn(alternative, last)

    return tried(alternative.settings, protocol.classes_of(TUNING["chains"]), ends, f"{name}, tuning")


@torch.no_grad()
def drawn(alternative: Alternative, last: Tensor) -> Tensor:
    """Pictures of a state, cut to [-1, 1]."""
    return (last if alternative.in_pixels else load("generator")(last)).clamp(-1, 1)


def report(name: str, alternative: Alternative, setting: Setting) -> dict[str, Tensor]:
    """The ends of chains (B, ...), codes or pictures as bytes; of a followed one what the evaluator sees on the way."""
    judge = metrics.judge_with(load("evaluator"), bulk.HEAD)
    y = protocol.classes_of(alternative.chains)
    seeds = list(protocol.seeds_of(REPORT["seeds_from"], alternative.chains, bulk.CLASSES))
    features, items, last = [], [], torch.empty(0)
    for t, last in enumerate(tqdm(alternative.run(setting, y, seeds), desc=name, unit="state", leave=False)):
        if alternative.followed and t >= bulk.FOLLOWED_FROM and t in bulk.SEEN:
            judged = metrics.judgement(judge, drawn(alternative, last))
            features.append(features_as_bytes(judged.features))
            items.append(judged.logits.argmax(1).to(torch.uint8))
    ends = ((drawn(alternative, last) + 1) * 127.5).round().to(torch.uint8) if alternative.in_pixels else last.half()
    on_the_way = {"features": torch.stack(features), "item": torch.stack(items)} if features else {}
    return {"ends": ends, **on_the_way}


def probe(alternative: Alternative, setting: Setting) -> Tensor:
    """The third state of the first chain of each class of the report, by which one sees that the code still does this.

    Of pictures every fourth row and column. In single precision, so early that two machines differ by less than
    ``PROBE_TOLERANCE`` of its largest value.
    """
    seeds = list(protocol.seeds_of(REPORT["seeds_from"], 1, bulk.CLASSES))
    third = next(islice(alternative.run(setting, torch.arange(bulk.CLASSES), seeds), 2, None))
    return third[..., ::4, ::4] if alternative.in_pixels else third


if __name__ == "__main__":
    sys.exit(main())
