"""``python -m ppgn_lib.metrics``: how the images of one folder compare with those of another."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from tqdm import tqdm

from ppgn_lib import checks, metrics
from ppgn_lib.data.batches import Batch, Images
from ppgn_lib.data.folder import ImageFolder
from ppgn_lib.metrics.distances import with_intervals
from ppgn_lib.metrics.diversity import KERNEL

BLOCK = 100  # images that are in memory at a time while they are judged


class NamedJudge(NamedTuple):
    """A judge and the names of its classes."""

    judge: metrics.Judge
    classes: tuple[str, ...]


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and print a line for each measure. Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m ppgn_lib.metrics",
        description="Compare samples with real images: two folders, in each a subfolder for each class, or none.",
        epilog="Accuracy and score are by the judge named, not the Inception scores of the literature.",
    )
    parser.add_argument("samples", type=Path)
    parser.add_argument("real", type=Path)
    parser.add_argument("--judge", default="evaluator", help="evaluator (default), inception, or the file of a network")
    parser.add_argument("--head", help="of the judge; default: the one that has the folders' classes, else its first")
    parser.add_argument("--size", type=int, metavar="S", help="resize to S pixels; default: all have one size already")
    parser.add_argument("--neighbours", type=int, default=5, metavar="K", help="k of precision, recall, coverage (5)")
    parser.add_argument(
        "--pixels", type=int, default=2000, metavar="N", help="images of each folder for measures of pixels (2000)"
    )
    given = parser.parse_args(arguments)
    try:
        samples, real = (ImageFolder(folder, size=given.size) for folder in (given.samples, given.real))
        judge = open_judge(given.judge, given.head, real.classes["class"])
        found = compare(samples, real, judge, given.neighbours, given.pixels)
        width = max(map(len, found))
        for name, value in found.items():
            print(f"{name:<{width}}  {value}")
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def open_judge(name: str, head: str | None, names: Sequence[str]) -> NamedJudge:
    """The judge of that name, on a GPU if there is one; without a head the one that knows the classes named."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if name == "inception":
        from torchvision.models import Inception_V3_Weights

        if head is not None:
            raise ValueError(f"inception has no heads; got --head {head}: leave it out")
        judge = metrics.inception(device=device)
        return NamedJudge(judge, tuple(Inception_V3_Weights.IMAGENET1K_V1.meta["categories"]))
    from ppgn_lib.networks import zoo  # here: for help and errors of the command line it is not needed

    if name not in zoo.names() and not Path(name).is_file():
        raise ValueError(f"--judge must be one of {', '.join(zoo.names())}, inception, or a file; there is no {name!r}")
    net: nn.Module = zoo.load(name) if name in zoo.names() else zoo.load_file(name)
    classes = getattr(net, "classes", None)
    if not isinstance(classes, dict):
        raise ValueError(f"--judge must be a classifier; {name} is a {type(net).__name__}: take an evaluator")
    if head is None:
        fitting = [known for known, of in classes.items() if set(names) <= set(of)]
        head = (fitting or list(classes))[0]
    checks.known([head], classes, "--head")
    return NamedJudge(metrics.judge_with(net.to(device), head), classes[head])


def compare(samples: Images, real: Images, judge: NamedJudge, k: int = 5, pixels: int = 2000) -> dict[str, str]:
    """All measures that two sets of images with the one head "class" allow, as text.

    Images are judged block by block; what compares pixels is of at most ``pixels`` of each set, drawn at random.

    Raises
    ------
    ValueError
        Other classes or another size in one set than in the other, too few images, or a judge that does not take them.

    """
    names = real.classes["class"]
    by_class = max(len(names), len(samples.classes["class"])) > 1
    if by_class and samples.classes["class"] != names:
        raise ValueError(f"both folders need the same subfolders; got {samples.classes['class']} and {names}")
    if samples.size != real.size:
        raise ValueError(
            f"both folders need images of one size; got {samples.size} and {real.size} pixels: give --size"
        )
    pixels = checks.count(pixels, "--pixels")
    y, y_real = samples.labels()["class"], real.labels()["class"]
    judged, judged_real = (
        metrics.judgement(judge.judge, _blocks(data, label))
        for data, label in ((samples, "judging samples"), (real, "judging real images"))
    )
    near = metrics.neighbours_by_class(judged.features, y, judged_real.features, y_real, k)
    found = {name: str(value) for name, value in near._asdict().items()}
    found |= _accuracy(judged.logits, y, names, judge.classes)
    distances = with_intervals(judged.features, judged_real.features)
    found |= {f"{name}, all classes together": str(value) for name, value in distances.items()}
    if len(samples) != len(real):
        found["note"] = f"{len(samples)} and {len(real)} images: Frechet distance and coverage depend on the numbers"
    found["score"] = f"{metrics.score(judged.logits)} (real {metrics.score(judged_real.logits).value:.3f})"
    return found | _of_pixels(_some(samples, pixels), _some(real, pixels), by_class, max(len(samples), len(real)))


def _blocks(data: Images, label: str) -> Iterator[Tensor]:
    for first in tqdm(range(0, len(data), BLOCK), desc=label, unit="block", leave=False):
        yield data.batch(range(first, min(first + BLOCK, len(data)))).x


def _accuracy(logits: Tensor, y: Tensor, names: Sequence[str], known: Sequence[str]) -> dict[str, str]:
    if all(known.count(name) == 1 for name in names):  # ImageNet has two classes called crane
        wanted = torch.tensor([known.index(name) for name in names])
        return {"accuracy": str(metrics.accuracy(logits, wanted[y]))}
    if len(names) == logits.shape[1] > 1:
        return {"accuracy": f"{metrics.accuracy(logits, y)} (folders taken in order for the judge's classes)"}
    return {}


def _some(data: Images, most: int) -> Batch:
    """At most that many of the images, always the same ones."""
    if len(data) <= most:
        return data.batch()
    return data.batch(torch.randperm(len(data), generator=torch.Generator().manual_seed(0))[:most].sort().values)


def _of_pixels(ours: Batch, theirs: Batch, by_class: bool, largest: int) -> dict[str, str]:
    found = {}
    (x, y), (x_real, y_real) = ((batch.x, batch.labels["class"]) for batch in (ours, theirs))
    if max(len(x), len(x_real)) < largest:
        found["what follows is of"] = f"{len(x)} samples and {len(x_real)} real images, drawn at random (seed 0)"
    if min(*x.shape[2:], *x_real.shape[2:]) >= 4 * KERNEL:
        for name, of in (("", lambda images: images), (" of luminance", metrics.normalised_luminance)):
            values = [metrics.diversity(of(images), labels) for images, labels in ((x, y), (x_real, y_real))]
            found[f"1 - MS-SSIM{name}"] = f"{values[0]} (real {values[1].value:.3f})"
        if by_class:
            more, classes = metrics.classes_more_diverse(x, y, x_real, y_real)
            found["classes more diverse"] = f"{more} of {classes}, than the least diverse real one"
    if all(images.shape[2] == images.shape[3] for images in (x, x_real)):
        ratios = metrics.band_ratios(x, x_real)
        found["power by band over real's"] = "  ".join(f"{ratio.value:.2f}" for ratio in ratios)
    return found


if __name__ == "__main__":
    sys.exit(main())
