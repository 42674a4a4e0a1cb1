"""Images, codes, metrics, zoo, profiles, records: what a new user gets wrong, and small laws."""

import json

import numpy as np
import pytest
import scipy.stats
import torch
from safetensors.torch import save_file
from torch.utils.flop_counter import FlopCounterMode

from ppgn_lib import codes, images, metrics, profiles, record, results, zoo
from ppgn_lib.files import DamagedFileError
from ppgn_lib.sampling import Noise


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (torch.zeros(1, 3, 28, 28), ValueError, r"\(B, 3, 32, 32\)"),
        (torch.zeros(3, 32, 32), ValueError, "unsqueeze"),
        (torch.full((1, 3, 32, 32), 200.0), ValueError, r"x / 127\.5 - 1"),
        (torch.full((1, 3, 32, 32), float("nan")), ValueError, "nan"),
        (torch.zeros(1, 3, 32, 32, dtype=torch.uint8), TypeError, r"x / 127\.5 - 1"),
        (np.zeros((1, 3, 32, 32)), TypeError, "ndarray"),
    ],
)
def test_image_of_wrong_size_range_or_dtype(encoder, x, error, message):
    with pytest.raises(error, match=message):
        images.encode(encoder, x)


def test_image_that_is_right_is_handed_back():
    x = torch.linspace(-1, 1, 3 * 32 * 32).view(1, 3, 32, 32)
    assert images.check_images(x) is x


def test_mosaic_puts_images_row_by_row():
    x = torch.linspace(-1, 1, 6).view(6, 1, 1, 1).expand(6, 3, 2, 2)
    picture = images.mosaic(x, columns=3)
    assert picture.shape == (5, 8, 3)
    assert picture[0, 0, 0] == 0 and picture[3, 6, 0] == 1 and picture[0, 2, 0] == 1  # first, last, gap
    assert picture[0, 3, 0] == pytest.approx(0.2)
    with pytest.raises(ValueError, match="rows of 4"):
        images.mosaic(x, columns=4)


def test_random_codes_depend_on_their_own_seed_and_are_rectified_normal():
    h = codes.rectified_normal(range(200))
    assert torch.equal(h[7:8], codes.rectified_normal([7])) and h.min() >= 0
    zeros = scipy.stats.norm.cdf(0.9 / 2.35)
    assert abs((h == 0).double().mean().item() - zeros) < 5 * (zeros * (1 - zeros) / h.numel()) ** 0.5
    mean = 2.35 * scipy.stats.norm.pdf(0.9 / 2.35) - 0.9 * (1 - zeros)  # E max(0, z)
    assert abs(h.mean().item() - mean) < 5 * h.std().item() / h.numel() ** 0.5
    noise = Noise([7]).draw(h[7:8])
    assert abs(torch.corrcoef(torch.cat([noise, h[7:8]]))[0, 1].item()) < 5 / 256**0.5  # another stream


def test_interval_covers_the_mean_of_a_known_distribution():
    """95 % percentile intervals of 200 samples cover the truth within binomial error."""
    rng = np.random.default_rng(0)
    hits = 0
    for i in range(200):
        estimate = metrics.mean_with_interval(rng.normal(1.0, 1.0, 60), seed=i)
        hits += estimate.low <= 1.0 <= estimate.high
    assert abs(hits / 200 - 0.95) < 5 * (0.95 * 0.05 / 200) ** 0.5


def test_accuracy_counts_states_and_resamples_chains():
    y = torch.tensor([0, 1])
    logits = torch.eye(3)[torch.tensor([[0, 1], [0, 2]])] * 9  # chain 0 right twice, chain 1 once
    estimate = metrics.accuracy(logits, y)
    assert (estimate.value, estimate.n) == (0.75, 2) and estimate.low >= 0.5 and estimate.high <= 1
    with pytest.raises(ValueError, match=r"\(T, N, K\)"):
        metrics.accuracy(logits, y[:1])
    with pytest.raises(ValueError, match="at least 2"):
        metrics.mean_with_interval(torch.ones(1))


def test_zoo_networks_load_frozen_and_in_eval_mode():
    for name in zoo.CLASSES:
        net = zoo.load(name)
        assert not net.training and not any(p.requires_grad for p in net.parameters())


def test_unknown_network_offers_the_nearest():
    with pytest.raises(KeyError, match="did you mean 'encoder'"):
        zoo.load("encodr")


def test_damaged_or_foreign_weights(tmp_path, generator):
    path = tmp_path / "generator.safetensors"
    save_file({k: v.contiguous() for k, v in generator.state_dict().items()}, path, {"width": "4"})
    assert zoo.load_file("generator", path).width == 4
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(DamagedFileError, match="not a whole safetensors file"):
        zoo.load_file("generator", path)
    save_file({"fc.weight": torch.zeros(2, 2)}, path)
    with pytest.raises(ValueError, match="does not fit the network 'generator'"):
        zoo.load_file("generator", path)


@pytest.fixture
def profile_folder(tmp_path):
    (tmp_path / "ci.yaml").write_text("08_x:\n  steps: 10\n  chains: 2\n")
    (tmp_path / "cpu.yaml").write_text("08_x:\n  steps: 100\n  chains: 4\n")
    return tmp_path


def test_profile_gives_settings_and_parameters_change_them(profile_folder):
    settings = profiles.load("08_x", {"profile": "cpu", "steps": 7, "chains": None, "os": json}, profile_folder)
    assert (settings.steps, settings.chains, settings.profile) == (7, 4, "cpu")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"profile": "cpu", "step": 7}, "did you mean 'steps'"),
        ({"profile": "cpu", "profil": "ci"}, "unknown key 'profil'"),
        ({"profile": "cup"}, "profile must be one of ci, cpu, gpu"),
        ({"profile": "cpu", "steps": "7"}, "steps must be int"),
    ],
)
def test_misspelt_parameter(profile_folder, given, message):
    with pytest.raises(ValueError, match=message):
        profiles.load("08_x", given, profile_folder)


@pytest.mark.parametrize("text", ["08_x:\n  stepps: 100\n  chains: 4\n", "08_x:\n  steps: 100\n", "08_y: {}\n"])
def test_profile_file_with_unknown_or_missing_keys(profile_folder, text):
    (profile_folder / "cpu.yaml").write_text(text)
    with pytest.raises(ValueError, match="did you mean"):
        profiles.load("08_x", {"profile": "cpu"}, profile_folder)


def test_shipped_profiles_have_the_same_keys():
    from pathlib import Path

    folder = Path(__file__).parents[1] / "notebooks/profiles"
    for source in sorted(folder.parent.glob("[0-9]*.py")):
        for profile in profiles.NAMES:
            assert profiles.load(source.stem, {"profile": profile}, folder).profile == profile


def test_record_refuses_what_is_not_finite():
    with pytest.raises(ValueError, match="finite"):
        record.record("x", float("nan"))


def test_results_are_replaced_by_notebook_and_never_shared(tmp_path):
    path = tmp_path / "results.json"
    results.merge(path, {"a": {"value": 1, "notebook": "01"}}, "01")
    results.merge(path, {"b": {"value": 2, "notebook": "02"}}, "02")
    results.merge(path, {"c": {"value": 3, "notebook": "01"}}, "01")
    assert sorted(results.read(path)) == ["b", "c"]
    with pytest.raises(ValueError, match="which 02 records too"):
        results.merge(path, {"b": {"value": 1, "notebook": "01"}}, "01")


def test_a_step_of_a_chain_stays_below_half_a_gigaflop(encoder):
    """G and E forward, and as much again for the way back to h: their weights are frozen."""
    G = zoo.load("generator")
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        encoder(G(codes.rectified_normal([0])))
    assert 0.1e9 < 2 * counter.get_total_flops() < 0.5e9
