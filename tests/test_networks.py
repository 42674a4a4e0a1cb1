"""Any network has one interface, its layers by name, and a file that says what it is."""

import json

import pytest
import torch
from conftest import TINTED
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F
from torchvision.models import alexnet

from ppgn_lib.data.files import DamagedFileError
from ppgn_lib.experts import conditions, variants
from ppgn_lib.experts.units import units
from ppgn_lib.networks import precision, zoo
from ppgn_lib.networks.features import Features, FromLayers, activations, encode, logits_of
from ppgn_lib.networks.judges import Evaluator, Selector
from ppgn_lib.networks.small import Discriminator, Encoder, Generator
from ppgn_lib.sampling.chain import Eps, chain


@pytest.fixture(scope="module")
def big():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return alexnet(weights=None).eval().requires_grad_(False)


@pytest.mark.parametrize("size", [16, 40])
def test_networks_of_other_sizes_fit_each_other(size):
    """Pixels, code and heads come from the networks: nowhere else is there a 32, a 256 or a ten."""
    classes = {"animal": ("cat", "dog", "eel"), "mood": ("sad", "gay")}
    E, G = Encoder(classes, size=size, code=24).eval(), Generator(code=24, size=size, width=4)
    seen = E(torch.zeros(2, 3, size, size))
    assert seen.h.shape == (2, 24) and G(seen.h).shape == (2, 3, size, size)
    assert {head: tuple(l.shape) for head, l in seen.logits.items()} == {"animal": (2, 3), "mood": (2, 2)}
    assert torch.equal(E.e2(E.e1(torch.zeros(2, 3, size, size))), seen.h)
    assert Discriminator(code=24, size=size, width=4)(G(seen.h), seen.h).shape == (2,)
    for judge in (Selector(classes, width=8), Evaluator(classes, width=8)):
        assert list(judge.eval()(G(seen.h)).logits) == ["animal", "mood"]
    experts = variants.joint(G, E, conditions.classes(E, 2, "animal"))
    *_, last = chain(torch.rand(2, 24), *experts, Eps(0.1, 0.1), steps=2)
    assert last.h.shape == (2, 24)
    with pytest.raises(ValueError, match="multiple of 8"):
        Encoder(classes, size=20)


def test_activation_is_that_before_a_nonlinearity_that_works_in_place(big):
    """torchvision's ReLUs overwrite what the convolution gave; one that is read too late would have no negatives."""
    x = torch.randn(2, 3, 224, 224, generator=torch.Generator().manual_seed(0))
    before, after = activations(big, "features.10")(x), activations(big, "features.11")(x)
    assert before.min() < 0 <= after.min() and torch.equal(F.relu(before), after)
    assert torch.equal(activations(big, "features.10", F.relu)(x), after)
    assert torch.equal(before, big.features[:11](x))


def test_activation_of_a_named_unit_is_a_condition(big):
    """Its gradient reaches the image, and the network is left without hooks."""
    x = torch.randn(2, 3, 224, 224, requires_grad=True)
    units(big, "features.8:5", place=(6, 6))(x).sum().backward()
    assert x.grad.abs().sum() > 0
    assert not any(module._forward_hooks for module in big.modules())


@pytest.mark.parametrize("name", ["features.99", "", "feature.10"])
def test_layer_that_does_not_exist(big, name):
    with pytest.raises(ValueError, match=r"no layer .*; did you mean"):
        activations(big, name)


def test_layer_that_does_not_run():
    net = nn.Sequential(nn.Linear(2, 2))
    net.idle = nn.Linear(2, 2)
    net.forward = lambda x: net[0](x)
    with pytest.raises(ValueError, match="layer 'idle' did not run"):
        activations(net, "idle")(torch.zeros(1, 2))


def test_any_network_with_named_layers_is_an_encoder(big):
    """h1, the code and the logits are those of the layers, and e2 continues from a given h1."""
    E = FromLayers(big, h1="features.12", h="classifier.2", size=224, names=[str(i) for i in range(1000)])
    x = torch.rand(2, 3, 224, 224, generator=torch.Generator().manual_seed(0)) * 2 - 1
    seen = E(x)
    assert torch.equal(seen.h1, big.features(x)) and torch.equal(seen.logits["class"], big(x))
    assert torch.equal(seen.h, big.classifier[:3](big.avgpool(seen.h1).flatten(1)))
    assert torch.equal(E.e1(x), seen.h1) and torch.allclose(E.e2(seen.h1), seen.h)
    assert not torch.allclose(E.e2(2 * seen.h1), seen.h)
    assert torch.equal(encode(E, x), seen.h)
    with pytest.raises(ValueError, match=r"\(B, 3, 224, 224\)"):
        E(x[:, :, :100])


def test_logits_of_the_only_head_need_no_name():
    seen = Features(torch.zeros(1), torch.zeros(1), {"class": torch.ones(2, 3)})
    assert torch.equal(logits_of(seen), logits_of(seen, "class"))
    with pytest.raises(ValueError, match="head must be one of class; got 'item'"):
        logits_of(seen, "item")
    with pytest.raises(ValueError, match="has no heads"):
        logits_of(torch.ones(2, 3), "item")


def test_zoo_networks_load_frozen_and_in_eval_mode():
    assert {"encoder", "generator", "selector", "evaluator", "denoiser"} <= set(zoo.names())
    for name in zoo.names():
        net = zoo.load(name)
        assert not net.training and not any(p.requires_grad for p in net.parameters())
    assert zoo.load("encoder").classes == TINTED


def test_unknown_network_offers_the_nearest():
    with pytest.raises(KeyError, match="did you mean 'encoder'"):
        zoo.load("encodr")


def test_second_network_of_an_architecture_is_just_a_file(tmp_path):
    """Of another size and other heads, under any name; stored and loaded it gives the same."""
    torch.manual_seed(0)
    net = Encoder({"class": ("a", "b")}, size=16, code=8).eval()
    zoo.save(net, tmp_path / "mine.safetensors")
    again = zoo.load_file(tmp_path / "mine.safetensors")
    x = torch.zeros(1, 3, 16, 16)
    assert torch.allclose(net(x).h, again(x).h, atol=1e-5) and again.classes == {"class": ("a", "b")}
    assert zoo.digest(net) == zoo.digest(again) != zoo.digest(Encoder({"class": ("a", "b")}, size=16, code=8))
    first = (tmp_path / "mine.safetensors").read_bytes()
    zoo.save(net, tmp_path / "mine.safetensors")
    assert (tmp_path / "mine.safetensors").read_bytes() == first
    with pytest.raises(ValueError, match=r"no name in zoo\.ARCHITECTURES"):
        zoo.save(nn.Linear(2, 2), tmp_path / "mine.safetensors")


def test_damaged_or_foreign_weights(tmp_path, generator):
    path = tmp_path / "generator.safetensors"
    zoo.save(generator, path)
    assert zoo.load_file(path).width == 4
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(DamagedFileError, match="not a whole safetensors file"):
        zoo.load_file(path)
    save_file({"fc.weight": torch.zeros(2, 2)}, path)
    with pytest.raises(ValueError, match="must name its architecture"):
        zoo.load_file(path)
    about = {"architecture": "generator", "settings": {"width": 4}}
    save_file({"fc.weight": torch.zeros(2, 2)}, path, {"ppgn": json.dumps(about)})
    with pytest.raises(ValueError, match="does not fit the architecture 'generator'"):
        zoo.load_file(path)


@pytest.mark.parametrize(
    ("level", "flags", "expected"),
    [
        ("AVX512", {"avx512_bf16": True}, "bfloat16"),
        ("AVX512", {"amx_bf16": True}, "bfloat16"),
        ("AVX512", {"avx512_f": True}, "float32"),
        ("AVX2", {"avx512_bf16": True}, "float32"),  # held back by ATEN_CPU_CAPABILITY
        ("AVX2", {}, "float32"),
    ],
)
def test_bfloat16_is_taken_where_the_cpu_computes_in_it(monkeypatch, level, flags, expected):
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: level)
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: flags, raising=False)
    assert precision.name_of("cpu") == expected
    net = nn.Linear(2, 2)
    assert (precision.fast(net) is net) == (expected == "float32")


def test_bfloat16_rounds_inside_the_network_only(generator, encoder):
    """8 bits of mantissa: relative error of some 2^-8 after a few layers, and never exactly the same."""
    h = torch.rand(4, 256, generator=torch.Generator().manual_seed(0))
    exact, rounded = generator(h), precision.in_bfloat16(generator)(h)
    assert rounded.dtype == torch.float32 and 0 < (rounded - exact).norm() / exact.norm() < 0.05
    seen = precision.in_bfloat16(encoder)(exact)
    assert {part.dtype for part in (seen.h1, seen.h, *seen.logits.values())} == {torch.float32}
    E = precision.in_bfloat16(encoder)
    experts = variants.joint(precision.in_bfloat16(generator), E, conditions.classes(E, 3, "item"))
    *_, last = chain(h, *experts, Eps(0.1, 0.5), steps=3)
    assert last.h.dtype == last.log_p.dtype == torch.float32
