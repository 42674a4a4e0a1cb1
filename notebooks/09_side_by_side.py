# %% [markdown]
# # All variants side by side
#
# **Question.** PPGN-x, Joint PPGN-x, DGN-AM, PPGN-h, Joint PPGN-h, Noiseless Joint PPGN-h: six samplers, one equation. Which one draws best, which one moves, and which one should I use?
#
# Here are all of them at work, asked for a bag and for a sneaker, once from a photograph of a boot and once from noise or a random code. The classifier and the number of updates are the same for all; chains in codes share their starts, and so do chains in pixels. The multipliers of each were chosen on validation images by the selector, a network that does nothing else. (Joint PPGN-h has a $G$ of its own.)

# %% tags=["parameters"]
# None: the profile's value
chains = None  # a class, of the stored ones that are judged; at most twenty
steps = None  # updates of the chains that run while one waits
side = None  # of the grid of states of one class
tsne_steps = None  # updates of the chains that they are from
searched = None  # training photographs of a class, for those that excite E most

# %% tags=["set-up"]
import inspect
import itertools

from IPython.display import Code
from torch.utils.flop_counter import FlopCounterMode

from ppgn_lib import Eps, Noise, chain, conditions, metrics, variants
from ppgn_lib.book import animations, claims
from ppgn_lib.book.judgements import Judgements, judged_table
from ppgn_lib.book.layout import on_a_grid
from ppgn_lib.book.record import Kept, record
from ppgn_lib.data.files import locate
from ppgn_lib.data.tinted_fashion import ITEMS, TintedFashion
from ppgn_lib.metrics import Estimate, mean_with_interval, protocol
from ppgn_lib.metrics.protocol import classes_of, first_of
from ppgn_lib.networks.features import encode
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal

keep = Kept()


# %% tags=["hide-input"]
E, G, joint_g, evaluator, R_x, R_h = (
    load(name).to(settings.device)
    for name in (
        "encoder",
        "generator",
        "joint_generator",
        "evaluator",
        "image_autoencoder",
        "code_autoencoder",
    )
)
judge = metrics.judge_with(evaluator, "item")
pixels, about_pixels = protocol.open_samples(locate("results/pixels.safetensors"))
codes, about_codes = protocol.open_samples(locate("results/variants.safetensors"))
others, about_others = protocol.open_samples(
    locate("results/alternatives.safetensors")
)
joint, about_joint = protocol.open_samples(locate("results/joint.safetensors"))
plain, about_plain = protocol.open_samples(
    locate("results/noiseless_samples.safetensors")
)
mixed, about_mixed = protocol.open_samples(locate("results/mixing.safetensors"))
EPS = {
    name: Eps(*about["found"][name]["chosen"])
    for name, about in (
        ("ppgn_x", about_pixels),
        ("joint_ppgn_x", about_pixels),
        ("ppgn_h", about_codes),
        ("joint", about_joint),
    )
}
EPS["dgn_am"] = Eps(0.0, *about_others["found"]["dgn_am"]["chosen"])
EPS["noiseless"] = Eps(*about_plain["protocol"]["eps"])
NOISE = about_joint["protocol"]["noise"]  # that joint_g was trained with
TITLES = {
    "ppgn_x": "PPGN-x",
    "joint_ppgn_x": "Joint PPGN-x",
    "dgn_am": "DGN-AM",
    "ppgn_h": "PPGN-h",
    "joint": "Joint PPGN-h",
    "noiseless": "Noiseless",
}


@torch.no_grad()
def drawn(code, net=G):
    """Pictures of codes (B, H), cut to [-1, 1], on the CPU."""
    return metrics.in_blocks(
        lambda h: net(h.to(settings.device)).clamp(-1, 1).cpu(),
        code.float().clamp(-65504, 65504),  # what stored codes hold at most
    )


@torch.no_grad()
def seen(x):
    """Codes of pictures (B, 3, 32, 32), on the CPU."""
    return metrics.in_blocks(lambda x: encode(E, x.to(settings.device)).cpu(), x)


def experts_of(condition):
    """Prior and condition of each variant."""
    return {
        "ppgn_x": variants.ppgn_x(R_x, condition),
        "joint_ppgn_x": variants.joint_ppgn_x(G, E, condition),
        "dgn_am": variants.dgn_am(G, condition),
        "ppgn_h": variants.ppgn_h(R_h, G, condition),
        "joint": variants.joint(
            joint_g, E, condition, noise=Noise(range(4, 8)), **NOISE
        ),
        "noiseless": variants.noiseless(G, E, condition),
    }


def states_of(name, steps):
    """The four chains of a variant."""
    begin = (x0 if name in IN_PIXELS else h0).to(settings.device)
    return chain(begin, *EXPERTS[name], EPS[name], steps=steps, seeds=range(4))


y = torch.tensor([8, 7, 8, 7], device=settings.device)  # bag, sneaker
EXPERTS = experts_of(conditions.classes(E, y, "item"))
test = TintedFashion("test")
photograph = test.batch([0]).x
grey = about_pixels["protocol"]["contrast"] * Noise([0]).draw(photograph)
h0 = torch.cat([seen(photograph).repeat(2, 1), rectified_normal([0, 0], G.code)])
x0 = torch.cat([photograph.repeat(2, 1, 1, 1), grey.repeat(2, 1, 1, 1)])
IN_PIXELS = ("ppgn_x", "joint_ppgn_x")
walks = {}
for name in EXPERTS:
    # Of a chain of pictures R's answer is shown, since the state has noise on it.
    walks[name] = torch.stack(
        [
            (state.h + state.prior).clamp(-1, 1).cpu()
            if name in IN_PIXELS
            else drawn(state.h, joint_g if name == "joint" else G)
            for state in states_of(name, settings.steps)
        ]
    )
shown = sorted({round(t) for t in np.linspace(0, settings.steps, 12)})
frames = []
for t in shown:
    figure, ax = plt.subplots(figsize=(2.9, 3.1), layout="constrained")
    figures.image_grid(
        torch.cat([walk[t] for walk in walks.values()]),
        4,
        rows=list(TITLES.values()),
        tops=["bag", "sneaker", "bag", "sneaker"],
        ax=ax,
    )
    ax.tick_params(labelsize=7)
    ax.set_xlabel(f"update {t}")
    frames.append(animations.pixels(figure))
animations.film(
    frames,
    "Six rows of four pictures that change: those of PPGN-x turn into speckles or grey patches, the other rows into other items or broken pictures.",
    caption="Two chains from a photograph of a boot (left), two from noise or a random code (right), by all variants. The classes were picked by hand; the photograph is the first of the test split, the seeds are 0 to 3. Of chains in pixels R(x) is shown, also at update 0.",
    milliseconds=250,
    width=340,
)

# %% tags=["hide-cell", "nbval-check-output"]
print("variants:", len(walks))
print("pictures of a state:", tuple(walks["joint"].shape)[1:])
print("all finite:", all(w.isfinite().all().item() for w in walks.values()))

# %% [markdown]
# Each of them is a line of the library; what `chain` gets is a prior and a condition:

# %% tags=["hide-input"]
Code(
    inspect.getsource(experts_of) + "\n\n" + inspect.getsource(states_of),
    language="python",
)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The same chains as strips, after the paper's Figs. S13 (from a photograph) and S14 (from noise); the number of updates stands above. Asked for is a bag. Of chains in pixels R(x) is shown.", "name": "fig-side-strips"}, "image": {"alt": "Two blocks of six rows of pictures, from the start on the left to update 250 on the right. From the photograph of a boot PPGN-x comes to speckles and then to white, DGN-AM to a broken picture in which it stays, PPGN-h to a nearly empty picture, and Joint PPGN-x, Joint PPGN-h and Noiseless to a bag. From noise PPGN-x stays a grey patch and DGN-AM the broken picture of its start; the others come to a block or a bag within fifty updates."}}
marks = [
    t for t in (0, 1, 2, 5, 10, 20, 50, 100, 150, 200, 250) if t <= settings.steps
]
fig, axes = plt.subplots(2, 1, figsize=(5.2, 6.2), layout="constrained")
for ax, which, title in zip(
    axes, (0, 2), ("from a photograph", "from noise or a random code"), strict=True
):
    figures.image_grid(
        torch.cat([walk[marks, which] for walk in walks.values()]),
        len(marks),
        rows=list(TITLES.values()),
        tops=[str(t) for t in marks],
        title=title,
        ax=ax,
    )
plt.show()

# %% [markdown]
# From the photograph, Joint PPGN-x and both Joint PPGN-h come to a bag; DGN-AM stays in a broken picture, PPGN-x and PPGN-h come to a nearly empty one. From noise, PPGN-x stays grey and DGN-AM where it began.
#
# ## Pictures
#
# The first chains of each class by every sampler, from noise or random codes. One more stands below the six of the paper: [PPGN-h with a denoiser of all noises](06_ppgn_h.ipynb); the noise it is told falls along the chain. Its codes are drawn by both generators.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The first two chains of each class (columns) by every variant; of chains in pixels R(x). Nothing is picked.", "name": "fig-side-samples"}, "image": {"alt": "Eight groups of two rows of ten pictures: grey patches and speckles by PPGN-x, broken pictures by DGN-AM, clothes by most others."}}
n = min(20, settings.chains)
x_of = {
    "ppgn_x": pixels["ppgn_x.ends"].float() / 127.5 - 1,
    "joint_ppgn_x": pixels["joint_ppgn_x.ends"].float() / 127.5 - 1,
    "dgn_am": drawn(first_of(others["dgn_am.ends"], n)),
    "ppgn_h": drawn(first_of(codes["ppgn_h.ends"], n)),
    "joint": drawn(first_of(joint["joint.ends"], n), joint_g),
    "noiseless": drawn(first_of(plain["random.codes"], n)),
    "annealed": drawn(first_of(codes["ppgn_h_annealed.ends"], n)),
    "annealed_joint": drawn(first_of(codes["ppgn_h_annealed.ends"], n), joint_g),
}
x_of = {name: first_of(x, n) for name, x in x_of.items()}
names = TITLES | {
    "annealed": "PPGN-h, all noises",
    "annealed_joint": "the same, by G of Joint",
}
fig = figures.image_grid(
    torch.cat([x[i::n] for x in x_of.values() for i in range(2)]),
    10,
    rows=[names[name] if i == 0 else "" for name in x_of for i in range(2)],
    tops=figures.short(ITEMS),
    cell=0.42,
)
fig.axes[0].tick_params(axis="x", labelsize=6)
plt.show()

# %% tags=["hide-input"]
judgements = Judgements()
SETS = {  # twenty chains a class of each
    "ppgn_x": "ppgn_x",
    "joint_ppgn_x": "joint_ppgn_x",
    "dgn_am": "dgn_am_few",
    "ppgn_h": "ppgn_h",
    "joint": "joint_few",
    "noiseless": "noiseless_few",
    "annealed": "annealed_few",
    "annealed_joint": "annealed_joint_few",
    "reconstructions": "reconstructions_few",
    "other_photographs": "photographs_few",
}
found = {name: judgements[key] for name, key in SETS.items()}
for name, of in found.items():
    of.keep(f"side_by_side.{name}", keep)
record("side_by_side.chains", found["noiseless"].per_class)
judged_table(
    {names.get(name, name.replace("_", " ")): of for name, of in found.items()},
    without=["told apart"],  # not measured of so few
)

# %% [markdown]
# All at {glue:text}`side_by_side.chains` chains a class and 250 updates, nothing filtered. The measures are explained in [the chapter on Noiseless Joint PPGN-h](08_noiseless_joint_ppgn_h.ipynb). So few chains give wide intervals; the chapters of the variants have more of them. Luminance diversity is 1 − MS-SSIM; noise has it too, so it counts only where accuracy and kernel distance are good. *Reconstructions* are $G(E(x))$ of photographs. *A class*: chains a class. *Unclear*: the share of pictures in which the evaluator gives no class more than one half.

# %% tags=["hide-input"]
kid, kid_there = (
    {name: of.by_class[what] for name, of in found.items()}
    for what in ("kid", "kid_foreign")
)


def least(estimates):
    """The least favourable of several estimates: its interval is above 0 only where that of each is."""
    return Estimate(*(min(e[i] for e in estimates) for i in range(4)))


for what, values in judgements["ppgn_h_to_dgn_am"].by_class.items():
    keep(f"side_by_side.ppgn_h_to_dgn_am.{what}", metrics.by_student(values))
pairs = (("ppgn_x", "joint_ppgn_x"), ("joint_ppgn_x", "joint"))
again = {  # drawn again by the G of the rival
    name: judgements[key].by_class["kid"]
    for name, key in {
        "ppgn_x": "ppgn_x_again",
        "joint_ppgn_x": "joint_ppgn_x_again",
        "dgn_am": "dgn_am_by_joint",
        "ppgn_h": "ppgn_h_by_joint",
    }.items()
}
for worse, better in pairs:
    for what, values in (("kid", kid), ("kid_foreign", kid_there)):
        keep(
            f"side_by_side.{what}_{worse}_minus_{better}",
            metrics.by_student(values[worse] - values[better]),
        )
    keep(
        f"side_by_side.kid_{worse}_redrawn_minus_{better}",
        metrics.by_student(again[worse] - kid[better]),
    )
record("claim.C11", claims.decide("C11", keep))
RIVALS = ("ppgn_x", "dgn_am", "ppgn_h")
for what, values in (("kid", kid), ("kid_foreign", kid_there)):
    keep(
        f"side_by_side.{what}_others_minus_joint",
        least([metrics.by_student(values[r] - values["joint"]) for r in RIVALS]),
    )
keep(
    "side_by_side.kid_others_redrawn_minus_joint",
    least(
        [metrics.by_student(again[r] - kid["joint"]) for r in ("dgn_am", "ppgn_h")]
    ),
)

# %% [markdown]
# By kernel distance there are three groups. PPGN-x fails. DGN-AM, PPGN-h and Joint PPGN-x are far from photographs. Joint PPGN-h, Noiseless and PPGN-h with all noises are nearest: by EfficientNet about as near as reconstructions, in the evaluator's features still farther than these. That the joint priors do better was expected from the paper; that PPGN-x falls behind DGN-AM was not said there.
#
# "Joint PPGN-x draws better than PPGN-x and worse than Joint PPGN-h" (C11). Class by class, the kernel distance of PPGN-x minus that of Joint PPGN-x is {glue:text}`side_by_side.kid_ppgn_x_minus_joint_ppgn_x:.2f` in the mean, and that of Joint PPGN-x minus that of Joint PPGN-h {glue:text}`side_by_side.kid_joint_ppgn_x_minus_joint:.2f` (in EfficientNet's features {glue:text}`side_by_side.kid_foreign_ppgn_x_minus_joint_ppgn_x:.2f` and {glue:text}`side_by_side.kid_foreign_joint_ppgn_x_minus_joint:.2f`). A pass through $G$ may flatter any picture, so the worse of either pair was also drawn again by the $G$ of the better one; then it is {glue:text}`side_by_side.kid_ppgn_x_redrawn_minus_joint_ppgn_x:.2f` and {glue:text}`side_by_side.kid_joint_ppgn_x_redrawn_minus_joint:.2f`. C11 is {glue:text}`claim.C11`.
#
# ## Movement
#
# A chain is worth running on only if it comes to other pictures. For each variant, chains of {glue:text}`mixing.steps` updates. The photographs of each class were divided into twenty clusters in the evaluator's features, and of every tenth state it was noted which cluster is the nearest, and whether the evaluator takes the picture for the class.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Left: different clusters of photographs of the class, of twenty, among the accepted states of a chain so far, mean over chains. Middle: correlation of two states so many updates apart, accepted or not, along principal components of photographs of the class, second half of the chains; 1 is standing still, or lost. Joint, Noiseless and DGN-AM lie at 1. Right: the same against the arithmetic that a chain does between them.", "name": "fig-side-mixing"}, "image": {"alt": "Three panels with a line for each of six variants. Left, clusters visited: PPGN-h climbs far above all others and still rises at the end; Joint PPGN-x, Joint PPGN-h and Noiseless are level early, PPGN-x rises slowly, and DGN-AM is lowest and level. Middle and right, correlation: PPGN-h falls nearly to zero, PPGN-x and Joint PPGN-x fall a little, and the other three stay at one."}}
way = about_mixed["protocol"]
record("mixing.steps", way["steps"])
record("mixing.chains", way["chains"])
wanted = classes_of(way["chains"])
CLUSTERS = 20


def visited_so_far(name):
    """Different clusters among the accepted states so far, (T, B)."""
    accepted = mixed[f"{name}.item"] == wanted
    hit = torch.nn.functional.one_hot(
        mixed[f"{name}.cluster"].long(), CLUSTERS
    ).bool()
    return (hit & accepted[..., None])[1:].cummax(0).values.sum(-1)


def alike(name):
    """Correlation of places k states apart, over the variance of all second halves, (K,)."""
    place = mixed[f"{name}.place"].double()
    place = place[len(place) // 2 :]
    place = place - place.mean(0).unflatten(0, (10, -1)).mean(1).repeat_interleave(
        way["chains"], 0
    )
    spread = place.square().mean((0, 1))
    lags = range(0, len(place) * 3 // 4)
    return torch.stack(
        [
            ((place[k:] * place[: len(place) - k]).mean((0, 1)) / spread).mean()
            for k in lags
        ]
    )


def work(name):
    """Arithmetic of one update of one chain, in 1e9 operations."""
    with FlopCounterMode(display=False) as counter:
        # It follows modules by hooks, which torch.autograd.grad does not allow.
        counter.mod_tracker.__exit__(None, None, None)
        states = list(states_of(name, steps=1))
    evaluated = len(states) * len(y)
    return counter.get_total_flops() / evaluated / 1e9


WORK = {name: work(name) for name in TITLES}
fig, (ax, right, by_work) = plt.subplots(
    1, 3, figsize=(10, 3.2), layout="constrained"
)
every = way["every"]
for i, (name, title) in enumerate(TITLES.items()):
    so_far = visited_so_far(name).double().mean(1)
    updates = every * torch.arange(1, len(so_far) + 1)
    ax.plot(updates, so_far, label=title, ls=figures.STYLES[i // 3])
    r = alike(name)
    updates = every * torch.arange(len(r))
    right.plot(updates, r, ls=figures.STYLES[i // 3])
    by_work.plot(updates[1:] * WORK[name], r[1:], ls=figures.STYLES[i // 3])
    record(f"{name}.gflop_per_update", WORK[name])
ax.set(xlabel="updates", title="clusters visited", ylim=(0, None))
right.set(xlabel="updates apart", title="alike", ylim=(None, 1.05))
by_work.set(
    xlabel="GFLOP apart", xscale="log", title="alike, by work", ylim=(None, 1.05)
)
fig.legend(loc="outside upper center", ncols=6, fontsize=8)
plt.show()

# %% tags=["hide-input"]
LATE = 26  # judged states from update 260 on
identity = torch.eye(CLUSTERS, dtype=torch.double)


def mean_of_classes(values):
    """Mean of the chains of a class that are not NaN, (10,); NaN where none is left."""
    return values.unflatten(0, (10, -1)).nanmean(1)


rows, of_ten, verdicts = {}, {}, []
for name, title in TITLES.items():
    verdicts += [one["verdict"] for one in about_mixed["found"][name]["effective"]]
    accepted = (mixed[f"{name}.item"] == wanted)[LATE:]
    hit = torch.nn.functional.one_hot(mixed[f"{name}.cluster"].long(), CLUSTERS)
    number = metrics.clusters_visited(hit[LATE:].double(), accepted, identity)
    kept = mean_with_interval((~number.isnan()).double())
    of_ten[name] = mean_of_classes(number)
    counted = of_ten[name][~of_ten[name].isnan()]
    per_thousand = mean_with_interval(visited_so_far(name)[-1].double())
    # As many updates spent on four chains of 250: their accepted ends.
    at = 250 // every
    ends = [
        {
            int(mixed[f"{name}.cluster"][at, i])
            for i in four
            if mixed[f"{name}.item"][at, i] == wanted[i]
        }
        for c in range(10)
        for four in itertools.combinations(
            range(c * way["chains"], (c + 1) * way["chains"]), 4
        )
    ]
    restarts = torch.tensor([float(len(end)) for end in ends]).unflatten(
        0, (10, -1)
    )
    # Still: over the last quarter no farther away than a tenth of what the ends of a
    # class are apart.
    place = mixed[f"{name}.place"].double()
    last = place[-1].unflatten(0, (10, -1))
    apart = torch.stack([torch.pdist(of_class).mean() for of_class in last])
    farthest = (
        (place[-way["steps"] // every // 4 :] - place[-1]).norm(dim=2).amax(0)
    )
    still = mean_with_interval(
        (farthest < 0.1 * apart.repeat_interleave(way["chains"])).double()
    )
    keep(f"{name}.chains_still", still)
    keep(f"{name}.clusters_per_1000", per_thousand)
    keep(f"{name}.clusters_by_restarts", metrics.by_student(restarts.mean(1)))
    if len(counted) > 1:
        keep(f"side_by_side.{name}.clusters_of_ten", metrics.by_student(counted))
    keep(f"side_by_side.{name}.chains_kept", kept)
    accepted_share = mean_with_interval(accepted.double().mean(0))
    keep(f"{name}.accepted_late", accepted_share)
    rows[title] = {
        "accepted": f"{accepted_share.value:.2f}",
        "clusters, 1 × 1000": str(per_thousand),
        "clusters, 4 × 250": f"{restarts.mean():.2f}",
        "in ten accepted states": str(
            keep.get(f"side_by_side.{name}.clusters_of_ten", "")
        ),
        "chains that have ten": f"{kept.value:.2f}",
        "chains that stand still": f"{still.value:.2f}",
    }
record("mixing.sets", len(verdicts))
record("mixing.sets_mixing", verdicts.count("mixing"))
figures.table(rows)

# %% tags=["hide-input"]


def faster(one, than):
    """Difference of clusters in ten accepted states, over the classes in which both have any."""
    gap = of_ten[one] - of_ten[than]
    gap = gap[~gap.isnan()]
    return (
        metrics.by_student(gap) if len(gap) > 1 else Estimate(0.0, -10.0, 10.0, 0)
    )


keep("side_by_side.clusters_ppgn_h_minus_ppgn_x", faster("ppgn_h", "ppgn_x"))
counting = [r for r in RIVALS if keep[f"side_by_side.{r}.chains_kept"].high >= 0.5]
keep(
    "side_by_side.clusters_joint_minus_others",
    least([faster("joint", r) for r in counting or RIVALS]),
)
for name in ("C13", "C14"):
    record(f"claim.{name}", claims.decide(name, keep))

# %% [markdown]
# What does movement cost? An update of a chain of PPGN-x takes {glue:text}`ppgn_x.gflop_per_update:.2f` GFLOP ($10^9$ additions and multiplications), of Joint PPGN-x {glue:text}`joint_ppgn_x.gflop_per_update:.2f`, of PPGN-h {glue:text}`ppgn_h.gflop_per_update:.2f`. DGN-AM and Noiseless take the same, {glue:text}`dgn_am.gflop_per_update:.2f` and {glue:text}`noiseless.gflop_per_update:.2f`: the pass through $G$ and $E$ that gives Noiseless its prior is the one that the condition needs anyway. Joint needs a second one, with noise, and so {glue:text}`joint.gflop_per_update:.2f`. Chains of codes cost the gradient through $G$. The right panel shows that this changes little: the order of the lines is the same.
#
# *Accepted* is the share of states from update 260 on that the evaluator takes for the class. *Clusters, 1 × 1000* are those of the accepted states of one chain of a thousand updates, *4 × 250* those of the accepted ends of four chains of 250, which cost as much. *In ten accepted states* is the number that one expects in ten of the accepted states from update 260 on, so that nobody gains by being accepted more often. A chain *stands still* if over the last quarter it is never farther from its end than a tenth of what the ends of its class are apart.
#
# Standing still: Noiseless {glue:text}`noiseless.chains_still:.0%` of the chains, DGN-AM {glue:text}`dgn_am.chains_still:.0%`, PPGN-h {glue:text}`ppgn_h.chains_still:.0%`, Joint {glue:text}`joint.chains_still:.0%`. Clusters of Noiseless: by one long chain {glue:text}`noiseless.clusters_per_1000:.1f`, by four short ones {glue:text}`noiseless.clusters_by_restarts:.1f`; of Joint {glue:text}`joint.clusters_per_1000:.1f` and {glue:text}`joint.clusters_by_restarts:.1f`. Where a chain rests, its starts are what makes samples differ, and a restart brings more than patience. (The released code has an option for that, `reset_every`: after so many updates it draws a new code, and with it a new $\epsilon_1$ between $10^{-6}$ and $10^{-2}$. What $\epsilon_1$ alone does is in [the chapter on the multipliers](10_three_multipliers.ipynb).) PPGN-h gets to the most clusters ({glue:text}`ppgn_h.clusters_per_1000:.1f`), at the multipliers of Noiseless but with another $R$; why, was not measured. Only {glue:text}`ppgn_h.accepted_late:.0%` of its states are accepted, and a chain that runs away for good keeps its last picture and counts as still. An effective sample size is defined for chains that have forgotten where they began; by arviz that holds in {glue:text}`mixing.sets_mixing` of {glue:text}`mixing.sets` sets of chains (a class of a variant each).
#
# The settings were chosen by the ends of chains of 250 updates, and none of the searches for samplers of codes offered noise on the state. (Chains in pixels have $\epsilon_3 = 0.02$, Joint has noise inside its pass.) What more noise brings is in [the chapter on Noiseless](08_noiseless_joint_ppgn_h.ipynb): with 0.1 {glue:text}`08_noiseless_joint_ppgn_h.ipynb::noiseless.noise_clusters_ratio_01:.1f` times as many clusters, with 0.3 {glue:text}`08_noiseless_joint_ppgn_h.ipynb::noiseless.noise_clusters_ratio_03:.1f` times, and then it costs quality.
#
# "PPGN-h mixes faster than PPGN-x, and its samples are like those of DGN-AM" (C13). In ten accepted states the difference of PPGN-h and PPGN-x is {glue:text}`side_by_side.clusters_ppgn_h_minus_ppgn_x:.2f` clusters (positive: PPGN-h has more). Its samples are {glue:text}`side_by_side.ppgn_h_to_dgn_am.kid:.2f` from those of DGN-AM, by the kernel distance, and {glue:text}`side_by_side.ppgn_h.kid:.2f` from photographs (by EfficientNet {glue:text}`side_by_side.ppgn_h_to_dgn_am.kid_foreign:.2f` and {glue:text}`side_by_side.ppgn_h.kid_foreign:.2f`). By the evaluator they are nearer to DGN-AM's, by EfficientNet this is not seen. C13 is {glue:text}`claim.C13`: too few chains of PPGN-x have ten accepted states.
#
# "Joint PPGN-h mixes faster and draws better than PPGN-x, DGN-AM and PPGN-h" (C14). Joint minus PPGN-h, the only rival that enough chains are left of, is {glue:text}`side_by_side.clusters_joint_minus_others:.2f` clusters. The smallest difference of a rival's kernel distance minus Joint's is {glue:text}`side_by_side.kid_others_minus_joint:.2f` (by EfficientNet {glue:text}`side_by_side.kid_foreign_others_minus_joint:.2f`; with the codes of DGN-AM and PPGN-h drawn by Joint's $G$ {glue:text}`side_by_side.kid_others_redrawn_minus_joint:.2f`). C14 is {glue:text}`claim.C14`. One half that is clearly false refutes it. Joint draws better than all three, and by the evaluator also where its $G$ draws the codes of DGN-AM and PPGN-h; it moves less than PPGN-h, at multipliers that were chosen for pictures and not for movement.

# %% [markdown]
# ## Real and drawn, class by class
#
# After the paper's Figs. 2 and S10. The first column has the nine training photographs that excite the class most among some hundreds, the second nine chains of DGN-AM, the third nine photographs as they come, the fourth nine chains of Joint PPGN-h. The paper's point is that DGN-AM draws what excites, PPGN what is ordinary. Here the first half is [not seen](06_ppgn_h.ipynb).

# %% tags=["hide-input"] mystnb={"figure": {"caption": "A class a row: the nine training photographs that excite E most; nine ends of DGN-AM; nine photographs as they come; nine ends of Joint PPGN-h. Nothing is picked by hand.", "name": "fig-side-nine"}, "image": {"alt": "Ten rows of four blocks of nine pictures: photographs, broken pictures in hard colours, photographs, and clear drawn clothes."}}
train = TintedFashion("train")
train_y = train.labels()["item"]
exciting, ordinary = [], []
for c in range(10):
    index = (train_y == c).nonzero().flatten()[: settings.searched]
    logits = metrics.in_blocks(
        lambda i: E(train.batch(i).x.to(settings.device)).logits["item"].cpu(),
        index,
    )
    exciting.append(train.batch(index[logits[:, c].topk(9).indices]).x)
    ordinary.append(train.batch(index[:9]).x)
nines = {
    "most exciting": torch.cat(exciting),
    "DGN-AM": drawn(first_of(others["dgn_am.ends"], 9)),
    "as they come": torch.cat(ordinary),
    "Joint PPGN-h": drawn(first_of(joint["joint.ends"], 9), joint_g),
}
fig, axes = plt.subplots(10, 4, figsize=(3.6, 8.4), layout="constrained")
for (title, x), column in zip(nines.items(), axes.T, strict=True):
    for c, ax in enumerate(column):
        figures.image_grid(x[9 * c : 9 * c + 9], 3, ax=ax)
    column[0].set_title(title, fontsize=7)
for ax, item in zip(axes[:, 0], ITEMS, strict=True):
    ax.set_ylabel(item, fontsize=6)
plt.show()

# %% [markdown]
# ## One chain through ten classes
#
# The condition may change while the chain walks on. One code, each class for thirty updates in turn:

# %%
STAY = min(30, settings.steps)
code, on_the_way = rectified_normal([0], G.code).to(settings.device), []
for c in range(10):
    experts = variants.noiseless(G, E, conditions.classes(E, c, "item"))
    states = list(chain(code, *experts, EPS["noiseless"], steps=STAY))
    on_the_way += [(c, drawn(state.h)) for state in states[::10]]
    code = states[-1].h

# %% tags=["hide-input"]
frames = []
for c, x in on_the_way:
    figure, ax = plt.subplots(figsize=(1.4, 1.6), layout="constrained")
    figures.image_grid(x, 1, title=ITEMS[c], ax=ax)
    frames.append(animations.pixels(figure))
animations.film(
    frames,
    "One picture that changes ten times; pullover, dress and ankle boot come out; for the coat a pullover, for the sandal a closed shoe; the other five do not.",
    caption="One chain of Noiseless Joint PPGN-h from a random code; the class that is asked for stands above.",
    milliseconds=400,
    width=160,
)

# %% [markdown]
# Three of the ten classes are met, two more nearly. That was to be expected: in [the chapter on Noiseless](08_noiseless_joint_ppgn_h.ipynb) many chains need more than thirty updates. What is left at the end of one class is the start of the next.
#
# ## Four hundred states of a class
#
# The paper judges variety by eye: ten chains of a class, two hundred states each, those with $p(y \mid x) > 0.97$, four hundred of these at random, laid out by t-SNE so that like is beside like (its Figs. S11 and S12). The same here, with the chosen multipliers and with noise:

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Four hundred states of ten chains of Noiseless Joint PPGN-h that were asked for a bag and of which E is surer than 0.97, drawn at random and laid out by t-SNE of the evaluator's features: left without noise, right with noise of 0.1. The class was picked by hand.", "name": "fig-side-tsne"}, "image": {"alt": "Two grids of twenty by twenty bags; on the left patches of nearly equal pictures, on the right more different ones."}}
SIDE = settings.side
fig, axes = plt.subplots(1, 2, figsize=(5.0, 2.8), layout="constrained")
for ax, noise in zip(axes, (0.0, 0.1), strict=True):
    experts = variants.noiseless(
        G,
        E,
        conditions.classes(E, torch.full((10,), 8, device=settings.device), "item"),
    )
    sure = []
    for state in chain(
        rectified_normal(range(10), G.code).to(settings.device),
        *experts,
        Eps(EPS["noiseless"].eps1, EPS["noiseless"].eps2, noise),
        steps=settings.tsne_steps,
        seeds=range(10),
    ):
        sure.append(state.h[state.log_p.exp() > 0.97].cpu())
    sure = torch.cat(sure)
    some = torch.randperm(len(sure), generator=torch.Generator().manual_seed(0))
    x = drawn(sure[some[: SIDE**2]])
    order = on_a_grid(metrics.judgement(judge, x).features, SIDE)
    figures.image_grid(
        x[torch.from_numpy(order)],
        SIDE,
        title=f"noise of {noise:g}: {len(sure)} of {10 * (settings.tsne_steps + 1)} sure",
        ax=ax,
    )
plt.show()

# %% [markdown]
# What looks like a page of many samples is a page of ten chains: states of one chain are near one another, on the left nearer than on the right. The other chapters show one state a chain for that reason.
#
# ## Which one to use
#
# | you have | take | because |
# |---|---|---|
# | a $G$ with its encoder $E$, and no time to train | Noiseless Joint PPGN-h, many short chains | no further network; {glue:text}`side_by_side.noiseless.accuracy:.0%` recognised, kernel distance {glue:text}`side_by_side.noiseless.kid:.1f` |
# | time to train a denoiser of codes | [PPGN-h with all noises](06_ppgn_h.ipynb) | kernel distance {glue:text}`06_ppgn_h.ipynb::ppgn_h_annealed.kid:.2f` where Noiseless has {glue:text}`06_ppgn_h.ipynb::noiseless_fifty.kid:.2f` (fifty chains a class); no gain by EfficientNet |
# | a chain that is to move | Noiseless Joint PPGN-h at {glue:text}`10_three_multipliers.ipynb::memory.setting:s` ([how soon its memory is gone](10_three_multipliers.ipynb)) | half forgotten after some 200 updates, {glue:text}`10_three_multipliers.ipynb::memory.accepted:.0%` of the states accepted after one more update without noise; noise of 0.3 at the usual setting gives {glue:text}`08_noiseless_joint_ppgn_h.ipynb::noiseless.noise_clusters_ratio_03:.1f` times as many clusters and loses many pictures |
# | pictures and a classifier, no $G$ | a [denoiser of pictures for all noises](04_ppgn_x.ipynb), not PPGN-x | {glue:text}`04_ppgn_x.ipynb::ppgn_x_annealed.accuracy:.0%` recognised; PPGN-x {glue:text}`side_by_side.ppgn_x.accuracy:.1%` |
# | the condition alone, to compare with | DGN-AM | it has no prior but $G$; {glue:text}`side_by_side.dgn_am.accuracy:.0%` recognised |
#
# Joint PPGN-h is not in the table: its pictures are not seen to be better than those of Noiseless, an update costs {glue:text}`joint.gflop_per_update:.2f` GFLOP in place of {glue:text}`noiseless.gflop_per_update:.2f`, and it wants a $G$ that was trained with noise. One training of each is not enough to say more; [chapter 11](11_what_each_loss_is_worth.ipynb) has three small ones.
#
# Whatever you take: search its multipliers on data that you do not report on. `ppgn_lib.metrics.tuning.tune` does that for a prior and a condition of your own, and names what goes wrong.
#
# ## Exercises
#
# **1.** A chain has forty accepted states, thirty near one cluster and ten near another. How many different clusters does one expect in two of them, drawn at random?
#
# <details><summary>Solution</summary>
#
# One, and a second one if they differ, which has the probability $2 \cdot \tfrac{30}{40} \cdot \tfrac{10}{39} = 0.38$: so 1.38. With ten draws it is nearly 2. The plain count is 2 even after one rare visit; this number then stays near 1. The folded cell below asks the library for them.
#
# </details>

# %% tags=["hide-cell"]
# Solution of exercise 1, run
everything = torch.ones(40, 1, dtype=torch.bool)  # all states of one chain accepted
for rare in (10, 1):
    nearest = torch.tensor([0] * (40 - rare) + [1] * rare)
    where = torch.nn.functional.one_hot(nearest)[:, None].double()  # (40, 1, 2)
    for draws in (2, 10):
        number = metrics.clusters_visited(where, everything, torch.eye(2), draws)
        print(f"{rare} of 40 near the other: {number.item():.2f} in {draws} draws")

# %% [markdown]
# **2.** With $\epsilon_3 = 0$ the step is a map $h \mapsto f(h)$. What can its chains do in the long run, and what would they have to do to be called samples?
#
# <details><summary>Solution</summary>
#
# They approach a fixed point or a cycle, wander for ever in a set that $f$ maps to itself, or run away. To be samples they would have to come to every region as often as its probability says, from almost every start. A map that shortens distances has a single fixed point and cannot. So without noise the variety of the samples comes from their starts. The folded cell below looks at the stored chains of the three variants that have no noise at all. Nearly all of DGN-AM and Noiseless come to rest, each chain at a place of its own, so their $f$ does not shorten all distances; of PPGN-h some chains are still on their way at the end, and among those that rest are the ones that have run away.
#
# </details>

# %% tags=["hide-cell"] mystnb={"figure": {"caption": "Solution of exercise 2: share of the chains that in ten updates move by less than a hundredth of what two ends of their class are apart, in the evaluator's features.", "name": "fig-side-rest"}, "image": {"alt": "Three rising lines: DGN-AM comes to rest first, Noiseless more slowly, and of PPGN-h only a part, late."}}
# Solution of exercise 2, run
fig, ax = plt.subplots(figsize=(4.5, 2.5))
for name in ("dgn_am", "noiseless", "ppgn_h"):
    place = mixed[f"{name}.place"].double()  # (T, B, 5)
    ends_apart = torch.stack(
        [torch.pdist(ends).mean() for ends in place[-1].unflatten(0, (10, -1))]
    ).repeat_interleave(way["chains"])
    moved = (place[1:] - place[:-1]).norm(dim=2) / ends_apart
    resting = (moved < 0.01).double().mean(1)
    ax.plot(every * np.arange(1, len(place)), resting, label=TITLES[name])
    print(f"{TITLES[name]}: in the end {resting[-1]:.0%} rest,", end=" ")
    print(f"two ends of a class are {ends_apart.mean():.1f} apart")
ax.set(xlabel="updates", title="share at rest", ylim=(0, 1.02))
ax.legend(fontsize=8)
plt.show()

# %% [markdown]
# ## Summary
#
# - Kernel distance to photographs, twenty chains a class: PPGN-x {glue:text}`side_by_side.ppgn_x.kid:.2f`, Joint PPGN-x {glue:text}`side_by_side.joint_ppgn_x.kid:.2f`, DGN-AM {glue:text}`side_by_side.dgn_am.kid:.2f`, PPGN-h {glue:text}`side_by_side.ppgn_h.kid:.2f`, Joint {glue:text}`side_by_side.joint.kid:.2f`, Noiseless {glue:text}`side_by_side.noiseless.kid:.2f`; PPGN-h with a denoiser of all noises (not in the paper) {glue:text}`side_by_side.annealed.kid:.2f`. The intervals of the last three overlap.
# - At the multipliers with the best ends, {glue:text}`noiseless.chains_still:.0%` of the chains of Noiseless come to rest and {glue:text}`joint.chains_still:.0%` of those of Joint.
# - C11 is {glue:text}`claim.C11`, C13 {glue:text}`claim.C13`, C14 {glue:text}`claim.C14`.
# - All of this is one $E$ and one training of each prior, six long and twenty short chains a class.
