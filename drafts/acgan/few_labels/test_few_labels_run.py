"""A hundred labels: who sees which photographs and labels, and that all is stored once."""

import acgan_training
import few_labels
import pytest
import stored
import taught
import torch

from ppgn_lib.data.tinted_fashion import SIZE, TintedFashion
from ppgn_lib.training.settings import AcganSettings


@pytest.fixture
def small(monkeypatch, tmp_path):
    """Two draws of twenty labelled photographs, tiny networks, two steps."""
    monkeypatch.setattr(few_labels, "STORE", tmp_path / "few_labels.safetensors")
    monkeypatch.setattr(few_labels, "DRAWS", 2)
    few = {"width": 4, "d_width": 2, "batch": 6, "steps": 2}
    monkeypatch.setattr(few_labels, "SETTINGS", {**few_labels.SETTINGS, **few})
    monkeypatch.setattr(few_labels, "LABELLED", 5)
    monkeypatch.setattr(few_labels, "COMPONENTS", 4)
    monkeypatch.setattr(taught, "FEW", 2)
    monkeypatch.setattr(taught, "TESTED", 40)
    monkeypatch.setattr(acgan_training.precision, "pays", lambda: False)


def players(**settings):
    of = AcganSettings(width=4, d_width=2, noise=10, batch=6, **settings)
    return few_labels.FewLabels(of, 10, SIZE, few_labels.fabric())


def test_the_labels_of_all_the_other_photographs_change_nothing(small):
    """Whatever they are called, D and G learn the same; with other labels of the few they do not."""
    batch = TintedFashion("train").batch(range(12))
    x, y, few = batch.x[:6], batch.labels["item"][:6], (batch.x[6:], batch.labels["item"][6:])
    weights = []
    for called, labelled in ((y, few), ((y + 3) % 10, few), (y, (few[0], (few[1] + 3) % 10))):
        of = players(seed=1)
        of.labelled = labelled
        with torch.random.fork_rng():
            torch.manual_seed(0)
            losses = of.step(x, called)
        assert set(losses) == {"d", "d_class", "g", "g_class"}
        weights.append(of.nets["d"].class_of.weight.detach().clone())
    assert torch.equal(weights[0], weights[1]) and not torch.equal(weights[0], weights[2])


class Recorder(few_labels.FewLabels):
    """Keeps what it is given."""

    def __init__(self):
        self.settings, self.alone, self.beside = AcganSettings(batch=6, seed=0), [], []

    def learn(self, x, y):
        self.alone.append((x, y))
        return {}

    def step(self, x, y):
        self.beside.append((x, self.labelled))
        return {}


def test_each_way_sees_the_photographs_that_are_its_own(small):
    few, labels = taught.photographs(0, taught.FEW), TintedFashion("train").labels()["item"]
    alone, adversarial, every = Recorder(), Recorder(), Recorder()
    for kind, recorder in (("alone", alone), ("adversarial", adversarial), ("all labels", every)):
        step = few_labels.stepper(kind, recorder, few)
        for t in range(4):
            step(t)
    assert [y.tolist() for _, y in alone.alone] == [of[1][1].tolist() for of in adversarial.beside]
    for x, y in alone.alone:
        assert x.shape == (5, 3, SIZE, SIZE) and set(y.tolist()) <= set(labels[few].tolist())
    assert len(torch.cat([y for _, y in alone.alone]).unique()) == 10, "twenty photographs in four steps of five: all"
    assert not alone.beside and not adversarial.alone
    assert {len(x) for x, _ in adversarial.beside} == {len(x) for x, _ in every.alone} == {6}


def test_all_is_trained_and_tested_once(small, monkeypatch):
    assert few_labels.main([]) == 0
    found = stored.read_tensors(few_labels.STORE)[1]["found"]
    assert set(found) == {f"{kind}.{draw}" for kind in few_labels.KINDS for draw in range(2)}
    for entry in found.values():
        table = torch.tensor(entry["seen"])
        assert table.shape == (10, 10) and table.sum() == 40
    right = [torch.tensor(found[f"components.{draw}"]["seen"]).diagonal().sum() / 40 for draw in range(2)]
    assert min(right) > 0.2, "by chance it is a tenth"
    for name in ("trained", "by_components"):
        monkeypatch.setattr(few_labels, name, lambda *_: pytest.fail("trained twice"))
    assert few_labels.main(["adversarial", "components"]) == 0
    with pytest.raises(ValueError, match="unknown key 'gan'"):
        few_labels.main(["gan"])
