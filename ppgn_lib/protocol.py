"""How samples are judged, everywhere in the book: states after the burn-in, thinned, nothing filtered."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ppgn_lib.codes import rectified_normal
from ppgn_lib.metrics import Estimate, chain_accuracy, spread
from ppgn_lib.networks import Encoder, Evaluator, Generator
from ppgn_lib.sampling import Eps, State, chain
from ppgn_lib.variants import noiseless_joint


class Verdict(NamedTuple):
    """What the evaluator saw in the judged states of all chains."""

    logits: Tensor  # (T, B, 10) item
    features: Tensor  # (B, F) of the last judged state


@torch.no_grad()
def judge(
    states: Iterable[State], G: Callable[[Tensor], Tensor], evaluator: Evaluator, burn_in: int = 50, every: int = 5
) -> Verdict:
    """Show the evaluator every ``every``-th state after step ``burn_in``; results on the CPU.

    Raises
    ------
    ValueError
        The chain ended before the burn-in did.

    """
    logits, features = [], None
    for state in itertools.islice(states, burn_in + 1, None, every):
        seen = evaluator(G(state.h))
        logits.append(seen.item.cpu())
        features = seen.features.cpu()
    if features is None:
        raise ValueError(f"no state is left after a burn-in of {burn_in} steps: run more of them")
    return Verdict(torch.stack(logits), features)


def choose(points: Iterable[dict[str, Any]], accuracy: float = 0.9) -> dict[str, Any]:
    """The setting of a sweep with the largest spread among those of at least this accuracy; else the most accurate."""
    whole = [point for point in points if "accuracy" in point]
    good = [point for point in whole if point["accuracy"] >= accuracy]
    return max(good, key=lambda p: p["spread"]) if good else max(whole, key=lambda p: p["accuracy"])


class Point(NamedTuple):
    """One setting of the sweep."""

    accuracy: Estimate
    by_chain: Tensor  # (10 * chains,) share of a chain's judged states that are of its class, class after class
    spread: float  # of the last judged states' features within a class; compare with real images'


def sweep_point(
    G: Generator,
    E: Encoder,
    evaluator: Evaluator,
    eps: Eps,
    *,
    chains: int,
    steps: int,
    seeds_from: int,
    every: int = 10,
) -> Point:
    """Accuracy and spread of Noiseless Joint PPGN-h from random codes at one setting, ``chains`` a class."""
    device = next(G.parameters()).device
    y = torch.arange(10).repeat_interleave(chains)
    # Chain i of a class has the same seed however many there are: fewer chains are a slice of more.
    seeds: Sequence[int] = [seeds_from + 1000 * c + i for c in range(10) for i in range(chains)]
    h0 = rectified_normal(seeds).to(device)
    verdict = judge(chain(h0, *noiseless_joint(G, E, y), eps, steps=steps, seeds=seeds), G, evaluator, every=every)
    by_chain = (verdict.logits.argmax(2) == y).double().mean(0)
    return Point(chain_accuracy(verdict.logits, y), by_chain, spread(verdict.features, y))
