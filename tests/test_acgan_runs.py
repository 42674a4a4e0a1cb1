"""The runs of AC-GAN: trainings, judges, and what the claims read."""

import json
from pathlib import Path

import acgan_cases
import acgan_columns
import acgan_copies
import acgan_judges
import acgan_looks
import acgan_measures
import acgan_nets
import acgan_numbers
import acgan_readers
import acgan_splits
import acgan_stored
import acgan_table
import acgan_training
import numpy as np
import pytest
import stored
import torch
import trials
import yaml
from acgan_cases import Case
from scipy import stats

from ppgn_lib import metrics
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.metrics import mean_of_pairs, normalised_luminance, pair_diversity, pair_variety, protocol
from ppgn_lib.networks.zoo import load
from ppgn_lib.networks.zoo import load_file as network
from ppgn_lib.training.acgan import share_of_old

TINY = {
    "large": acgan_training.Form(4, 2, 32),
    "small": acgan_training.Form(2, 2, 32),
    "half": acgan_training.Form(4, 2, 16),
}
ALL = tuple(range(10))


def of(name="one", items=ALL, form="small", states=(2, 4), **more):
    return acgan_training.Net(name, form, items, **{"lr": 2e-3, "d_lr": 2e-3, "seed": 3, **more}, states=states)


def clothes(count=12, seed=0, split="validation"):
    return TintedFashion(split).batch(range(count), seed=seed).x


@pytest.fixture
def tiny(monkeypatch, tmp_path):
    """Nets of few channels, few pictures, the evaluator in place of EfficientNet."""
    monkeypatch.setattr(acgan_training, "WORK", tmp_path)
    monkeypatch.setattr(acgan_training, "BATCH", 6)
    monkeypatch.setattr(acgan_training.precision, "pays", lambda: False)
    for module in (acgan_training, acgan_nets, acgan_judges):
        monkeypatch.setattr(module, "FORMS", TINY)
    by_evaluator = metrics.judge_with(load("evaluator"), "item")
    monkeypatch.setattr(acgan_readers, "_imagenet", lambda: by_evaluator)
    for module, sizes in {
        acgan_readers: {"TAUGHT": 12, "COMPARED": 6, "LINE": (6, 14), "ALL": 12},
        acgan_judges: {"COMPARED": 6, "LINE": (6, 14), "ALL": 12, "MOST": 8},
        acgan_columns: {"COMPARED": 6, "HELD_OUT": 6, "EPOCHS": 1},
        acgan_measures: {"SIZES": (32, 8)},
        acgan_looks: {"LINE": (6, 14), "WAYS": 20, "NOISES": 5, "STEPS": 4},
        acgan_table: {"COLUMN": 6, "PHOTOGRAPHS": {"photographs": 6, "other_photographs": 12}},
    }.items():
        for name, value in sizes.items():
            monkeypatch.setattr(module, name, value)
    caches = [
        *(acgan_readers.photographs, acgan_readers.features_of, acgan_readers.reader, acgan_readers.between_classes),
        *(acgan_readers.seen_photographs, acgan_looks.ends_of_photographs, acgan_nets.nets),
        *(acgan_columns.held_distance, acgan_columns.trained),
    ]
    for cache in caches:
        cache.cache_clear()
    yield tmp_path
    for cache in caches:
        cache.cache_clear()


# ---------------------------------------------------------------------------------------------- variety


def test_a_collapsed_set_and_one_outline_bright_and_dark_have_no_variety():
    x = clothes(2)[:1]
    same, y = x.expand(6, -1, -1, -1), torch.zeros(6, dtype=torch.long)
    assert pair_variety(same, y)[0].tolist() == [0, 0, 0]
    turned = torch.cat([x, -x, x, -x, x, -x])  # a negative has the negative luminance
    order = torch.randperm(6, generator=torch.Generator().manual_seed(0))
    unlike = (order[:3] % 2 != order[3:] % 2).tolist()
    assert any(unlike)
    assert (pair_diversity(normalised_luminance(turned), y)[0] > 0.5).tolist() == unlike
    torch.testing.assert_close(pair_variety(turned, y)[0], torch.zeros(3, dtype=torch.double), atol=1e-6, rtol=0)


def test_variety_is_that_of_the_same_pairs_where_brightness_does_not_matter():
    x, labels = TintedFashion("validation").batch(range(250))
    y = labels["item"]
    turned, plain = pair_variety(x, y), pair_diversity(normalised_luminance(x), y)
    for c in ALL:
        assert len(turned[c]) == (y == c).sum() // 2 and (turned[c] <= plain[c] + 1e-12).all()
        assert (turned[c] == plain[c]).any()
    assert any((turned[c] < plain[c] - 0.01).any() for c in ALL)


def test_a_mean_of_pairs_counts_a_class_without_pairs_as_nothing():
    pairs = {0: torch.tensor([0.2, 0.4]), 1: torch.tensor([0.6])}
    assert mean_of_pairs(pairs, range(3)).value == pytest.approx((0.3 + 0.6 + 0) / 3)
    assert mean_of_pairs({0: torch.zeros(3)}, [0]).high > 0.1 and mean_of_pairs({}, [0])[:3] == (0, 0, 1)


# ---------------------------------------------------------------------------------------------- trainings


def test_the_average_forgets_its_start_and_keeps_counts_whole(tiny):
    assert share_of_old(0, 0.999) == 0.1 and share_of_old(10**6, 0.999) == 0.999
    players = acgan_training.Players(acgan_training.settings_of(of()), 10, 32, acgan_training.fabric())
    step, expected = acgan_training.stepper(of(), players), None
    for t in range(4):
        step(t)
        now = players.nets["g"].first.weight.detach()
        share = (1 + t) / (10 + t) if t else 0
        expected = now.clone() if expected is None else share * expected + (1 - share) * now
    averaged = players.average.module
    torch.testing.assert_close(averaged.first.weight, expected)
    assert not torch.equal(averaged.first.weight, now)
    assert averaged.up[1].num_batches_tracked == players.nets["g"].up[1].num_batches_tracked


def test_a_state_on_the_way_is_a_shorter_training_and_a_killed_one_goes_on(tiny, monkeypatch):
    acgan_training.train(of("long"))
    acgan_training.train(of("short", states=(2,)))
    for player in "gd":
        paths = [tiny / name / f"{player}_2.safetensors" for name in ("long", "short")]
        assert paths[0].read_bytes() == paths[1].read_bytes()
    fit, killed = acgan_training.fit, []

    def until(run, step, objects):
        def dies(t):
            if t == 3 and not killed:
                killed.append(t)
                raise KeyboardInterrupt
            return step(t)

        settings = run.settings.changed(save_every=3)
        return fit(type(run)(run.name, settings, run.folder, run.fabric, run.source), dies, objects)

    monkeypatch.setattr(acgan_training, "fit", until)
    with pytest.raises(KeyboardInterrupt):
        acgan_training.train(of("killed"))
    with pytest.raises(SystemExit, match=r"killed is not trained yet"):
        acgan_training.generator(of("killed"), 2)
    acgan_training.train(of("killed"))
    ends = [(tiny / name / "g_4.safetensors").read_bytes() for name in ("long", "killed")]
    assert ends[0] == ends[1] and not list(tiny.glob("*/*.ckpt"))
    monkeypatch.setattr(acgan_training, "fit", lambda *_: pytest.fail("trained twice"))
    assert len(acgan_training.train(of("long"))["log"]) == 1
    with pytest.raises(SystemExit, match="has another training: remove it"):
        acgan_training.train(of("long", lr=1e-3))
    with pytest.raises(ValueError, match=r"after \(2, 4\) steps; got 3"):
        acgan_training.generator(of("long"), 3)


def test_a_training_that_diverges_says_so_and_leaves_no_state(tiny, monkeypatch):
    monkeypatch.setattr(acgan_training.Players, "step", lambda *_: {"g": float("nan")})
    assert "step 0: a loss is not finite" in acgan_training.train(of())["diverged"]
    with pytest.raises(FloatingPointError, match="one: step 0"):
        acgan_training.generator(of(), 2)


class Recorder:
    """In the players' place."""

    def __init__(self, net):
        self.settings, self.seen = acgan_training.settings_of(net), []

    def step(self, x, y):
        self.seen.append((x, y))
        return {}


@pytest.mark.parametrize("items", [(4,), (1, 8), ALL])
def test_a_net_sees_its_items_by_its_own_numbers(tiny, items):
    net = of(items=items)
    players = Recorder(net)
    step = acgan_training.stepper(net, players)
    for t in range(3):
        step(t)
    x, y = torch.cat([x for x, _ in players.seen]), torch.cat([y for _, y in players.seen])
    assert set(y.tolist()) <= set(range(len(items))) and x.shape == (18, 3, 32, 32)
    named = acgan_readers.by_evaluator(x).argmax(1)
    assert (named == torch.tensor(items)[y]).double().mean() > 0.7


def test_a_net_of_one_class_has_no_labels_and_is_drawn_for_its_item(tiny):
    net = of(items=(4,))
    log = acgan_training.train(net)["log"]
    assert log[-1]["d_class"] == log[-1]["g_class"] == 0
    x, y = acgan_training.pictures(net, 4, 3)
    assert y.tolist() == [4] * 3 and x.shape == (3, 3, 32, 32)
    assert torch.equal(acgan_training.pictures(net, 4, 3)[0], x)
    draws = [acgan_training.noise(2, 5, "pictures", name, 4) for name in ("one", "two")]
    assert not torch.equal(*draws) and not torch.equal(*draws[0])
    two = of("two", (1, 8))
    acgan_training.train(two)
    assert acgan_training.pictures(two, 4, 2)[1].tolist() == [1, 1, 8, 8]


def test_half_nets_see_small_photographs_and_draw_small_pictures_that_are_enlarged(tiny):
    net = of(form="half")
    players = Recorder(net)
    acgan_training.stepper(net, players)(0)
    assert players.seen[0][0].shape == (6, 3, 16, 16)
    acgan_training.train(net)
    g = acgan_training.generator(net, 4)
    z = acgan_training.noise(2, g.noise, "a")
    small = g(z, torch.tensor([0, 1]))
    whole = acgan_training.drawn(g, z, torch.tensor([0, 1]))
    assert small.shape == (2, 3, 16, 16) and whole.shape == (2, 3, 32, 32)
    torch.testing.assert_close(whole, acgan_training.enlarged(small))
    x = clothes(2)
    assert acgan_training.shrunk(x, 32) is x and acgan_training.enlarged(x) is x
    assert network(tiny / "one/d_4.safetensors").size == 16


# ---------------------------------------------------------------------------------------------- the table of nets


def test_all_pairings_cover_all_items_once(monkeypatch):
    every = list(acgan_nets.pairings(ALL))
    assert len(every) == len({frozenset(of) for of in every}) == 945
    assert all(sorted(item for pair in of for item in pair) == list(ALL) for of in every)
    with pytest.raises(ValueError, match="even number"):
        list(acgan_nets.pairings((1, 2, 3)))
    place = torch.tensor([0, 10, 20, 30, 40, 1, 11, 21, 31, 41.0])  # 0 and 5 are alike, 1 and 6, ...
    monkeypatch.setattr(acgan_readers, "between_classes", lambda: (place[:, None] - place).abs())
    chosen = acgan_nets.pairings_chosen()
    assert set(chosen["alike"]) == {(i, i + 5) for i in range(5)}
    assert sum(abs(float(place[a] - place[b])) for a, b in chosen["diverse"]) == max(
        sum(abs(float(place[a] - place[b])) for a, b in of) for of in every
    )
    assert acgan_nets.items_of("K2") == [*chosen["alike"], *chosen["diverse"]]


def test_the_number_of_steps_is_the_one_that_the_selector_takes(monkeypatch, tmp_path):
    """Of states after half of whose steps there is one too; means over the nets; not one at which a net diverged."""
    monkeypatch.setattr(acgan_training, "WORK", tmp_path)
    monkeypatch.setattr(acgan_nets, "nets", lambda group: [of(f"{group}.{i}") for i in range(2)])
    group = acgan_nets.GROUPS["A"]._replace(states=(1, 2, 3, 4, 6, 8))
    monkeypatch.setitem(acgan_nets.GROUPS, "A", group)
    kids = {2: (9.0, 9.0), 4: (6.0, 2.0), 6: (3.0, 7.0), 8: (1.0, None)}
    asked = []

    def by_selector(states, _):
        asked.append(states[0][1])
        points = [{"accuracy": 0.9, "kid": k} if k else {"diverged": True} for k in kids[states[0][1]]]
        return points, 0.9

    monkeypatch.setattr(acgan_nets, "by_selector", by_selector)
    assert acgan_nets.end_of("A") == 4 and asked == [2, 4, 6, 8]
    assert acgan_nets.end_of("A") == 4 and len(asked) == 4, "looked at once"
    assert acgan_nets.end_of("K2") == 1800, "the others end with their last state"


def test_learning_rates_are_those_that_the_selector_takes(monkeypatch):
    assert len(set(acgan_nets.RATES)) == 12
    points = [{"setting": list(rate), "accuracy": 0.9, "kid": abs(i - 4.1)} for i, rate in enumerate(acgan_nets.RATES)]
    points[4] = {"setting": list(acgan_nets.RATES[4]), "diverged": True}
    monkeypatch.setattr(acgan_nets, "tried", lambda form: {"points": points, "real": 0.9})
    best, second = acgan_nets.RATES[5], acgan_nets.RATES[3]
    assert set(acgan_nets.rates_of("S2")) < set(acgan_nets.RATES)
    assert acgan_nets.rates_of("S3") == acgan_nets.rates_of("S2")
    assert acgan_nets.rates_of("L") == [best] * 4
    assert acgan_nets.rates_of("K1") == [best] * 10 + [second] * 10
    assert acgan_nets.rates_of("X") == [(1e-3, 1e-2)]
    acgan_nets.nets.cache_clear()
    rests = {
        group: {acgan_training.settings_of(net).pause_d_below > 0 for net in acgan_nets.nets(group)} for group in "XL"
    }
    assert rests == {"X": {False}, "L": {True}}, "where a collapse is provoked D never rests"
    acgan_nets.nets.cache_clear()
    assert acgan_nets.items_of("K1") == [(i,) for i in ALL] * 2
    five = acgan_nets.items_of("K5")
    assert sorted(five[0] + five[1]) == list(ALL)
    seeds = {group: of.seeds for group, of in acgan_nets.GROUPS.items()}
    assert len(seeds["K2"]) == 10 and len(seeds["K1"]) == 20 and len(seeds["S"]) == len(acgan_nets.RATES)


def test_timing_counts_every_net(tiny):
    rows = dict(row.split(maxsplit=1) for row in acgan_nets.timing(1).splitlines() if "core-hours" in row)
    hours = {name: float(text.split()[0]) for name, text in rows.items()}
    assert set(hours) == {*acgan_nets.GROUPS, "all"}
    assert hours["A"] > 0 and hours["all"] == pytest.approx(sum(h for n, h in hours.items() if n != "all"), abs=0.1)


# ---------------------------------------------------------------------------------------------- judges


def test_the_reader_of_shrunk_pictures_is_another_one(tiny):
    whole, half = acgan_readers.reader(32), acgan_readers.reader(16)
    assert not torch.equal(whole.weights, half.weights)
    x, y = acgan_readers.photographs("test", 0, 6)
    assert acgan_readers.seen(x, 32).right(y)[:, 1].mean() > 0.5
    blurred = acgan_readers.resized(x, 16)
    assert not torch.equal(blurred, x) and blurred.shape == x.shape
    torch.testing.assert_close(acgan_readers.seen(x, 16).features, acgan_readers.features(x))  # taken as they are
    of = acgan_readers.seen(blurred, 16)
    torch.testing.assert_close(of.reader, half.logits(acgan_readers.features(blurred)))
    torch.testing.assert_close(of.reader, acgan_readers.seen_photographs(0, 6, 16).reader)
    path = tiny / "photographs/test_0_6_16.safetensors"
    assert path.exists(), "the second time it comes from the disk"
    acgan_readers.features_of.cache_clear()
    torch.testing.assert_close(acgan_readers.features_of("test", 0, 6, 16), of.features)


def test_a_reader_is_ridge_regression_and_its_probabilities_fit():
    draw = torch.Generator().manual_seed(0)
    y = torch.arange(400) % 10
    x = torch.nn.functional.one_hot(y, 10).float() + 0.6 * torch.randn(400, 10, generator=draw)
    found = acgan_readers.fitted(x[:200], y[:200], x[200:], y[200:])
    a = x[:200].double()
    a = a - a.mean(0)
    ridge = found.penalty * torch.linalg.eigvalsh(a.T @ a).mean()
    targets = torch.nn.functional.one_hot(y[:200], 10).double()
    expected = torch.linalg.solve(a.T @ a + ridge * torch.eye(10), a.T @ targets)
    torch.testing.assert_close(found.weights, expected)
    losses = [
        float(torch.nn.functional.cross_entropy(found.values(x[200:]) / (found.temperature * by), y[200:]))
        for by in (0.8, 1.0, 1.25)
    ]
    assert losses[1] == min(losses)


def test_scores_are_those_of_the_library_and_right_is_of_each_judge():
    logits = torch.randn(30, 10, generator=torch.Generator().manual_seed(0))
    assert acgan_readers.score_of(logits) == pytest.approx(metrics.score(logits).value)
    y = logits.argmax(1)
    of = acgan_readers.Seen(logits, logits, -logits)
    assert of.right(y).mean(0).tolist() == [1, 0]
    assert acgan_readers.shares(of.right(y), y, [int(y[0])]) == [[1.0, 0.0]]


# ---------------------------------------------------------------------------------------------- copies, ways, style


def some(split="train", count=30, first=0):
    data = TintedFashion(split)
    index = torch.arange(first, first + count)
    return acgan_copies.Class(
        acgan_copies.bright_and_dark(data, index), (torch.arange(count) >= count // 2).long(), index
    )


def test_each_photograph_stands_there_brighter_and_darker_than_its_wall():
    data, index = TintedFashion("train"), torch.arange(20)
    marks, item = acgan_copies.bright_and_dark(data, index), data.silhouettes(index).flatten(1)
    by = torch.stack([(grey * item).sum(1) / item.sum(1) - (grey * ~item).sum(1) / (~item).sum(1) for grey in marks])
    assert (by[1] < 0).all() and (by[0] > 0).double().mean() > 0.4 and (by[0] > by[1]).all()


def test_a_copied_training_image_is_found_mirrored_or_not_and_mostly_in_other_tints():
    of, data = some(), TintedFashion("train")
    drawn = of.marks[:, [3, 7, 20]].unflatten(2, (1, 32, 32)).expand(-1, -1, 3, -1, -1)
    for x in drawn:
        assert acgan_copies.nearest(x, of).tolist() == acgan_copies.nearest(x.flip(-1), of).tolist() == [3, 7, 20]
    found = acgan_copies.copies(drawn[0], torch.zeros(3), of, 0)
    assert found["trained"] == pytest.approx(2 / 3) and found["chance"] == 0.5
    assert found["first"] == [["train", 3], ["train", 7], ["validation", 20]]
    again = acgan_copies.copies(data.batch(torch.tensor([5, 3]), seed=1).x, torch.zeros(2), of, 0)
    assert again["first_rgb"] == [5, 3], "in the colours of the first epoch, among those trained with"
    own = torch.arange(30)
    x = data.batch(own, seed=99).x
    assert (acgan_copies.nearest(x, of) == own).double().mean() > 0.3, "by chance it would be one in thirty"
    assert not (acgan_copies.nearest(x, of, own) == own).any()


def test_a_photograph_is_taken_ten_times_at_most():
    of = some()
    found = acgan_copies.nearest(of.marks[0, [3] * 25].unflatten(1, (1, 32, 32)).expand(-1, 3, -1, -1), of)
    assert found[:10].tolist() == [3] * 10
    assert sorted(found.bincount().tolist())[-3:] == [5, 10, 10]


def test_marks_of_photographs_are_those_of_copies_and_of_others(monkeypatch):
    monkeypatch.setattr(acgan_copies, "MARKED", 20)
    train, other = (TintedFashion(split).labels()["item"] == 8 for split in ("train", "validation"))
    numbers = [where.nonzero()[:60, 0] for where in (train, other)]
    marks = [
        acgan_copies.bright_and_dark(TintedFashion(split), number)
        for split, number in zip(("train", "validation"), numbers, strict=True)
    ]
    of = acgan_copies.Class(torch.cat(marks, 1), (torch.arange(120) >= 60).long(), torch.cat(numbers))
    found = acgan_copies.copies_of_photographs(of, 8)
    assert found["chance"] == 0.5 and found["itself"] > 0.2 and found["train"] > found["validation"]


def test_copied_share_is_nothing_by_chance_and_one_if_always():
    assert acgan_copies.copied_share([0.8, 0.7], [0.8, 0.7]) == 0
    assert acgan_copies.copied_share([1.0, 1.0], [0.8, 0.7]) == pytest.approx(1)
    assert acgan_copies.copied_share([0.9, 0.7], [0.8, 0.7]) == pytest.approx(0.1 / 0.5)


def test_ways_lie_on_the_sphere_and_a_jump_is_seen():
    a, b = (torch.nn.functional.normalize(torch.randn(4, 9), dim=1) for _ in range(2))
    way = acgan_looks.on_sphere(a, b, 8)
    torch.testing.assert_close(way[0], a)
    torch.testing.assert_close(way[-1], b)
    torch.testing.assert_close(way.norm(dim=-1), torch.ones(9, 4))
    steps = (way[1:] - way[:-1]).norm(dim=-1)
    torch.testing.assert_close(steps, steps[:1].expand(8, -1))
    even = torch.linspace(0, 1, 9)[:, None, None, None, None].expand(-1, 2, 3, 4, 4)
    jumping = torch.stack([even[:, 0], (even[:, 1] > 0.55).float()], 1)
    own = torch.tensor([0, 0])
    found, longest = acgan_looks.jumps(jumping, own)
    assert found["jump"] == [False, True] and found["jumps"] == 0.5 and found["ends"] == [1.0]
    assert longest.tolist() == pytest.approx([0.125, 1])
    still, _ = acgan_looks.jumps(torch.zeros(9, 2, 3, 4, 4), own)
    assert still["jumps"] == 0 and still["ends"] == [0.0]


def test_agreement_and_its_chance_are_counted_over_pairs_of_classes():
    heeded = torch.tensor([[0, 0, 0], [1, 1, 1], [2, 2, 2], [3, 3, 3]])
    assert acgan_looks.agreement(heeded) == (1.0, 0.0)
    assert acgan_looks.agreement(torch.zeros(4, 3, dtype=torch.long)) == (1.0, 1.0)
    labels = torch.randint(3, (6, 3), generator=torch.Generator().manual_seed(0)).tolist()
    pairs = [(0, 1), (0, 2), (1, 2)]
    same = [row[a] == row[b] for row in labels for a, b in pairs]
    different = [labels[i][a] == labels[j][b] for i in range(6) for j in range(6) if i != j for a, b in pairs]
    assert acgan_looks.agreement(torch.tensor(labels)) == pytest.approx((np.mean(same), np.mean(different)))
    assert acgan_looks.above_chance(0.6, 0.2) == pytest.approx(0.5) and acgan_looks.above_chance(1.0, 1.0) == 0


def test_light_and_outlines_are_those_of_the_noise():
    side = torch.linspace(-1, 1, 32)
    slopes = torch.linspace(-1, 1, 6)[:, None, None, None, None]
    lit = (slopes * (side[None, :] + side[:, None])).expand(6, 2, 3, 32, 32)
    assert acgan_looks.light(lit) == pytest.approx(1)
    assert acgan_looks.light(torch.stack([lit[:, 0], -lit[:, 1]], 1)) == pytest.approx(-1)
    assert acgan_looks.light(torch.zeros(6, 2, 3, 32, 32)) is None
    x = clothes(6)[:, None].repeat(1, 2, 1, 1, 1)
    x[:, 1] *= -1
    found = acgan_looks.outlines(x, ["sneaker", "sandal"])
    assert found["same"] == pytest.approx(0, abs=1e-5) and found["different"] > 0.05
    assert acgan_looks.outlines(x, ["sneaker", "bag"]) == {}


# ---------------------------------------------------------------------------------------------- intervals, cases


def test_intervals_are_those_of_the_textbooks():
    a, b = [1.0, 2.0, 4.0, 4.5], [0.5, 1.0, 1.2, 2.0, 3.0]
    found, theirs = acgan_stored.groups(a, b), stats.ttest_ind(a, b).confidence_interval()
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high))
    r = acgan_stored.rank_correlation([1, 2, 3, 3, 5], [2, 1, 4, 3, 3])
    assert r == pytest.approx(stats.spearmanr([1, 2, 3, 3, 5], [2, 1, 4, 3, 3]).statistic)
    assert acgan_stored.rank_correlation([1, 1, 1], [1, 2, 3]) == 0
    x = [1.0, 2.0, 3.0, 4.0, 5.5, 5.0, 8.0, 7.0, 9.0, 6.0]
    wanted = stats.pearsonr(x, range(10)).confidence_interval()
    by_fisher = acgan_stored.fisher(float(np.corrcoef(x, range(10))[0, 1]), 10)
    assert (by_fisher.low, by_fisher.high) == pytest.approx((wanted.low, wanted.high), abs=1e-4)  # 1.96
    assert acgan_stored.fisher(1.0, 10)[:3] == (1, 1, 1)
    assert acgan_stored.groups([1, 1], [0, 0])[:3] == (1, 1, 1), "without any spread the point"


def case(net, kind="k", item=0, recognised=1.0, variety=1.0, precision=0.5):
    return Case(net, kind, item, recognised, variety, precision)


def test_a_kind_counts_if_most_of_its_cases_are_recognised():
    good = [case("a", "good"), case("b", "good", recognised=0.2), case("c", "good")]
    bad = [case("d", "bad", recognised=0.2), case("e", "bad")]
    assert acgan_cases.counted([*good, *bad]) == good


def test_pairs_are_of_like_nets_and_little_variety_has_to_come_from_four():
    cases = [
        *(case("a", variety=0.5, precision=0.4), case("b", variety=0.7, precision=0.6)),
        *(case("a", item=1, variety=0.6), case("b", item=1, variety=0.7)),
        case("c", "other", variety=0.1),
    ]
    (pair,) = acgan_cases.like_pairs(cases)
    assert pair == (("a", "b"), 1.0)
    assert acgan_cases.share_better([pair])({"a": 2, "b": 0}) is None, "a net makes no pair with itself"
    assert acgan_cases.like_pairs([case("a", variety=0.5), case("b", variety=0.7)])[0].better == 0.5
    found = acgan_cases.numbers(cases, 0.9)
    assert [key.split(".")[1] for key in found] == [
        "recognised_cases_of_much_variety",
        "recognised_cases_of_little_variety",
        "more_variety_better_precision",
    ]
    much, little, worse = found.values()
    assert much == (0, 0, 1, 0) and little.n == 0 and little.value == 1 and worse == (1, 1, 1, 1)
    many = [case(str(net), variety=0.1, item=item) for net in range(4) for item in range(2)]
    assert acgan_cases.numbers(many, 0.9)["acgan.recognised_cases_of_little_variety"].n == 8


def test_intervals_are_over_whole_nets():
    """Twenty cases of a net that share its luck are one unit: the error is that of four nets."""
    cases = [case(str(net), item=item, recognised=float(net % 2)) for net in range(4) for item in range(20)]
    kinds = {"k": [str(net) for net in range(4)]}
    found = acgan_cases.over_nets(acgan_cases.share_recognised(cases), kinds, len(cases))
    assert found.value == 0.5 and found.high - found.value == pytest.approx(1.96 * 0.25, rel=0.1)
    assert found.low >= 0 and found.high <= 1


# ---------------------------------------------------------------------------------------------- all together


@pytest.fixture
def whole(tiny, monkeypatch):
    """Every net with one step or two, every entry with a few pictures."""
    few = {
        group: of._replace(states=tuple(range(1, len(of.states) + 1)) if group != "X" else (1, 2))
        for group, of in acgan_nets.GROUPS.items()
    }
    monkeypatch.setattr(acgan_nets, "GROUPS", few)
    for name, value in (("TIMES", 3), ("CHOSEN_BY", 2), ("SHOWN", 1), ("STORE", tiny / "acgan.safetensors")):
        monkeypatch.setattr(acgan_judges, name, value)
    monkeypatch.setattr(acgan_nets, "CHOSEN_BY", 2)
    monkeypatch.setattr(trials, "REAL", 4)
    monkeypatch.setattr(stored, "made_with", lambda *of, **more: {})
    classes = {item: some(count=12, first=100 * item) for item in ALL}
    monkeypatch.setattr(acgan_copies, "photographs_of", lambda item: classes[item])
    monkeypatch.setattr(
        acgan_copies, "copies_of_photographs", lambda of, item: {"chance": 0.5, "train": 0.7 + item / 100}
    )
    codes = torch.rand(30, 256, generator=torch.Generator().manual_seed(0))
    had = {"noiseless_samples": {"random.codes": codes}}
    monkeypatch.setattr(acgan_table.judged_sets, "tensors_of", lambda store: had[store])
    monkeypatch.setattr(acgan_table.more_chains, "codes", lambda: codes.flip(0))
    monkeypatch.setattr(acgan_table, "SHOWN", ())
    monkeypatch.setattr(acgan_table, "EQUAL", 6)
    real = protocol.real_images(TintedFashion("test"), acgan_columns.judged_sets.judge(), 8)
    monkeypatch.setattr(acgan_columns.judged_sets, "references", lambda: real)
    taught = TintedFashion("train").batch(range(400), seed=1)
    of_taught = acgan_columns.Trained(acgan_columns.judged(taught.x), taught.labels["item"])
    monkeypatch.setattr(acgan_columns, "trained", lambda: of_taught)
    monkeypatch.setattr(acgan_table, "STORE", tiny / "table3.safetensors")
    monkeypatch.setattr(acgan_numbers, "OUT", tiny / "numbers.json")
    monkeypatch.setattr(acgan_splits, "FEW", 2)
    monkeypatch.setattr(acgan_splits, "SINGLE", (1, 2))
    return tiny


def test_all_is_trained_judged_and_counted_once(whole, monkeypatch):
    assert acgan_numbers.main([]) == 1, "nothing is there yet"
    assert acgan_nets.main([]) == 0 and acgan_judges.main([]) == 0
    tensors, about = stored.read_tensors(acgan_judges.STORE)
    found = about["found"]
    assert set(found) == set(acgan_judges.entries())
    assert len(found["luck"]["times"]) == 3 and len(found["luck"]["times"][0]["scores"]) == 12
    ends = found["lengths"]["ends"]
    assert (
        ends == {group: acgan_nets.end_of(group) for group in ends} and ends["A"] in (2, 4, 6) and ends["L"] in (2, 4)
    )
    finished, other = f"A.6.{ends['A']}", f"A.6.{ends['A'] % 6 + 1}"
    assert len(found["K2.40.2"]["recognised"]) == 2 and len(found[finished]["variety_accepted"]) == 10
    assert "recognised_half" in found[other] and "variety_accepted" not in found[other]
    assert f"{finished}.shown" in tensors and f"{other}.shown" not in tensors
    assert acgan_table.main([]) == 0 and acgan_numbers.main([]) == 0
    columns = stored.read_tensors(acgan_table.STORE)[1]["found"]
    sets = {"photographs", "other_photographs", "noiseless", *acgan_nets.names_of("A")}
    assert set(columns) == {*sets, *(f"{name}.equal" for name in (*sets, "noiseless_resized")), "nearest"}
    few, whole_column = columns["photographs.equal"], columns["photographs"]
    assert few["per_class"] == 6 and len(few["numbers"]) == 4, "here as many as in the column, and so the same numbers"
    assert all(whole_column["numbers"][key] == value for key, value in few["numbers"].items())
    assert len(columns["nearest"]["items"]) == 10 and len(columns["nearest"]["items"][0]["first"]) == 6
    of_photographs, of_half = columns["photographs"]["numbers"], columns["noiseless"]["half"]["numbers"]
    assert set(of_photographs) == set(of_half) == set(columns["A.6"]["numbers"])
    assert of_photographs["kid"][0] < columns["A.6"]["numbers"]["kid"][0] and of_photographs["memorisation"][0] > 0.5
    numbers = json.loads((whole / "numbers.json").read_text())["numbers"]
    assert all(value == pytest.approx(value) and low <= value <= high for value, low, high, _ in numbers.values())
    for path in Path("book/claims/rules").glob("C*.yaml"):
        if path.stem in acgan_numbers.CLAIMS:
            assert set(yaml.safe_load(path.read_text("utf-8"))["numbers"].values()) <= set(numbers), path
    monkeypatch.setattr(acgan_training.metrics, "in_blocks", lambda *_: pytest.fail("drawn twice"))
    assert acgan_judges.main(["A", "luck", "K1.20"]) == acgan_table.main(["noiseless"]) == 0
    monkeypatch.undo()
    with pytest.raises(ValueError, match=r"unknown key 'B'"):
        acgan_judges.main(["B"])
