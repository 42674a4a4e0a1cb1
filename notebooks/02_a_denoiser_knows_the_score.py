# %% [markdown]
# # A denoiser knows the score
#
# **Question.** The samplers of [the last chapter](01_from_mh_to_mala_approx.ipynb) need $\nabla \log p(x)$, the *score*.
# For pictures nobody can write it down. A network that has learnt nothing but to remove noise gives an estimate of it. Why
# does it, and of which density is it the score?
#
# The first figure shows this in the plane, where the exact answer is known. Clean points $x$ come from six Gaussian blobs on
# a ring. A small network $R$ is shown points with noise of standard deviation $\sigma$ and is trained to give the clean ones back.
# Its displacement $R(x) - x$, divided by $\sigma^2$, is drawn beside the exact score of the density of noisy points.

# %% tags=["parameters"]
fit_steps = None  # training steps of each denoiser; None: the profile's value, here and below
seeds = None  # trainings at each noise, for C04
points = None  # that errors are measured at
chains = None  # that sample with the learnt score
images = None  # noisy ones that the image denoiser is tried on
image_steps = None  # of its chain at one noise
image_levels = None  # of noise, from large to small

# %% tags=["set-up"]
import inspect
import math
from functools import cache

from IPython.display import Code

from ppgn_lib import Eps, Noise, chain, metrics
from ppgn_lib.book import claims
from ppgn_lib.book.record import record
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.experts.fields import asymmetry, relative_error, score
from ppgn_lib.experts.priors import autoencoder
from ppgn_lib.metrics import mean_with_interval
from ppgn_lib.networks.denoisers import ResidualMLP
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling import densities
from ppgn_lib.sampling.chain import value_and_grad
from ppgn_lib.training.point_denoiser import dae_loss, fit

# %% tags=["hide-input"]
BLOBS, STD, SIGMA = 6, 0.3, 0.5
angle = 2 * math.pi * torch.arange(BLOBS) / BLOBS
weights = torch.tensor([1.0, 2.0, 3.0, 1.0, 2.0, 3.0]) / 12
means = 2 * torch.stack([angle.cos(), angle.sin()], 1)
clean = densities.mixture(weights, means, STD)


def sample(n, generator):
    """Clean points (n, 2)."""
    which = torch.multinomial(weights, n, replacement=True, generator=generator)
    return means[which] + STD * torch.randn(n, 2, generator=generator)


def trained(sigma, seed=0, width=128, steps=settings.fit_steps):
    """A denoiser for this noise."""
    return training(sigma, seed, width, steps)


@cache
def training(sigma, seed, width, steps):
    """None is trained twice."""
    torch.manual_seed(seed)  # the first weights; `fit` draws its samples by itself
    R = ResidualMLP(2, width)
    for _ in fit(R, sample, sigma, steps=steps, seed=seed):
        pass
    return R.requires_grad_(False)


def exact(sigma, x):
    """Score of the density after noise sigma; sigma = 0: of the density itself."""
    after = densities.smoothed(weights, means, STD, sigma)
    return value_and_grad(after.log_prob, x)[1]


generator = torch.Generator().manual_seed(10_000)
draws = sample(settings.points, generator)  # clean; no training has seen them
z = torch.randn(draws.shape, generator=generator)
noisy = draws + SIGMA * z
R = trained(SIGMA)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Left: noisy points (dots) and where R sends them (arrows), over contours of the clean density. Middle: what R has learnt as a score, (R(x) - x)/σ². Right: the exact score of the smoothed density. Arrows in the middle and on the right have one scale.", "name": "fig-dae-arrows"}, "image": {"alt": "Three panels with six blobs on a ring. In all of them arrows point from the surroundings to the blobs; the middle and the right panel look alike."}}
a, b = torch.meshgrid(
    torch.linspace(-3.6, 3.6, 19), torch.linspace(-3.6, 3.6, 19), indexing="xy"
)
lattice = torch.stack([a, b], -1).view(-1, 2)
fine = torch.stack(
    torch.meshgrid(
        torch.linspace(-4, 4, 120), torch.linspace(-4, 4, 120), indexing="xy"
    ),
    -1,
)
density = clean.log_prob(fine.view(-1, 2)).exp().view(120, 120)
fig, axes = plt.subplots(1, 3, figsize=(10, 3.5))
few = noisy[:120]
moved = R(few) - few
axes[0].quiver(
    *few.T,
    *moved.T,
    angles="xy",
    scale_units="xy",
    scale=1,
    width=0.004,
    color=figures.PALETTE[0],
)
axes[0].scatter(*few.T, s=6, color=figures.PALETTE[1], zorder=3)
for ax, field in (
    (axes[1], score(R, SIGMA)(lattice)),
    (axes[2], exact(SIGMA, lattice)),
):
    ax.quiver(
        *lattice.T,
        *field.T,
        angles="xy",
        scale_units="xy",
        scale=14,
        width=0.005,
        color=figures.PALETTE[0],
    )
for ax, title in zip(
    axes, ("points and R(x)", "learnt score", "exact score, smoothed"), strict=True
):
    ax.contour(*fine.unbind(-1), density, colors="#999999", linewidths=0.7)
    ax.set(
        xlim=(-3.8, 3.8),
        ylim=(-3.8, 3.8),
        xticks=[],
        yticks=[],
        title=title,
        aspect="equal",
    )
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
fig.tight_layout()
plt.show()

# %% [markdown]
# The middle and the right panel look the same. That is what this chapter expects, and {eq}`eq-score` below says why. It may
# still surprise: $R$ was never shown a value of any density, only noisy points and the clean ones behind them.
#
# ## What the best denoiser is
#
# Take a clean $x$ from $p$ and show $\tilde x = x + \sigma z$, with $z$ standard normal. A denoising autoencoder $R$ is trained to
# give $x$ back, with the loss

# %% tags=["hide-input"]
Code(inspect.getsource(dae_loss), language="python")

# %% [markdown]
# Many $x$ may lie behind one $\tilde x$. Of all answers the mean has the least squared error, so the best denoiser is
#
# $$R^*(\tilde x) \;=\; \mathbb E[x \mid \tilde x].$$ (eq-best)
#
# Now for the density of what $R$ is shown. Adding noise to $p$ blurs it,
# $p_\sigma(\tilde x) = \int p(x)\, \mathcal N(\tilde x; x, \sigma^2)\, \mathrm dx$, and the slope of a normal density is
# $\nabla_{\tilde x}\, \mathcal N(\tilde x; x, \sigma^2) = \frac{x - \tilde x}{\sigma^2}\, \mathcal N(\tilde x; x, \sigma^2)$.
# Differentiate under the integral and divide by $p_\sigma$:
#
# $$\nabla \log p_\sigma(\tilde x)
# = \int \frac{x - \tilde x}{\sigma^2}\; \frac{p(x)\, \mathcal N(\tilde x; x, \sigma^2)}{p_\sigma(\tilde x)}\, \mathrm dx
# = \int \frac{x - \tilde x}{\sigma^2}\; p(x \mid \tilde x)\, \mathrm dx
# = \frac{\mathbb E[x \mid \tilde x] - \tilde x}{\sigma^2}.$$ (eq-tweedie)
#
# This is *Tweedie's formula* {cite}`efron2011tweedie`. Put the two together ({cite}`vincent2011connection` has the same from the side of score matching):
#
# $$\frac{R^*(\tilde x) - \tilde x}{\sigma^2} \;=\; \nabla \log p_\sigma(\tilde x).$$ (eq-score)
#
# This holds at every $\sigma$, for the best denoiser, and it gives the score of $p_\sigma$, the density after the noise. The paper's
# Eq. 6, after {cite}`alain2014dae`, has $p$ itself on the right. That holds in the limit $\sigma \to 0$ only: Alain and Bengio
# expand $R^*$ for small noise and find $R^*(x) = x + \sigma^2\, \nabla \log p(x) + o(\sigma^2)$. So the two statements differ by what
# the noise does to the density: it blurs it.
#
# The next figure shows the difference in one dimension, for a density of two bumps and for three sizes of noise:

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Scores in one dimension. Grey: of the density itself. Black: of the density after the noise. Orange, dashed: what a denoiser has learnt. Light blue: the smoothed density, not to scale.", "name": "fig-dae-line"}, "image": {"alt": "Three panels for growing noise. At 0.4 and 1 the dashed line lies on the black one, and the grey line is much steeper than both. At 0.1 black and grey nearly coincide, and the dashed line is flatter between the bumps and at both edges."}}
line_weights, line_means, LINE_STD = (
    torch.tensor([0.4, 0.6]),
    torch.tensor([[-1.0], [1.2]]),
    0.35,
)


def line_sample(n, generator):
    which = torch.multinomial(
        line_weights, n, replacement=True, generator=generator
    )
    return line_means[which] + LINE_STD * torch.randn(n, 1, generator=generator)


line = torch.linspace(-3, 3, 301)[:, None]
fig, axes = plt.subplots(1, 3, figsize=(10, 3), sharey=True)
for ax, sigma in zip(axes, (0.1, 0.4, 1.0), strict=True):
    torch.manual_seed(0)
    denoiser = ResidualMLP(1, 64)
    for _ in fit(denoiser, line_sample, sigma, steps=settings.fit_steps // 2):
        pass
    after = densities.smoothed(line_weights, line_means, LINE_STD, sigma)
    before = densities.mixture(line_weights, line_means, LINE_STD)
    ax.fill_between(
        line[:, 0],
        8 * after.log_prob(line).exp() - 15,
        -15,
        color=figures.PALETTE[5],
        alpha=0.3,
    )
    ax.plot(
        line,
        value_and_grad(before.log_prob, line)[1],
        color="#999999",
        linewidth=1,
        label="of the density",
    )
    truth = value_and_grad(after.log_prob, line)[1]
    ax.plot(line, truth, color="black", label="of the smoothed one")
    with torch.no_grad():
        guess = score(denoiser, sigma)(line)
    ax.plot(line, guess, "--", color=figures.PALETTE[1], label="learnt")
    ax.set(xlabel="x", title=f"σ = {sigma}", ylim=(-15, 15))
axes[0].set_ylabel("score")
axes[0].legend(fontsize=8, loc="upper right")
fig.tight_layout()
plt.show()

# %% [markdown]
# At noise of 0.4 and 1 the dashed line lies on the black one: the network has learnt the score of the smoothed density, as
# {eq}`eq-score` says, and not that of the density itself. At noise of 0.1 black and grey are nearly one line, but the network is off the line in two places, between the bumps and at the edges. This too was to be expected. Few training points lie there, and
# little noise makes the task harder: $R$ has to learn a displacement of order $\sigma^2$ from targets that scatter by $\sigma$.
#
# ## How good is the estimate?
#
# C04 is the claim that $(R(x) - x) / \sigma^2$ estimates the score and that, for a network of enough capacity, the estimate gets better as
# the noise goes to zero. It is measured in the plane, by the relative error
# $\sqrt{\mathbb E \lVert \hat s - s \rVert^2 / \mathbb E \lVert s \rVert^2}$ of a learnt score $\hat s$, in two ways:
#
# - against the score $s$ of the density itself, at clean points, which are the same ones for every $\sigma$. This is what a sampler of $p$ needs,
#   and what should fall with the noise;
# - against the score of the smoothed density, at noisy points. This is what the network is trained for.
#
# Each is a mean over trainings that differ in their first weights and in their data. At the smallest noise networks of a
# quarter of the width are trained too, for as many steps.

# %% tags=["hide-input"]
SIGMAS = {1.0: "1", 0.5: "05", 0.25: "025", 0.125: "0125"}  # with names for keys
WIDTH = 128
points = {sigma: draws + sigma * z for sigma in SIGMAS}  # noisy


def learnt(sigma, width=WIDTH):
    """The score that each training of this kind has learnt."""
    return [
        score(trained(sigma, seed, width), sigma) for seed in range(settings.seeds)
    ]


def error(fields, x, truth):
    """Relative error at the points x, mean over trainings with its interval."""
    return mean_with_interval(
        torch.stack([relative_error(field(x), truth) for field in fields])
    )


own_truth = exact(0.0, draws)
own = {sigma: error(learnt(sigma), draws, own_truth) for sigma in SIGMAS}
smoothed = {
    sigma: error(learnt(sigma), x, exact(sigma, x)) for sigma, x in points.items()
}
least = min(SIGMAS)
by_width = {
    width: error(learnt(least, width), points[least], exact(least, points[least]))
    for width in (WIDTH // 16, WIDTH // 4, WIDTH)
}
numbers = {
    **{
        f"dae.unsmoothed_score_error_{SIGMAS[sigma]}": e for sigma, e in own.items()
    },
    "dae.smoothed_score_error_worst": max(smoothed.values(), key=lambda e: e.value),
    "dae.smoothed_score_error_0125": smoothed[least],
    "dae.smoothed_score_error_0125_narrow": by_width[WIDTH // 4],
}
for key, number in numbers.items():
    record(key, number)
record("claim.C04", claims.decide("C04", numbers))

# %% tags=["hide-input"]
record("dae.smoothed_score_error", smoothed[SIGMA])
record(
    "dae.unsmoothed_score_error",
    error(learnt(SIGMA), points[SIGMA], exact(0.0, points[SIGMA])),
)
blur = {  # what no training can mend
    sigma: relative_error(exact(sigma, draws), own_truth).item() for sigma in SIGMAS
}
record("dae.score_distance_05", blur[SIGMA])
record("dae.score_distance_0125", blur[least])
LOOKS = [settings.fit_steps // k for k in (16, 4, 1)]
by_steps = {
    steps: relative_error(
        score(trained(least, steps=steps), least)(points[least]),
        exact(least, points[least]),
    ).item()
    for steps in LOOKS
}


# %% tags=["hide-input"] mystnb={"figure": {"caption": "Relative error of the learnt score. Left, against the noise: to the score of the density itself at clean points, and to that of the smoothed density at noisy points; dashed, the distance between the two exact scores at clean points. Middle and right, at σ = 0.125 and to the smoothed score: against the width of the network, and against the number of training steps (one training each). Bars: 95 % intervals over trainings; most are smaller than the dots.", "name": "fig-dae-error"}, "image": {"alt": "Left, as the noise falls from 1 to 0.125, the error to the density's own score falls from almost 1 to about a quarter, first along the dashed line and at last above it, while the error to the smoothed score rises from a few hundredths to about a quarter. Middle and right, the error to the smoothed score at noise 0.125 falls with width and with training steps."}}
def with_bars(ax, errors, **style):
    """Estimates over their keys."""
    value, low, high = np.array(
        [[e.value, e.low, e.high] for e in errors.values()]
    ).T
    ax.errorbar(
        list(errors), value, (value - low, high - value), capsize=3, **style
    )


fig, (left, middle, right) = plt.subplots(1, 3, figsize=(10, 3.4))
with_bars(left, own, fmt="o-", label="learnt, to the density's score")
with_bars(left, smoothed, fmt="s-", label="learnt, to the smoothed score")
left.plot(
    list(blur),
    list(blur.values()),
    "--",
    color="black",
    label="distance of the exact scores",
)
left.set(xscale="log", yscale="log", xlabel="noise σ", ylabel="relative error")
left.set_xticks(list(SIGMAS), [f"{s:g}" for s in SIGMAS])
left.legend(fontsize=8, loc="lower center", bbox_to_anchor=(0.5, 1))
with_bars(middle, by_width, fmt="s-", color=figures.PALETTE[1])
middle.set(xscale="log", xlabel="width of the hidden layers", ylim=(0, 1))
middle.set_xticks(list(by_width), list(map(str, by_width)))
right.plot(LOOKS, list(by_steps.values()), "s-", color=figures.PALETTE[1])
right.set(xscale="log", xlabel="training steps", ylim=(0, 1))
right.set_xticks(LOOKS, list(map(str, LOOKS)))
for ax in (left, middle, right):
    ax.xaxis.minorticks_off()
fig.tight_layout()
plt.show()

# %% [markdown]
# **Against the score of the density itself** the error falls at each halving of the noise, from
# {glue:text}`dae.unsmoothed_score_error_1:.2f` at $\sigma = 1$ over {glue:text}`dae.unsmoothed_score_error_05:.2f` and
# {glue:text}`dae.unsmoothed_score_error_025:.2f` to {glue:text}`dae.unsmoothed_score_error_0125:.2f` at 0.125. This was expected, since less noise blurs less.
# At $\sigma = 0.5$ the blur alone accounts for {glue:text}`dae.score_distance_05:.2f`, so it is nearly the whole error; at 0.125 it alone would give
# {glue:text}`dae.score_distance_0125:.2f`, and most of the error is the network's own.
#
# **Against the smoothed score** the error goes the other way: it is {glue:text}`dae.smoothed_score_error:.3f` at $\sigma = 0.5$ (where that to
# the density's own score, at the same noisy points, is {glue:text}`dae.unsmoothed_score_error:.2f`) and {glue:text}`dae.smoothed_score_error_0125:.2f` at 0.125, the
# worst. This is the harder task of the last section: a small displacement under
# noise that is large beside it. Capacity and training both help there. Networks of a quarter of the width are off by
# {glue:text}`dae.smoothed_score_error_0125_narrow:.2f`, and the right panel still falls at its end, so that more steps would help further.
#
# By [its rule](../book/claims/index.md) C04 is {glue:text}`claim.C04`. What the rule asks for: an error to the smoothed score of less than
# a half at every noise, an error to the density's own score that falls at each halving of the noise, and narrow networks that are farther off than wide ones.

# %% [markdown]
# ## Is the learnt field a gradient?
#
# The Jacobian of a gradient is symmetric, because the order of mixed derivatives does not matter. By {eq}`eq-score` the field of the best
# denoiser is a gradient, so its Jacobian is symmetric. That of a trained network need not be. Then its field is
# the gradient of no density: summed along some closed paths it does not give zero. How far from symmetric is it?

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Antisymmetric over symmetric part of the Jacobian of R(x) - x, over the plane, after two lengths of training; white contours: the clean density; in the titles the mean at noisy points.", "name": "fig-dae-asymmetry"}, "image": {"alt": "Two maps of the plane. After the short training the ratio is large in patches, also beside the blobs; after the long one it is small near all blobs, with thin streaks of larger values between them and outside."}}
square = fine.view(-1, 2)
fig, axes = plt.subplots(1, 2, figsize=(8.4, 3.6))
for ax, steps in zip(axes, LOOKS[::2], strict=True):
    some = trained(SIGMA, steps=steps)
    share = asymmetry(score(some, SIGMA), square).view(120, 120)
    shown = ax.pcolormesh(
        *fine.unbind(-1), share, vmin=0, vmax=0.5, cmap="cividis", rasterized=True
    )
    ax.contour(*fine.unbind(-1), density, colors="white", linewidths=0.7)
    near_data = asymmetry(score(some, SIGMA), noisy[:2000]).mean().item()
    ax.set(
        xticks=[],
        yticks=[],
        aspect="equal",
        title=f"{steps} steps; at the data {near_data:.3f}",
    )
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
record("dae.asymmetry", near_data)
fig.colorbar(
    shown, ax=axes, label=r"$\Vert J - J^\top\Vert \;/\; \Vert J + J^\top\Vert$"
)
plt.show()

# %% [markdown]
# After the long training the antisymmetric part is {glue:text}`dae.asymmetry:.3f` of the symmetric one at the data, on average. In these two
# trainings it shrinks with length, as it should if the field nears the score; but it does not become zero. So what PPGN calls a prior is,
# strictly, a vector field and no $p(h)$. The update can be computed all the same. The prior of *Noiseless Joint* PPGN-h,
# $E(G(h)) - h$, was not even trained as a denoiser.
#
# ## Sampling with it
#
# Eq. 7 of the paper is $x_{t+1} = x_t + \epsilon_1 (R(x_t) - x_t) + \epsilon_2 \nabla \log p(y \mid x_t) + \mathcal N(0, \epsilon_3^2)$. Without the condition it is a
# Langevin step of size $\delta$ ($\sigma$ is now the denoiser's noise) if $\epsilon_1 = \delta/\sigma^2$ and $\epsilon_3 = \sqrt{2\delta}$, and the library has a constructor for that:

# %%
generator = torch.Generator().manual_seed(20)
starts = {
    "from clean points": sample(settings.chains, torch.Generator().manual_seed(21)),
    "from far away": 12
    * torch.nn.functional.normalize(
        torch.randn(settings.chains, 2, generator=generator), dim=1
    ),
}
nothing = lambda x: 0 * x.flatten(1).sum(1)  # noqa: E731  no condition
eps = Eps.langevin(delta=0.02, sigma=SIGMA)
ends = {}
for i, (name, x0) in enumerate(starts.items()):
    seeds = range(i * len(x0), (i + 1) * len(x0))  # other noise on each side
    *_, last = chain(x0, autoencoder(R), nothing, eps, steps=400, seeds=seeds)
    ends[name] = last.h

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Eq. 7 without a condition: last states, under contours of the clean density (orange) and of the smoothed one (black), from clean points and from a circle far outside (not shown).", "name": "fig-dae-samples"}, "image": {"alt": "Two clouds of points that look alike. They lie around the six blobs, reach far beyond the orange contours of the clean density, and fill the black ones of the smoothed density."}}
after = (
    densities.smoothed(weights, means, STD, SIGMA)
    .log_prob(fine.view(-1, 2))
    .exp()
    .view(120, 120)
)
fig, axes = plt.subplots(1, 2, figsize=(8, 3.8))
for ax, (name, x) in zip(axes, ends.items(), strict=True):
    ax.scatter(*x.T, s=5, color=figures.PALETTE[0], alpha=0.6, linewidth=0)
    ax.contour(*fine.unbind(-1), after, colors="black", linewidths=0.8)
    ax.contour(*fine.unbind(-1), density, colors=figures.PALETTE[1], linewidths=0.8)
    inside = (x.abs().amax(1) < 4).float().mean()
    ax.set(
        xlim=(-4, 4),
        ylim=(-4, 4),
        xticks=[],
        yticks=[],
        aspect="equal",
        title=f"{name}: {inside:.0%} within the frame",
    )
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
fig.tight_layout()
plt.show()


# %% tags=["nbval-check-output", "hide-cell"]
def covariance_error(x, sigma):
    """Largest error of an entry of the covariance, to that after noise sigma."""
    mean = weights @ means
    truth = (
        (means.T * weights) @ means
        - mean[:, None] * mean
        + (STD**2 + sigma**2) * torch.eye(2)
    )
    return (torch.cov(x.T) - truth).abs().max().item()


errors = [covariance_error(ends["from clean points"], s) for s in (SIGMA, 0.0)]
print("covariance nearer to the smoothed density's:", errors[0] < errors[1])

# %% [markdown]
# Both clouds fill the black contours and reach beyond the orange ones. So the chain samples $p_\sigma$ and not $p$, as expected: its field is
# the score of $p_\sigma$. In numbers, the covariance of the states on the left differs from that of $p_\sigma$ by at most
# {glue:text}`dae.chain_covariance_error_smoothed:.2f` in an entry, from that of $p$ by {glue:text}`dae.chain_covariance_error_own:.2f`. (One more
# application of $R$ takes the noise away, and too much of it: it moves each state to the mean of the clean points that may be behind it.)
#
# That the chains on the right came back from far away was not guaranteed. $R$ was never shown such points, the loss is an
# average over noisy data, and {eq}`eq-score` is about the best denoiser. How wrong is the learnt score out there?

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Learnt and exact score against the distance from the middle: mean component towards the middle over all directions. Grey: where nine in ten noisy points lie.", "name": "fig-dae-far"}, "image": {"alt": "Two curves over the distance. They agree in the grey band and a little beyond; farther out both rise, the learnt one more slowly."}}
record("dae.chain_covariance_error_smoothed", errors[0])
record("dae.chain_covariance_error_own", errors[1])
radii = torch.linspace(0.1, 14, 80)
turn = torch.linspace(0, 2 * math.pi, 49)[:-1]
ring = torch.stack([turn.cos(), turn.sin()], 1)
inward = {}
for name, field in (
    ("learnt", score(R, SIGMA)),
    ("exact, smoothed", lambda x: exact(SIGMA, x)),
):
    inward[name] = [
        -(field(radius * ring) * ring).sum(1).mean().item() for radius in radii
    ]
far = starts["from far away"]
towards = [
    -(field * far).sum(1).mean()
    for field in (score(R, SIGMA)(far), exact(SIGMA, far))
]
record("dae.far_score_ratio", (towards[0] / towards[1]).item())
fig, ax = plt.subplots(figsize=(6, 3))
norms = noisy.norm(dim=1)
ax.axvspan(
    *torch.quantile(norms, torch.tensor([0.05, 0.95])).tolist(), color="0.93"
)
for (name, values), style in zip(inward.items(), ("-", "--"), strict=True):
    ax.plot(radii, values, style, label=name)
ax.set(xlabel="distance from the middle", ylabel="score, towards the middle")
ax.legend()
plt.show()

# %% [markdown]
# Where the data are the two curves agree, as they should after the errors above. Farther out the learnt score is too small: at the circle where the
# chains started it is {glue:text}`dae.far_score_ratio:.0%` of the exact one. But it points inwards, and this is why the chains came back.
# The training asked for neither; another network might as well have pointed outwards. So a prior of this kind can be trusted
# near its data only, and a chain that starts elsewhere, as those from [random codes](08_noiseless_joint_ppgn_h.ipynb) do,
# depends on how its network happens to extrapolate.
#
# ## In pictures
#
# The same for images: a small U-Net $R(x; \sigma)$ that is told $\sigma$, trained on the [tinted photographs](00_data_and_networks.ipynb) with noise of all sizes
# between 0.05 and 10, where a pixel goes from -1 to 1. This is what it makes of noisy test images:

# %%
R_x = load("denoiser").to(settings.device)
photographs = TintedFashion("test").batch(range(settings.images)).x
photographs = photographs.to(settings.device)
LEVELS = (0.1, 0.2, 0.5, 1.0)
z = Noise(range(len(photographs))).draw(photographs)
seen_as = {level: photographs + level * z for level in LEVELS}


def denoised(x, level):
    """R(x) for noise of this size."""
    with torch.no_grad():
        return metrics.in_blocks(lambda part: R_x(part, level), x)


given_back = {level: denoised(x, level) for level, x in seen_as.items()}

# %% tags=["hide-input"]
rms = {
    level: mean_with_interval(
        (given_back[level] - photographs).square().mean((1, 2, 3)).cpu()
    ).value
    ** 0.5
    for level in LEVELS
}
record("dae.image_error", rms[0.2])
record("dae.image_error_1", rms[1.0])

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Test images (first row), with noise, as R gives them back, and R(x) - x over 3σ, grey being zero; for four sizes of noise. In the titles the root mean square error of a pixel, over all test images looked at.", "name": "fig-dae-images"}, "image": {"alt": "Four panels of clothes. With little noise R gives back fine detail, with much a blurred guess at the shape; the displacement is the noise, upside down, without the clothes."}}
fig, axes = plt.subplots(1, 4, figsize=(11, 3.2))
for ax, level in zip(axes, LEVELS, strict=True):
    rows = (
        photographs,
        seen_as[level],
        given_back[level],
        (given_back[level] - seen_as[level]) / level / 3,
    )
    figures.image_grid(
        torch.cat([row[:6] for row in rows]),
        6,
        rows=("clean", "noisy", "R(x)", "R(x) - x") if level == LEVELS[0] else (),
        title=f"σ = {level}, error {rms[level]:.3f}",
        ax=ax,
    )
fig.tight_layout()
plt.show()

# %% [markdown]
# With noise of 0.2 the error of a pixel is {glue:text}`dae.image_error:.3f`, with noise of 1 it is {glue:text}`dae.image_error_1:.3f`: $R$ removes most of the
# noise, and a larger share of it where there is more. The shape and the colours survive throughout; print and folds are lost
# with much noise. This was expected: the mean over all clean pictures that may be behind a noisy one has no detail that the noise
# has hidden. The last row is mostly the noise with its sign changed, for that is what has to be taken away.
#
# Now a chain with this prior alone. The paper's PPGN-x runs Eq. 7 with a denoiser that was trained at about $\sigma = 0.2$ in our units, and with $\epsilon_1 = 1$ and
# $\epsilon_3 = \sigma$: denoise, add as much noise as there was, and again. Langevin noise for this step would be $\sqrt 2\, \sigma$, so
# where pictures vary much more than $\sigma$ this is [half the temperature](01_from_mh_to_mala_approx.ipynb). There is no class; five chains start at photographs and five at noise:

# %%
SIGMA_X = 0.2


def prior_at(level):
    """The field of Eq. 7 of the image denoiser at this noise."""
    return autoencoder(lambda x: R_x(x, level))


# %% tags=["hide-input"]
begin = {
    "photographs": seen_as[SIGMA_X][:5],
    "noise": Noise(range(100, 105)).draw(photographs[:5]),
}
shown_at = [
    t for t in (0, 1, 5, 20, 50, 100, 200, 500, 1000) if t <= settings.image_steps
]
kept = {}
for name, x0 in begin.items():
    eps = Eps(1.0, 0.0, SIGMA_X)
    states = chain(
        x0,
        prior_at(SIGMA_X),
        nothing,
        eps,
        steps=settings.image_steps,
        seeds=range(5),
    )
    kept[name] = [
        denoised(state.h, SIGMA_X)
        for t, state in enumerate(states)
        if t in shown_at
    ]

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Eq. 7 with an image denoiser of σ = 0.2 and no condition, five chains (rows) from photographs and five from noise; what is shown is R of each state, or it would have the noise on top. Numbers: steps.", "name": "fig-dae-image-chain"}, "image": {"alt": "Left, clothes that lose their texture and change their colour; some vanish. Right, noise that turns into flat colours."}}
fig, axes = plt.subplots(1, 2, figsize=(10, 3.4))
for ax, (name, frames) in zip(axes, kept.items(), strict=True):
    tops = [str(t) for t in shown_at]
    figures.image_grid(
        torch.stack(frames, 1).flatten(0, 1),
        len(frames),
        tops=tops,
        title=f"from {name}",
        ax=ax,
    )
fig.tight_layout()
plt.show()

# %% [markdown]
# From photographs, texture goes first. Then the colours change, and some of the items vanish. From noise no clothes appear at all, only flat colour. That none appear was to be expected: noise of 0.2 is too small to make an outline where there is none. It can take one away, as the left panel shows. Why colours drift and items vanish, no run here tells: the low temperature or a network away from its data may do it. So one size of noise is too large to keep detail and too small to bring a new item, one reason to expect poor pictures from PPGN-x (C10, [tested there](04_ppgn_x.ipynb)).
#
# A network that knows all sizes can do better, as was found two years after the paper {cite}`song2019generative`. Begin with so much
# noise that the smoothed density is one broad hill, and lower it slowly. It is the same Eq. 7, with a smaller $\sigma$ after every few steps:

# %%
x = 10.0 * Noise(range(200, 210)).draw(photographs[:1].expand(10, -1, -1, -1))
noise = Noise(range(300, 310))
for level in torch.logspace(1, np.log10(0.05), settings.image_levels).tolist():
    eps = Eps.langevin(
        delta=0.3 * level**2, sigma=level
    )  # in proportion to the hill
    *_, state = chain(x, prior_at(level), nothing, eps, steps=4, seeds=noise)
    x = state.h
annealed = denoised(x, 0.05)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The same denoiser with σ from 10 down to 0.05, ten chains, R of the last states, nothing picked.", "name": "fig-dae-annealed"}, "image": {"alt": "Ten small pictures, each of a shape in one colour on a wall of another. Most can be named: a shoe, a jumper, a dress, a boot; a few are shapes of no class."}}
figures.image_grid(annealed, 10, cell=0.8)
plt.show()

# %% [markdown]
# Most of these can be named as clothes, on a wall of one colour; a few are shapes that belong to no class. They come from noise, with
# the network that gave flat colour above. So the network can draw clothes. The start, the temperature and the sizes of noise all differ here;
# the usual reading is that large noise decides what the picture is of and small noise draws its detail.
#
# PPGN takes another way out: it leaves the pixels and samples the codes of a generator. That is where
# [the variants](08_noiseless_joint_ppgn_h.ipynb) begin.
#
# ## Exercises
#
# **1.** Let $p$ be a single point $m$. What is $R^*$, what is $p_\sigma$, and what does the chain of Eq. 7 do with $\epsilon_1 = 1$ and no noise?
#
# <details><summary>Solution</summary>
#
# $R^*(\tilde x) = m$ for every $\tilde x$, and $p_\sigma = \mathcal N(m, \sigma^2)$, with score $(m - \tilde x)/\sigma^2$: {eq}`eq-score` holds. The step
# $x + 1 \cdot (R(x) - x)$ is $R(x)$ itself, so the chain arrives in one step. With $\epsilon_1 = 1$ Eq. 7 is repeated denoising. The folded cell below trains a network on one point. It has learnt
# $R^*$ only nearly, so the first step ends beside $m$.
#
# </details>

# %% tags=["hide-cell"]
# Solution of exercise 1, run
m = torch.tensor([1.0, -0.5])
torch.manual_seed(0)
R_m = ResidualMLP(2)
for _ in fit(
    R_m, lambda n, _: m.expand(n, 2), SIGMA, steps=min(200, settings.fit_steps)
):
    pass
R_m.requires_grad_(False)
x0 = m + SIGMA * torch.randn(1000, 2, generator=torch.Generator().manual_seed(22))
off = relative_error(score(R_m, SIGMA)(x0), (m - x0) / SIGMA**2)
print(f"relative error to the score (m - x) / σ²: {off:.3f}")
for t, state in enumerate(
    chain(x0, autoencoder(R_m), nothing, Eps(1.0, 0.0), steps=2)
):
    far_off = (state.h - m).norm(dim=1).mean()
    print(f"step {t}: mean distance from m {far_off:.4f}")

# %% [markdown]
# **2.** Train with $\sigma = 1$ and predict the left panel of the figure of Eq. 7's last states before you draw it.
#
# <details><summary>Solution</summary>
#
# `R = trained(1.0)` and `Eps.langevin(0.05, 1.0)`. Blobs of standard deviation $\sqrt{0.3^2 + 1} \approx 1.04$ on a ring of radius 2 run into
# each other, and what is left are the two sides where the heavy blobs are: two broad hills around a shallow hollow in the middle, with a saddle on either side of it, which a chain crosses easily. The noise of the denoiser sets how much detail its prior has, and how well it mixes. The folded cell below draws it, and counts how many chains end on
# the other side of the horizontal axis than they began on.
#
# </details>

# %% tags=["hide-cell"] mystnb={"figure": {"caption": "Solution of exercise 2: last states with a denoiser of σ = 1, over contours of the density smoothed as much (black) and of the clean one (grey).", "name": "fig-dae-wide"}, "image": {"alt": "One broad cloud of points over two smooth hills, one at the upper left and one at the lower right of the middle, with a shallow hollow between them; the six blobs cannot be told apart any more."}}
# Solution of exercise 2, run
x0 = starts["from clean points"][:1000]
langevin = Eps.langevin(0.05, 1.0)
*_, last = chain(
    x0,
    autoencoder(trained(1.0)),
    nothing,
    langevin,
    steps=200,
    seeds=range(len(x0)),
)
wide = densities.smoothed(weights, means, STD, 1.0).log_prob(fine.view(-1, 2)).exp()
fig, ax = plt.subplots(figsize=(3.8, 3.8))
ax.scatter(*last.h.T, s=3, color=figures.PALETTE[0])
ax.contour(*fine.unbind(-1), density, colors="#bbbbbb", linewidths=0.7)
ax.contour(*fine.unbind(-1), wide.view(120, 120), colors="black", linewidths=0.7)
crossed = (x0[:, 1].sign() != last.h[:, 1].sign()).double().mean()
ax.set(
    xlim=(-5, 5), ylim=(-5, 5), aspect="equal", title=f"{crossed:.0%} crossed over"
)
plt.show()

# %% [markdown]
# ## Summary
#
# - The best denoiser returns the mean of the clean points that may be behind a noisy one. Its displacement divided by $\sigma^2$ is the score of the
#   density after the noise, $p_\sigma$.
# - Eq. 6 has $p$ in place of $p_\sigma$. Less noise brings the two together, and makes the score harder to learn
#   (relative errors at 0.125: {glue:text}`dae.unsmoothed_score_error_0125:.2f` to $p$, {glue:text}`dae.smoothed_score_error_0125:.2f` to $p_\sigma$).
# - The field of a trained denoiser is not exactly a gradient. In the plane a chain with it came close to $p_\sigma$ nevertheless.
# - In pictures one small noise did not do here, many sizes did: large noise to change what is shown, small noise to draw detail.
