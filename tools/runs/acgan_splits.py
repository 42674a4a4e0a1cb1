"""The numbers of C46, C49, C60, C61 and C62; see ``acgan_numbers.py``."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import acgan_cases
import acgan_nets
import numpy as np
from acgan_cases import Case, cut
from acgan_readers import HALF
from acgan_stored import (
    Entry,
    Numbers,
    both,
    by_item,
    end_of,
    entry,
    estimate,
    far,
    groups,
    items_of,
    mean,
    one,
    states,
    trainings,
)

from ppgn_lib.metrics import difference
from ppgn_lib.metrics.intervals import wilson

FEW = acgan_nets.GROUPS["K2"].states[-1]  # steps of nets that differ in the number of their classes
SINGLE = acgan_nets.GROUPS["K1"].states
LEAST = 0.01  # kernel distance of which a logarithm is taken


def c46() -> Numbers:
    """Numbers of classes."""
    takes: dict[str, Callable[[Entry], Sequence[float]]] = {
        "kid_foreign": far,
        "recognised": both,
        "variety": lambda of: list(of["variety"]),
    }
    doublings = np.log2([2, 5, 10])
    found: Numbers = {}
    for name, take in takes.items():
        by_count = [by_item(group, FEW, take) for group in ("K2", "K5", "L")]
        slopes = [float(np.polyfit(doublings, [mean(of[item]) for of in by_count], 1)[0]) for item in acgan_nets.TEN]
        found[f"splits.{name}_per_doubling"] = trainings(slopes)  # the unit is a class
    of_ten = {item: mean(values) for item, values in by_item("L", FEW, far).items()}
    two, ten = (
        [mean([own - of_ten[i] for i, own in zip(items_of(of), far(of), strict=True)]) for of in states(group, FEW)]
        for group in ("K2", "L")
    )
    return {**found, "splits.kid_foreign_ten_minus_two": groups(ten, two)}


def c49() -> Numbers:
    """Nets of half the size."""
    steps = end_of("H")
    before, half, large = states("H", steps // 2), states("H", steps), states("A", steps)
    real = entry("photographs")["accuracy"][str(HALF)]
    key = "recognised_half"
    by_judge = [[one(net, judge) for net in half] for judge in (0, 1)]
    whole = [[one(net, judge, key) for net in large] for judge in (0, 1)]
    gain = [mean(both(late)) - mean(both(early)) for early, late in zip(before, half, strict=True)]
    return {
        "acgan.recognised_shrunk_minus_half_net": groups(
            [mean(both(net, key)) for net in large], [mean(both(net)) for net in half]
        ),
        "acgan.accuracy_shrunk_minus_half_net": groups(whole[0], by_judge[0]),
        "acgan.reader_shrunk_minus_half_net": groups(whole[1], by_judge[1]),
        "acgan.half_net_gain_of_last_doubling": trainings(gain),
        "acgan.accuracy_shrunk_photographs_minus_half_net": difference(estimate(real[0]), cut(trainings(by_judge[0]))),
        "acgan.reader_shrunk_photographs_minus_half_net": difference(estimate(real[1]), cut(trainings(by_judge[1]))),
    }


def c60() -> Numbers:
    """Cases."""
    found = []
    for group in ("A", "L", "K2", "K5", "K1"):
        steps = end_of(group)
        for name, of in zip(acgan_nets.names_of(group), states(group, steps), strict=True):
            net = of["nets"][0]
            kind = f"{net['form']} {steps} {len(net['items'])} {net['settings']['lr']} {net['settings']['d_lr']}"
            for item, r, v, p in zip(items_of(of), both(of), of["variety"], of["precision"], strict=True):
                found.append(Case(name, kind, item, r, v, p))
    return acgan_cases.numbers(found, min(entry("photographs")["variety"]))


def converged(of: Entry) -> list[bool]:
    """Of each class: more than half recognised, variety more than half of photographs'."""
    real = entry("photographs")["variety"]
    rows = zip(items_of(of), both(of), of["variety"], strict=True)
    return [recognised > 0.5 and variety > real[item] / 2 for item, recognised, variety in rows]


def c61() -> Numbers:
    """What stabilises the training."""
    large, small = states("A", end_of("A")), states("L", end_of("L"))
    single = states("K1", SINGLE[1])
    early = states("K1", SINGLE[0])
    right = [converged(a)[0] or converged(b)[0] for a, b in zip(early, single, strict=True)]
    late = [mean(both(b)) - mean(both(a)) for a, b in zip(early, single, strict=True)]
    of_ten = {item: max(LEAST, mean(values)) for item, values in by_item("L", FEW, far).items()}
    logs = [
        mean([math.log(max(LEAST, own) / of_ten[i]) for i, own in zip(items_of(of), far(of), strict=True)])
        for of in states("K2", FEW)
    ]
    half = len(logs) // 2  # alike ones come first
    return {
        "splits.kid_foreign_small_minus_large": groups(
            [mean(far(of)) for of in small], [mean(far(of)) for of in large]
        ),
        "splits.recognised_large_minus_small": groups(
            [mean(both(of)) for of in large], [mean(both(of)) for of in small]
        ),
        "splits.converged_without_labels": wilson(sum(right), len(right)),
        "splits.converged_with_labels": cut(trainings([mean(converged(of)) for of in small])),
        "splits.one_class_recognised_gain_of_last_doubling": trainings(late),
        "splits.log_kid_foreign_alike_minus_diverse": groups(logs[:half], logs[half:]),
    }


def c62() -> Numbers:
    """The luck of the best of twelve."""
    times = entry("luck")["times"]
    return {
        "acgan.score_that_chose_minus_other": trainings([max(of["scores"]) - of["other"] for of in times]),
        "acgan.score_best_minus_median": trainings(
            [max(of["scores"]) - float(np.median(of["scores"])) for of in times]
        ),
    }
