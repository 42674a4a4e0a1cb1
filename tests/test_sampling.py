"""Eq. 11, its laws and its errors. Float64, fixed seeds; tolerances are 5 Monte Carlo standard errors."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from ppgn_lib.experts import conditions, priors
from ppgn_lib.sampling.chain import Eps, State, chain, evaluate, update
from ppgn_lib.sampling.noise import Noise
from ppgn_lib.sampling.released import released_chain, released_update

F64 = torch.float64


def gaussian_posterior(s2: float, sigma2: float, tau2: float, y: float):
    """Prior N(0, s2) with its optimal linear denoiser for noise sigma2; observation y ~ N(h, tau2)."""
    k = sigma2 / (s2 + sigma2)
    return lambda h: -k * h, lambda h: (-((y - h) ** 2) / (2 * tau2)).sum(1)


def run_to_end(*arguments, **keywords) -> Tensor:
    for state in chain(*arguments, **keywords):
        pass
    return state.h


def test_update_is_equation_11_by_hand():
    s = State(torch.tensor([[2.0]]), torch.tensor([[3.0]]), torch.zeros(1), torch.tensor([[5.0]]))
    assert update(s, Eps(0.5, 0.25, 2.0), torch.tensor([[7.0]])).item() == 2 + 0.5 * 3 + 0.25 * 5 + 2 * 7


def test_released_update_by_hand():
    """d = (2 + 4 + 1/2, -1 + 0 - 1/2) = (6.5, -1.5), mean |d| = 4; size 2 halves it; clipped to [0, 5]."""
    s = State(torch.tensor([[2.0, 1.0]]), torch.tensor([[2.0, -1.0]]), torch.zeros(1), torch.tensor([[4.0, 0.0]]))
    h = released_update(s, Eps(1, 1, 0.5), torch.tensor([[1.0, -1.0]]), size=2.0, clip=(0.0, 5.0))
    assert h.tolist() == [[5.0, 0.25]]


def test_released_update_leaves_a_chain_without_direction_where_it_is():
    s = State(torch.ones(2, 3), torch.tensor([[0.0] * 3, [1.0] * 3]), torch.zeros(2), torch.zeros(2, 3))
    h = released_update(s, Eps(1, 1, 0), torch.zeros(2, 3), size=0.5, clip=(0.0, 30.0))
    assert h.tolist() == [[1.0] * 3, [1.5] * 3]


def test_released_sizes_go_linearly_from_first_to_last():
    prior, log_prob = (lambda h: torch.ones_like(h)), (lambda h: 0 * h.sum(1))
    h = [s.h.item() for s in released_chain(torch.zeros(1, 1), prior, log_prob, Eps(1, 0), steps=4, size=1, size_end=0)]
    assert h == [0, 1, 1.75, 2.25, 2.5]


def test_decoupled_chain_obeys_the_exact_ar1_law():
    """rho = 1 - eps1 k - eps2/tau2; mean (eps2 y/tau2)/(1-rho); variance eps3^2/(1-rho^2)."""
    s2, sigma2, tau2, y, eps = 2.0, 0.5, 1.5, 1.2, Eps(0.4, 0.3, 0.7)
    rho = 1 - eps.eps1 * sigma2 / (s2 + sigma2) - eps.eps2 / tau2
    mean, variance = (eps.eps2 * y / tau2) / (1 - rho), eps.eps3**2 / (1 - rho**2)
    n = 20_000
    h0 = torch.zeros(n // 100, 100, dtype=F64)  # coordinates are independent too
    h = run_to_end(h0, *gaussian_posterior(s2, sigma2, tau2, y), eps, steps=60, seeds=range(len(h0)))
    assert abs(h.mean().item() - mean) < 5 * math.sqrt(variance / n)
    assert abs(h.var().item() - variance) < 5 * variance * math.sqrt(2 / n)


def langevin_variance(delta: float, sigma2: float, n: int) -> tuple[float, float, float]:
    """Sample variance of a Langevin chain, the law's prediction and the limit for delta -> 0."""
    s2, tau2, y = 2.0, 0.3, 0.5
    precision = 1 / (s2 + sigma2) + 1 / tau2
    h0 = torch.zeros(n // 500, 500, dtype=F64)
    eps = Eps.langevin(delta, math.sqrt(sigma2))
    steps = math.ceil(20 / (delta * precision))
    h = run_to_end(h0, *gaussian_posterior(s2, sigma2, tau2, y), eps, steps=steps, seeds=range(len(h0)))
    return h.var().item(), 1 / (precision * (1 - delta * precision / 2)), 1 / precision


@pytest.mark.parametrize("sigma2", [0.4, 2.5])  # with sigma2 = 1 a wrong power of sigma would survive
def test_langevin_setting_has_the_posterior_variance(sigma2):
    n = 20_000
    found, predicted, _ = langevin_variance(0.1, sigma2, n)
    assert abs(found - predicted) < 5 * predicted * math.sqrt(2 / n)


def test_halving_delta_halves_the_bias():
    """The law's ratio of biases is 2 (1 - d2/2)/(1 - d1/2), with d = delta * precision: 2.18 for these two."""
    n = 1_000_000
    (v1, p1, limit), (v2, p2, _) = langevin_variance(0.08, 0.4, n), langevin_variance(0.04, 0.4, n)
    ratio = (p1 - limit) / (p2 - limit)
    assert 2 < ratio < 2.2
    standard_error = math.sqrt(2 / n) * math.hypot(p1, ratio * p2)
    assert abs((v1 - limit) - ratio * (v2 - limit)) < 5 * standard_error
    assert (v2 - limit) > 10 * p2 * math.sqrt(2 / n)  # there is a bias, well above the noise


def test_langevin_chain_finds_the_weights_of_a_mixture():
    """A 1-D mixture against quadrature: the mass left of the saddle and the mean.

    The chain's own density differs by order delta; the two checks allow its first-order term, bounded by delta / 2.
    """
    weights, means, s = torch.tensor([0.3, 0.7], dtype=F64), torch.tensor([-1.0, 1.2], dtype=F64), 0.7

    def log_prob(h: Tensor) -> Tensor:
        return torch.logsumexp(weights.log() - (h - means) ** 2 / (2 * s**2), 1)

    grid = torch.linspace(-8, 8, 40_001, dtype=F64)[:, None]
    density = log_prob(grid).exp()
    density /= density.sum()
    n, delta = 4_000, 0.02
    h = run_to_end(
        torch.zeros(n, 1, dtype=F64), priors.none, log_prob, Eps.langevin(delta, 1.0), steps=600, seeds=range(n)
    )
    left, truth = (h < 0).double().mean().item(), density[grid[:, 0] < 0].sum().item()
    assert abs(left - truth) < 5 * math.sqrt(truth * (1 - truth) / n) + delta / 2  # + the bias of order delta
    mean = (grid[:, 0] * density).sum().item()
    variance = ((grid[:, 0] - mean) ** 2 * density).sum().item()
    assert abs(h.mean().item() - mean) < 5 * math.sqrt(variance / n) + delta / 2


def tanh_log_prob(h: Tensor) -> Tensor:
    return (torch.tanh(h) * torch.arange(1.0, h.shape[1] + 1, dtype=h.dtype)).sum(1)


def test_chains_do_not_touch():
    """d h_i' / d h_j = 0 for both steps, and a chain alone is itself in a batch."""
    h = torch.randn(4, 3, dtype=F64, generator=torch.Generator().manual_seed(0))

    def step(h: Tensor, kind) -> Tensor:
        state = State(h, priors.gaussian()(h), tanh_log_prob(h), torch.cos(h))
        return kind(state)

    noise = torch.ones_like(h)
    for kind in (
        lambda s: update(s, Eps(1, 1, 1), noise),
        lambda s: released_update(s, Eps(1, 1, 1), noise, 1.0, (-9, 9)),
    ):
        jacobian = torch.autograd.functional.jacobian(lambda h: step(h, kind), h).permute(0, 2, 1, 3)  # (4, 4, 3, 3)
        assert jacobian[~torch.eye(4, dtype=torch.bool)].abs().max() == 0
        assert jacobian[torch.eye(4, dtype=torch.bool)].abs().max() > 0
    together = run_to_end(h, priors.gaussian(), tanh_log_prob, Eps(0.1, 0.1, 0.5), steps=10, seeds=[5, 6, 7, 8])
    alone = run_to_end(h[2:3], priors.gaussian(), tanh_log_prob, Eps(0.1, 0.1, 0.5), steps=10, seeds=[7])
    assert (together[2:3] - alone).abs().max() < 1e-9


def test_same_seeds_same_chain_and_four_plus_six_steps_are_ten():
    h, eps = torch.ones(2, 3, dtype=F64), Eps(0.1, 0.1, 0.5)
    whole = run_to_end(h, priors.gaussian(), tanh_log_prob, eps, steps=10, seeds=[1, 2])
    again = run_to_end(h, priors.gaussian(), tanh_log_prob, eps, steps=10, seeds=[1, 2])
    noise = Noise([1, 2])
    half = run_to_end(h, priors.gaussian(), tanh_log_prob, eps, steps=4, seeds=noise)
    resumed = run_to_end(half, priors.gaussian(), tanh_log_prob, eps, steps=6, seeds=noise)
    assert torch.equal(whole, again)
    assert torch.equal(whole, resumed)
    other = run_to_end(h, priors.gaussian(), tanh_log_prob, eps, steps=10, seeds=[1, 3])
    assert torch.equal(whole[0], other[0]) and not torch.equal(whole[1], other[1])


def test_sampler_leaves_arguments_and_grad_mode_alone():
    h = torch.ones(2, 3)
    for state in chain(h, priors.gaussian(), tanh_log_prob, Eps(0.1, 0.1), steps=2):
        assert torch.is_grad_enabled() and not state.h.requires_grad
    assert torch.equal(h, torch.ones(2, 3)) and not h.requires_grad
    with torch.no_grad():
        state = evaluate(h, priors.none, tanh_log_prob)
        assert not torch.is_grad_enabled() and state.grad.abs().sum() > 0


@pytest.mark.parametrize(
    ("arguments", "what"),
    [((-0.1, 1, 0), "eps1"), ((0, math.nan, 0), "eps2"), ((0, 1, math.inf), "eps3")],
)
def test_eps_that_is_negative_or_not_finite(arguments, what):
    with pytest.raises(ValueError, match=what):
        Eps(*arguments)


@pytest.mark.parametrize(("delta", "sigma"), [(0.0, 1.0), (0.1, 0.0), (math.nan, 1.0)])
def test_langevin_needs_positive_delta_and_sigma(delta, sigma):
    with pytest.raises(ValueError, match=r"(delta|sigma) must be finite and positive"):
        Eps.langevin(delta, sigma)


@pytest.mark.parametrize("sampler", [chain, released_chain])
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"steps": 0}, "at least 1"),
        ({"steps": True}, "at least 1"),
        ({"h0": torch.zeros(0, 3)}, "at least one chain"),
        ({"seeds": [1, -2]}, r"in \[0, 2\^63\), one a chain.*got -2"),
        ({"seeds": [1]}, "each of the 2 chains"),
        ({"seeds": None}, "each of the 2 chains"),
        ({"h0": torch.full((2, 3), math.nan)}, "finite"),
        ({"h0": torch.zeros(2, 3, dtype=torch.long)}, "floating point"),
        ({"prior": lambda h: h[:, :2]}, "does not fit"),
        ({"log_prob": lambda h: h.sum()}, "one value per chain"),
    ],
)
def test_bad_input_is_refused_at_the_call(sampler, change, message):
    good = {"h0": torch.zeros(2, 3), "prior": priors.none, "log_prob": tanh_log_prob, "steps": 3, "seeds": [1, 2]}
    given = {**good, **change}
    with pytest.raises(ValueError, match=message):
        sampler(
            given["h0"], given["prior"], given["log_prob"], Eps(0, 1, 1), steps=given["steps"], seeds=given["seeds"]
        )


def test_chain_that_diverges_is_nan_from_there_on_and_the_others_go_on():
    """These are, to the bit, what they are without it; ``lost`` is one of two words."""
    h0 = torch.tensor([[1.0], [3e18], [-2.0]])
    experts = (lambda h: h**2 * (h > 1e18), lambda h: -0.5 * h.square().sum(1).clamp(max=1e30))
    states = list(chain(h0, *experts, Eps(1.0, 0.1), steps=5, lost="nan"))
    others = list(chain(h0[[0, 2]], *experts, Eps(1.0, 0.1), steps=5))
    for state, other in zip(states, others, strict=True):
        for term, of_other in zip(state, other, strict=True):
            assert torch.equal(term[[0, 2]], of_other)
    assert torch.equal(states[0].h, h0) and h0.isfinite().all(), "what was given is left as it was"
    gone = [bool(state.h[1].isnan()) for state in states]
    assert gone == sorted(gone) and not gone[0] and gone[-1]
    assert all(term[1].isnan().all() for term in states[-1])
    with pytest.raises(ValueError, match="one of raise, nan; got 'stay'"):
        chain(h0, *experts, Eps(1.0, 0.1), steps=5, lost="stay")


def test_divergence_names_step_chain_and_eps():
    h0 = torch.tensor([[0.0], [1.0]])
    states = chain(h0, lambda h: h, lambda h: 0 * h.sum(1), Eps(1e30, 0), steps=5)
    with pytest.raises(FloatingPointError, match=r"chains \[1\] of 2 diverged at step 2 with Eps\(eps1=1e\+30"):
        list(states)


def test_two_gaussian_experts_give_the_precision_weighted_mean():
    one, two = (lambda h: -((h - 1) ** 2).sum(1) / (2 * 0.5)), (lambda h: -((h - 3) ** 2).sum(1) / (2 * 2.0))
    h = run_to_end(torch.zeros(1, 1, dtype=F64), priors.none, conditions.product(one, two), Eps(0, 0.2), steps=200)
    assert h.item() == pytest.approx((1 / 0.5 + 3 / 2.0) / (1 / 0.5 + 1 / 2.0), abs=1e-9)


@pytest.mark.parametrize("sampler", [chain, released_chain])
def test_multipliers_that_are_no_eps(sampler):
    with pytest.raises(TypeError, match=r"eps must be Eps\(eps1, eps2, eps3\); got \(0\.1, 0\.1, 0\)"):
        sampler(torch.zeros(2, 3), priors.none, tanh_log_prob, (0.1, 0.1, 0), steps=1)


def test_numbers_of_numpy_are_numbers():
    eps = Eps(np.float32(0.5), np.int64(1))
    assert (eps, type(eps.eps1)) == (Eps(0.5, 1.0), float)
    states = list(chain(torch.zeros(2, 3), priors.none, tanh_log_prob, eps, steps=np.int64(3)))
    assert len(states) == 4
    with pytest.raises(TypeError, match="eps1 must be a number"):
        Eps("0.1", 1)
