"""What the judges say of stored samples, as ``tools/runs/judgements.py`` has computed it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

import torch
from IPython.display import Markdown
from torch import Tensor

from ppgn_lib.book import figures
from ppgn_lib.book.record import record
from ppgn_lib.checks import known
from ppgn_lib.data.files import locate
from ppgn_lib.metrics import Estimate, protocol

COLUMNS = {
    "accuracy": "accuracy",
    "coverage / real": "coverage_ratio",
    "kernel distance": "kid",
    "by EfficientNet": "kid_foreign",
    "luminance diversity / real": "luminance_diversity_ratio",
    "told apart": "two_sample_accuracy",
}


class Judged(NamedTuple):
    """A set of samples, as many of each class."""

    per_class: int
    numbers: dict[str, Estimate]  # the fields of ``protocol.Report``, ``kid_foreign``, perhaps ``two_sample_accuracy``
    by_class: dict[str, Tensor]  # measure -> its value for each class, (K,) float64
    more_diverse: tuple[int, int]  # classes that differ more than the least diverse one of photographs, and of how many

    def keep(self, key: str, keep: Callable[[str, Estimate], None] = record) -> None:
        """Record what the tables show, as ``key.measure``."""
        for what in (*COLUMNS.values(), "unclear_share"):
            if what in self.numbers:
                keep(f"{key}.{what}", self.numbers[what])


def judged_table(sets: Mapping[str, Judged], without: Collection[str] = ()) -> Markdown:
    """Sets in rows, with the columns that any of them has, but for those named in ``without``."""
    has = {
        title: what
        for title, what in COLUMNS.items()
        if title not in without and any(what in found.numbers for found in sets.values())
    }
    return figures.table(
        {
            name: {
                "a class": str(found.per_class),
                **{title: str(found.numbers.get(what, "")) for title, what in has.items()},
                "unclear": f"{found.numbers['unclear_share'].value:.3f}",
            }
            for name, found in sets.items()
        }
    )


class Judgements:
    """All sets that were judged, by name: ``judgements["noiseless"].numbers["kid"]``."""

    def __init__(self) -> None:
        self.tensors, about = protocol.open_samples(locate("results/judgements.safetensors"))
        self.protocol, self.found = about["protocol"], about["found"]

    def __getitem__(self, name: str) -> Judged:
        """A set; ``ValueError`` with the nearest name if there is none."""
        known([name], self.found, "judged set")
        entry = self.found[name]
        return Judged(
            entry["per_class"],
            {key: Estimate(*value) for key, value in entry["numbers"].items()},
            {key: torch.tensor(value, dtype=torch.float64) for key, value in entry["by_class"].items()},
            tuple(entry.get("more_diverse", (0, 0))),
        )
