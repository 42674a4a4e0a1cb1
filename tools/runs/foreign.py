"""A network that nobody here trained as condition: EfficientNet-Lite0, which knows ImageNet's classes. Resumable.

    python tools/runs/foreign.py            all that is not there yet (an hour)
    python tools/runs/foreign.py sandal     one class of ImageNet

The prior and G are the shipped ones of Noiseless Joint PPGN-h. The selector takes one of some step sizes for all
classes together, by the items that stand for them; the evaluator says what other chains show, and EfficientNet-Lite1,
its sibling, whether it names the class too. Three classes that have nothing to do with clothes were picked by hand.
Beside the chains stands what the network says of photographs of the items: it was taught others.
"""

from __future__ import annotations

import argparse
import sys
from functools import cache, partial
from pathlib import Path
from typing import Any

import bulk
import stored
import torch
from torch import Tensor, nn
from tqdm import tqdm
from trials import Setting, drawn, each, first_of_each, first_whole, from_best, photographs

from ppgn_lib import Eps, apart, chain, conditions, metrics, variants
from ppgn_lib.checks import known
from ppgn_lib.data.tinted_fashion import ITEMS, TintedFashion
from ppgn_lib.metrics import protocol
from ppgn_lib.networks import efficientnet, precision
from ppgn_lib.networks.adapter import Adapted
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal

STORE = bulk.RESULTS / "foreign.safetensors"
NAMES: dict[str, tuple[str, ...]] = {  # classes of ImageNet, and the items that would be right
    "jersey": ("t-shirt", "pullover", "shirt"),
    "sweatshirt": ("pullover",),
    "cardigan": ("coat", "pullover", "shirt"),
    "gown": ("dress",),
    "jean": ("trousers",),
    "running shoe": ("sneaker",),
    "sandal": ("sandal",),
    "purse": ("bag",),
    "volcano": (),
    "goldfish": (),
    "banana": (),
}
SIZE, CHAINS, TUNING_CHAINS = 192, 6, 2  # larger, its pictures of clothes are named better
PHOTOGRAPHS, OF_ITEM = "photographs", 20  # test photographs of an item
SETTINGS: list[Setting] = [(0.1, eps2, 0.0) for eps2 in (0.003, 0.01, 0.03, 0.1)]
SEEDS_FROM, TUNING_FROM = 310_000, 315_000


class Resized(nn.Module):
    """EfficientNet-Lite0 on pictures of other sizes than its own: its features are a mean over the map."""

    def __init__(self, net: efficientnet.EfficientNetLite0) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: Tensor) -> Tensor:
        """Images (B, 3, H, W) in [-1, 1], any multiple of 32 pixels -> logits (B, 1000)."""
        return self.net.head(self.net.features(x))


@cache
def guide() -> Adapted:
    """The condition's network, for pictures of 32 pixels in [-1, 1]."""
    return Adapted(Resized(efficientnet.efficientnet_lite0()), size=SIZE).eval()


def number_of(name: str) -> int:
    """The number of a class of ImageNet."""
    return conditions.index_of(name, efficientnet.classes())


def main(arguments: list[str] | None = None) -> int:
    """Tune, run and judge what is missing."""
    parser = argparse.ArgumentParser(description="EfficientNet-Lite0 as condition.")
    parser.add_argument("names", nargs="*", help="classes of ImageNet (default: all)")
    given = parser.parse_args(arguments)
    known(given.names, NAMES, "class")
    about = {"command": "python tools/runs/foreign.py", "items": {name: list(items) for name, items in NAMES.items()}}
    tuned = stored.entry_of(STORE, "tuning", belongs_to())
    if tuned is None:
        tuned = {**belongs_to(), "points": tuning()}
        stored.add_entry(STORE, "tuning", {}, tuned, about)
    if stored.entry_of(STORE, PHOTOGRAPHS, belongs_to()) is None:
        stored.add_entry(STORE, PHOTOGRAPHS, {}, {**belongs_to(), **of_photographs()}, about)
    best = max((point["accuracy"] for point in tuned["points"] if "accuracy" in point), default=0.0)
    settings = from_best(tuned["points"], best)
    for name in tqdm(given.names or NAMES, desc="foreign", unit="class"):
        if stored.entry_of(STORE, name, belongs_to()) is None:
            setting, (codes, found) = first_whole(settings, partial(measured, name))
            entry = {**belongs_to(), "setting": list(setting), **found}
            stored.add_entry(STORE, name, {name: codes}, entry, about)
    return 0


def belongs_to() -> dict[str, Any]:
    """What a stored entry has to agree with."""
    return {
        "protocol": {
            "size": SIZE,
            "chains": [CHAINS, TUNING_CHAINS],
            "photographs": OF_ITEM,
            "steps": protocol.STEPS,
            "settings": [list(setting) for setting in SETTINGS],
            "guide": efficientnet.EfficientNetLite0.sha256,
        },
        "made_with": stored.made_with(Path(__file__), "encoder", "generator", "evaluator", "selector"),
    }


def ends(names: list[str], setting: Setting, seeds_from: int) -> Tensor:
    """The last codes of chains, one for each of ``names``; in bfloat16 where that is faster."""
    E, G = load("encoder"), load("generator")
    condition = conditions.classes(precision.fast(guide()), [number_of(name) for name in names])
    h0 = rectified_normal(list(range(seeds_from, seeds_from + len(names))), G.code)
    experts = variants.noiseless(precision.fast(G), precision.fast(E), condition)
    for state in chain(h0, *experts, Eps(*setting), steps=protocol.STEPS):
        last = state.h
    return last


def tuning() -> list[dict[str, Any]]:
    """What the selector says of each setting: share of right items, and kernel distance to photographs of all items."""
    names = [name for name, items in NAMES.items() if items for _ in range(TUNING_CHAINS)]
    points: list[dict[str, Any]] = []
    with apart.tuning():
        judge, near = photographs()
        for setting, h in each(SETTINGS, lambda s: ends(names, s, TUNING_FROM), "tuning"):
            if h is None:
                points.append({"setting": setting, "diverged": True})
                continue
            judged = metrics.judgement(judge, drawn(load("generator"), h))
            right = right_items(names, judged.logits.argmax(1))
            kid = metrics.kernel_distance(judged.features, near.judgement.features).value
            points.append({"setting": setting, "accuracy": sum(right) / len(right), "kid": kid})
    return points


@torch.no_grad()
def of_photographs() -> dict[str, Any]:
    """What the network gives each class for photographs of the items that stand for it, all items where there are none.

    Of each class the probabilities, and in how many of the photographs no other class has a higher one.
    """
    test = TintedFashion("test")
    there = test.labels()[bulk.HEAD]
    index = first_of_each(there, OF_ITEM)
    x, y = test.batch(index).x, there[index]
    p = metrics.in_blocks(lambda x: guide()(x).softmax(1), x, 50)
    names, found = efficientnet.classes(), {}
    for name, items in NAMES.items():
        which = torch.isin(y, torch.tensor([ITEMS.index(item) for item in items or ITEMS]))
        found[name] = {
            "p": p[which, number_of(name)].tolist(),
            "first": int((p[which].argmax(1) == number_of(name)).sum()),
        }
    common = {item: names[int(p[y == c].argmax(1).mode().values)] for c, item in enumerate(ITEMS)}
    return {"of_classes": found, "named_most": common}


def right_items(names: list[str], found: Tensor) -> list[bool]:
    """Whether the items (N,) that were seen are ones that stand for the classes."""
    return [ITEMS[item] in NAMES[name] for name, item in zip(names, found.tolist(), strict=True)]


@torch.no_grad()
def measured(name: str, setting: Setting) -> tuple[Tensor, dict[str, Any]]:
    """The codes of a class's chains in half precision, and what each network sees in their pictures."""
    with torch.enable_grad():
        h = ends([name] * CHAINS, setting, SEEDS_FROM + 1000 * list(NAMES).index(name))
    x, number = drawn(load("generator"), h), number_of(name)
    of_guide, of_sibling = (net(x).softmax(1) for net in (guide(), efficientnet.efficientnet_lite1()))
    judged = metrics.judgement(metrics.judge_with(load("evaluator"), bulk.HEAD), x).logits.softmax(1)
    names = efficientnet.classes()
    return h.half(), {
        "precision": precision.name_of(),
        "p": of_guide[:, number].tolist(),
        "p_sibling": of_sibling[:, number].tolist(),
        "named_by_sibling": [names[i] for i in of_sibling.argmax(1).tolist()],
        "item": judged.argmax(1).tolist(),
        "sure": judged.amax(1).tolist(),
    }


if __name__ == "__main__":
    sys.exit(main())
