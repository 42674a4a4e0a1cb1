"""What samples teach: which pictures a network gets, that a draw is the same each time, and that all is stored once."""

import bulk
import more_chains
import pytest
import stored
import taught
import torch

from ppgn_lib.data.tinted_fashion import ITEMS, TintedFashion
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.zoo import digest, load


@pytest.fixture
def small(monkeypatch, tmp_path):
    """Two pictures of a class, four of which the second two are random codes; three steps."""
    monkeypatch.setattr(taught, "STORE", tmp_path / "taught.safetensors")
    for name, value in {"MANY": 2, "FEW": 1, "DRAWS": 2, "TESTED": 50}.items():
        monkeypatch.setattr(taught, name, value)
    monkeypatch.setattr(taught, "SETTINGS", {**taught.SETTINGS, "steps": 3, "batch": 10})
    first = stored.read_tensors(bulk.SAMPLES)[0]["random.codes"]
    monkeypatch.setattr(more_chains, "codes", lambda: first.flip(0))
    taught.codes.cache_clear()
    yield
    taught.codes.cache_clear()


def test_the_same_draw_gives_the_same_photographs_and_no_two_share_one():
    draws = [set(taught.photographs(draw, taught.MANY).tolist()) for draw in range(taught.DRAWS)]
    assert draws[0] == set(taught.photographs(0, taught.MANY).tolist())
    assert len(set.union(*draws)) == taught.DRAWS * 10 * taught.MANY
    items = TintedFashion("train").labels()["item"]
    assert torch.equal(items[taught.photographs(4, taught.MANY)], torch.arange(10).repeat_interleave(taught.MANY))
    few = taught.photographs(4, taught.FEW)
    assert torch.equal(few, protocol.first_of(taught.photographs(4, taught.MANY), taught.FEW))


def test_the_hundred_has_fresh_colours_in_each_epoch_and_the_plain_one_has_not(small):
    plain, fresh, thousand = taught.plain_hundred(1), taught.hundred(1), taught.thousand(1)
    index = list(range(10))
    assert torch.equal(plain.batch(index, 1).x, plain.batch(index, 2).x)
    assert not torch.equal(fresh.batch(index, 1).x, fresh.batch(index, 2).x)
    assert torch.equal(fresh.batch(index, 0).x, plain.batch(index).x), "the same photographs"
    assert torch.equal(plain.batch(index).x, thousand.batch(range(0, 20, 2)).x)
    assert torch.equal(plain.batch(index).labels["item"], fresh.batch(index).labels["item"])
    assert len(plain) == len(fresh) == 10 and len(thousand) == 20


def test_samples_are_pictures_of_ends_of_the_class_they_are_called(small):
    """Of both halves: the codes that a class's samples are drawn from are its own."""
    lesson = taught.samples(0)
    batch = lesson.batch()
    assert torch.equal(batch.x, taught.samples(0).batch().x) and not torch.equal(batch.x, taught.samples(1).batch().x)
    assert torch.equal(batch.labels["item"], protocol.classes_of(2)) and batch.x.abs().max() <= 1
    G = load("generator")
    for x, y in zip(batch.x[::9], (0, 4, 9), strict=True):
        of_class = taught.drawn(G, taught.codes()[y].float())
        assert (of_class - x).flatten(1).abs().amax(1).min() < 1e-4
    joined = taught.both(0)
    assert len(joined) == 30 and torch.equal(joined.batch(range(10, 30)).x, batch.x)
    assert taught.codes().shape == (10, 200, 256)


def test_a_network_is_a_function_of_its_draw(small):
    one, again, other = (taught.trained(taught.thousand(0), draw) for draw in (0, 0, 1))
    assert digest(one) == digest(again) != digest(other)
    assert not one.training and set(one.classes) == {"item"}


def test_what_a_network_takes_test_photographs_for(small):
    """Here the evaluator stands for it; rows are what they are."""
    table = torch.tensor(taught.seen(load("evaluator")))
    items = TintedFashion("test").labels()["item"][:50]
    assert torch.equal(table.sum(1), items.bincount(minlength=10)) and table.trace() > 40


def test_networks_are_tested_once(small, monkeypatch):
    assert taught.main(["samples", "hundred", "both"]) == 0
    found = stored.read_tensors(taught.STORE)[1]["found"]
    assert set(found) == {"samples.0", "samples.1", "hundred.0", "hundred.1", "both.0"}
    assert all(sum(map(sum, entry["seen"])) == 50 for entry in found.values())
    monkeypatch.setattr(taught, "trained", lambda lesson, draw: pytest.fail("trained twice"))
    assert taught.main(["samples"]) == 0
    with pytest.raises(ValueError, match="did you mean 'thousand'"):
        taught.main(["thousands"])
    monkeypatch.setattr(more_chains, "codes", lambda: torch.zeros(1000, 256, dtype=torch.float16))
    taught.codes.cache_clear()
    heads = {kind: taught.belongs_to(kind) for kind in ("samples", "hundred")}
    assert stored.entry_of(taught.STORE, "samples.0", heads["samples"]) is None, "of other samples"
    assert stored.entry_of(taught.STORE, "hundred.0", heads["hundred"]) is not None


def test_more_chains_go_on_where_the_stored_ones_end(monkeypatch, tmp_path):
    monkeypatch.setattr(more_chains, "STORE", tmp_path / "more_chains.safetensors")
    monkeypatch.setattr(more_chains, "CHAINS", 2)
    monkeypatch.setattr(more_chains.protocol, "STEPS", 2)
    begun = []
    chain = more_chains.chain
    monkeypatch.setattr(
        more_chains, "chain", lambda h0, *rest, **named: begun.append((h0, named["seeds"])) or chain(h0, *rest, **named)
    )
    assert more_chains.main(["bag"]) == 0
    (h0, seeds), first = begun[0], bulk.SAMPLES_PROTOCOL["seeds_from"] + 8000
    assert seeds == [first + 100, first + 101], "the stored ones of the class end at 99"
    stored_h0, y, _ = bulk.starts("random", 100)
    assert not (h0[:, None] == stored_h0[y == 8]).all(2).any()
    assert stored.read_tensors(more_chains.STORE)[0]["bag"].shape == (2, 256)
    with pytest.raises(SystemExit, match="no more chains of t-shirt"):
        more_chains.codes()
    monkeypatch.setattr(more_chains, "ends", lambda item: torch.full((2, 256), float(item)))
    assert more_chains.main([]) == 0
    codes = more_chains.codes().view(10, 2, 256)
    assert all((codes[c] == c).all() != (ITEMS[c] == "bag") for c in range(10)), "the bags were there"
