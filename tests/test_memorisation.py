"""A generator that copies is found; one that draws anew is not."""

import pytest
import torch
from torch.testing import assert_close

from ppgn_lib.metrics import mean_with_interval, memorisation, ratio


def features(n, seed, classes=2):
    draw = torch.Generator().manual_seed(seed)
    y = torch.arange(n) % classes
    return torch.randn(n, 6, generator=draw) + 10 * y[:, None], y


TRAINING, HELD_OUT = features(200, 0), features(100, 1)


def test_copies_are_at_0_and_new_pictures_of_the_same_kind_at_1():
    copies = memorisation(TRAINING[0][:60], TRAINING[1][:60], *HELD_OUT, *TRAINING)
    assert copies.value == pytest.approx(0, abs=1e-6)
    new = memorisation(*features(100, 2), *HELD_OUT, *TRAINING)
    assert new.low < 1 < new.high and new.high - new.low < 0.3
    half = torch.cat([TRAINING[0][:50], HELD_OUT[0][:50]]), torch.cat([TRAINING[1][:50], HELD_OUT[1][:50]])
    assert memorisation(*half, *HELD_OUT, *TRAINING).value == pytest.approx(0.5, abs=0.1)


def test_it_is_the_ratio_of_mean_distances_within_the_class():
    x, y = features(30, 3)
    near = [
        torch.stack([(TRAINING[0][TRAINING[1] == c] - one).norm(dim=1).amin() for one, c in zip(*of, strict=True)])
        for of in ((x, y), HELD_OUT)
    ]
    found = memorisation(x, y, *HELD_OUT, *TRAINING)
    assert_close(torch.tensor(found), torch.tensor(ratio(*map(mean_with_interval, near))), rtol=1e-4, atol=1e-6)
    swapped = memorisation(x, 1 - y, *HELD_OUT, *TRAINING)
    assert swapped.value > 3 * found.value, "training images of another class do not count"


def test_refuses_what_cannot_be_compared():
    with pytest.raises(ValueError, match=r"samples and training must be features .* got \(3, 5\) and \(200, 6\)"):
        memorisation(torch.zeros(3, 5), torch.zeros(3), *HELD_OUT, *TRAINING)
    with pytest.raises(ValueError, match="none of class 2"):
        memorisation(torch.zeros(3, 6), torch.full((3,), 2), *HELD_OUT, *TRAINING)
    with pytest.raises(ValueError, match="held_out must have at least one image; got none"):
        memorisation(*HELD_OUT, HELD_OUT[0][:0], HELD_OUT[1][:0], *TRAINING)
