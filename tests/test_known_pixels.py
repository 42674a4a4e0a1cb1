"""Known pixels as a condition: Eq. 25 term by term, with the gradient that each term should have."""

import pytest
import torch
from torch.nn import functional as F

from ppgn_lib import Eps, chain, conditions, evaluate, variants
from ppgn_lib.experts import known_pixels as kp
from ppgn_lib.sampling.chain import value_and_grad

HOLE = torch.zeros(32, 32)
HOLE[8:20, 4:16] = 1


@pytest.fixture
def parts(encoder, generator):
    generator_of = torch.Generator().manual_seed(0)
    h = torch.rand(2, 256, generator=generator_of)
    image = torch.rand(2, 3, 32, 32, generator=generator_of) * 2 - 1
    return encoder, generator, h, image


def test_the_clamped_picture_is_g_in_the_hole_and_the_image_elsewhere(parts):
    _, G, h, image = parts
    x = kp.clamped(G, image, HOLE)(h)
    inside = HOLE.bool().expand_as(x)
    assert torch.equal(x[inside], G(h)[inside]) and torch.equal(x[~inside], image[~inside])


def test_prior_and_condition_see_the_clamped_picture_and_pull_at_the_hole_alone(parts):
    E, G, h, image = parts
    condition = conditions.classes(E, [3, 5], "item")
    state = evaluate(h, *kp.inpainting(G, E, image, HOLE, condition))
    x = kp.clamped(G, image, HOLE)(h).detach()
    torch.testing.assert_close(state.prior, E(x).h - h)
    torch.testing.assert_close(state.log_p, condition(x))
    _, by_pixel = value_and_grad(condition, x)
    expected = torch.autograd.functional.vjp(G, h, by_pixel * HOLE)[1]
    torch.testing.assert_close(state.grad, expected)


def test_context_pulls_g_itself_to_the_known_pixels(parts):
    """The gradient is J^T of (image - G(h)) where it is known, over how many are: the paper's eps4 term."""
    E, G, h, image = parts
    with_it, without = (evaluate(h, *kp.inpainting(G, E, image, HOLE, context=c)) for c in (7.0, 0.0))
    known = (1 - HOLE).expand_as(image)
    pull = 7.0 * (image - G(h)) * known / known[0].sum()
    torch.testing.assert_close(with_it.grad, torch.autograd.functional.vjp(G, h, pull)[1])
    torch.testing.assert_close(with_it.prior, without.prior)
    assert not without.grad.any() and not without.log_p.any()


def test_what_the_image_has_in_the_hole_is_not_looked_at(parts):
    E, G, h, image = parts
    other = torch.where(HOLE.bool(), torch.rand_like(image), image)
    ends = []
    for x in (image, other):
        *_, last = chain(h, *kp.inpainting(G, E, x, HOLE, context=5.0), Eps(0.1, 0.2), steps=3)
        ends.append(last.h)
    assert torch.equal(*ends)


def test_without_a_hole_worth_speaking_of_the_prior_is_the_codes_own_pass(parts):
    """One pixel short of everything: the clamped picture is G(h) but for it, so the prior is that of Noiseless."""
    E, G, h, image = parts
    hole = torch.ones(32, 32)
    hole[0, 0] = 0
    image[:, :, 0, 0] = G(h)[:, :, 0, 0]
    condition = conditions.classes(E, 1, "item")
    found, wanted = (
        evaluate(h, *experts)
        for experts in (kp.inpainting(G, E, image, hole, condition), variants.noiseless(G, E, condition))
    )
    torch.testing.assert_close(found.prior, wanted.prior)
    torch.testing.assert_close(found.log_p, wanted.log_p)


@pytest.mark.parametrize(
    "A",
    [lambda x: F.avg_pool2d(x, 2), lambda x: x.mean(1, keepdim=True), lambda x: x * HOLE],
    ids=["half the size", "grey", "known pixels"],
)
def test_a_measured_map_has_the_gradient_of_a_gaussian(A):
    generator = torch.Generator().manual_seed(1)
    x = torch.rand(2, 3, 32, 32, generator=generator, dtype=torch.float64)
    y = A(torch.rand(2, 3, 32, 32, generator=generator, dtype=torch.float64))
    log_p, grad = value_and_grad(kp.measured(A, y, 0.5), x)
    off = (A(x) - y) / 0.25
    torch.testing.assert_close(log_p, -0.5 * (off * (A(x) - y)).flatten(1).sum(1))
    torch.testing.assert_close(grad, -torch.autograd.functional.vjp(A, x, off)[1])


@pytest.mark.parametrize(
    ("image", "hole", "message"),
    [
        (torch.zeros(1, 1, 32, 32), HOLE, r"\(B, 3, H, W\).*grey"),
        (torch.zeros(1, 4, 32, 32), HOLE, "RGBA"),
        (torch.zeros(1, 3, 32, 32, dtype=torch.uint8), HOLE, "uint8"),
        (torch.zeros(1, 3, 32, 32), 0.5 * HOLE, "1 in the hole and 0 elsewhere"),
        (torch.zeros(1, 3, 32, 32), torch.ones(28, 28), r"must fit the image, \(32, 32\); got \(28, 28\)"),
        (torch.zeros(1, 3, 32, 32), torch.ones(32, 32), "something has to be known"),
        (torch.zeros(1, 3, 32, 32), torch.zeros(32, 32), "nothing to fill"),
    ],
)
def test_images_and_holes_that_do_not_fit(image, hole, message, parts):
    E, G, _, _ = parts
    with pytest.raises(ValueError, match=message):
        kp.inpainting(G, E, image, hole)


def test_a_measurement_that_does_not_fit():
    with pytest.raises(ValueError, match=r"y must be what A gives, \(2, 3, 16, 16\).*got \(2, 3, 32, 32\)"):
        kp.measured(lambda x: F.avg_pool2d(x, 2), torch.zeros(2, 3, 32, 32), 0.1)(torch.zeros(2, 3, 32, 32))
    with pytest.raises(ValueError, match="std"):
        kp.measured(lambda x: x, torch.zeros(1, 3, 2, 2), 0.0)
