"""With and without the GAN loss: the sharpening, the measure of own detail, and step sizes for each kind."""

import ablation
import pytest
import torch
import trials
import without_gan
from torch import nn

from ppgn_lib import metrics
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.zoo import load


@pytest.fixture(scope="module")
def photographs():
    return TintedFashion("validation").batch(range(40)).x


@pytest.fixture
def few(monkeypatch, tmp_path):
    """Three photographs a class, a store of its own, and a faster judge in EfficientNet's place."""
    monkeypatch.setattr(ablation, "PHOTOGRAPHS", 3)
    monkeypatch.setattr(ablation, "WORK", tmp_path / "ablation")
    monkeypatch.setattr(trials, "REAL", 4)
    monkeypatch.setattr(metrics, "imagenet", lambda: metrics.judge_with(load("selector"), "item"))  # a faster one
    monkeypatch.setattr(without_gan, "STORE", tmp_path / "without_gan.safetensors")
    ablation.photographs.cache_clear()
    yield
    ablation.photographs.cache_clear()


def test_sharpened_pictures_have_the_fine_power_asked_for_after_the_cut(photographs):
    blurred = without_gan.sharpened(photographs, 0.5)
    wanted = without_gan.fine_power(photographs)
    factor = without_gan.factor_to(blurred, wanted)
    assert factor > 1.5
    assert without_gan.fine_power(without_gan.sharpened(blurred, factor)) == pytest.approx(wanted, rel=1e-3)
    with pytest.raises(ValueError, match="may have broken down"):
        without_gan.factor_to(torch.zeros(2, 3, 32, 32), wanted)


def test_the_filter_is_smooth_and_leaves_what_is_coarse(photographs):
    x = 0.1 * photographs  # far from the cut
    sharp, f = without_gan.sharpened(x, 3.0), without_gan.radius(32)
    gain = torch.fft.fft2(sharp.double()).abs().mean((0, 1)) / torch.fft.fft2(x.double()).abs().mean((0, 1))
    torch.testing.assert_close(gain[f < 6], torch.ones_like(gain[f < 6]), atol=1e-4, rtol=0)
    torch.testing.assert_close(gain[f > 10], 3 * torch.ones_like(gain[f > 10]), atol=1e-3, rtol=0)
    torch.testing.assert_close(gain[f == 8], 2 * torch.ones_like(gain[f == 8]), atol=1e-3, rtol=0)
    torch.testing.assert_close(without_gan.sharpened(photographs, 1.0), photographs, atol=1e-6, rtol=0)


def test_own_detail_is_that_of_the_photograph_alone(photographs):
    """A flat picture and any smooth one have none; contrast scales it; a picture of another thing has less than 0."""
    x, other = photographs[:20], photographs[20:]
    detail = without_gan.own_detail
    copy = detail(x, x, other)
    assert 0.5 < copy < 1.5 and detail(torch.zeros_like(x), x, other) == 0
    smooth = torch.cos(2 * torch.pi * 5 * torch.arange(32) / 32).expand_as(x)
    assert detail(x + smooth, x, other) == pytest.approx(copy, abs=1e-4)
    assert detail(0.5 * x, x, other) == pytest.approx(0.5 * copy, rel=1e-5)
    assert detail(other, x, other) < 0 < detail(without_gan.sharpened(x, 0.5), x, other) < copy


def test_the_other_photograph_is_the_next_of_the_class_in_the_same_colours(few):
    test = TintedFashion("test")
    own = protocol.real_images(test, metrics.judge_with(load("evaluator"), "item"), 3, "item", skip=3).x
    other = without_gan.next_of_class()

    def some(x):  # pixels that tell all photographs apart
        return x[:, :, 4:28:6, 4:28:6].flatten(1)

    every = torch.cat([some(test.batch(range(i, i + 1000)).x) for i in range(0, len(test), 1000)])
    index = torch.tensor([(every == row).all(1).nonzero().item() for row in some(own)])
    following = index.view(10, 3)[:, [1, 2, 0]].flatten()
    assert torch.equal(other, test.batch(following, tints_of=test.start + index).x)
    assert torch.equal(test.labels()["item"][index], torch.arange(10).repeat_interleave(3))


class Blurred(nn.Module):
    """G whose pictures have half of the detail."""

    def __init__(self, g):
        super().__init__()
        self.g = g

    def forward(self, h):
        return without_gan.sharpened(self.g(h), 0.5)


def test_blurred_rival_is_sharpened_as_far_as_the_selector_likes(few, monkeypatch):
    nets = {"four": load("generator"), "without_gan": Blurred(load("generator"))}
    monkeypatch.setattr(without_gan, "generator", lambda row, seed: nets[row])
    shown, found = without_gan.measured(11)
    factors = [point["factor"] for point in found["factors"]]
    assert factors[0] == 1 < factors[1] < factors[2] and factors[1] ** 2 == pytest.approx(factors[2])
    assert factors[2] == pytest.approx(2, rel=0.1)  # what the blur took
    assert found["factor"] == min(found["factors"], key=lambda point: point["kid"])["factor"]
    numbers = {key: value[0] for key, value in found["numbers"].items()}
    assert numbers["four.own_detail"] > numbers["without_gan.own_detail"] > 0
    assert numbers["four.fine_power"] > numbers["without_gan.fine_power"]
    assert {x.shape for x in shown.values()} == {(ablation.SHOWN, 3, 32, 32)}


def test_each_training_has_starts_of_its_own_and_both_kinds_the_same(generator, monkeypatch):
    seeds = [without_gan.seeds_of(seed) for seed in ablation.SEEDS]
    every = [seed for of_one in seeds for seed in of_one]
    assert len(set(every)) == len(every) == 3 * 10 * without_gan.CHAINS
    assert not set(every) & set(protocol.seeds_of(without_gan.TUNING_FROM, 1000, 10))
    monkeypatch.setattr(protocol, "STEPS", 2)
    E = load("encoder")
    ends = [without_gan.ends(generator, E, (0.1, e2, 0.0), torch.tensor([3]), [1]) for e2 in (0.0, 0.1)]
    assert ends[0].shape == (1, 256) and not torch.equal(*ends)


def test_a_kind_goes_on_to_its_next_best_setting_alone(few, monkeypatch):
    monkeypatch.setattr(without_gan.stored, "made_with", lambda *of: {})  # it reads many files
    monkeypatch.setattr(without_gan, "accuracy_of_photographs", lambda: 0.95)
    monkeypatch.setattr(without_gan, "measured", lambda seed: ({}, {"numbers": {}}))
    monkeypatch.setattr(without_gan, "generator", lambda row, seed: (row, seed))
    monkeypatch.setattr(without_gan, "digest", str)
    monkeypatch.setattr(without_gan, "drawn", lambda g, h: torch.zeros(len(h), 3, 32, 32))
    monkeypatch.setattr(without_gan, "CHAINS", 2)
    kids, made = {"four": (0.3, 0.1, 0.2), "without_gan": (0.1, 0.2, 0.3)}, []

    def tuning(g):
        assert g[1] == 11
        return [
            {"setting": s, "accuracy": 0.95, "kid": kid}
            for s, kid in zip(without_gan.SETTINGS, kids[g[0]], strict=True)
        ]

    def ends(g, E, setting, y, seeds):
        made.append((*g, setting))
        if g == ("four", 12) and setting == without_gan.SETTINGS[1]:
            raise FloatingPointError
        return torch.zeros(len(y), 256)

    monkeypatch.setattr(without_gan, "tuning", tuning)
    monkeypatch.setattr(without_gan, "ends", ends)
    with pytest.raises(SystemExit, match="chosen on seed 11"):
        without_gan.main(["--seeds", "12"])
    assert without_gan.main([]) == 0
    settings = {row: {tuple(without_gan.so_far(f"{row}.{seed}")["setting"]) for seed in ablation.SEEDS} for row in kids}
    assert settings == {"four": {without_gan.SETTINGS[2]}, "without_gan": {without_gan.SETTINGS[0]}}
    done = len(made)
    assert without_gan.main([]) == 0 and len(made) == done, "what is there is not computed again"
