"""``python -m ppgn_lib.metrics``: how the images of one folder compare with those of another."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ppgn_lib import metrics
from ppgn_lib.metrics.distances import with_intervals


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and print a line for each measure. Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m ppgn_lib.metrics",
        description="Compare samples with real images: two folders, in each a subfolder for each class, or none.",
        epilog="Accuracy and score are by the judge named, not the Inception scores of the literature.",
    )
    parser.add_argument("samples", type=Path)
    parser.add_argument("real", type=Path)
    parser.add_argument("--judge", choices=("evaluator", "inception"), default="evaluator")
    parser.add_argument("--neighbours", type=int, default=5, metavar="K", help="k of precision, recall, coverage (5)")
    given = parser.parse_args(arguments)
    try:
        for name, value in compare(given.samples, given.real, given.judge, given.neighbours).items():
            print(f"{name:<28} {value}")
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def compare(samples: Path, real: Path, judge: str = "evaluator", k: int = 5) -> dict[str, str]:
    """All measures that two folders of images allow, as text.

    Raises
    ------
    ValueError
        Other classes in one folder than in the other, or too few images.

    """
    ours, theirs = metrics.as_images(samples), metrics.as_images(real)
    by_class = max(len(ours.names), len(theirs.names)) > 1
    if by_class and ours.names != theirs.names:
        raise ValueError(f"both folders need the same subfolders; got {ours.names} and {theirs.names}")
    if judge == "evaluator":
        from ppgn_lib.zoo import load

        look = metrics.by(load("evaluator"))
    else:
        look = metrics.inception()
    seen, seen_real = (metrics.see(look, images.x, size=100) for images in (ours, theirs))
    near = metrics.neighbours_by_class(seen.features, ours.y, seen_real.features, theirs.y, k)
    found = {name: str(value) for name, value in near._asdict().items()}
    if by_class and judge == "evaluator" and len(theirs.names) == seen.logits.shape[1]:
        found["accuracy"] = f"{metrics.accuracy(seen.logits, ours.y)} (folders in the order of the judge's classes)"
    distances = with_intervals(seen.features, seen_real.features)
    found |= {f"{name}, all classes together": str(value) for name, value in distances.items()}
    if len(ours.x) != len(theirs.x):
        found["note"] = f"{len(ours.x)} and {len(theirs.x)} images: Frechet distance and coverage depend on the numbers"
    found["score"] = f"{metrics.score(seen.logits)} (real {metrics.score(seen_real.logits).value:.3f})"
    for name, of in (("", lambda x: x), (" of luminance", metrics.normalised_luminance)):
        values = [metrics.diversity(of(images.x), images.y) for images in (ours, theirs)]
        found[f"1 - MS-SSIM{name}"] = f"{values[0]} (real {values[1].value:.3f})"
    if by_class:
        more, classes = metrics.classes_more_diverse(ours.x, ours.y, theirs.x, theirs.y)
        found["classes more diverse"] = f"{more} of {classes}, than the least diverse real one"
    found["power by band over real's"] = "  ".join(f"{r.value:.2f}" for r in metrics.band_ratios(ours.x, theirs.x))
    return found


if __name__ == "__main__":
    sys.exit(main())
