"""Captions, the captioner, and a caption as condition."""

import pytest
import torch
from lightning_fabric import Fabric

from ppgn_lib import Eps, chain, evaluate, variants
from ppgn_lib.data import captions as data
from ppgn_lib.data.tinted_fashion import COLOURS, ITEMS, TintedFashion
from ppgn_lib.experts.captions import caption, word_by_word
from ppgn_lib.networks.captioner import Captioner, caption_loss
from ppgn_lib.training import captioner as training
from ppgn_lib.training.captioner import right_captions
from ppgn_lib.training.loop import Run
from ppgn_lib.training.settings import CaptionerSettings
from ppgn_lib.training.source import SHIPPED

WORDS = data.vocabulary()


@pytest.fixture
def captioner():
    with torch.random.fork_rng():
        torch.manual_seed(3)
        return Captioner(WORDS.words, classes={"item": ITEMS}, code=32, hidden=16).eval().requires_grad_(False)


def test_captions_say_what_the_labels_are_and_are_drawn_by_the_generator_alone():
    labels = TintedFashion("validation").batch(range(300)).labels
    texts = data.captions(labels, torch.Generator().manual_seed(0))
    assert texts == data.captions(labels, torch.Generator().manual_seed(0))
    assert texts != data.captions(labels, torch.Generator().manual_seed(1))
    for i, text in enumerate(texts):
        assert any(noun in text for noun in data.NOUNS[ITEMS[labels["item"][i]]])
        named = {COLOURS[labels[head][i]] for head in ("colour", "background")}
        assert {word for word in data.words_of(text) if word in COLOURS} <= named
    assert len({text.split()[0] for text in texts}) > 3, "several forms"
    assert "a orange" not in " ".join(texts) and any(text.startswith("an orange") for text in texts)


def test_of_each_item_one_colour_is_held_out():
    pairs = [(i, c) for i in range(10) for c in range(8)]
    item, colour = (torch.tensor(column) for column in zip(*pairs, strict=True))
    out = data.held_out({"item": item, "colour": colour}).view(10, 8)
    assert (out.sum(1) == 1).all() and (out.sum(0) >= 1).all()


def test_words_come_back_and_unknown_ones_are_told_with_the_nearest():
    texts = ["an orange ankle boot on a green background", "red bag, blue wall"]
    numbers = WORDS.encode(texts)
    assert WORDS.decode(numbers) == texts and numbers.shape == (2, 9)
    assert numbers[1].tolist()[5:] == [data.END] + [data.PAD] * 3
    assert WORDS.encode("a boot", whole=False).shape == (1, 2)
    with pytest.raises(ValueError, match=r"does not know the word 'bot' .*nearest it knows are boot"):
        WORDS.encode("a red bot")
    with pytest.raises(ValueError, match="at least one word"):
        WORDS.encode("...")


def test_the_probabilities_of_all_captions_of_a_length_sum_to_one(captioner):
    """Product rule: sum over w1, w2 of p(w1|x) p(w2|w1,x), for all pairs of words."""
    x = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(0)) * 2 - 1
    every = torch.cartesian_prod(torch.arange(1, len(WORDS)), torch.arange(1, len(WORDS)))
    log_p = word_by_word(captioner, every, x.expand(len(every), -1, -1, -1)).sum(1)
    none = torch.log_softmax(captioner(x, torch.zeros(1, 1, dtype=torch.long)), 2)[0, 0, data.PAD].exp()
    assert 0 < log_p.exp().sum() <= (1 - none) + 1e-4
    # What is missing is padding, as the first word or as the second one.
    first = torch.arange(1, len(WORDS))[:, None]
    logits = captioner(x.expand(len(first), -1, -1, -1), torch.cat([first, first], 1)).log_softmax(2)
    missing = none + (logits[:, 0].gather(1, first)[:, 0] + logits[:, 1, data.PAD]).exp().sum()
    torch.testing.assert_close(log_p.exp().sum() + missing, torch.tensor(1.0), atol=1e-4, rtol=0)


def test_a_word_changes_later_words_only_and_padding_counts_nothing(captioner):
    x = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(1)) * 2 - 1
    words = WORDS.encode("a red dress on a green background")
    other = words.clone()
    other[0, 3] = WORDS.number["bag"]
    a, b = (captioner(x, w.expand(2, -1)) for w in (words, other))
    torch.testing.assert_close(a[:, :4], b[:, :4])
    assert (a[:, 4] - b[:, 4]).abs().amax() > 1e-4
    padded = torch.cat([words, torch.zeros(1, 3, dtype=torch.long)], 1)
    torch.testing.assert_close(caption(captioner, padded)(x), caption(captioner, words)(x))
    torch.testing.assert_close(
        caption_loss(captioner(x, padded.expand(2, -1)), padded.expand(2, -1)),
        -caption(captioner, words)(x).mean() / words.shape[1],
    )


def test_a_caption_is_a_condition_like_any_other(captioner, encoder, generator):
    h = torch.rand(2, 256, generator=torch.Generator().manual_seed(2))
    words = WORDS.encode(["a red dress", "a blue bag on a pink background"])
    experts = variants.noiseless(generator, encoder, caption(captioner, words))
    state = evaluate(h, *experts)
    alone = evaluate(h[1:], *variants.noiseless(generator, encoder, caption(captioner, words[1:])))
    torch.testing.assert_close(state.grad[1:], alone.grad)
    *_, last = chain(h, *variants.dgn_am(generator, caption(captioner, words)), Eps(0.0, 0.1), steps=3)
    assert (last.log_p > state.log_p).all()
    with pytest.raises(ValueError, match="one caption, or one for each of 2 chains; got 3"):
        caption(captioner, words[[0, 1, 1]])(generator(h))
    with pytest.raises(ValueError, match="int64"):
        caption(captioner, torch.zeros(2, 3))
    with pytest.raises(ValueError, match="training mode"):
        caption(captioner.train(), words)


def test_it_says_the_likeliest_words(captioner):
    x = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(4)) * 2 - 1
    said = captioner.describe(x, longest=3)
    first = captioner(x, torch.ones(2, 1, dtype=torch.long))[:, 0].argmax(1)
    assert len(said) == 2
    for text, word in zip(said, first.tolist(), strict=True):
        if word not in (data.PAD, data.START, data.END):
            assert text.split()[0] == WORDS.words[word]


def test_what_a_caption_means_is_what_it_was_made_of():
    """Of every form, noun, item and colour."""
    for item in range(10):
        for colour in range(8):
            for number, form in enumerate(data.FORMS):
                for noun in range(2):
                    found = data.meant(data.caption(item, colour, (colour + 3) % 8, number, noun))
                    assert found.item == item
                    assert found.colour == (colour if "{colour}" in form else None)
                    assert found.background == ((colour + 3) % 8 if "{background}" in form else None)
    assert data.meant("a wall, red") == (None, None, None)


class Parrot:
    """Says of each picture what its labels are, or always the same."""

    def __init__(self, said=None):
        self.said, self.at = said, 0
        self.labels = TintedFashion("validation").labels()

    def describe(self, x):
        here = range(self.at, self.at + len(x))
        self.at += len(x)
        if self.said:
            return [self.said] * len(x)
        return [data.caption(*(int(self.labels[h][i]) for h in self.labels), form=0, noun=0) for i in here]


def test_shares_of_right_captions():
    validation = TintedFashion("validation")
    assert set(right_captions(Parrot(), validation).values()) == {1.0}
    labels = validation.labels()
    bag, red = labels["item"] == 8, labels["colour"] == 0
    found = right_captions(Parrot("a red bag"), validation)
    assert found["item"] == pytest.approx(bag.double().mean().item())
    assert found["exact"] == pytest.approx((bag & red).double().mean().item())
    assert found["exact held out"] == pytest.approx((bag & red)[data.held_out(labels)].double().mean().item())
    assert right_captions(Parrot("a photo"), validation)["exact"] == 0


def test_no_held_out_picture_is_taught(tmp_path, monkeypatch, encoder):
    """The loss is asked about captions of other pairs only, and about as many as are left of the batch."""
    seen = []
    monkeypatch.setattr(training, "captions", lambda labels, g: seen.append(labels) or data.captions(labels, g))
    settings = CaptionerSettings(hidden=64, steps=30, log_every=10, batch=64, lr=0.03)
    fabric = Fabric(accelerator="cpu", devices=1, precision="32-true")
    trained = training.train_captioner(Run("captioner", settings, tmp_path, fabric, SHIPPED, {"encoder": encoder}))
    assert len(seen) == 30 and not any(data.held_out(labels).any() for labels in seen)
    assert all(40 < len(labels["item"]) < 64 for labels in seen)
    assert trained.log[-1]["word"] < trained.log[0]["word"] - 0.3, "it learns"
