"""The captioner: cross-entropy of each word given the ones before it, on captions that are drawn anew in each epoch."""

from __future__ import annotations

from typing import cast

import torch

from ppgn_lib.data.batches import Images
from ppgn_lib.data.captions import captions, held_out, meant, vocabulary
from ppgn_lib.networks.captioner import Captioner, caption_loss
from ppgn_lib.networks.small import Encoder
from ppgn_lib.training import card
from ppgn_lib.training.classifier import augment
from ppgn_lib.training.loop import Run, Trained, batch_of, fit, one_cycle, shared
from ppgn_lib.training.settings import CaptionerSettings

HEADS = ("item", "colour", "background")


def train_captioner(run: Run[CaptionerSettings]) -> Trained:
    """Train on the images of the source, but for those whose item and colour are ``held_out``; E stays as it is.

    Raises ``ValueError`` if the data have not the labels of the tinted photographs, of which captions speak.
    """
    settings, fabric = run.settings, run.fabric
    data = run.source.open("train")
    if set(data.classes) != set(HEADS):
        raise ValueError(f"captions speak of {', '.join(HEADS)}; the data have labels for {', '.join(data.classes)}")
    words, E = vocabulary(), cast(Encoder, run.inputs["encoder"])
    with torch.random.fork_rng():
        torch.manual_seed(settings.seed)
        bare = Captioner(words.words, classes=E.classes, size=E.size, code=E.code, hidden=settings.hidden)
    bare.eyes.load_state_dict(E.state_dict())
    bare.eyes.requires_grad_(False)
    learns = [p for p in bare.parameters() if p.requires_grad]
    adam = torch.optim.AdamW(learns, lr=settings.lr, weight_decay=settings.weight_decay)
    schedule = one_cycle(adam, settings.lr, settings.steps)
    model, optimiser = fabric.setup(bare, adam)

    def step(t: int) -> dict[str, float]:
        batch = batch_of(data, settings, t, fabric)
        taught = ~held_out(batch.labels)
        said = captions(
            {head: of[taught] for head, of in batch.labels.items()},
            torch.Generator().manual_seed(int(torch.randint(2**62, ()))),
        )
        x = augment(batch.x[taught], 0, settings.flip).to(fabric.device)
        numbers = words.encode(said).to(fabric.device)
        model.train()
        loss = caption_loss(model(x, numbers), numbers)
        optimiser.zero_grad()
        fabric.backward(loss)
        optimiser.step()
        schedule.step()
        return {"word": shared(fabric, loss)}

    log = fit(run, step, {"net": bare, "adam": adam, "schedule": schedule}, extendable=False)
    return Trained(bare.eval(), log)


@torch.no_grad()
def right_captions(net: Captioner, data: Images) -> dict[str, float]:
    """Shares of the images of which what the captioner says by itself is right.

    ``exact``: the item, and what it says of both colours; ``item``: that alone; each also of the ``held_out`` images.
    """
    item, exact, out = [], [], []
    for indices in torch.arange(len(data)).split(500):
        batch = data.batch(indices)
        found = [meant(text) for text in net.describe(batch.x)]
        labels = zip(*(batch.labels[head].tolist() for head in HEADS), strict=True)
        pairs = [list(zip(said, true, strict=True)) for said, true in zip(found, labels, strict=True)]
        item += [said == true for (said, true), *_ in pairs]
        exact += [all(said in (None, true) for said, true in pair) and pair[0][0] is not None for pair in pairs]
        out += held_out(batch.labels).tolist()
    of = {"item": torch.tensor(item), "exact": torch.tensor(exact)}
    away = torch.tensor(out)
    whole = {name: float(right.double().mean()) for name, right in of.items()}
    return whole | {f"{name} held out": float(right[away].double().mean()) for name, right in of.items()}


def report_captioner(run: Run[CaptionerSettings], trained: Trained) -> None:
    """Weights and card, with the shares of right captions on validation and test; 16-bit floats halve the file."""
    net = cast(Captioner, trained.net)
    card.as_stored(net)
    figures = {
        f"{split} {name}": value
        for split in ("validation", "test")
        for name, value in right_captions(net, run.source.open(split)).items()
    }
    card.write(run, run.name, net.half(), trained.log, figures)
