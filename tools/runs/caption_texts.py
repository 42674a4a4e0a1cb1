"""The captions that chains are asked for, and other ones to tune with."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import torch
from torch import Tensor

from ppgn_lib.data.captions import FORMS, NOUNS, held_out
from ppgn_lib.data.captions import caption as sentence
from ppgn_lib.data.tinted_fashion import COLOURS, ITEMS

WHOLE = [number for number, form in enumerate(FORMS) if "{colour}" in form and "{background}" in form]
AN_ITEM, FEW = 4, 2  # captions of an item, or few
DRAWN_BY, TUNED_BY = 0, 1


class Asked(NamedTuple):
    """What is asked for: labels (N, 3) of item, colour and background, and a sentence for each, whole or cut."""

    labels: Tensor
    texts: list[str]
    whole: bool = True

    def those(self, items: list[int]) -> Asked:
        """The rows of some items."""
        rows = torch.isin(self.labels[:, 0], torch.tensor(items)).nonzero()[:, 0].tolist()
        return self._replace(labels=self.labels[rows], texts=[self.texts[i] for i in rows])


@cache
def asked(kind: str, seed: int) -> Asked:
    """Captions of an item each, drawn by a seed.

    "taught": of pairs of item and colour that the captioner was taught; "twins": the same in another such colour;
    "held out": in the colour that was not; "up to the item": the first, cut behind the item; "few": some of the first.
    Those to tune with have other colours than all of these.
    """
    taken = asked("taught", DRAWN_BY).labels.tolist() + asked("twins", DRAWN_BY).labels.tolist() if seed else []
    draw = torch.Generator().manual_seed(seed)
    labels, texts = [], []
    for item, name in enumerate(ITEMS):
        colours = torch.arange(len(COLOURS))
        out = held_out({"item": torch.full_like(colours, item), "colour": colours})
        taught, not_taught = colours[~out].tolist(), int(colours[out][0])
        for i in range(AN_ITEM):
            while True:
                order = [taught[j] for j in torch.randperm(len(taught), generator=draw).tolist()]
                background = next(c for c in order[2:] if c != not_taught)
                if not any([item, colour, background] in taken for colour in order[:2]):
                    break
            form = WHOLE[int(torch.randint(len(WHOLE), (), generator=draw))]
            noun = int(torch.randint(2, (), generator=draw))
            colour = {"twins": order[1], "held out": not_taught}.get(kind, order[0])
            if kind != "few" or i < FEW:
                text = sentence(item, colour, background, form, noun)
                named = NOUNS[name][noun % len(NOUNS[name])]
                cut = text.index(named) + len(named) if kind == "up to the item" else None
                labels.append((item, colour, background))
                texts.append(text[:cut])
    return Asked(torch.tensor(labels), texts, whole=kind != "up to the item")
