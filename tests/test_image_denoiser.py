"""R of images: what must hold at any weights, what the shipped ones can do, and its training."""

import json
import math

import pytest
import torch

from ppgn_lib.data.files import locate
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.networks.denoisers import SPREAD, ImageDenoiser
from ppgn_lib.networks.zoo import load, load_file
from ppgn_lib.training.__main__ import main
from ppgn_lib.training.denoiser import errors, loss
from ppgn_lib.training.recipes import RECIPES, as_options
from ppgn_lib.training.settings import DenoiserSettings


def test_untrained_it_is_the_best_linear_answer():
    """A net that says nothing leaves R(x) = SPREAD^2 / (sigma^2 + SPREAD^2) x, what white data of that spread ask for."""
    x, sigma = torch.randn(3, 3, 32, 32), torch.tensor([0.1, 0.5, 2.0])
    net = ImageDenoiser(8)
    net.last.bias.data.zero_()
    share = SPREAD**2 / (sigma**2 + SPREAD**2)
    torch.testing.assert_close(net(x, sigma), share[:, None, None, None] * x)


def test_one_sigma_is_the_same_as_that_one_for_each():
    net, x = load("denoiser"), torch.randn(3, 3, 32, 32)
    torch.testing.assert_close(net(x, 0.3), net(x, torch.full((3,), 0.3)))
    alone = net(x[1:2], 0.3)
    torch.testing.assert_close(net(x, torch.tensor([2.0, 0.3, 0.05]))[1:2], alone, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("sigma", [0.0, -1.0, math.inf, math.nan, torch.ones(2), torch.tensor([0.1, 0.0, 0.1])])
def test_impossible_noise(sigma):
    with pytest.raises(ValueError, match="sigma must be finite and positive, one or one for each of 3"):
        ImageDenoiser(8)(torch.zeros(3, 3, 32, 32), sigma)


def test_loss_of_doing_nothing_by_hand():
    """R(x) = x errs by sigma z: over sigma^2 SPREAD^2 / (sigma^2 + SPREAD^2) that is (sigma^2 + SPREAD^2) / SPREAD^2."""
    x, noise = torch.zeros(4, 3, 32, 32), torch.ones(4, 3, 32, 32)
    sigma = torch.tensor([0.1, 0.5, 1.0, 3.0])
    expected = ((sigma**2 + SPREAD**2) / SPREAD**2).mean()
    torch.testing.assert_close(loss(lambda noisy, _: noisy, x, sigma, noise), expected)


def test_shipped_one_denoises_as_its_card_says():
    """Of the first hundred images the error is the card's within what hundred of thousand may differ by, and no linear
    answer comes near it.
    """
    card = json.loads(locate("weights/denoiser.json").read_text())["figures"]
    for sigma, error in errors(load("denoiser"), TintedFashion("validation").batch(range(100)).x, (0.2, 1.0)).items():
        assert error == pytest.approx(card[f"validation root mean square error at sigma {sigma}"], rel=0.15)
        assert error < 0.6 * sigma * SPREAD / math.hypot(sigma, SPREAD)


def test_widths_that_have_no_groups():
    with pytest.raises(ValueError, match="width must be a multiple of 8"):
        ImageDenoiser(12)
    with pytest.raises(ValueError, match=r"width must be a multiple of 8.*; got 12"):
        DenoiserSettings(width=12)


def test_trains_by_the_command_line(tmp_path):
    tiny = as_options({**RECIPES["denoiser"].small, "steps": 10, "batch": 4})  # a tenth is the step torch divides by
    assert main(["denoiser", *tiny, "--out", str(tmp_path), "--accelerator", "cpu", "--precision", "32-true"]) == 0
    assert {p.name for p in tmp_path.iterdir()} == {"denoiser.ckpt", "denoiser.json", "denoiser.safetensors"}
    net = load_file(tmp_path / "denoiser.safetensors")
    assert net(torch.zeros(1, 3, 32, 32), 0.5).shape == (1, 3, 32, 32)
