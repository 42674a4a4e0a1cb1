"""The rows of the ablation: which losses and which noise each of them has."""

import ablation
import pytest

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
