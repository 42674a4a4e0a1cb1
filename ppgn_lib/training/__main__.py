"""``python -m ppgn_lib.training``: train one of the networks, resume where it stopped."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch
import yaml
from lightning_fabric import Fabric

from ppgn_lib.training.config import Config, DenoiserConfig, GeneratorConfig, read_config

NAMES = ("encoder", "selector", "evaluator", "generator", "denoiser")


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and train. Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m ppgn_lib.training",
        description="Train a network of the book. A run that was stopped goes on from its checkpoint.",
        epilog="Example: python -m ppgn_lib.training generator --set steps=2000 --set lr=1e-4 --out runs/try",
    )
    parser.add_argument("network", choices=NAMES)
    parser.add_argument("--config", type=Path, help="a YAML file of settings instead of the shipped ones")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="change one setting")
    parser.add_argument("--out", type=Path, default=Path("runs"), help="folder of checkpoint, weights, card (runs)")
    parser.add_argument("--data", type=Path, help="folder of images, a subfolder for each class (default: the shipped)")
    parser.add_argument("--encoder", type=Path, help="weights of E for `generator` (default: the shipped ones)")
    parser.add_argument("--accelerator", default="auto", help="cpu, cuda, mps or auto")
    parser.add_argument("--devices", default=1, type=int, help="processes or GPUs")
    parser.add_argument("--precision", default="bf16-mixed", help="bf16-mixed or 32-true")
    parser.add_argument("--threads", type=int, help="CPU threads (default: all)")
    parser.add_argument("--list-settings", action="store_true", help="print the settings of this network and stop")
    options_given = parser.parse_args(arguments)
    try:
        config = read_config(options_given.network, options_given.config, options_given.set)
        if options_given.list_settings:
            for key, value in vars(config).items():
                print(f"{key} = {value}")
            return 0
        if options_given.threads:
            torch.set_num_threads(options_given.threads)
        fabric = Fabric(
            accelerator=options_given.accelerator, devices=options_given.devices, precision=options_given.precision
        )
        fabric.launch()
        _train(config, options_given, fabric)
    except (ValueError, OSError, FloatingPointError, yaml.YAMLError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _train(config: Config, given: argparse.Namespace, fabric: Fabric) -> None:
    # Imported here so that --help and errors in settings do not wait for the data to load.
    from ppgn_lib.training import card
    from ppgn_lib.training.classifier import train_classifier
    from ppgn_lib.training.denoiser import train_denoiser
    from ppgn_lib.training.generator import train_generator
    from ppgn_lib.training.source import SHIPPED, from_folder
    from ppgn_lib.zoo import load, load_file

    if given.data and not given.encoder and isinstance(config, GeneratorConfig):
        raise ValueError(
            "generator --data needs --encoder, the E to invert: train it on the same images with "
            f"`encoder --data {given.data}`"
        )
    source = from_folder(given.data) if given.data else SHIPPED
    if isinstance(config, GeneratorConfig):
        e = load_file("encoder", given.encoder) if given.encoder else load("encoder")
        trained = train_generator(config, e, given.out, fabric, source)
        if fabric.is_global_zero:
            card.write_generator(given.out, trained, e, config, given.precision, source)
    elif isinstance(config, DenoiserConfig):
        denoiser, log = train_denoiser(config, given.out, fabric, source)
        if fabric.is_global_zero:
            card.write_denoiser(given.out, denoiser, config, log, given.precision, source)
    else:
        net, log = train_classifier(config, given.out, fabric, source)
        if fabric.is_global_zero:
            card.write_classifier(given.out, given.network, net, config, log, given.precision, source)


if __name__ == "__main__":
    sys.exit(main())
