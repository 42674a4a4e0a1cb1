"""Each measure against a closed form or a second implementation."""

import math

import numpy as np
import pytest
import torch
from scipy.linalg import sqrtm
from scipy.ndimage import uniform_filter
from sklearn.metrics.pairwise import polynomial_kernel
from torchvision.models import inception_v3
from torchvision.utils import save_image

from ppgn_lib import metrics
from ppgn_lib.metrics.diversity import BETAS, pair_diversity
from ppgn_lib.metrics.intervals import Estimate
from ppgn_lib.metrics.mixing import clusters, clusters_visited, effective_size


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def test_interval_of_a_mean_has_the_width_of_the_normal_one():
    values = normal(400)
    found = metrics.mean_with_interval(values)
    assert (
        metrics.mean_with_interval(torch.ones(40)).low < 0.95
        and metrics.mean_with_interval(torch.zeros(40)).high > 0.05
    )
    half = 1.96 * float(values.std()) / 20
    assert found.value == pytest.approx(float(values.mean()))
    assert (found.high - found.low) / 2 == pytest.approx(half, rel=0.1)


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
    with pytest.raises(ValueError, match="positive"):
        metrics.ratio(a, Estimate(0.0, 0.0, 0.0, 2))


def test_accuracy_and_score_at_their_ends():
    y = torch.arange(10).repeat(20)
    certain = 100.0 * torch.nn.functional.one_hot(y, 10).double()
    assert metrics.accuracy(certain, y).value == 1
    assert metrics.accuracy(certain, (y + 1) % 10).value == 0
    assert metrics.score(certain).value == pytest.approx(10)  # certain and even: one per class
    assert metrics.score(torch.zeros(50, 10)).value == pytest.approx(1)
    assert metrics.score(certain[y == 3]).value == pytest.approx(1)


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


def test_kernel_distance_against_scikit_learn():
    a, b = normal(60, 8), normal(50, 8, seed=1) + 0.3

    def kernel(u, v):
        return polynomial_kernel(u, v, degree=3, gamma=1 / 8, coef0=1)

    aa, bb = kernel(a, a), kernel(b, b)
    expected = (aa.sum() - np.trace(aa)) / (60 * 59) + (bb.sum() - np.trace(bb)) / (50 * 49) - 2 * kernel(a, b).mean()
    assert metrics.kernel_distance(a, b) == pytest.approx(expected, rel=1e-9)


def test_kernel_distance_is_unbiased():
    """Same distribution: mean 0 over draws, within 5 standard errors."""
    draws = torch.tensor(
        [metrics.kernel_distance(normal(30, 4, seed=s), normal(30, 4, seed=1000 + s)) for s in range(200)]
    )
    assert abs(draws.mean()) < 5 * draws.std() / math.sqrt(200)


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


def test_interval_of_a_share_covers_the_truth_near_one():
    """Wilson's interval of 100 draws with p = 0.95 covers p in 95 % of 200 repetitions, within binomial error."""
    rng = np.random.default_rng(0)
    found = [metrics.mean_with_interval((rng.random(100) < 0.95).astype(float)) for _ in range(200)]
    assert abs(np.mean([e.low <= 0.95 <= e.high for e in found]) - 0.95) < 5 * (0.95 * 0.05 / 200) ** 0.5


def test_neighbours_by_class_do_not_look_across_classes():
    y = torch.arange(2).repeat_interleave(20)
    real = normal(40, 3) + 50 * y[:, None]
    swapped = metrics.neighbours_by_class(real, 1 - y, real, y)
    assert swapped.coverage.value == 0 and metrics.neighbours_by_class(real, y, real, y).coverage.value == 1


def test_ms_ssim_against_a_second_implementation():
    """Wang et al. (2003) with numpy: luminance at the last scale only, contrast and structure at each.

    The last scale is mirrored at its border, the others are taken without it.
    """
    a, b = (torch.rand(1, 1, 32, 32, generator=torch.Generator().manual_seed(s)).double() * 2 - 1 for s in (0, 1))
    b = 0.6 * a + 0.4 * b
    u, v = ((t[0, 0].numpy() + 1) / 2 for t in (a, b))
    expected = 1.0
    for scale, beta in enumerate(BETAS):
        inner = (slice(None),) * 2 if scale == 2 else (slice(3, -3),) * 2
        mean_u, mean_v = (uniform_filter(t, 7, mode="mirror")[inner] for t in (u, v))
        uu, vv, uv = (uniform_filter(s * t, 7, mode="mirror")[inner] for s, t in ((u, u), (v, v), (u, v)))
        cs = (2 * (uv - mean_u * mean_v) + 0.03**2) / (uu - mean_u**2 + vv - mean_v**2 + 0.03**2)
        luminance = (2 * mean_u * mean_v + 0.01**2) / (mean_u**2 + mean_v**2 + 0.01**2)
        expected *= max((cs * luminance if scale == 2 else cs).mean(), 0) ** beta
        u, v = (t.reshape(len(t) // 2, 2, -1, 2).mean((1, 3)) for t in (u, v))
    assert float(metrics.ms_ssim(a, b)) == pytest.approx(expected, rel=1e-6)
    assert float(metrics.ms_ssim(a, a)) == pytest.approx(1)


def test_diversity_counts_classes_alike_and_a_prototype_for_nothing():
    noise = torch.rand(30, 3, 32, 32, generator=torch.Generator().manual_seed(0)) * 2 - 1
    x = torch.cat([noise[:20], noise[:1].expand(10, -1, -1, -1)])
    y = torch.cat([torch.zeros(20), torch.ones(10)]).long()
    by_class = pair_diversity(x, y)
    assert by_class[1].abs().max() < 1e-9 and by_class[0].mean() > 0.5
    assert metrics.diversity(x, y).value == pytest.approx(float(by_class[0].mean()) / 2)
    flat = torch.cat([noise, 0.2 * noise[:10] + 0.8 * noise[:1]])  # real: three classes of noise, one of near copies
    of_flat = torch.cat([torch.arange(3).repeat(10), torch.full((10,), 3)])
    assert metrics.classes_more_diverse(x, y, flat, of_flat) == (1, 4)
    alone = metrics.diversity(x[:21], y[:21], classes=[0, 1])  # class 1 has one image left: nothing to pair
    assert alone.value == pytest.approx(float(by_class[0].mean()) / 2)


def test_luminance_without_colour():
    """One shape in two tints of the same sign of contrast has the same normalised luminance."""
    shape = torch.rand(1, 1, 32, 32, generator=torch.Generator().manual_seed(0)) * 0.5
    red, green = (shape * torch.tensor(tint)[:, None, None] - 0.5 for tint in ([1.0, 0.1, 0.1], [0.1, 0.8, 0.2]))
    assert torch.allclose(metrics.normalised_luminance(red), metrics.normalised_luminance(green), atol=1e-5)


@pytest.mark.parametrize(("frequency", "band"), [(1, 0), (3, 1), (7, 2), (8, 3), (15, 3)])
def test_wave_lies_in_its_band(frequency, band):
    """A wave of amplitude 1 has the variance 1/2, all of it in one band."""
    wave = torch.cos(2 * math.pi * frequency * torch.arange(32) / 32).expand(1, 3, 32, 32)
    power = metrics.band_power(wave)[0]
    assert power[band] == pytest.approx(0.5, rel=1e-5) and power.sum() == pytest.approx(0.5, rel=1e-5)


def test_bands_sum_to_the_variance():
    x = normal(4, 3, 32, 32)
    variance = x.var(dim=(2, 3), correction=0).mean(1)
    assert torch.allclose(metrics.band_power(x).sum(1), variance)
    assert metrics.worst(metrics.band_ratios(2 * x, x)) == pytest.approx(4)
    assert metrics.worst(metrics.band_ratios(x, 2 * x)) == pytest.approx(4)


def ar1(rho: float, chains: int, length: int) -> torch.Tensor:
    """(T, B, 3) stationary AR(1) of variance 1."""
    noise = normal(length, chains, 3)
    series = [noise[0]]
    for step in noise[1:]:
        series.append(rho * series[-1] + math.sqrt(1 - rho**2) * step)
    return torch.stack(series)


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
def test_effective_size_of_an_autoregression(rho):
    """n (1 - rho) / (1 + rho)."""
    found = effective_size(ar1(rho, 8, 4000), normal(500, 3, seed=9), components=3)
    assert found.verdict == "mixing"
    assert found.ess == pytest.approx(32_000 * (1 - rho) / (1 + rho), rel=0.2)


def test_no_effective_size_for_chains_that_stand_or_drift():
    real = normal(500, 3, seed=9)
    assert effective_size(0.05 * ar1(0.5, 4, 500), real)[:2] == ("stuck", None)
    still = ar1(0.5, 4, 500)
    still[:, :, 1] = 0  # one component of three stands still, whatever the others do
    assert effective_size(still, real * torch.tensor([3.0, 2.0, 1.0]))[:2] == ("stuck", None)
    apart = ar1(0.5, 4, 500) + 3 * torch.arange(4)[None, :, None]
    assert effective_size(apart, real)[:2] == ("not stationary", None)


def test_clusters_visited_by_hand():
    centres = torch.tensor([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])
    path = torch.stack([centres[[0, 0, 1, 2, 2]], centres[[1, 1, 1, 1, 1]]], 1)  # (5, 2, 2)
    accepted = torch.ones(5, 2, dtype=torch.bool)
    assert clusters_visited(path, accepted, centres).value == pytest.approx((3 + 1) / 2 * 1000 / 5)
    accepted[2:] = False
    assert clusters_visited(path, accepted, centres, thinning=10).value == pytest.approx(1000 / 50)


def test_clusters_find_what_is_there():
    real = torch.cat([normal(30, 2) * 0.01 + torch.tensor(c) for c in ([0.0, 0], [9, 9], [0, 9])])
    assert sorted(clusters(real, 3).round().int().tolist()) == [[0, 0], [0, 9], [9, 9]]


def test_a_folder_is_the_same_as_its_tensor(tmp_path):
    pixels = torch.randint(0, 256, (6, 3, 32, 32), generator=torch.Generator().manual_seed(0))
    for i, picture in enumerate(pixels):
        (tmp_path / "ab"[i // 3]).mkdir(exist_ok=True)
        save_image(picture / 255, tmp_path / "ab"[i // 3] / f"{i}.png")
    found = metrics.as_images(tmp_path)
    assert found.names == ("a", "b") and found.y.tolist() == [0, 0, 0, 1, 1, 1]
    assert torch.equal(found.x, metrics.as_images(pixels / 127.5 - 1).x)


def test_what_is_no_set_of_images_is_refused(tmp_path):
    with pytest.raises(ValueError, match="is not a folder"):
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
    seen = metrics.see(metrics.inception(net), x)
    assert seen.features.shape == (2, 2048)
    with torch.no_grad():
        large = torch.nn.functional.interpolate(x, size=(299, 299), mode="bilinear", antialias=True)
        assert torch.allclose(seen.logits, net(large), atol=1e-4)
        assert torch.allclose(net.fc(seen.features), seen.logits, atol=1e-4)
