"""Whether stored results belong to the present networks and code; after a change of code alone, whether they hold.

    python tools/runs/adopt.py --check      1 if networks, code or protocol are others than those of the stores
    python tools/runs/adopt.py              verify that new code computes the same, and then write its hash

On another kind of CPU than that of the stores, chains magnify the last digit. There old code and new are compared:

    python tools/runs/adopt.py --probes FILE    in a checkout of the old code: write what it computes
    python tools/runs/adopt.py --like FILE      in the new one: as above, but with these in place of the stored probes

Verified are the probes of all sets (``stored.py``, ``alternatives.py``), which a change of sampler, experts, noise,
starts or networks would move, the first states of some hand-designed priors, the selector's accuracy on photographs,
the evaluator's measures of one set, and the first steps of one training of the ablation. What a changed measure would
give the sweep or the ablation is not: after such a change run ``bulk.py --anew``, ``alternatives.py --anew``, and
``ablation.py`` without its store.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import ablation
import acgan_judges
import acgan_table
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
from tables import Table
from torch import Tensor
from tqdm import tqdm

from ppgn_lib import metrics
from ppgn_lib.networks.zoo import load

SOURCE = Path(bulk.__file__)
PROBED = "ppgn_x"  # the set that is judged again; a small one
JUDGES = {"sweep": "selector", "samples": "evaluator"}
TUNINGS = {"step sizes": step_sizes, "hand-designed priors": hand_priors}
TRAINED, FIRST_STEPS = "three", 25  # the row of the ablation whose training is begun again, and how far


def main(arguments: list[str] | None = None) -> int:
    """Compare, and write unless ``--check``; 1 if something differs."""
    parser = argparse.ArgumentParser(description="Stored results and the code that made them.")
    parser.add_argument("--check", action="store_true", help="compare hashes only")
    parser.add_argument("--probes", type=Path, metavar="FILE", help="write the probes of this code, and stop")
    parser.add_argument("--like", type=Path, metavar="FILE", help="probes of older code on this machine, to the bit")
    given = parser.parse_args(arguments)
    if given.probes:
        stored.write_tensors(given.probes, {name: found for name, found, *_ in probes()}, {})
        return 0
    like = stored.read_tensors(given.like)[0] if given.like else {}
    wrong = stale() if given.check else [line for line in stale() if not line.endswith("code")] or differing(like)
    print("\n".join(wrong) or "what is stored belongs to the present networks and code")
    if not (wrong or given.check):
        adopt()
    return int(bool(wrong))


def stale() -> list[str]:
    """What the stores were made with that is not what is there now."""
    swept, (_, about) = json.loads(bulk.SWEEP.read_text("utf-8")), stored.read_tensors(bulk.SAMPLES)
    wrong = ["sweep: other protocol"] if swept["protocol"] != bulk.SWEEP_PROTOCOL else []
    wrong += ["samples: other protocol"] if about["protocol"] != bulk.samples_protocol(swept) else []
    had = {"sweep": swept["made_with"], "samples": about["made_with"]}
    for name, other in others(swept).items():
        _, of_other = stored.read_tensors(other.store)
        wrong += [f"{name}: other protocol"] if of_other["protocol"] != other.described else []
        had[name] = of_other["made_with"]
    for name, wanted in present().items():
        wrong += others_in(name, had[name], wanted)
    return wrong + stale_mixing() + stale_tunings() + stale_entries()


def others_in(what: str, had: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    """A line for each key under which something else stands than is wanted."""
    return [f"{what}: other {key}" for key, value in wanted.items() if had.get(key) != value]


def stale_mixing() -> list[str]:
    """The same of the long chains, which are those of the other stores gone on with."""
    _, about = stored.read_tensors(mixing.STORE)
    wrong = ["mixing: other protocol"] if about["protocol"] != mixing.PROTOCOL else []
    for name, sampler in mixing.samplers().items():
        had, wanted = about["found"][name], mixing.belongs_to(sampler)
        wrong += others_in(f"mixing of {name}", had, {"setting": wanted["setting"]})
        wrong += others_in(f"mixing of {name}", had["made_with"], wanted["made_with"])
    return wrong


def stale_tunings() -> list[str]:
    """The same of the rows of settings of Noiseless, and of the settings of hand-designed priors and gradients."""
    wrong = []
    for what, module in TUNINGS.items():
        had, wanted = json.loads(module.STORE.read_text("utf-8")), module.belongs_to()
        wrong += others_in(what, had, {"protocol": wanted["protocol"]})
        wrong += others_in(what, had["made_with"], wanted["made_with"])
    return wrong


def entries() -> dict[str, tuple[Path, Callable[[str], dict[str, Any]]]]:
    """Stores of independent entries, and what an entry has to agree with: by its key."""
    return {
        "judgement of": (judgements.STORE, judgements.belongs_to),
        "ablation,": (ablation.STORE, lambda key: ablation.belongs_to(ablation.settings_of(*row_and_seed(key)))),
        "other codes,": (other_codes.STORE, lambda key: other_codes.belongs_to(row_and_seed(key)[1])),
        "retrained,": (retrained.STORE, retrained.belongs_to),
        "unit": (neurons.STORE, lambda key: neurons.belongs_to()),
        "fill,": (fills.STORE, lambda key: fills.belongs_to()),
        "restored from": (restored.STORE, lambda key: restored.belongs_to()),
        "class of ImageNet": (foreign.STORE, lambda key: foreign.belongs_to()),
        "sounds, seed": (sounds.STORE, lambda key: sounds.belongs_to()),
        "captions,": (captions.STORE, captions.described),
        "several,": (several.STORE, lambda key: several.belongs_to()),
        "unseen,": (unseen.STORE, unseen.described),
        "arithmetic,": (arithmetic.STORE, arithmetic.described),
        "memory,": (memory.STORE, memory.belongs_to),
        "noise": (noise_place.STORE, lambda key: noise_place.belongs_to()),
        "more chains,": (more_chains.STORE, lambda key: more_chains.belongs_to()),
        "taught by": (taught.STORE, lambda key: taught.described(key.rsplit(".", 1)[0])),
        "column": (acgan_table.STORE, lambda key: acgan_table.protocol_and_code()),
        "AC-GAN": (acgan_judges.STORE, lambda key: acgan_judges.protocol_and_code()),
    }


def row_and_seed(key: str) -> tuple[str, int]:
    """Of a training."""
    row, seed = key.split(".")
    return row, int(seed)


def stale_entries() -> list[str]:
    """The same of these."""
    wrong = []
    for what, (path, belongs_to) in entries().items():
        for key, had in stored.read_tensors(path)[1].get("found", {}).items():
            wanted = belongs_to(key)
            made_with = wanted.pop("made_with")
            wrong += others_in(f"{what} {key}", had, wanted)
            wrong += others_in(f"{what} {key}", had["made_with"], made_with)
    missing = set(judgements.entries()) - set(stored.read_tensors(judgements.STORE)[1]["found"])
    return wrong + [f"judgement of {name}: missing" for name in sorted(missing)]


def present() -> dict[str, dict[str, str]]:
    """What each store would be made with now."""
    found = {name: stored.made_with(SOURCE, "encoder", "generator", judge) for name, judge in JUDGES.items()}
    swept = json.loads(bulk.SWEEP.read_text("utf-8"))
    return found | {name: stored.made_with(other.source, *other.networks) for name, other in others(swept).items()}


def others(swept: dict[str, Any]) -> dict[str, Table]:
    """All tables of samplers."""
    eps = bulk.chosen(swept)
    return {
        "alternatives": Table(
            alternatives.STORE,
            alternatives.alternatives(eps),
            Path(alternatives.__file__),
            alternatives.NETWORKS,
            alternatives.described(eps),
        ),
        "variants": side_by_side.table(),
        "pixels": pixel_chains.table(),
        "joint": joint_chains.table(),
    }


def probes() -> Iterator[tuple[str, Tensor, Tensor, Callable[[Tensor, Tensor], bool]]]:
    """Of each set its name, its probe as computed now and as stored, and what says whether these agree."""
    swept, (tensors, _) = json.loads(bulk.SWEEP.read_text("utf-8")), stored.read_tensors(bulk.SAMPLES)
    for name, eps in tqdm(bulk.settings_of(swept).items(), desc="probes", unit="set"):
        yield name, bulk.probe(name, eps), tensors[f"{name}.probe"], stored.agree
    for other in others(swept).values():
        had, about = stored.read_tensors(other.store)
        for name, alternative in other.samplers.items():
            found = alternatives.probe(alternative, about["found"][name]["chosen"])
            yield name, found, had[f"{name}.probe"], alike


def differing(like: Mapping[str, Tensor] = {}) -> list[str]:
    """Probes and photographs that do not come out as stored; probes, as in ``like`` if that is given."""
    swept = json.loads(bulk.SWEEP.read_text("utf-8"))
    near, _ = bulk.photographs(metrics.judge_with(load("selector"), bulk.HEAD))
    accuracy = metrics.accuracy(near.judgement.logits, near.y).value
    # 2000 photographs; another CPU may round one or two of them over a border.
    wrong = ["the selector's accuracy on photographs"] if abs(accuracy - swept["real_accuracy"]) > 0.002 else []
    for name, found, had, agree in probes():
        same = torch.equal(found, like[name]) if like else agree(found, had)
        wrong += [] if same else [f"{name}: its probe"]
    wrong += hand_priors.differing()
    wrong += [] if judged_the_same(PROBED) else [f"what the evaluator says of {PROBED}"]
    return wrong or ([] if begins_the_same() else [f"the first steps of the ablation's {TRAINED!r}"])


def judged_the_same(name: str) -> bool:
    """Whether the evaluator's measures of a set come out as stored; one picture more or less may be recognised."""
    x, y = judgements.pictures(name)
    found = judgements.by_evaluator(x, y, metrics.judgement(judgements.judge(), x))
    had = stored.read_tensors(judgements.STORE)[1]["found"][name]["numbers"]
    return all(abs(e.value - had[key][0]) <= 0.01 * max(1.0, abs(had[key][0])) for key, e in found.items())


def begins_the_same() -> bool:
    """Whether a training of the ablation begins with the losses that are stored."""
    seed = ablation.SEEDS[0]
    had = stored.read_tensors(ablation.STORE)[1]["found"][f"{TRAINED}.{seed}"]["log"]
    then = {what: had[what][had["step"].index(FIRST_STEPS)] for what in ("image", "h1", "h", "d")}
    settings = ablation.settings_of(TRAINED, seed).model_copy(update={"steps": FIRST_STEPS})
    with tempfile.TemporaryDirectory() as folder:
        log = ablation.trained(Path(folder), settings, load("encoder")).log
    return all(abs(log[-1][what] / value - 1) < 0.02 for what, value in then.items())


def alike(found: Tensor, stored_probe: Tensor) -> bool:
    """Whether eight of ten chains agree, in single precision.

    A chain of pictures in large noise can amplify the last digit, which differs with the number of threads, to a
    different picture within three steps; most do not.
    """
    off = (found - stored_probe).abs().flatten(1).amax(1)
    close = off < alternatives.PROBE_TOLERANCE * stored_probe.abs().max()
    return bool(close.double().mean() >= 0.8)


def adopt() -> None:
    """Write the present code's hash into all stores."""
    swept, now = json.loads(bulk.SWEEP.read_text("utf-8")), present()
    stored.write_json(bulk.SWEEP, {**swept, "made_with": now["sweep"]})
    stores = {name: other.store for name, other in others(swept).items()}
    for name, path in {"samples": bulk.SAMPLES, **stores}.items():
        tensors, about = stored.read_tensors(path)
        stored.write_tensors(path, tensors, {**about, "made_with": now[name]})
    tensors, about = stored.read_tensors(mixing.STORE)
    found = {name: about["found"][name] | mixing.belongs_to(sampler) for name, sampler in mixing.samplers().items()}
    stored.write_tensors(mixing.STORE, tensors, {**about, "found": found})
    for module in TUNINGS.values():
        stored.write_json(module.STORE, {**json.loads(module.STORE.read_text("utf-8")), **module.belongs_to()})
    for path, belongs_to in entries().values():
        tensors, about = stored.read_tensors(path)
        found = {key: entry | belongs_to(key) for key, entry in about.get("found", {}).items()}
        if found:  # some of the long runs have not begun
            stored.write_tensors(path, tensors, {**about, "found": found})


if __name__ == "__main__":
    sys.exit(main())
