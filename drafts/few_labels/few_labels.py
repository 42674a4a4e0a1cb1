"""What photographs without labels add to a hundred labelled ones, above all by way of an AC-GAN. Resumable.

    python tools/runs/few_labels.py           all that is not there yet (three quarters of an hour of one quiet core)
    python tools/runs/few_labels.py source    one way to learn

Said before anything was trained: a way that sees photographs without labels *helps* if the 95 % interval (Student's t
over draws) of its accuracy, less that of the best way without on the same hundred, lies above 0.02. It does not help if
that interval lies below 0.02; else nothing is said. The best way without is the one of "alone", "own components" and
the hundred of ``taught.py`` with the highest mean on the test photographs, which makes the bar higher, not lower.

Networks of one form, the D of an AC-GAN, learn items from the same hundred labelled photographs: alone; or with a G and
all training photographs without labels, which D has to tell from G's pictures ("source"), and then also with the class
that G was asked for as if it were a label, as an AC-GAN does ("source and asked"); or with the names that the first of
them gives to photographs of which it is sure ("pseudo-labels"). Beside them ridge classifiers on principal components,
of the hundred or of all photographs, and D with all labels. All see photographs in new colours, moved and mirrored.

Each way has three learning rates (a ridge classifier: penalties) to choose from, by 5000 validation photographs and a
hundred that is in no draw reported. These are more labels than a hundred; all ways have that advantage. Each is tested
once on the test photographs: a ridge classifier, or the running average of D's weights at the end of the training.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import acgan_training
import bulk
import few_ways
import stored
import taught
import trials
from few_ways import KINDS, RIDGES, right, seen
from torch import Tensor
from tqdm import tqdm

from ppgn_lib import apart
from ppgn_lib.checks import known

STORE = bulk.RESULTS / "few_labels.safetensors"
HELPS = 0.02  # of accuracy; less is not worth a G
DRAWS, SPARE = 5, 5  # draws 0 to 4 of ``taught.photographs`` are reported; by draw 5 rates are chosen
VALIDATED = 5000  # validation photographs, all
RATES, PENALTIES = (5e-4, 1e-3, 2e-3), (1.0, 30.0, 1000.0)  # one rate for G and D


def main(arguments: list[str] | None = None) -> int:
    """Choose rates, train and test what is missing."""
    parser = argparse.ArgumentParser(description="A hundred labels, and all photographs without.")
    parser.add_argument("names", nargs="*", help="ways to learn (default: all)")
    given = parser.parse_args(arguments)
    known(given.names, KINDS, "way to learn")
    for kind in tqdm(given.names or KINDS, desc="few labels", unit="way"):
        setting = chosen(kind)
        for draw in tqdm(range(DRAWS), desc=kind, unit="draw", leave=False):
            entry(kind, draw, setting)
    return 0


def chosen(kind: str) -> float:
    """The learning rate or penalty of a way that names most validation photographs rightly, by the spare draw.

    Raises ``FloatingPointError`` if all diverge.
    """

    def wrong(setting: float) -> float:
        return 1 - float(entry(kind, SPARE, setting)["validation"])

    with apart.tuning():
        return trials.nearest_of(list(trials.each(RATES if kind not in RIDGES else PENALTIES, wrong, f"{kind}: rates")))


def entry(kind: str, draw: int, setting: float) -> dict[str, Any]:
    """What is stored of a way, a draw and a learning rate or penalty; made first if it is not there.

    Of the spare draw without the test photographs.
    """
    key, head = key_of(kind, draw, setting), {**belongs_to(), "setting": setting}
    had = stored.entry_of(STORE, key, head)
    if had is None:
        of = few_ways.learned(kind, draw, setting, names(draw) if kind == "pseudo-labels" else None)
        had = {**head, **of.found, "validation": right(seen(of.logits, "validation", VALIDATED))}
        if draw != SPARE:
            had["seen"] = seen(of.logits, "test", taught.TESTED)
        tensors = {f"{key}.{name}": tensor for name, tensor in of.tensors.items()}
        stored.add_entry(STORE, key, tensors, had, {"command": "python tools/runs/few_labels.py"})
    return had


def names(draw: int) -> Tensor:
    """What "alone" of the same draw calls training photographs, (N,) uint8."""
    rate = chosen("alone")
    entry("alone", draw, rate)
    return stored.read_tensors(STORE)[0][f"{key_of('alone', draw, rate)}.names"]


def key_of(kind: str, draw: int, setting: float) -> str:
    """Of an entry: one for each draw that is reported; of the spare one, one for each setting."""
    return f"{kind}.spare.{setting:g}" if draw == SPARE else f"{kind}.{draw}"


def belongs_to() -> dict[str, Any]:
    """What an entry has to agree with."""
    return {
        "protocol": {
            "helps": HELPS,
            "draws": [DRAWS, SPARE],
            "photographs": [taught.FEW, few_ways.UNLABELLED, VALIDATED, taught.TESTED],
            "in_a_step": few_ways.LABELLED,
            "curve": [few_ways.EVERY, few_ways.CURVE],
            "statistics": [few_ways.TINTS, few_ways.LOOKS, few_ways.COMPONENTS],
            "sure": [few_ways.SURE, few_ways.SURE_TINTS],
            "settings": {**few_ways.SETTINGS, "shift": few_ways.SHIFT},
            "tried": [list(RATES), list(PENALTIES)],
        },
        "made_with": stored.made_with(Path(__file__), "selector", beside=(few_ways, taught, acgan_training, trials)),
    }


if __name__ == "__main__":
    sys.exit(main())
