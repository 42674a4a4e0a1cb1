# %% [markdown]
# # Three multipliers
#
# **Question.** $\epsilon_1$ for the prior, $\epsilon_2$ for the condition, $\epsilon_3$ for the noise: what happens to a chain when one of them is turned up or down?
#
# Below are the last states of chains of *Noiseless Joint* PPGN-h, asked for ten classes, one a column. In all rows they start at the same ten random codes. Only $\epsilon_1$ differs. Nothing is picked.

# %% tags=["parameters"]
# None: the profile's value
steps = None  # updates of the chains that run while one waits
precise_steps = None  # of those in double precision

# %% tags=["set-up"]
import json

from ppgn_lib import Eps, chain, conditions, metrics, variants
from ppgn_lib.book import claims
from ppgn_lib.book.record import record
from ppgn_lib.data.files import locate
from ppgn_lib.data.tinted_fashion import ITEMS, TintedFashion
from ppgn_lib.metrics import mixing, protocol
from ppgn_lib.networks.features import encode
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal

numbers = {}  # what the rules of the claims read


def keep(key, number):
    """Record a number, and have it at hand for the verdicts."""
    numbers[key] = number
    record(key, number)


# %% tags=["hide-input"] mystnb={"figure": {"caption": "The last state of one chain of each class (columns), from the same random codes, for five multipliers of the prior; after the paper's Fig. S23.", "name": "fig-multipliers-eps1"}, "image": {"alt": "Five rows of ten small pictures of clothes; noisy in the first row, clean in the last, where some show another item than asked for."}}
E, G, evaluator = (
    load(name).to(settings.device) for name in ("encoder", "generator", "evaluator")
)
judge = metrics.judge_with(evaluator, "item")
store = json.loads(locate("results/step_sizes.json").read_text())
protocol_of = store["protocol"]
ROWS = {name: [tuple(one) for one in row] for name, row in protocol_of["rows"].items()}
marks = sorted({round(t) for t in np.geomspace(1, settings.steps, 9)} | {0})
seeds = protocol.seeds_of(protocol_of["seeds_from"], 1, 10)
ten = torch.arange(10, device=settings.device)


@torch.no_grad()
def drawn(codes):
    """Pictures of codes (B, H), cut to [-1, 1], on the CPU."""
    return G(codes.float().to(settings.device)).clamp(-1, 1).cpu()


def walk(setting, h0, y, seeds, net_g=G, net_e=E, steps=settings.steps):
    """All codes of chains from h0, (steps + 1, B, H)."""
    experts = variants.noiseless(net_g, net_e, conditions.classes(net_e, y, "item"))
    states = chain(h0, *experts, Eps(*setting), steps=steps, seeds=seeds)
    return torch.stack([state.h.cpu() for state in states])


begin = rectified_normal(seeds, G.code).to(settings.device)
walks = {setting: walk(setting, begin, ten, seeds) for setting in ROWS["eps1"]}
fig = figures.image_grid(
    torch.cat([drawn(codes[-1]) for codes in walks.values()]),
    10,
    rows=[f"ε1 = {setting[0]:g}" for setting in walks],
    tops=[item.split()[0] for item in ITEMS],
    cell=0.6,
)
fig.axes[0].tick_params(axis="x", labelsize=7)
plt.show()

# %% [markdown]
# Here is one of the ten on its way, under each multiplier:

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The chain that is asked for a bag (the class was picked by hand), from the same code; the number of updates stands above.", "name": "fig-multipliers-strips"}, "image": {"alt": "Five strips of ten pictures, from the same start on the left."}}
figures.image_grid(
    torch.cat([drawn(codes[marks, 8]) for codes in walks.values()]),
    len(marks),
    rows=[f"ε1 = {setting[0]:g}" for setting in walks],
    tops=[str(t) for t in marks],
    cell=0.6,
)
plt.show()

# %% [markdown]
# ## One at a time
#
# Pictures of ten chains may mislead. So {glue:text}`step_sizes.chains` chains were run for each setting, {glue:text}`step_sizes.steps` updates long, and of every tenth state after the first {glue:text}`step_sizes.first` three things were asked of the evaluator. Does it take the picture for the class (*accepted*)? Does it clearly take it for another one? And to which of twenty clusters of photographs of the class is it nearest? Of ten accepted states of a chain, how many different clusters are expected: that is how far it gets around. A chain with fewer than ten accepted states is not counted for that.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Above: the share of states that are taken for the class (solid) or clearly for another one (dashed). Below: the expected number of clusters of photographs in ten accepted states. Mean over classes, 95 % intervals (Student's t). From the left: the prior's multiplier; the condition's; prior and noise together; noise only in five of every fifty updates. The dotted line marks the setting of the other chapters.", "name": "fig-multipliers-rows"}, "image": {"alt": "Two rows of four panels with curves over a logarithmic axis."}}
CHAINS = protocol_of["chains"]
record("step_sizes.chains", 10 * CHAINS)
record("step_sizes.steps", protocol_of["steps"])
record("step_sizes.first", protocol_of["first"])


def of_class(row, setting, what):
    """A number of the chains of a setting, mean by class: (10,); NaN for a class without any."""
    key = ("bursts " if row == "bursts" else "") + ", ".join(f"{e:g}" for e in setting)
    values = torch.tensor(store["found"][key][what], dtype=torch.float64)
    return values.where(values >= 0, torch.nan).view(10, CHAINS).nanmean(1)


def kept(row, setting):
    """Of how many chains the clusters can be counted."""
    key = ("bursts " if row == "bursts" else "") + ", ".join(f"{e:g}" for e in setting)
    count = sum(value >= 0 for value in store["found"][key]["clusters"])
    return metrics.intervals.wilson(count, 10 * CHAINS)


def over_classes(values):
    """Mean over the classes that have a value, Student's t."""
    values = values[~values.isnan()]
    if len(values) < 2:
        return metrics.Estimate(float("nan"), float("nan"), float("nan"), len(values))
    return metrics.by_student(values)


AXES = {  # what is turned in a row, and which part of a setting that is
    "eps1": ("ε1", 0),
    "eps2": ("ε2", 1),
    "together": ("ε1 and ε3", 0),
    "bursts": ("ε3, in bursts", 2),
}
USUAL = {"eps1": 0.1, "eps2": 0.2}
fig, axes = plt.subplots(
    2, 4, figsize=(10, 4.4), sharey="row", sharex="col", layout="constrained"
)
for (top, bottom), (row, (label, part)) in zip(axes.T, AXES.items(), strict=True):
    at = [setting[part] for setting in ROWS[row]]
    for ax, what, style in (
        (top, "accepted", "o-"),
        (top, "another", "s--"),
        (bottom, "clusters", "o-"),
    ):
        found = [over_classes(of_class(row, setting, what)) for setting in ROWS[row]]
        ax.errorbar(
            at,
            [e.value for e in found],
            [[e.value - e.low for e in found], [e.high - e.value for e in found]],
            fmt=style,
            ms=4,
            color=figures.PALETTE[0 if what != "another" else 1],
        )
    for ax in (top, bottom):
        if row in USUAL:
            ax.axvline(USUAL[row], color="0.5", lw=0.8, ls=":")
    bottom.set(xlabel=label, xscale="log")
axes[0, 0].set(ylabel="share of states", ylim=(-0.03, 1.03))
axes[1, 0].set(ylabel="clusters in ten states", ylim=(0.9, None))
plt.show()


# %% tags=["hide-input"]
def per_decade(row, what, part, first=0):
    """Slope over log10 of the multiplier by least squares, class by class: mean."""
    used = ROWS[row][first:]
    y = torch.stack([of_class(row, setting, what) for setting in used])  # (settings, 10)
    x = torch.tensor([setting[part] for setting in used], dtype=torch.float64).log10()
    slopes = []
    for values in y.T:
        there = ~values.isnan()
        if there.sum() > 1:
            centred = x[there] - x[there].mean()
            slopes.append(
                ((centred * values[there]).sum() / centred.square().sum()).item()
            )
    return metrics.by_student(torch.tensor(slopes))


def least(row):
    """The smallest share of chains that can be counted."""
    return min((kept(row, setting) for setting in ROWS[row]), key=lambda e: e.value)


keep("step_sizes.clusters_per_decade_eps1", per_decade("eps1", "clusters", 0))
for what in ("accepted", "another"):
    keep(f"step_sizes.{what}_per_decade_eps1", per_decade("eps1", what, 0, first=2))
    keep(f"step_sizes.{what}_per_decade_together", per_decade("together", what, 0))
keep("step_sizes.clusters_per_decade_together", per_decade("together", "clusters", 0))
for row in ("eps1", "together"):
    keep(f"step_sizes.least_kept_{row}", least(row))
for claim in ("C17", "C20"):
    record(f"claim.{claim}", claims.decide(claim, numbers))
for row, settings_of_row in ROWS.items():
    part = AXES[row][1]
    for setting in settings_of_row:
        for what in ("accepted", "another", "clusters"):
            number = over_classes(of_class(row, setting, what))
            if number.n > 1:
                record(f"step_sizes.{row}_{setting[part]:g}.{what}", number)
rows = {}
for row, (label, part) in AXES.items():
    for setting in ROWS[row]:
        rows["{} = {:g}".format(label, setting[part])] = {
            "accepted": str(over_classes(of_class(row, setting, "accepted"))),
            "another class": str(over_classes(of_class(row, setting, "another"))),
            "clusters": str(over_classes(of_class(row, setting, "clusters"))),
            "chains counted": f"{kept(row, setting).value:.2f}",
        }
figures.table(rows)

# %% [markdown]
# PROSE
#
# ## From $10^{-17}$ up
#
# The paper samples Noiseless with $\epsilon_3 = 10^{-17}$ (its Fig. S15 has larger ones) and says that a little noise is needed to make it a proper sampler. How little can do anything? A number of double precision near 1 has neighbours at a distance of $2 \cdot 10^{-16}$, one of single precision at $10^{-7}$: less than that is lost in the sum, unless the coordinate is near 0. So these chains run in double precision, from the code of a photograph, once without noise and once for each $\epsilon_3$:

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Distance between a chain with noise and the one without, both from the code of the same photograph, over the length of a code; median of ten chains, one a class, in double precision.", "name": "fig-multipliers-growth"}, "image": {"alt": "Curves over the number of updates on logarithmic axes: small noise grows for some tens of updates and stays small, large noise ends far from the start."}}
NOISE = (1e-17, 1e-13, 1e-9, 1e-5, 1e-3, 1e-1)
g64, e64 = load("generator").double(), load("encoder").double()
test = TintedFashion("test")
test_y = test.labels()["item"]
photographs = test.batch([(test_y == c).nonzero()[0, 0].item() for c in range(10)]).x
start = encode(e64, photographs.double()).detach()
# To another class than the photograph's: the chain has a way to go.
wanted = (torch.arange(10) + 1) % 10
precise = {
    size: walk(
        (0.1, 0.2, size), start, wanted, range(10), g64, e64, settings.precise_steps
    )
    for size in (0.0, *NOISE)
}
apart = {
    size: (precise[size] - precise[0.0]).norm(dim=2) / precise[0.0].norm(dim=2)
    for size in NOISE
}
fig, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
times = range(1, settings.precise_steps + 1)
for i, size in enumerate(NOISE):
    ax.plot(
        times,
        apart[size][1:].median(1).values.clamp(min=1e-19),
        color=figures.PALETTE[i % len(figures.PALETTE)],
        label=f"ε3 = {size:.0e}",
    )
ax.set(
    xscale="log",
    yscale="log",
    xlabel="update",
    ylabel="distance / length",
)
ax.legend(fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()
for size in NOISE:
    record(f"step_sizes.apart_{size:.0e}", apart[size][-1].median().item())
record(
    "step_sizes.apart_largest_tiny",
    max(apart[size][-1].max().item() for size in (1e-17, 1e-13, 1e-9)),
)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The end of these chains (columns; asked for is the class after the photograph's own), and above them the photographs; after the paper's Fig. S15.", "name": "fig-multipliers-eps3"}, "image": {"alt": "A row of ten photographs and seven rows of pictures; six are nearly equal, the last, with the largest noise, differs."}}
figures.image_grid(
    torch.cat([photographs, *(drawn(codes[-1]) for codes in precise.values())]),
    10,
    rows=[
        "photographs",
        *("no noise" if not size else f"ε3 = {size:.0e}" for size in precise),
    ],
    cell=0.55,
)
plt.show()

# %% tags=["hide-cell", "nbval-check-output"]
print("settings:", {name: len(row) for name, row in ROWS.items()})
print(
    "all finite:",
    all(codes.isfinite().all().item() for codes in (*walks.values(), *precise.values())),
)

# %% [markdown]
# PROSE2
