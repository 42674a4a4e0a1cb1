"""Bring the Japanese Vowels of the UCI repository into data/vowels, from the two files in which aeon ships them.

    pip download --no-deps aeon && unzip aeon-*.whl 'aeon/datasets/data/JapaneseVowels/*'
    python tools/runs/vowels.py aeon/datasets/data/JapaneseVowels

Lines of a ``.ts`` file: twelve series of numbers, separated by colons, then the speaker, 1 to 9.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import bulk
import torch
from safetensors.torch import save_file
from torch import Tensor

from ppgn_lib.data.files import replacing
from ppgn_lib.data.vowels import COEFFICIENTS, SPEAKERS

OUT = bulk.RESULTS.parent / "vowels" / "japanese_vowels.safetensors"
FILES = {"JapaneseVowels_TRAIN.ts": 270, "JapaneseVowels_TEST.ts": 370}  # and how many utterances are in it


def read(path: Path) -> list[tuple[Tensor, int]]:
    """The series (12, T) and speakers, from 0, of one file."""
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line and line[0] not in "#@":
            *series, speaker = line.strip().split(":")
            rows = [[float(value) for value in row.split(",")] for row in series]
            if len(rows) != COEFFICIENTS or len({len(row) for row in rows}) != 1 or not 1 <= int(speaker) <= SPEAKERS:
                raise ValueError(f"{path}, line {number}: not {COEFFICIENTS} series of one length and a speaker")
            found.append((torch.tensor(rows), int(speaker) - 1))
    return found


def main(arguments: list[str] | None = None) -> int:
    """Read both and write one, padded with zeros to the longest, in half precision."""
    parser = argparse.ArgumentParser(description="Japanese Vowels into data/vowels.")
    parser.add_argument("folder", type=Path, help="with the .ts files")
    folder = parser.parse_args(arguments).folder
    found = []
    for name, count in FILES.items():
        of_file = read(folder / name)
        if len(of_file) != count:
            raise SystemExit(f"{folder / name} must have {count} utterances; got {len(of_file)}")
        found += of_file
    longest = max(series.shape[1] for series, _ in found)
    tensors = {
        "series": torch.stack([torch.nn.functional.pad(x, (0, longest - x.shape[1])) for x, _ in found]).half(),
        "length": torch.tensor([x.shape[1] for x, _ in found], dtype=torch.uint8),
        "speaker": torch.tensor([speaker for _, speaker in found], dtype=torch.uint8),
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    with replacing(OUT) as temporary:
        save_file(tensors, temporary, {"command": "python tools/runs/vowels.py", "licence": "CC BY 4.0"})
    return 0


if __name__ == "__main__":
    sys.exit(main())
