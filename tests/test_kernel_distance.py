"""The kernel distance: unbiased, equal to another implementation, with the interval of the written-out jackknife."""

import math

import numpy as np
import pytest
import torch
from sklearn.metrics.pairwise import polynomial_kernel

from ppgn_lib import metrics
from ppgn_lib.data.tinted_fashion import TintedFashion


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


A, B = normal(12, 8), normal(9, 8, seed=1) + 0.3


@pytest.fixture(scope="module")
def photographs():
    """400 validation images as features of 48 numbers."""
    x = TintedFashion("validation").batch(range(400)).x
    return torch.nn.functional.adaptive_avg_pool2d(x, 4).flatten(1).double()


def test_equals_the_written_out_sum_of_scikit_learns_kernel():
    aa, bb, ab = (polynomial_kernel(u, v, degree=3, gamma=1 / 8, coef0=1) for u, v in ((A, A), (B, B), (A, B)))
    expected = (aa.sum() - np.trace(aa)) / (12 * 11) + (bb.sum() - np.trace(bb)) / (9 * 8) - 2 * ab.mean()
    assert metrics.kernel_distance(A, B).value == pytest.approx(expected, rel=1e-9)


def test_interval_is_the_jackknife_written_out():
    """Each image left out in turn, of either set: sum over sets of (n - 1) / n times the squares of what it changes."""

    def without(i, x):
        return torch.cat([x[:i], x[i + 1 :]])

    left_out = (
        [metrics.kernel_distance(without(i, A), B).value for i in range(len(A))],
        [metrics.kernel_distance(A, without(i, B)).value for i in range(len(B))],
    )
    half = 1.96 * math.sqrt(sum(np.var(values) * (len(values) - 1) for values in left_out))
    found = metrics.kernel_distance(A, B)
    assert found[1:] == pytest.approx((found.value - half, found.value + half, 9))


def test_either_set_may_come_first():
    assert metrics.kernel_distance(A, B) == pytest.approx(metrics.kernel_distance(B, A))


def test_photographs_against_other_photographs_are_at_0_on_average(photographs):
    """Without bias however few there are: disjoint draws from one pool, mean 0 within 5 standard errors."""
    generator = torch.Generator().manual_seed(0)
    for n, m in ((2, 5), (12, 40)):
        draws = []
        for _ in range(300):
            order = torch.randperm(len(photographs), generator=generator)
            draws.append(metrics.kernel_distance(photographs[order[:n]], photographs[order[n : n + m]]).value)
        assert abs(np.mean(draws)) < 5 * np.std(draws) / math.sqrt(300)
        assert min(draws) < 0 < max(draws)


def test_grows_with_the_share_of_defective_images(photographs):
    """Of 100 pictures none, a tenth, half and all are grey; none is compatible with 0, half is not."""
    samples, real = photographs[:100], photographs[100:200]
    found = [metrics.kernel_distance(torch.cat([0 * samples[:k], samples[k:]]), real) for k in (0, 10, 50, 100)]
    values = [e.value for e in found]
    assert values == sorted(values) and found[0].low < 0 < found[0].high and found[2].low > 0


def test_by_class_is_the_mean_of_the_classes_and_does_not_look_across_them():
    y = torch.arange(3).repeat_interleave(20)
    real, samples = normal(60, 4) + 5 * y[:, None], normal(60, 4, seed=1) + 5 * y[:, None]
    order = torch.randperm(60, generator=torch.Generator().manual_seed(0))
    found = metrics.kernel_distance_by_class(samples[order], y[order], real, y)
    parts = [metrics.kernel_distance(samples[y == c], real[y == c]) for c in range(3)]
    assert found == pytest.approx(metrics.mean_of(parts)) and found.n == 60
    assert found.low < 0 < found.high
    assert metrics.kernel_distance_by_class(samples, (y + 1) % 3, real, y).low > 1


@pytest.mark.parametrize("short", ["samples", "real"])
def test_class_with_one_image_is_refused(short):
    y = torch.arange(2).repeat_interleave(5)
    one = torch.tensor([0, 0, 0, 0, 0, 1])
    x = normal(10, 4)
    given = (x[:6], one, x, y) if short == "samples" else (x, y, x[:6], one)
    with pytest.raises(ValueError, match="at least 2 images each; got"):
        metrics.kernel_distance_by_class(*given)
