"""The rows of the ablation: which losses and which noise each of them has."""

import ablation
import pytest
import stored
import torch

LOSSES = ("image_weight", "h1_weight", "h_weight", "gan_weight")
NOISES = ("x_noise", "h1_noise", "h_noise")


@pytest.mark.parametrize(
    ("name", "losses", "noises"),
    [
        ("three", {"image", "h1", "gan"}, set()),
        ("four", {"image", "h1", "h", "gan"}, set()),
        ("four_with_noise", {"image", "h1", "h", "gan"}, {"x", "h1", "h"}),
        ("without_gan", {"image", "h1", "h"}, set()),
        ("without_h1", {"image", "h", "gan"}, set()),
        ("without_image", {"h1", "gan"}, set()),
        ("gan_alone", {"gan"}, set()),
        ("noise_on_x", {"image", "h1", "h", "gan"}, {"x"}),
        ("noise_on_h1", {"image", "h1", "h", "gan"}, {"h1"}),
        ("noise_on_h", {"image", "h1", "h", "gan"}, {"h"}),
        ("noise_ten_times", {"image", "h1", "h", "gan"}, {"x", "h1", "h"}),
    ],
)
def test_row_has_the_losses_and_the_noise_of_its_name(name, losses, noises):
    settings = dict(ablation.settings_of(name, 11))
    assert {key.removesuffix("_weight") for key in LOSSES if settings[key]} == losses
    assert {key.removesuffix("_noise") for key in NOISES if settings[key]} == noises
    assert all(settings[key] == value for key, value in ablation.BUDGET.items()) and settings["seed"] == 11


def test_every_row_is_looked_at_here():
    parameters = test_row_has_the_losses_and_the_noise_of_its_name.pytestmark[0].args[1]
    assert {row[0] for row in parameters} == set(ablation.ROWS)


def test_every_row_is_trained_equally_long():
    lengths = {
        tuple(dict(ablation.settings_of(name, 11))[key] for key in ("steps", "batch", "lr")) for name in ablation.ROWS
    }
    assert len(lengths) == 1


def test_only_pictures_of_a_class_are_twins():
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(4, 3, 32, 32, generator=generator) * 2 - 1
    x[1] = x[0]  # of one class
    x[3] = x[2]  # of two
    found = ablation.to_nearest(x, torch.tensor([0, 0, 1, 2]))
    assert found[:2].tolist() == [0, 0]
    assert found[2:].isinf().all()


def test_brighter_copy_is_a_twin_too():
    """Tints differ from picture to picture; shape and shading are compared."""
    x = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(0)) - 0.5
    found = ablation.to_nearest(torch.cat([x, 0.5 * x + 0.2]), torch.tensor([0, 0]))
    assert found.max() < 1e-6


def test_store_keeps_what_another_process_wrote(tmp_path, monkeypatch):
    monkeypatch.setattr(ablation, "STORE", tmp_path / "ablation.safetensors")
    picture = torch.zeros(1, 3, 4, 4, dtype=torch.uint8)
    ablation.add("three.11", picture, {"numbers": 1})
    ablation.add("four.11", picture + 1, {"numbers": 2})
    tensors, about = stored.read_tensors(ablation.STORE)
    assert set(tensors) == set(about["found"]) == {"three.11", "four.11"}
    assert about["found"]["three.11"] == {"numbers": 1}
