"""The networks that judge, the protocol by which they do, and bfloat16."""

import colorsys
import re

import pytest
import torch

from ppgn_lib import metrics, protocol
from ppgn_lib.data import TintedFashion
from ppgn_lib.evaluators import Evaluator, Selector, without_hue
from ppgn_lib.metrics import Seen
from ppgn_lib.precision import in_bfloat16
from ppgn_lib.sampling import Eps, State, chain
from ppgn_lib.variants import noiseless_joint


@pytest.mark.parametrize("network", [Selector, Evaluator])
def test_judging_networks_are_of_another_make_than_e(network, encoder):
    net = network(8).eval()
    judgement = net(torch.zeros(2, 3, 32, 32))
    assert judgement.features.shape == (2, 32 if network is Selector else 64) and judgement.item.shape == (2, 10)
    assert judgement.colour.shape == judgement.background.shape == (2, 8)
    assert any(isinstance(m, torch.nn.BatchNorm2d) for m in net.modules())
    assert not any(isinstance(m, torch.nn.BatchNorm2d) for m in encoder.modules())


def test_value_and_saturation_are_those_of_hsv_and_the_key_is_the_item():
    rgb = torch.rand(20, 3, generator=torch.Generator().manual_seed(0)) * 0.9 + 0.1  # below that it is damped
    found = without_hue((2 * rgb - 1)[:, :, None, None]).flatten(1) / 2 + 0.5
    for pixel, (value, saturation, key) in zip(rgb.tolist(), found.tolist(), strict=True):
        _, s, v = colorsys.rgb_to_hsv(*pixel)
        assert (value, saturation) == pytest.approx((v, s), abs=1e-5)
        assert key == pytest.approx(v if s >= 0.5 else 0 if s <= 0.36 else v * (s - 0.36) / 0.14, abs=1e-5)


def test_key_separates_items_from_walls():
    """Of 2000 test images: on the outermost two pixels, where there is wall only, the key is nearly 0."""
    value, _, key = (without_hue(TintedFashion("test").batch(range(2000)).x) / 2 + 0.5).unbind(1)
    assert (key[:, :2] / value[:, :2]).max() < 0.22  # 0.39 is the largest saturation of a wall
    assert (key / value)[:, :2].mean() < 0.05 < 0.7 < (key / value)[:, 12:20, 12:20].mean()


def states(count):
    for t in range(count):
        h = torch.full((3, 2), float(t))
        yield State(h, h, h[:, 0], h)


def draw(h):
    """Code t -> pictures of the grey t/100, some of them beyond white."""
    return (h[:, :1, None, None] / 100).expand(-1, 3, 4, 4)


def look(x):
    """Features: the mean grey. Logits: class 0 while dark, class 1 from 0.5 on."""
    grey = x.mean((1, 2, 3))
    return Seen(grey[:, None], torch.stack([0.5 - grey, grey - 0.5], 1))


def test_states_after_the_burn_in_are_judged_as_they_would_be_saved():
    verdict = protocol.judge(states(121), draw, look, burn_in=50, every=10)
    assert verdict.logits.shape == (7, 3, 2)  # after steps 60, 70, ... 120, the last one
    assert verdict.codes[0, 0] == 120 and verdict.features[0, 0] == 1  # 1.20 is cut to white
    assert verdict.logits.argmax(2)[:, 0].tolist() == [1] * 7
    with pytest.raises(ValueError, match="burn-in of 50"):
        protocol.judge(states(51), draw, look)


def by_pixels(x):
    """A judge without weights: features are pixels of a small version, the class is the brightest corner's."""
    small = torch.nn.functional.adaptive_avg_pool2d(x, 2).flatten(1)
    return Seen(small, small[:, [0, 3]])


def test_real_images_are_disjoint_balanced_and_fixed():
    first, other = (protocol.real_images("test", by_pixels, 7, skip=skip) for skip in (0, 7))
    assert first.y.tolist() == [c for c in range(10) for _ in range(7)]
    assert torch.cdist(first.x.flatten(1), other.x.flatten(1)).min() > 0
    assert torch.equal(first.x, protocol.real_images("test", by_pixels, 7).x)
    with pytest.raises(ValueError, match="no 1001 images"):
        protocol.real_images("test", by_pixels, 1001)


def everything_is(y):
    """A judge who accepts all pictures of these classes."""

    def judge(x):
        return Seen(by_pixels(x).features, torch.nn.functional.one_hot(y, 10).float())

    return judge


def test_report_of_real_images_themselves_and_of_prototypes():
    y = torch.arange(10).repeat_interleave(12)
    judge = everything_is(y)
    real, other = (protocol.real_images("test", judge, 12, skip=skip) for skip in (0, 12))
    same = protocol.compare(real.x, y, real, other, judge)
    assert same.coverage.value == same.recall.value == 1
    assert same.frechet.value == pytest.approx(0, abs=1e-6) and same.diversity_ratio.value == pytest.approx(1)
    as_real = protocol.compare(other.x, y, real, other, judge)
    assert as_real.coverage_ratio.value == 1 and as_real.frechet == as_real.frechet_real
    prototypes = real.x[::12].repeat_interleave(12, 0) + 1e-4 * torch.randn(
        120, 3, 32, 32, generator=torch.Generator().manual_seed(0)
    )
    bad = protocol.compare(prototypes, y, real, other, judge)
    assert bad.precision.value == 1 and bad.coverage.value < 0.6 and bad.diversity_ratio.value < 0.05
    first_refused = everything_is(torch.where(y == 0, 9, y))  # no picture of class 0 is accepted: it counts as 0
    assert protocol.compare(real.x, y, real, other, first_refused).diversity_ratio.value < 0.99
    assert (
        protocol.compare(3 * real.x, y, real, other, judge).coverage
        == protocol.compare((3 * real.x).clamp(-1, 1), y, real, other, judge).coverage
    )
    with pytest.raises(ValueError, match="as many other real images"):
        protocol.compare(real.x[:60], y[:60], real, other, judge)


def test_choice_is_the_largest_coverage_among_the_accurate_ones():
    points = [
        {"eps": 1, "accuracy": 0.77, "coverage": 0.9},
        {"eps": 2, "accuracy": 0.78, "coverage": 0.5},
        {"eps": 3, "accuracy": 0.99, "coverage": 0.4},
        {"eps": 4, "diverged": True},
    ]
    assert protocol.choose(points, real_accuracy=0.8)["eps"] == 2  # 97 % of it are 0.776
    assert protocol.choose(points, real_accuracy=1.0)["eps"] == 3
    with pytest.raises(ValueError, match="nothing to choose"):
        protocol.choose(points[3:], real_accuracy=0.8)
    none_accurate = [*points[:1], {"eps": 5, "accuracy": 0.3, "coverage": 1.0}]
    assert protocol.choose(none_accurate, real_accuracy=0.8)["eps"] == 1


def test_seeds_of_fewer_chains_are_a_slice_of_those_of_more():
    few, many = protocol.seeds_of(500, 2), protocol.seeds_of(500, 5)
    assert len(set(many)) == 50 and few == [many[5 * c + i] for c in range(10) for i in range(2)]


def test_bfloat16_rounds_inside_the_network_only(generator, encoder):
    """8 bits of mantissa: relative error of some 2^-8 after a few layers, and never exactly the same."""
    h = torch.rand(4, 256, generator=torch.Generator().manual_seed(0))
    exact, rounded = generator(h), in_bfloat16(generator)(h)
    assert rounded.dtype == torch.float32 and 0 < (rounded - exact).norm() / exact.norm() < 0.05
    features = in_bfloat16(encoder)(exact)
    assert {part.dtype for part in features} == {torch.float32}
    experts = noiseless_joint(in_bfloat16(generator), in_bfloat16(encoder), 3)
    *_, last = chain(h, *experts, Eps(0.1, 0.5), steps=3)
    assert last.h.dtype == last.log_p.dtype == torch.float32


def test_command_compares_two_folders(tmp_path, capsys):
    from torchvision.utils import save_image

    from ppgn_lib.metrics.__main__ import main

    real = protocol.real_images("test", by_pixels, 8)
    for folder, offset in (("one", 0.0), ("two", 0.1)):
        for i, (x, y) in enumerate(zip(real.x, real.y.tolist(), strict=True)):
            (tmp_path / folder / str(y)).mkdir(parents=True, exist_ok=True)
            save_image((x + offset).clamp(-1, 1) / 2 + 0.5, tmp_path / folder / str(y) / f"{i}.png")
    assert main([str(tmp_path / "one"), str(tmp_path / "one")]) == 0
    assert re.search(r"coverage +1\.000", capsys.readouterr().out)
    assert main([str(tmp_path / "one"), str(tmp_path / "two"), "--neighbours", "3"]) == 0
    assert "classes more diverse" in capsys.readouterr().out
    assert main([str(tmp_path / "one"), str(tmp_path / "absent")]) == 1
    assert "is not a folder" in capsys.readouterr().err
    assert metrics.as_images(tmp_path / "one").names == tuple("0123456789")
