"""Holes, and how well they were filled."""

import math

import pytest
import torch

from ppgn_lib.data import holes
from ppgn_lib.metrics.filling import border_step, psnr_in, ssim_in

PICTURES = torch.rand(3, 3, 32, 32, generator=torch.Generator().manual_seed(0)) * 2 - 1
SQUARE = holes.square(32, 14, [0, 1, 2])


def test_squares_have_their_size_lie_within_and_depend_on_their_seed_alone():
    many = holes.square(32, 14, list(range(300)))
    assert (many.flatten(1).sum(1) == 14**2).all() and torch.equal(many[2], SQUARE[2])
    corners = torch.stack([mask[0].nonzero().amin(0) for mask in many])
    assert corners.amin() == 0 and corners.amax() == 18, "all places where it fits"
    assert holes.half(32, "left")[0, 0, :, :16].all() and holes.half(32, "left").sum() == 512
    assert holes.half(32, "bottom")[0, 0, 16:].all()
    spots = holes.random_pixels(32, 0.75, [4, 5])
    assert (spots.flatten(1).sum(1) == 768).all() and not torch.equal(*spots)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: holes.square(32, 32, [0]), "smaller than the picture of 32"),
        (lambda: holes.half(32, "middle"), "left, right, top, bottom"),
        (lambda: holes.random_pixels(32, 1.0, [0]), "some known"),
        (lambda: holes.random_pixels(32, 1.5, [0]), r"missing must be in \[0, 1\]"),
    ],
)
def test_holes_that_there_are_not(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_only_the_hole_counts():
    elsewhere = torch.where(SQUARE.bool(), PICTURES, -PICTURES)
    assert (psnr_in(elsewhere, PICTURES, SQUARE) > 100).all()
    off = PICTURES + 0.1 * SQUARE
    torch.testing.assert_close(psnr_in(off, PICTURES, SQUARE), torch.full((3,), 20 * math.log10(2 / 0.1)))


def test_structure_is_one_for_the_same_and_falls_with_noise():
    noise = torch.randn(PICTURES.shape, generator=torch.Generator().manual_seed(1))
    values = [ssim_in(PICTURES + size * noise * SQUARE, PICTURES, SQUARE).mean() for size in (0.0, 0.1, 0.5, 2.0)]
    torch.testing.assert_close(values[0], torch.tensor(1.0))
    assert values == sorted(values, reverse=True) and values[-1] < 0.5


def test_a_step_at_the_border_is_found_and_one_inside_is_not():
    flat = torch.zeros(3, 3, 32, 32)
    assert not border_step(flat, SQUARE).any()
    torch.testing.assert_close(border_step(flat + 0.3 * SQUARE, SQUARE), torch.full((3,), 0.3))
    inside = SQUARE.clone()
    inside[:, :, 1:-1, 1:-1] *= (
        SQUARE[:, :, :-2, 1:-1] * SQUARE[:, :, 2:, 1:-1] * SQUARE[:, :, 1:-1, :-2] * SQUARE[:, :, 1:-1, 2:]
    )
    inside[:, :, [0, -1]] = 0
    inside[:, :, :, [0, -1]] = 0
    assert not border_step(flat + inside, SQUARE).any()
