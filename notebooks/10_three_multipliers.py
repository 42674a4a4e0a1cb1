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
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.features import encode
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal

numbers = {}  # what the rules of the claims read


def keep(key, number):
    """Record a number, and have it at hand for the verdicts."""
    numbers[key] = number
    record(key, number)


# %% tags=["hide-input"] mystnb={"figure": {"caption": "The last state of one chain of each class (columns), from the same random codes, for five multipliers of the prior; after the paper's Fig. S23.", "name": "fig-multipliers-eps1"}, "image": {"alt": "Five rows of ten small pictures of clothes; noisy in the first row, clean in the last, where some show another item than asked for."}}
E, G = (load(name).to(settings.device) for name in ("encoder", "generator"))
store = json.loads(locate("results/step_sizes.json").read_text())
protocol_of = store["protocol"]
ROWS = {
    name: [tuple(one) for one in row] for name, row in protocol_of["rows"].items()
}
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
# Pictures of ten chains may mislead. So {glue:text}`step_sizes.chains` chains were run for each setting, {glue:text}`step_sizes.steps` updates long, and the evaluator looked at every tenth state from update {glue:text}`step_sizes.first` on. Four questions:
#
# - **Accepted**: does it take the picture for the class that was asked for?
# - **Real**: is the picture as near to a photograph of the class as 95 of 100 photographs are to another one?
# - **Specific**: how much nearer are chains of one class to each other than to chains of other classes? It is 1 less the ratio of the mean square distances, so 0 where the class makes no difference.
# - **Mixing**: take two states of a chain, at least {glue:text}`step_sizes.apart` updates apart, and two from different chains. Photographs of the class are sorted into {glue:text}`step_sizes.clusters` clusters. How often are the two states nearest to different clusters? The ratio of both is 0 for a chain that rests, and 1 for one that has forgotten where it was. Only accepted and real states count, so that noise is not taken for movement.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Above: the share of states that are taken for the class (blue), that are near to photographs (orange), and how specific they are (green). Below: mixing. Mean over classes, 95 % intervals (Student's t); under the points of mixing stands how many of the sixty chains are counted. From the left: the prior's multiplier; the condition's; prior's and noise's together; noise in five of every fifty updates only. The dotted lines mark the setting of the other chapters.", "name": "fig-multipliers-rows"}, "image": {"alt": "Two rows of four panels with curves over a logarithmic axis."}}
for key in ("steps", "first", "apart", "clusters"):
    record(f"step_sizes.{key}", protocol_of[key])
CHAINS = 10 * protocol_of["chains"]
record("step_sizes.chains", CHAINS)
AXES = {  # what is turned in a row, and which part of a setting that is
    "eps1": ("ε1", 0),
    "eps2": ("ε2", 1),
    "together": ("ε1 = ε3", 0),
    "bursts": ("ε3, in bursts", 2),
}
WHAT = ("accepted", "real", "specific", "mixing")


def found(row, setting, what):
    """A number of a setting by class, (10,); NaN for a class in which nothing counts."""
    key = ("bursts " if row == "bursts" else "") + ", ".join(
        f"{e:g}" for e in setting
    )
    return torch.tensor(
        [np.nan if v is None else v for v in store["found"][key][what]],
        dtype=torch.float64,
    )


def over_classes(values):
    """Mean over the classes that have a value, Student's t; None for fewer than two."""
    values = values[~values.isnan()]
    return metrics.by_student(values) if len(values) > 1 else None


def counted(row, setting):
    """The share of the chains that say something of mixing."""
    return metrics.intervals.wilson(
        int(found(row, setting, "counted").sum().item()), CHAINS
    )


fig, axes = plt.subplots(
    2, 4, figsize=(10, 4.6), sharey="row", sharex="col", layout="constrained"
)
for (top, bottom), (row, (label, part)) in zip(axes.T, AXES.items(), strict=True):
    for i, what in enumerate(WHAT):
        ax = bottom if what == "mixing" else top
        points = [
            (setting[part], over_classes(found(row, setting, what)), setting)
            for setting in ROWS[row]
        ]
        points = [point for point in points if point[1]]
        ax.errorbar(
            [at for at, _, _ in points],
            [e.value for _, e, _ in points],
            [
                [e.value - e.low for _, e, _ in points],
                [e.high - e.value for _, e, _ in points],
            ],
            fmt="o-",
            ms=4,
            color=figures.PALETTE[i],
        )
        if what == "mixing":
            for at, _, setting in points:
                ax.text(
                    *(at, -0.12, f"{counted(row, setting).value * CHAINS:.0f}"),
                    ha="center",
                    fontsize=7,
                )
    usual = {"eps1": 0.1, "eps2": 0.2}.get(row)
    for ax in (top, bottom):
        if usual:
            ax.axvline(usual, color="0.5", lw=0.8, ls=":")
    bottom.set(xlabel=label, xscale="log")
axes[0, 0].set(ylabel="share of states", ylim=(-0.1, 1.05))
axes[1, 0].set(ylabel="mixing", ylim=(-0.2, 1.3))
plt.show()


# %% tags=["hide-input"]
def per_decade(row, what, used):
    """Slope over log10 of the multiplier by least squares, class by class: mean."""
    y = torch.stack([found(row, setting, what) for setting in used])
    x = torch.tensor(
        [setting[AXES[row][1]] for setting in used], dtype=torch.float64
    ).log10()
    slopes = []
    for values in y.T:
        there = ~values.isnan()
        if there.sum() > 1:
            centred = x[there] - x[there].mean()
            slopes.append((centred @ values[there] / centred.square().sum()).item())
    return metrics.by_student(torch.tensor(slopes))


eps1, both = ROWS["eps1"], ROWS["together"]
for key, row, what, used in (
    ("mixing_per_decade_eps1", "eps1", "mixing", eps1[:4]),
    ("mixing_per_decade_eps1_later", "eps1", "mixing", eps1[1:4]),
    ("accepted_per_decade_eps1", "eps1", "accepted", eps1[2:]),
    ("specific_per_decade_eps1", "eps1", "specific", eps1[2:]),
    ("mixing_per_decade_together", "together", "mixing", both),
    ("mixing_per_decade_together_later", "together", "mixing", both[1:]),
    ("accepted_per_decade_together", "together", "accepted", both),
    ("real_per_decade_together", "together", "real", both),
):
    keep(f"step_sizes.{key}", per_decade(row, what, used))
for row, used in (("eps1", eps1[:4]), ("together", both[:3])):
    least = min((counted(row, setting) for setting in used), key=lambda e: e.value)
    keep(f"step_sizes.least_counted_{row}", least)
for claim in ("C17", "C20"):
    record(f"claim.{claim}", claims.decide(claim, numbers))
rows = {}
for row, (label, part) in AXES.items():
    for setting in ROWS[row]:
        at = f"{setting[part]:g}"
        each = {what: over_classes(found(row, setting, what)) for what in WHAT}
        for what, number in each.items():
            if number:
                record(f"step_sizes.{row}.{at.replace('.', '_')}.{what}", number)
        rows[f"{label} = {at}"] = {
            **{what: str(number or "") for what, number in each.items()},
            "chains counted": f"{counted(row, setting).value * CHAINS:.0f}",
        }
figures.table(rows)

# %% [markdown]
# PROSE
#
# ## From $10^{-17}$ up
#
# The paper samples Noiseless with $\epsilon_3 = 10^{-17}$ (its Fig. S15 has larger ones) and says that a little noise is needed to make it a proper sampler. How little can do anything? A number of double precision near 1 has neighbours at a distance of $2 \cdot 10^{-16}$, one of single precision at $10^{-7}$: less than that is lost in the sum, unless the coordinate is near 0. So these chains run in double precision, from the code of a photograph, once without noise and once for each $\epsilon_3$:

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Distance between a chain with noise and the one without, both from the code of the same photograph, over the length of a code; median of five chains, one of every second class, in double precision.", "name": "fig-multipliers-growth"}, "image": {"alt": "Curves over the number of updates on logarithmic axes: small noise grows for some tens of updates and stays small, large noise ends far from the start."}}
NOISE = (1e-17, 1e-13, 1e-9, 1e-5, 1e-1)
g64, e64 = load("generator").double(), load("encoder").double()
test = TintedFashion("test")
test_y = test.labels()["item"]
# Of every second class, and to the class after it, so that the chain has a way to go.
classes = range(0, 10, 2)
photographs = test.batch([(test_y == c).nonzero()[0, 0].item() for c in classes]).x
start = encode(e64, photographs.double()).detach()
wanted = torch.tensor(classes) + 1
precise = {
    size: walk(
        (0.1, 0.2, size), start, wanted, classes, g64, e64, settings.precise_steps
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

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The end of these chains (columns; asked for is the class after the photograph's own), and above them the photographs; after the paper's Fig. S15.", "name": "fig-multipliers-eps3"}, "image": {"alt": "A row of five photographs and six rows of pictures; five are nearly equal, the last, with the largest noise, differs."}}
figures.image_grid(
    torch.cat([photographs, *(drawn(codes[-1]) for codes in precise.values())]),
    len(classes),
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
    all(
        codes.isfinite().all().item()
        for codes in (*walks.values(), *precise.values())
    ),
)

# %% [markdown]
# PROSE2
