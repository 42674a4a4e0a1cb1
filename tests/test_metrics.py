"""Intervals, judges and distances, each against a closed form or a second implementation."""

import math
import subprocess
import sys

import numpy as np
import pytest
import torch
from scipy.linalg import sqrtm
from torchvision.models import inception_v3
from torchvision.utils import save_image

from ppgn_lib import metrics
from ppgn_lib.data.tinted_fashion import COLOURS
from ppgn_lib.metrics.intervals import Estimate
from ppgn_lib.networks.judges import Selector


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def test_import_leaves_what_loads_slowly_alone():
    """torchmetrics, scikit-learn and arviz take seconds each; a chapter that wants an interval pays for none."""
    code = "import sys, ppgn_lib.metrics.intervals, ppgn_lib.metrics.protocol\nprint(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "torch" in loaded and not {"torchmetrics", "sklearn", "arviz"} & set(loaded)


def test_interval_of_a_mean_is_students_and_of_a_share_wilsons():
    """2.776 is t(0.975, 4) of the tables; forty ones have no variance, but an interval."""
    values = normal(5)
    half = 2.776 * float(values.std()) / math.sqrt(5)
    mean = float(values.mean())
    assert metrics.mean_with_interval(values)[:3] == pytest.approx((mean, mean - half, mean + half), rel=1e-3)
    for share in (metrics.mean_with_interval(torch.ones(40)), metrics.mean_with_interval(1 - torch.zeros(40))):
        assert share[1:3] == pytest.approx((40 / (40 + 1.96**2), 1), rel=1e-4)


def test_shares_that_happen_to_be_0_or_1_are_not_taken_for_single_outcomes():
    """One class of ten recognised throughout, nine never: the unit is a class, and 0.1 +- 2.262 * 0.1 (t, 9)."""
    shares = torch.tensor([1.0, *[0.0] * 9])
    found = metrics.by_student(shares)
    assert found[:3] == pytest.approx((0.1, 0.1 - 2.262 * 0.1, 0.1 + 2.262 * 0.1), rel=1e-3)
    assert metrics.mean_with_interval(shares).low > 0
    with pytest.raises(ValueError, match="at least 2 units"):
        metrics.by_student(torch.ones(1))


def test_interval_of_a_statistic_is_that_of_the_mean_where_it_is_one():
    """For the mean, bootstrap standard error = s/sqrt(n); 100 resamples know it to 1/sqrt(200), 7 %."""
    values = normal(400)
    found = metrics.with_interval(lambda v: float(v.mean()), values)
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * float(values.std()) / 20, rel=0.3)


def test_ratio_of_estimates():
    a, b = Estimate(2.0, 1.8, 2.2, 10), Estimate(4.0, 3.6, 4.4, 20)
    found = metrics.ratio(a, b)
    factor = math.exp(math.hypot(0.1, 0.1))
    assert found[:3] == pytest.approx((0.5, 0.5 / factor, 0.5 * factor))
    nothing = Estimate(0.0, 0.0, 0.0, 2)
    for pair in ((a, nothing), (Estimate(-0.1, -0.2, 0.1, 9), a), (Estimate(float("nan"), 0.0, 1.0, 9), a)):
        with pytest.raises(ValueError, match="positive denominator"):
            metrics.ratio(*pair)


def test_ratio_of_nothing_ends_where_its_parts_do():
    """0 has no logarithm: the upper end is that of the numerator over the lower end of the denominator."""
    zero, b = metrics.mean_with_interval(torch.zeros(40)), Estimate(4.0, 3.6, 4.4, 20)
    found = metrics.ratio(zero, b)
    assert found[:2] == (0, 0) and found.n == 20
    assert found.high == pytest.approx(zero.high / (4 * math.exp(-0.1)))
    assert zero.high / 4 < found.high < zero.high / 3.6
    wide = metrics.ratio(zero, Estimate(0.1, -0.3, 0.5, 20))  # a lower end below 0 makes no ratio infinite or negative
    assert zero.high / 0.1 < wide.high < math.inf
    # What is barely more than nothing has nearly the same upper end, 2/40 by the rule of 1.96 standard errors.
    one = metrics.ratio(metrics.mean_with_interval(torch.eye(40)[0]), b)
    assert found.high < one.high


def test_accuracy_and_score_at_their_ends():
    y = torch.arange(10).repeat(20)
    certain = 100.0 * torch.nn.functional.one_hot(y, 10).double()
    assert metrics.accuracy(certain, y).value == 1
    assert metrics.accuracy(certain, (y + 1) % 10).value == 0
    assert metrics.score(certain).value == pytest.approx(10)  # certain and even: one per class
    assert metrics.score(torch.zeros(50, 10)).value == pytest.approx(1)
    assert metrics.score(certain[y == 3]).value == pytest.approx(1)
    assert metrics.score(1000 * certain[y == 3]).value == pytest.approx(1)  # p of other classes underflows


def test_judge_with_reads_one_head_of_a_network():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        net = Selector({"item": "abc", "colour": COLOURS}, width=4).eval()
    x = torch.rand(7, 3, 32, 32, generator=torch.Generator().manual_seed(0)) * 2 - 1
    with torch.no_grad():
        seen = net(x)
    for head in net.classes:
        found = metrics.judgement(metrics.judge_with(net, head), x, size=7)
        assert torch.equal(found.features, seen.h) and torch.equal(found.logits, seen.logits[head])
    in_blocks = metrics.judgement(metrics.judge_with(net, "item"), iter(x.split(2)))
    assert torch.allclose(in_blocks.logits, seen.logits["item"], atol=1e-5)
    for head in (None, "hue"):
        with pytest.raises(ValueError, match="head must be one of item, colour"):
            metrics.judge_with(net, head)(x)


def test_frechet_distance_of_gaussians():
    """Of N(0, diag a) and N(m, diag b): |m|^2 + sum (sqrt a - sqrt b)^2; samples are made to have those moments."""
    white = normal(500, 4)
    white = (white - white.mean(0)) @ torch.linalg.inv(torch.linalg.cholesky(torch.cov(white.T)).T)
    a, b, m = torch.tensor([1.0, 4.0, 9.0, 0.25]), torch.tensor([4.0, 1.0, 9.0, 1.0]), torch.tensor([1.0, 0, 0, 2])
    expected = float(m.square().sum() + (a.sqrt() - b.sqrt()).square().sum())
    assert metrics.frechet(white * a.sqrt(), white * b.sqrt() + m) == pytest.approx(expected, rel=1e-6)


def test_frechet_distance_where_covariances_do_not_commute():
    a, b = normal(300, 6) @ normal(6, 6, seed=1), normal(200, 6, seed=2) @ normal(6, 6, seed=3) + 1
    s1, s2 = np.cov(a.T), np.cov(b.T)
    expected = float((a.mean(0) - b.mean(0)).square().sum()) + np.trace(s1 + s2 - 2 * np.real(sqrtm(s1 @ s2)))
    assert metrics.frechet(a, b) == pytest.approx(expected, rel=1e-6)
    few, fewer = a[:5], b[:4]  # fewer images than features, where the covariances have no full rank
    s1, s2 = np.cov(few.T), np.cov(fewer.T)
    root = np.sqrt(np.linalg.eigvals(s1 @ s2).real.clip(0)).sum()
    expected = float((few.mean(0) - fewer.mean(0)).square().sum()) + np.trace(s1 + s2) - 2 * root
    assert metrics.frechet(few, fewer) == pytest.approx(expected, rel=1e-4)


def test_neighbours_against_the_authors_package():
    """prdc is Naeem et al.'s own implementation; its balls are open, which random points cannot tell."""
    from prdc import compute_prdc

    samples, real = normal(80, 5), normal(120, 5, seed=1) * 1.3 + 0.2
    found = metrics.neighbours(samples, real, k=5)
    expected = compute_prdc(real_features=real.numpy(), fake_features=samples.numpy(), nearest_k=5)
    for name, value in expected.items():
        assert getattr(found, name).value == pytest.approx(float(value)), name


def test_neighbours_of_the_set_itself_of_another_one_and_of_a_prototype():
    real = normal(100, 3)
    same = metrics.neighbours(real, real)
    assert [e.value for e in same[:2]] == [1, 1] and same.coverage.value == 1
    far = metrics.neighbours(real + 100, real)
    assert [e.value for e in far] == [0, 0, 0, 0]
    for estimate in far:  # nothing in 100 tries is compatible with 4 in 100, not with none ever
        assert estimate == metrics.mean_with_interval(torch.zeros(100))
    one = metrics.neighbours(real[:1] + 1e-6 * normal(100, 3, seed=1), real)
    assert one.precision.value == 1 and one.coverage.value < 0.2 and one.recall.value < 0.1


def test_intervals_of_neighbours_are_those_of_new_samples_and_new_real_images():
    """Half their width against 1.96 standard deviations over 40 draws of both sets, within a factor 1.5.

    (Where nearly all images are covered the doubles of a bootstrap make the interval up to twice too wide.)
    """
    draws = [metrics.neighbours(normal(60, 4, seed=s) + 1, normal(60, 4, seed=500 + s)) for s in range(40)]
    for name in metrics.Neighbours._fields:
        estimates = [getattr(draw, name) for draw in draws]
        width = sum(e.high - e.value for e in estimates) / len(draws)
        assert 1 / 1.5 < width / (1.96 * np.std([e.value for e in estimates])) < 1.5, name


def test_neighbours_by_class_do_not_look_across_classes():
    y = torch.arange(2).repeat_interleave(20)
    real = normal(40, 3) + 50 * y[:, None]
    swapped = metrics.neighbours_by_class(real, 1 - y, real, y)
    assert swapped.coverage.value == 0 and metrics.neighbours_by_class(real, y, real, y).coverage.value == 1


def test_a_folder_is_the_same_as_its_tensor(tmp_path):
    pixels = torch.randint(0, 256, (6, 3, 32, 32), generator=torch.Generator().manual_seed(0))
    for i, picture in enumerate(pixels):
        (tmp_path / "ab"[i // 3]).mkdir(exist_ok=True)
        save_image(picture / 255, tmp_path / "ab"[i // 3] / f"{i}.png")
    y = torch.tensor([0, 0, 0, 1, 1, 1])
    found, same = metrics.as_images(tmp_path), metrics.as_images(pixels / 127.5 - 1, y, "ab")
    for data in (found, same):
        assert data.classes == {"class": ("a", "b")} and (len(data), data.size, data.split) == (6, 32, None)
        assert torch.equal(data.labels()["class"], y)
    for indices in (None, [5, 0]):
        one, other = found.batch(indices), same.batch(indices)
        assert torch.equal(one.x, other.x) and torch.equal(one.labels["class"], other.labels["class"])
    with pytest.raises(ValueError, match="names must be at least 2"):
        metrics.as_images(pixels / 127.5 - 1, y, "a")
    with pytest.raises(ValueError, match=r"y must be \(6,\)"):
        metrics.as_images(pixels / 127.5 - 1, y[:5])


def test_what_is_no_set_of_images_is_refused(tmp_path):
    with pytest.raises(ValueError, match="there is no such folder"):
        metrics.as_images(tmp_path / "absent")
    with pytest.raises(ValueError, match="has no images"):
        metrics.as_images(tmp_path)
    (tmp_path / "broken.png").write_bytes(b"no picture")
    with pytest.raises(ValueError, match=r"broken\.png cannot be read"):
        metrics.as_images(tmp_path)
    with pytest.raises(TypeError, match=r"127\.5"):
        metrics.as_images(torch.zeros(2, 3, 32, 32, dtype=torch.uint8))
    with pytest.raises(ValueError, match="must lie in"):
        metrics.as_images(torch.full((2, 3, 32, 32), 255.0))
    with pytest.raises(ValueError, match="more than 5 images"):
        metrics.neighbours(normal(5, 3), normal(50, 3))


def test_inception_plugs_in():
    """Random weights, as its own are not to be had here: features are what its last layer reads."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        net = inception_v3(weights=None, init_weights=False, transform_input=False).eval()
    x = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(1)) * 2 - 1
    seen = metrics.judgement(metrics.inception(net), x)
    assert seen.features.shape == (2, 2048)
    with torch.no_grad():
        large = torch.nn.functional.interpolate(x, size=(299, 299), mode="bilinear", antialias=True)
        assert torch.allclose(seen.logits, net(large), atol=1e-4)
        assert torch.allclose(net.fc(seen.features), seen.logits, atol=1e-4)
