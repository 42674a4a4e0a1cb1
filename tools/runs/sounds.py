"""Chains on series of sounds: speakers and completions by three priors, all networks anew for each seed. Resumable.

    python tools/runs/sounds.py            all that is not there yet (minutes)
    python tools/runs/sounds.py --seeds 3  one seed

The recurrent network chooses settings on the series for tuning; what it says is not reported. Stored are numbers by
speaker, and of the first seed some series.
"""

from __future__ import annotations

import argparse
import sys
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import bulk
import stored
import torch
from sklearn.decomposition import PCA
from sound_judges import (
    Reporter,
    by_speaker,
    error,
    finite,
    half,
    kid_by_speaker,
    nearest_distance,
    nearest_other,
    ratio,
)
from torch import Tensor
from tqdm import tqdm

from ppgn_lib import Eps, chain, conditions, metrics
from ppgn_lib.data.vowels import COEFFICIENTS, MOMENTS, SPEAKERS, Vowels, vowels
from ppgn_lib.experts.known_pixels import measured
from ppgn_lib.experts.priors import autoencoder, gaussian
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.series import RecurrentClassifier, SeriesClassifier, SeriesDenoiser, best_linear
from ppgn_lib.sampling.chain import LogProb, Prior
from ppgn_lib.sampling.noise import Noise
from ppgn_lib.training.series import denoiser_of, taught

STORE = bulk.RESULTS / "sounds.safetensors"
SEEDS = tuple(range(5))
SIGMA = 0.35  # noise of the denoiser, in deviations of a coefficient
COMPONENTS = 20
STEPS_R, STEPS_C = 4000, 400  # of the trainings
CHAINS, TUNING_CHAINS, UPDATES = 20, 20, 250
SHOWN = 5  # chains a speaker, and one completion
TUNING_FROM, CHAINS_FROM = 300_000, 310_000
# eps1, eps2, and noise as a share of Langevin's, sqrt(2 eps1) times what R was trained with (1 for N(0, I)).
SETTINGS = [(eps1, eps2, 0.0) for eps1 in (0.1, 0.3) for eps2 in (1.0, 3.0, 5.0, 10.0)]
SETTINGS += [(0.1, eps2, share) for eps2 in (3.0, 10.0) for share in (0.5, 1.0)]
NOISE_OF = {"denoiser": SIGMA, "components": SIGMA, "gaussian": 1.0}
KNOWN = MOMENTS // 2
STD = 10**0.5  # of what is known: eps2 of 10 sets it, eps2 of 1 goes a tenth of the way
Setting = tuple[float, float, float]


class Networks(NamedTuple):
    """What one seed trains, each from numbers of its own."""

    R: SeriesDenoiser
    C: SeriesClassifier
    selector: RecurrentClassifier


def main(arguments: list[str] | None = None) -> int:
    """Train, tune and measure what is missing."""
    parser = argparse.ArgumentParser(description="Chains on series of sounds.")
    parser.add_argument(
        "--seeds", type=int, nargs="+", default=list(SEEDS), choices=SEEDS, help="of trainings and chains"
    )
    given = parser.parse_args(arguments)
    for seed in tqdm(given.seeds, desc="sounds", unit="seed"):
        if stored.entry_of(STORE, str(seed), belongs_to()) is None:
            shown, found = followed(seed)
            tensors = {f"{seed}.{name}": x.half() for name, x in shown.items()}
            entry = {**belongs_to(), **found}
            stored.add_entry(STORE, str(seed), tensors, entry, {"command": "python tools/runs/sounds.py"})
    return 0


def belongs_to() -> dict[str, Any]:
    """What a stored seed has to agree with."""
    return {
        "protocol": {
            "sigma": SIGMA,
            "components": COMPONENTS,
            "trainings": [STEPS_R, STEPS_C],
            "chains": [CHAINS, TUNING_CHAINS, UPDATES],
            "settings": [list(setting) for setting in SETTINGS],
            "known": [KNOWN, STD],
        },
        "made_with": stored.made_with(Path(__file__)),
    }


def networks(seed: int) -> Networks:
    """All of a seed, frozen."""
    train, of_c = vowels("train"), half()
    with torch.random.fork_rng():
        torch.manual_seed(1000 + seed)
        C, selector = SeriesClassifier(COEFFICIENTS, MOMENTS, SPEAKERS), RecurrentClassifier(COEFFICIENTS, SPEAKERS)
    return Networks(
        denoiser_of(train.x, SIGMA, steps=STEPS_R, seed=seed),
        taught(C, train.x[of_c], train.y[of_c], steps=STEPS_C, seed=2000 + seed),
        taught(selector, train.x, train.y, steps=STEPS_C, seed=3000 + seed),
    )


def priors(nets: Networks) -> dict[str, Prior]:
    """The two of which one is a network, and the plainest one beside them."""
    pca = PCA(COMPONENTS, random_state=0).fit(vowels("train").x.flatten(1).numpy())
    axes, mean = (torch.from_numpy(part).float() for part in (pca.components_, pca.mean_))

    def projected(x: Tensor) -> Tensor:
        return (mean + (x.flatten(1) - mean) @ axes.T @ axes).view_as(x)

    return {"denoiser": autoencoder(nets.R), "components": autoencoder(projected), "gaussian": gaussian()}


def eps_of(setting: Setting, name: str) -> Eps:
    """The multipliers of a setting for a prior."""
    eps1, eps2, share = setting
    return Eps(eps1, eps2, share * (2 * eps1) ** 0.5 * NOISE_OF[name])


def noise_of(first: int, count: int) -> tuple[Tensor, list[int]]:
    """Starts (count, C, T) from N(0, I), and seeds of as many chains."""
    seeds = list(range(first, first + count))
    return Noise(seeds).draw(torch.empty(count, COEFFICIENTS, MOMENTS)), [seed + 1_000_000 for seed in seeds]


def ends(prior: Prior, condition: LogProb, eps: Eps, first: int, count: int) -> Tensor:
    """The last series (count, C, T) of chains; NaN for those that diverge."""
    x0, seeds = noise_of(first, count)
    for state in chain(x0, prior, condition, eps, steps=UPDATES, seeds=seeds, lost="nan"):
        last = state.h
    return last


def going_on(x: Tensor) -> LogProb:
    """The condition that chains begin as the series x (N, C, T) do, one each."""
    return measured(lambda x: x[:, :, :KNOWN], x[:, :, :KNOWN], STD)


def tuned(nets: Networks, name: str, prior: Prior) -> tuple[list[dict[str, Any]], Setting]:
    """What the selector says of each setting, and the one that is chosen, for speakers."""
    near = vowels("validation")
    real = metrics.accuracy(nets.selector(near.x), near.y).value
    y, points = torch.arange(SPEAKERS).repeat_interleave(TUNING_CHAINS), []
    for setting in SETTINGS:
        x = ends(prior, conditions.classes(nets.C, y), eps_of(setting, name), TUNING_FROM, len(y))
        there, x = finite(x), x.nan_to_num()
        right = (nets.selector(x).argmax(1) == y) & there
        kid = metrics.kernel_distance_by_class(nets.selector.features(x), y, nets.selector.features(near.x), near.y)
        points.append({"setting": setting, "accuracy": right.double().mean().item(), "kid": kid.value})
    return points, tuple(protocol.choose(points, real)["setting"])


def completed_with(name: str, prior: Prior) -> Setting:
    """The setting with the smallest error on the series for tuning."""
    x = vowels("validation").x
    errors = [error(ends(prior, going_on(x), eps_of(s, name), TUNING_FROM, len(x)), x, KNOWN).mean() for s in SETTINGS]
    return SETTINGS[int(torch.stack(errors).argmin())]


@cache
def of_all_seeds() -> tuple[Reporter, dict[str, list[float]]]:
    """What does not depend on the seed: who reports, what is said of the recordings, and what the mean would reach."""
    reporter, train, test = Reporter(), vowels("train"), vowels("test")
    return reporter, {
        "named_real": by_speaker(reporter.named(test.x, test.y), test.y),
        "kid_other": kid_by_speaker(reporter, train, test, nearest_other(reporter, train)),
        "error_mean": by_speaker(error(train.x.mean(0).expand_as(test.x), test.x, KNOWN), test.y),
    }


def followed(seed: int) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """All that is stored of a seed: series of the first one, and numbers."""
    nets, (reporter, same) = networks(seed), of_all_seeds()
    train, test = vowels("train"), vowels("test")
    noisy = test.x + SIGMA * Noise([seed]).draw(test.x[None])[0]
    linear = (noisy.flatten(1) @ best_linear(train.x.flatten(1), SIGMA)).view_as(noisy)
    found: dict[str, Any] = {
        **same,
        "error_denoiser": by_speaker((nets.R(noisy) - test.x).square().mean((1, 2)), test.y),
        "error_linear": by_speaker((linear - test.x).square().mean((1, 2)), test.y),
    }
    y = torch.arange(SPEAKERS).repeat_interleave(CHAINS)
    shown: dict[str, Tensor] = {}
    for name, prior in tqdm(priors(nets).items(), desc=f"seed {seed}", leave=False):
        points, setting = tuned(nets, name, prior)
        x = ends(prior, conditions.classes(nets.C, y), eps_of(setting, name), CHAINS_FROM + 1000 * seed, len(y))
        there, distance = finite(x), kid_by_speaker(reporter, Vowels(x.nan_to_num(), y), test)
        # A chain that diverged counts as a copy, always the same one.
        whole = torch.where(there[:, None, None], x, train.x[[int((train.y == c).nonzero()[0]) for c in y]])
        far = nearest_distance(whole, y, train)
        # What has gone through R is smoother, and so nearer to everything.
        far_real = nearest_distance(test.x + prior(test.x), test.y, train)
        end = completed_with(name, prior)
        completed = ends(prior, going_on(test.x), eps_of(end, name), CHAINS_FROM + 1000 * seed, len(test.x))
        if seed == SEEDS[0]:
            first = torch.cat([(test.y == c).nonzero()[:1, 0] for c in range(SPEAKERS)])
            shown |= {f"{name}.ends": protocol.first_of(x, SHOWN, SPEAKERS), f"{name}.completed": completed[first]}
        found[name] = {
            "points": points,
            "setting": list(setting),
            "named": by_speaker(reporter.named(x, y), y),
            "climbed": by_speaker((nets.C(whole).argmax(1) == y) & there, y),
            "kid": distance,
            "spread": [ratio(whole[y == c], test.x[test.y == c]) for c in range(SPEAKERS)],
            "copied": [
                (far[y == c] < far_real[test.y == c].quantile(0.05)).double().mean().item() for c in range(SPEAKERS)
            ],
            "lost": int((~there).sum()),
            "completing": list(end),
            "error": by_speaker(error(completed, test.x, KNOWN), test.y),
            "lost_completed": int((~finite(completed)).sum()),
        }
    return shown, found


if __name__ == "__main__":
    sys.exit(main())
