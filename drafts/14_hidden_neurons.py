# %% [markdown]
# # Hidden neurons and their facets
#
# **Question.** A unit in the middle of a network has no name. It is excited by some pictures and not by others. Can the sampler be asked for such a unit, as it is asked for a bag, and will it show all the kinds of things that
# excite the unit, or only one of them?
#
# Each row below is one unit of the classifier $E$, a channel of its last convolution at one place. On the left are the nine of 5000 photographs that excite it most, on the right the ends of eight chains that were asked for the unit. Nothing else
# was changed: the same $G$, the same prior, the same multipliers as for classes. The units were drawn by lot from those that several kinds of things excite, and no picture was picked.

# %% tags=["parameters"]
# None: the profile's value
photographs = None  # of validation, whose activations are looked at
steps = None  # updates of the chains that run while one waits
starts = None  # chains of those, each with its own start

# %% tags=["set-up"]
import inspect

from IPython.display import Code

from ppgn_lib import Eps, chain, conditions, metrics, variants
from ppgn_lib.book import claims
from ppgn_lib.book.record import Kept, record
from ppgn_lib.data.files import locate
from ppgn_lib.data.tinted_fashion import ITEMS, TintedFashion
from ppgn_lib.experts import units as hidden
from ppgn_lib.experts.ascent import reach
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.features import activations
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal

keep = Kept("neuron.")
E, G = (load(name).to(settings.device) for name in ("encoder", "generator"))
stored, about = protocol.open_samples(locate("results/neurons.safetensors"))
FOUND = about["found"]
UNITS = sorted(
    (name for name in stored if name != "unsteered"),
    key=lambda name: int(name.split(".")[1]),
)
GROUPS = ["tops" if len(of) > 1 else of[0] for of in about["groups"]]
validation = TintedFashion("validation")


# %% tags=["hide-input"] mystnb={"figure": {"caption": "A unit a row, the first six of twenty: the nine photographs that excite it most, and the ends of the first eight chains for it.", "name": "fig-neuron-rows"}, "image": {"alt": "Six rows of seventeen small pictures: nine photographs of clothes, mostly of two or three kinds, and eight drawn ones."}}
def pictures(name):
    """The first ends of a unit's chains, (8, 3, 32, 32) in [-1, 1]."""
    with torch.no_grad():
        return G(stored[name].float().to(settings.device)).clamp(-1, 1).cpu()


shown = UNITS[:6]
fig, axes = plt.subplots(
    1, 2, figsize=(9, 3.4), width_ratios=(9, 8), layout="constrained"
)
top = torch.cat([validation.batch(FOUND[name]["top"]).x for name in shown])
figures.image_grid(top, 9, rows=shown, title="most exciting photographs", ax=axes[0])
figures.image_grid(
    torch.cat([pictures(name) for name in shown]), 8, title="chains", ax=axes[1]
)
plt.show()

# %% [markdown]
# ## A unit as condition
#
# A class has a probability, a hidden unit has an activation $a_k(x)$, any number. The authors' code makes a probability of it by a softmax over the layer's channels at the same place, as if the question were *which of these units is it?*
#
# $$\log p(k \mid x) = a_k(x) - \log \sum_j e^{a_j(x)}$$ (eq-unit)
#
# $a$ is the activation before the ReLU, so that its gradient does not vanish where the unit is silent. In the library a unit of any layer of any network has a name:

# %%
condition = hidden.units(E, "shape.conv5:17", place=(4, 4))
print(condition(validation.batch(range(3)).x.to(settings.device)))

# %% tags=["hide-input"]
Code(inspect.getsource(hidden.units).split('"""')[2], language="python")

# %% [markdown]
# The layer here is *conv5*, with the channels of both of $E$'s towers side by side: {glue:text}`neuron.channels` of them. The place is row {glue:text}`neuron.row`, column {glue:text}`neuron.column` of an 8 by 8 map, a little below the middle of the picture.
#
# ## What excites a unit
#
# {glue:text}`neuron.photographs` photographs that no network was trained on were shown to $E$. A unit is *excited* by the {glue:text}`neuron.excited` of them with the highest activation. The kinds of things among them are the unit's *facets*: a kind is a facet if {glue:text}`neuron.share` or more of the hundred are of
# it. T-shirts, shirts, pullovers and coats count as one kind, since the networks that judge mix them up. From all units that have two to five facets {glue:text}`neuron.units` were drawn by lot.
#
# ## Which facets are drawn
#
# For each unit {glue:text}`neuron.chains` chains ran from random codes. A picture *counts* if its activation reaches that of the hundredth photograph, and the evaluator, which took no part, is sure of what kind it is. A facet is *shown* if two of the pictures count for it.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Each unit a row. Left: kinds among the hundred photographs that excite it. Middle: the pictures that count, of each kind, as a share of its forty chains. Right: the kinds of the forty pictures from the same starts without a condition, all of them. A frame marks a facet.", "name": "fig-neuron-facets"}, "image": {"alt": "Three tables of shares, twenty units by seven kinds, darker for larger shares."}}
LEVEL_OF = {name: FOUND[name]["level"] for name in UNITS}
SURE = 0.9


def by_kind(group, counts):
    """How many pictures of each kind count, (kinds,)."""
    group = torch.tensor(group)[counts]
    return group.bincount(minlength=len(GROUPS))


def judged(name):
    """Kinds (B,), certainties (B,) and activations (B,) of a unit's chains."""
    found = FOUND[name]
    return (torch.tensor(found[key]) for key in ("group", "sure", "activation"))


shown_kinds, reached, own = {}, [], []
unsteered = torch.tensor(FOUND["unsteered"]["group"])
for name in UNITS:
    group, sure, activation = judged(name)
    there = activation >= LEVEL_OF[name]
    shown_kinds[name] = by_kind(group.tolist(), there & (sure >= SURE))
    reached.append(there.double().mean())
    facets = torch.tensor(FOUND[name]["facets"])
    own.append(
        torch.isin(group, facets).double().mean()
        - torch.isin(unsteered, facets).double().mean()
    )

with torch.no_grad():
    batch = validation.batch(range(settings.photographs))
    TOWERS = [activations(E, f"{tower}.conv5") for tower in ("shape", "colours")]

    def conv5(x):
        """Activations of both towers before their ReLU, (B, 64, 8, 8)."""
        return torch.cat([of(x) for of in TOWERS], 1)

    row, column = FOUND[UNITS[0]]["protocol"]["place"]
    activation_of = metrics.in_blocks(
        lambda x: conv5(x.to(settings.device))[:, :, row, column].cpu(), batch.x
    )
group_of = torch.tensor(
    [next(g for g, of in enumerate(about["groups"]) if item in of) for item in ITEMS]
)
kinds = group_of[batch.labels["item"]]
of_photographs = torch.stack(
    [
        kinds[activation_of[:, int(name.split(".")[1])] >= LEVEL_OF[name]].bincount(
            minlength=len(GROUPS)
        )
        for name in UNITS
    ]
).double()
tables = {
    "photographs": of_photographs / of_photographs.sum(1, keepdim=True),
    "chains": torch.stack([shown_kinds[name] for name in UNITS]).double()
    / len(unsteered),
    "without condition": (
        unsteered.bincount(minlength=len(GROUPS)).double() / len(unsteered)
    ).expand(len(UNITS), -1),
}
fig, axes = plt.subplots(1, 3, figsize=(9, 5), sharey=True, layout="constrained")
for ax, (title, shares) in zip(axes, tables.items(), strict=True):
    ax.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    ax.set_xticks(range(len(GROUPS)), GROUPS, rotation=45, ha="right", fontsize=8)
    ax.grid(visible=False)
    ax.set_title(title)
    for y, name in enumerate(UNITS):
        for g in FOUND[name]["facets"]:
            ax.add_patch(
                plt.Rectangle((g - 0.5, y - 0.5), 1, 1, fill=False, ec="black")
            )
axes[0].set_yticks(range(len(UNITS)), UNITS, fontsize=8)
plt.show()

# %% tags=["hide-input"]
facets = torch.tensor([len(FOUND[name]["facets"]) for name in UNITS]).double()
drawn_facets = torch.tensor(
    [
        sum(shown_kinds[name][g] >= 2 for g in FOUND[name]["facets"]).item()
        for name in UNITS
    ]
).double()
keep("further_facets", metrics.by_student((drawn_facets - 1) / (facets - 1)))
keep("reached_share", metrics.by_student(torch.stack(reached)))
keep("own_share_minus_unsteered", metrics.by_student(torch.stack(own)))
keep("facets", metrics.by_student(drawn_facets))
keep("facets_of_photographs", metrics.by_student(facets))
record("claim.C35", claims.decide("C35", keep))

# %% [markdown]
# RESULTS
#
# ## How strongly
#
# A chain may excite a unit more than any photograph does.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Activation of each unit (before the ReLU): the ends of its chains (dots), the photograph that excites it most (bar), and the hundredth (tick).", "name": "fig-neuron-activation"}, "image": {"alt": "For each of twenty units a row of dots, with a bar for the most exciting photograph."}}
best = {name: activation_of[:, int(name.split(".")[1])].max().item() for name in UNITS}
fig, ax = plt.subplots(figsize=(8, 4.5))
ratios = []
for y, name in enumerate(UNITS):
    *_, activation = judged(name)
    ax.plot(activation, [-y] * len(activation), "o", ms=3, alpha=0.5, color="0.4")
    ax.plot(best[name], -y, "|", ms=14, mew=2, color=figures.PALETTE[1])
    ax.plot(LEVEL_OF[name], -y, "|", ms=8, color=figures.PALETTE[0])
    ratios.append(activation.max().item() / best[name])
ax.set_yticks([-y for y in range(len(UNITS))], UNITS, fontsize=8)
ax.set(xlabel="activation")
keep("activation_ratio", float(np.median(ratios)))
plt.show()
