"""Whether stored results belong to the present networks and code; after a change of code alone, whether they hold.

    python tools/runs/adopt.py --check      1 if networks, code or protocol are others than those of the stores
    python tools/runs/adopt.py              verify that new code computes the same, and then write its hash

Verified are the probes of all sets (``stored.py``, ``alternatives.py``), which a change of sampler, experts, noise,
starts or networks would move, the selector's accuracy on photographs, and the evaluator's measures of one set. What a
changed measure would give the sweep is not: after such a change run ``bulk.py --anew`` and ``alternatives.py --anew``.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import alternatives
import bulk
import joint_chains
import judgements
import mixing
import pixel_chains
import side_by_side
import step_sizes
import stored
from tables import Table
from torch import Tensor
from tqdm import tqdm

from ppgn_lib import metrics
from ppgn_lib.networks.zoo import load

SOURCE = Path(bulk.__file__)
PROBED = "ppgn_x"  # the set that is judged again; a small one
JUDGES = {"sweep": "selector", "samples": "evaluator"}


def main(arguments: list[str] | None = None) -> int:
    """Compare, and write unless ``--check``; 1 if something differs."""
    parser = argparse.ArgumentParser(description="Stored results and the code that made them.")
    parser.add_argument("--check", action="store_true", help="compare hashes only")
    given = parser.parse_args(arguments)
    wrong = stale() if given.check else [line for line in stale() if not line.endswith("code")] or differing()
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
    return wrong + stale_mixing() + stale_step_sizes() + stale_judgements()


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


def stale_step_sizes() -> list[str]:
    """The same of the rows of settings, chains of Noiseless."""
    had, wanted = json.loads(step_sizes.STORE.read_text("utf-8")), step_sizes.belongs_to()
    wrong = others_in("step sizes", had, {"protocol": wanted["protocol"]})
    return wrong + others_in("step sizes", had["made_with"], wanted["made_with"])


def stale_judgements() -> list[str]:
    """The same of what the judges have said."""
    wrong, found = [], stored.read_tensors(judgements.STORE)[1]["found"]
    for name in judgements.entries():
        had, wanted = found.get(name, {}), judgements.belongs_to(name)
        wrong += others_in(f"judgement of {name}", had, {key: wanted[key] for key in ("of", "samples", "protocol")})
        wrong += others_in(f"judgement of {name}", had.get("made_with", {}), wanted["made_with"])
    return wrong


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


def differing() -> list[str]:
    """Probes and photographs that do not come out as stored."""
    swept, (tensors, _) = json.loads(bulk.SWEEP.read_text("utf-8")), stored.read_tensors(bulk.SAMPLES)
    near, _ = bulk.photographs(metrics.judge_with(load("selector"), bulk.HEAD))
    accuracy = metrics.accuracy(near.judgement.logits, near.y).value
    # 2000 photographs; another CPU may round one or two of them over a border.
    wrong = ["the selector's accuracy on photographs"] if abs(accuracy - swept["real_accuracy"]) > 0.002 else []
    for name, eps in tqdm(bulk.settings_of(swept).items(), desc="probes", unit="set"):
        wrong += [] if stored.agree(bulk.probe(name, eps), tensors[f"{name}.probe"]) else [f"{name}: its probe"]
    for other in others(swept).values():
        had, about = stored.read_tensors(other.store)
        for name, alternative in other.samplers.items():
            probe = had[f"{name}.probe"]
            found = alternatives.probe(alternative, about["found"][name]["chosen"])
            wrong += [] if alike(found, probe) else [f"{name}: its probe"]
    return wrong or ([] if judged_the_same(PROBED) else [f"what the evaluator says of {PROBED}"])


def judged_the_same(name: str) -> bool:
    """Whether the evaluator's measures of a set come out as stored; one picture more or less may be recognised."""
    found = judgements.by_evaluator(*judgements.pictures(name))
    had = stored.read_tensors(judgements.STORE)[1]["found"][name]["numbers"]
    return all(abs(e.value - had[key][0]) <= 0.01 * max(1.0, abs(had[key][0])) for key, e in found.items())


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
    swept = json.loads(step_sizes.STORE.read_text("utf-8"))
    stored.write_json(step_sizes.STORE, {**swept, **step_sizes.belongs_to()})
    tensors, about = stored.read_tensors(judgements.STORE)
    found = {name: about["found"][name] | judgements.belongs_to(name) for name in judgements.entries()}
    stored.write_tensors(judgements.STORE, tensors, {**about, "found": found})


if __name__ == "__main__":
    sys.exit(main())
