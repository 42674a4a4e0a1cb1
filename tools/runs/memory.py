"""How soon Noiseless has forgotten where it was, with noise that is chosen for it and without (C48). Resumable.

    python tools/runs/memory.py                    all that is not there yet (a quarter of an hour)
    python tools/runs/memory.py "without noise"    from the chains of ``mixing.py`` alone

The selector chooses the noise on validation photographs. At that the evaluator looks at every fifth state from update
250 on, after one more update without noise: noise on a picture is not the picture. Stored is what each class forgets.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import bulk
import mixing as runs
import stored
import torch
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm
from trials import Setting, drawn, each, first_whole

from ppgn_lib import Eps, apart, chain, conditions, metrics, update, variants
from ppgn_lib.checks import known
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.metrics import mixing, protocol
from ppgn_lib.networks import precision
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal

STORE = bulk.RESULTS / "memory.safetensors"
SETTINGS: list[Setting] = [(eps1, 0.2, eps3) for eps1 in (0.1, 0.3) for eps3 in (0.1, 0.2, 0.3)]
STEPS, FIRST, EVERY = 1000, 250, 5  # updates; a state is looked at from, every
CHAINS, SEEDS_FROM, PHOTOGRAPHS = 6, 370_000, 500  # chains and photographs of a class
TUNING_STEPS, TUNING_FIRST, TUNING_CHAINS, TUNING_FROM = 250, 100, 2, 360_000
TUNING_PHOTOGRAPHS = 450  # of a class; of sneakers there are no more
ENOUGH = 0.8  # of photographs' share: so many states of a setting have to be accepted
APART = (20, 100)  # updates between two states of a chain, which the claim is about
FEWEST, TUNING_FEWEST = 20, 5  # such pairs of a chain that is counted; in tuning 20 apart only
CURVE = (5, 10, 20, 50, 100, 200, 300, 400, 500)
CLUSTER_SEEDS = (0, 1, 2)  # of k-means; the claim is about the first
SHOWN, SHOWN_EVERY = 10, 20  # states of a figure, and updates between them


class Real(NamedTuple):
    """Photographs of each class, as a judge sees them."""

    features: Tensor  # (classes, N, F) float64
    near: Tensor  # (classes,) 95 of 100 have another one nearer than this
    accuracy: float  # of the judge


class Seen(NamedTuple):
    """States of chains, as a judge sees them."""

    codes: Tensor  # (T, B, H)
    item: Tensor  # (T, B)
    features: Tensor  # (T, B, F) float64


def main(arguments: list[str] | None = None) -> int:
    """Tune, run and judge what is missing."""
    parser = argparse.ArgumentParser(description="How soon chains forget where they were.")
    parser.add_argument("names", nargs="*", help="chains (default: all)")
    given = parser.parse_args(arguments)
    known(given.names, RUNS, "chains")
    for name in tqdm(given.names or RUNS, desc="memory", unit="set"):
        entry(name, RUNS[name])
    return 0


def entry(name: str, run: Callable[[], tuple[dict[str, Tensor], dict[str, Any]]]) -> dict[str, Any]:
    """What is stored of "tuning" or of one of ``RUNS``; it is run first where that is of other networks or code."""
    head = belongs_to(name)
    found = stored.entry_of(STORE, name, head)
    if found is None:
        new, numbers = run()
        found = {**head, **numbers}
        tensors = {f"{name}.{what}": value for what, value in new.items()}
        stored.add_entry(STORE, name, tensors, found, {"command": "python tools/runs/memory.py"})
    return found


def belongs_to(name: str) -> dict[str, Any]:
    """What a stored entry has to agree with."""
    head: dict[str, Any] = {
        "protocol": {
            "settings": [list(setting) for setting in SETTINGS],
            "chains": [CHAINS, SEEDS_FROM, STEPS, FIRST, EVERY],
            "tuning": [TUNING_CHAINS, TUNING_FROM, TUNING_STEPS, TUNING_FIRST, TUNING_PHOTOGRAPHS, ENOUGH],
            "counted": [list(APART), FEWEST, TUNING_FEWEST, list(CURVE)],
            "clusters": [PHOTOGRAPHS, runs.CLUSTERS, list(CLUSTER_SEEDS)],
        },
        "made_with": stored.made_with(Path(__file__), "encoder", "generator", "evaluator", "selector"),
    }
    if name == "without noise":
        head["chains"] = hashlib.sha256(b"".join(x.numpy().tobytes() for x in _stored_chains())).hexdigest()[:16]
    return head


def codes_of(setting: Setting, y: Tensor, seeds: list[int], steps: int, *, quick: bool = False) -> Iterator[Tensor]:
    """Each state (B, H) after one more update without noise; ``quick``: in bfloat16 where that is faster."""
    rounded = precision.fast if quick else lambda net: net
    E, G, eps = rounded(load("encoder")), rounded(load("generator")), Eps(*setting)
    experts = variants.noiseless(G, E, conditions.classes(E, y, bulk.HEAD))
    for state in chain(rectified_normal(seeds, load("encoder").code), *experts, eps, steps=steps, seeds=seeds):
        yield update(state, replace(eps, eps3=0.0), torch.zeros_like(state.h))


def seen_by(judge: metrics.Judge, codes: Iterator[Tensor], first: int, steps: int) -> Seen:
    """What a judge sees in every ``EVERY``-th state from ``first`` on; pictures are cut to [-1, 1]."""
    G, kept, items, features = load("generator"), [], [], []
    for t, h in enumerate(tqdm(codes, desc="states", unit="state", total=steps + 1, leave=False)):
        if t >= first and t % EVERY == 0:
            judged = metrics.judgement(judge, drawn(G, h))
            kept.append(h)
            items.append(judged.logits.argmax(1))
            features.append(judged.features.double())
    return Seen(torch.stack(kept), torch.stack(items), torch.stack(features))


def photographs(split: str, judge: metrics.Judge, count: int) -> Real:
    """As many of each class of a split."""
    real = protocol.real_images(TintedFashion(split), judge, count, bulk.HEAD)
    features = real.judgement.features.double().unflatten(0, (bulk.CLASSES, -1))
    nearest = torch.stack([torch.cdist(of, of).fill_diagonal_(torch.inf).amin(1) for of in features])
    return Real(features, nearest.quantile(0.95, dim=1), metrics.accuracy(real.judgement.logits, real.y).value)


def good_states(seen: Seen, y: Tensor, real: Real) -> Tensor:
    """Those that are taken for their class, and as near to a photograph of it as 95 of 100 are to another: (T, B)."""
    nearest = [torch.cdist(seen.features[:, i], real.features[c]).amin(1) for i, c in enumerate(y.tolist())]
    return (seen.item == y) & (torch.stack(nearest, 1) <= real.near[y])


def centres_of(real: Real, seed: int = CLUSTER_SEEDS[0]) -> tuple[list[Tensor], list[float]]:
    """Of each class the centres of clusters of its photographs, and the share of pairs of these in different ones."""
    centres = [mixing.clusters(of, runs.CLUSTERS, seed) for of in real.features]
    sizes = [torch.cdist(*of).argmin(1).bincount().double() for of in zip(real.features, centres, strict=True)]
    return centres, [float(1 - (n * (n - 1)).sum() / (n.sum() * (n.sum() - 1))) for n in sizes]


def nearest(features: Tensor, y: Tensor, centres: list[Tensor]) -> Tensor:
    """The cluster of its class that each state (T, B, F) is nearest to, (T, B)."""
    return torch.stack([torch.cdist(features[:, i], centres[c]).argmin(1) for i, c in enumerate(y.tolist())], 1)


def pairs(cluster: Tensor, good: Tensor, lag: int) -> tuple[Tensor, Tensor]:
    """Of each chain (T, B) the pairs of good states exactly ``lag`` places apart, and those in two clusters: (B,)."""
    until = max(len(good) - lag, 0)
    both = good[lag:] & good[:until]
    return both.sum(0), (both & (cluster[lag:] != cluster[:until])).sum(0)


def between(cluster: Tensor, good: Tensor) -> float:
    """The share of pairs of good states (T, B) of two chains that are in different clusters; 0 if there are no two."""
    sizes = (F.one_hot(cluster, runs.CLUSTERS) * good[..., None]).sum(0).double()  # (B, clusters)
    shares = sizes / sizes.sum(1, keepdim=True)  # so that all pairs of chains weigh the same
    same, chains = shares @ shares.T, len(shares)
    return float(1 - (same.sum() - same.trace()) / (chains * (chains - 1))) if chains > 1 else 0.0


def forgotten(cluster: Tensor, good: Tensor, lag: int, whole: float) -> float | None:
    """How much chains (T, B) have forgotten after ``lag`` places: 0 at rest, 1 if all; None where no chain has a pair.

    ``whole``: the share of pairs in different clusters where nothing is remembered.
    """
    there, moved = pairs(cluster, good, lag)
    shares = moved[there > 0].double() / there[there > 0]
    return float(shares.mean()) / whole if len(shares) else None


def by_class(
    cluster: Tensor, good: Tensor, own_shares: list[float], every: int, curve: Sequence[int], *, two: bool = False
) -> tuple[list[int], dict[str, list[float | None]]]:
    """Of each class the chains that are counted, and what they have forgotten after so many updates; None if none.

    cluster and good: (T, B), ``every`` updates apart. With ``two`` chains of a class pairs of photographs alone are
    what nothing is remembered of.
    """
    at, fewest = (APART[:1], TUNING_FEWEST) if two else (APART, FEWEST)
    chains: list[int] = []
    found: dict[str, list[float | None]] = {str(updates): [] for updates in curve}
    parts = (part.unflatten(1, (bulk.CLASSES, -1)).unbind(1) for part in (cluster, good))
    for of_class, right, own in zip(*parts, own_shares, strict=True):
        which = torch.stack([pairs(of_class, right, updates // every)[0] >= fewest for updates in at]).all(0)
        of_class, right = of_class[:, which], right[:, which]
        whole = own if two else max(own, between(of_class, right))
        chains.append(int(which.sum()))
        for updates in curve:
            found[str(updates)].append(forgotten(of_class, right, updates // every, whole))
    return chains, found


def mean_of_class(x: Tensor) -> list[float]:
    """Of states (T, B) of as many chains of each class."""
    return x.double().mean(0).view(bulk.CLASSES, -1).mean(1).tolist()


def tuning() -> tuple[dict[str, Tensor], dict[str, Any]]:
    """What the selector says of each setting, and the share of photographs that it takes for their class."""
    with apart.tuning():
        judge = metrics.judge_with(load("selector"), bulk.HEAD)
        real = photographs("validation", judge, TUNING_PHOTOGRAPHS)
        found = each(SETTINGS, lambda setting: look(setting, judge, real), "tuning")
        points = [{"setting": list(setting), **(point or {"diverged": True})} for setting, point in found]
    return {}, {"precision": precision.name_of(), "photographs": real.accuracy, "points": points}


def look(setting: Setting, judge: metrics.Judge, real: Real) -> dict[str, Any]:
    """Share of states that the judge accepts, and what is forgotten after 20 updates; 0 if no chain can be counted."""
    y = protocol.classes_of(TUNING_CHAINS)
    seeds = list(protocol.seeds_of(TUNING_FROM, TUNING_CHAINS, bulk.CLASSES))
    seen = seen_by(judge, codes_of(setting, y, seeds, TUNING_STEPS, quick=True), TUNING_FIRST, TUNING_STEPS)
    centres, own = centres_of(real)
    cluster, good = nearest(seen.features, y, centres), good_states(seen, y, real)
    chains, found = by_class(cluster, good, own, EVERY, APART[:1], two=True)
    there = [share for share in found[str(APART[0])] if share is not None]
    accepted = float((seen.item == y).double().mean())
    return {"accepted": accepted, "forgotten": sum(there) / max(len(there), 1), "counted": sum(chains)}


def ranked(points: Sequence[dict[str, Any]], of_photographs: float) -> list[Setting]:
    """First the settings with enough accepted states, the quickest before the others; then the most accepted first."""
    whole = [point for point in points if "diverged" not in point]
    enough = [point for point in whole if point["accepted"] >= ENOUGH * of_photographs]
    rest = sorted((point for point in whole if point not in enough), key=lambda point: -point["accepted"])
    return [tuple(point["setting"]) for point in (*sorted(enough, key=lambda point: -point["forgotten"]), *rest)]


def with_noise() -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Chains at the chosen setting; at the next one if some diverge."""
    tuned, y = entry("tuning", tuning), protocol.classes_of(CHAINS)
    seeds = list(protocol.seeds_of(SEEDS_FROM, CHAINS, bulk.CLASSES))
    judge, settings = metrics.judge_with(load("evaluator"), bulk.HEAD), ranked(tuned["points"], tuned["photographs"])
    setting, seen = first_whole(settings, lambda s: seen_by(judge, codes_of(s, y, seeds, STEPS), FIRST, STEPS))
    real = photographs("test", judge, PHOTOGRAPHS)
    good, clusters, found = good_states(seen, y, real), [], {}
    for seed in CLUSTER_SEEDS:
        centres, own = centres_of(real, seed)
        clusters.append(nearest(seen.features, y, centres))
        found[str(seed)] = by_class(clusters[-1], good, own, EVERY, CURVE)
    shown = seen.codes[:: SHOWN_EVERY // EVERY, ::CHAINS][:SHOWN].half()
    tensors = {"item": seen.item.byte(), "good": good, "cluster": torch.stack(clusters).byte(), "shown": shown}
    return tensors, {
        "setting": list(setting),
        "accepted": mean_of_class(seen.item == y),
        "good": mean_of_class(good),
        "counted": found["0"][0],  # whatever the clusters
        "forgotten": {seed: curve for seed, (_, curve) in found.items()},
    }


def without_noise() -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The chains of ``mixing.py``, where nearness to photographs was not stored: accepted states count."""
    item, cluster = (x[FIRST // runs.EVERY :] for x in _stored_chains())
    good = item == protocol.classes_of(runs.CHAINS)
    _, own = centres_of(photographs("test", metrics.judge_with(load("evaluator"), bulk.HEAD), runs.PHOTOGRAPHS))
    curve = [updates for updates in CURVE if updates % runs.EVERY == 0]
    chains, found = by_class(cluster.long(), good, own, runs.EVERY, curve)
    return {}, {"accepted": mean_of_class(good), "counted": chains, "forgotten": {"0": found}}


def _stored_chains() -> list[Tensor]:
    """Items and clusters of the chains of Noiseless in the store of ``mixing.py``, (T, B) each."""
    tensors, _ = stored.read_tensors(runs.STORE)
    return [tensors[f"noiseless.{what}"] for what in ("item", "cluster")]


RUNS = {"noise": with_noise, "without noise": without_noise}


if __name__ == "__main__":
    sys.exit(main())
