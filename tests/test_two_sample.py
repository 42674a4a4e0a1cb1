"""The classifier two-sample test: blind where there is nothing to see, and not where there is."""

import pytest
import torch

from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.metrics.two_sample import two_sample

N = 120
PHOTOGRAPHS = TintedFashion("test").batch(range(2 * N)).x


def test_photographs_are_not_told_from_other_photographs():
    """Each image counts once, right or wrong: 0.5 within five standard deviations of 2N guesses."""
    found = two_sample(PHOTOGRAPHS[:N], PHOTOGRAPHS[N:], seeds=(0,))
    assert abs(found.accuracy.value - 0.5) < 5 * 0.5 / (2 * N) ** 0.5
    assert found.accuracy.n == 2 * N and found.evidence.shape == (2 * N,)


def test_speckles_are_found_and_the_map_says_where():
    """Noise on the left half only: told in nearly all, and what tells lies on the left."""
    speckled = PHOTOGRAPHS[:N].clone()
    speckled[..., :16] += torch.randn(N, 3, 32, 16, generator=torch.Generator().manual_seed(0)) * 0.3
    found = two_sample(speckled, PHOTOGRAPHS[N:], seeds=(0,))
    assert found.accuracy.low > 0.9
    left, right = found.maps[:N].mean(0).chunk(2, 1)
    assert left.mean() > right.mean()
    assert torch.allclose(found.maps.mean((1, 2)), found.evidence, atol=1e-4)


def test_nothing_hangs_on_what_was_drawn_before():
    torch.manual_seed(1)
    first = two_sample(PHOTOGRAPHS[:20], PHOTOGRAPHS[20:40], epochs=1)
    state = torch.get_rng_state()
    assert torch.equal(first.evidence, two_sample(PHOTOGRAPHS[:20], PHOTOGRAPHS[20:40], epochs=1).evidence)
    assert torch.equal(state, torch.get_rng_state())


@pytest.mark.parametrize(("samples", "real"), [(10, 12), (2, 2)])
def test_sets_that_cannot_be_compared(samples, real):
    with pytest.raises(ValueError, match="as many images"):
        two_sample(PHOTOGRAPHS[:samples], PHOTOGRAPHS[:real])


def test_images_that_are_none():
    with pytest.raises(ValueError, match="must lie in"):
        two_sample(torch.full((4, 3, 32, 32), torch.nan), PHOTOGRAPHS[:4])
    with pytest.raises(TypeError, match="floating point"):
        two_sample(torch.zeros(4, 3, 32, 32, dtype=torch.uint8), torch.zeros(4, 3, 32, 32, dtype=torch.uint8))
    with pytest.raises(ValueError, match="at least one seed"):
        two_sample(PHOTOGRAPHS[:4], PHOTOGRAPHS[4:8], seeds=())
