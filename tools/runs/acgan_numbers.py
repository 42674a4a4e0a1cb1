"""What the claims on AC-GAN read, from the stores of ``acgan_judges.py`` and ``acgan_table.py``. Seconds.

    python tools/runs/acgan_numbers.py

Each number has the name that the claim's rule gives it, as [value, low, high, n]. Claims whose entries are not all
there are left out, and named.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

import acgan_copies
import acgan_nets
import bulk
import numpy as np
import stored
from acgan_cases import cut
from acgan_splits import c46, c49, c60, c61, c62
from acgan_stored import (
    EIGHT,
    Entry,
    MissingEntryError,
    Numbers,
    both,
    column,
    end_of,
    ends,
    entry,
    estimate,
    fisher,
    mean,
    one,
    rank_correlation,
    states,
    trainings,
)

from ppgn_lib import metrics
from ppgn_lib.metrics import Estimate, difference
from ppgn_lib.metrics.intervals import wilson

OUT = bulk.RESULTS / "acgan_numbers.json"
OF_A_TRAINING = 0.06  # of PPGN, the standard deviation between three shorter ones
ACCEPTED = 40  # pictures of a class, fewer of which do not count in C42
KEYS = {"variety_accepted": "share_more_diverse", "variety_accepted_half": "share_more_diverse_half_size"}  # of C42


def main(arguments: list[str] | None = None) -> int:
    """Compute; returns 1 if entries were missing."""
    argparse.ArgumentParser(description="The numbers of the claims on AC-GAN.").parse_args(arguments)
    found: dict[str, list[float]] = {}
    missing = []
    for name, numbers in CLAIMS.items():
        try:
            found |= {key: list(of) for key, of in numbers().items()}
        except MissingEntryError as needed:
            missing.append(f"{name} needs {needed}")
    stored.write_json(OUT, {"command": "python tools/runs/acgan_numbers.py", "numbers": found})
    print("\n".join([*missing, f"{len(found)} numbers"]))
    return int(bool(missing))


def widened(of: Estimate) -> Estimate:
    """PPGN's, of one long training."""
    return of._replace(low=of.low - OF_A_TRAINING, high=of.high + OF_A_TRAINING)


def c40() -> Numbers:
    """The table."""
    real, ours = column("photographs")["numbers"], column("noiseless")
    a = [column(name)["numbers"] for name in acgan_nets.names_of("A")]
    noiseless, fall = ours["numbers"], {key: estimate(of) for key, of in ours["fall"].items()}
    recognised, reader = (cut(trainings([of[key].value for of in a])) for key in ("recognised", "reader"))
    variety = trainings([of["variety"].value / real["variety"].value for of in a])
    steps = end_of("A")
    before, after = states("A", steps // 2), states("A", steps)
    gain = [mean(both(late)) - mean(both(early)) for early, late in zip(before, after, strict=True)]
    return {
        "table3.recognised_real_minus_acgan": difference(real["recognised"], recognised),
        "table3.recognised_noiseless_minus_acgan": difference(widened(noiseless["recognised"]), recognised),
        "table3.reader_noiseless_minus_acgan": difference(widened(noiseless["reader"]), reader),
        "acgan.recognised_gain_of_last_doubling": trainings(gain),
        "table3.variety_noiseless_minus_acgan": difference(
            widened(metrics.ratio(noiseless["variety"], real["variety"])), variety
        ),
        "table3.recognised_real_minus_noiseless": difference(real["recognised"], noiseless["recognised"]),
        "table3.score_real_minus_noiseless": difference(real["score"], noiseless["score"]),
        "table3.variety_real_minus_noiseless": difference(real["variety"], noiseless["variety"]),
        "table3.reader_noiseless_minus_half_size": fall["reader"],
        "table3.score_noiseless_minus_half_size": fall["score"],
    }


def c41() -> Numbers:
    """Sizes."""
    of, real = ends(), entry("photographs")
    half = "recognised_half"
    better = [
        mean([0.5 + np.sign(whole[1] - less[1]) / 2 for whole, less in zip(net["recognised"], net[half], strict=True)])
        for net in of
    ]
    readers = [estimate(by_judge[1]) for by_judge in real["accuracy"].values()]
    return {
        "acgan.accuracy_full_minus_shrunk": trainings([one(net, 0) - one(net, 0, half) for net in of]),
        "acgan.reader_full_minus_shrunk": trainings([one(net, 1) - one(net, 1, half) for net in of]),
        "acgan.reader_classes_better_at_full_size": cut(trainings(better)),
        "acgan.reader_photographs_full_minus_shrunk": estimate(real["fall"][1]),
        "acgan.weaker_reader_accuracy_photographs": min(readers, key=lambda reader: reader.value),
    }


def varied(of: Entry, key: str) -> int:
    """How many classes are more varied than the least varied one of photographs; those of few pictures do not count."""
    line = min(entry("photographs")[key])
    return sum(n >= ACCEPTED and v > line for n, v in zip(of["accepted"], of[key], strict=True))


def c42() -> Numbers:
    """Variety of accepted pictures."""
    found: Numbers = {}
    for key, name in KEYS.items():
        found[f"acgan.{name}"] = cut(trainings([varied(of, key) / bulk.CLASSES for of in ends()]))
        found[f"table3.noiseless.{name}"] = wilson(varied(column("noiseless"), key), bulk.CLASSES)
    return found


def c43() -> Numbers:
    """Rank correlations of how many pictures are recognised and how alike they are."""
    of, real = ends(), entry("photographs")
    recognised, alike = (
        np.array([take(net) for net in of]) for take in (both, lambda net: _alike(net["variety_most"]))
    )
    less, more_alike = recognised - np.array(both(real)), alike - np.array(_alike(real["variety"]))
    pairs = list(zip(less, more_alike, strict=True))
    overall = rank_correlation(less.mean(0), more_alike.mean(0))
    key = "acgan.rank_correlation"
    return {
        f"{key}_recognised_ms_ssim_less_photographs": trainings([rank_correlation(*pair) for pair in pairs]),
        f"{key}_recognised_ms_ssim": trainings(
            [rank_correlation(*pair) for pair in zip(recognised, alike, strict=True)]
        ),
        f"{key}_of_class_means_less_photographs": fisher(overall, bulk.CLASSES),
        "acgan.spread_of_recognised_less_photographs": trainings(less.std(1, ddof=1).tolist()),
    }


def _alike(variety: Sequence[float]) -> list[float]:
    return [1 - v for v in variety]


def c44() -> Numbers:
    """Copies and jumps."""
    marks = entry("photographs.copies")["items"]
    able = trainings([(of["train"] - of["chance"]) / (1 - of["chance"]) for of in marks])
    copied, jumps, apart = [], [], []
    for name in EIGHT:
        items, way = entry(f"{name}.copies")["items"], entry(f"{name}.ways")
        copied.append(acgan_copies.copied_share([of["trained"] for of in items], [of["chance"] for of in items]))
        jumps.append(way["jumps"])
        real = entry("photographs")["ends"]
        apart.append(mean([end / of for end, of in zip(way["ends"], real, strict=True)]))
    return {
        "acgan.copied_share": trainings([share / able.value for share in copied]),
        "acgan.copied_share_of_copies": able,
        "acgan.share_of_ways_with_jump": cut(trainings(jumps)),
        "acgan.distance_of_ends_over_photographs": trainings(apart),
    }


def c45() -> Numbers:
    """One noise in all classes."""
    styles = [entry(f"{name}.style") for name in EIGHT]
    found: Numbers = {"acgan.recognised": cut(trainings([mean(both(of)) for of in ends()]))}
    for head, name in (("background", "wall"), ("colour", "colour")):
        found[f"acgan.same_{name}_above_chance"] = trainings([of[head]["above"] for of in styles])
        found[f"acgan.same_{name}_by_chance"] = cut(trainings([of[head]["chance"] for of in styles]))
    return found


CLAIMS: dict[str, Callable[[], Numbers]] = {
    "C40": c40,
    "C41": c41,
    "C42": c42,
    "C43": c43,
    "C44": c44,
    "C45": c45,
    "C46": c46,
    "C49": c49,
    "C60": c60,
    "C61": c61,
    "C62": c62,
}


if __name__ == "__main__":
    sys.exit(main())
