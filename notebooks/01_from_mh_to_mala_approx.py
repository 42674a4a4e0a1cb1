# %% [markdown]
# # From Metropolis–Hastings to MALA-approx
#
# **Question.** A density is known up to a constant, say by a network that gives its logarithm. How does one draw from
# it? And what is left of the answer if one drops the step that makes it exact, as PPGN does?
#
# Three samplers walk the same ridge below, from the same point, with the same step size and the same number of steps. The first
# proposes its steps blindly. The second and the third look at the slope first; the third leaves out the test that makes the
# second exact. In two dimensions one can hardly tell them apart. What the slope is worth in fifty, and what leaving out the
# test costs, is what this chapter measures.

# %% tags=["parameters"]
groups = None  # of ten chains: each gives one effective sample size; None: the profile's value, here and below
draws = None  # steps of those chains
coordinates = None  # independent one-dimensional chains that biases are measured with, a multiple of 80
frames = None  # of the film

# %% tags=["set-up"]
import inspect
import math
import warnings
from pathlib import Path

from IPython.display import Code
from torch.distributions import MultivariateNormal, Normal

from ppgn_lib.book import animations, claims, results
from ppgn_lib.book.record import record
from ppgn_lib.metrics import mean_with_interval, with_interval
from ppgn_lib.sampling import densities, mcmc
from ppgn_lib.sampling.densities import Banana, Ring
from ppgn_lib.sampling.mcmc import MALA, MALAApprox, MetropolisHastings
from ppgn_lib.sampling.sgld import SGLD, polynomial

with warnings.catch_warnings():
    warnings.simplefilter("ignore", FutureWarning)  # it announces its next version
    import arviz

torch.set_default_dtype(torch.float64)


# %% tags=["hide-input"]
def contours(ax, log_prob, limits=((-6, 6), (-6, 9)), levels=7):
    """Lines of equal density, each a factor e below the one inside."""
    (left, right), (bottom, top) = limits
    a, b = torch.meshgrid(
        torch.linspace(left, right, 150),
        torch.linspace(bottom, top, 150),
        indexing="xy",
    )
    log_p = log_prob(torch.stack([a, b], -1).view(-1, 2)).view(a.shape)
    lines = log_p.max() - torch.arange(levels - 1, -1, -1.0) - 0.1
    ax.contour(a, b, log_p, levels=lines, colors="#999999", linewidths=0.8)
    ax.set(xlim=limits[0], ylim=limits[1], xticks=[], yticks=[])
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)


def path(kernel, x0, steps, seed=0):
    """The states of one chain, (steps + 1, D), and how many of its steps were accepted."""
    states = [
        (state.x[0], bool(info.accepted))
        for state, info in mcmc.run(kernel, x0, steps=steps, seeds=[seed])
    ]
    return torch.stack([x0[0], *(x for x, _ in states)]), sum(
        accepted for _, accepted in states
    )


banana, ring = Banana(), Ring()
SIGMA, STEPS = 0.6, 300
x0 = torch.tensor([[-4.0, 3.0]])
kernels = {
    "Metropolis–Hastings": MetropolisHastings(banana.log_prob, SIGMA),
    "MALA": MALA(banana.log_prob, SIGMA),
    "MALA-approx": MALAApprox.langevin(banana.log_prob, SIGMA),
}
paths = {name: path(kernel, x0, STEPS) for name, kernel in kernels.items()}

# %% tags=["hide-input"] mystnb={"figure": {"caption": "One chain of each sampler on the banana: contours of the density, the start (ring), and the chain's states, joined, light to dark.", "name": "fig-mcmc-paths"}, "image": {"alt": "Three panels with the same curved contours; in each the points of a path that comes down one arm and wanders about in the bend."}}
fig, axes = plt.subplots(1, 3, figsize=(9.5, 3.6))
for ax, (name, (x, accepted)) in zip(axes, paths.items(), strict=True):
    contours(ax, banana.log_prob)
    ax.plot(*x.T, color=figures.PALETTE[0], linewidth=0.5, alpha=0.6)
    ax.scatter(*x.T, c=np.arange(len(x)), cmap="viridis_r", s=5, zorder=3)
    ax.plot(
        *x0[0],
        "o",
        color=figures.PALETTE[1],
        fillstyle="none",
        markersize=9,
        markeredgewidth=2,
    )
    ax.set_title(
        f"{name}\n{accepted} of {STEPS} steps accepted"
        if name != "MALA-approx"
        else f"{name}\nno test",
        fontsize=10,
    )
fig.tight_layout()
plt.show()

# %% [markdown]
# ## Detailed balance
#
# Let $T(x \to x')$ be the density of going from $x$ to $x'$ in one step. If
#
# $$p(x)\, T(x \to x') \;=\; p(x')\, T(x' \to x) \qquad \text{for all } x, x',$$ (eq-balance)
#
# then as much probability flows one way as the other, and $p$ stays as it is: integrate over $x$ and the right-hand side
# becomes $p(x')$. A chain with this property that can get everywhere, and does not go round in a fixed beat, ends up distributed as $p$, wherever it began.
#
# Almost no proposal $q(x' \mid x)$ has it by itself. Metropolis and Hastings force it: go to $x'$ with probability
#
# $$a(x \to x') \;=\; \min\left(1,\; \frac{p(x')\, q(x \mid x')}{p(x)\, q(x' \mid x)}\right),$$ (eq-accept)
#
# else stay. Of the two flows between $x$ and $x'$ the larger is cut to the size of the smaller, and
# {eq}`eq-balance` holds. Only a ratio of densities enters, so the unknown constant cancels. With a
# symmetric proposal, $x' = x + \mathcal N(0, \sigma^2)$, the two $q$ cancel too:

# %% tags=["hide-input"]
Code(inspect.getsource(MetropolisHastings.__call__), language="python")

# %% [markdown]
# It is blind, though. In $d$ dimensions nearly every direction leads downhill, and to be accepted at all $\sigma$ has
# to shrink like $1/\sqrt d$.
#
# ## Langevin's proposal
#
# Where would a particle go that is pulled uphill and shaken? The stochastic differential equation
# $\mathrm dx = \tfrac12 \nabla \log p(x)\,\mathrm dt + \mathrm dW$ has $p$ as its stationary density: by
# its Fokker–Planck equation the density $\rho$ of the particle changes as
#
# $$\partial_t \rho \;=\; \tfrac12\, \nabla \cdot \left( \nabla \rho - \rho\, \nabla \log p \right),$$ (eq-fokker)
#
# and for $\rho = p$ the bracket is $\nabla p - p\, \nabla p / p = 0$. The pull and the shaking are balanced, and the factor
# $\tfrac12$ between them is what balances them. A step of length $\sigma^2$ in time gives the
# proposal of the *Metropolis-adjusted Langevin algorithm* {cite}`roberts1996exponential`, Eq. 12 of the paper:
#
# $$x' \;=\; x + \frac{\sigma^2}{2}\, \nabla \log p(x) + \mathcal N(0, \sigma^2).$$ (eq-mala)
#
# (Table S1 of the paper prints $\tfrac12 \sigma$; its Eq. 12 has $\sigma^2/2$, which is right.) It is not symmetric, since
# the slope at $x'$ is another one, so both $q$ stay in {eq}`eq-accept`:

# %% tags=["hide-input"]
Code(
    inspect.getsource(MALA.log_proposal) + "\n" + inspect.getsource(MALA.__call__),
    language="python",
)

# %% [markdown]
# ## Why the accept rate goes to one
#
# Write $g(x)$ for $\nabla \log p(x)$ and put {eq}`eq-mala` into the logarithm of the ratio. With $\Delta = x' - x$ the squares of
# the two proposals nearly cancel, and what remains is
#
# $$\log \frac{p(x')\, q(x \mid x')}{p(x)\, q(x' \mid x)} \;=\;
# \underbrace{\log \frac{p(x')}{p(x)} - \Delta \cdot \frac{g(x) + g(x')}{2}}_{\text{trapezoid rule}}
# \;+\; \frac{\sigma^2}{8} \left( \lVert g(x) \rVert^2 - \lVert g(x') \rVert^2 \right).$$ (eq-ratio)
#
# The first part is the error of integrating the slope by the trapezoid rule from $x$ to $x'$: third order in $\Delta$,
# and $\Delta$ is of order $\sigma$. The second is $\sigma^2$ times a difference, again $\sigma^3$. So MALA refuses a share
# of order $\sigma^3$ of its steps; a blind walk, whose ratio is $\Delta \cdot g$, one of order $\sigma$. As $\sigma \to 0$
# hardly anything is refused any more.

# %% tags=["hide-input"]
WEIGHTS, MEANS, STD = torch.tensor([0.3, 0.7]), torch.tensor([[-1.5], [1.0]]), 0.7
mixture = densities.mixture(WEIGHTS, MEANS, STD)
n_rate = 2000
sigmas = [0.1, 0.2, 0.4, 0.8, 1.6]
exact = mixture.sample  # torch.distributions draws from its global generator, so it is seeded here and now
torch.manual_seed(0)
start = exact((n_rate,))


def accept_rates(method, sigma):
    """Of each chain, after a step from the density itself."""
    return next(
        mcmc.run(
            method(mixture.log_prob, sigma), start, steps=1, seeds=range(n_rate)
        )
    )[1].accept_rate


rates = {
    m.__name__: [mean_with_interval(accept_rates(m, s)) for s in sigmas]
    for m in (MetropolisHastings, MALA)
}
record("mcmc.mala_accept_rate_small_step", rates["MALA"][0])

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Share of steps refused against the step size, on the mixture of the next figure. Dashed: slopes 1 and 3.", "name": "fig-mcmc-accept"}, "image": {"alt": "Two rising lines in a double logarithmic plot; that of MALA is steeper, and for small steps far below the other."}}
fig, ax = plt.subplots(figsize=(5.5, 3.4))
for (name, values), colour in zip(rates.items(), figures.PALETTE, strict=False):
    refused = np.array([[1 - e.value, 1 - e.high, 1 - e.low] for e in values])
    ax.errorbar(
        sigmas,
        refused[:, 0],
        abs(refused[:, 1:] - refused[:, :1]).T,
        fmt="o-",
        color=colour,
        label=name,
        capsize=2,
    )
    slope = 1 if name == "MetropolisHastings" else 3
    ax.plot(
        sigmas,
        refused[2, 0] * (np.array(sigmas) / sigmas[2]) ** slope,
        "--",
        color=colour,
        alpha=0.5,
    )
ax.set(
    xscale="log",
    yscale="log",
    xlabel="σ, standard deviation of the proposal's noise",
    ylabel="share refused",
)
ax.legend()
plt.show()

# %% [markdown]
# At the smallest step MALA accepts {glue:text}`mcmc.mala_accept_rate_small_step:.4f` of its proposals.
#
# ## Dropping the accept step
#
# If so little is refused, why ask? The test needs $p$ itself, and PPGN has only its slope: a denoiser gives
# $\nabla \log p$ and nothing that could be compared at two points ([next chapter](02_a_denoiser_knows_the_score.ipynb)). So
# the paper takes the proposal and always goes. That is *MALA-approx*, Eq. 1:
#
# $$x_{t+1} \;=\; x_t + \epsilon_{12}\, \nabla \log p(x_t) + \mathcal N(0, \epsilon_3^2).$$ (eq-mala-approx)

# %% tags=["hide-input"]
Code(inspect.getsource(MALAApprox.__call__), language="python")

# %% [markdown]
# Elsewhere it is called the *unadjusted* Langevin algorithm. The price is a bias. On $\mathcal N(0, 1)$ it can be
# written down: with $\delta = \sigma^2/2$ a step is $x' = (1 - \delta)\, x + \sqrt{2\delta}\, z$, a linear recursion whose variance $v$
# obeys $v = (1-\delta)^2\, v + 2\delta$, so
#
# $$v \;=\; \frac{1}{1 - \delta/2} \;=\; 1 + \frac{\delta}{2} + O(\delta^2).$$ (eq-bias)
#
# Too wide, in proportion to the step: half the step, half the bias. For other densities the first-order term is another one, but it is
# in proportion to the step there too, as long as the slope grows no faster than linearly. Where it does, as that of $e^{-x^4}$,
# a chain without the test that strays far enough is thrown farther with every step and is lost, at whatever step size
# {cite}`roberts1996exponential`. Here the bias is measured on a mixture of two bumps.

# %%
K = (
    settings.coordinates
)  # the coordinates of one long vector never touch, so they are as many chains


def log_mixture(x):
    """The mixture as a density of each coordinate by itself, (B, D) -> (B,): `mixture`, up to a constant, written for speed."""
    bumps = WEIGHTS.log()[:, None, None] - (x - MEANS[:, :, None]) ** 2 / (
        2 * STD**2
    )  # (2, B, D)
    return torch.logsumexp(bumps, 0).sum(1)


def long_run(eps12, eps3, coordinates=K, time=30.0, chains=20):
    """States of MALA-approx after a run of this length (steps times eps12), and by chain the mean of x^2 in its last two thirds."""
    torch.manual_seed(1)
    x0 = exact((coordinates,)).view(chains, -1).float()
    steps = math.ceil(time / eps12)
    second_moment = torch.zeros(chains)
    for state, _ in mcmc.run(
        MALAApprox(log_mixture, eps12, eps3), x0, steps=steps, seeds=range(chains)
    ):
        if state.t > steps // 3:
            second_moment += (state.x.double() ** 2).mean(1) / (steps - steps // 3)
    return state.x.double().flatten(), second_moment


truth = (WEIGHTS * (MEANS[:, 0] ** 2 + STD**2)).sum()  # E x^2 in closed form
deltas = [0.4, 0.2, 0.1, 0.05]
ends, by_chain = {}, {}
for delta in deltas:
    ends[delta], second_moment = long_run(delta, math.sqrt(2 * delta))
    by_chain[delta] = second_moment - truth
biases = {delta: mean_with_interval(values) for delta, values in by_chain.items()}

# %% [markdown]
# The ratio of the biases at the two smallest steps; its interval is a bootstrap over chains, which are the same in both:

# %%
pairs = torch.stack([by_chain[0.05], by_chain[0.1]], 1)
bias_ratio = with_interval(
    lambda rows: float(rows[:, 0].mean() / rows[:, 1].mean()), pairs, resamples=2000
)
record("mcmc.bias_ratio_half_step", bias_ratio)
record(
    "mcmc.bias_ratio_half_step_standard_error",
    (bias_ratio.high - bias_ratio.low) / (2 * 1.96),
)

# %% tags=["nbval-check-output"]
print(
    "less is refused by MALA than by a blind walk at a small step:",
    rates["MALA"][0].low > rates["MetropolisHastings"][0].high,
)
print(
    "a step eight times as large has more bias:",
    biases[0.4].low > biases[0.05].high,
)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "MALA-approx on a mixture. Left: histograms of its states at two steps, and the density (black). Right: error of the second moment against the step, with 95 % intervals; dashed a line of slope one.", "name": "fig-mcmc-bias"}, "image": {"alt": "Left, histograms that are too wide for a large step and fit the density for a small one. Right, four points along a straight line in a double logarithmic plot."}}
grid = torch.linspace(-5, 5, 501)
fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.4))
for delta, colour in zip((0.4, 0.05), figures.PALETTE, strict=False):
    left.hist(
        ends[delta].numpy(),
        80,
        range=(-5, 5),
        density=True,
        histtype="step",
        color=colour,
        label=f"δ = {delta}",
        linewidth=1.5,
    )
left.plot(
    grid,
    mixture.log_prob(grid[:, None]).exp(),
    color="black",
    linewidth=1,
    label="density",
)
left.set(xlabel="x", ylabel="density")
left.legend()
points = np.array([[b.value, b.low, b.high] for b in biases.values()])
right.errorbar(
    deltas, points[:, 0], abs(points[:, 1:] - points[:, :1]).T, fmt="o", capsize=3
)
right.plot(
    deltas, points[2, 0] * np.array(deltas) / deltas[2], "--", color="#999999"
)
right.set(
    xscale="log",
    yscale="log",
    xlabel="step δ = σ²/2",
    ylabel="bias of the second moment",
)
right.set_xticks(deltas, [f"{delta:g}" for delta in deltas])
right.minorticks_off()
fig.tight_layout()
plt.show()

# %% [markdown]
# Half the step leaves {glue:text}`mcmc.bias_ratio_half_step:.2f` times the bias (standard error
# {glue:text}`mcmc.bias_ratio_half_step_standard_error:.2f`); first order says one half. So MALA-approx can be made as exact as
# one likes, and pays in steps: at half the step it takes twice as many to get as far.
#
# ## Two sizes instead of one
#
# In {eq}`eq-mala` one number sets both drift and noise. The paper takes two, $\epsilon_{12}$ and $\epsilon_3$, and argues from
# gradients that are noisy, as those of minibatches are: their noise $\xi$ enters as $\epsilon_{12}\, \xi$ on top of the $\mathcal N(0, \epsilon_3^2)$, so
# the tie between drift and noise is broken already, by an amount nobody knows. What do two sizes do? Let $T$ stand for
# $\epsilon_3^2 / (2\, \epsilon_{12})$. Then
#
# $$\epsilon_{12}\, \nabla \log p + \mathcal N(0, \epsilon_3^2) \;=\;
# \frac{\epsilon_3^2}{2}\, \nabla \log p^{1/T} + \mathcal N(0, \epsilon_3^2),$$ (eq-temperature)
#
# which is {eq}`eq-mala` for the density $p^{1/T}$, normalised again: the same landscape at temperature $T$. More noise than belongs to the drift
# fills the valleys ($T > 1$); less of it makes peaks of the hills ($T < 1$), and in the limit of none, $T \to 0$, it is gradient ascent.

# %% tags=["hide-input"]
eps12 = 0.05
temperatures = {"cold": 0.5, "as p": 1.0, "hot": 2.0}
fine = torch.linspace(-12, 12, 24_001)


def tempered(T):
    """Density of p^(1/T) on the fine grid, normalised."""
    density = (mixture.log_prob(fine[:, None]) / T).exp()
    return density / torch.trapezoid(density, fine)


def variance_of(density):
    mean = torch.trapezoid(fine * density, fine)
    return torch.trapezoid((fine - mean) ** 2 * density, fine).item()


at, numbers = (
    {},
    {
        "mcmc.mala_accept_rate_small_step": rates["MALA"][0],
        "mcmc.bias_ratio_half_step": bias_ratio,
    },
)
for name, T in temperatures.items():
    at[name], _ = long_run(
        eps12, math.sqrt(2 * eps12 * T), coordinates=K // 4, time=40.0
    )
    variances = at[name].view(20, -1).var(1)
    numbers[f"mcmc.variance_over_tempered_{name}"] = mean_with_interval(
        variances / variance_of(tempered(T))
    )
    numbers[f"mcmc.variance_over_p_{name}"] = mean_with_interval(
        variances / variance_of(tempered(1.0))
    )
for key in (
    "variance_over_tempered_hot",
    "variance_over_tempered_cold",
    "variance_over_p_hot",
):
    record(f"mcmc.{key}", numbers[f"mcmc.{key}"])
for claim in ("C02", "C03"):
    record(f"claim.{claim}", claims.decide(claim, numbers))

# %% tags=["hide-input"] mystnb={"figure": {"caption": "MALA-approx with the noise for half, once and twice the temperature that belongs to its drift: histograms of the states, the density that {eq}`eq-temperature` predicts (black) and p itself (dashed).", "name": "fig-mcmc-temperature"}, "image": {"alt": "Three histograms of two bumps: sharp and unequal when cold, as the density in the middle, flat when hot. Each follows its black line."}}
fig, axes = plt.subplots(1, 3, figsize=(9.5, 3), sharey=True)
for ax, (name, T) in zip(axes, temperatures.items(), strict=True):
    ax.hist(
        at[name].numpy(),
        80,
        range=(-5, 5),
        density=True,
        color=figures.PALETTE[5],
        alpha=0.7,
    )
    ax.plot(fine, tempered(T), color="black", linewidth=1.2, label="$p^{1/T}$")
    ax.plot(fine, tempered(1.0), "--", color="black", linewidth=0.8, label="$p$")
    ax.set(xlim=(-5, 5), xlabel="x", title=f"T = {T:g}")
axes[0].set_ylabel("density")
axes[2].legend()
fig.tight_layout()
plt.show()

# %% [markdown]
# The variance of the hot chain is {glue:text}`mcmc.variance_over_tempered_hot:.3f` times what $p^{1/T}$ has, that of the cold one
# {glue:text}`mcmc.variance_over_tempered_cold:.3f` times.
#
# Two sliders set step and temperature; the picture is the histogram that such chains give. A large step spoils it at any
# temperature.

# %% tags=["hide-input"]
slider_values = {
    "step δ = ε₁₂": [0.02, 0.1, 0.3, 0.6],
    "temperature T": [0.5, 0.7, 1.0, 1.5, 2.0, 4.0],
}


def picture(delta, T):
    torch.manual_seed(2)
    n = min(K, 4000)
    kernel = MALAApprox(log_mixture, delta, math.sqrt(2 * delta * T))
    *_, (state, _) = mcmc.run(
        kernel, exact((n,)).view(4, -1), steps=math.ceil(20 / delta), seeds=range(4)
    )
    fig, ax = plt.subplots(figsize=(5.6, 2.8), dpi=100)
    ax.hist(
        state.x.flatten().numpy(),
        60,
        range=(-6, 6),
        density=True,
        color=figures.PALETTE[5],
        alpha=0.7,
        label="chain",
    )
    ax.plot(fine, tempered(T), color="black", linewidth=1.2, label="$p^{1/T}$")
    ax.set(xlim=(-6, 6), ylim=(0, 0.9), xlabel="x", ylabel="density")
    ax.legend(loc="upper left")
    fig.tight_layout()
    return animations.pixels(fig)


first, second = slider_values.values()
animations.sliders(
    [[picture(delta, T) for T in second] for delta in first],
    {
        name: [f"{value:g}" for value in values]
        for name, values in slider_values.items()
    },
    alt="Histogram of a chain beside the tempered density; the sliders change step and temperature.",
    caption="What a chain of MALA-approx draws (bars) and the density at that temperature (line), by step and temperature.",
)

# %% [markdown]
# ## Two experts
#
# PPGN never samples one density. It multiplies a prior and a condition (Eqs. 2 and 3) and gives each slope a multiplier of its own (Eq. 5):
#
# $$x_{t+1} = x_t + \epsilon_1\, \nabla \log p(x_t) + \epsilon_2\, \nabla \log p(y \mid x_t) + \mathcal N(0, \epsilon_3^2).$$ (eq-two)
#
# By the argument of {eq}`eq-temperature` this samples, for small steps,
#
# $$p(x)^{2 \epsilon_1/\epsilon_3^2}\; p(y \mid x)^{2 \epsilon_2/\epsilon_3^2},$$ (eq-exponents)
#
# so the multipliers are exponents: how seriously each expert is taken. With two Gaussians of precision matrices $\Lambda_1$,
# $\Lambda_2$ and means $m_1$, $m_2$ everything is known. At exponents $a_1$, $a_2$ the product is a Gaussian with precision
# $\Lambda = a_1 \Lambda_1 + a_2 \Lambda_2$ and mean $\Lambda^{-1} (a_1 \Lambda_1 m_1 + a_2 \Lambda_2 m_2)$.

# %%
prior = MultivariateNormal(torch.zeros(2), torch.tensor([[4.0, 0.0], [0.0, 0.3]]))
condition = MultivariateNormal(
    torch.tensor([2.0, 1.5]), torch.tensor([[0.3, 0.0], [0.0, 2.0]])
)


def product_of(a1, a2):
    """Mean and covariance of prior^a1 * condition^a2."""
    precision = a1 * prior.precision_matrix + a2 * condition.precision_matrix
    pull = (
        a1 * prior.precision_matrix @ prior.mean
        + a2 * condition.precision_matrix @ condition.mean
    )
    return torch.linalg.solve(precision, pull), torch.linalg.inv(precision)


def two_experts(a1, a2, eps3=0.1, chains=400):
    """States of Eq. 5 with the multipliers that belong to these exponents: all of the last 50, (50, chains, 2)."""
    kernel = MALAApprox(
        lambda x: a1 * prior.log_prob(x) + a2 * condition.log_prob(x),
        eps12=eps3**2 / 2,
        eps3=eps3,
    )
    states = [
        state.x
        for state, _ in mcmc.run(
            kernel, torch.zeros(chains, 2), steps=2000, seeds=range(chains)
        )
    ]
    return torch.stack(states[-1000::20])


clouds = {
    exponents: two_experts(*exponents)
    for exponents in ((1, 1), (1, 0.1), (0.1, 1), (4, 4))
}

# %% tags=["nbval-check-output"]
for exponents, x in clouds.items():
    mean, covariance = product_of(*exponents)
    scale = covariance.diagonal().sqrt()
    off = max(
        ((x.mean((0, 1)) - mean) / scale).abs().max(),
        ((torch.cov(x.flatten(0, 1).T) - covariance) / scale / scale[:, None])
        .abs()
        .max(),
    )
    print(
        f"exponents {exponents}: mean and covariance within 15 % of the closed form: {bool(off < 0.15)}"
    )

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Two experts at four pairs of exponents: contours of the prior (blue) and of the condition (orange), states of the chain, and the two-sigma ellipse of the closed form (black).", "name": "fig-mcmc-experts"}, "image": {"alt": "Four panels with two crossing ellipses and a cloud of points, which lies where they cross and shifts to the expert with the larger exponent."}}
fig, axes = plt.subplots(1, 4, figsize=(10, 3))
angle = torch.linspace(0, 2 * math.pi, 100)
circle = 2 * torch.stack([angle.cos(), angle.sin()])
for ax, ((a1, a2), x) in zip(axes, clouds.items(), strict=True):
    for expert, colour in (
        (prior, figures.PALETTE[0]),
        (condition, figures.PALETTE[1]),
    ):
        ax.plot(
            *(
                expert.mean[:, None]
                + torch.linalg.cholesky(expert.covariance_matrix) @ circle
            ),
            color=colour,
        )
    ax.scatter(*x[-1].T, s=2, color="#666666")
    mean, covariance = product_of(a1, a2)
    ax.plot(
        *(mean[:, None] + torch.linalg.cholesky(covariance) @ circle),
        color="black",
        linewidth=1.5,
    )
    ax.set(
        xlim=(-5, 5),
        ylim=(-4, 5),
        title=f"exponents {a1:g}, {a2:g}",
        xticks=[],
        yticks=[],
    )
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
fig.tight_layout()
plt.show()

# %% [markdown]
# ## How much is a step worth?
#
# The states of a chain resemble one another, so a thousand of them say less than a thousand independent draws would. How many independent ones they
# are worth is the *effective sample size*: with $\rho_k$ the autocorrelation at lag $k$, $n / (1 + 2 \sum_k \rho_k)$,
# estimated by arviz {cite}`vehtari2021rhat`. The test bed is a Gaussian of 50 dimensions, ten times as wide in one direction as in another, plus
# the banana. Metropolis–Hastings and MALA get the step at which their accept rate is what theory recommends for many dimensions
# (0.234 and 0.574, {cite}`roberts2001optimal`), found by bisection on other seeds; MALA-approx gets half of MALA's $\sigma$, and the Gaussian only: the
# banana's slope grows like a cube. Beside them stands *stochastic gradient Langevin dynamics*, SGLD
# {cite}`welling2011sgld`: the same proposal with the slope from a random tenth of the data behind the density, a slowly
# falling step and no test either. All chains begin with exact draws.

# %% tags=["hide-input"]
D = 50
stds = torch.logspace(-1, 0, D)
target = Normal(torch.zeros(D), stds)


def gaussian(x):
    return target.log_prob(x).sum(1)


# The same Gaussian as the posterior of a mean, given 100 data of 100 times its variance each.
data = 10 * torch.randn(100, D, generator=torch.Generator().manual_seed(3)) * stds
data -= data.mean(0)


def minibatch(x, indices):
    # 100 data of variance 100 stds^2 each: their weights cancel to one over the size of the minibatch.
    return (
        -((data[indices] - x[:, None]) ** 2 / stds**2).sum((1, 2))
        / 2
        / indices.shape[1]
    )


def exact_banana(n, seed):
    z = torch.randn(n, 2, generator=torch.Generator().manual_seed(seed))
    a = banana.scale * z[:, 0]
    return torch.stack([a, banana.bend * (a**2 - banana.scale**2) + z[:, 1]], 1)


def exact_gaussian(n, seed):
    return torch.randn(n, D, generator=torch.Generator().manual_seed(seed)) * stds


def tuned(method, log_prob, x0, rate):
    """Sigma at which the method accepts this share of its steps."""
    low, high = 1e-3, 10.0
    for _ in range(14):
        middle = math.sqrt(low * high)
        found = [
            i.accept_rate.mean()
            for _, i in mcmc.run(
                method(log_prob, middle), x0, steps=20, seeds=range(len(x0))
            )
        ]
        low, high = (
            (middle, high) if sum(found) / len(found) > rate else (low, middle)
        )
    return method(log_prob, low)


beds = {
    "gaussian": (gaussian, exact_gaussian),
    "banana": (banana.log_prob, exact_banana),
}
WATCHED = {"gaussian": list(range(0, D, 7)), "banana": [0, 1]}  # coordinates
TRUTH = {"gaussian": stds**2, "banana": torch.tensor(banana.variances())}
MOST_BIASED = {"gaussian": 0, "banana": 1}  # the narrowest; the one across the bend
rows, ess, traces = {}, {}, {}
for bed, (log_prob, draw) in beds.items():
    x0 = draw(200, 4)
    samplers = {
        "MH": tuned(MetropolisHastings, log_prob, x0, 0.234),
        "MALA": tuned(MALA, log_prob, x0, 0.574),
    }
    sizes = {name: f"{kernel.sigma:.3f}" for name, kernel in samplers.items()}
    if bed == "gaussian":
        sigma, gamma, delay = samplers["MALA"].sigma, 0.51, settings.draws / 4
        samplers["MALA-approx"] = MALAApprox.langevin(log_prob, sigma / 2)
        falling = polynomial(
            (sigma / 2) ** 2 * delay**gamma, delay, gamma
        )  # from sigma / 2 on
        samplers["SGLD"] = SGLD(minibatch, len(data), len(data) // 10, falling)
        sizes |= {
            "MALA-approx": f"{sigma / 2:.3f}",
            "SGLD": f"{falling(0):.3f} to {falling(settings.draws):.3f}",
        }
    chains = 10 * settings.groups
    for name, kernel in samplers.items():
        x, accepted, squares = [], torch.zeros(chains), torch.zeros(chains)
        for state, info in mcmc.run(
            kernel,
            draw(chains, 6),
            steps=settings.draws,
            seeds=range(1000, 1000 + chains),
        ):
            x.append(state.x[:, WATCHED[bed]].float())
            accepted += info.accept_rate / settings.draws
            squares += state.x[:, MOST_BIASED[bed]] ** 2 / settings.draws
        x = torch.stack(x, 1)  # (chains, draws, coordinates watched)
        by_group = np.array(
            [
                [arviz.ess(x[10 * g : 10 * g + 10, :, i].numpy(), method="mean") for g in range(settings.groups)]
                for i in range(x.shape[2])
            ]
        ) / (10 * settings.draws) * 1000  # fmt: skip
        ess[bed, name] = mean_with_interval(by_group[by_group.mean(1).argmin()])
        if bed == "gaussian":
            traces[name] = x[:, :, -1]
        rows[f"{name}, {bed}"] = {
            "σ": sizes[name],
            "accept rate": f"{accepted.mean():.3f}"
            if name in ("MH", "MALA")
            else "no test",
            "effective samples per 1000 steps": str(ess[bed, name]),
            "variance over the true one": str(
                mean_with_interval(squares / TRUTH[bed][MOST_BIASED[bed]])
            ),
        }
for bed in beds:
    for name in ("MH", "MALA"):
        key = f"mcmc.ess_{name.lower()}_{bed}"
        numbers[key] = ess[bed, name]
        record(key, ess[bed, name])
record("claim.C01", claims.decide("C01", numbers))
figures.table(rows)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Left: autocorrelation of the widest coordinate of the 50-dimensional Gaussian. Right: effective samples per 1000 steps of the coordinate that mixes worst (of every seventh), with 95 % intervals.", "name": "fig-mcmc-ess"}, "image": {"alt": "Left, falling curves, one a sampler. Right, points with error bars for each sampler on Gaussian and banana."}}
fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.4))
lags = np.arange(0, min(1500, settings.draws // 2), 10)
width = stds[WATCHED["gaussian"][-1]]
for (
    name,
    trace,
) in (
    traces.items()
):  # mean and variance are known, so they are not estimated from the chain
    products = [
        (trace[:, : settings.draws - k] * trace[:, k:]).mean().item() for k in lags
    ]
    left.plot(lags, np.array(products) / width.item() ** 2, label=name)
left.set(xlabel="lag (steps)", ylabel="autocorrelation")
left.legend()
for i, e in enumerate(ess.values()):
    right.errorbar(
        e.value,
        -i,
        xerr=[[e.value - e.low], [e.high - e.value]],
        fmt="o",
        capsize=3,
    )
right.set_yticks(
    [-i for i in range(len(ess))], [f"{name}, {bed}" for bed, name in ess]
)
right.set(xscale="log", xlabel="effective samples per 1000 steps")
ticks = [
    t
    for t in (1, 2, 5, 10, 20, 50)
    if right.get_xlim()[0] <= t <= right.get_xlim()[1]
]
right.set_xticks(ticks, [str(t) for t in ticks])
right.minorticks_off()
fig.tight_layout()
plt.show()

# %% [markdown]
# This is Table S1 of the paper with numbers in it; the last column is of the coordinate with the largest bias. The recommended rates are for many
# dimensions; the banana has two, and whether they serve it as well is what its rows show. It counts steps, and a step with a gradient
# costs more than one without, so by the clock the lead of MALA over Metropolis–Hastings is smaller. Effective samples per second,
# as ratios of samplers that ran in turns on one machine, from the book's
# [benchmarks](https://github.com/ppgn-book/ppgn-book/tree/main/benchmarks):

# %% tags=["hide-input"]
timed = results.read(Path("../benchmarks/results.json"))
per_second = {
    "MALA over Metropolis–Hastings": "mcmc.ess_per_second_mala_over_mh",
    "MALA over MALA-approx at half the σ, for less bias": "mcmc.ess_per_second_mala_over_mala_approx",
    "MALA over blackjax's MALA, both compiled": "mcmc.ess_per_second_over_blackjax",
    "MALA as above over blackjax's, which is compiled": "mcmc.ess_per_second_over_blackjax_eager",
}
figures.table(
    {
        title: {
            "effective samples per second": f"{timed[key]['value']:.2f} [{timed[key]['low']:.2f}, {timed[key]['high']:.2f}]"
        }
        for title, key in per_second.items()
    }
)

# %% [markdown]
# That is a thousand chains in 50 dimensions, the coordinate that is widest. What no table of one hill can show: on two hills far apart
# all of them stay where they began.
#
# ## Three claims
#
# By the [rules written down first](../book/claims/index.md): that Metropolis–Hastings mixes slowly and MALA better (C01) is
# {glue:text}`claim.C01`; that the accept rate goes to one and the bias to zero with the step (C02) is {glue:text}`claim.C02`; that two sizes
# are a change of temperature (C03) is {glue:text}`claim.C03`.
#
# ## Round and round
#
# To end with, the samplers on a ring, a ridge without a highest point: chains from one place, each with a tail of its last states.

# %% tags=["hide-input"]
CHAINS, TAIL, STRIDE = 8, 10, 3
ring_kernels = {
    "Metropolis–Hastings": MetropolisHastings(ring.log_prob, 0.35),
    "MALA": MALA(ring.log_prob, 0.35),
    "MALA-approx": MALAApprox.langevin(ring.log_prob, 0.35),
}
ring_start = torch.tensor([[0.0, -3.0]]).repeat(CHAINS, 1)
paths = {
    name: torch.stack(
        [
            ring_start,
            *(
                s.x
                for s, _ in mcmc.run(
                    kernel,
                    ring_start,
                    steps=STRIDE * settings.frames,
                    seeds=range(CHAINS),
                )
            ),
        ]
    )
    for name, kernel in ring_kernels.items()
}


def frame(t):
    fig, axes = plt.subplots(1, 3, figsize=(7.2, 2.6), dpi=100)
    for ax, (name, x) in zip(axes, paths.items(), strict=True):
        contours(ax, ring.log_prob, limits=((-4.5, 4.5), (-4.5, 4.5)), levels=3)
        for chain in range(CHAINS):
            ax.plot(
                *x[max(0, t - TAIL) : t + 1, chain].T,
                linewidth=1,
                color=figures.PALETTE[chain],
                alpha=0.7,
            )
            ax.plot(*x[t, chain], "o", markersize=4, color=figures.PALETTE[chain])
        ax.set_title(name, fontsize=9)
        ax.set_aspect("equal")
    axes[1].set_xlabel(f"step {t}", fontsize=9)
    fig.tight_layout()
    return animations.pixels(fig)


animations.film(
    [frame(STRIDE * t) for t in range(settings.frames + 1)],
    alt="Eight chains in each of three panels wander along a ring, away from its lowest point, where all of them began.",
    caption="Eight chains of each sampler on a ring, all from its lowest point; each with a tail of its last states.",
)

# %% [markdown]
# ## Exercises
#
# **1.** Set $\epsilon_3 = 0$ in {eq}`eq-mala-approx` and think before you run it: where do twenty chains from random starts end, and
# what does {eq}`eq-temperature` call that?
#
# <details><summary>Solution</summary>
#
# At temperature zero. Every chain climbs to the top of the hill it is on and stays: two points for the mixture, with shares that
# depend on where the chains began, not on the weights. Of the paper's variants DGN-AM and Noiseless Joint PPGN-h run (almost) so, and
# the diversity of their samples has to come from where they begin, or from a prior with many resting points.
#
# </details>
#
# **2.** Draw from $\mathcal N(0, 1)$ by MALA-approx with $\delta = 2$. {eq}`eq-bias` says that the variance is infinite. Why?
#
# <details><summary>Solution</summary>
#
# $x' = (1 - \delta) x + \sqrt{2 \delta}\, z$ becomes $-x + 2z$: the drift throws the chain across the top to the other side,
# as far away as it was, and each step adds noise to it. It is a random walk in disguise. With $\delta > 2$ the distance grows by a factor
# with each step, until the numbers overflow and `run` says so. MALA would make the same proposals, refuse about every
# second one, and have no bias.
#
# </details>
#
# ## Summary
#
# - Detailed balance makes a sampler exact; the accept step is what enforces it, and it needs $p$ up to a constant.
# - A step uphill plus matching noise is nearly balanced by itself: MALA refuses a share of order $\sigma^3$.
# - MALA-approx leaves the test out, needs $\nabla \log p$ only, and is off by something of the order of the step.
# - Noise and drift set apart mean another temperature; two experts with a multiplier each mean exponents. This is
#   the reading of $\epsilon_1, \epsilon_2, \epsilon_3$ to keep in mind in every later chapter.
