"""Captions of the tinted photographs, in several forms and with several nouns, as people might write them.

A form names the item with its colour and mostly the background: "a red ankle boot on a green background". The words of
a picture are drawn from an explicit generator, so that a training may say each picture anew in each epoch.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from ppgn_lib.data.tinted_fashion import COLOURS, ITEMS

NOUNS: dict[str, tuple[str, ...]] = {  # how people call an item
    "t-shirt": ("t-shirt", "tee"),
    "trousers": ("pair of trousers", "pair of pants"),
    "pullover": ("pullover", "sweater"),
    "dress": ("dress",),
    "coat": ("coat", "jacket"),
    "sandal": ("sandal",),
    "shirt": ("shirt",),
    "sneaker": ("sneaker", "trainer"),
    "bag": ("bag", "handbag"),
    "ankle boot": ("ankle boot", "boot"),
}
FORMS = (
    "a {colour} {noun} on a {background} background",
    "a {colour} {noun} in front of a {background} wall",
    "a photo of a {colour} {noun} on {background}",
    "a {noun} in {colour} on a {background} background",
    "{colour} {noun}, {background} wall",
    "a {colour} {noun}",  # people do not say everything
    "a {noun} on a {background} background",
)
SPECIAL = ("<pad>", "<start>", "<end>")
PAD, START, END = range(3)


def words_of(text: str) -> list[str]:
    """Lower case, and a comma as a word of its own."""
    return re.findall(r"[a-z-]+|,", text.lower())


def caption(item: int, colour: int, background: int, form: int, noun: int) -> str:
    """One caption from the labels of a picture; ``noun`` counts round through the item's nouns."""
    nouns = NOUNS[ITEMS[item]]
    text = FORMS[form].format(colour=COLOURS[colour], noun=nouns[noun % len(nouns)], background=COLOURS[background])
    return re.sub(r"\ba (?=[aeiou])", "an ", text)


def captions(labels: Mapping[str, Tensor], generator: torch.Generator) -> list[str]:
    """A caption for each picture of a batch of ``TintedFashion``; form and noun are drawn."""
    n = len(labels["item"])
    forms = torch.randint(len(FORMS), (n,), generator=generator).tolist()
    nouns = torch.randint(2, (n,), generator=generator).tolist()
    of_pictures = zip(*(labels[head].tolist() for head in ("item", "colour", "background")), forms, nouns, strict=True)
    return [caption(*of_picture) for of_picture in of_pictures]


def held_out(labels: Mapping[str, Tensor]) -> Tensor:
    """Which pictures no captioner is trained on, (B,) bool: one colour of each item, an item or two of each colour."""
    return (3 * labels["item"] + labels["colour"]) % len(COLOURS) == 0


class Meant(NamedTuple):
    """What a caption says; None: nothing, or what no noun or colour stands for."""

    item: int | None
    colour: int | None
    background: int | None


def meant(text: str) -> Meant:
    """What a caption of one of the ``FORMS`` says of a picture.

    A colour before the noun, or right behind it after "in", is that of the item; one further on, of the background.
    """
    words = words_of(text)
    nouns = [(noun.split(), item) for item, name in enumerate(ITEMS) for noun in NOUNS[name]]
    places = [
        (start, start + len(noun), item)
        for noun, item in nouns
        for start in range(len(words))
        if words[start : start + len(noun)] == noun
    ]
    if not places:
        return Meant(None, None, None)
    begin, end, item = min(places, key=lambda place: (place[0], -place[1]))  # the first; the longest of those
    before, after = words[:begin], words[end:]
    colour = next((COLOURS.index(word) for word in before if word in COLOURS), None)
    if colour is None and len(after) > 1 and after[0] == "in" and after[1] in COLOURS:
        colour, after = COLOURS.index(after[1]), after[2:]
    return Meant(item, colour, next((COLOURS.index(word) for word in after if word in COLOURS), None))


class Vocabulary:
    """Words and their numbers; the first three are padding, start and end."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = (*SPECIAL, *(word for word in words if word not in SPECIAL))
        self.number = {word: i for i, word in enumerate(self.words)}

    def __len__(self) -> int:
        return len(self.words)

    def encode(self, texts: str | Sequence[str], *, whole: bool = True) -> Tensor:
        """Captions as numbers (B, T), padded behind; with ``whole`` the end is a word too. One text gives one row.

        Raises
        ------
        ValueError
            A text has no word, or one that is not in the vocabulary; the message has the nearest ones.

        """
        rows = [self._row(text, whole) for text in ([texts] if isinstance(texts, str) else texts)]
        longest = max(map(len, rows), default=0)
        return torch.tensor([row + [PAD] * (longest - len(row)) for row in rows], dtype=torch.long)

    def _row(self, text: str, whole: bool) -> list[int]:
        found = words_of(text)
        if not found:
            raise ValueError(f"a caption must have at least one word; got {text!r}")
        for word in found:
            if word not in self.number:
                near = difflib.get_close_matches(word, self.words[len(SPECIAL) :], n=3, cutoff=0.0)
                raise ValueError(
                    f"the captioner does not know the word {word!r} of {text!r}; the nearest it knows are "
                    f"{', '.join(near)}. All: {' '.join(sorted(self.words[len(SPECIAL) :]))}"
                )
        return [self.number[word] for word in found] + [END] * whole

    def decode(self, numbers: Tensor) -> list[str]:
        """The texts of (B, T) numbers, up to the end of each."""
        texts = []
        for row in numbers.tolist():
            words = row[: row.index(END)] if END in row else row
            texts.append(" ".join(self.words[i] for i in words if i not in (PAD, START)).replace(" ,", ","))
        return texts


def vocabulary() -> Vocabulary:
    """All words that ``captions`` uses, in alphabetical order."""
    texts = [
        caption(i, c, (c + 1) % len(COLOURS), f, n)
        for i in range(len(ITEMS))
        for c in range(len(COLOURS))
        for f in range(len(FORMS))
        for n in range(2)
    ]
    return Vocabulary(sorted({word for text in texts for word in words_of(text)}))
