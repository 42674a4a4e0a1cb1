"""Trainings in several processes: who draws what, who writes."""

import json
import subprocess
import sys

import numpy as np
import pytest
import torch

from ppgn_lib.networks.small import Encoder
from ppgn_lib.networks.zoo import save
from ppgn_lib.training.loop import Run, draws_of, fit
from ppgn_lib.training.recipes import RECIPES, as_options
from ppgn_lib.training.settings import Settings


def test_first_process_draws_as_one_alone_did_and_no_two_the_same():
    """Checkpoints and networks of one process stay what they were: a process more than (seed, t) names is a 0."""
    for seed, t in ((0, 0), (1, 5), (2**40, 3)):
        assert draws_of(seed, t, 0) == int(np.random.SeedSequence([seed, t]).generate_state(1)[0])
    assert len({draws_of(seed, t, rank) for seed in range(4) for t in range(50) for rank in range(8)}) == 4 * 50 * 8


DRAWS = """
import json, sys, torch
from pathlib import Path
from lightning_fabric import Fabric
from ppgn_lib.training.loop import Run, fit
from ppgn_lib.training.settings import Settings

fabric = Fabric(accelerator="cpu", devices=2)
fabric.launch()
found = []

def step(t):
    found.append(fabric.all_gather(torch.rand(3)).tolist())
    return {"loss": 0.0}

fit(Run("toy", Settings(steps=4, lr=1, seed=7), Path(sys.argv[1]), fabric), step, {})
if fabric.is_global_zero:
    (Path(sys.argv[1]) / "draws.json").write_text(json.dumps(found))
"""


def run(*command):
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]


def test_two_processes_draw_different_noise(tmp_path):
    (tmp_path / "draws.py").write_text(DRAWS)
    run(str(tmp_path / "draws.py"), str(tmp_path))
    found = torch.tensor(json.loads((tmp_path / "draws.json").read_text()))  # (step, process, 3)
    assert found.shape == (4, 2, 3) and found.unique().numel() == found.numel()
    for t, (first, _) in enumerate(found):
        generator = torch.Generator().manual_seed(draws_of(7, t, 0))
        torch.testing.assert_close(first, torch.rand(3, generator=generator))


def test_two_processes_train_together(tmp_path):
    """Lightning Fabric's launcher on two CPU processes: the card and weights are written once, by the first."""
    save(Encoder({"class": ("left", "right")}, code=16), tmp_path / "e.safetensors")
    command = ["-m", "ppgn_lib.training", "generator", "--accelerator", "cpu", "--devices", "2", "--threads", "1"]
    command += ["--precision", "32-true", "--out", str(tmp_path / "out"), "--encoder", str(tmp_path / "e.safetensors")]
    run(*command, *as_options({**RECIPES["generator"].small, "steps": 2, "batch": 8, "save_every": 1, "log_every": 1}))
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "discriminator.json",
        "discriminator.safetensors",
        "generator.ckpt",
        "generator.json",
        "generator.safetensors",
        "generator_previews.png",
    ]
    assert len(json.loads((tmp_path / "out/generator.json").read_text())["log"]) == 2


def test_batch_is_shared_evenly(tmp_path):
    class Three:
        world_size, is_global_zero, global_rank = 3, True, 0

    with pytest.raises(ValueError, match="batch must be a multiple of the 3 processes; got 8"):
        fit(Run("toy", Settings(steps=1, lr=1, batch=8), tmp_path, Three()), lambda t: {}, {})
