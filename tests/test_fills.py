"""Fills that know the picture alone, and the experiment that compares PPGN with them."""

import fills
import pytest
import restored
import stored
import torch

from ppgn_lib.data import classical_fills, holes, measurements
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.networks.zoo import load

ROWS = torch.linspace(-0.8, 0.8, 32)[:, None].expand(32, 32)
RAMP = torch.stack([ROWS, ROWS.T, -ROWS])[None].expand(2, -1, -1, -1)
STRIPES = torch.where(torch.arange(32) % 4 < 2, 0.7, -0.7).expand(2, 3, 32, 32)
HOLE = holes.square(32, 8, [1, 2])
DIFFUSE = ("biharmonic", "Telea", "Navier-Stokes")


@pytest.mark.parametrize("name", classical_fills.CLASSICAL)
def test_a_fill_changes_the_hole_alone_and_continues_what_it_can(name):
    """A ramp by diffusion, stripes by moving patches and waves; known pixels stay to the last bit."""
    x = RAMP if name in DIFFUSE else STRIPES
    damaged = torch.where(HOLE.bool(), torch.tensor(1.0), x)
    filled = classical_fills.CLASSICAL[name](damaged, HOLE)
    known = ~HOLE.bool().expand_as(x)
    assert filled.shape == x.shape and torch.equal(filled[known], x[known])
    flat = classical_fills.mean_colour(damaged, HOLE)
    assert (filled - x).abs().mean() < 0.5 * (flat - x).abs().mean()
    other = torch.where(HOLE.bool(), torch.tensor(-1.0), x)
    torch.testing.assert_close(classical_fills.CLASSICAL[name](other, HOLE), filled)  # what the hole had is not seen


def test_the_nearest_is_the_one_that_agrees_where_something_is_known():
    x = TintedFashion("validation").batch(range(6)).x
    others = x.flip(0)
    others[5, :, 10:18, 10:18] = 1  # the first picture, damaged in the hole only
    hole = torch.zeros(1, 1, 32, 32)
    hole[..., 10:18, 10:18] = 1
    filled = classical_fills.nearest(x[:1], hole, others)
    assert (filled[..., 10:18, 10:18] == 1).all() and torch.equal(filled[..., :10, :], x[:1, :, :10, :])
    mean = classical_fills.mean_colour(x[:1], hole)
    torch.testing.assert_close(mean[0, :, 12, 12], x[0][:, ~hole[0, 0].bool()].mean(1))


@pytest.fixture
def small(monkeypatch, tmp_path):
    monkeypatch.setattr(fills, "STORE", tmp_path / "fills.safetensors")
    for name, value in {"STEPS": 3, "MANY": 2, "FEW": 2, "TUNED": 1, "SWAPPED": 1, "CANDIDATES": 20}.items():
        monkeypatch.setattr(fills, name, value)
    monkeypatch.setattr(fills, "SETTINGS", [(0.1, 0.2)])
    monkeypatch.setattr(fills, "CONTEXTS", (100.0, 300.0))
    monkeypatch.setattr(fills, "RIVALS", ("Telea", "Navier-Stokes"))
    quick = {name: classical_fills.CLASSICAL[name] for name in ("Telea", "Navier-Stokes")}
    monkeypatch.setattr(classical_fills, "CLASSICAL", quick)
    by_evaluator = fills.metrics.judge_with(load("evaluator"), "item")
    monkeypatch.setattr(fills.metrics, "imagenet", lambda: by_evaluator)  # EfficientNet takes a minute here
    fills.task.cache_clear()
    yield
    fills.task.cache_clear()


def test_each_way_fills_the_hole_and_is_judged_once(small, monkeypatch):
    assert fills.main([]) == 0
    tensors, about = stored.read_tensors(fills.STORE)
    chosen = about["found"]["tuning"]["chosen"]
    assert chosen[0] == [0.1, 0.2] and chosen[1] in (100.0, 300.0) and chosen[2] in classical_fills.CLASSICAL
    names = list(fills.ways(fills.Chosen((0, 0), 0, "")))
    G = load("generator")
    for name in names:
        assert tensors[f"{name}.named"].shape == (20,)
        assert (f"{name}.shown" in tensors) == (name in ("context", "guessed", "plain", "wrong class", "no class"))
    assert G(tensors["context.shown"].float()).shape == (10, 3, 32, 32)
    assert tensors["photograph.inner_error"].max() == 0 and tensors["photograph.log_border"].abs().max() == 0
    assert set(tensors["context.farther"].unique().tolist()) <= {0.0, 1.0}
    assert not torch.equal(tensors["context.shown"], tensors["plain.shown"])
    monkeypatch.setattr(fills, "measured", lambda *of: pytest.fail("computed twice"))
    assert fills.main(["plain", "Telea"]) == 0


def test_swapped_fills_are_of_other_photographs_in_this_ones_colours(small, monkeypatch):
    """With a sampler that puts back what was there, a fill is nearer to its own photograph than others' fills."""
    seen = []
    monkeypatch.setattr(fills, "ppgn", lambda of, *rest: seen.append(of) or fills.Filled(of.x))
    of = fills.task("test", 2)
    assert (fills.swapped(of, of.x, fills.Chosen((0.1, 0.2), 100.0, "")) == 1).all()
    other = seen[0].x
    assert torch.equal(other[:, :, 0, :], of.x[:, :, 0, :]), "the wall along the upper edge is this one's"
    assert not torch.equal(other, of.x)


def test_an_unknown_way_names_the_nearest():
    with pytest.raises(ValueError, match="did you mean 'plain'"):
        fills.main(["plane"])


def test_what_maps_leave_is_what_they_say():
    x = TintedFashion("validation").batch(range(3)).x
    small, grey, blurred = (A(x) for A in measurements.MAPS.values())
    assert small.shape == (3, 3, 8, 8) and grey.shape == (3, 1, 32, 32) and blurred.shape == x.shape
    torch.testing.assert_close(small[1, 2, 0, 0], x[1, 2, :4, :4].mean())
    torch.testing.assert_close(blurred[0, 1, 10, 20], x[0, 1, 7:14, 17:24].mean())
    flat = torch.full((1, 3, 8, 8), 0.3)
    for A in measurements.MAPS.values():
        torch.testing.assert_close(A(flat), torch.full_like(A(flat), 0.3))
        a, b = torch.rand(2, 1, 3, 8, 8, generator=torch.Generator().manual_seed(0))
        torch.testing.assert_close(A(2 * a - b), 2 * A(a) - A(b))


def test_restored_pictures_run_once_and_are_kept(monkeypatch, tmp_path):
    monkeypatch.setattr(restored, "STORE", tmp_path / "restored.safetensors")
    monkeypatch.setattr(restored, "SETTINGS", [(0.1, 100.0), (0.1, 1e9)])
    monkeypatch.setattr(restored.protocol, "STEPS", 3)
    monkeypatch.setattr(restored, "PHOTOGRAPHS", 1)
    assert restored.main(["grey"]) == 0
    found = stored.read_tensors(restored.STORE)[1]["found"]["grey"]
    assert found["setting"] == [0.1, 100.0] and len(found["named"]) == len(found["off"]) == 10
    assert max(found["off"]) <= max(found["error"]) + 1e-6
    monkeypatch.setattr(restored, "judged", lambda *of: pytest.fail("computed twice"))
    assert restored.main(["grey"]) == 0
    with pytest.raises(ValueError, match="grey"):
        restored.main(["gray"])
