"""What the benchmarks compare and count is what they say. No times here."""

import json
from pathlib import Path

import benchmark as runner
import numpy as np
import pytest
import torch
from measure import interleaved, median
from released_loop import released_loop
from torch import nn
from torch.nn import functional as F
from work import ELEMENT_WISE, flops, group_of, shares_of_time, square_product

from ppgn_lib.book import results
from ppgn_lib.experts.conditions import released_classes
from ppgn_lib.experts.variants import joint
from ppgn_lib.sampling.chain import Eps
from ppgn_lib.sampling.released import released_chain
from ppgn_lib.sampling.starts import rectified_normal

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("eps3", [0.0, 0.3])
def test_transcribed_loop_gives_the_codes_of_released_chain(generator, encoder, eps3):
    """The speedup is over the same computation. float64, two chains against two loops, a size that changes."""
    G, E = generator.double(), encoder.double()
    h0, steps, eps = rectified_normal(range(2), 256).double(), 3, Eps(0.3, 2.0, eps3)
    experts = joint(G, E, released_classes(E, 4, "item"))
    states = list(released_chain(h0, *experts, eps, steps=steps, size=0.5, size_end=0.1, seeds=range(2)))
    ours = torch.stack([s.h for s in states[1:]])  # (steps, 2, 256)
    for i in range(2):
        loop = released_loop(
            h0[i : i + 1], G, E, lambda x: E(x).logits["item"], 4, eps, steps=steps, lr=0.5, lr_end=0.1, seed=i
        )
        assert torch.allclose(torch.cat(list(loop)), ours[:, i], rtol=1e-9, atol=1e-11)
    assert not torch.allclose(ours[0], h0)


def test_transcribed_loop_takes_both_terms(generator, encoder):
    """Were one term nil, the test above would not see it missing."""
    G, E, h0 = generator.double(), encoder.double(), rectified_normal([7], 256).double()

    def after_a_step(eps):
        return next(released_loop(h0, G, E, lambda x: E(x).logits["item"], 4, eps, steps=1))

    both, prior, condition = (after_a_step(Eps(*e)) for e in ((0.3, 50.0), (0.3, 0.0), (0.0, 50.0)))
    assert (both - prior).abs().max() > 1e-3 and (both - condition).abs().max() > 1e-3


LAYERS = {  # layer, shape of its input, MACs of its forward pass: by hand
    "linear": (nn.Linear(10, 20), (4, 10), 4 * 10 * 20),
    "convolution": (nn.Conv2d(3, 8, 5, padding=2), (2, 3, 16, 16), 2 * 16 * 16 * 8 * 3 * 5 * 5),
    "transposed": (nn.ConvTranspose2d(6, 4, 4, stride=2, padding=1), (2, 6, 8, 8), 2 * 8 * 8 * 6 * 4 * 4 * 4),
}


@pytest.mark.parametrize("bf16", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_flops_by_hand(name, bf16):
    """2 a MAC; the way back costs as much for the input's gradient and again for the weights'."""
    layer, shape, macs = LAYERS[name]
    x = torch.randn(shape)

    def passes(need_input):
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            y = layer(x.requires_grad_(need_input))
        y.float().sum().backward()

    assert flops(lambda: passes(True)) == 2 * 3 * macs
    assert flops(lambda: passes(False)) == 2 * 2 * macs


@pytest.mark.parametrize("name", ["convolution", "transposed"])
def test_flops_without_padding_are_the_products_of_ones(name):
    """With ones everywhere, the sum of the output is the number of products that met no padding."""
    layer, shape, macs = LAYERS[name]
    ones = torch.ones_like(layer.weight)
    convolve = F.conv_transpose2d if layer.transposed else F.conv2d
    count = convolve(torch.ones(shape), ones, stride=layer.stride, padding=layer.padding).sum().item()
    x = torch.randn(shape, requires_grad=True)
    assert flops(lambda: layer(x), padding=False) == 2 * count < 2 * macs
    assert flops(lambda: layer(x).sum().backward(), padding=False) == 3 * 2 * count


def test_square_product_counts_its_repeats():
    call, operations = square_product(8, torch.bfloat16, repeats=3)
    assert operations == 3 * 2 * 8**3 == flops(call)


def test_groups_of_operators():
    assert group_of(["aten::mkldnn_convolution", "aten::conv2d"]) == "convolutions"
    assert group_of(["aten::addmm"]) == "matrix products"
    assert group_of(["aten::copy_", "aten::mkldnn_convolution"]) == "casts and copies"
    assert group_of(["aten::mul_", "Optimizer.step#Adam.step"]) == "optimisers and average"
    assert group_of(["aten::lerp_", "aten::_foreach_lerp_"]) == "optimisers and average"
    assert group_of(["aten::leaky_relu"]) == ELEMENT_WISE


def test_shares_of_time_sum_to_one():
    weight = torch.randn(256, 256)
    shares = shares_of_time(lambda x, t: (x @ weight).relu(), lambda t: torch.randn(256, 256), steps=2)
    assert sum(shares.values()) == pytest.approx(1) and shares["data"] > 0 and shares["matrix products"] > 0


def test_rounds_call_every_arm_once():
    calls = []

    class Benchmark:
        def pedantic(self, one_round, rounds):
            for _ in range(rounds):
                one_round()

    seconds = interleaved(Benchmark(), {name: lambda name=name: calls.append(name) for name in "abc"}, rounds=4)
    assert all(len(values) == 4 for values in seconds.values())
    assert [sorted(calls[i : i + 3]) for i in range(0, 15, 3)] == [["a", "b", "c"]] * 5  # one of them to warm up


def test_median_lies_in_its_interval():
    figures = median(np.array([1.0, 2.0, 3.0, 100.0, 2.0]))
    assert figures["value"] == 2 and figures["low"] <= 2 <= figures["high"] and figures["n"] == 5


def test_page_says_what_is_missed():
    page = runner.page(
        {
            "step.overhead": {"value": 1.2, "unit": "ratio", "notebook": "x"},
            "train.peak_share": {"value": 0.5, "low": 0.4, "high": 0.6, "unit": "ratio", "notebook": "x"},
        }
    )
    assert "| `step.overhead` | 1.2 | ≤ 1.1 | **missed** |" in page
    assert "| `train.peak_share` | 0.5 [0.4, 0.6] | ≥ 0.4 | met |" in page
    assert "| `step.memory_ratio` | not measured yet |" in page


def test_page_is_that_of_the_results():
    """Else run `python tools/runs/benchmark.py --report`."""
    assert runner.PAGE.read_text("utf-8") == runner.page(results.read(ROOT / "benchmarks/results.json"))


def test_results_name_no_folder_of_a_machine():
    stored = json.loads((ROOT / "benchmarks/results.json").read_text())
    assert str(ROOT) not in json.dumps(stored) and str(Path.home()) + "/" not in json.dumps(stored)
