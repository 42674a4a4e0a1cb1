"""Each variant is what its row of the paper's table says."""

import pytest
import torch
from torch import nn

from ppgn_lib import Eps, Noise, chain, conditions, evaluate, variants
from ppgn_lib.book import diagrams


def parts(encoder, generator):
    h = torch.rand(2, 256, generator=torch.Generator().manual_seed(0))
    return h, generator(h), conditions.classes(encoder, [1, 2], "item")


def test_pixel_variants_climb_the_condition_on_x_and_pull_to_their_autoencoder(encoder, generator):
    _, x, condition = parts(encoder, generator)
    R = nn.Conv2d(3, 3, 3, padding=1).requires_grad_(False)
    for experts, back in (
        (variants.ppgn_x(R, condition), R(x)),
        (variants.joint_ppgn_x(generator, encoder, condition), generator(encoder(x).h)),
    ):
        state = evaluate(x, *experts)
        torch.testing.assert_close(state.prior, back - x)
        torch.testing.assert_close(state.log_p, condition(x))


def test_code_variants_differ_in_their_prior_alone(encoder, generator):
    h, x, condition = parts(encoder, generator)
    R = nn.Linear(256, 256).requires_grad_(False)
    for experts, field in (
        (variants.dgn_am(generator, condition), torch.zeros_like(h)),
        (variants.dgn_am(generator, condition, decay=True), -h),
        (variants.ppgn_h(R, generator, condition), R(h) - h),
        (variants.noiseless(generator, encoder, condition), encoder(x).h - h),
        (variants.joint(generator, encoder, condition), encoder(x).h - h),
    ):
        state = evaluate(h, *experts)
        torch.testing.assert_close(state.prior, field)
        torch.testing.assert_close(state.log_p, condition(x))
        torch.testing.assert_close(state.grad, evaluate(h, lambda h: h, lambda h: condition(generator(h))).grad)


def test_dgn_am_with_decay_is_eq_10(encoder, generator):
    h, _, condition = parts(encoder, generator)
    first, second = chain(h, *variants.dgn_am(generator, condition, decay=True), Eps(0.1, 2.0), steps=1)
    torch.testing.assert_close(second.h, 0.9 * h + 2.0 * first.grad)


def test_noise_of_joint_is_inside_the_pass(encoder, generator):
    """On h, x and h1 in turn, from each chain's own stream; the condition sees the picture of the code as it is."""
    h, x, condition = parts(encoder, generator)

    def after(*earlier):
        """The noise that comes next when such tensors have had theirs."""
        noise = Noise([7, 8])
        for like in earlier:
            noise.draw(like)
        return noise

    h1 = encoder.e1(x)
    for amounts, back in (
        ({"h": 0.1}, encoder(generator(h + 0.1 * Noise([7, 8]).draw(h))).h),
        ({"x": 0.1}, encoder.e2(encoder.e1(x + 0.1 * after(h).draw(x)))),
        ({"h1": 0.1}, encoder.e2(h1 + 0.1 * after(h, x).draw(h1))),
    ):
        state = evaluate(h, *variants.joint(generator, encoder, condition, noise=Noise([7, 8]), **amounts))
        torch.testing.assert_close(state.log_p, condition(x))
        torch.testing.assert_close(state.prior, back - h)
        assert not torch.allclose(state.prior, encoder(x).h - h, atol=1e-4)
    quiet = evaluate(h, *variants.joint(generator, encoder, condition, noise=Noise([7, 8])))
    torch.testing.assert_close(quiet.prior, encoder(x).h - h)


def test_joint_says_what_it_needs(encoder, generator):
    _, _, condition = parts(encoder, generator)
    with pytest.raises(ValueError, match=r"noise must be a Noise if h, x or h1 is not 0; got None and 0\.1"):
        variants.joint(generator, encoder, condition, h=0.1)
    with pytest.raises(TypeError, match="E must have its halves e1 and e2 for noise on h1; Linear has no e1"):
        variants.joint(generator, nn.Linear(3, 3), condition, noise=Noise([1]), h1=1.0)


def test_paper_s_multipliers_in_pixels_of_ours():
    """(1, 1e5, 25.6) of 0 to 255 is about (1, 6.15, 0.2) of [-1, 1]."""
    eps = variants.PAPER["ppgn_x"]
    assert (eps.eps1, eps.eps2, eps.eps3) == pytest.approx((1, 6.15, 0.2), rel=0.01)


@pytest.mark.parametrize("name", variants.PAPER)
def test_every_variant_has_a_function_and_a_diagram(name):
    assert callable(getattr(variants, name))
    figure = diagrams.variant(name)
    assert "$C$" in [text.get_text() for text in figure.axes[0].texts]


def test_diagram_of_nothing():
    with pytest.raises(ValueError, match="no diagram of 'ppgn_y'"):
        diagrams.variant("ppgn_y")
    with pytest.raises(ValueError, match="there is none called b"):
        diagrams.draw({"a": diagrams.Box(0, 0, "a")}, [diagrams.Arrow("a", "b")])
