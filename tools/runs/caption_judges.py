"""What is measured of pictures that were drawn for captions, of photographs and of reconstructions beside them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any, cast

import ablation
import bulk
import parts
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from trials import first_of_each

from ppgn_lib import conditions, metrics
from ppgn_lib.data.captions import NOUNS, held_out, vocabulary
from ppgn_lib.data.captions import caption as sentence
from ppgn_lib.data.tinted_fashion import COLOURS, ITEMS, TintedFashion
from ppgn_lib.experts.captions import caption, word_by_word
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.captioner import Captioner
from ppgn_lib.networks.features import encode
from ppgn_lib.networks.small import Encoder
from ppgn_lib.networks.zoo import load
from ppgn_lib.training.loop import Run
from ppgn_lib.training.recipes import RECIPES
from ppgn_lib.training.source import SHIPPED

HEADS = ("item", "colour", "background")
SECOND = Path("runs/captioner.second")
SECOND_SEED, RECONSTRUCTIONS = 9, 20  # photographs of an item that are reconstructed
SKIPPED = 2 * ablation.PHOTOGRAPHS  # of an item, which pictures are compared with


@torch.no_grad()
def seen(judge: Any, x: Tensor) -> Tensor:
    """What a judge takes pictures for: (N, 3), item, colour and background."""
    logits = [judge(block).logits for block in x.split(500)]
    return torch.stack([torch.cat([of[head] for of in logits]).argmax(1) for head in HEADS], 1)


def _to_photographs(foreign: Tensor) -> Tensor:
    """Distance to the nearest of the photographs, of any item, in EfficientNet's features: (N,)."""
    real = ablation.photographs()
    there = torch.cat([real.other_foreign, real.own_foreign])
    return torch.cdist(foreign, there, compute_mode="donot_use_mm_for_euclid_dist").amin(1)


@torch.no_grad()
def of_pictures(x: Tensor, item: Tensor) -> dict[str, Any]:
    """Of pictures (N, 3, H, W) that were to show ``item`` (N,): what judges see; the kernel distance of each item."""
    real = ablation.photographs()
    foreign = metrics.judgement(metrics.imagenet(), x, 100).features
    distances = {
        ITEMS[c]: metrics.kernel_distance(foreign[item == c], real.other_foreign[real.other_y == c]).value
        for c in item.unique().tolist()
    }
    return {
        "seen": seen(load("evaluator"), x).tolist(),
        "kid_foreign": distances,
        "nearest": _to_photographs(foreign).tolist(),
    }


def of_words(G: nn.Module, h: Tensor, words: Tensor, labels: Tensor) -> dict[str, Any]:
    """Of codes (N, H) and the captions (N, T) that they were drawn for, with labels (N, 3): what words ask for.

    ``log_p`` by the captioner, ``log_p_second`` by one of another seed; ``cosine``, the mean over pairs of the words
    for item, colour and background of the cosine between their gradients at the code; and the length of the gradient
    of the caption at the picture over that of E's three classifications.
    """
    C, E = (cast(nn.Module, load(name)) for name in ("captioner", "encoder"))
    found: dict[str, list[float | None]] = {"log_p": [], "log_p_second": [], "cosine": [], "length": []}
    for code, row, label in zip(h.split(50), words.split(50), labels.split(50), strict=True):
        code = code.detach().requires_grad_()
        each = word_by_word(C, row, G(code).clamp(-1, 1))
        along = [torch.autograd.grad(word.sum(), code, retain_graph=True)[0] for word in each.unbind(1)]
        found["cosine"] += _cosines(torch.stack(along, 1), row)
        x = G(code).detach().clamp(-1, 1).requires_grad_()
        asked = conditions.product(*(conditions.classes(E, label[:, i], head) for i, head in enumerate(HEADS)))
        lengths = [torch.autograd.grad(of(x).sum(), x)[0].flatten(1).norm(dim=1) for of in (caption(C, row), asked)]
        found["length"] += (lengths[0] / lengths[1]).tolist()
        with torch.no_grad():
            found["log_p"] += caption(C, row)(x).tolist()
            found["log_p_second"] += caption(second(), row)(x).tolist()
    return found


def _cosines(along: Tensor, words: Tensor) -> list[float | None]:
    """Mean cosine between the gradients (N, T, H) of what captions (N, T) say of item, colour and background.

    None of a caption that says one of them only.
    """
    known, found = vocabulary(), []
    names = {word for item in ITEMS for noun in NOUNS[item] for word in noun.split()} - {"of"}
    for gradients, row in zip(along, words.tolist(), strict=True):
        said = [known.words[number] for number in row]
        colours = [g for g, word in zip(gradients, said, strict=True) if word in COLOURS]
        of_item = torch.stack([g for g, word in zip(gradients, said, strict=True) if word in names]).sum(0)
        pairs = [F.cosine_similarity(a, b, 0) for a, b in combinations([*colours, of_item], 2)]
        found.append(float(torch.stack(pairs).mean()) if pairs else None)
    return found


@torch.no_grad()
def of_photographs(words: Tensor, labels: Tensor) -> dict[str, Any]:
    """Of captions (N, T) with labels (N, 3): what captioners give each for the median test photograph of these."""
    test, found = TintedFashion("test"), {"level": load("captioner"), "level_second": second()}
    there = torch.stack([test.labels()[head] for head in HEADS], 1)
    x_of = [test.batch((there == label).all(1).nonzero()[:, 0]).x for label in labels]
    return {
        name: [float(caption(C, row[None])(x).median()) for row, x in zip(words, x_of, strict=True)]
        for name, C in found.items()
    }


@torch.no_grad()
def prefers_the_right() -> list[bool]:
    """Whether the captioner gives test photographs their own caption more than that with another item, drawn by lot.

    Of the ``ablation.PHOTOGRAPHS`` of an item, of pairs of item and colour that it was taught, in one form.
    """
    test, C, words = TintedFashion("test"), load("captioner"), vocabulary()
    index = first_of_each(test.labels()["item"], ablation.PHOTOGRAPHS)
    batch = test.batch(index)
    taught = ~held_out(batch.labels)
    x, labels = batch.x[taught], {head: of[taught] for head, of in batch.labels.items()}
    away = torch.randint(1, len(ITEMS), (len(x),), generator=torch.Generator().manual_seed(0))
    each = []
    for item in (labels["item"], (labels["item"] + away) % len(ITEMS)):
        said = words.encode(_said(item, labels))
        blocks = zip(said.split(500), x.split(500), strict=True)
        each.append(torch.cat([caption(C, row)(block) for row, block in blocks]))
    return (each[0] > each[1]).tolist()


def _said(item: Tensor, labels: Mapping[str, Tensor]) -> list[str]:
    """The first form, of items and the colours of ``labels``."""
    rows = zip(item.tolist(), labels["colour"].tolist(), labels["background"].tolist(), strict=True)
    return [sentence(*row, 0, 0) for row in rows]


@torch.no_grad()
def of_reconstructions(E: Encoder, G: nn.Module, items: list[int]) -> dict[str, Any]:
    """Of other test photographs of ``items`` after E and G: as of pictures."""
    judge = metrics.judge_with(load("evaluator"), bulk.HEAD)
    real = protocol.real_images(TintedFashion("test"), judge, RECONSTRUCTIONS, bulk.HEAD, skip=SKIPPED)
    of_items = torch.isin(real.y, torch.tensor(items))
    x = metrics.in_blocks(lambda x: G(encode(E, x)).clamp(-1, 1), real.x[of_items])
    foreign = metrics.judgement(metrics.imagenet(), x, 100).features
    named = metrics.judgement(judge, x).logits.argmax(1) == real.y[of_items]
    return {"reconstructions": {"nearest": _to_photographs(foreign).tolist(), "named": named.tolist()}}


@cache
@torch.enable_grad()
def second() -> Captioner:
    """A captioner of another seed; trained first if it is not there."""
    SECOND.mkdir(parents=True, exist_ok=True)
    recipe = RECIPES["captioner"]
    settings = recipe.settings.changed(seed=SECOND_SEED)
    trained = recipe.train(Run("captioner", settings, SECOND, parts.fabric(), SHIPPED, {"encoder": load("encoder")}))
    return cast(Captioner, trained.net).eval().requires_grad_(False)
