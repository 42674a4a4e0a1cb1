"""A hundred labels: who sees which photographs and labels, what D learns from, and that all is chosen and stored once."""

import acgan_training
import few_labels
import few_ways
import pytest
import stored
import taught
import torch
from torch.nn import functional as F

from ppgn_lib.data.tinted_fashion import SIZE, TintedFashion
from ppgn_lib.metrics import protocol
from ppgn_lib.training.acgan import share_of_old
from ppgn_lib.training.settings import AcganSettings


@pytest.fixture(autouse=True)
def small(monkeypatch, tmp_path):
    """Two draws of twenty labelled photographs, sixty without labels, tiny networks, two steps."""
    monkeypatch.setattr(few_labels, "STORE", tmp_path / "few_labels.safetensors")
    monkeypatch.setattr(few_labels, "DRAWS", 2)
    monkeypatch.setattr(few_labels, "VALIDATED", 40)
    tiny = {"width": 4, "d_width": 2, "batch": 6, "steps": 2}
    sizes = {"UNLABELLED": 60, "LABELLED": 5, "LOOKS": 60, "TINTS": 3, "COMPONENTS": 8}
    for name, value in {**sizes, "EVERY": 1, "CURVE": 20, "DRAWN": 1}.items():
        monkeypatch.setattr(few_ways, name, value)
    monkeypatch.setattr(few_ways, "SETTINGS", {**few_ways.SETTINGS, **tiny})
    monkeypatch.setattr(taught, "FEW", 2)
    monkeypatch.setattr(taught, "TESTED", 40)
    monkeypatch.setattr(acgan_training.precision, "pays", lambda: False)
    few_ways.axes_of_all.cache_clear()
    yield
    few_ways.axes_of_all.cache_clear()


def players(asked=False):
    return few_ways.FewLabels(AcganSettings(width=4, d_width=2, noise=10, batch=6, seed=1, lr=1e-3, d_lr=1e-3), asked)


def photographs(numbers):
    batch = TintedFashion("train").batch(numbers)
    return batch.x, batch.labels["item"]


def altered(few, of_labels, of_pixels):
    """Training photographs of which all but the few have another item, or other pixels."""

    class Altered(TintedFashion):
        def labels(self, seed=0):
            found = super().labels(seed)
            other = ~torch.isin(torch.arange(len(self)), few)
            return {**found, "item": (found["item"] + 1 * (other & of_labels)) % 10}

        def batch(self, indices=None, seed=0, **more):
            found = super().batch(indices, seed, **more)
            if self.split != "train" or not of_pixels:
                return found
            known = torch.isin(torch.as_tensor(indices), few)
            return found._replace(x=torch.where(known[:, None, None, None], found.x, -found.x.flip(1)))

    return Altered


MAY_SEE = {
    "alone": (False, False),
    "own components": (False, False),
    "all components": (False, True),
    "source": (False, True),
    "source and asked": (False, True),
    "pseudo-labels": (False, True),
    "all labels": (True, True),
}


@pytest.mark.parametrize("kind", few_ways.KINDS)
def test_a_way_depends_on_the_labels_and_pixels_it_may_see_and_on_no_others(kind, monkeypatch):
    """By what it says of photographs in the end, statistics of BatchNorm and components included."""
    few, x = taught.photographs(0, taught.FEW), TintedFashion("validation").batch(range(6)).x
    called = torch.full((55_000,), few_ways.UNSURE, dtype=torch.uint8)
    called[:30] = torch.arange(30) % 10

    def says(of_labels, of_pixels):
        monkeypatch.setattr(few_ways, "TintedFashion", altered(few, of_labels, of_pixels))
        few_ways.axes_of_all.cache_clear()
        return few_ways.learned(kind, 0, 1e-3, called if kind == "pseudo-labels" else None).logits(x)

    plain = says(False, False)
    assert torch.equal(plain, says(False, False)), "a way is a function of its draw"
    depends = tuple(not torch.equal(plain, says(*of)) for of in ((True, False), (False, True)))
    assert depends == MAY_SEE[kind]


def d_after(of, asked, train):
    """Weights of D's two answers after a step of its own."""
    x, y = photographs(range(12))
    of.labelled = x[6:], y[6:]
    of.d.train()
    of._step_d(x[:6], torch.empty(0), -x[:6], asked, train)
    return [head.weight.detach().clone() for head in (of.nets["d"].source, of.nets["d"].class_of)]


def test_d_learns_the_class_asked_for_only_where_it_is_to():
    one, other = torch.arange(6), torch.arange(6) + 1
    for asked in (False, True):
        (source, item), (source_2, item_2) = (d_after(players(asked), y, True) for y in (one, other))
        assert torch.equal(source, source_2), "at the first step its weights come from the source alone"
        assert torch.equal(item, item_2) != asked
    x = TintedFashion("validation").batch(range(4)).x
    source, both = (few_ways.learned(kind, 0, 1e-3).logits(x) for kind in few_ways.ADVERSARIAL)
    assert not torch.equal(source, both), "as many steps from the same weights and pictures"


def test_a_d_that_rests_learns_the_labelled_photographs_and_nothing_else():
    """Its step is then the very step of a D alone on these."""
    before = [head.weight.detach().clone() for head in (players().nets["d"].source, players().nets["d"].class_of)]
    source, item = d_after(players(asked=True), torch.arange(6), False)
    assert torch.equal(source, before[0]) and not torch.equal(item, before[1])
    alone = players()
    alone.learn(*(of[6:] for of in photographs(range(12))))
    assert torch.equal(item, alone.nets["d"].class_of.weight)
    source_awake, _ = d_after(players(), torch.arange(6), True)
    assert not torch.equal(source_awake, before[0])


def test_what_is_tested_is_the_running_average_of_d_with_statistics_of_the_pictures_given():
    of, (x, y) = players(), photographs(range(12))
    of.labelled = x[:6], y[:6]
    wanted = None
    for t in range(3):
        with torch.random.fork_rng():
            torch.manual_seed(t)
            of.step(x[6:], torch.empty(0)) if t % 2 else of.learn(x[:6], y[:6])
        new = of.nets["d"].class_of.weight.detach().clone()
        wanted = new if wanted is None else wanted + (new - wanted) * (1 - share_of_old(t, of.settings.ema))
    net = few_ways.finished(of, x[:6])
    assert torch.allclose(net.class_of.weight, wanted, atol=1e-7) and not torch.allclose(wanted, new, atol=1e-5)
    first, convolution = next(
        (m, net.look[i - 1]) for i, m in enumerate(net.look) if isinstance(m, torch.nn.BatchNorm2d)
    )
    seen = convolution(F.leaky_relu(net.look[0](x[:6]), 0.2))
    assert not net.training and torch.allclose(first.running_mean, seen.mean((0, 2, 3)), atol=1e-6)
    assert of.average_d.module.training, "the training goes on as if nobody had looked"


class Recorder(few_ways.FewLabels):
    """Keeps what it is given."""

    def __init__(self):
        self.settings, self.alone, self.beside = AcganSettings(batch=6, seed=0), [], []

    def learn(self, x, y):
        self.alone.append((x, y))
        return {}

    def step(self, x, y):
        self.beside.append((x, y, *self.labelled))
        return {}


def told(kind, called=None, steps=4):
    recorder = Recorder()
    step = few_ways.stepper(kind, recorder, taught.photographs(0, taught.FEW), called)
    for t in range(steps):
        with torch.random.fork_rng():
            torch.manual_seed(t)
            step(t)
    return recorder


def test_all_ways_take_the_same_labelled_pictures_in_the_same_steps():
    called = torch.full((55_000,), few_ways.UNSURE, dtype=torch.uint8)
    called[[3, 5]] = torch.tensor([7, 9], dtype=torch.uint8)
    alone, source, pseudo = told("alone").alone, told("source").beside, told("pseudo-labels", called).alone
    for (x, y), (more, none, labelled_x, labelled_y), (x_2, y_2) in zip(alone, source, pseudo, strict=True):
        assert torch.equal(x, labelled_x) and torch.equal(y, labelled_y) and not len(none)
        assert x.shape == (5, 3, SIZE, SIZE) and len(more) == 6
        assert torch.equal(x, x_2[:5]) and torch.equal(y, y_2[:5]) and sorted(y_2[5:].tolist()) == [7, 9]
    assert torch.cat([y for _, y in alone]).bincount().tolist() == [2] * 10, "twenty photographs in four steps of five"
    nobody = told("pseudo-labels", torch.full((55_000,), few_ways.UNSURE, dtype=torch.uint8)).alone
    assert all(torch.equal(y, y_2) for (_, y), (_, y_2) in zip(alone, nobody, strict=True))


def test_a_name_counts_if_it_is_sure_and_the_same_in_all_tints(monkeypatch):
    """Logits are planted: photograph 0 is sure, 1 not in the second tint, 2 changes its name, 3 is one of the few."""

    class Planted:
        def __init__(self, split):
            assert split == "train"

        def __len__(self):
            return 4

        def batch(self, numbers, seed):
            return torch.stack([numbers, torch.full_like(numbers, seed)], 1)

    def logits(x):
        item = torch.where((x[:, 0] == 2) & (x[:, 1] == 2), 5, x[:, 0])
        size = torch.where((x[:, 0] == 1) & (x[:, 1] == 1), 5.0, 5.3)  # e^5 / (e^5 + 9) = 0.943, and 0.957
        return F.one_hot(item, 10) * size[:, None]

    batch = Planted.batch
    monkeypatch.setattr(Planted, "batch", lambda *given: protocol.Real(batch(*given), None, None))
    monkeypatch.setattr(few_ways, "TintedFashion", Planted)
    monkeypatch.setattr(few_ways, "UNLABELLED", 4)
    unsure = few_ways.UNSURE
    assert few_ways.sure_of(logits, torch.tensor([3])).tolist() == [0, unsure, unsure, unsure]
    monkeypatch.setattr(few_ways, "SURE_TINTS", 1)
    assert few_ways.sure_of(logits, torch.tensor([3])).tolist() == [0, 1, 2, unsure], "in the first tint all are sure"


def test_looking_at_validation_photographs_on_the_way_changes_nothing(monkeypatch):
    x = TintedFashion("validation").batch(range(4)).x
    often = few_ways.learned("source", 0, 1e-3)
    monkeypatch.setattr(few_ways, "EVERY", 5)
    seldom = few_ways.learned("source", 0, 1e-3)
    assert [[t for t, _ in of.found["curve"]] for of in (often, seldom)] == [[1, 2], [2]]
    assert torch.equal(often.logits(x), seldom.logits(x))


def test_a_rate_is_chosen_on_validation_by_a_draw_that_is_not_reported(monkeypatch):
    """The best one, though another has diverged; what learns there cannot open the test photographs."""
    seen, validation = [], {5e-4: 0.5, 2e-3: 0.6}

    def learned(kind, draw, setting, called=None):
        seen.append((draw, setting))
        with pytest.raises(PermissionError, match="test split"):
            TintedFashion("test").batch([0])
        if setting not in validation:
            raise FloatingPointError("diverged")
        return few_ways.Learned(lambda x: setting, {}, {})

    monkeypatch.setattr(few_ways, "learned", learned)
    monkeypatch.setattr(few_labels, "seen", lambda logits, split, count: [[validation[logits(None)]], [0.4]])
    monkeypatch.setattr(few_labels, "right", lambda table: table[0][0])
    assert few_labels.chosen("source") == 2e-3
    assert seen == [(few_labels.SPARE, rate) for rate in few_labels.RATES]
    monkeypatch.undo()  # the real numbers of draws and photographs
    spare = set(taught.photographs(few_labels.SPARE, taught.MANY).tolist())
    for draw in range(few_labels.DRAWS):
        assert spare.isdisjoint(taught.photographs(draw, taught.MANY).tolist())


def test_all_is_trained_and_tested_once(monkeypatch):
    assert few_labels.main([]) == 0
    found = stored.read_tensors(few_labels.STORE)[1]["found"]
    reported = {f"{kind}.{draw}" for kind in few_ways.KINDS for draw in range(2)}
    assert reported < set(found) and len(found) == len(reported) + 3 * len(few_ways.KINDS)
    for key, entry in found.items():
        assert ("seen" in entry) == (key in reported) and 0 <= entry["validation"] <= 1
        assert ("of_g" in entry) == key.startswith("source") and ("sure" in entry) == key.startswith("alone")
        if key in reported:
            assert sum(map(sum, entry["seen"])) == 40
            spare = {e["setting"]: e["validation"] for k, e in found.items() if k.startswith(key[:-1] + "spare")}
            assert len(spare) == 3 and spare[entry["setting"]] == max(spare.values())
    for kind in few_ways.RIDGES:
        by_both = sum(few_ways.right(found[f"{kind}.{draw}"]["seen"]) for draw in range(2)) / 2
        assert by_both > 0.24, "of 80 photographs a tenth by chance, give or take 0.034: four of these more"
    monkeypatch.setattr(few_ways, "learned", lambda *_: pytest.fail("trained twice"))
    assert few_labels.main(["pseudo-labels", "all components"]) == 0
    with pytest.raises(ValueError, match="unknown key 'gan'"):
        few_labels.main(["gan"])
