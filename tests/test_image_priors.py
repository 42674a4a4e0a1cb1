"""Hand-designed priors: what each does to an image, by hand, and Eq. 17 by the library's chain."""

import math

import pytest
import torch

from ppgn_lib.experts import image_priors
from ppgn_lib.experts.image_priors import (
    blur,
    centre_bias,
    compose,
    cut,
    decay,
    jittered,
    patches,
    total_variation,
    within,
)
from ppgn_lib.experts.priors import autoencoder
from ppgn_lib.sampling.chain import Eps, chain

F64 = torch.float64


def noise(*shape, seed=0):
    return torch.randn(*shape, dtype=F64, generator=torch.Generator().manual_seed(seed))


def test_chain_with_eps1_of_one_is_equation_17():
    x0, weights = noise(2, 3, 8, 8), noise(3, 8, 8, seed=1)
    r = compose(decay(0.1), blur(0.7))
    states = list(chain(x0, autoencoder(r), lambda x: (weights * x).sum((1, 2, 3)), Eps(1.0, 0.3), steps=2))
    x = x0
    for _ in range(2):
        x = r(x) + 0.3 * weights
    assert torch.allclose(states[-1].h, x, atol=1e-12)


def test_pixels_stay_within():
    x = torch.tensor([-2.0, -1.0, 0.3, 1.5])
    assert within(-1, 1)(x).tolist() == torch.tensor([-1.0, -1.0, 0.3, 1.0]).tolist()


def test_decay_is_the_gaussian_prior():
    """Eq. 14: (1 - rate) x is a step of size rate along the score of N(0, 1), which is -x."""
    x = noise(1, 3, 4, 4)
    assert torch.allclose(decay(0.2)(x), x + 0.2 * -x)


def test_blur_keeps_the_mean_and_damps_by_its_transfer_function():
    """A wave of frequency f is damped by exp(-2 (pi f sigma)^2), but for the cut of the kernel at 3 sigma."""
    t = torch.arange(64, dtype=F64)
    wave = torch.cos(2 * math.pi * t / 8).expand(1, 3, 64, 64)
    seen = blur(1.0)(wave)[0, 0, 32, 16:48] / wave[0, 0, 32, 16:48]
    assert torch.allclose(seen[t[:32] % 4 == 0], torch.tensor(math.exp(-2 * (math.pi / 8) ** 2), dtype=F64), rtol=2e-2)
    assert torch.allclose(blur(1.0)(torch.ones(1, 3, 9, 9, dtype=F64)), torch.ones(1, 3, 9, 9, dtype=F64))


def test_total_variation_descends_its_functional_and_leaves_a_flat_image():
    def variation(x):
        return (x[..., 1:] - x[..., :-1]).abs().sum() + (x[..., 1:, :] - x[..., :-1, :]).abs().sum()

    x = noise(1, 3, 16, 16)
    assert variation(total_variation(0.05)(x)) < 0.9 * variation(x)
    flat = torch.full((1, 3, 5, 5), 0.3, dtype=F64)
    assert torch.equal(total_variation(0.05)(flat), flat)
    edge = torch.cat([torch.zeros(1, 1, 1, 4, dtype=F64), torch.ones(1, 1, 1, 4, dtype=F64)], 3) * 1000
    moved = (total_variation(0.05)(edge) - edge)[0, 0, 0]
    assert moved.tolist() == pytest.approx([0, 0, 0, 0.05, -0.05, 0, 0, 0], abs=1e-6)  # both sides by the weight


def test_total_variation_ends_flat_and_not_in_a_checkerboard():
    """An explicit step on a slope that bends by 8 / smooth overshoots above smooth / 4, and then never comes to rest.

    Below, the slowest wave of 8 pixels shrinks by 1 - 0.2 (2 - 2 cos(pi / 8)) = 0.97 a step.
    """
    x = 0.01 * noise(1, 3, 8, 8)
    for _ in range(2000):
        x = total_variation(0.05)(x)
    assert x.std((2, 3)).max() < 1e-12
    with pytest.raises(ValueError, match=r"at most smooth / 4 = 0\.025"):
        total_variation(0.05, smooth=0.1)


def test_centre_bias_fades_the_margin_only():
    x = torch.ones(1, 3, 9, 9, dtype=F64)
    faded = centre_bias(0.5, width=0.3)(x)
    assert faded[0, 0, 4, 4] == 1
    corner = math.exp(-(0.5**2 + 0.5**2) / (2 * 0.3**2))
    assert faded[0, 0, 0, 0].item() == pytest.approx(1 - 0.5 * (1 - corner))


def test_patches_of_an_image_leave_it_and_pull_others_to_it():
    image = noise(1, 3, 12, 12)
    bank = torch.stack([image[0, :, i : i + 4, j : j + 4] for i in range(9) for j in range(9)])
    assert torch.allclose(patches(bank, 1.0, stride=4)(image), image)
    near = image + 0.1 * noise(1, 3, 12, 12, seed=2)
    assert torch.allclose(patches(bank, 1.0, stride=4)(near), image)  # the nearest patch is the right one
    assert torch.allclose(patches(bank, 0.25, stride=4)(near), 0.75 * near + 0.25 * image)


def test_margin_that_no_patch_reaches_stays():
    image = noise(1, 3, 10, 10)
    seen = patches(torch.zeros(1, 3, 4, 4, dtype=F64), 1.0, stride=4)(image)
    assert (seen[..., :8, :8] == 0).all() and torch.equal(seen[..., 8:], image[..., 8:])


def test_cut_takes_patches_of_the_images():
    images = torch.arange(2 * 3 * 6 * 7, dtype=F64).view(2, 3, 6, 7)
    for patch in cut(images, 3, 20):
        first = patch[0, 0, 0].item()
        n, place = divmod(int(first), 3 * 6 * 7)
        i, j = divmod(place, 7)
        assert torch.equal(patch, images[n, :, i : i + 3, j : j + 3])
    assert torch.equal(cut(images, 3, 5, seed=1), cut(images, 3, 5, seed=1))


def test_jitter_shifts_each_chain_by_its_own_seed_and_anew():
    mark = torch.zeros(3, 3, 8, 8, dtype=F64)
    mark[:, :, 4, 4] = 1
    seen = []
    condition = jittered(lambda x: seen.append(x) or x.sum((1, 2, 3)), 2, seeds=[5, 6, 7])
    for _ in range(40):
        condition(mark)
    places = torch.stack([x[:, 0].flatten(1).argmax(1) for x in seen])  # (40, 3)
    rows, columns = places // 8, places % 8
    for where in (rows, columns):
        assert where.min() == 2 and where.max() == 6  # up to two pixels either way, and that far
    assert not torch.equal(places[:, 0], places[:, 1])
    alone = []
    jittered(lambda x: alone.append(x) or x.sum((1, 2, 3)), 2, seeds=[6])(mark[:1])
    assert torch.equal(alone[0][0], seen[0][1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: within(1, -1), "low < high; got 1 and -1"),
        (lambda: decay(1.5), r"rate must be in \[0, 1\]; got 1.5"),
        (lambda: blur(0), "sigma must be finite and positive; got 0"),
        (lambda: patches(torch.zeros(3, 4, 4), 0.5), r"\(K, 3, s, s\)"),
        (lambda: patches(torch.zeros(1, 3, 4, 4), 0.5)(torch.zeros(1, 3, 3, 9)), "at least 4 pixels"),
        (lambda: cut(torch.zeros(1, 3, 4, 4), 5, 1), "do not fit"),
        (lambda: jittered(lambda x: x, 0, [1]), "pixels must be at least 1"),
        (lambda: jittered(lambda x: x, 1, [1])(torch.zeros(2, 3, 4, 4)), "seed for each of 2 chains"),
    ],
)
def test_bad_input_says_what_must_hold(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_no_map_is_the_identity():
    x = noise(1, 3, 4, 4)
    assert image_priors.compose()(x) is x
