"""Networks of others as conditions: size, range, mean and order of channels."""

import pytest
import torch
import torchvision
from torch import nn
from torchvision.transforms.v2 import functional as transforms

from ppgn_lib import Eps, chain, conditions, variants
from ppgn_lib.networks.adapter import CAFFE, TORCHVISION, Adapted


@pytest.fixture
def x():
    return torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(0)) * 2 - 1


def test_torchvision_gets_what_its_own_transforms_give(x):
    found = Adapted(nn.Identity(), **TORCHVISION)(x)
    preset = torchvision.models.ResNet18_Weights.DEFAULT.transforms()
    large = transforms.resize((x + 1) / 2, [224, 224], antialias=True)
    torch.testing.assert_close(found, transforms.normalize(large, preset.mean, preset.std))


def test_caffe_gets_blue_first_and_bytes_less_their_mean(x):
    red = torch.tensor([1.0, -1.0, -1.0])[None, :, None, None].expand(1, 3, 50, 50)
    found = Adapted(nn.Identity(), **CAFFE)(red)
    assert found.shape == (1, 3, 227, 227)
    torch.testing.assert_close(found[0, :, 0, 0], torch.tensor([-104.0, -117.0, 255.0 - 123.0]))


def test_pictures_pass_untouched_without_settings_and_are_filtered_when_made_smaller(x):
    assert torch.equal(Adapted(nn.Identity())(x), x)
    stripes = torch.tensor([-1.0, 1.0]).repeat(16).expand(1, 3, 32, 32)
    small = Adapted(nn.Identity(), size=8)(stripes)
    assert small.shape == (1, 3, 8, 8) and small[..., 2:-2].abs().max() < 0.1, "no pattern that was not there"


@pytest.mark.parametrize("name", ["resnet18", "squeezenet1_1"])
def test_a_network_of_torchvision_steers_a_chain(name, encoder, generator):
    """Random weights: nothing is downloaded."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        net = torchvision.models.get_model(name, weights=None).eval().requires_grad_(False)
    C = Adapted(net, **{**TORCHVISION, "size": 64})
    h = torch.rand(2, 256, generator=torch.Generator().manual_seed(1))
    condition = conditions.classes(C, [3, 700])
    states = list(chain(h, *variants.noiseless(generator, encoder, condition), Eps(0.0, 0.1), steps=1))
    assert (states[0].grad.abs().amax(1) > 0).all()
    alone = conditions.classes(C, 3)(generator(h[:1]))
    torch.testing.assert_close(alone, condition(generator(h))[:1])


def test_what_does_not_fit_is_told(x):
    with pytest.raises(ValueError, match="white must be above black; got low=1"):
        Adapted(nn.Identity(), low=1.0)
    with pytest.raises(ValueError, match="std must be above 0; got 0"):
        Adapted(nn.Identity(), std=0.0)
    with pytest.raises(ValueError, match="mean must be one number, or one a channel; got 2"):
        Adapted(nn.Identity(), mean=(1.0, 2.0))
    with pytest.raises(ValueError, match="size must be at least 1"):
        Adapted(nn.Identity(), size=0)
    with pytest.raises(ValueError, match="order must be RGB or BGR; got 'GRB'"):
        Adapted(nn.Identity(), order="GRB")
    with pytest.raises(ValueError, match=r"pictures must be \(B, 3, H, W\).*\(2, 1, 32, 32\)"):
        Adapted(nn.Identity())(x[:, :1])
    with pytest.raises(ValueError, match="training mode"):
        conditions.classes(Adapted(nn.Dropout().train()), 0)
