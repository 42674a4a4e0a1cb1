"""Whether stored results belong to the present networks and code; after a change of code alone, whether they hold.

    python tools/runs/adopt.py --check      1 if networks, code or protocol are others than those of the stores
    python tools/runs/adopt.py              verify that new code computes the same, and then write its hash

Verified are the probes of all sets (``stored.py``, ``alternatives.py``), which a change of sampler, experts, noise,
starts or networks would move, and the selector's accuracy on photographs. What a changed measure would give the sweep
is not: after such a change run ``bulk.py --anew`` and ``alternatives.py --anew``.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import alternatives
import bulk
import stored
from tqdm import tqdm

from ppgn_lib import metrics
from ppgn_lib.networks.zoo import load

SOURCE = Path(bulk.__file__)
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
    _, others = stored.read_tensors(alternatives.STORE)
    wrong += (
        ["alternatives: other protocol"] if others["protocol"] != alternatives.described(bulk.chosen(swept)) else []
    )
    had = {"sweep": swept["made_with"], "samples": about["made_with"], "alternatives": others["made_with"]}
    for name, wanted in present().items():
        wrong += [f"{name}: other {key}" for key in wanted if had[name].get(key) != wanted[key]]
    return wrong


def present() -> dict[str, dict[str, str]]:
    """What each store would be made with now."""
    found = {name: stored.made_with(SOURCE, "encoder", "generator", judge) for name, judge in JUDGES.items()}
    return found | {"alternatives": stored.made_with(Path(alternatives.__file__), *alternatives.NETWORKS)}


def differing() -> list[str]:
    """Probes and photographs that do not come out as stored."""
    swept, (tensors, _) = json.loads(bulk.SWEEP.read_text("utf-8")), stored.read_tensors(bulk.SAMPLES)
    near, _ = bulk.photographs(metrics.judge_with(load("selector"), bulk.HEAD))
    accuracy = metrics.accuracy(near.judgement.logits, near.y).value
    # 2000 photographs; another CPU may round one or two of them over a border.
    wrong = ["the selector's accuracy on photographs"] if abs(accuracy - swept["real_accuracy"]) > 0.002 else []
    for name, eps in tqdm(bulk.settings_of(swept).items(), desc="probes", unit="set"):
        wrong += [] if stored.agree(bulk.probe(name, eps), tensors[f"{name}.probe"]) else [f"{name}: its probe"]
    others, about = stored.read_tensors(alternatives.STORE)
    for name, alternative in alternatives.alternatives(bulk.chosen(swept)).items():
        had = others[f"{name}.probe"]
        off = (alternatives.probe(alternative, about["found"][name]["chosen"]) - had).abs().max()
        wrong += [] if off < alternatives.PROBE_TOLERANCE * had.abs().max() else [f"{name}: its probe"]
    return wrong


def adopt() -> None:
    """Write the present code's hash into all stores."""
    swept, now = json.loads(bulk.SWEEP.read_text("utf-8")), present()
    stored.write_json(bulk.SWEEP, {**swept, "made_with": now["sweep"]})
    for name, path in (("samples", bulk.SAMPLES), ("alternatives", alternatives.STORE)):
        tensors, about = stored.read_tensors(path)
        stored.write_tensors(path, tensors, {**about, "made_with": now[name]})


if __name__ == "__main__":
    sys.exit(main())
