"""Images, codes, intervals: what a new user gets wrong, and small laws."""

import numpy as np
import pytest
import scipy.stats
import torch
from torch.utils.flop_counter import FlopCounterMode

from ppgn_lib import metrics
from ppgn_lib.data import images
from ppgn_lib.networks import zoo
from ppgn_lib.networks.features import encode
from ppgn_lib.sampling.noise import Noise
from ppgn_lib.sampling.starts import rectified_normal


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (torch.zeros(1, 3, 28, 28), ValueError, r"\(B, 3, 32, 32\)"),
        (torch.zeros(3, 32, 32), ValueError, r"\(B, 3, H, W\).*for a single one x\[None\]"),
        (torch.zeros(0, 3, 32, 32), ValueError, "at least one"),
        (torch.full((1, 3, 32, 32), 200.0), ValueError, r"x / 127\.5 - 1"),
        (torch.full((1, 3, 32, 32), float("nan")), ValueError, "nan"),
        (torch.zeros(1, 3, 32, 32, dtype=torch.uint8), TypeError, r"x / 127\.5 - 1"),
        (np.zeros((1, 3, 32, 32)), TypeError, "ndarray"),
    ],
)
def test_image_of_wrong_size_range_or_dtype(encoder, x, error, message):
    with pytest.raises(error, match=message):
        encode(encoder, x)


def test_image_that_is_right_is_handed_back():
    x = torch.linspace(-1, 1, 3 * 32 * 32).view(1, 3, 32, 32)
    assert images.check_images(x) is x


def test_mosaic_puts_images_row_by_row():
    x = torch.linspace(-1, 1, 6).view(6, 1, 1, 1).expand(6, 3, 2, 2)
    picture = images.mosaic(x, columns=3)
    assert picture.shape == (5, 8, 3)
    assert picture[0, 0, 0] == 0 and picture[3, 6, 0] == 1 and picture[0, 2, 0] == 1  # first, last, gap
    assert picture[0, 3, 0] == pytest.approx(0.2)
    with pytest.raises(ValueError, match="rows of 4"):
        images.mosaic(x, columns=4)


def test_random_codes_depend_on_their_own_seed_and_are_rectified_normal():
    h = rectified_normal(range(200), 256)
    assert torch.equal(h[7:8], rectified_normal([7], 256)) and h.min() >= 0
    zeros = scipy.stats.norm.cdf(0.9 / 2.35)
    assert abs((h == 0).double().mean().item() - zeros) < 5 * (zeros * (1 - zeros) / h.numel()) ** 0.5
    mean = 2.35 * scipy.stats.norm.pdf(0.9 / 2.35) - 0.9 * (1 - zeros)  # E max(0, z)
    assert abs(h.mean().item() - mean) < 5 * h.std().item() / h.numel() ** 0.5
    noise = Noise([7]).draw(h[7:8])
    assert abs(torch.corrcoef(torch.cat([noise, h[7:8]]))[0, 1].item()) < 5 / 256**0.5  # another stream


def test_accuracy_counts_states_and_has_chains_as_units():
    y = torch.tensor([0, 1])
    logits = torch.eye(3)[torch.tensor([[0, 1], [0, 2]])] * 9  # chain 0 right twice, chain 1 once
    estimate = metrics.accuracy(logits, y)
    assert estimate == metrics.mean_with_interval(torch.tensor([1.0, 0.5])) and estimate[::3] == (0.75, 2)
    with pytest.raises(ValueError, match=r"\(T, N, K\)"):
        metrics.accuracy(logits, y[:1])
    with pytest.raises(ValueError, match="at least 2"):
        metrics.mean_with_interval(torch.ones(1))


def test_a_step_of_a_chain_stays_below_half_a_gigaflop(encoder):
    """G and E forward, and as much again for the way back to h: their weights are frozen."""
    G = zoo.load("generator")
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        encoder(G(rectified_normal([0], 256)))
    assert 0.1e9 < 2 * counter.get_total_flops() < 0.5e9
