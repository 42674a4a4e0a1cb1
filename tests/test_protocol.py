"""The networks that judge, and the protocol by which they do."""

import colorsys
import json
import math

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from ppgn_lib.data.files import DamagedFileError
from ppgn_lib.data.folder import ImageFolder
from ppgn_lib.data.tinted_fashion import COLOURS, ITEMS, TintedFashion
from ppgn_lib.metrics import Judgement, protocol
from ppgn_lib.networks.judges import Evaluator, Selector, without_hue
from ppgn_lib.sampling.chain import State

TEST = TintedFashion("test")
CLASSES = {"item": ITEMS, "colour": COLOURS}


@pytest.mark.parametrize("network", [Selector, Evaluator])
def test_judging_networks_are_of_another_make_than_e(network, encoder):
    net = network(CLASSES, width=8).eval()
    seen = net(torch.zeros(2, 3, 32, 32))
    assert seen.h.shape == (2, 32 if network is Selector else 64)
    assert {head: logits.shape for head, logits in seen.logits.items()} == {"item": (2, 10), "colour": (2, 8)}
    assert net(torch.zeros(1, 3, 64, 48)).h.shape == seen.h[:1].shape  # of any size
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
    value, _, key = (without_hue(TEST.batch(range(2000)).x) / 2 + 0.5).unbind(1)
    assert (key[:, :2] / value[:, :2]).max() < 0.22  # 0.39 is the largest saturation of a wall
    assert (key / value)[:, :2].mean() < 0.05 < 0.7 < (key / value)[:, 12:20, 12:20].mean()


def states(count):
    for t in range(count):
        h = torch.full((3, 2), float(t))
        yield State(h, h, h[:, 0], h)


def draw(h):
    """Code t -> pictures of the grey t/100, some of them beyond white."""
    return (h[:, :1, None, None] / 100).expand(-1, 3, 4, 4)


def by_brightness(x):
    """Features: the mean grey. Logits: class 0 while dark, class 1 from 0.5 on."""
    grey = x.mean((1, 2, 3))
    return Judgement(grey[:, None], torch.stack([0.5 - grey, grey - 0.5], 1))


def test_last_state_alone_is_judged_as_it_would_be_saved():
    """State t is that after t updates, the start being 0; what comes after step 250 does not count."""
    judged = protocol.judge_chains(states(300), draw, by_brightness)
    assert [part.shape for part in judged] == [(1, 3, 2), (1, 3, 1), (1, 3, 2)]
    assert (judged.codes == 250).all() and (judged.features == 1).all()  # 2.50 is cut to white
    with pytest.raises(ValueError, match=r"states after \[250\] updates are to be judged; the chain ended after 249"):
        protocol.judge_chains(states(250), draw, by_brightness)


@pytest.mark.parametrize("at", [(0, 30, 120), [120, 0, 30], {30, 0, 120}, (30, 0, 0, 120)])
def test_several_states_are_judged_in_the_chains_order(at):
    judged = protocol.judge_chains(states(121), draw, by_brightness, at)
    assert judged.codes[:, 0, 0].tolist() == [0, 30, 120]
    assert judged.features[:, 1, 0].tolist() == pytest.approx([0, 0.3, 1])
    assert judged.logits.argmax(2)[:, 2].tolist() == [0, 0, 1]


@pytest.mark.parametrize("at", [(30, 121), [500], ()])
def test_chain_that_ends_before_a_state_that_is_to_be_judged(at):
    with pytest.raises(ValueError, match="the chain ended after 120"):
        protocol.judge_chains(states(121), draw, by_brightness, at)


def by_pixels(x):
    """A judge without weights: features are pixels of a small version, the class is the brightest corner's."""
    small = torch.nn.functional.adaptive_avg_pool2d(x, 2).flatten(1)
    return Judgement(small, small[:, [0, 3]])


def test_real_images_are_disjoint_balanced_and_fixed():
    first, other = (protocol.real_images(TEST, by_pixels, 7, skip=skip) for skip in (0, 7))
    assert first.y.tolist() == [c for c in range(10) for _ in range(7)]
    assert torch.cdist(first.x.flatten(1), other.x.flatten(1)).min() > 0
    assert torch.equal(first.x, protocol.real_images(TEST, by_pixels, 7).x)
    colours = protocol.real_images(TEST, by_pixels, 2, "colour")
    assert colours.y.tolist() == [c for c in range(len(COLOURS)) for _ in range(2)]
    with pytest.raises(
        ValueError, match=r"test must have 1001 images of each class of 'item'; it has fewer of 't-shirt'"
    ):
        protocol.real_images(TEST, by_pixels, 1001)
    with pytest.raises(ValueError, match="did you mean 'colour'"):
        protocol.real_images(TEST, by_pixels, 1, "color")


def test_real_images_of_a_folder(tmp_path):
    for i in range(6):
        (tmp_path / "ab"[i % 2]).mkdir(exist_ok=True)
        Image.fromarray(np.full((8, 8, 3), 40 * i, np.uint8)).save(tmp_path / "ab"[i % 2] / f"{i}.png")
    found = protocol.real_images(ImageFolder(tmp_path), by_pixels, 3, "class")
    assert found.y.tolist() == [0, 0, 0, 1, 1, 1] and len(found.judgement.features) == 6
    assert found.x[:3].mean() < found.x[3:].mean()


def everything_is(y):
    """A judge who accepts all pictures of these classes."""

    def judge(x):
        return Judgement(by_pixels(x).features, torch.nn.functional.one_hot(y, 10).float())

    return judge


def test_report_of_real_images_themselves_and_of_prototypes():
    y = torch.arange(10).repeat_interleave(12)
    judge = everything_is(y)
    real, other = (protocol.real_images(TEST, judge, 12, skip=skip) for skip in (0, 12))
    same = protocol.compare(real.x, y, real, other, judge)
    assert same.coverage.value == same.recall.value == 1
    assert same.frechet.value == pytest.approx(0, abs=1e-6) and same.diversity_ratio.value == pytest.approx(1)
    as_real = protocol.compare(other.x, y, real, other, judge)
    assert as_real.coverage_ratio.value == 1 and as_real.frechet == as_real.frechet_real
    assert as_real.kid == as_real.kid_real and as_real.kid.low < 0 < as_real.kid.high
    prototypes = real.x[::12].repeat_interleave(12, 0) + 1e-4 * torch.randn(
        120, 3, 32, 32, generator=torch.Generator().manual_seed(0)
    )
    bad = protocol.compare(prototypes, y, real, other, judge)
    assert bad.precision.value == 1 and bad.coverage.value < 0.6 and bad.diversity_ratio.value < 0.05
    assert bad.kid.value > as_real.kid.value and bad.kid_real == as_real.kid_real
    first_refused = everything_is(torch.where(y == 0, 9, y))  # no picture of class 0 is accepted: it counts as 0
    assert protocol.compare(real.x, y, real, other, first_refused).diversity_ratio.value < 0.99
    assert (
        protocol.compare(3 * real.x, y, real, other, judge).coverage
        == protocol.compare((3 * real.x).clamp(-1, 1), y, real, other, judge).coverage
    )
    with pytest.raises(ValueError, match="as many other real images"):
        protocol.compare(real.x[:60], y[:60], real, other, judge)


def test_diversity_is_of_accepted_images_on_both_sides():
    """Real images against themselves have a ratio of 1, whichever the judge refuses.

    Refused on the samples' side alone it would be 0.9 at most: one class of ten is refused whole, and counts as 0.
    """
    y = torch.arange(10).repeat_interleave(12)
    refused = (torch.arange(120) % 3 == 0) | (y == 4)
    real, other = (protocol.real_images(TEST, everything_is(y), 12, skip=skip) for skip in (0, 12))
    judge = everything_is(torch.where(refused, (y + 1) % 10, y))
    seen = real._replace(judgement=judge(real.x))
    found = protocol.compare(real.x, y, seen, other, judge)
    for ratio in (found.diversity_ratio, found.luminance_diversity_ratio):
        assert ratio.value == pytest.approx(1, abs=1e-9) and ratio.n <= 5 * 8 - 4


@pytest.mark.parametrize("sampler", ["one grey picture", "one picture a class", "of another world", "none accepted"])
def test_collapsed_sampler_has_a_row(sampler):
    """Finite numbers everywhere; coverage and diversity of 0 have ratios of 0, with an upper end above it."""
    y = torch.arange(10).repeat_interleave(12)
    judge = everything_is(y)
    real, other = (protocol.real_images(TEST, judge, 12, skip=skip) for skip in (0, 12))
    x = {
        "one grey picture": torch.zeros(120, 3, 32, 32),
        "one picture a class": other.x[::12].repeat_interleave(12, 0),
        "of another world": torch.ones(120, 3, 32, 32),
        "none accepted": other.x,
    }[sampler]
    report = protocol.compare(x, y, real, other, everything_is((y + 1) % 10) if sampler == "none accepted" else judge)
    for name, estimate in report._asdict().items():
        assert all(map(math.isfinite, estimate)), name
        assert estimate.low <= estimate.value <= estimate.high, name
    zero = [report.diversity_ratio, report.luminance_diversity_ratio]
    if sampler == "of another world":
        assert report.coverage.value == report.recall.value == 0
        zero.append(report.coverage_ratio)
    if sampler == "none accepted":
        assert zero[0].high > 1 and report.coverage_ratio.value == 1  # no pair says anything
    for estimate in zero:
        assert estimate[:2] == (0, 0) and estimate.high > 0
    if (
        sampler == "one grey picture"
    ):  # 60 pairs, all of them equal: a diversity of more than 1/10 of real's is ruled out
        assert max(estimate.high for estimate in zero) < 0.2


def test_choice_is_the_smallest_kernel_distance_among_the_accurate_ones():
    """Below 0 is smaller still; what is near but not accurate does not count, unless nothing is accurate."""
    points = [
        {"eps": 1, "accuracy": 0.77, "kid": -0.3},
        {"eps": 2, "accuracy": 0.78, "kid": -0.1},
        {"eps": 3, "accuracy": 0.99, "kid": 0.05},
        {"eps": 4, "diverged": True},
    ]
    assert protocol.choose(points, real_accuracy=0.8)["eps"] == 2  # 97 % of it are 0.776
    assert protocol.choose(points, real_accuracy=1.0)["eps"] == 3
    with pytest.raises(ValueError, match="nothing to choose"):
        protocol.choose(points[3:], real_accuracy=0.8)
    with pytest.raises(ValueError, match="nothing to choose"):
        protocol.choose([], real_accuracy=0.8)
    none_accurate = [{"eps": 5, "accuracy": 0.3, "kid": -1.0}, *points[:1]]
    assert protocol.choose(none_accurate, real_accuracy=0.8)["eps"] == 1
    tied = [{"eps": 6, "accuracy": 0.77, "kid": 0.2}, *none_accurate]
    assert protocol.choose(tied, real_accuracy=0.8)["eps"] == 1  # as accurate, and nearer


def test_seeds_of_fewer_chains_are_a_slice_of_those_of_more():
    few, many = protocol.seeds_of(500, 2, 10), protocol.seeds_of(500, 5, 10)
    assert len(set(many)) == 50 and few == [many[5 * c + i] for c in range(10) for i in range(2)]
    assert protocol.seeds_of(500, 5, 3) == many[:15]
    with pytest.raises(ValueError, match="at most 1000"):
        protocol.seeds_of(0, 1001, 2)


def test_first_chains_of_a_stored_file(tmp_path):
    path = tmp_path / "samples.safetensors"
    chains = torch.arange(12)  # three classes of four chains each
    tensors = {
        "random.codes": chains[:, None].expand(-1, 5).half().contiguous(),
        "random.item": chains.expand(2, -1).to(torch.uint8).contiguous(),
        "random.certainty": (chains / 16).expand(2, -1).half().contiguous(),
    }
    save_file(tensors, path, {"about": json.dumps({"protocol": {"eps": [0.1, 1.0, 0.0]}})})
    stored, about = protocol.open_samples(path)
    assert about == {"protocol": {"eps": [0.1, 1.0, 0.0]}} and stored.keys() == tensors.keys()
    found = protocol.first_chains(stored, "random", 2, 3)
    assert [part.dtype for part in found] == [torch.float32, torch.int64, torch.float32]
    assert found.codes[:, 0].tolist() == [0, 1, 4, 5, 8, 9] and found.codes.shape == (6, 5)
    assert torch.equal(found.items, torch.tensor([[0, 1, 4, 5, 8, 9]] * 2)) and torch.equal(
        found.certainties * 16, found.items
    )
    for per_class, classes in ((5, 3), (0, 3), (1, 5)):
        with pytest.raises(ValueError, match="of 'random' are stored 12"):
            protocol.first_chains(stored, "random", per_class, classes)
    with pytest.raises(KeyError, match="did you mean 'random'"):
        protocol.first_chains(stored, "randon", 1, 3)
    save_file(tensors, path)
    with pytest.raises(DamagedFileError, match="how it was made"):
        protocol.open_samples(path)
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(DamagedFileError, match="not a whole"):
        protocol.open_samples(path)
