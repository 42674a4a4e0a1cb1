"""Effective samples per second of our kernels, and of MALA beside blackjax's, compiled and vmapped."""

import numpy as np
import pytest
import torch
from measure import interleaved, median

from ppgn_lib import mcmc

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
    arms = {name: (lambda kernel=kernel: ours(kernel, steps)) for name, kernel in kernels.items()}
    arms["blackjax"] = lambda: blackjax_run(steps)
    worth = {name: ess(run()) for name, run in arms.items()}  # effective samples a step and chain
    seconds = interleaved(benchmark, arms, rounds=3 if quick else 20)
    per_second = {name: worth[name] * CHAINS * steps / seconds[name] for name in arms}
    where = f"effective samples a second of the widest coordinate, {CHAINS} chains of a {D}-dimensional Gaussian, fp32"
    record(
        "mcmc.ess_per_second_over_blackjax",
        f"MALA over blackjax's, {where}",
        median(per_second["mala"] / per_second["blackjax"]),
    )
    for name in ("mh", "mala_approx"):
        record(
            f"mcmc.ess_per_second_mala_over_{name}",
            f"MALA over {name}, {where}",
            median(per_second["mala"] / per_second[name]),
        )
