"""Pairs of E and G that were taught a part of the items, or other things: for claims on what a G never saw. Resumable.

    python tools/runs/parts.py            all that is not there yet (hours)
    python tools/runs/parts.py c d        these

Each is `python -m ppgn_lib.training encoder` and `generator` with the settings of ``SHORTER``, on its own images. The
networks lie in runs/parts, each in its folder; what is sampled with them is stored by the scripts that do so.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

import ablation
from lightning_fabric import Fabric
from torch import nn
from tqdm import tqdm

from ppgn_lib.checks import known
from ppgn_lib.data.tinted_fashion import ITEMS
from ppgn_lib.data.tinted_letters import TintedLetters
from ppgn_lib.networks import precision, zoo
from ppgn_lib.networks.small import Encoder, Generator
from ppgn_lib.training.classifier import report_classifier, train_classifier
from ppgn_lib.training.generator import report_generator, train_generator
from ppgn_lib.training.loop import Run
from ppgn_lib.training.recipes import RECIPES
from ppgn_lib.training.settings import Settings
from ppgn_lib.training.source import SHIPPED, Source, part

WORK = Path("runs/parts")
SHORTER: dict[str, dict[str, Any]] = {
    "encoder": {"steps": 8000},
    "generator": {**ablation.BUDGET, "width": 24, "batch": 64, "steps": 6000, "halve_every": 1800},
}
SEED = 31
LETTERS = Source(TintedLetters, "tinted letters in the fonts that Matplotlib ships", {"data": "letters"})
CLOTHES = ("t-shirt", "trousers", "pullover", "dress", "coat", "shirt")
HALF = ("t-shirt", "coat", "sneaker", "trousers", "bag")


class Lesson(NamedTuple):
    """What a pair is taught: the images of E, and those of G, which inverts the E of another lesson if one is named."""

    encoder: Source
    generator: Source
    of: str = ""


def same(source: Source) -> Lesson:
    """E and G see the same."""
    return Lesson(source, source)


LESSONS = {
    "a": same(part(CLOTHES)),
    "b": same(part([item for item in ITEMS if item not in CLOTHES])),
    "c": same(part(HALF)),
    "d": same(part([item for item in ITEMS if item not in HALF])),
    "all": same(SHIPPED),
    "letters": same(LETTERS),
    "item only": same(part(heads=("item",))),
    "a, G of all": Lesson(part(CLOTHES), SHIPPED, "a"),
    "b, G of all": Lesson(part([item for item in ITEMS if item not in CLOTHES]), SHIPPED, "b"),
}


class Pair(NamedTuple):
    """What one lesson gives."""

    E: Encoder
    G: Generator


def main(arguments: list[str] | None = None) -> int:
    """Train what is missing."""
    parser = argparse.ArgumentParser(description="Pairs of E and G that were taught a part.")
    parser.add_argument("names", nargs="*", help="lessons (default: all)")
    given = parser.parse_args(arguments)
    known(given.names, LESSONS, "lesson")
    for name in tqdm(given.names or LESSONS, desc="lessons", unit="pair"):
        pair(name)
    return 0


def pair(name: str) -> Pair:
    """The networks of a lesson, frozen; trained first if they are not there. Goes on from checkpoints."""
    lesson = LESSONS[name]
    E = pair(lesson.of).E if lesson.of else _trained(name, "encoder", lesson.encoder, {})
    return Pair(E, _trained(name, "generator", lesson.generator, {"encoder": E}))


def pair_or_shipped(name: str) -> Pair:
    """The pair of a lesson; the shipped one where none is named."""
    return pair(name) if name else Pair(zoo.load("encoder"), zoo.load("generator"))


def described(name: str) -> list[str]:
    """What E and G of a lesson were taught, and for how long."""
    lesson = LESSONS[name]
    steps = [dict(settings_of(kind))["steps"] for kind in SHORTER]
    taught = [lesson.encoder.text, lesson.generator.text]
    return [f"{text}, {count} steps" for text, count in zip(taught, steps, strict=True)]


def settings_of(kind: str) -> Settings:
    """Those of the shipped network, shorter."""
    return RECIPES[kind].settings.changed(**SHORTER[kind], seed=SEED)


def fabric() -> Fabric:
    """One CPU, in bfloat16 where that is faster."""
    return Fabric(accelerator="cpu", devices=1, precision="bf16-mixed" if precision.pays() else "32-true")


def _trained(name: str, kind: str, source: Source, inputs: dict[str, nn.Module]) -> Any:
    folder = WORK / name.replace(", ", "_").replace(" ", "_")
    path, card = folder / f"{kind}.safetensors", folder / f"{kind}.json"
    if path.exists():
        made = json.loads(card.read_text("utf-8"))
        wanted = {"config": dict(settings_of(kind)), "data": source.text}
        wanted |= {needed: zoo.digest(net) for needed, net in inputs.items()}
        if {key: made[key] for key in wanted} != wanted:
            raise SystemExit(f"{path} was made with other settings, images or E: remove {folder} to train it anew")
    else:
        folder.mkdir(parents=True, exist_ok=True)
        command = f"python tools/runs/parts.py '{name}'"
        run: Run[Any] = Run(kind, settings_of(kind), folder, fabric(), source, inputs, command)
        if kind == "encoder":
            report_classifier(run, train_classifier(lambda s, data: Encoder(data.classes, code=s.code), run))
        else:
            report_generator(run, train_generator(run))
    return zoo.load_file(path).float()


if __name__ == "__main__":
    sys.exit(main())
