"""Pictures from Fourier coefficients: the generators' laws, the transformations, and the chain through them."""

import math

import pytest
import torch

from ppgn_lib.experts import priors
from ppgn_lib.experts.conditions import through
from ppgn_lib.experts.fourier import (
    FixedMagnitude,
    FourierImage,
    colour_mixing,
    frequencies,
    mean_magnitude,
)
from ppgn_lib.experts.views import normalised, transformed
from ppgn_lib.sampling.chain import Eps, chain, value_and_grad

F64 = torch.float64


def noise(*shape, seed=0):
    return torch.randn(*shape, dtype=F64, generator=torch.Generator().manual_seed(seed))


def coloured(n=6, size=16):
    """Pictures within (-0.98, 0.98) with colours that are correlated, and more slow waves than fast ones."""
    mixing = torch.tensor([[0.3, 0.1, 0.0], [0.3, -0.1, 0.1], [0.2, 0.1, 0.1]], dtype=F64)
    smooth = torch.nn.functional.avg_pool2d(noise(n, 3, size + 2, size + 2), 3, 1)
    return (torch.einsum("ij,bjhw->bihw", mixing, smooth) + 0.1).tanh()


def generators(size=16):
    colours = colour_mixing(coloured(size=size))
    magnitude = mean_magnitude(coloured(size=size), colours)
    return FourierImage(size, colours).double(), FixedMagnitude(magnitude, colours).double()


@pytest.mark.parametrize("i", [0, 1])
def test_pictures_are_real_in_range_and_chains_apart(i):
    G = generators()[i]
    h = 3 * noise(*G.code(coloured(4)).shape)
    x = G(h)
    assert x.shape == (4, 3, 16, 16) and x.dtype == F64 and x.abs().max() <= 1
    assert torch.allclose(G(h[2:3]), x[2:3], atol=1e-12)


def test_fourier_code_of_a_picture_is_its_inverse():
    """rfft2 undoes irfft2, the inverse matrix the mixing and atanh tanh, for odd sides as well."""
    for size in (15, 16):
        x = coloured(3, size)
        G = FourierImage(size, colour_mixing(x), power=0.7).double()
        assert torch.allclose(G(G.code(x)), x, atol=1e-6)  # the buffers were float32 before .double()


def test_white_code_has_the_spectrum_of_one_over_the_frequency_and_variance_one():
    """The power falls as 1 / f^2 within five standard errors of a mean of 400 exponential variables."""
    n, size = 400, 32
    G = FourierImage(size).double()
    x = G.unsquashed(noise(n, 3, size, size // 2 + 1, 2))
    power = torch.fft.rfft2(x, norm="ortho").abs().square().mean((0, 1))  # 3 n pictures
    f = frequencies(size).double()
    inner = power[:, 1:-1] * f[:, 1:-1] ** 2  # both parts of a coefficient count there
    assert (inner / inner.mean() - 1).abs().max() < 5 / math.sqrt(3 * n)
    # Variance: a sum of exponentials with weights w^2; the largest is that of the slowest waves.
    weights = G.scale.square() / G.scale.square().sum()
    error = 2 * weights.square().sum().sqrt() / math.sqrt(3 * n)
    # Column 0 and the last one keep half of what they get, once instead of twice: a little is missing there.
    missing = (G.scale[:, [0, -1]].square().sum() / size**2).item()
    assert x.var().item() == pytest.approx(1 - missing, abs=5 * error.item() + missing / size)


def test_power_zero_is_the_picture_in_other_coordinates():
    """Without 1 / f the transform is orthonormal: a unit step along a code's gradient is one along the pixels'."""
    G = FourierImage(16, power=0).double()
    h = noise(1, 3, 16, 9, 2)
    assert torch.allclose(G.scale, torch.tensor(0.5**0.5, dtype=F64))
    half = noise(1, 3, 16, 16)
    _, grad = value_and_grad(lambda c: (half * G.unsquashed(c)).sum((1, 2, 3)), h)
    wanted = torch.view_as_real(torch.fft.rfft2(half, norm="ortho")) * 0.5**0.5
    assert torch.allclose(grad[..., 1:-1, :], 2 * wanted[..., 1:-1, :], atol=1e-6)  # each stands for two waves


def test_mixing_reproduces_the_covariance_of_the_colours():
    x = coloured(8)
    M = colour_mixing(x)
    C = x.atanh().transpose(0, 1).flatten(1).cov()
    assert torch.allclose(M @ M.T, 3 * C / C.trace(), atol=1e-12)
    assert (M[:, 0] > 0).all()  # the first channel is brightness


@pytest.mark.parametrize("balance", [0.0, 0.5])
def test_magnitude_is_the_given_one_whatever_the_phases(balance):
    magnitude = mean_magnitude(coloured())
    G = FixedMagnitude(magnitude, balance=balance).double()
    found = torch.fft.rfft2(G.unsquashed(3 * noise(5, 3, 16, 9)), norm="ortho").abs()
    assert torch.allclose(found[..., 1:-1], magnitude[..., 1:-1].expand(5, -1, -1, -1), rtol=1e-6)
    assert (found <= magnitude * (1 + 1e-6)).all()  # opposite phases need not agree on the other columns


def test_phases_of_a_picture_with_this_magnitude_give_it_back():
    G = generators()[1]
    x = G(G.code(coloured(2)))  # real phases, those of a picture
    assert torch.allclose(G(G.code(x)), x, atol=1e-6)


def test_mean_magnitude_of_one_image_and_of_rings():
    x = coloured(1)
    assert torch.allclose(mean_magnitude(x), torch.fft.rfft2(x.atanh(), norm="ortho").abs()[0])
    rings = mean_magnitude(x, rings=True)
    assert torch.allclose(rings[:, 3, 0], rings[:, 0, 3]) and torch.allclose(rings[:, -3, 4], rings[:, 3, 4])
    assert not torch.allclose(rings[:, 3, 0], rings[:, 4, 0])


def test_turn_of_fast_waves_makes_their_change_as_large_as_that_of_slow_ones():
    """With balance 1 a step of a code's unit changes each wave by the same, magnitude times angle."""
    G = FixedMagnitude(mean_magnitude(coloured()), balance=1.0).double()
    change = G.magnitude * G.turn
    assert torch.allclose(change, change.mean().expand_as(change))


def seen_by(x, **how):
    """What a condition sees of x, with seeds 5, 6, ..."""
    seen = []
    condition = transformed(lambda z: seen.append(z) or z.sum((1, 2, 3)), range(5, 5 + len(x)), **how)
    value_and_grad(condition, x)
    return seen[0].detach()


def test_no_extent_is_the_identity():
    x = noise(3, 3, 12, 10)
    assert torch.allclose(seen_by(x), x, atol=1e-12)


def test_shift_moves_by_pixels_and_no_farther():
    x = torch.zeros(200, 3, 21, 21, dtype=F64)
    x[:, :, 10, 10] = 1
    seen = seen_by(x, shift=3)
    places = torch.arange(21, dtype=F64)
    rows, columns = (seen[:, 0].sum(axis) @ places - 10 for axis in (2, 1))  # bilinear: the mean place is exact
    for moved in (rows, columns):
        assert moved.abs().max() <= 3 + 1e-9 and moved.max() > 2.7 and moved.min() < -2.7


def test_turn_keeps_distances_in_pixels():
    x = torch.zeros(50, 3, 31, 31, dtype=F64)
    x[:, :, 15, 22] = 1  # seven pixels from the middle, and its mirror image out of sight
    seen = seen_by(x, turn=90)
    places = torch.arange(31, dtype=F64) - 15
    total = seen[:, 0].sum((1, 2))
    rows, columns = (seen[:, 0].sum(axis) @ places / total for axis in (2, 1))
    assert torch.allclose(torch.hypot(rows, columns), torch.tensor(7.0, dtype=F64), atol=0.5)
    assert rows.max() > 4 and rows.min() < -4


def test_crop_shows_a_part_of_the_picture_enlarged():
    """A slope stays a slope: of a crop of half the side it has half the range, anywhere within the whole."""
    slope = torch.linspace(-1, 1, 32, dtype=F64).expand(100, 3, 32, 32)
    seen = seen_by(slope, crop=(0.5, 0.5))[:, 0, 0]
    steps = seen[:, 2:-1] - seen[:, 1:-2]
    assert torch.allclose(steps, torch.full_like(steps, 0.5 * 2 / 31), atol=1e-9)
    middle = seen.mean(1)
    assert middle.abs().max() <= 0.53 and middle.max() > 0.4 and middle.min() < -0.4
    smaller = seen_by(slope, crop=(1.25, 1.25))[:, 0, 0]
    assert torch.allclose(smaller.mean(1), torch.zeros(100, dtype=F64), atol=1e-9)  # around the middle, mirrored


def test_noise_has_its_standard_deviation():
    x = torch.zeros(4, 3, 64, 64, dtype=F64)
    seen = seen_by(x, noise=0.2)
    assert seen.std().item() == pytest.approx(0.2, rel=5 / math.sqrt(2 * seen.numel()))


def test_chain_sees_the_same_alone_as_among_others_and_anew_each_time():
    x, how = noise(3, 3, 12, 12), {"shift": 2, "turn": 20, "crop": (0.5, 1.2), "noise": 0.1}
    together, alone = [], []
    both = transformed(lambda z: together.append(z) or z.sum((1, 2, 3)), [7, 8, 9], **how)
    one = transformed(lambda z: alone.append(z) or z.sum((1, 2, 3)), [8], **how)
    for _ in range(3):
        both(x)
        one(x[1:2])
    for a, b in zip(together, alone, strict=True):
        assert torch.allclose(a[1:2], b, atol=1e-12)
    assert not torch.allclose(alone[0], alone[1])


def test_transformations_pass_the_gradient():
    weights = noise(3, 5, 5, seed=3)

    def f(x):  # seeds anew: the same transformation at each call
        how = {"shift": 1.0, "turn": 10.0, "crop": (0.6, 1.1), "noise": 0.1}
        return transformed(lambda z: (weights * z.square()).sum((1, 2, 3)), [1, 2], **how)(x).sum()

    assert torch.autograd.gradcheck(f, noise(2, 3, 5, 5).requires_grad_(), fast_mode=True)


@pytest.mark.parametrize("i", [0, 1])
def test_generators_pass_the_gradient(i):
    G = generators(size=4)[i]
    h = noise(*G.code(coloured(2, 4)).shape)
    assert torch.autograd.gradcheck(G, h.requires_grad_(), fast_mode=True)


def test_normalised_gradient_has_length_one_and_the_direction():
    def condition(h):
        return torch.tensor([1.0, 100.0, 0.0], dtype=F64) * h.square().sum(1)

    h = noise(3, 5)
    log_p, grad = value_and_grad(normalised(condition), h)
    assert torch.allclose(log_p, condition(h))
    assert torch.allclose(grad[:2], h[:2] / h[:2].norm(dim=1, keepdim=True)) and torch.equal(grad[2], 0 * h[2])


@pytest.mark.parametrize("i", [0, 1])
def test_chain_in_codes_draws_what_is_asked_for(i):
    """By the same call as any other: dark on the left and light on the right.

    With fixed magnitudes nearly as much so as their sum allows, when each phase is that of the wanted picture.
    """
    G = generators()[i]
    side = torch.linspace(-1, 1, 16, dtype=F64).sign().expand(1, 3, 16, 16)

    def condition(x):
        return (side * x).mean((1, 2, 3))

    how = transformed(condition, [0, 1], noise=0.05)
    h0 = G.code(0.1 * noise(2, 3, 16, 16))
    *_, last = chain(h0, priors.none, normalised(through(G, how)), Eps(0.0, 1.0), steps=20)
    wanted = 0.2 if i == 0 else 0.9 * condition(G(G.code(side)))
    assert (condition(G(h0)) < wanted).all() and (condition(G(last.h)) > wanted).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: FourierImage(1), "at least 2 pixels; got 1"),
        (lambda: FourierImage(8, power=-1.0), "power must be finite and not negative"),
        (lambda: FourierImage(8, torch.eye(4)), r"matrix \(3, 3\).*got \(4, 4\)"),
        (lambda: FourierImage(8)(torch.zeros(1, 3, 8, 4, 2)), r"\(B, 3, 8, 5, 2\).*got \(1, 3, 8, 4, 2\)"),
        (lambda: FourierImage(8).code(torch.zeros(1, 3, 9, 9)), r"\(B, 3, 8, 8\); got \(1, 3, 9, 9\)"),
        (lambda: FixedMagnitude(torch.ones(3, 8, 8)), r"\(3, H, W // 2 \+ 1\).*got \(3, 8, 8\)"),
        (lambda: FixedMagnitude(torch.zeros(3, 8, 5)), "finite and positive"),
        (lambda: FixedMagnitude(torch.ones(3, 8, 5), balance=-1.0), "balance"),
        (lambda: FixedMagnitude(torch.ones(3, 8, 5))(torch.zeros(1, 3, 8, 5, 2)), r"\(B, 3, 8, 5\)"),
        (lambda: colour_mixing(torch.rand(2, 1, 8, 8).expand(2, 3, 8, 8)), "three directions"),
        (lambda: colour_mixing(torch.rand(3, 8, 8)), r"\(N, 3, H, W\)"),
        (lambda: mean_magnitude(torch.rand(2, 3, 8, 9)), r"square.*got \(2, 3, 8, 9\)"),
        (lambda: transformed(lambda x: x, [1], shift=-1), "shift must be finite and not negative"),
        (lambda: transformed(lambda x: x, [1], crop=(0.0, 1.0)), "0 < smallest <= largest"),
        (lambda: transformed(lambda x: x, [1])(torch.zeros(2, 3, 4, 4)), "seed for each of 2 chains; got 1"),
    ],
)
def test_bad_input_says_what_must_hold(call, message):
    with pytest.raises(ValueError, match=message):
        call()
