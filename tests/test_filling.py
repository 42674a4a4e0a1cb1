"""Holes, and how well they were filled."""

import math

import pytest
import torch

from ppgn_lib.data import holes
from ppgn_lib.metrics.filling import border_step, inner, mean_over, psnr_in, ssim_in

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


def test_holes_over_the_item_hide_nearly_the_most_of_it_that_they_can():
    item = torch.zeros(200, 32, 32)
    item[:, 4:24, 10:20] = 1
    masks = holes.over(item, 14, list(range(200)))
    hidden = (masks[:, 0] * item).flatten(1).sum(1)
    assert (masks.flatten(1).sum(1) == 14**2).all() and hidden.min() >= 0.75 * 140 and hidden.max() == 140
    assert len({tuple(mask[0].nonzero()[0].tolist()) for mask in masks}) > 20, "many places"
    assert torch.equal(masks[5:7], holes.over(item[:2], 14, [5, 6]))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: holes.square(32, 32, [0]), "smaller than the picture of 32"),
        (lambda: holes.half(32, "middle"), "left, right, top, bottom"),
        (lambda: holes.random_pixels(32, 1.0, [0]), "some known"),
        (lambda: holes.over(torch.zeros(1, 32, 32), 14, [0]), "must have an item"),
        (lambda: holes.over(torch.ones(1, 32, 32), 40, [0]), "smaller than the picture of 32"),
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
    assert not border_step(flat + inner(SQUARE, 1), SQUARE).any()


def test_the_inner_part_is_as_far_from_the_known_as_asked_and_the_edge_of_the_picture_is_not_known():
    middle = torch.zeros(1, 1, 32, 32)
    middle[..., 8:22, 8:22] = 1
    assert inner(middle)[..., 10:20, 10:20].all() and inner(middle).sum() == 100
    corner = torch.zeros(1, 1, 32, 32)
    corner[..., :14, :14] = 1
    assert inner(corner)[..., :12, :12].all() and inner(corner).sum() == 144


def test_a_mean_over_a_mask():
    error = torch.arange(12.0).view(1, 3, 2, 2)
    torch.testing.assert_close(mean_over(error, torch.tensor([[[[1.0, 0.0], [0.0, 0.0]]]])), torch.tensor([4.0]))
