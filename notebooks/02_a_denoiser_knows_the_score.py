# %% [markdown]
# # A denoiser knows the score
#
# **Question.** The samplers of [the last chapter](01_from_mh_to_mala_approx.ipynb) need $\nabla \log p(x)$, the *score*.
# Nobody can write it down for pictures. Yet a network that has learnt nothing but to remove noise can tell it. How so, and
# the score of what exactly?
#
# On the left below, points of a ring of blobs, each with some noise added, and where a small network thinks that they came from.
# In the middle the same displacement, divided by $\sigma^2$, over the whole plane. On the right the exact score of the
# density of noisy points. Nobody has shown the network a density.

# %% tags=["parameters"]
fit_steps = None  # training steps of each denoiser; None: the profile's value, here and below
seeds = None  # trainings of each kind
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

# %%
BLOBS, STD = 6, 0.3
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
    torch.manual_seed(
        seed
    )  # of the network's first weights; the samples have a generator of their own
    R = ResidualMLP(2, width)
    for _ in fit(R, sample, sigma, steps=steps, seed=seed):
        pass
    return R.requires_grad_(False)


def noisy(sigma, n, seed=10_000):
    """Points of the smoothed density (n, 2): where errors are measured."""
    generator = torch.Generator().manual_seed(seed)
    return sample(n, generator) + sigma * torch.randn(n, 2, generator=generator)


def exact(sigma, x):
    """Score of the mixture after noise sigma, by closed form and autograd; sigma = 0 is the mixture's own."""
    return value_and_grad(
        densities.smoothed(weights, means, STD, sigma).log_prob, x
    )[1]


SIGMAS = (1.0, 0.5, 0.25, 0.125)
SIGMA = 0.5
at = {sigma: noisy(sigma, settings.points) for sigma in SIGMAS}
R = trained(SIGMA)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Left: noisy points (dots) and where R sends them (arrows), over contours of the clean density. Middle: what R has learnt as a score, (R(x) - x)/σ². Right: the exact score of the smoothed density. Arrows in the middle and on the right have one scale.", "name": "fig-dae-arrows"}, "image": {"alt": "Three panels with six blobs on a ring. Arrows point from the surroundings to the blobs; middle and right panel look alike."}}
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
few = at[SIGMA][:120]
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
# It is exact at every $\sigma$, and it is about $p_\sigma$. The paper's Eq. 6, after {cite}`alain2014dae`, has $p$ on the
# right and holds in the limit $\sigma \to 0$ only: Alain and Bengio expand $R^*$ for small noise and find
# $R^*(x) = x + \sigma^2\, \nabla \log p(x) + o(\sigma^2)$. The difference between the two is the blur.
#
# In one dimension one can see it. Two bumps, of which noise makes one broad hill:

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Scores in one dimension. Grey: of the density itself. Black: of the density after the noise. Orange, dashed: what a denoiser has learnt. Light blue: the smoothed density, not to scale.", "name": "fig-dae-line"}, "image": {"alt": "Three panels for growing noise. The dashed line lies on the black one throughout; the grey one is steeper, and differs more the larger the noise is."}}
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
        line, value_and_grad(before.log_prob, line)[1], color="#999999", linewidth=1
    )
    ax.plot(line, value_and_grad(after.log_prob, line)[1], color="black")
    with torch.no_grad():
        ax.plot(line, score(denoiser, sigma)(line), "--", color=figures.PALETTE[1])
    ax.set(xlabel="x", title=f"σ = {sigma}", ylim=(-15, 15))
axes[0].set_ylabel("score")
fig.tight_layout()
plt.show()

# %% [markdown]
# ## How good is the estimate?
#
# Back in the plane. The error is relative, $\sqrt{\mathbb E \lVert \hat s - s \rVert^2 / \mathbb E \lVert s \rVert^2}$ over noisy points,
# against either score. Three things determine it: the noise, the size of the network and how long it was trained.

# %%
smoothed_error, unsmoothed_error = {}, {}
for sigma in SIGMAS:
    trainings = range(settings.seeds if sigma in (SIGMA, SIGMAS[-1]) else 3)
    learnt = [
        score(trained(sigma, seed=seed), sigma)(at[sigma]) for seed in trainings
    ]
    smoothed_error[sigma] = mean_with_interval(
        torch.stack([relative_error(s, exact(sigma, at[sigma])) for s in learnt])
    )
    unsmoothed_error[sigma] = mean_with_interval(
        torch.stack([relative_error(s, exact(0.0, at[sigma])) for s in learnt])
    )
record("dae.smoothed_score_error", smoothed_error[SIGMA])
record("dae.unsmoothed_score_error", unsmoothed_error[SIGMA])
record("dae.unsmoothed_score_error_small_sigma", unsmoothed_error[SIGMAS[-1]])
limit = {
    sigma: relative_error(exact(sigma, at[sigma]), exact(0.0, at[sigma])).item()
    for sigma in SIGMAS
}

# %% tags=["hide-input"]
WIDTHS = (4, 16, 64, 128)
LOOKS = [settings.fit_steps // k for k in (64, 16, 4, 1)]
by_width = {
    w: relative_error(
        score(trained(SIGMA, width=w), SIGMA)(at[SIGMA]), exact(SIGMA, at[SIGMA])
    )
    for w in WIDTHS
}
by_steps = {
    n: relative_error(
        score(trained(SIGMA, steps=n), SIGMA)(at[SIGMA]), exact(SIGMA, at[SIGMA])
    ).item()
    for n in LOOKS
}

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Relative error of the learnt score. Left: against the noise, with 95 % intervals over three or five trainings; dashed the difference between the two exact scores. Middle: against the width of the network, right: against the number of training steps, both at σ = 0.5 and against the smoothed score.", "name": "fig-dae-error"}, "image": {"alt": "Left, the error against the smoothed score is small throughout, that against the unsmoothed one grows with the noise along the dashed line. Middle and right, falling lines."}}
fig, (left, middle, right) = plt.subplots(1, 3, figsize=(10, 3.2))
for errors, label in (
    (smoothed_error, "against smoothed"),
    (unsmoothed_error, "against unsmoothed"),
):
    values = np.array([[e.value, e.low, e.high] for e in errors.values()])
    left.errorbar(
        SIGMAS,
        values[:, 0],
        abs(values[:, 1:] - values[:, :1]).T,
        fmt="o-",
        capsize=3,
        label=label,
    )
left.plot(
    SIGMAS,
    limit.values(),
    "--",
    color="black",
    linewidth=0.8,
    label="one score against the other",
)
left.set(xscale="log", yscale="log", xlabel="noise σ", ylabel="relative error")
left.set_xticks(SIGMAS, [f"{s:g}" for s in SIGMAS])
left.minorticks_off()
left.legend(fontsize=8)
middle.plot(WIDTHS, [by_width[w] for w in WIDTHS], "o-")
middle.set(xscale="log", yscale="log", xlabel="width of the hidden layers")
right.plot(LOOKS, [by_steps[n] for n in LOOKS], "o-")
right.set(xscale="log", yscale="log", xlabel="training steps")
fig.tight_layout()
plt.show()

# %% [markdown]
# At $\sigma = 0.5$ the learnt score is off by {glue:text}`dae.smoothed_score_error:.1%` from the smoothed one and by
# {glue:text}`dae.unsmoothed_score_error:.0%` from the one of the density itself. The second number is no fault of the network: the dashed
# line is the distance between the two exact scores. With less noise it shrinks, and the estimate gets harder: what $R$ has to learn is a
# displacement of size $\sigma^2$ under noise of size $\sigma$.

# %%
numbers = {
    "dae.smoothed_score_error": smoothed_error[SIGMA],
    "dae.unsmoothed_score_error": unsmoothed_error[SIGMA],
    "dae.unsmoothed_score_error_small_sigma": unsmoothed_error[SIGMAS[-1]],
}
record("claim.C04", claims.decide("C04", numbers))

# %% [markdown]
# The claim that a denoising autoencoder estimates the score, the better the smaller its noise (C04), is {glue:text}`claim.C04`
# by [its rule](../book/claims/index.md).
#
# ## A field without a mountain
#
# The Jacobian of a gradient is symmetric: mixed derivatives do not mind their order. That of the best denoiser is, since
# {eq}`eq-score` makes it the Hessian of something. That of a trained network has no reason to be. Its field is then the
# slope of no density at all: add it up around a closed path and the sum is not zero. How far from symmetric is it?

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Antisymmetric over symmetric part of the Jacobian of R(x) - x, over the plane, after two lengths of training; grey contours show where the data are.", "name": "fig-dae-asymmetry"}, "image": {"alt": "Two maps of the plane. After long training the ratio is small near the data."}}
square = fine.view(-1, 2)
fig, axes = plt.subplots(1, 2, figsize=(8.4, 3.6))
for ax, steps in zip(axes, (LOOKS[1], settings.fit_steps), strict=True):
    some = trained(SIGMA, steps=steps)
    share = asymmetry(score(some, SIGMA), square).view(120, 120)
    shown = ax.pcolormesh(
        *fine.unbind(-1), share, vmin=0, vmax=0.5, cmap="cividis", rasterized=True
    )
    ax.contour(*fine.unbind(-1), density, colors="white", linewidths=0.7)
    near_data = asymmetry(score(some, SIGMA), at[SIGMA][:2000]).mean().item()
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
# At the data it is {glue:text}`dae.asymmetry:.3f` on average. So what PPGN calls a prior is, strictly, a vector field and no $p(h)$;
# nothing in the update minds. The prior of *Noiseless Joint* PPGN-h, $E(G(h)) - h$, was not even trained as a denoiser.
#
# ## Sampling with it
#
# Put {eq}`eq-score` into MALA-approx and leave the condition out: Eq. 7 with a condition that says nothing. It is a Langevin step of size
# $\delta$ if $\epsilon_1 = \delta/\sigma^2$ and $\epsilon_3 = \sqrt{2\delta}$, and the library has a constructor for that:

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
for name, x0 in starts.items():
    *_, last = chain(
        x0, autoencoder(R), nothing, eps, steps=400, seeds=range(len(x0))
    )
    ends[name] = last.h

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Eq. 7 without a condition: last states, over contours of the clean density (grey) and of the smoothed one (black), from clean points and from a circle far outside (not shown).", "name": "fig-dae-samples"}, "image": {"alt": "Two clouds of points around the six blobs, wider than the contours of the clean density."}}
after = (
    densities.smoothed(weights, means, STD, SIGMA)
    .log_prob(fine.view(-1, 2))
    .exp()
    .view(120, 120)
)
fig, axes = plt.subplots(1, 2, figsize=(8, 3.8))
for ax, (name, x) in zip(axes, ends.items(), strict=True):
    ax.contour(*fine.unbind(-1), density, colors="#bbbbbb", linewidths=0.7)
    ax.contour(*fine.unbind(-1), after, colors="black", linewidths=0.7)
    ax.scatter(*x.T, s=3, color=figures.PALETTE[0])
    inside = (x.abs().amax(1) < 4).float().mean()
    ax.set(
        xlim=(-4, 4),
        ylim=(-4, 4),
        xticks=[],
        yticks=[],
        aspect="equal",
        title=f"{name}: {inside:.0%} in the picture",
    )
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
fig.tight_layout()
plt.show()


# %% tags=["nbval-check-output"]
def covariance_error(x, sigma):
    """Largest error of the covariance's entries against the mixture's after noise sigma."""
    mean = weights @ means
    truth = (
        (means.T * weights) @ means
        - mean[:, None] * mean
        + (STD**2 + sigma**2) * torch.eye(2)
    )
    return (torch.cov(x.T) - truth).abs().max().item()


errors = {
    sigma: covariance_error(ends["from clean points"], sigma)
    for sigma in (0.0, SIGMA)
}
print(
    "the chain's covariance is that of the smoothed density rather than that of the data:",
    errors[SIGMA] < errors[0.0],
)

# %% [markdown]
# The samples have the noise of the training in them: what comes out is $p_\sigma$, not $p$. (One more application of $R$ moves each to the
# mean of what may have been there, which is less noisy than $p$ itself.)
#
# From far away the chain comes home although $R$ was never shown such points. Nothing in {eq}`eq-score` promises that: the loss is an average over noisy
# data, and says nothing where there are none. How wrong is the learnt score out there?

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Learnt and exact score against the distance from the middle: mean component towards the middle over all directions. Grey: where nine in ten of the noisy training points lie.", "name": "fig-dae-far"}, "image": {"alt": "Two curves that agree inside the grey band and part outside it."}}
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
fig, ax = plt.subplots(figsize=(6, 3))
norms = at[SIGMA].norm(dim=1)
ax.axvspan(
    *torch.quantile(norms, torch.tensor([0.05, 0.95])).tolist(), color="0.93"
)
for (name, values), style in zip(inward.items(), ("-", "--"), strict=True):
    ax.plot(radii, values, style, label=name)
ax.set(xlabel="distance from the middle", ylabel="score, towards the middle")
ax.legend()
plt.show()

# %% [markdown]
# So a prior of this kind can be trusted near its data. A chain that starts elsewhere, as those from
# [random codes](08_noiseless_joint_ppgn_h.ipynb) do, relies on how its network happens to extrapolate.
#
# ## In pictures
#
# The same for images: a small U-Net that is told $\sigma$, trained on the tinted photographs with noise of all sizes between 0.05 and 10, where a
# pixel goes from -1 to 1. What it makes of noisy test images:

# %%
R_x = load("denoiser").to(settings.device)
photographs = (
    TintedFashion("test").batch(range(settings.images)).x.to(settings.device)
)
LEVELS = (0.1, 0.2, 0.5, 1.0)
z = Noise(range(len(photographs))).draw(photographs)
seen_as = {level: photographs + level * z for level in LEVELS}


def denoised(x, level):
    """R(x) for noise of this size."""
    with torch.no_grad():
        return metrics.in_blocks(lambda part: R_x(part, level), x)


given_back = {level: denoised(x, level) for level, x in seen_as.items()}
rms = {
    level: mean_with_interval(
        (given_back[level] - photographs).square().mean((1, 2, 3)).cpu()
    ).value
    ** 0.5
    for level in LEVELS
}
record("dae.image_error", rms[0.2])

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
# With noise of 0.2 the error of a pixel is {glue:text}`dae.image_error:.3f`. The displacement, in the last row, is mostly the noise with its sign changed: that is what the score of a noisy picture
# points out. Where clothes shine through, at edges and folds, the mean of what may have been there is not what was.
#
# Now a chain of it alone. The paper's PPGN-x runs Eq. 7 with a denoiser trained at about $\sigma = 0.2$ in our units, and with $\epsilon_1 = 1$ and
# $\epsilon_3 = \sigma$: denoise, add as much noise as there was, and again. (In the terms of [chapter 1](01_from_mh_to_mala_approx.ipynb) that is half the temperature: Langevin noise for this
# step is $\sqrt 2\, \sigma$.) Without a class, from photographs and from noise:

# %%
SIGMA_X = 0.2


def prior_at(level):
    """The field of Eq. 7 of the image denoiser at this noise."""
    return autoencoder(lambda x: R_x(x, level))


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
# Texture goes first, then here and there a whole thing, and the colours wander off to where no photograph is: in pixels nothing calls a chain back once $R$ has not seen its like. From noise it finds no
# clothes at all. This is one reason to expect slow chains and blurred pictures from PPGN-x (C10, a later chapter). One size of noise is wrong twice: too large to know detail, too
# small to know what a picture is of.
#
# A network that knows all sizes can do better, as was found two years after the paper {cite}`song2019generative`: begin with so much noise that there is one broad
# hill, and let it go down slowly. Same Eq. 7, a smaller $\sigma$ after every few steps:

# %%
x = 10.0 * Noise(range(200, 210)).draw(photographs[:1].expand(10, -1, -1, -1))
noise = Noise(range(300, 310))
for level in torch.logspace(1, np.log10(0.05), settings.image_levels).tolist():
    eps = Eps.langevin(
        delta=0.3 * level**2, sigma=level
    )  # a step of the same share of each hill
    *_, state = chain(x, prior_at(level), nothing, eps, steps=4, seeds=noise)
    x = state.h
annealed = denoised(x, 0.05)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The same denoiser with σ from 10 down to 0.05, ten chains, nothing picked.", "name": "fig-dae-annealed"}, "image": {"alt": "Ten small pictures of clothes on walls of one colour each."}}
figures.image_grid(annealed, 10, cell=0.8)
plt.show()

# %% [markdown]
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
# $x + 1 \cdot (R(x) - x)$ is $R(x)$ itself, so the chain arrives in one step. With $\epsilon_1 = 1$ Eq. 7 is repeated denoising.
#
# </details>
#
# **2.** Train with $\sigma = 1$ and predict the left panel of the figure of Eq. 7's last states before you draw it.
#
# <details><summary>Solution</summary>
#
# `R = trained(1.0)` and `Eps.langevin(0.05, 1.0)`. Blobs of standard deviation $\sqrt{0.3^2 + 1} \approx 1.04$ on a ring of radius 2 run into
# each other, and what is left are the two sides where the heavy blobs are: two broad hills with a saddle between them, which
# a chain crosses easily. The noise of the denoiser sets how much detail its prior has, and how well it mixes.
#
# </details>
#
# ## Summary
#
# - The best denoiser returns the mean of what may have been there; its displacement over $\sigma^2$ *is* the score of the blurred density.
# - Eq. 6 has $p$ where it should have $p_\sigma$. Less noise brings the two together and makes the estimate harder.
# - A trained denoiser is the gradient of nothing in particular, and samples well nevertheless.
# - In pixels one size of noise is not enough: a chain of an image denoiser needs large noise to move and small noise to see.
