"""Sums of codes: what is asked for, what could do without arithmetic, and that it is stored once."""

import arithmetic
import parts
import pytest
import stored
import torch

from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.networks.features import encode
from ppgn_lib.networks.zoo import load


@pytest.fixture
def few(monkeypatch, tmp_path):
    monkeypatch.setattr(arithmetic, "CASES", 4)
    monkeypatch.setattr(arithmetic, "STORE", tmp_path / "arithmetic.safetensors")
    arithmetic.cases.cache_clear()
    yield
    arithmetic.cases.cache_clear()


def test_cases_are_what_they_say(few):
    """a - b + c is d in every label, the photographs are such things, in such colours, and all different."""
    of, test = arithmetic.cases(), TintedFashion("test")
    a, b, c, d = of.labels.unbind(1)
    for head in range(3):
        assert torch.equal(a[:, head] - b[:, head] + c[:, head], d[:, head])
    assert (a[:, 0] == torch.arange(10).repeat_interleave(4)).all() and (a[:, 0] != b[:, 0]).all()
    colour_differs, background_differs = (a[:, i] != d[:, i] for i in (1, 2))
    assert torch.equal(colour_differs, torch.arange(40) % 4 < 2) and torch.equal(background_differs, ~colour_differs)
    batch = test.batch(of.photographs.flatten(), tints_of=of.tints.flatten())
    for i, head in enumerate(("item", "colour", "background")):
        assert torch.equal(batch.labels[head].view(40, 4, arithmetic.OF_EACH)[:, :, 0], of.labels[:, :, i])
    assert all(len(set(case.flatten().tolist())) == 4 * arithmetic.OF_EACH for case in of.photographs)


def test_pictures_of_each_way():
    """Where all three things are the same, so are sum and mean; pixels need no network."""
    E, G = load("encoder"), load("generator")
    x = TintedFashion("test").batch([5]).x.expand(2, 4, 3, -1, -1, -1)
    ways = arithmetic.pictures(E, G, x)
    reconstruction = G(encode(E, x[:, 0, 0])).clamp(-1, 1)
    for way in ("codes", "middle", "wanted", "reconstruction"):
        torch.testing.assert_close(ways[way], reconstruction, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(ways["pixels"], x[:, 0, 0])


def test_a_pair_is_stored_once(few, monkeypatch):
    monkeypatch.setattr(parts, "pair", lambda name: pytest.fail("the shipped pair is not one of the parts"))
    assert arithmetic.main(["shipped"]) == 0
    tensors, about = stored.read_tensors(arithmetic.STORE)
    found = about["found"]["shipped"]
    assert tensors["shipped.codes"].shape == (10, 3, 32, 32) and tensors["shipped.given"].shape == (30, 3, 32, 32)
    assert len(found["seen"]["codes"]) == 40 and len(found["kid_foreign"]["pixels"]) == 10
    right = torch.tensor(found["seen"]["wanted"]) == torch.tensor(found["labels"])[:, 3]
    assert right.double().mean() > 0.8
    monkeypatch.setattr(arithmetic, "measured", lambda name: pytest.fail("computed twice"))
    assert arithmetic.main(["shipped"]) == 0
    with pytest.raises(ValueError, match="did you mean 'shipped'"):
        arithmetic.main(["ships"])
