"""Sums and differences of codes: h(red boot) - h(red bag) + h(blue bag) should be a blue boot (C50). Minutes.

    python tools/runs/arithmetic.py              all that is not there yet
    python tools/runs/arithmetic.py shipped      one pair of E and G

No chain and nothing tuned: the sum is cut at 0, where codes end, and drawn once. Beside it stand what could do without
arithmetic and the same sum of pixels. Stored is what the evaluator sees, and one case of each item.
"""

from __future__ import annotations

import argparse
import sys
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import ablation
import bulk
import caption_judges
import parts
import stored
import torch
from torch import Tensor
from tqdm import tqdm
from trials import drawn

from ppgn_lib import metrics
from ppgn_lib.checks import known
from ppgn_lib.data.tinted_fashion import COLOURS, IMAGES, ITEMS, TintedFashion, colours
from ppgn_lib.networks.features import encode
from ppgn_lib.networks.small import Encoder
from ppgn_lib.networks.zoo import digest, load

STORE = bulk.RESULTS / "arithmetic.safetensors"
CASES, OF_EACH, SEED = 60, 3, 0  # cases of an item that should come out; photographs of each of the three things
SKIPPED = 2 * ablation.PHOTOGRAPHS  # of an item, which pictures are compared with
PAIRS = {"shipped": "", "item only": "item only"}  # names of ``parts``; none: the shipped one


class Cases(NamedTuple):
    """What is asked for, item after item."""

    labels: Tensor  # (N, 4, 3) item, colour, background: of the first, of what is taken away, added, and of the sum
    photographs: Tensor  # (N, 4, OF_EACH) of the test split, all of a case different
    tints: Tensor  # (N, 4, OF_EACH) numbers of images that have these colours


def main(arguments: list[str] | None = None) -> int:
    """Draw and judge what is missing."""
    parser = argparse.ArgumentParser(description="Arithmetic on codes.")
    parser.add_argument("names", nargs="*", help="pairs of E and G (default: all)")
    given = parser.parse_args(arguments)
    known(given.names, PAIRS, "pair")
    for name in tqdm(given.names or PAIRS, desc="arithmetic", unit="pair"):
        if stored.entry_of(STORE, name, belongs_to(name)) is None:
            shown, found = measured(name)
            tensors = {f"{name}.{what}": ablation.as_bytes(x) for what, x in shown.items()}
            about = {"command": "python tools/runs/arithmetic.py"}
            stored.add_entry(STORE, name, tensors, {**belongs_to(name), **found}, about)
    return 0


def belongs_to(name: str) -> dict[str, Any]:
    """What a stored pair has to agree with."""
    return {**described(name), "pair": [digest(net) for net in parts.pair(PAIRS[name])] if PAIRS[name] else []}


def described(name: str) -> dict[str, Any]:
    """The same without what lies in ``parts.WORK`` only."""
    return {
        "protocol": {"cases": CASES, "photographs": OF_EACH, "seed": SEED},
        "taught": parts.described(PAIRS[name]) if PAIRS[name] else [],
        "made_with": stored.made_with(Path(__file__), "encoder", "generator", "evaluator"),
    }


@cache
def cases() -> Cases:
    """Drawn by lot: in the first half the item's colour differs, in the second the background."""
    draw = torch.Generator().manual_seed(SEED)
    colour, background = colours(torch.arange(IMAGES).numpy())
    of_pair = {
        (c, b): ((colour == c) & (background == b)).nonzero()[:, 0]
        for c in range(len(COLOURS))
        for b in range(len(COLOURS))
    }
    test = TintedFashion("test")
    order = torch.randperm(len(test), generator=torch.Generator().manual_seed(0))  # as protocol.real_images has it
    of_item = [order[test.item[order] == item][SKIPPED:] for item in range(len(ITEMS))]

    def some(of: Tensor, count: int) -> Tensor:
        return of[torch.randperm(len(of), generator=draw)[:count]]

    labels, photographs, tints = [], [], []
    for item in range(len(ITEMS)):
        for i in range(CASES):
            other = (item + int(torch.randint(1, len(ITEMS), (), generator=draw))) % len(ITEMS)
            before, after, same = torch.randperm(len(COLOURS), generator=draw)[:3].tolist()
            pairs = [(before, same), (after, same)] if i < CASES // 2 else [(same, before), (same, after)]
            things = [(item, *pairs[0]), (other, *pairs[0]), (other, *pairs[1]), (item, *pairs[1])]
            mine, others = some(of_item[item], 2 * OF_EACH), some(of_item[other], 2 * OF_EACH)
            labels.append(things)
            photographs.append(torch.stack([mine, others]).view(2, 2, OF_EACH)[[0, 1, 1, 0], [0, 0, 1, 1]])
            tints.append(torch.stack([some(of_pair[thing[1:]], OF_EACH) for thing in things]))
    return Cases(torch.tensor(labels), torch.stack(photographs), torch.stack(tints))


@torch.no_grad()
def measured(name: str) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Pictures of the first case of each item, and what the evaluator sees in those of all cases, by way to draw."""
    of, test = cases(), TintedFashion("test")
    E, G = parts.pair_or_shipped(PAIRS[name])
    x = test.batch(of.photographs.flatten(), tints_of=of.tints.flatten()).x
    x = x.unflatten(0, (*of.photographs.shape,))
    ways = pictures(E, G, x)
    real, first = ablation.photographs(), torch.arange(len(ITEMS)) * CASES
    item = of.labels[:, 3, 0]
    found: dict[str, Any] = {"labels": of.labels.tolist(), "seen": {}, "kid_foreign": {}}
    for way, picture in ways.items():
        found["seen"][way] = caption_judges.seen(load("evaluator"), picture).tolist()
        far = metrics.judgement(metrics.imagenet(), picture, 100).features
        found["kid_foreign"][way] = [
            metrics.kernel_distance(far[item == c], real.other_foreign[real.other_y == c]).value
            for c in range(len(ITEMS))
        ]
    shown = {way: picture[first] for way, picture in ways.items()}
    return {**shown, "given": x[first, :3, 0].flatten(0, 1)}, found


def pictures(E: Encoder, G: torch.nn.Module, x: Tensor) -> dict[str, Tensor]:
    """Of photographs (N, 4, k, 3, H, W) the pictures (N, 3, H, W) of each way; all cut to [-1, 1].

    "codes": of the sum of codes; "middle": of the mean of the first and of what is added; "pixels": the sum of pixels;
    "wanted": of the mean code of photographs of what should come out; "reconstruction": of one of these.
    """
    h = metrics.in_blocks(lambda x: encode(E, x), x.flatten(0, 2)).unflatten(0, x.shape[:3])
    mean, mean_x = h.mean(2), x.mean(2)
    return {
        "codes": drawn(G, (mean[:, 0] - mean[:, 1] + mean[:, 2]).clamp(min=0)),
        "middle": drawn(G, (mean[:, 0] + mean[:, 2]) / 2),
        "pixels": (mean_x[:, 0] - mean_x[:, 1] + mean_x[:, 2]).clamp(-1, 1),
        "wanted": drawn(G, mean[:, 3]),
        "reconstruction": drawn(G, h[:, 3, 0]),
    }


if __name__ == "__main__":
    sys.exit(main())
