"""Encoders with another code: what of them is the trained one's, and what is not."""

import other_codes
import pytest
import torch

from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.networks.features import encode
from ppgn_lib.networks.zoo import digest, load


@pytest.fixture(scope="module")
def photographs():
    return TintedFashion("test").batch(range(20)).x


@pytest.mark.parametrize("name", ["untrained", "principal"])
def test_only_the_code_is_another(name, photographs, monkeypatch):
    """L_h1 and the condition stay those of the trained E; one step size means as much for each code."""
    monkeypatch.setattr(other_codes, "FITTED", 600)
    E, other = load("encoder"), other_codes.encoder_with(name, 11)
    with torch.no_grad():
        trained, seen = E(photographs), other(photographs)
    torch.testing.assert_close(seen.h1, trained.h1, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(seen.logits["item"], trained.logits["item"], rtol=1e-4, atol=1e-3)
    assert seen.h.shape == trained.h.shape
    assert not torch.allclose(seen.h, trained.h, atol=0.1)
    assert seen.h.var(0).sum() == pytest.approx(trained.h.var(0).sum().item(), rel=0.5)  # 20 of 1000 photographs
    assert torch.equal(encode(other, photographs), seen.h)  # what training and chains take for the code


def test_principal_components_are_centred_and_uncorrelated(monkeypatch):
    monkeypatch.setattr(other_codes, "FITTED", 2000)
    code = other_codes.principal(load("encoder"), 11)
    order = torch.randperm(len(TintedFashion("train")), generator=torch.Generator().manual_seed(11))[:2000]
    with torch.no_grad():
        h = code(TintedFashion("train").batch(order).x)[:, :10].double()
    assert h.mean(0).abs().max() < 1e-3 * h.std()
    correlation = torch.corrcoef(h.T) - torch.eye(10)
    assert correlation.abs().max() < 1e-3


def test_untrained_code_depends_on_its_seed_and_not_on_the_order_of_calls(photographs):
    E = load("encoder")
    a, _, b = (other_codes.untrained(E, seed) for seed in (11, 12, 11))
    with torch.no_grad():
        assert torch.equal(a(photographs), b(photographs))
        assert not torch.equal(a(photographs), other_codes.untrained(E, 12)(photographs))


def test_trained_code_is_e_itself():
    assert digest(other_codes.encoder_with("trained", 11)) == digest(load("encoder"))
