"""Priors of codes and the chain whose noise falls: against exact answers, and what the shipped ones can do."""

import itertools
import json
import math

import pytest
import torch

from ppgn_lib import Noise
from ppgn_lib.data.files import locate
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.networks.code_denoisers import CodeAutoencoder, CodeDenoiser
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.annealed import annealed_chain, falling
from ppgn_lib.training.code_denoiser import codes_of
from ppgn_lib.training.denoiser import errors, loss

SPREAD = 1.5


def test_untrained_denoiser_is_the_best_linear_answer():
    h, sigma = torch.randn(3, 256), torch.tensor([0.1, 1.0, 5.0])
    share = SPREAD**2 / (sigma**2 + SPREAD**2)
    torch.testing.assert_close(CodeDenoiser(spread=SPREAD)(h, sigma), share[:, None] * h)


def test_paper_s_perceptron_has_its_proportions():
    """4096-2048-1024-500-1024-2048-4096 for codes of 4096."""
    assert [layer.out_features for layer in CodeAutoencoder(code=4096).layers] == [
        *(4096, 2048, 1024, 500, 1024, 2048, 4096),
        4096,
    ]
    assert min(layer.out_features for layer in CodeAutoencoder().layers) == 31


@pytest.mark.parametrize("sigma", [0.0, -1.0, math.inf, math.nan, torch.ones(2)])
def test_impossible_noise(sigma):
    with pytest.raises(ValueError, match="sigma must be finite and positive, one or one for each of 3"):
        CodeDenoiser(width=8)(torch.zeros(3, 256), sigma)


@pytest.mark.parametrize("net", [CodeAutoencoder(), lambda h: CodeDenoiser(width=8)(h, 1.0)])
def test_codes_of_another_length(net):
    with pytest.raises(ValueError, match=r"R takes codes of shape \(B, 256\); got \(2, 255\)"):
        net(torch.zeros(2, 255))


def test_loss_of_doing_nothing_by_hand():
    """R(h) = h errs by sigma z: over sigma^2 s^2 / (sigma^2 + s^2) that is (sigma^2 + s^2) / s^2."""
    sigma = torch.tensor([0.1, 0.5, 3.0])
    expected = ((sigma**2 + SPREAD**2) / SPREAD**2).mean()
    found = loss(lambda noisy, _: noisy, torch.zeros(3, 4), sigma, torch.ones(3, 4), SPREAD)
    torch.testing.assert_close(found, expected)


def test_shipped_ones_do_as_their_cards_say():
    """Of a part of the validation codes; and the denoiser of all noises beats every linear answer, the narrow one does
    not reach its noise.
    """
    codes = codes_of(load("encoder"), TintedFashion("validation"), images=300)
    card = json.loads(locate("weights/code_denoiser.json").read_text())["figures"]
    net = load("code_denoiser")
    for sigma, error in errors(net, codes, (0.2, 1.0)).items():
        assert error == pytest.approx(card[f"validation root mean square error at sigma {sigma}"], rel=0.1)
        assert error < 0.85 * sigma * net.spread / math.hypot(sigma, net.spread)
    card = json.loads(locate("weights/code_autoencoder.json").read_text())
    sigma, narrow = card["config"]["sigma"], load("code_autoencoder")
    (error,) = errors(lambda h, _: narrow(h), codes, (sigma,)).values()
    assert error == pytest.approx(card["figures"][f"validation root mean square error at sigma {sigma}"], rel=0.1)
    assert error > sigma


def of_gaussian(h, sigma):
    """The best denoiser of N(0, 4)."""
    return 4 / (4 + sigma**2) * h


def test_annealed_chain_draws_from_the_product():
    """Prior N(0, 4), condition exp(-(h - 1)^2 / 2): posterior N(4/5, 4/5). The condition reads the mean of h given its
    noise, which at small noise is h itself.
    """
    n = 4000
    noise = Noise(range(n))
    levels = falling(10, 0.05, 60)
    h0 = 10 * noise.draw(torch.empty(n, 1, dtype=torch.float64))
    states = annealed_chain(
        h0, of_gaussian, lambda h: -((h - 1) ** 2).sum(1) / 2, levels, updates=4, share=0.2, seeds=noise
    )
    *_, last = states
    # 4000 draws know mean and variance to 0.014 and 2 %; the steps are not short at every level.
    assert last.clean.mean().item() == pytest.approx(0.8, abs=0.08)
    assert last.clean.var().item() == pytest.approx(0.8, rel=0.12)


def test_annealed_chains_are_independent_and_know_their_level():
    keywords = {"updates": 2, "share": 0.3}
    h0 = torch.randn(3, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64)

    def run(h, seeds):
        return list(annealed_chain(h, of_gaussian, lambda h: -h.square().sum(1), [2.0, 1.0], seeds=seeds, **keywords))

    together, alone = run(h0, [3, 4, 5]), run(h0[1:2], [4])
    assert [state.sigma for state in together] == [2.0, 2.0, 1.0, 1.0]
    torch.testing.assert_close(together[-1].h[1:2], alone[-1].h)
    torch.testing.assert_close(together[0].clean, of_gaussian(together[0].h, 2.0))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"levels": []}, "levels must have at least one noise level"),
        ({"levels": [1.0, 0.0]}, "level must be"),
        ({"share": 0.0}, "share must be"),
        ({"k": -1.0}, "k must"),
        ({"updates": 0}, "updates"),
        ({"seeds": [1]}, "needs a seed for each of the 2 chains; got 1"),
    ],
)
def test_annealed_chain_says_what_must_hold_at_the_call(changed, said):
    given = {"levels": [1.0], "updates": 1, "share": 0.3, "k": 1.0, "seeds": [1, 2], **changed}
    with pytest.raises(ValueError, match=said):
        annealed_chain(torch.zeros(2, 3), of_gaussian, lambda h: h.sum(1), **given)


def test_levels_fall_by_the_same_share():
    levels = falling(10, 0.1, 5)
    assert levels[0] == pytest.approx(10) and levels[-1] == pytest.approx(0.1)
    assert [b / a for a, b in itertools.pairwise(levels)] == pytest.approx([10**-0.5] * 4)
