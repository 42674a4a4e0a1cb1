"""Chains that climb what a network says of a picture: one step by hand, on pixels and on codes, and what is refused."""

import pytest
import torch

from ppgn_lib.experts import ascent
from ppgn_lib.experts.ascent import CodeAscent, PixelAscent, Views, certainty, climb, draw, pictures, reach
from ppgn_lib.experts.fourier import FixedMagnitude, FourierImage, mean_magnitude
from ppgn_lib.experts.image_priors import blur, compose, decay

F64 = torch.float64
SIDE, Y, SEEDS = 8, torch.tensor([1, 0, 2]), range(3)


def noise(*shape, seed=0):
    return torch.randn(*shape, dtype=F64, generator=torch.Generator().manual_seed(seed))


X0 = 0.3 * noise(3, 3, SIDE, SIDE)
WEIGHTS = 0.1 * noise(4, 3 * SIDE * SIDE, seed=1)


def net(x):
    """Logits (B, 4), linear in the pixels."""
    return x.flatten(1) @ WEIGHTS.T


def bent(x):
    """Logits (B, 4) whose gradient depends on the picture, and so on noise in it."""
    return net(x + x**2)


def shift_invariant(x):
    """Logits (B, 4) that do not change when the picture is shifted around its edge."""
    return torch.cat([x.square().mean((2, 3)), x.mean((1, 2, 3))[:, None]], 1) * 50


def of_class(x, y=Y):
    """d log p(y|x) / dx of the linear network, by hand: w_y - sum_k p_k w_k."""
    return (WEIGHTS[y] - net(x).softmax(1) @ WEIGHTS).view_as(x)


def generators():
    waves = FourierImage(SIDE).double()
    phases = FixedMagnitude(mean_magnitude(X0.clamp(-0.9, 0.9)), balance=0.3).double()
    return [waves, phases]


def test_a_step_on_pixels_is_the_map_and_the_gradient():
    r = compose(decay(0.1), blur(0.7))
    first, second, third = (state.h for state in climb(net, X0, Y, PixelAscent(r, eps2=0.4, steps=2), SEEDS))
    assert torch.equal(first, X0)
    assert torch.allclose(second, r(X0) + 0.4 * of_class(X0), atol=1e-12)
    assert torch.allclose(third, r(second) + 0.4 * of_class(second), atol=1e-12)


def test_without_a_prior_a_step_is_the_gradient():
    how = PixelAscent(None, eps2=0.4, steps=1)
    assert torch.allclose(reach(net, X0, Y, how, SEEDS), X0 + 0.4 * of_class(X0), atol=1e-12)


def test_jitter_changes_the_gradient_unless_the_network_does_not_mind_shifts():
    still, jittered = (PixelAscent(decay(0.1), jitter, eps2=0.4, steps=3) for jitter in (0, 2))
    minds, does_not = (
        (reach(f, X0, Y, still, SEEDS) - reach(f, X0, Y, jittered, SEEDS)).abs().max() for f in (net, shift_invariant)
    )
    assert does_not < 1e-12 < minds


@pytest.mark.parametrize("i", [0, 1])
def test_a_step_on_codes_is_decay_and_a_step_of_length_eps2_along_the_logit(i):
    """Without shift, turn, crop or noise the view is the picture itself, so the step can be written down."""
    G = generators()[i]
    how = CodeAscent(G, 0.1, Views(), eps2=0.7, steps=1)
    first, second = (state.h for state in draw(net, X0, Y, how, SEEDS))
    h = G.code(X0).requires_grad_()
    assert torch.equal(first, h)
    (g,) = torch.autograd.grad(net(G(h)).gather(1, Y[:, None]).sum(), h)
    step = second - 0.9 * h.detach()
    assert torch.allclose(step.flatten(1).norm(dim=1), torch.tensor(0.7, dtype=F64), atol=1e-6)
    length = g.flatten(1).norm(dim=1).view(-1, *[1] * (g.ndim - 1))
    assert torch.allclose(step, 0.7 * g / length, atol=1e-6)  # the grid of the view has single precision in it
    assert torch.allclose(reach(net, X0, Y, how, SEEDS), G(second), atol=1e-12)


@pytest.mark.parametrize("what", [{"shift": 3}, {"turn": 30}, {"crop": (0.5, 0.6)}, {"noise": 0.5}])
def test_the_network_sees_the_views_and_each_chain_its_own(what):
    plain, seen = (CodeAscent(generators()[0], 0.0, views, 0.5, 2) for views in (Views(), Views(**what)))
    found = reach(bent, X0, Y, seen, SEEDS)
    assert (found - reach(bent, X0, Y, plain, SEEDS)).abs().max() > 1e-3
    assert torch.allclose(reach(bent, X0[1:2], Y[1:2], seen, SEEDS[1:2]), found[1:2], atol=1e-12)


@pytest.mark.parametrize("how", [PixelAscent(blur(0.5), 1, 0.3, 4), CodeAscent(generators()[0], 0.1, Views(2), 0.3, 4)])
def test_pictures_of_a_chain(how):
    """As many as steps and the start, whatever moves; a shorter chain is the beginning of a longer one."""
    found = list(pictures(net, X0, Y, how, SEEDS))
    assert len(found) == 5 and torch.allclose(found[0], X0, atol=1e-5)
    assert torch.equal(reach(net, X0, Y, how, SEEDS), found[-1])
    assert torch.equal(reach(net, X0, Y, how._replace(steps=2), SEEDS), found[2])


def test_what_does_not_fit_is_refused_at_the_call():
    """Not at the first picture."""
    with pytest.raises(ValueError, match="steps"):
        pictures(net, X0, Y, PixelAscent(None, eps2=1.0), SEEDS)
    with pytest.raises(ValueError, match=r"rate must be in \[0, 1\]"):
        pictures(net, X0, Y, CodeAscent(generators()[0], 2.0, Views(), 1.0, 1), SEEDS)
    with pytest.raises(ValueError, match="a seed for each of 3 chains"):
        pictures(net, X0, Y, PixelAscent(None, 2, 1.0, 1), [0])
    with pytest.raises(TypeError, match="PixelAscent"):
        pictures(net, X0, Y, blur(0.5), SEEDS)


def test_certainty_is_the_softmax_of_the_class_and_leaves_no_graph():
    x = X0.clone().requires_grad_()
    p = net(X0).softmax(1)
    assert torch.allclose(certainty(net, x, Y), p[range(3), Y]) and not certainty(net, x, Y).requires_grad
    assert torch.allclose(certainty(net, x, 2), p[:, 2])
    climbed = reach(net, X0, Y, PixelAscent(None, eps2=0.1, steps=20), SEEDS)
    assert (ascent.certainty(net, climbed, Y) > certainty(net, X0, Y)).all()
