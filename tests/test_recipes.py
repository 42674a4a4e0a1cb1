"""The table of trainings: its settings, the command line and the cards that follow from it."""

import json
import re

import pytest
import torch
from lightning_fabric import Fabric
from safetensors.torch import load_file as tensors_of

from ppgn_lib.networks import precision, zoo
from ppgn_lib.networks.judges import Selector
from ppgn_lib.networks.small import Encoder
from ppgn_lib.training import recipes
from ppgn_lib.training.__main__ import main
from ppgn_lib.training.card import thinned
from ppgn_lib.training.denoiser import report_denoiser, train_denoiser
from ppgn_lib.training.loop import batch_indices
from ppgn_lib.training.recipes import RECIPES, Recipe, as_options, command
from ppgn_lib.training.settings import DenoiserSettings, GeneratorSettings, SelectorSettings
from ppgn_lib.training.source import SHIPPED, Source

CPU = ["--accelerator", "cpu", "--threads", "2", "--precision", "32-true"]
FEW = as_options({"steps": 2, "batch": 8, "log_every": 1})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"ema": 2}, "ema must be less than 1; got 2"),
        ({"ema": "-0.1"}, "ema must be at least 0; got -0.1"),
        ({"steps": 0}, "steps must be at least 1; got 0"),
        ({"d_width": True}, "d_width must be a number; got True"),
        ({"batch": 2.5}, "batch must be a valid integer, got a number with a fractional part; got 2.5"),
        ({"lr": 0}, "lr must be greater than 0; got 0"),
        ({"lr": float("nan")}, "lr must be a finite number; got nan"),
        ({"gan_weight": -1}, "gan_weight must be at least 0; got -1"),
        ({"real_label": 1.5}, "real_label must be at most 1; got 1.5"),
        ({"pause_d_below": 20}, "pause_d_below must not be above pause_g_above, else both rest at once; got 20.0 and"),
    ],
)
def test_setting_out_of_range_says_what_must_hold_in_one_line(values, said):
    for make in (GeneratorSettings, GeneratorSettings().changed):
        with pytest.raises(ValueError, match=f"^{re.escape(said)}") as caught:
            make(**values)
        assert "\n" not in str(caught.value)


def test_other_impossible_settings():
    with pytest.raises(ValueError, match="did you mean 'gan_weight'"):
        GeneratorSettings(gan_wieght=1)
    with pytest.raises(ValueError, match=r"sigma_low must be less than sigma_high; got 2\.0 and 1\.0"):
        DenoiserSettings(sigma_low=2, sigma_high=1)
    with pytest.raises(ValueError, match="sigma_high must be a finite number"):
        DenoiserSettings(sigma_high=float("inf"))
    with pytest.raises(ValueError, match="width must be at least 16; got 4"):
        SelectorSettings(width=4)
    with pytest.raises(ValueError, match=r"flip must be a valid boolean.*; got maybe"):
        DenoiserSettings(flip="maybe")
    with pytest.raises(ValueError, match=r"there are 10: take a smaller one, --batch 10"):
        batch_indices(10, 64, 0, seed=0)


def test_table_is_in_the_order_of_dependency_and_its_small_settings_hold():
    made: set[str] = set()
    for name, recipe in RECIPES.items():
        assert set(recipe.needs) <= made
        made |= {name, *recipe.beside}
        small = recipe.settings.changed(**recipe.small)
        assert command(name, recipe.settings, SHIPPED) == f"python -m ppgn_lib.training {name}"
        assert command(name, small, SHIPPED).endswith(" ".join(as_options(recipe.small)))


def test_list_is_that_of_the_table(capsys):
    assert main(["--list"]) == 0
    assert capsys.readouterr().out.split() == list(RECIPES)


@pytest.mark.parametrize("name", RECIPES)
def test_every_setting_is_an_option_with_its_default(name, capsys):
    with pytest.raises(SystemExit):
        main([name, "--help"])
    text = " ".join(capsys.readouterr().out.split())
    for key, value in RECIPES[name].settings:
        assert f"--{key.replace('_', '-')} VALUE" in text and f"({value})" in text
        assert type(RECIPES[name].settings).model_fields[key].description, key


def test_settings_of_a_file_and_of_the_command_line(tmp_path, capsys):
    """The shipped ones, under the file's, under the command line's. YAML reads 2e-4 as a string."""
    file = tmp_path / "try.yaml"
    file.write_text("lr: 2e-4\nwidth: 16\n")
    assert main(["generator", "--config", str(file), "--list-settings", "--width", "8", "--gan-weight", "1e-1"]) == 0
    expected = RECIPES["generator"].settings.changed(lr=2e-4, width=8, gan_weight=0.1)
    assert capsys.readouterr().out.splitlines() == [f"{key} = {value}" for key, value in expected]
    for content, said in (("lr: -1", "lr must be greater than 0; got -1"), ("1: 2", "unknown key '1'")):
        file.write_text(content)
        assert main(["generator", "--config", str(file), "--list-settings"]) == 1
        message = capsys.readouterr().err
        assert message.startswith(f"error: {file}: ") and said in message and message.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["encoder", "--stepps", "1"], "did you mean '--steps'"),
        (["encoder", "--step=1"], "unknown key '--step'; did you mean '--steps'"),  # no abbreviations
        (["generator", "--d_width", "4"], "did you mean '--d-width'"),
        (["encoder", "--encoder", "e"], "unknown key '--encoder'"),  # nobody's input here
        (["encoder", "--steps", "many"], "steps must be a valid integer"),
        (["encoder", "--size", "16"], "--size is for the images of --data"),
        (["encoder", "--threads", "0"], "--threads must be an integer of at least 1; got 0"),
        (["encoder", "--accelerator", "abacus"], "invalid accelerator name"),
        (["encoder", "--accelerator", "mps" if torch.cuda.is_available() else "cuda"], "can not run on your system"),
        (["encoder", "--devices", "0"], "--devices must be an integer of at least 1; got 0"),
        (["generator", "--data", "own"], "generator --data needs --encoder, weights trained on the same images"),
    ],
)
def test_wrong_command_lines(arguments, said, capsys):
    assert main(arguments) == 1
    message = capsys.readouterr().err
    assert message.startswith("error: ") and said in message and message.count("\n") == 1


@pytest.mark.parametrize(("pays", "used"), [(False, "32-true"), (True, "bf16-mixed")])
def test_precision_is_what_pays_here_and_is_written_down(pays, used, tmp_path, capsys, monkeypatch):
    """On the command's own line, and on the card; naming one takes it anyway."""
    monkeypatch.setattr(precision, "pays", lambda device: pays)
    small = [*FEW, *as_options(RECIPES["generator"].small), "--accelerator", "cpu"]
    assert main(["generator", *small, "--out", str(tmp_path / "auto")]) == 0
    assert f"generator on cpu in {used}\n" in capsys.readouterr().err
    assert json.loads((tmp_path / "auto/generator.json").read_text())["precision"] == used
    assert main(["generator", *small, "--out", str(tmp_path / "named"), "--precision", "32-true"]) == 0
    assert "in 32-true\n" in capsys.readouterr().err


class Stripes:
    """Sixteen pixels, two heads: nothing of it is as in the shipped data."""

    classes = {"direction": ("across", "down", "none"), "bright": ("no", "yes")}
    size = 16

    def __init__(self, split):
        self.split = split

    def __len__(self):
        return 12

    def batch(self, indices=None, seed=0):
        from ppgn_lib.data.batches import Batch

        i = torch.arange(12) if indices is None else torch.as_tensor(indices)
        x = (i % 3 - 1).float()[:, None, None, None].expand(-1, 3, 16, 16).clone()
        return Batch(x, {"direction": i % 3, "bright": i % 2})

    def labels(self, seed=0):
        return self.batch(seed=seed).labels


def test_every_recipe_trains_on_another_data_set(tmp_path):
    """Sizes, heads and code length come from the data and the encoder, nowhere from a constant.

    But for the captioner: its words are those of the tinted photographs.
    """
    from lightning_fabric import Fabric

    fabric = Fabric(accelerator="cpu", devices=1, precision="32-true")
    source, trained = Source(Stripes, "stripes", {"data": "1"}), {}
    for name, recipe in RECIPES.items():
        if name == "captioner":
            continue
        settings = recipe.settings.changed(**{**recipe.small, "steps": 2, "batch": 4})
        settings = settings.changed(code=7) if name == "encoder" else settings
        if "generator" in recipe.needs:  # trained on, as it is
            settings = settings.changed(**RECIPES["generator"].small)
        inputs = {needed: trained[needed] for needed in recipe.needs}
        recipes.train(name, tmp_path, fabric, settings=settings, source=source, inputs=inputs)
        for made in (name, *recipe.beside):
            trained[made] = zoo.load_file(tmp_path / f"{made}.safetensors")
        card = json.loads((tmp_path / f"{name}.json").read_text())
        assert card["network"] == name and card["log"][-1]["step"] == 2 and card["data"] == "stripes"
        assert card["encoder"] == (zoo.digest(trained["encoder"]) if recipe.needs else None)
    x = Stripes("test").batch().x
    seen, judged = trained["encoder"](x), trained["selector"](x)
    assert seen.h.shape == (12, 7)
    assert trained["generator"](seen.h).shape == trained["joint_generator"](seen.h).shape == x.shape
    assert trained["denoiser"](x, 1.0).shape == trained["image_autoencoder"](x).shape == x.shape
    assert trained["code_denoiser"](seen.h, 1.0).shape == trained["code_autoencoder"](seen.h).shape == seen.h.shape
    assert {head: logits.shape[1] for head, logits in judged.logits.items()} == {"direction": 3, "bright": 2}
    assert trained["encoder"].classes == Stripes.classes


def test_another_network_is_a_line_in_the_table(tmp_path, monkeypatch, capsys):
    """It has a command line, weights and a card, and the command on its card makes it again."""
    settings = RECIPES["denoiser"].settings.changed(width=8, flip=False)
    monkeypatch.setitem(RECIPES, "second", Recipe("a second R", settings, train_denoiser, report_denoiser))
    assert main(["second", *FEW, *CPU, "--flip", "true", "--out", str(tmp_path / "a")]) == 0
    again = json.loads((tmp_path / "a/second.json").read_text())["command"].split()
    assert again[:4] == ["python", "-m", "ppgn_lib.training", "second"] and again[-2:] == ["--flip", "true"]
    assert main([*again[3:], *CPU, "--out", str(tmp_path / "b")]) == 0
    first, second = (tensors_of(tmp_path / folder / "second.safetensors") for folder in "ab")
    assert all(torch.equal(first[key], second[key]) for key in {*first, *second})
    capsys.readouterr()
    assert main(["--list"]) == 0 and "second" in capsys.readouterr().out.split()


def test_needed_network_may_not_be_missing(tmp_path):
    with pytest.raises(ValueError, match="generator needs a trained encoder; got none"):
        recipes.train("generator", tmp_path, None)


def test_weights_of_another_network_are_no_encoder(tmp_path, capsys):
    zoo.save(Selector({"class": ("a", "b")}, width=4), tmp_path / "net.safetensors")
    assert main(["generator", *CPU, "--encoder", str(tmp_path / "net.safetensors"), "--out", str(tmp_path)]) == 1
    assert "G inverts an Encoder; got Selector" in capsys.readouterr().err
    zoo.save(Encoder({"class": ("a", "b")}, size=16), tmp_path / "net.safetensors")
    assert main(["generator", *CPU, "--encoder", str(tmp_path / "net.safetensors"), "--out", str(tmp_path)]) == 1
    assert "E has 16 pixels, the data 32" in capsys.readouterr().err


@pytest.mark.parametrize("rows", [1, 2, 200, 399, 400, 401, 999, 1000])
def test_thinned_log_keeps_its_first_and_last_row(rows):
    log = [{"step": i} for i in range(rows)]
    kept = thinned(log)
    assert kept[0] == log[0] and kept[-1] == log[-1] and len(kept) < 400
    assert [row["step"] for row in kept] == sorted({row["step"] for row in kept})


def test_second_generator_lies_beside_the_first(tmp_path, monkeypatch):
    """It may invert another encoder, and its discriminator does not take the place of the first one's."""
    other = RECIPES["generator"]._replace(needs=("encoder2",))
    monkeypatch.setitem(RECIPES, "generator2", other)
    settings = other.settings.changed(steps=1, batch=4, width=4, d_width=4)
    fabric = Fabric(accelerator="cpu", devices=1, precision="32-true")
    recipes.train("generator2", tmp_path, fabric, settings=settings, inputs={"encoder2": zoo.load("encoder")})
    names = {path.name for path in tmp_path.iterdir()}
    assert {"generator2.safetensors", "generator2_discriminator.safetensors"} <= names
    assert not any(name.startswith(("generator.", "discriminator.")) for name in names)
