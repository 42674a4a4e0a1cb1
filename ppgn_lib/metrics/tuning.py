"""The search for multipliers, for a condition and a prior of one's own: one procedure for every variant.

A judge that has no part in sampling looks at a few chains at each setting of a grid. The grid needs no units: eps2 is
given as a ratio to what makes the condition's arrow as long as the prior's where the chains start.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from tqdm import tqdm

from ppgn_lib import metrics
from ppgn_lib.metrics import Estimate, Judge
from ppgn_lib.metrics.protocol import STEPS, Real, choose
from ppgn_lib.sampling.chain import Eps, LogProb, Prior, State, chain, evaluate

Network = Callable[[Tensor], Tensor]

SURE = 0.9  # what the condition gives to its class where it is content
FAINT = 1e-6  # of a code's length: a first step shorter than that is none in single precision


class Point(NamedTuple):
    """One setting, and what became of its chains."""

    eps: Eps
    status: str  # "ok", "diverged", "dead gradient", "fooled condition"
    accuracy: Estimate | None  # by the judge; None where the chains diverged or the gradient is dead
    kid: Estimate | None  # kernel distance within class to the real images, where there are some
    certainty: float | None  # p(y|x) by the condition, mean over chains


class Tuned(NamedTuple):
    """All points of a search, the best first."""

    points: list[Point]

    @property
    def best(self) -> Point:
        """The first point. Raises ``ValueError``, which names what is wrong, if no setting gave chains to be judged."""
        if self.points[0].accuracy is None:
            found = sorted({point.status for point in self.points})
            raise ValueError(f"no setting can be used: {', '.join(found)}. {HELP[found[0]]}")
        return self.points[0]

    def __str__(self) -> str:
        rows = [f"{'eps1':>8} {'eps2':>8} {'eps3':>8}  {'accuracy':24} {'kernel distance':24} {'p(y|x)':>6}  status"]
        for eps, status, accuracy, kid, certainty in self.points:
            sure = "" if certainty is None else f"{certainty:.2f}"
            numbers = f"{eps.eps1:8.3g} {eps.eps2:8.3g} {eps.eps3:8.3g}"
            rows.append(f"{numbers}  {accuracy or ''!s:24} {kid or ''!s:24} {sure:>6}  {status}")
        return "\n".join(rows)


HELP = {
    "diverged": "Take smaller multipliers, or look for a prior that has seen codes like those of the start.",
    "dead gradient": "The condition does not answer to the code: take log p(y|x), not p(y|x), and check that no layer "
    "on the way is saturated, rounded or detached.",
    "fooled condition": "The condition is sure of pictures in which the judge sees something else: give the prior more "
    "weight, or take a condition that is harder to please.",
}


def grid(
    state: State,
    eps1: Sequence[float] = (0.1, 0.2, 0.3),
    ratios: Sequence[float] = (0.1, 0.3, 1.0),
    eps3: Sequence[float] = (0.0,),
) -> list[Eps]:
    """Settings around the point where both arrows are equally long, on the median over the chains of ``state``.

    ``eps2 = ratio * eps1 * |R(h) - h| / |grad|``; without a prior the length of h stands in for that of its field.
    Raises ``ValueError`` where the gradient is zero or not finite.
    """
    field, grad, code = (t.flatten(1).norm(dim=1).median().item() for t in (state.prior, state.grad, state.h))
    if not 0 < grad < float("inf"):
        raise ValueError(f"the gradient must be finite and not zero where the chains start; its length is {grad}")
    return [Eps(a, r * a * (field or code) / grad, c) for a, r, c in itertools.product(eps1, ratios, eps3)]


def tune(
    prior: Prior,
    log_prob: LogProb,
    judge: Judge,
    h0: Tensor,
    y: Tensor,
    *,
    G: Network | None = None,
    settings: Iterable[Eps] | None = None,
    real: Real | None = None,
    steps: int = STEPS,
    seeds: Sequence[int] | None = None,
    progress: bool = True,
) -> Tuned:
    """Try settings on chains from ``h0`` ``(B, *H)`` of classes ``y`` (B,); the best is first.

    Best is what ``protocol.choose`` takes: the smallest kernel distance to ``real`` among the accurate ones, the most
    accurate one if there are none, or without ``real``. Settings that diverge, whose gradient is dead, or whose
    condition is fooled (sure of most pictures, of which the judge sees fewer than half as they should be) come last and
    are named so.

    Parameters
    ----------
    prior, log_prob
        Of ``experts.variants``, or one's own.
    judge
        Of ``metrics.judge_with``: another network than the condition, and not the one that will report.
    G
        Codes -> images in [-1, 1]; None where the chains are of images.
    settings
        ``grid`` where the chains start, if None.
    real
        Real images of each class, of ``protocol.real_images``: not those of the report.

    """
    show = G or (lambda x: x)
    points = []
    start = evaluate(h0, prior, log_prob)
    for eps in tqdm(list(settings or grid(start)), desc="tuning", unit="setting", disable=not progress, leave=False):
        points.append(_try(eps, start, prior, log_prob, judge, y, show, real, steps, seeds))
    return Tuned(_best_first(points, real))


def _try(
    eps: Eps,
    start: State,
    prior: Prior,
    log_prob: LogProb,
    judge: Judge,
    y: Tensor,
    show: Network,
    real: Real | None,
    steps: int,
    seeds: Sequence[int] | None,
) -> Point:
    step, length = ((eps.eps2 * start.grad).flatten(1).norm(dim=1), start.h.flatten(1).norm(dim=1))
    if eps.eps2 and bool((step < FAINT * length).float().mean() > 0.5):
        return Point(eps, "dead gradient", None, None, None)
    try:
        *_, last = chain(start.h, prior, log_prob, eps, steps=steps, seeds=seeds)
    except FloatingPointError:
        return Point(eps, "diverged", None, None, None)
    with torch.no_grad():
        seen = metrics.judgement(judge, show(last.h).clamp(-1, 1))
    accuracy = metrics.accuracy(seen.logits, y.cpu())
    kid = None
    if real is not None:
        kid = metrics.kernel_distance_by_class(seen.features, y.cpu(), real.judgement.features, real.y)
    certain = last.log_p.exp()
    fooled = bool((certain > SURE).float().mean() > 0.5) and accuracy.high < 0.5
    return Point(eps, "fooled condition" if fooled else "ok", accuracy, kid, float(certain.mean()))


def _best_first(points: list[Point], real: Real | None) -> list[Point]:
    """The one that ``protocol.choose`` takes, then the others; those that something is wrong with come last."""
    rest = sorted(points, key=lambda p: (p.accuracy is None, p.status != "ok", -(p.accuracy or (0.0,))[0]))
    judged = [(p, {"accuracy": p.accuracy.value, "kid": p.kid.value if p.kid else 0.0}) for p in points if p.accuracy]
    if not judged:
        return rest
    sound = [pair for pair in judged if pair[0].status == "ok"] or judged
    # Without real images no accuracy is enough, and the largest is taken.
    of_real = metrics.accuracy(real.judgement.logits, real.y).value if real is not None else math.inf
    best = choose([{"point": point, **numbers} for point, numbers in sound], of_real)["point"]
    return [best, *(point for point in rest if point is not best)]
