"""How different the samples of one class are from each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import torch
from torch import Tensor

from ppgn_lib.metrics.intervals import Estimate, wilson

# Wang et al.'s (2003) weights of their first three scales, made to sum to one: five do not fit into 32 pixels.
BETAS = (0.0448 / 0.6305, 0.2856 / 0.6305, 0.3001 / 0.6305)
KERNEL = 7  # pixels, uniform: at the third scale 8 pixels are left
BLOCK = 250  # pairs compared at a time, for the memory of large images
ROUNDING = 1e-9  # of MS-SSIM in double precision, where it is 1


def ms_ssim(a: Tensor, b: Tensor) -> Tensor:
    """MS-SSIM of pairs of images (N, C, H, W) in [-1, 1], as (N,): 1 for equal ones (torchmetrics).

    Three scales, 7x7 uniform kernel, negative terms cut to 0; so it compares with no MS-SSIM of larger images.
    """
    if a.shape != b.shape or a.ndim != 4 or min(a.shape[2:]) < 4 * KERNEL:
        raise ValueError(
            f"needs two (N, C, H, W) of at least {4 * KERNEL} pixels; got {tuple(a.shape)}, {tuple(b.shape)}"
        )
    # Here: it takes seconds to load, and most who import metrics compare no pixels.
    from torchmetrics.functional.image import multiscale_structural_similarity_index_measure

    return multiscale_structural_similarity_index_measure(
        (a.double() + 1) / 2,
        (b.double() + 1) / 2,
        gaussian_kernel=False,
        kernel_size=KERNEL,
        data_range=1.0,
        betas=BETAS,
        reduction="none",
        normalize="relu",
    )


def normalised_luminance(x: Tensor) -> Tensor:
    """Luminance (Rec. 601) of images (N, 3, H, W), each with mean 0 and standard deviation 0.5, cut to [-1, 1].

    Random tints dominate any comparison of RGB values; what is left here is shape, and whether the item is brighter
    or darker than its background.
    """
    grey = (x * x.new_tensor([0.299, 0.587, 0.114])[:, None, None]).sum(1, keepdim=True)
    if not len(grey):
        return grey  # torch warns of the deviation of nothing
    deviation, mean = torch.std_mean(grey, dim=(1, 2, 3), keepdim=True)
    return ((grey - mean) / deviation.clamp(min=1e-6) / 2).clamp(-1, 1)


def pair_diversity(
    x: Tensor, y: Tensor, seed: int = 0, alike: Callable[[Tensor, Tensor], Tensor] = ms_ssim
) -> dict[int, Tensor]:
    """``1 - MS-SSIM`` of random pairs within each class: class -> (n // 2,). Each image is in one pair at most.

    What is within rounding of 0, pairs of equal images, is 0. ``alike``: what says how like two images are.
    """
    generator = torch.Generator().manual_seed(seed)
    found = {}
    for c in y.unique().tolist():
        of_class = x[y == c].cpu()
        order = torch.randperm(len(of_class), generator=generator)
        half = len(order) // 2
        if half:
            pairs = (of_class[order[first : first + half]].split(BLOCK) for first in (0, half))
            differ = 1 - torch.cat([alike(a, b) for a, b in zip(*pairs, strict=True)])
            found[c] = torch.where(differ < ROUNDING, 0.0, differ)
    return found


def diversity(x: Tensor, y: Tensor, seed: int = 0, classes: Iterable[int] | None = None) -> Estimate:
    """Mean ``1 - MS-SSIM`` over pairs within a class, all classes of equal weight; interval over pairs.

    ``classes``: those that have to count (default: those of y). One with fewer than two images counts as 0. Where all
    is 0, the interval is Wilson's of a share, which bounds any mean of values in [0, 1]; without any pair it is [0, 1].
    """
    return mean_of_pairs(pair_diversity(x, y, seed), y.unique().tolist() if classes is None else classes)


def pair_variety(x: Tensor, y: Tensor, seed: int = 0) -> dict[int, Tensor]:
    """As ``pair_diversity`` of normalised luminance, with brightness turned round in a pair that is more alike so.

    Colours are drawn at random for each photograph, so an item is brighter than its wall by chance, and MS-SSIM takes
    the two for unlike. Here one outline, bright or dark on its wall, is no variety. Images x (N, 3, H, W) in [-1, 1];
    the pairs are those of ``pair_diversity``.
    """

    def alike(a: Tensor, b: Tensor) -> Tensor:
        return torch.maximum(ms_ssim(a, b), ms_ssim(a, -b))  # the luminance of the negative is its own negative

    return pair_diversity(normalised_luminance(x), y, seed, alike)


def mean_of_pairs(pairs: Mapping[int, Tensor], classes: Iterable[int]) -> Estimate:
    """Mean over classes of what ``pair_diversity`` or ``pair_variety`` gave, all of equal weight; interval over pairs.

    A class without a pair counts as 0. Where all is 0, the interval is Wilson's of a share, which bounds any mean of
    values in [0, 1]; without any pair it is [0, 1].
    """
    wanted = list(classes)
    present = [pairs[c] for c in wanted if c in pairs]
    count = sum(map(len, present))
    if not any(differ.any() for differ in present):
        return wilson(0, count)
    value = sum(float(differ.mean()) for differ in present) / len(wanted)
    variance = sum(float(differ.var()) / len(differ) for differ in present if len(differ) > 1)
    half = 1.96 * variance**0.5 / len(wanted)
    return Estimate(value, value - half, value + half, count)


def classes_more_diverse(x: Tensor, y: Tensor, x_real: Tensor, y_real: Tensor, seed: int = 0) -> tuple[int, int]:
    """How many classes of the samples are more diverse than the least diverse class of real images, and of how many.

    The AC-GAN paper's count: mean ``1 - MS-SSIM`` of a class against the smallest one of real classes. A class with
    fewer than two samples is not more diverse than anything, but counts in the second number. Raises ``ValueError`` if
    no class has two real images.
    """
    of_real = pair_diversity(x_real, y_real, seed)
    if not of_real:
        raise ValueError("needs two real images of a class, to compare with each other; no class has them: add some")
    least = min(float(v.mean()) for v in of_real.values())
    means = [float(v.mean()) for v in pair_diversity(x, y, seed).values()]
    return sum(mean > least for mean in means), len(y_real.unique())


def spread(features: Tensor, y: Tensor) -> float:
    """Mean Euclidean distance between two samples of the same class, in a judge's features (N, F).

    Classes with one sample are left out; without any other the spread is 0. A collapsed class has 0; only the
    comparison with real images of the same classes and number says anything.
    """
    within = [torch.pdist(features[y == c]).mean() for c in y.unique() if (y == c).sum() > 1]
    return float(torch.stack(within).mean()) if within else 0.0
