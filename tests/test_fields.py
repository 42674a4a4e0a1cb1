"""What a denoising autoencoder learns: Eq. 6 and the point it passes over."""

import pytest
import torch
from torch import nn

from ppgn_lib.experts.fields import asymmetry, relative_error, score
from ppgn_lib.networks.denoisers import ResidualMLP
from ppgn_lib.sampling import densities
from ppgn_lib.sampling.chain import value_and_grad
from ppgn_lib.training import point_denoiser
from ppgn_lib.training.point_denoiser import dae_loss, fit

WEIGHTS, MEANS, STD = torch.tensor([0.3, 0.7]), torch.tensor([[-1.0, 0.0], [1.0, 0.5]]), 0.3


def sample(n, generator):
    which = torch.multinomial(WEIGHTS, n, replacement=True, generator=generator)
    return MEANS[which] + STD * torch.randn(n, 2, generator=generator)


def train(R, sigma, steps, **settings):
    for done in fit(R, sample, sigma, steps=steps, **settings):
        assert done <= steps
    return R.requires_grad_(False)


def test_loss_by_hand():
    """R doubles: |2 (1 + 0.5 * 2) - 1|^2 = 9 and |2 (0 - 0.5 * 2) - 0|^2 = 4, mean 6.5."""
    x, noise = torch.tensor([[1.0], [0.0]]), torch.tensor([[2.0], [-2.0]])
    assert dae_loss(lambda x: 2 * x, x, 0.5, noise).item() == 6.5


def test_best_linear_denoiser_knows_the_smoothed_score_of_a_gaussian():
    """For N(0, s2) it is x s2 / (s2 + sigma^2), and the least loss is the posterior variance."""
    s2, sigma, n = 2.0, 0.8, 200_000
    R = lambda x: x * s2 / (s2 + sigma**2)  # noqa: E731
    x = torch.linspace(-3, 3, 7, dtype=torch.float64)[:, None]
    assert torch.allclose(score(R, sigma)(x), -x / (s2 + sigma**2))
    generator = torch.Generator().manual_seed(0)
    clean, noise = s2**0.5 * torch.randn(n, 1, generator=generator), torch.randn(n, 1, generator=generator)
    least = s2 * sigma**2 / (s2 + sigma**2)
    assert abs(dae_loss(R, clean, sigma, noise).item() - least) < 5 * least * (2 / n) ** 0.5


def test_trained_denoiser_knows_the_smoothed_score_and_not_the_other():
    """A 2-D mixture: within a tenth of the smoothed score where the two scores differ by more than a half."""
    sigma = 0.5
    R = train(ResidualMLP(2, 64), sigma, 700)
    generator = torch.Generator().manual_seed(1)
    x = sample(4_000, generator) + sigma * torch.randn(4_000, 2, generator=generator)
    smoothed, own = (value_and_grad(densities.smoothed(WEIGHTS, MEANS, STD, s).log_prob, x)[1] for s in (sigma, 0.0))
    learnt = score(R, sigma)(x)
    assert relative_error(learnt, smoothed) < 0.1
    assert relative_error(learnt, own) > 0.5


def test_smoothed_mixture_is_the_density_of_noisy_samples():
    """Its log-density against a Monte Carlo convolution of the clean one."""
    sigma, n = 0.4, 200_000
    x = torch.tensor([[0.0, 0.0], [1.0, 1.0]])
    noise = sigma * torch.randn(n, 2, generator=torch.Generator().manual_seed(0))
    values = densities.mixture(WEIGHTS, MEANS, STD).log_prob((x[:, None] + noise).view(-1, 2)).exp().view(2, n)
    found = densities.smoothed(WEIGHTS, MEANS, STD, sigma).log_prob(x).exp()
    assert ((values.mean(1) - found).abs() < 5 * values.std(1) / n**0.5).all()


def test_asymmetry_by_hand():
    """A rotation beside the identity: J - J^T and J + J^T of equal norm. A gradient has none."""
    matrix = torch.tensor([[1.0, 1.0], [-1.0, 1.0]])
    x = torch.randn(5, 2)
    assert torch.allclose(asymmetry(lambda x: x @ matrix.T, x), torch.ones(5))
    assert torch.allclose(asymmetry(lambda x: -x / (1 + x.square().sum(1, keepdim=True)), x), torch.zeros(5), atol=1e-6)


def test_relative_error_by_hand():
    assert relative_error(torch.tensor([[4.0, 0.0]]), torch.tensor([[3.0, 4.0]])).item() == pytest.approx(
        (17 / 25) ** 0.5
    )


def test_training_starts_at_the_identity_and_depends_on_its_seed_alone():
    x = torch.randn(3, 2)
    assert torch.equal(ResidualMLP(2)(x), x)

    def trained(seed):
        torch.manual_seed(5)
        return train(ResidualMLP(2, 8), 0.3, 3, seed=seed)(x)

    assert torch.equal(trained(0), trained(0)) and not torch.equal(trained(0), trained(1))


@pytest.mark.parametrize("settings", [{"sigma": 0.0}, {"sigma": float("nan")}, {"steps": 0}])
def test_bad_settings_are_refused_at_the_call(settings):
    with pytest.raises(ValueError, match=next(iter(settings))):
        fit(ResidualMLP(2), sample, **{"sigma": 0.3, "steps": 3} | settings)


def test_divergence_is_told():
    with pytest.raises(FloatingPointError, match="not finite; try a smaller lr"):
        for _ in point_denoiser.fit(nn.Linear(2, 2), lambda n, g: torch.full((n, 2), 1e30), 0.3, steps=3):
            pass
