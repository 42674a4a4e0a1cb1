"""What is looked at in AC-GAN's pictures beside the judges: ways between noises, one noise in all classes.

C44 and C45. ``acgan_judges.py`` stores it.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import Any

import bulk
import torch
from acgan_readers import LINE, by_evaluator, photographs
from acgan_training import Net, drawn, generator, noise
from torch import Tensor

from ppgn_lib import metrics
from ppgn_lib.data.tinted_fashion import ITEMS
from ppgn_lib.metrics import normalised_luminance
from ppgn_lib.networks.zoo import load

WAYS, STEPS = 200, 32
NOISES = 300  # of which each is drawn in all classes
SURE = 0.9
LIKE = (("t-shirt", "pullover", "coat", "shirt"), ("sandal", "sneaker", "ankle boot"))


def on_sphere(a: Tensor, b: Tensor, steps: int = STEPS) -> Tensor:
    """The way from noises a to b (N, Z) along the sphere: (steps + 1, N, Z)."""
    angle = torch.acos(torch.cosine_similarity(a, b, dim=1).clamp(-1, 1)).clamp(min=1e-6)[:, None]
    at = torch.linspace(0, 1, steps + 1)[:, None, None]
    return (torch.sin((1 - at) * angle) * a + torch.sin(at * angle) * b) / torch.sin(angle)


def rms(a: Tensor, b: Tensor) -> Tensor:
    """Root mean square between pictures (..., 3, H, W): (...)."""
    return (a - b).square().mean((-3, -2, -1)).sqrt()


def ways(net: Net, steps: int) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Ways between two noises of a class: the share with a jump, and how far apart their ends are, by class.

    A jump is a step longer than half of the mean distance of two ends of the class. Shown: the way with the longest
    step, by this measure, and the one in the middle, every fourth picture.
    """
    g = generator(net, steps)
    own = torch.arange(WAYS) % len(net.items)
    a, b = (noise(WAYS, g.noise, "ways", net.name, end) for end in "ab")
    x = torch.stack([drawn(g, z, own) for z in on_sphere(a, b)])  # (STEPS + 1, WAYS, 3, H, W)
    found, longest = jumps(x, own)
    order = longest.argsort()
    shown = x[::4, [int(order[-1]), int(order[len(order) // 2])]].transpose(0, 1)
    return {"ways": shown}, found


def jumps(x: Tensor, own: Tensor) -> tuple[dict[str, Any], Tensor]:
    """Of ways x (T, N, 3, H, W) of classes own (N,): the numbers; the longest step of each over the ends' mean (N,)."""
    step, ends = rms(x[1:], x[:-1]).amax(0), rms(x[0], x[-1])
    mean = torch.stack([ends[own == c].mean() for c in range(int(own.max()) + 1)])
    jump = step > mean[own] / 2
    found = {"jumps": float(jump.double().mean()), "ends": mean.tolist(), "jump": jump.tolist()}
    return found, step / mean[own].clamp(min=1e-12)


@cache
def ends_of_photographs() -> list[float]:
    """For each item the mean distance of two test photographs."""
    x, y = photographs("test", *LINE)
    found = []
    for item in range(bulk.CLASSES):
        of = x[y == item]
        half = len(of) // 2
        found.append(float(rms(of[:half], of[half : 2 * half]).mean()))
    return found


def agreement(named: Tensor) -> tuple[float, float]:
    """How often two classes agree for the same noise, and by chance, for different ones; of labels named (Z, K)."""
    same, different = [], []
    count = len(named)
    for a, b in combinations(named.T, 2):
        equal = int((a == b).sum())
        same.append(equal / count)
        different.append((int((a[:, None] == b[None, :]).sum()) - equal) / (count * (count - 1)))
    return sum(same) / len(same), sum(different) / len(different)


def above_chance(same: float, chance: float) -> float:
    """(agreement - chance) / (1 - chance); 0 where chance leaves nothing."""
    return (same - chance) / (1 - chance) if chance < 1 else 0.0


def style(net: Net, steps: int) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Noises of which each is drawn in all classes: the colours that the evaluator names; light and outlines."""
    g = generator(net, steps)
    z, classes = noise(NOISES, g.noise, "style", net.name), len(net.items)
    x = torch.stack([drawn(g, z, torch.full((NOISES,), c)) for c in range(classes)], 1)  # (Z, K, 3, H, W)
    found: dict[str, Any] = {}
    certain = torch.ones(NOISES, classes, dtype=torch.bool)
    named = {}
    for head in ("background", "colour"):
        judge = metrics.judge_with(load("evaluator"), head)
        p = metrics.judgement(judge, x.flatten(0, 1)).logits.softmax(1).unflatten(0, (NOISES, classes))
        named[head] = p.argmax(-1)
        certain &= p.amax(-1) >= SURE
    for head, labels in named.items():
        same, chance = agreement(labels)
        found[head] = {"same": same, "chance": chance, "above": above_chance(same, chance)}
        found[head]["sure"] = _of_sure(labels, certain)
    found["sure"] = float(certain.double().mean())
    found["light"] = light(x)
    found["outlines"] = outlines(x, [ITEMS[item] for item in net.items])
    right = by_evaluator(x.flatten(0, 1)).argmax(1).unflatten(0, (NOISES, classes)) == torch.tensor(net.items)
    found["accuracy"] = float(right.double().mean())
    return {"style": x[:2].flatten(0, 1)}, found


def _of_sure(labels: Tensor, certain: Tensor) -> float | None:
    """Agreement for the same noise of pictures whose colours are certain; None without two of a noise."""
    both = [
        (certain[:, a] & certain[:, b], labels[:, a] == labels[:, b])
        for a, b in combinations(range(labels.shape[1]), 2)
    ]
    count = sum(int(sure.sum()) for sure, _ in both)
    return sum(int((sure & equal).sum()) for sure, equal in both) / count if count else None


def light(x: Tensor) -> float | None:
    """Whether one noise lights the walls of two classes from the same side, of pictures (Z, K, 3, H, W).

    Mean over pairs of classes of the correlation, over noises, of right less left on the wall and of lower less upper;
    None where a class has no light that changes.
    """
    grey = x.mean(2)
    sides = (
        grey[..., -2:].mean((-1, -2)) - grey[..., :2].mean((-1, -2)),
        grey[..., -2:, :].mean((-1, -2)) - grey[..., :2, :].mean((-1, -2)),
    )
    found = [
        float(torch.corrcoef(torch.stack([side[:, a], side[:, b]]))[0, 1])
        for side in sides
        for a, b in combinations(range(x.shape[1]), 2)
        if side[:, a].std() > 0 and side[:, b].std() > 0
    ]
    return sum(found) / len(found) if found else None


def outlines(x: Tensor, names: list[str]) -> dict[str, float]:
    """Distance of the outlines of two like classes for the same noise, and for different ones: 1 - |correlation|.

    Of pictures (Z, K, 3, H, W), by normalised luminance; mean over the pairs of classes of ``LIKE`` that are there.
    """
    grey = torch.nn.functional.normalize(normalised_luminance(x.flatten(0, 1)).flatten(1), dim=1)
    grey = grey.unflatten(0, x.shape[:2])
    pairs = [
        (names.index(a), names.index(b)) for kind in LIKE for a, b in combinations(kind, 2) if {a, b} <= set(names)
    ]
    same, different = (
        [float(1 - (grey[:, a] * grey[:, b].roll(by, 0)).sum(1).abs().mean()) for a, b in pairs] for by in (0, 1)
    )
    return {"same": sum(same) / len(same), "different": sum(different) / len(different)} if pairs else {}
