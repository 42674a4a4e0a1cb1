"""Training of the shipped G: images a second, share of the machine's matrix peak, and where the rest goes."""

import json

import pytest
import torch
from lightning_fabric import Fabric
from measure import interleaved, median
from work import flops, shares_of_time, square_product

from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.networks import precision
from ppgn_lib.networks.zoo import load
from ppgn_lib.training.generator import Adversaries
from ppgn_lib.training.loop import batch_of
from ppgn_lib.training.settings import GeneratorSettings

PRECISIONS = {"bf16": ("bf16-mixed", torch.bfloat16), "fp32": ("32-true", torch.float32)}
if not precision.pays():  # emulated, it takes many times as long and says nothing
    del PRECISIONS["bf16"]


class Training:
    """The shipped training, a step at a time: what `train_generator` does but log and checkpoint."""

    def __init__(self, config, name):
        self.config = config
        self.pair = Adversaries(config, load("encoder"), Fabric(accelerator="cpu", devices=1, precision=name))
        self.images = TintedFashion("train")
        self.t = 0

    def data(self, t):
        return batch_of(self.images, self.config, t, self.pair.fabric).x.to(memory_format=torch.channels_last)

    def step(self, x, t):
        self.pair.ratio = torch.ones(())  # nobody rests, else steps were of different work
        self.pair.step(x)

    def __call__(self):
        self.step(self.data(self.t), self.t)
        self.t += 1


def shipped_config(pytestconfig):
    card = json.loads((pytestconfig.rootpath / "data/weights/generator.json").read_text("utf-8"))
    return GeneratorSettings(**card["config"])


def test_train(benchmark, record, quick, pytestconfig):
    config = shipped_config(pytestconfig)
    trainings = {kind: Training(config, name) for kind, (name, _) in PRECISIONS.items()}
    work = {name: flops(training) for name, training in trainings.items()}
    needed = {name: flops(training, padding=False) / work[name] for name, training in trainings.items()}
    sizes = (256, 512) if quick else (768, 1536, 3072)
    products = {
        (name, n): square_product(n, dtype, (sizes[-1] // n) ** 3)  # the same work at each size
        for name, (_, dtype) in PRECISIONS.items()
        for n in sizes
    }
    arms = {f"train {name}": training for name, training in trainings.items()}
    arms |= {f"product {name} {n}": call for (name, n), (call, _) in products.items()}
    seconds = interleaved(benchmark, arms, rounds=2 if quick else 20)

    for name in PRECISIONS:
        # The best of all sizes and rounds, not of each round: a product that something interrupted is no peak, and a
        # peak that is too low would flatter the share.
        peak = max(
            operations / seconds[f"product {name} {n}"].min()
            for (kind, n), (_, operations) in products.items()
            if kind == name
        )
        achieved = work[name] / seconds[f"train {name}"]
        suffix = "" if name == "bf16" else "_fp32"
        what, share = f"training of the shipped G in {name}", "share of the best square product's speed"
        record(f"train.peak_share{suffix}", f"{what}, {share}, padding counted as usual", median(achieved / peak))
        unpadded = median(needed[name] * achieved / peak)
        record(f"train.peak_share_unpadded{suffix}", f"{what}, {share}, products with padding not counted", unpadded)
        images = median(config.batch / seconds[f"train {name}"])
        record(f"train.images_per_second{suffix}", f"{what}, data included", images, unit="images/s")
        fastest = {"value": peak / 1e9}
        record(f"train.peak{suffix}", f"best square product in {name}, of {len(sizes)} sizes", fastest, unit="GFLOP/s")
    what = f"convolutions and products of a step of {config.batch} images, padding counted"
    record("train.step_work", what, {"value": work["fp32"] / 1e9}, unit="GFLOP")


@pytest.mark.skipif("bf16" not in PRECISIONS, reason="the profile is one of bfloat16")
def test_profile(record, quick, pytestconfig):
    training = Training(shipped_config(pytestconfig), PRECISIONS["bf16"][0])
    training()
    shares = shares_of_time(training.step, training.data, steps=1 if quick else 20)
    for group, share in shares.items():
        key = "train.profile." + group.replace(" ", "_").replace("-", "_")
        record(key, group, {"value": share}, unit="share of a training step's time, bf16")
