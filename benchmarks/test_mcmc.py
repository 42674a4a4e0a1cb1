"""Effective samples per second of our kernels, and of MALA beside blackjax's, compiled and vmapped."""

import numpy as np
import pytest
import torch
from measure import interleaved, median

from ppgn_lib.sampling import mcmc
from ppgn_lib.sampling.noise import Noise

D, CHAINS, SIGMA = 50, 1000, 0.5  # accept rate about 0.7
STDS = torch.linspace(0.5, 1.0, D)


def log_density(x):
    return -((x / STDS) ** 2).sum(1) / 2


def start():
    return torch.randn(CHAINS, D, generator=torch.Generator().manual_seed(0)) * STDS


def ess(draws):
    """Of the widest coordinate, a step: draws (chains, steps)."""
    import arviz

    return float(arviz.ess(draws)) / draws.size


def ours(kernel, steps):
    """Run it; the widest coordinate of all states."""
    return torch.stack([s.x[:, -1] for s, _ in mcmc.run(kernel, start(), steps=steps, seeds=range(CHAINS))], 1).numpy()


@pytest.fixture
def blackjax_run():
    import blackjax
    import jax

    jnp = jax.numpy
    stds = jnp.asarray(STDS.numpy())
    kernel = blackjax.mala(lambda x: -((x / stds) ** 2).sum() / 2, SIGMA**2 / 2)
    x0 = jnp.asarray(start().numpy())

    def one(key, x, steps):
        def body(state, key):
            state, _ = kernel.step(key, state)
            return state, state.position[-1]

        return jax.lax.scan(body, kernel.init(x), jax.random.split(key, steps))[1]

    compiled = jax.jit(jax.vmap(one, in_axes=(0, 0, None)), static_argnums=2)
    return lambda steps: np.array(compiled(jax.random.split(jax.random.key(0), CHAINS), x0, steps))


def test_ess_per_second(benchmark, record, quick, blackjax_run):
    steps = 50 if quick else 200
    kernels = {
        "mh": mcmc.MetropolisHastings(log_density, 0.25),  # accept rate about a quarter
        "mala": mcmc.MALA(log_density, SIGMA),
        "mala_approx": mcmc.MALAApprox.langevin(log_density, SIGMA / 2),
    }
    kernels["compiled"] = mcmc.Compiled(kernels["mala"])
    arms = {name: (lambda kernel=kernel: ours(kernel, steps)) for name, kernel in kernels.items()}
    arms["blackjax"] = lambda: blackjax_run(steps)
    worth = {name: ess(run()) for name, run in arms.items()}  # effective samples a step and chain
    noise, x0 = Noise(range(CHAINS)), start()
    arms["draws"] = lambda: [mcmc.draw(kernels["mala"], x0, noise) for _ in range(steps)]
    seconds = interleaved(benchmark, arms, rounds=3 if quick else 20)
    per_second = {name: worth[name] * CHAINS * steps / seconds[name] for name in worth}
    where = f"effective samples a second of the widest coordinate, {CHAINS} chains of a {D}-dimensional Gaussian, fp32"
    for key, name, what in (
        ("mcmc.ess_per_second_over_blackjax", "compiled", "MALA, its step compiled by torch, over blackjax's"),
        ("mcmc.ess_per_second_over_blackjax_eager", "mala", "MALA as it is over blackjax's, which is compiled"),
    ):
        record(key, f"{what}, {where}", median(per_second[name] / per_second["blackjax"]))
    record(
        "mcmc.draws_share_of_compiled",
        f"random numbers, a stream a chain, as a share of the time of compiled MALA, {where}",
        median(seconds["draws"] / seconds["compiled"]),
    )
    for name in ("mh", "mala_approx"):
        record(
            f"mcmc.ess_per_second_mala_over_{name}",
            f"MALA over {name}, {where}",
            median(per_second["mala"] / per_second[name]),
        )
