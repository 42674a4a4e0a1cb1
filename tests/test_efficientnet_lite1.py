"""The sibling network that other packages bring."""

import pytest
import torch

from ppgn_lib.data import photographs
from ppgn_lib.data.files import DamagedFileError
from ppgn_lib.networks import efficientnet, efficientnet_lite1


@pytest.fixture(scope="module")
def net():
    return efficientnet_lite1.efficientnet_lite1()


@pytest.mark.parametrize(
    ("name", "size", "seen"),
    [("cat", 224, "Egyptian cat"), ("coffee", 240, "espresso"), ("temple", 224, "palace"), ("flower", 128, "daisy")],
)
def test_photographs_are_what_they_show(net, name, size, seen):
    """At any size. Wrong scaling, order of channels or names of the classes would not leave this right."""
    with torch.no_grad():
        best = net(photographs.photograph(name, size)[None]).argmax(1).item()
    assert efficientnet.classes()[best] == seen


def test_network_is_frozen_and_says_what_it_takes(net):
    assert not net.training and not any(p.requires_grad for p in net.parameters())
    with pytest.raises(ValueError, match=r"\(B, 3, H, W\); got \(1, 1, 32, 32\)"):
        net(torch.zeros(1, 1, 32, 32))
    with pytest.raises(ValueError, match=r"in \[-1, 1\]; got up to 255"):
        net(torch.full((1, 3, 240, 240), 255.0))


def test_other_weights_are_refused_before_they_are_read(monkeypatch):
    monkeypatch.setattr(efficientnet_lite1, "WEIGHTS_SHA256", "0" * 64)
    monkeypatch.setattr(torch, "load", None)
    with pytest.raises(DamagedFileError, match="not the published file"):
        efficientnet_lite1.efficientnet_lite1()


def test_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "efficientnet_lite_pytorch", None)
    with pytest.raises(ImportError, match="pip install efficientnet-lite-pytorch"):
        efficientnet_lite1.EfficientNetLite1()
