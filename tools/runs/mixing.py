"""How well each variant mixes: chains of a thousand updates, and which photographs they get near. Resumable.

    python tools/runs/mixing.py          all that is not there yet
    python tools/runs/mixing.py --anew   everything again

Each at the setting that was chosen for its chains of 250 updates, on the same seeds. Of every tenth state is stored
what the evaluator takes it for, which of twenty clusters of photographs of its class it is nearest to, and where it
lies along the principal components of those.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import alternatives
import bulk
import joint_chains
import pixel_chains
import side_by_side
import stored
import torch
from alternatives import Setting, States
from side_by_side import condition
from torch import Tensor
from tqdm import tqdm

from ppgn_lib import Eps, chain, metrics, variants
from ppgn_lib.checks import known
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.metrics import mixing, protocol
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal

STEPS, EVERY, CHAINS = 1000, 10, 6  # updates; a state is looked at after so many; chains a class
SEEDS_FROM = 200_000
PHOTOGRAPHS, CLUSTERS, COMPONENTS = 500, 20, 5  # of a class; of those; of their principal components
LOST, NOTHING = 1e6, 255  # a code as long as that will not come back; what the evaluator sees of one that is lost
STORE = bulk.RESULTS / "mixing.safetensors"
PROTOCOL: dict[str, Any] = {
    "steps": STEPS,
    "every": EVERY,
    "chains": CHAINS,
    "seeds_from": SEEDS_FROM,
    "photographs": PHOTOGRAPHS,
    "clusters": CLUSTERS,
}


class Sampler(NamedTuple):
    """A variant at its setting."""

    setting: Setting
    run: Callable[..., States]
    networks: Sequence[str]
    in_pixels: bool = False


def main(arguments: list[str] | None = None) -> int:
    """Compute what is missing; a variant whose networks or setting are others, or whose code is, starts anew."""
    parser = argparse.ArgumentParser(description="How well each variant mixes.")
    parser.add_argument("names", nargs="*", help="variants (default: all)")
    parser.add_argument("--anew", action="store_true", help="forget what is stored first")
    given = parser.parse_args(arguments)
    if given.anew:
        STORE.unlink(missing_ok=True)
    judge = metrics.judge_with(load("evaluator"), bulk.HEAD)
    near = protocol.real_images(TintedFashion("test"), judge, PHOTOGRAPHS, bulk.HEAD)
    real = near.judgement.features.double().unflatten(0, (bulk.CLASSES, -1))
    for name, sampler in tqdm(samplers(given.names).items(), desc="mixing", unit="variant"):
        head = belongs_to(sampler)
        _, found = stored_so_far()
        if {key: found.get(name, {}).get(key) for key in head} != head:
            new, said = follow(name, sampler, judge, real)
            tensors, found = stored_so_far()  # another process may have written meanwhile
            stored.write_tensors(
                STORE,
                tensors | {f"{name}.{key}": value for key, value in new.items()},
                {
                    "command": "python tools/runs/mixing.py",
                    "protocol": PROTOCOL,
                    "found": {**found, name: {**head, "effective": said}},
                },
            )
    return 0


def stored_so_far() -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors, and what each variant belongs to; nothing of another protocol."""
    tensors, about = stored.read_tensors(STORE)
    found = about["found"] if about.get("protocol") == PROTOCOL else {}
    return {key: value for key, value in tensors.items() if key.partition(".")[0] in found}, found


def belongs_to(sampler: Sampler) -> dict[str, Any]:
    """What a stored variant has to agree with."""
    networks = ("evaluator", "encoder", *sampler.networks)
    return {"setting": list(sampler.setting), "made_with": stored.made_with(Path(__file__), *networks)}


def samplers(names: Sequence[str] = ()) -> dict[str, Sampler]:
    """These variants, or all, each at the setting that was chosen for its chains of 250 updates."""
    known(names, VARIANTS, "variant")
    return {name: VARIANTS[name]() for name in names or VARIANTS}


def _chosen(store: Path, name: str) -> Setting:
    _, about = stored.read_tensors(store)
    if name not in about.get("found", {}):
        raise SystemExit(f"{store.name} has no chains of {name} yet: run `make results`, or the script of that store")
    return tuple(about["found"][name]["chosen"])


def noiseless(setting: Setting, y: Tensor, seeds: list[int], steps: int) -> States:
    """Noiseless Joint PPGN-h."""
    experts = variants.noiseless(load("generator"), load("encoder"), condition(y))
    return joint_chains.walk(experts, Eps(*setting), seeds, steps)


def dgn_am(setting: Setting, y: Tensor, seeds: list[int], steps: int) -> States:
    """DGN-AM."""
    return joint_chains.walk(variants.dgn_am(load("generator"), condition(y)), Eps(*setting), seeds, steps)


def ppgn_h(setting: Setting, y: Tensor, seeds: list[int], steps: int) -> States:
    """PPGN-h with the paper's perceptron, without noise. A chain that runs away for ever is NaN from there on."""
    R, G, eps = load("code_autoencoder"), load("generator"), Eps(*setting)
    h = rectified_normal(seeds, G.code)
    alive, t = torch.arange(len(h)), 0
    yield h
    while t < steps and len(alive):
        try:
            states = chain(h[alive], *variants.ppgn_h(R, G, condition(y[alive])), eps, steps=steps - t)
            for state in islice(states, 1, None):
                h = torch.full_like(h, torch.nan).index_copy(0, alive, state.h)
                t += 1
                yield h
        except FloatingPointError:
            kept = alive[h[alive].norm(dim=1) < LOST]
            if len(kept) == len(alive):
                raise
            alive = kept


def follow(
    name: str, sampler: Sampler, judge: metrics.Judge, real: Tensor
) -> tuple[dict[str, Tensor], list[dict[str, Any]]]:
    """What is stored of one variant, and what arviz says of the chains of each class; real: (classes, N, F)."""
    y = torch.arange(bulk.CLASSES).repeat_interleave(CHAINS)
    seeds = list(protocol.seeds_of(SEEDS_FROM, CHAINS, bulk.CLASSES))
    states = sampler.run(sampler.setting, y, seeds, STEPS)
    G = load("joint_generator" if name == "joint" else "generator")
    features: list[Tensor] = []
    items: list[Tensor] = []
    for t, state in enumerate(tqdm(states, desc=name, unit="state", total=STEPS + 1, leave=False)):
        if t % EVERY == 0:
            lost = ~state.flatten(1).isfinite().all(1)
            with torch.no_grad():
                state = state.masked_fill(lost.view(-1, *[1] * (state.ndim - 1)), 0.0)
                seen = metrics.judgement(judge, (state if sampler.in_pixels else G(state)).clamp(-1, 1))
            there = seen.features.double()
            features.append(torch.where(lost[:, None], features[-1], there) if lost.any() else there)
            items.append(seen.logits.argmax(1).masked_fill(lost, NOTHING).to(torch.uint8))
    of_class = torch.stack(features).unflatten(1, (bulk.CLASSES, CHAINS))  # (T, classes, chains, F)
    nearest, places, said = [], [], []
    for c in range(bulk.CLASSES):
        here = of_class[:, c]
        nearest.append(torch.cdist(here, mixing.clusters(real[c], CLUSTERS)).argmin(-1))
        places.append((here - real[c].mean(0)) @ torch.linalg.svd(real[c] - real[c].mean(0))[2][:COMPONENTS].T)
        said.append(mixing.effective_size(here[len(here) // 2 :], real[c])._asdict())
    return {
        "item": torch.stack(items),
        "cluster": torch.cat(nearest, 1).to(torch.uint8),
        "place": torch.cat(places, 1).half(),
    }, said


def _noiseless() -> Sampler:
    eps = bulk.chosen(json.loads(bulk.SWEEP.read_text("utf-8")))
    return Sampler((eps.eps1, eps.eps2, eps.eps3), noiseless, ["generator"])


def _of_pixels(name: str, run: Callable[..., States], network: str) -> Sampler:
    return Sampler(_chosen(pixel_chains.table().store, name), run, [network], in_pixels=True)


VARIANTS: dict[str, Callable[[], Sampler]] = {
    "noiseless": _noiseless,
    "dgn_am": lambda: Sampler((0.0, *_chosen(alternatives.STORE, "dgn_am")), dgn_am, ["generator"]),
    "ppgn_h": lambda: Sampler(_chosen(side_by_side.table().store, "ppgn_h"), ppgn_h, ["generator", "code_autoencoder"]),
    "ppgn_x": partial(_of_pixels, "ppgn_x", pixel_chains.ppgn_x, "image_autoencoder"),
    "joint_ppgn_x": partial(_of_pixels, "joint_ppgn_x", pixel_chains.joint_ppgn_x, "generator"),
    "joint": lambda: Sampler(_chosen(joint_chains.table().store, "joint"), joint_chains.inside, ["joint_generator"]),
}


if __name__ == "__main__":
    sys.exit(main())
