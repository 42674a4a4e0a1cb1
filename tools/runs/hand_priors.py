"""How strong each hand-designed prior is, its eps2 and steps, and eps2 of each gradient of Table S2. Resumable.

    python tools/runs/hand_priors.py          all that is not there yet (ten minutes)
    python tools/runs/hand_priors.py --anew   everything again

Each prior has a row of six settings, and each setting is looked at after three numbers of steps; the two best are tried
again with more chains, and the better one is taken. Best is what most pictures are recognised with, by E and the
selector. Each gradient climbs from codes of validation photographs with eleven eps2, and the one with the most
successes is taken, of equals the largest. The chapter on activation maximisation runs what was chosen, on other noise
and other photographs, and the evaluator judges it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import deque
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import bulk
import stored
from tqdm import tqdm

from ppgn_lib import Eps, apart, chain, metrics, priors
from ppgn_lib.book import class_gradients, hand_designed
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.experts import conditions
from ppgn_lib.experts.ascent import pictures
from ppgn_lib.networks.zoo import load

STORE = bulk.RESULTS / "hand_priors.json"
LOOKS = [6, 12, 24]  # steps after which a setting is looked at
FIRST: dict[str, int] = {"chains": 2, "seeds_from": 60_000}  # chains a class
AGAIN: dict[str, int] = {"settings": 2, "chains": 8, "seeds_from": 60_500}
PHOTOGRAPHS = 1000  # of the training images, whose colours, magnitudes and patches count
SMALL, LARGE = (0.3, 1.0), (1.0, 3.0)  # of eps2
ROWS: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {  # strengths, eps2: six settings each
    "none": ((0,), (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)),
    "Gaussian": ((0.02, 0.05, 0.1), SMALL),
    "blur": ((0.4, 0.6, 0.8), SMALL),
    "total variation": ((0.01, 0.03, 0.1), SMALL),
    "jitter": ((1, 2, 4), SMALL),
    "centre bias": ((0.1, 0.2, 0.4), SMALL),
    "blur, variation, jitter": ((0.5, 0.7, 1.0), LARGE),
    "blur, decay, jitter": ((0.5, 0.7, 1.0), LARGE),
    "Fourier": ((0.01, 0.03, 0.1), LARGE),
    "fixed magnitude": ((0.7, 0.85, 1.0), (4.0, 12.0)),
    "patches": ((0.3, 0.6, 0.9), SMALL),
}
FORMS = [name for name in class_gradients.FORMS if name != class_gradients.RELEASED]
FACTORS = [10.0**k for k in range(-1, 10)]  # of eps2, over that of the book's chains
CLIMB: dict[str, int] = {"starts": 20, "steps": 30, "seed": 0}
PROBED = ["blur, variation, jitter", "Fourier", "patches"]  # rows by which one sees that the code still does this
SLACK = 0.02  # by which another machine's certainty may differ after LOOKS[0] steps

Found = dict[str, dict[str, Any]]  # "priors" and "gradients", each by name


def main(arguments: list[str] | None = None) -> int:
    """Compute what is missing; other networks, code or protocol start anew."""
    parser = argparse.ArgumentParser(description="Settings of the hand-designed priors and of the class gradients.")
    parser.add_argument("--anew", action="store_true", help="forget what is stored first")
    if parser.parse_args(arguments).anew:
        STORE.unlink(missing_ok=True)
    head = belongs_to()
    todo = [("priors", tuned, name) for name in ROWS] + [("gradients", climbed, name) for name in FORMS]
    for kind, run, name in tqdm(todo, desc="hand-designed priors", unit="row"):
        found = so_far(head)
        if name not in found[kind]:
            with apart.tuning():
                found[kind][name] = run(name)
            stored.write_json(STORE, {**head, **found})
    return 0


def belongs_to() -> dict[str, Any]:
    """What the store has to agree with."""
    return {
        "command": "python tools/runs/hand_priors.py",
        "protocol": {
            "looks": LOOKS,
            "first": FIRST,
            "again": AGAIN,
            "photographs": PHOTOGRAPHS,
            "rows": {name: [list(strengths), list(sizes)] for name, (strengths, sizes) in ROWS.items()},
            "climb": CLIMB,
            "factors": FACTORS,
            "eps2": book_eps2(),
        },
        "made_with": stored.made_with(Path(__file__), "encoder", "generator", "selector"),
    }


def so_far(head: dict[str, Any]) -> Found:
    """What is stored with this head."""
    content = json.loads(STORE.read_text("utf-8")) if STORE.exists() else {}
    fits = {key: content.get(key) for key in head} == head
    return {kind: content[kind] if fits else {} for kind in ("priors", "gradients")}


def book_eps2() -> float:
    """eps2 of the book's chains."""
    return bulk.chosen(json.loads(bulk.SWEEP.read_text("utf-8"))).eps2


@cache
def families() -> dict[str, hand_designed.Family]:
    """All priors, with colours, magnitudes and patches of training photographs."""
    return hand_designed.families(TintedFashion("train").batch(range(PHOTOGRAPHS)).x)


def tuned(name: str) -> dict[str, Any]:
    """All settings of a prior that were tried, again for the best ones, and the one that is taken."""
    first = [tried(name, *setting, FIRST["chains"], FIRST["seeds_from"]) for setting in product(*ROWS[name])]
    best = sorted(first, key=lambda entry: max(map(score, entry["after"])))[-AGAIN["settings"] :]
    again = [tried(name, entry["strength"], entry["eps2"], AGAIN["chains"], AGAIN["seeds_from"]) for entry in best]
    looks = [
        {"strength": entry["strength"], "eps2": entry["eps2"], **look} for entry in again for look in entry["after"]
    ]
    return {"tried": first, "again": again, "chosen": max(looks, key=score)}


def tried(
    name: str, strength: float, eps2: float, chains: int, first_seed: int, looks: list[int] | None = None
) -> dict[str, Any]:
    """A setting after each of LOOKS: the share of pictures that are recognised, and how sure E is on average."""
    looks = looks or LOOKS
    how = families()[name](strength)._replace(eps2=eps2, steps=looks[-1])
    x0, y, seeds = hand_designed.starts(chains, first_seed)
    net, judge = class_gradients.item_logits(load("encoder")), metrics.judge_with(load("selector"), bulk.HEAD)
    after = []
    for steps, x in enumerate(pictures(net, x0, y, how, seeds)):
        if steps in looks:
            ok, sure = hand_designed.recognised(net, judge, x, y)
            after.append({"steps": steps, "recognised": ok.double().mean().item(), "sure": sure.mean().item()})
    return {"strength": strength, "eps2": eps2, "after": after}


def score(look: dict[str, Any]) -> tuple[float, float]:
    """The larger the better; of equals the one that E is surer of."""
    return look["recognised"], look["sure"]


def climbed(form: str) -> dict[str, Any]:
    """Successes of a gradient with each of FACTORS, and the factor that is taken: of equals the largest."""
    row = [successes(form, factor) for factor in FACTORS]
    return {"successes": row, "factor": max(zip(row, FACTORS, strict=True))[1]}


def successes(form: str, factor: float) -> int:
    """How many chains end where E is sure of the class; none if their numbers overflow."""
    E, G = load("encoder"), load("generator")
    h0, y = class_gradients.unlikely(E, G, "validation", CLIMB["starts"], CLIMB["seed"])
    condition = conditions.through(G, class_gradients.FORMS[form](class_gradients.item_logits(E), y))
    states = chain(h0, priors.none, condition, Eps(0.0, factor * book_eps2()), steps=CLIMB["steps"])
    try:
        last = deque(states, maxlen=1).pop()
    except FloatingPointError:
        return 0
    return int((class_gradients.given(E, G, last.h, y) > hand_designed.SURE).sum())


def differing() -> list[str]:
    """Those of PROBED whose first setting comes out otherwise than stored, early in its chains; for ``adopt.py``."""
    found, wrong = json.loads(STORE.read_text("utf-8")), []
    for name in PROBED:
        had = found["priors"][name]["tried"][0]
        now = tried(name, had["strength"], had["eps2"], FIRST["chains"], FIRST["seeds_from"], LOOKS[:1])
        if abs(now["after"][0]["sure"] - had["after"][0]["sure"]) > SLACK:
            wrong.append(f"hand-designed priors: {name}")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
