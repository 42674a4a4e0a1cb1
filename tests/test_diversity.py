"""Diversity, spectrum and mixing, each against a closed form or a second implementation."""

import itertools
import math

import pytest
import torch
from scipy.ndimage import uniform_filter

from ppgn_lib import metrics
from ppgn_lib.metrics.diversity import BETAS, pair_diversity
from ppgn_lib.metrics.mixing import clusters, clusters_visited, effective_size


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


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
    assert metrics.diversity(x[:21], y[:21]) == alone


@pytest.mark.parametrize("grey", [-1.0, 0.3, 1.0])
def test_no_diversity_is_a_number(grey):
    """Equal pictures, flat ones included, have diversity 0 with the interval of as many zeros; none at all [0, 1]."""
    flat = torch.full((12, 3, 32, 32), grey)
    noisy = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(0)).expand(12, -1, -1, -1) * grey
    y = torch.arange(2).repeat_interleave(6)
    for x in (flat, noisy, metrics.normalised_luminance(flat), metrics.normalised_luminance(noisy)):
        assert metrics.diversity(x, y) == metrics.mean_with_interval(torch.zeros(6))
        assert metrics.diversity(x[:0], y[:0]) == metrics.diversity(x[:0], y[:0], classes=[0, 1]) == (0, 0, 1, 0)
    noise = torch.rand(12, 3, 32, 32, generator=torch.Generator().manual_seed(1)) * 2 - 1
    assert metrics.classes_more_diverse(flat, y, noise, y) == metrics.classes_more_diverse(flat[:0], y[:0], noise, y)
    with pytest.raises(ValueError, match="two real images of a class"):
        metrics.classes_more_diverse(noise, y, noise[:1], y[:1])
    assert metrics.spread(torch.ones(6, 4), y[:6]) == metrics.spread(torch.ones(2, 4), torch.arange(2)) == 0


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
    assert metrics.worst(metrics.band_ratios(0 * x, x)) == math.inf


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


def test_effective_size_is_never_nan():
    real = normal(500, 3, seed=9)
    for chains in (torch.zeros(100, 4, 3), normal(1, 4, 3).expand(100, -1, -1)):  # still together, or each by itself
        found = effective_size(chains.double(), real)
        assert found.verdict != "mixing" and all(v is None or math.isfinite(v) for v in found[1:])
    flat = real * torch.tensor([1.0, 1.0, 0.0])  # no variance in one direction: it is left out
    moving = ar1(0.5, 8, 1000)
    assert effective_size(moving * torch.tensor([1.0, 1.0, 0.0]), flat).verdict == "mixing"
    with pytest.raises(ValueError, match="differ from each other"):
        effective_size(moving, torch.ones(10, 3))


CENTRES = torch.tensor([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])


def test_clusters_visited_is_the_mean_over_all_choices_of_accepted_states():
    """All subsets of that size written out; a state between two centres is of the nearer one."""
    at = torch.tensor([[0, 1], [0, 1], [1, 1], [2, 1], [2, 1], [1, 0]])  # (T, B)
    path = CENTRES[at] + torch.tensor([1.0, 2.0])
    accepted = torch.ones(6, 2, dtype=torch.bool)
    accepted[5, 1] = accepted[2, 0] = False  # each time a cluster is lost, or a visit
    for draws in (1, 2, 3, 5):
        expected = [
            [len(set(chosen)) for chosen in itertools.combinations(at[accepted[:, i], i].tolist(), draws)]
            for i in range(2)
        ]
        found = clusters_visited(path, accepted, CENTRES, draws)
        assert found.tolist() == pytest.approx([sum(counts) / len(counts) for counts in expected])
        assert ((found >= 1) & (found <= min(draws, len(CENTRES)))).all()
    assert clusters_visited(path, accepted, CENTRES, 5).tolist() == [3, 1]  # all that was seen


def test_chain_with_fewer_accepted_states_is_no_slower_one():
    """The mean over random refusals is what it was: that is what rarefaction is for. With too few of them it is NaN."""
    at = torch.randint(3, (40, 1), generator=torch.Generator().manual_seed(0)).expand(-1, 400)
    kept = torch.rand(40, 400, generator=torch.Generator().manual_seed(1)) < 0.3
    few = clusters_visited(CENTRES[at], kept, CENTRES, 4)
    assert torch.equal(few.isnan(), kept.sum(0) < 4)
    few = few[~few.isnan()]
    whole = clusters_visited(CENTRES[at[:, :1]], kept[:, :1] | True, CENTRES, 4)
    assert abs(few.mean() - whole) < 5 * few.std() / len(few) ** 0.5
    assert clusters_visited(CENTRES[at], kept & False, CENTRES, 1).isnan().all()


@pytest.mark.parametrize("draws", [0, 6])
def test_clusters_visited_needs_that_many_states(draws):
    with pytest.raises(ValueError, match=f"draws must be from 1 to the 5 states of a chain; got {draws}"):
        clusters_visited(torch.zeros(5, 1, 2), torch.ones(5, 1, dtype=torch.bool), CENTRES, draws)
    with pytest.raises(ValueError, match=r"accepted \(T, B\)"):
        clusters_visited(torch.zeros(5, 1, 2), torch.ones(5, 2, dtype=torch.bool), CENTRES, 1)


def test_clusters_find_what_is_there():
    real = torch.cat([normal(30, 2) * 0.01 + torch.tensor(c) for c in ([0.0, 0], [9, 9], [0, 9])])
    assert sorted(clusters(real, 3).round().int().tolist()) == [[0, 0], [0, 9], [9, 9]]
