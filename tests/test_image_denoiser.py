"""R of images: what must hold at any weights, what the shipped ones can do, and its training."""

import math

import pytest
import torch
from lightning_fabric import Fabric

from ppgn_lib.data import TintedFashion
from ppgn_lib.image_denoiser import SPREAD, ImageDenoiser
from ppgn_lib.training.__main__ import main
from ppgn_lib.training.config import DenoiserConfig, read_config
from ppgn_lib.training.denoiser import errors, loss, train_denoiser
from ppgn_lib.zoo import load

TINY = DenoiserConfig(width=8, steps=4, batch=4, save_every=2, log_every=2)


def test_untrained_it_is_the_best_linear_answer():
    """Its last layer is zero then: R(x) = SPREAD^2 / (sigma^2 + SPREAD^2) x, which no sum of x and a net has by chance."""
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


@pytest.mark.parametrize("sigma", [0.0, -1.0, torch.ones(2), torch.tensor([0.1, 0.0, 0.1])])
def test_impossible_noise(sigma):
    with pytest.raises(ValueError, match="sigma must be positive, one number or one for each of 3"):
        ImageDenoiser(8)(torch.zeros(3, 3, 32, 32), sigma)


def test_loss_of_doing_nothing_by_hand():
    """R(x) = x errs by sigma z: over sigma^2 SPREAD^2 / (sigma^2 + SPREAD^2) that is (sigma^2 + SPREAD^2) / SPREAD^2."""
    x, noise = torch.zeros(4, 3, 32, 32), torch.ones(4, 3, 32, 32)
    sigma = torch.tensor([0.1, 0.5, 1.0, 3.0])
    expected = ((sigma**2 + SPREAD**2) / SPREAD**2).mean()
    torch.testing.assert_close(loss(lambda noisy, _: noisy, x, sigma, noise), expected)


def test_shipped_one_denoises():
    """Its error is well below that of the best linear answer to white noise on data of that spread, at every noise."""
    found = errors(load("denoiser"), TintedFashion("test"), (0.1, 0.2, 0.5, 1.0), count=100)
    for sigma, error in found.items():
        assert error < 0.6 * sigma * SPREAD / math.hypot(sigma, SPREAD)


def test_resumed_training_ends_the_same(tmp_path):
    fabric = Fabric(accelerator="cpu", devices=1)
    whole, log = train_denoiser(TINY, tmp_path / "whole", fabric)
    with pytest.MonkeyPatch.context() as patch:
        from ppgn_lib.training import denoiser

        calls = []
        plain = denoiser.loss

        def stops(*arguments):
            calls.append(1)
            if len(calls) > 3:
                raise KeyboardInterrupt
            return plain(*arguments)

        patch.setattr(denoiser, "loss", stops)
        with pytest.raises(KeyboardInterrupt):
            train_denoiser(TINY, tmp_path / "parts", fabric)
    resumed, resumed_log = train_denoiser(TINY, tmp_path / "parts", fabric)
    assert log == resumed_log and len(log) == 2
    assert all(torch.equal(a, b) for a, b in zip(whole.parameters(), resumed.parameters(), strict=True))


def test_settings(tmp_path, capsys):
    with pytest.raises(ValueError, match="0 < sigma_low < sigma_high; got 2"):
        read_config("denoiser", None, ["sigma_low=2", "sigma_high=1"])
    tiny = ["--set", "width=8", "--set", "steps=2", "--set", "batch=4"]
    assert main(["denoiser", *tiny, "--out", str(tmp_path), "--accelerator", "cpu", "--precision", "32-true"]) == 0
    assert {p.name for p in tmp_path.iterdir()} == {"denoiser.ckpt", "denoiser.json", "denoiser.safetensors"}
