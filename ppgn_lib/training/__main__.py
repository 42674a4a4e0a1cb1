"""``python -m ppgn_lib.training``: train one of the networks, resume where it stopped."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Literal

import torch
import yaml
from lightning_fabric import Fabric
from lightning_fabric.utilities.exceptions import MisconfigurationException

from ppgn_lib.checks import count, known
from ppgn_lib.data.files import read_yaml
from ppgn_lib.networks import precision, zoo
from ppgn_lib.training.recipes import RECIPES, Recipe, option, train
from ppgn_lib.training.settings import Settings
from ppgn_lib.training.source import SHIPPED, Source, from_folder, part

SIZE = 32  # pixels, of folders of images


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and train. Returns the exit status."""
    parser, networks = _parsers()
    given, unknown = parser.parse_known_args(arguments)
    if given.list:
        print(*RECIPES, sep="\n")
        return 0
    if given.network is None:
        parser.error(f"which network? One of {', '.join(RECIPES)}")
    try:
        known((word.partition("=")[0] for word in unknown), _options(networks[given.network]), given.network)
        settings = _settings(RECIPES[given.network], given)
        if given.list_settings:
            for key, value in settings:
                print(f"{key} = {value}")
            return 0
        _train(given, settings)
    except (ValueError, KeyError, OSError, FloatingPointError, yaml.YAMLError) as error:
        print(f"error: {error.args[0] if isinstance(error, KeyError) else error}", file=sys.stderr)
        return 1
    return 0


def _parsers() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """The parser, and those of the networks by name."""
    parser = argparse.ArgumentParser(
        prog="python -m ppgn_lib.training",
        description="Train a network. A run that was stopped goes on from its checkpoint.",
        epilog="Example: python -m ppgn_lib.training generator --steps 2000 --lr 1e-4 --out runs/try",
        allow_abbrev=False,
    )
    parser.add_argument("--list", action="store_true", help="print the networks, each after those it needs, and stop")
    commands = parser.add_subparsers(dest="network", metavar="NETWORK")
    parsers = {}
    for name, recipe in RECIPES.items():
        one = commands.add_parser(name, help=recipe.about, description=f"Train {recipe.about}.", allow_abbrev=False)
        parsers[name] = one
        one.add_argument("--config", type=Path, metavar="FILE.yaml", help="settings other than those below")
        one.add_argument("--list-settings", action="store_true", help="print the settings and stop")
        one.add_argument("--out", type=Path, default=Path("runs"), help="folder of checkpoint, weights, card (runs)")
        one.add_argument(
            "--data", type=Path, help="folder of images, a subfolder for each class (default: the shipped)"
        )
        one.add_argument("--items", type=_names, help="of the shipped images only those of some items: coat,ankle boot")
        one.add_argument("--heads", type=_names, help="of their labels only some: item,colour,background")
        one.add_argument("--size", type=int, help=f"pixels to which images of --data are resized ({SIZE})")
        for needed in recipe.needs:
            one.add_argument(option(needed), type=Path, help=f"weights of the {needed} (the shipped)")
        one.add_argument(
            "--trained-in", type=Path, metavar="FOLDER", help="take what it needs from here, if it is there"
        )
        one.add_argument("--accelerator", default="auto", help="cpu, cuda, mps or auto")
        one.add_argument("--devices", default=1, type=int, help="processes or GPUs (1)")
        choices = ("auto", "bf16-mixed", "32-true")
        one.add_argument("--precision", default="auto", choices=choices, help="auto: bf16-mixed where it is faster")
        one.add_argument("--threads", type=int, help="CPU threads (all)")
        group = one.add_argument_group("settings")
        for key, field in type(recipe.settings).model_fields.items():
            about = f"{field.description or key} ({getattr(recipe.settings, key)})".replace("%", "%%")
            group.add_argument(option(key), dest=f"setting {key}", metavar="VALUE", help=about)
    return parser, parsers


def _options(parser: argparse.ArgumentParser) -> list[str]:
    return [string for action in parser._actions for string in action.option_strings if string.startswith("--")]


def _settings(recipe: Recipe, given: argparse.Namespace) -> Settings:
    """The shipped settings, what a file has instead, what the command line has instead."""
    settings = recipe.settings
    if given.config:
        try:
            settings = settings.changed(**{str(key): value for key, value in read_yaml(given.config).items()})
        except ValueError as error:
            raise ValueError(f"{given.config}: {error}") from None
    named = {key: vars(given)[f"setting {key}"] for key in type(settings).model_fields}
    return settings.changed(**{key: value for key, value in named.items() if value is not None})


def _train(given: argparse.Namespace, settings: Settings) -> None:
    name, needs = given.network, RECIPES[given.network].needs
    files = {needed: vars(given)[needed] for needed in needs}
    for needed in needs if given.trained_in else ():
        there = given.trained_in / f"{needed}.safetensors"
        files[needed] = files[needed] or (there if there.exists() else None)
    for needed, file in files.items():
        if given.data and not file:
            raise ValueError(
                f"{name} --data needs {option(needed)}, weights trained on the same images with "
                f"`{needed} --data {given.data}`"
            )
    if given.threads is not None:
        torch.set_num_threads(count(given.threads, "--threads"))
    fabric = _fabric(given.accelerator, count(given.devices, "--devices"), given.precision)
    fabric.launch()
    source = _source(given)
    inputs = {needed: zoo.load_file(file) if file else zoo.load(needed) for needed, file in files.items()}
    if fabric.is_global_zero:
        print(f"{name} on {fabric.device} in {fabric.strategy.precision.precision}", file=sys.stderr)
    train(name, given.out, fabric, settings=settings, source=source, inputs=inputs)


def _source(given: argparse.Namespace) -> Source:
    of_shipped = given.items is not None or given.heads is not None
    if given.size is not None and not given.data:
        raise ValueError("--size is for the images of --data; the shipped ones have their size")
    if given.data and of_shipped:
        raise ValueError("--items and --heads are for the shipped images; of --data take a folder with some classes")
    if given.data:
        return from_folder(given.data, SIZE if given.size is None else count(given.size, "--size"))
    return part(given.items, given.heads) if of_shipped else SHIPPED


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))


def _fabric(accelerator: str, devices: int, chosen: Literal["auto", "bf16-mixed", "32-true"]) -> Fabric:
    try:
        if chosen == "auto":
            device = Fabric(accelerator=accelerator, devices=1).device
            chosen = "bf16-mixed" if precision.pays(device) else "32-true"
        return Fabric(accelerator=accelerator, devices=devices, precision=chosen)
    except (RuntimeError, MisconfigurationException) as error:  # a device that is not there
        raise ValueError(f"--accelerator {accelerator} --devices {devices}: {error}") from error


if __name__ == "__main__":
    sys.exit(main())
