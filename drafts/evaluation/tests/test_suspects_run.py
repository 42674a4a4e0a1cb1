"""What is left of noise: laws of the measure, and the lower code."""

import ablation
import pytest
import stored
import suspects
import torch
from scipy.special import digamma, polygamma

from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.networks.small import Encoder
from ppgn_lib.networks.zoo import load

N, CODE, DRAWS = 200, 64, 4


def codes(seed, least=100.0):
    """Codes that are far above 0, so that nothing is cut."""
    return least + torch.rand(N, CODE, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_a_code_of_unused_directions_loses_noise_as_the_formula_says():
    """White noise projected on k of n directions: the square of the share is Beta(k/2, (n-k)/2)."""
    k = 8
    basis = torch.linalg.qr(torch.randn(CODE, k, generator=torch.Generator().manual_seed(0), dtype=torch.float64)).Q
    h = 100 + torch.rand(N, k, generator=torch.Generator().manual_seed(1), dtype=torch.float64) @ basis.T
    other = h.roll(1, 0)
    found = suspects.left(
        lambda h: 100 + (h - 100) @ basis @ basis.T, h, other, torch.ones(CODE, dtype=torch.float64), 0.5, DRAWS
    )
    mean = (digamma(k / 2) - digamma(CODE / 2)) / 2
    error = ((polygamma(1, k / 2) - polygamma(1, CODE / 2)) / 4 / (N * DRAWS)) ** 0.5
    assert found["noise"].shape == found["step"].shape == (DRAWS, N)
    assert abs(float(found["noise"].mean()) - mean) < 5 * error
    assert found["step"].abs().max() < 1e-6, "steps between codes lie in the directions that are used"


@pytest.mark.parametrize("factor", [0.3, 2.0])
def test_what_is_shortened_alike_has_no_noise_over_step(factor):
    h = codes(2)
    found = suspects.left(lambda h: factor * h, h, codes(3), torch.rand(CODE).double() + 0.1, 0.5, DRAWS)
    for log in found.values():
        torch.testing.assert_close(log.exp(), torch.full_like(log, factor), rtol=1e-6, atol=0)


def test_what_a_relu_cuts_off_does_not_count():
    """Noise where a code is 0 is not put, and below 0 it is cut before the pass: a ReLU takes nothing away."""
    h = (codes(4, -0.5)).clamp(min=0)
    assert 0.2 < (h == 0).double().mean() < 0.8
    found = suspects.left(torch.relu, h, codes(5, -0.5).clamp(min=0), torch.ones(CODE).double(), 1.0, DRAWS)
    for log in found.values():
        assert log.abs().max() < 1e-6


def test_only_positive_coordinates_are_looked_at():
    """What a pass does to coordinates that are 0 in the photograph's code is no part of what is left."""
    h = codes(6)
    h[:, : CODE // 2] = 0

    def noisy_elsewhere(h):
        return torch.cat([1e3 * torch.sin(1e3 * h).sum(1, keepdim=True).expand(-1, CODE // 2), h[:, CODE // 2 :]], 1)

    found = suspects.left(noisy_elsewhere, h, codes(7), torch.ones(CODE).double(), 0.5, DRAWS)
    for log in found.values():
        assert log.abs().max() < 1e-6


def test_a_step_of_no_length_is_left_out_and_dead_coordinates_are_no_unit():
    h, deviations = codes(8), torch.ones(CODE).double()
    other, deviations[0] = codes(9), 0
    other[:3] = h[:3]
    found = suspects.left(lambda h: 0.5 * h, h, other, deviations, 0.5, DRAWS)
    for log in found.values():
        assert log.shape == (DRAWS, N - 3) and log.isfinite().all()
    forgets = suspects.left(torch.zeros_like, h, other, deviations, 0.5, DRAWS)
    assert forgets["noise"].isfinite().all() and torch.equal(forgets["noise"], forgets["step"])


def test_the_lower_code_is_h1_in_quarters_and_nothing_else_changes():
    E, lower = load("encoder"), suspects.encoder_of("lower")
    x = TintedFashion("validation").batch(range(300)).x
    with torch.no_grad():
        seen, other = E(x), lower(x)
    torch.testing.assert_close(other.h1, seen.h1, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(other.logits["item"], seen.logits["item"], rtol=1e-4, atol=1e-3)
    first = seen.h1[:, 0, :2, :2].mean((1, 2))  # of the first channel its upper left quarter
    torch.testing.assert_close(other.h[:, 0], lower.scale * first, rtol=1e-4, atol=1e-4)
    assert other.h.shape == seen.h.shape and other.h.min() >= 0
    assert other.h.var(0).sum() == pytest.approx(seen.h.var(0).sum().item(), rel=0.2)  # others than it was scaled on
    assert (other.h > 0).double().mean() > (seen.h > 0).double().mean() + 0.1, "averages are hardly ever 0"
    with pytest.raises(ValueError, match="of one length"):
        suspects.LowerCode(Encoder({"item": ("a", "b")}, code=100), x[:4])


def test_directions_that_hold_the_variance():
    scales = torch.tensor([3.0, 3.0, 3.0, 0.1, 0.1])
    h = torch.randn(2000, 5, generator=torch.Generator().manual_seed(0)) * scales
    assert suspects.directions(h) == 3 and suspects.directions(h[:, :1]) == 1


def test_each_is_trained_as_its_row_and_stored_once(tmp_path, monkeypatch):
    monkeypatch.setattr(ablation, "WORK", tmp_path / "ablation")
    monkeypatch.setattr(suspects, "WORK", tmp_path / "suspects")
    monkeypatch.setattr(suspects, "STORE", tmp_path / "suspects.safetensors")
    monkeypatch.setattr(suspects, "PHOTOGRAPHS", 2)
    monkeypatch.setattr(suspects, "DEVIATIONS_OF", 100)
    monkeypatch.setattr(suspects, "DRAWS", 2)
    monkeypatch.setattr(ablation, "BUDGET", {**ablation.BUDGET, "steps": 2, "batch": 4, "width": 4, "d_width": 4})
    suspects.photographs.cache_clear()
    assert suspects.main(["three", "lower", "--seeds", "11"]) == 0
    suspects.photographs.cache_clear()
    tensors, about = stored.read_tensors(suspects.STORE)
    three, lower = (about["found"][f"{name}.11"] for name in ("three", "lower"))
    assert three["settings"] == lower["settings"] and three["g"] != lower["g"]
    assert {path.name for path in (tmp_path / "suspects").iterdir()} == {"lower.11"}
    for found in (three, lower):
        numbers = {key: value[0] for key, value in found["numbers"].items()}
        assert numbers["log_noise_over_step"] == pytest.approx(numbers["log_noise_left"] - numbers["log_step_left"])
    assert lower["numbers"]["positive"] > three["numbers"]["positive"]
    assert tensors["lower.11"].shape == (ablation.SHOWN, 3, 32, 32)
    monkeypatch.setattr(suspects, "measured", lambda *of: pytest.fail("computed twice"))
    assert suspects.main(["three", "--seeds", "11"]) == 0
    with pytest.raises(ValueError, match="did you mean 'lower'"):
        suspects.main(["lowest"])
