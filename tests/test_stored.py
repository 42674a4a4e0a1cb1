"""Stored results: whose they are, and that they still come out of the code."""

import json

import ablation
import acgan_judges
import acgan_table
import adopt
import alternatives
import arithmetic
import bulk
import captions
import fills
import foreign
import hand_priors
import joint_chains
import judgements
import memory
import mixing
import more_chains
import neurons
import noise_place
import other_codes
import pixel_chains
import pytest
import restored
import retrained
import several
import side_by_side
import sounds
import step_sizes
import stored
import taught
import torch
import unseen

from ppgn_lib import Eps
from ppgn_lib.metrics import protocol

EPS = Eps(0.2, 0.3, 0.5)  # with noise, whose streams a probe watches too


def test_stores_belong_to_the_present_networks_and_code():
    """Else: `python tools/runs/adopt.py` if only code has changed that computes the same, `make results` if not."""
    assert adopt.main(["--check"]) == 0


def test_the_stored_sweep_is_whole_and_the_samples_are_at_the_chosen_setting():
    sweep = json.loads(bulk.SWEEP.read_text())
    assert [tuple(point["eps"]) for point in sweep["points"]] == bulk.GRID
    tensors, about = protocol.open_samples(bulk.SAMPLES)
    for name, chains in bulk.CHAINS.items():
        assert tensors[f"{name}.codes"].shape == (10 * chains, 256)
        assert tensors[f"{name}.probe"].shape == (10, 256)
    assert about["protocol"]["eps"] == protocol.choose(sweep["points"], sweep["real_accuracy"])["eps"]


@pytest.fixture(scope="module")
def first_chains():
    h0, y, seeds = bulk.starts("random", 1)
    return (h0, y, seeds), stored.probe(h0, y, EPS, seeds)


def test_probe_grows_rounding_to_far_less_than_its_tolerance(first_chains):
    """Another CPU rounds float64 by 1e-16 of each number; a start that is off by ten times that stands for it."""
    (h0, y, seeds), found = first_chains
    off = stored.probe(h0.double() * (1 + 1e-15), y, EPS, seeds)
    assert 0 < (off - found).abs().max() < stored.PROBE_TOLERANCE / 10
    assert stored.agree(off, found)


@pytest.mark.parametrize("change", ["multiplier", "seed", "class", "start"])
def test_probe_notices_what_changes_the_chain(first_chains, change):
    (h0, y, seeds), found = first_chains
    other = {
        "multiplier": (h0, y, Eps(0.2, 0.30001, 0.5), seeds),
        "seed": (h0, y, EPS, [seed + 1 for seed in seeds]),
        "class": (h0, (y + 1) % 10, EPS, seeds),
        "start": (h0 + 1e-4, y, EPS, seeds),
    }[change]
    assert not stored.agree(stored.probe(*other), found)


def test_other_code_is_told_and_adopted_only_if_it_computes_the_same(tmp_path, monkeypatch, capsys):
    stores = [(bulk, "SWEEP"), (bulk, "SAMPLES")]
    tables = (alternatives, mixing, step_sizes, hand_priors, judgements, ablation, other_codes, retrained)
    tables = (*tables, neurons, fills, restored, foreign, sounds, unseen, captions, several)
    tables = (*tables, arithmetic, memory, noise_place, more_chains, taught, acgan_table, acgan_judges)
    stores += [(module, "STORE") for module in tables]
    for module, name in stores:
        path = getattr(module, name)
        if path.exists():  # some of the long runs have not begun
            (tmp_path / path.name).write_bytes(path.read_bytes())
        monkeypatch.setattr(module, name, tmp_path / path.name)
    monkeypatch.setattr(bulk, "CHAINS", {"random": bulk.CHAINS["random"]})
    monkeypatch.setattr(bulk, "settings_of", lambda swept: {"random": bulk.chosen(swept)})
    some = {"logit": alternatives.alternatives(EPS)["logit"]}
    monkeypatch.setattr(alternatives, "alternatives", lambda eps: some)
    for module, kept in ((pixel_chains, []), (joint_chains, []), (side_by_side, ["ppgn_h"])):
        table = module.table()
        (tmp_path / table.store.name).write_bytes(table.store.read_bytes())
        samplers = {name: table.samplers[name] for name in kept}
        fewer = table._replace(store=tmp_path / table.store.name, samplers=samplers)
        monkeypatch.setattr(module, "table", lambda fewer=fewer: fewer)
    monkeypatch.setattr(mixing, "VARIANTS", {"noiseless": mixing.VARIANTS["noiseless"]})
    made_with = stored.made_with
    monkeypatch.setattr(stored, "made_with", lambda *names, **more: {**made_with(*names, **more), "code": "other"})
    assert adopt.main(["--check"]) == 1
    told = capsys.readouterr().out
    assert "sweep: other code\nsamples: other code" in told and "mixing of noiseless: other code" in told
    assert "step sizes: other code\nhand-designed priors: other code" in told
    assert "judgement of ppgn_x: other code" in told and "ablation, three.11: other code" in told
    of_alternative = alternatives.probe
    monkeypatch.setattr(alternatives, "probe", lambda *of: of_alternative(*of) * 1.01)
    assert adopt.main([]) == 1 and "logit: its probe\nppgn_h: its probe" in capsys.readouterr().out
    monkeypatch.setattr(alternatives, "probe", of_alternative)
    probe = bulk.probe
    monkeypatch.setattr(bulk, "probe", lambda name, eps: probe(name, eps) + 1e-3)
    assert adopt.main([]) == 1 and "random: its probe" in capsys.readouterr().out
    assert adopt.main(["--check"]) == 1
    # Old code that computes the same as new, on a machine where neither gives what is stored.
    there = tmp_path / "probes.safetensors"
    assert adopt.main(["--probes", str(there)]) == 0 and adopt.differing(stored.read_tensors(there)[0]) == []
    monkeypatch.setattr(bulk, "probe", probe)
    assert adopt.main(["--like", str(there)]) == 1 and "random: its probe" in capsys.readouterr().out
    pictures = judgements.pictures
    monkeypatch.setattr(judgements, "pictures", lambda name: (pictures(name)[0] / 2, pictures(name)[1]))
    assert adopt.main([]) == 1 and "what the evaluator says of ppgn_x" in capsys.readouterr().out
    monkeypatch.setattr(judgements, "pictures", pictures)
    trained = ablation.trained
    other_lr = {"lr": 0.01}
    monkeypatch.setattr(ablation, "trained", lambda at, of, E: trained(at, of.model_copy(update=other_lr), E))
    assert adopt.main([]) == 1 and "first steps of the ablation's 'three'" in capsys.readouterr().out
    monkeypatch.setattr(ablation, "trained", trained)
    assert adopt.main([]) == 0 and adopt.main(["--check"]) == 0
    monkeypatch.setattr(stored, "made_with", lambda *names, **more: {**made_with(*names, **more), "generator": "other"})
    assert adopt.main([]) == 1


def test_probe_is_in_float64(first_chains):
    assert first_chains[1].dtype == torch.float64
