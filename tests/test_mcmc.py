"""The samplers of Table S1 and their laws. Float64, fixed seeds; tolerances are 5 Monte Carlo standard errors."""

import math
import shutil
from itertools import islice

import pytest
import torch
from torch.distributions import Normal

from ppgn_lib.sampling import densities, mcmc
from ppgn_lib.sampling.chain import value_and_grad
from ppgn_lib.sampling.mcmc import MALA, Compiled, MALAApprox, MetropolisHastings
from ppgn_lib.sampling.noise import Noise
from ppgn_lib.sampling.sgld import SGLD, polynomial

F64 = torch.float64
WEIGHTS, MEANS = torch.tensor([0.3, 0.7], dtype=F64), torch.tensor([[-1.5], [1.0]], dtype=F64)
MIXTURE = densities.mixture(WEIGHTS, MEANS, 0.7)


def standard_normal(x):
    return -(x**2).flatten(1).sum(1) / 2


def last(kernel, x0, steps, seeds=None):
    for state, info in mcmc.run(kernel, x0, steps=steps, seeds=range(len(x0)) if seeds is None else seeds):
        pass
    return state, info


class Scripted(Noise):
    """Numbers chosen by the test in place of N(0, I)."""

    def __init__(self, rows):
        super().__init__(range(len(rows)))
        self.rows = rows

    def draw(self, like):
        return self.rows


def one_step(kernel, x0, noise):
    state = mcmc.start(kernel, x0, noise)
    return kernel(state, mcmc.draw(kernel, x0, noise))


def test_steps_by_hand():
    """Density N(0, 1) at x = 2: gradient -2. Noise 0.5; the last column decides whether to accept."""
    x0 = torch.tensor([[2.0]], dtype=F64)
    scripted = Scripted(torch.tensor([[0.5, -9.0]], dtype=F64))  # u = Phi(-9): accepts nearly anything

    def step(kernel):
        return one_step(kernel, x0, scripted)[0].x.item()

    assert step(MALAApprox(standard_normal, 0.25, 2.0)) == 2 - 0.25 * 2 + 2 * 0.5
    assert step(MetropolisHastings(standard_normal, 2.0)) == 2 + 2 * 0.5
    assert step(MALA(standard_normal, 2.0)) == 2 - 4 / 2 * 2 + 2 * 0.5
    assert MALAApprox.langevin(standard_normal, 2.0) == MALAApprox(standard_normal, 2.0, 2.0)  # sigma^2/2 and sigma


@pytest.mark.parametrize("method", [MetropolisHastings, MALA])
def test_accept_rate_has_detailed_balance(method):
    """p(x) q(x'|x) a(x, x') = p(x') q(x|x') a(x', x), the proposals' densities from torch.distributions."""
    kernel, sigma = method(MIXTURE.log_prob, 0.8), 0.8
    x, z = torch.linspace(-3, 3, 25, dtype=F64)[:, None], torch.linspace(-2, 2, 25, dtype=F64)[:, None].flip(0)

    def drift(at):
        return sigma**2 / 2 * value_and_grad(MIXTURE.log_prob, at)[1] if method is MALA else 0.0

    def rate(at, to):
        noise = Scripted(torch.cat([(to - at - drift(at)) / sigma, torch.zeros_like(at)], 1))
        return one_step(kernel, at, noise)[1].accept_rate

    def flow(at, to):
        return MIXTURE.log_prob(at).exp() * Normal(at + drift(at), sigma).log_prob(to).exp()[:, 0] * rate(at, to)

    to = x + sigma * z
    assert torch.allclose(flow(x, to), flow(to, x), rtol=1e-10)
    assert rate(x, to).min() < 0.9  # some are refused, so there is something to balance


@pytest.mark.parametrize(("method", "sigma"), [(MetropolisHastings, 1.5), (MALA, 1.2)])
def test_adjusted_samplers_have_no_bias(method, sigma):
    """Mean, variance and weight of the left mode of a mixture, closed form; steps far too large without the accept."""
    n = 4_000
    x = last(method(MIXTURE.log_prob, sigma), torch.zeros(n, 1, dtype=F64), 200)[0].x
    mean = (WEIGHTS * MEANS[:, 0]).sum().item()
    variance = 0.49 + (WEIGHTS * (MEANS[:, 0] - mean) ** 2).sum().item()
    left = (WEIGHTS * Normal(MEANS[:, 0], 0.7).cdf(torch.zeros((), dtype=F64))).sum().item()
    assert abs(x.mean().item() - mean) < 5 * math.sqrt(variance / n)
    fourth = ((x - mean) ** 4).mean().item()
    assert abs(x.var().item() - variance) < 5 * math.sqrt((fourth - variance**2) / n)
    assert abs((x < 0).double().mean().item() - left) < 5 * math.sqrt(left * (1 - left) / n)


def test_banana_has_the_moments_it_says():
    """By quadrature."""
    banana = densities.Banana()
    axes = torch.linspace(-12, 12, 601, dtype=F64), torch.linspace(-12, 90, 2551, dtype=F64)
    grid = torch.cartesian_prod(*axes)
    mass = banana.log_prob(grid).exp() * 0.04**2
    assert mass.sum().item() == pytest.approx(1, abs=1e-3)  # normalised
    assert (mass @ grid).tolist() == pytest.approx([0, 0], abs=1e-2)
    assert (mass @ grid**2).tolist() == pytest.approx(banana.variances(), rel=1e-2)


def test_accept_rate_goes_to_one_as_the_step_goes_to_zero():
    """The share refused falls as sigma^3 for MALA, as sigma for MH: eightfold and twofold when sigma is halved."""
    x0 = last(MALA(MIXTURE.log_prob, 1.0), torch.zeros(4_000, 1, dtype=F64), 100)[0].x
    refused = {
        method: [1 - last(method(MIXTURE.log_prob, s), x0, 1)[1].accept_rate.mean().item() for s in (0.2, 0.1)]
        for method in (MALA, MetropolisHastings)
    }
    assert 6.5 < refused[MALA][0] / refused[MALA][1] < 9.5
    assert 1.8 < refused[MetropolisHastings][0] / refused[MetropolisHastings][1] < 2.2


def test_approximation_without_accept_step_has_the_ar1_law():
    """On N(0, 1): rho = 1 - eps12, variance eps3^2 / (1 - rho^2), which for langevin is 1 / (1 - sigma^2 / 4)."""
    n, x0 = 20_000, torch.zeros(40, 500, dtype=F64)  # coordinates are independent as well
    for kernel in (MALAApprox(standard_normal, 0.3, 0.5), MALAApprox.langevin(standard_normal, 0.9)):
        variance = kernel.eps3**2 / (1 - (1 - kernel.eps12) ** 2)
        x = last(kernel, x0, 60)[0].x
        assert abs(x.var().item() - variance) < 5 * variance * math.sqrt(2 / n)
    assert variance == pytest.approx(1 / (1 - 0.9**2 / 4))


def gaussian_mean(data, size, batch):
    """Posterior of a mean under unit noise and a flat prior, from a minibatch."""
    return lambda x, indices: -size / batch * ((data[indices] - x) ** 2).sum(1) / 2


def test_sgld_with_a_fixed_step_has_the_variance_of_its_gradient_noise():
    """X' = x - sigma^2/2 N (x - mean + xi) + sigma z: variance (sigma^2 + sigma^4 N^2 v / 4) / (1 - rho^2)."""
    generator = torch.Generator().manual_seed(1)
    data, batch, sigma, n = torch.randn(50, dtype=F64, generator=generator), 10, 0.12, 20_000
    x = last(SGLD(gaussian_mean(data, 50, batch), 50, batch, lambda t: sigma), torch.zeros(n, 1, dtype=F64), 40)[0].x
    rho, noise = 1 - sigma**2 / 2 * 50, data.var(correction=0).item() / batch
    variance = (sigma**2 + sigma**4 / 4 * 50**2 * noise) / (1 - rho**2)
    assert abs(x.mean().item() - data.mean().item()) < 5 * math.sqrt(variance / n)
    assert abs(x.var().item() - variance) < 5 * variance * math.sqrt(2 / n)
    assert variance > 1.3 / 50  # far from the posterior's 1/50, which is what the falling step is for


def test_sgld_with_a_falling_step_ends_at_the_posterior():
    """The step falls to where the law above leaves less than 3 % of excess variance."""
    generator = torch.Generator().manual_seed(1)
    data, n = torch.randn(50, dtype=F64, generator=generator), 10_000
    kernel = SGLD(gaussian_mean(data, 50, 10), 50, 10, polynomial(0.02, 1.0, 0.9))
    x = last(kernel, torch.zeros(n, 1, dtype=F64), 300)[0].x
    assert abs(x.mean().item() - data.mean().item()) < 5 * math.sqrt(1 / 50 / n)
    assert abs(x.var().item() * 50 - 1) < 5 * math.sqrt(2 / n) + 0.03


def test_schedule_falls_as_written():
    sigma = polynomial(0.5, 2.0, 1.0)
    assert sigma(0) ** 2 == pytest.approx(0.25) and sigma(8) ** 2 == pytest.approx(0.05)
    with pytest.raises(ValueError, match=r"\(0\.5, 1\]"):
        polynomial(0.5, 1.0, 0.5)


def test_a_chain_is_the_same_alone_and_resumed():
    x0 = torch.linspace(-2, 2, 6, dtype=F64)[:, None]
    kernel = MALA(MIXTURE.log_prob, 1.0)
    together = last(kernel, x0, 10)[0]
    alone = last(kernel, x0[3:4], 10, seeds=[3])[0]
    assert torch.allclose(alone.x, together.x[3:4], atol=1e-9)
    noise = Noise(range(6))
    state, _ = last(kernel, x0, 4, seeds=noise)
    for _ in range(6):
        state, _ = kernel(state, mcmc.draw(kernel, state.x, noise))
    assert torch.equal(state.x, together.x) and state.t == 10


@pytest.mark.parametrize(
    "kernel", [MALA(MIXTURE.log_prob, 1.0), SGLD(lambda x, i: -(x**2).sum(1) / 2, 9, 3, lambda t: 0.5)]
)
def test_kernel_is_a_pure_function_of_state_and_draws(kernel):
    """The same step twice, whatever happened between; what goes in stays as it was."""
    x0, noise = torch.linspace(-2, 2, 6, dtype=F64)[:, None], Noise(range(6))
    state = mcmc.start(kernel, x0, noise)
    draws = mcmc.draw(kernel, x0, noise)
    before = [part.clone() for part in (*state[:3], *draws)]
    first, _ = kernel(state, draws)
    kernel(first, mcmc.draw(kernel, first.x, noise))
    again, _ = kernel(state, draws)
    assert all(map(torch.equal, first[:3], again[:3])) and first.t == again.t == 1
    assert all(map(torch.equal, before, [*state[:3], *draws]))


def test_outside_the_support_nothing_is_accepted():
    """Uniform on [0, 1]: -inf outside, where the gradient is NaN or zero. Mean 1/2, variance 1/12."""

    def uniform(x):
        return torch.where(((x >= 0) & (x <= 1)).all(1), 0 * x.sum(1), -math.inf)

    n = 4_000
    x = last(MetropolisHastings(uniform, 0.5), torch.full((n, 1), 0.1, dtype=F64), 100)[0].x
    assert x.min() >= 0 and x.max() <= 1
    assert abs(x.mean().item() - 0.5) < 5 * math.sqrt(1 / 12 / n)


@pytest.mark.skipif(not shutil.which("g++"), reason="torch.compile takes a C++ compiler")
def test_compiled_kernel_makes_the_same_steps():
    """Up to rounding; chains that accept a step in one and not in the other would differ by far more."""
    kernel, x0 = MALA(MIXTURE.log_prob, 1.0), torch.linspace(-2, 2, 6, dtype=F64)[:, None]
    plain, compiled = (last(k, x0, 5)[0] for k in (kernel, Compiled(kernel)))
    assert torch.allclose(compiled.x, plain.x, atol=1e-12) and compiled.t == plain.t == 5


@pytest.mark.parametrize("kernel", ["rmh", "mala"])
def test_blackjax_agrees(kernel):
    """Same density, step and dtype: the same moments and accept rate within the errors of both."""
    import blackjax  # here: it takes seconds to load
    import jax

    jax.config.update("jax_enable_x64", True)
    jnp, sigma, n, steps = jax.numpy, 0.9, 2_000, 200
    banana = densities.Banana()

    def log_density(x):
        straight = x[1] - banana.bend * (x[0] ** 2 - banana.scale**2)
        return -((x[0] / banana.scale) ** 2 + straight**2) / 2

    theirs = {
        "mala": lambda: blackjax.mala(log_density, sigma**2 / 2),
        "rmh": lambda: blackjax.additive_step_random_walk.normal_random_walk(log_density, jnp.full(2, sigma)),
    }[kernel]()
    ours = MetropolisHastings(banana.log_prob, sigma) if kernel == "rmh" else MALA(banana.log_prob, sigma)

    @jax.jit
    def one(key):
        def body(state, key):
            state, info = theirs.step(key, state)
            return state, info.acceptance_rate

        state, rates = jax.lax.scan(body, theirs.init(jnp.zeros(2)), jax.random.split(key, steps))
        return state.position, rates[steps // 2 :].mean()

    positions, rates = jax.vmap(one)(jax.random.split(jax.random.key(0), n))
    other = torch.tensor(positions.tolist(), dtype=F64)
    rate = torch.zeros(n, dtype=F64)
    for state, info in islice(
        mcmc.run(ours, torch.zeros(n, 2, dtype=F64), steps=steps, seeds=range(n)), steps // 2, None
    ):
        rate += info.accept_rate / (steps - steps // 2)
    found = state.x
    for power in (1, 2):
        a, b = found**power, other**power
        assert ((a.mean(0) - b.mean(0)).abs() < 5 * torch.sqrt((a.var(0) + b.var(0)) / n)).all()
    their_rate = torch.tensor(rates.tolist(), dtype=F64)
    error = math.sqrt((rate.var() + their_rate.var()).item() / n)
    assert abs(rate.mean().item() - their_rate.mean().item()) < 5 * error


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"log_density": lambda x: -(x**2) / 2}, r"must return \(3,\)"),
        ({"log_density": lambda x: -(x.detach() ** 2).sum(1)}, "no gradient"),
        ({"log_density": lambda x: (x - 1).log().sum(1)}, r"finite at the start.*\[0, 1\]"),
        ({"x0": torch.zeros(3)}, r"\(B, \*D\)"),
        ({"x0": torch.zeros(3, 1, dtype=torch.int64)}, "floating point"),
        ({"seeds": range(2)}, "seed for each of the 3 chains"),
        ({"steps": 0}, "at least 1"),
        ({"sigma": -1.0}, "sigma must be finite and positive; got -1"),
    ],
)
def test_bad_input_says_what_must_hold(change, message):
    given = {"x0": torch.tensor([[0.0], [1.0], [2.0]]), "log_density": standard_normal, "sigma": 0.5} | change
    with pytest.raises(ValueError, match=message):
        mcmc.run(
            MALA(given["log_density"], given["sigma"]),
            given["x0"],
            steps=given.get("steps", 3),
            seeds=given.get("seeds", range(3)),
        )


def test_divergence_names_step_and_kernel():
    kernel = MALAApprox(lambda x: -(x**4).sum(1), 1.0, 0.1)
    with pytest.raises(FloatingPointError, match=r"chains \[0\] of 1 diverged at step \d+ of MALAApprox"):
        last(kernel, torch.full((1, 1), 3.0), 50)
    hole = MetropolisHastings(lambda x: torch.where(x[:, 0] > 0.5, torch.nan, 0 * x[:, 0]), 1.0)
    with pytest.raises(FloatingPointError, match=r"diverged at step \d+ of Metro"):
        last(hole, torch.zeros(20, 1), 50)
