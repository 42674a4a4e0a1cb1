"""Whether stored results belong to the present networks and code; after a change of code alone, whether they hold.

    python tools/runs/adopt.py --check      1 if networks, code or protocol are others than those of the stores
    python tools/runs/adopt.py              verify that new code computes the same, and then write its hash

Verified are the probes of all sets (``stored.py``), which a change of sampler, experts, noise, starts or networks would
move, and the selector's accuracy on photographs. What a changed measure would give the sweep is not: after such a
change run ``bulk.py --anew``.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

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
    for (name, judge), had in zip(JUDGES.items(), (swept["made_with"], about["made_with"]), strict=True):
        wanted = stored.made_with(SOURCE, "encoder", "generator", judge)
        wrong += [f"{name}: other {key}" for key in wanted if had.get(key) != wanted[key]]
    return wrong


def differing() -> list[str]:
    """Probes and photographs that do not come out as stored."""
    swept, (tensors, _) = json.loads(bulk.SWEEP.read_text("utf-8")), stored.read_tensors(bulk.SAMPLES)
    near, _ = bulk.photographs(metrics.judge_with(load("selector"), bulk.HEAD))
    accuracy = metrics.accuracy(near.judgement.logits, near.y).value
    # 2000 photographs; another CPU may round one or two of them over a border.
    wrong = ["the selector's accuracy on photographs"] if abs(accuracy - swept["real_accuracy"]) > 0.002 else []
    for name, eps in tqdm(bulk.settings_of(swept).items(), desc="probes", unit="set"):
        wrong += [] if stored.agree(bulk.probe(name, eps), tensors[f"{name}.probe"]) else [f"{name}: its probe"]
    return wrong


def adopt() -> None:
    """Write the present code's hash into both stores."""
    swept, (tensors, about) = json.loads(bulk.SWEEP.read_text("utf-8")), stored.read_tensors(bulk.SAMPLES)
    swept["made_with"], about["made_with"] = (
        stored.made_with(SOURCE, "encoder", "generator", j) for j in JUDGES.values()
    )
    stored.write_json(bulk.SWEEP, swept)
    stored.write_tensors(bulk.SAMPLES, tensors, about)


if __name__ == "__main__":
    sys.exit(main())
