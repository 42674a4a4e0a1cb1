# %% [markdown]
# # Joint PPGN-h: the round trip as denoiser
#
# **Question.** [PPGN-h](06_ppgn_h.ipynb) needs a network of its own to know what codes look like, and that network never sees a picture. But a code can go through $G$ to a picture and through $E$ back to a code. Can that round trip be the denoiser?
#
# Joint PPGN-h of Nguyen et al. (2017) trains $G$ so that it is one. Here are its samples, the last state of each chain, a class a row, nothing picked.

# %% tags=["parameters"]
# None: the profile's value
chains = None  # a class, that are shown
steps = None  # updates of the chains that run while one waits
photographs = None  # test photographs whose codes get noise
jacobians = None  # photographs at whose codes all slopes are computed

# %% tags=["set-up"]
import inspect
import json

from IPython.display import Code

from ppgn_lib import Eps, Noise, chain, conditions, metrics, variants
from ppgn_lib.book import claims, diagrams
from ppgn_lib.book.judgements import Judgements, judged_table
from ppgn_lib.book.record import Kept, record
from ppgn_lib.data.files import locate
from ppgn_lib.data.tinted_fashion import ITEMS, TintedFashion
from ppgn_lib.metrics import mean_with_interval, protocol
from ppgn_lib.metrics.protocol import first_of
from ppgn_lib.networks.features import encode
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal

keep = Kept()


# %% tags=["hide-input"] mystnb={"figure": {"caption": "Joint PPGN-h: the first ten chains of each class from random codes, the last of 250 updates. Seeds fixed beforehand, nothing picked.", "name": "fig-joint-grid"}, "image": {"alt": "Ten rows of ten pictures of clothes in many colours, a class a row. Nearly all show the item of their row; a few are of another kind or have torn outlines."}}
E, G, plain_g, evaluator = (
    load(name).to(settings.device)
    for name in ("encoder", "joint_generator", "generator", "evaluator")
)
judge = metrics.judge_with(evaluator, "item")
stored, about = protocol.open_samples(locate("results/joint.safetensors"))
noiseless_stored, _ = protocol.open_samples(
    locate("results/noiseless_samples.safetensors")
)


@torch.no_grad()
def drawn(codes, net=G):
    """Pictures of codes (B, H), cut to [-1, 1], on the CPU."""
    return metrics.in_blocks(
        lambda h: net(h.to(settings.device)).clamp(-1, 1).cpu(), codes.float()
    )


@torch.no_grad()
def seen(x):
    """Codes of pictures (B, 3, 32, 32), on the CPU."""
    return metrics.in_blocks(lambda x: encode(E, x.to(settings.device)).cpu(), x)


@torch.no_grad()
def round_trip(codes, net):
    """E(G(h)) of codes (B, H), on the CPU."""
    return metrics.in_blocks(
        lambda h: E(net(h.to(settings.device))).h.cpu(), codes.float()
    )


across = min(10, settings.chains)
figures.image_grid(
    drawn(first_of(stored["joint.ends"], across)), across, rows=ITEMS, cell=0.5
)
plt.show()

# %% [markdown]
# The evaluator recognises {glue:text}`joint.accuracy:.0%` of the samples, their coverage is {glue:text}`joint.coverage_ratio:.0%` of that of other photographs, and their kernel distance to photographs is {glue:text}`joint.kid:.2f`. (These measures are explained in [the chapter on Noiseless Joint PPGN-h](08_noiseless_joint_ppgn_h.ipynb).)
#
# ## Three denoisers in one
#
# The pass $h \to x \to h_1 \to h$ is made of $G$ and the two halves of $E$: $E_1$ up to the feature maps $h_1$ of its last pooling layer, $E_2$ from there to the code. Put noise on the code, the picture and the maps, and ask for what was there without it. Then the pass is an autoencoder that is to remove noise from $h$. Closed to a loop, $h \to x \to h_1 \to h \to x \to \dots$, it is one for $x$ and one for $h_1$ as well: start there, and the loop comes back. In training a photograph goes $x \to h_1 \to h \to x$, with noise on each, and the picture that $G$ draws, its maps and its code are to be those of the photograph without noise. That is three squared errors, and a fourth loss for fooling a discriminator, which learns beside $G$; $E$ stays as it was trained. Each has a weight (Eq. 24):
#
# $$L_G = \lambda_x L_\text{img} + \lambda_1 L_{h_1} + \lambda_h L_h + \lambda_D L_\text{GAN}.$$ (eq-joint-loss)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Joint PPGN-h. What was trained for it is shaded, the path of the condition is red, that of the prior black. The prior takes no network of its own.", "name": "fig-joint-boxes"}, "image": {"alt": "A row h, G, x, C, y with red arrows from each to the next; black arrows from h over G to x, from there up to a box E and back to h."}}
diagrams.variant("joint")
plt.show()

# %% [markdown]
# In sampling the pass begins at the code, and has as much noise as in training. The condition sees the picture of the code as it is. That is the prior of `variants.joint`; here `code` is $h$, and `h`, `x` and `h1` are the standard deviations of the noise on code, picture and maps:

# %% tags=["hide-input"]
source = inspect.getsource(variants.joint)
Code(source[source.index("    def round_trip") :].rstrip(), language="python")

# %% [markdown]
# The paper takes noise of 1 of 255 on the picture and of about a tenth of the mean activation on $h_1$ and $h$, and so does this book: {glue:text}`joint.noise_x:.4f` on pictures in $[-1, 1]$, {glue:text}`joint.noise_h1:.3f` on the maps and {glue:text}`joint.noise_h:.3f` on the code. Our $G$ was not trained from nothing. It is the [noiseless one](08_noiseless_joint_ppgn_h.ipynb), trained on with noise and with $L_h$ for {glue:text}`joint.more_steps` steps after {glue:text}`joint.steps_before`.
#
# What did that change? Little, as the figures of this chapter show. Photographs that neither has seen, and what both make of their codes:

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The first test photograph of each class; G(E(x)) of both generators; and of both with noise of 100 % of the mean activation on the code.", "name": "fig-joint-reconstructions"}, "image": {"alt": "Five rows of ten pictures: photographs of clothes, two rows of very similar, smoother reconstructions, and two rows of the same items in harsher colours with some torn edges, again alike."}}
test = TintedFashion("test")
order = torch.randperm(len(test), generator=torch.Generator().manual_seed(0))
some = test.batch(order[: settings.photographs])
h = seen(some.x)
z = Noise(range(len(h))).draw(h)
mean_activation = h.mean().item()
for key, value in about["protocol"]["noise"].items():
    record(f"joint.noise_{key}", value)
cards = {
    name: json.loads(locate(f"weights/{name}.json").read_text())["config"]["steps"]
    for name in ("generator", "joint_generator")
}
record("joint.steps_before", cards["generator"])
record("joint.more_steps", cards["joint_generator"])
test_y = test.labels()["item"]
ten = test.batch([(test_y == c).nonzero()[0, 0].item() for c in range(10)]).x
h_ten = seen(ten)
disturbed = h_ten + mean_activation * Noise(range(10_000, 10_010)).draw(h_ten)
fig = figures.image_grid(
    torch.cat(
        [
            ten,
            drawn(h_ten, plain_g),
            drawn(h_ten),
            drawn(disturbed, plain_g),
            drawn(disturbed),
        ]
    ),
    10,
    rows=[
        "photographs",
        "noiseless",
        "joint",
        "noiseless, noise of 100 %",
        "joint, noise of 100 %",
    ],
    tops=figures.short(ITEMS),
    cell=0.6,
)
fig.axes[0].tick_params(axis="x", labelsize=7)
plt.show()

# %% [markdown]
# The two generators draw nearly the same, with noise as well as without. That is no surprise: the noise in training was a tenth of this one, and the training was short.
#
# ## Does the round trip remove noise?
#
# "The round trip of a code through picture and encoder takes noise out of it, though nothing was trained to do that" (C25) is what the paper says of the *noiseless* $G$, and it gives that as the reason why a chain with it works. Take codes $h$ of photographs, add Gaussian noise $n$ to every number (100 %: its standard deviation is the mean of all numbers of the codes, zeros included), and see how much of it is left after the pass:
#
# $$\frac{\lVert E(G(h + n)) - E(G(h)) \rVert}{\lVert n \rVert}.$$ (eq-noise-left)
#
# A map that forgets everything would leave none. So beside it stands how much is left of a step of the length of the noise, not in a random direction but towards the code of another photograph of the class (and past it, where that is nearer). On the right, what happens to directions one by one: the singular values of the Jacobian of $E \circ G$ at codes of photographs. A direction with a value below 1 is shortened.


# %%
def singular_values(code, net):
    """Of the Jacobian of E(G(.)) at a code (H,): (H,), from large to small."""
    copies = code.to(settings.device).repeat(len(code), 1).requires_grad_()
    back = E(net(copies)).h
    (rows,) = torch.autograd.grad(back.diagonal().sum(), copies)
    return torch.linalg.svdvals(rows.double()).cpu()


# %% tags=["hide-input"] mystnb={"figure": {"caption": "Left: the share of the noise on a code that is left after E(G(.)), over its size in percent of the mean activation, with 95 % intervals; dashed, the same of a step of that length towards the code of another photograph of the class. Right: singular values of the Jacobian of E(G(.)) at the codes of twelve test photographs, in falling order; median over the codes, and the band from the smallest to the largest. Only the first 120 of 256 are shown.", "name": "fig-joint-contraction"}, "image": {"alt": "Left, shares that are left against the size of the noise. The solid lines, for noise, fall from well above 1 to below it as the noise grows; the dashed ones, for steps to another photograph, lie above them and come down to 1 only at the largest size. The lines of both generators lie on one another. Right, two singular value curves that fall steeply, cross 1 within the first few tens of 256 directions and end before half of them; they too nearly coincide."}}
PERCENT = (1, 10, 20, 50, 100, 200)
# Another photograph of the same class for each.
partner = torch.empty(len(h), dtype=torch.long)
for c in range(10):
    index = (some.labels["item"] == c).nonzero().flatten()
    partner[index] = index.roll(1)
GENERATORS = {"noiseless": plain_g, "joint": G}
sizes = {percent: percent / 100 * mean_activation for percent in PERCENT}
ways = {
    "noise": z,
    "another photograph": (h[partner] - h)
    * (z.norm(dim=1) / (h[partner] - h).norm(dim=1).clamp(min=1e-6))[:, None],
}
alone = partner == torch.arange(len(h))  # no second one of its class
left, error = {}, {}
there = {name: round_trip(h, net) for name, net in GENERATORS.items()}
for name, net in GENERATORS.items():
    for way, step in ways.items():
        for percent, size in sizes.items():
            back = round_trip(h + size * step, net)
            length = (size * z).norm(dim=1)
            share = ((back - there[name]).norm(dim=1) / length)[~alone]
            left[name, way, percent] = mean_with_interval(share.double())
            if way == "noise":
                off = ((back - h).norm(dim=1) / length).double()
                error[name, percent] = mean_with_interval(off)
    for percent in (20, 100):
        keep(f"{name}.noise_left_{percent}", left[name, "noise", percent])
        keep(
            f"{name}.step_left_{percent}", left[name, "another photograph", percent]
        )
        keep(f"{name}.noise_error_{percent}", error[name, percent])
rectified = ((h + sizes[100] * z).relu() - h).norm(dim=1) / (sizes[100] * z).norm(
    dim=1
)
record("code.noise_left_by_relu", mean_with_interval(rectified.double()))
record("claim.C25", claims.decide("C25", keep))
slopes = {
    name: torch.stack(
        [singular_values(code, net) for code in h[: settings.jacobians]]
    )
    for name, net in GENERATORS.items()
}
for name in GENERATORS:
    record(
        f"{name}.directions_stretched",
        mean_with_interval((slopes[name] > 1).sum(1).double()),
    )
    record(
        f"{name}.mean_slope",
        mean_with_interval(slopes[name].square().mean(1).sqrt()),
    )
    record(f"{name}.largest_slope", mean_with_interval(slopes[name][:, 0]))
fig, (ax, right) = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
for i, name in enumerate(GENERATORS):
    for way, style in zip(ways, ("-", "--"), strict=True):
        found = [left[name, way, percent] for percent in PERCENT]
        value, low, high = (np.array([e[j] for e in found]) for j in range(3))
        ax.errorbar(
            PERCENT,
            value,
            (value - low, high - value),
            ls=style,
            marker="os"[i],
            color=figures.PALETTE[i],
            label=f"{name}, {way}",
        )
    middle = slopes[name].median(0).values
    right.plot(range(1, 257), middle, label=name)
    right.fill_between(
        range(1, 257), slopes[name].amin(0), slopes[name].amax(0), alpha=0.2, lw=0
    )
ax.set_xscale("log")
ax.set(
    xlabel="noise, % of the mean activation",
    title="left after the pass",
    ylim=(0, None),
)
for side in (ax, right):
    side.axhline(1, color="0.5", lw=0.8)
right.set_yscale("log")
right.set(
    xlabel="direction, of 256",
    title="singular values",
    xlim=(0, 120),
    ylim=(1e-3, 100),
)
ax.legend(fontsize=8, handlelength=4)
plt.show()

# %% [markdown]
# Of noise of 20 % of the mean activation the noiseless pass leaves {glue:text}`noiseless.noise_left_20:.2f` times as much, of as long a step to another photograph of the class {glue:text}`noiseless.step_left_20:.2f`. At 100 % it is {glue:text}`noiseless.noise_left_100:.2f` and {glue:text}`noiseless.step_left_100:.2f`. So less is left of noise than of what tells photographs apart, as hoped; but only large noise comes out shorter than it went in. C25 is {glue:text}`claim.C25`.
#
# Does the code also come nearer to that of the photograph? With noise of 100 % it ends {glue:text}`noiseless.noise_error_100:.2f` times as far off as the noisy code was. The ReLU of fc6 alone would come to {glue:text}`code.noise_left_by_relu:.2f`, so the pass removes no more than this cut. With noise of 20 % it ends {glue:text}`noiseless.noise_error_20:.1f` times as far off, mostly by the pass's own error, which is there without noise too. The $G$ trained with noise is hardly different: it leaves {glue:text}`joint.noise_left_20:.2f` and {glue:text}`joint.noise_left_100:.2f` of noise, {glue:text}`joint.step_left_20:.2f` and {glue:text}`joint.step_left_100:.2f` of the steps.
#
# For small noise the pass is no contraction: at a photograph's code the largest singular value is {glue:text}`noiseless.largest_slope:.1f` (joint: {glue:text}`joint.largest_slope:.1f`), and {glue:text}`noiseless.directions_stretched:.0f` of 256 directions are stretched ({glue:text}`joint.directions_stretched:.0f`). More than half of all directions have the singular value 0, because $E$ sets more than half of a code to 0. For small noise of variance $\sigma^2$ a number, $\mathbb E \lVert J n \rVert^2 = \sigma^2 \sum_i s_i^2$, and $\mathbb E \lVert n \rVert^2 = 256\, \sigma^2$. So the share that is left is about the root of the mean of all $s_i^2$: {glue:text}`noiseless.mean_slope:.2f` (joint: {glue:text}`joint.mean_slope:.2f`). A few steep directions outweigh all that are lost.

# %% tags=["hide-cell", "nbval-check-output"]
print("slopes:", tuple(slopes["joint"].shape)[1:])
print("noise is shortened:", left["noiseless", "noise", 100].value < 1)
print("ends are finite:", stored["joint.ends"].isfinite().all().item())

# %% [markdown]
# ## Again and again
#
# What does the prior alone do, without condition and noise? Codes of photographs go round and round:

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The first test photographs of three classes (T-shirt, shirt, sneaker), drawn again by G (0) and after so many passes of E(G(.)), noiseless G above and joint G below; and under each the same with noise of 20 % of the mean activation on the code before every pass. The classes were picked by hand.", "name": "fig-joint-again"}, "image": {"alt": "Twelve rows of pictures. The T-shirts and sneakers stay; the four shirts turn into other, simpler items."}}
PASSES = [t for t in (0, 1, 2, 5, 10, 20, 50, 100) if t <= settings.steps]
three = h_ten[[0, 6, 7]]
rows, titles = [], []
for name, net in GENERATORS.items():
    for size in (0.0, 0.2 * mean_activation):
        code, visited = three, []
        stream = Noise(range(20_000, 20_003))
        for t in range(PASSES[-1] + 1):
            if t in PASSES:
                visited.append(drawn(code, net))
            code = round_trip(code + size * stream.draw(code), net)
        rows.append(torch.stack(visited, 1).flatten(0, 1))
        noisy = ", noise" if size else ""
        titles += [f"{name}{noisy}", "", ""]
figures.image_grid(
    torch.cat(rows),
    len(PASSES),
    rows=titles,
    tops=[str(t) for t in PASSES],
    cell=0.45,
)
plt.show()

# %% [markdown]
# A T-shirt and a sneaker hardly change in a hundred passes. The shirt does not stay: within ten passes its pattern is gone and its outline is another one. So not every photograph is near a code that comes back to itself. With the joint $G$ it comes to rest at a plain T-shirt, with the noiseless one it still changes between 50 and 100 passes. Where a prior of this kind rests is [not where photographs are](08_noiseless_joint_ppgn_h.ipynb). With noise of 20 % before each pass the T-shirt and the sneaker stay as well, and the shirt takes another way: with the noiseless $G$ it is by pass 20 at the top that it reaches at 100 without noise, with the joint one it ends elsewhere.

# %% [markdown]
# ## Chains, and the two readings of the noise
#
# The paper's text leaves two readings of where the noise of sampling goes: inside the pass, as much as in training, or on the state after each update, there with $\epsilon_3$ = {glue:text}`joint.noise_h:.3f`, the noise on the code in training. Both were run, and no noise at all as a third, at the multipliers that the selector, a network that only chooses settings, had chosen for the first on validation images:

# %% tags=["hide-input"]
rows = {}
for point in about["found"]["joint"]["settings"]:
    lost = "diverged" in point
    taken = list(point["setting"]) == list(about["found"]["joint"]["chosen"])
    rows["(ε1, ε2, ε3) = ({:g}, {:g}, {:g})".format(*point["setting"])] = {
        "accuracy, selector": "diverged" if lost else f"{point['accuracy']:.3f}",
        "kernel distance, selector": "" if lost else f"{point['kid']:.2f}",
        "chosen": "yes" if taken else "",
    }
figures.table(rows)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The first three chains of each class (columns) by each reading, from the same random codes; below, Noiseless with its own G. Nothing is picked.", "name": "fig-joint-samples"}, "image": {"alt": "Four groups of three rows of ten pictures of clothes in many colours, nearly all of the class of their column. The first three groups, by one generator, share many shapes; no group is clearly better drawn than another."}}
SETS = {
    "noise in the pass": ("joint", stored["joint.ends"], G),
    "noise on the state": ("joint_on_state", stored["joint_on_state.ends"], G),
    "no noise": ("joint_without", stored["joint_without.ends"], G),
    "Noiseless": ("noiseless_forty", noiseless_stored["random.codes"], plain_g),
}
fig = figures.image_grid(
    torch.cat(
        [
            drawn(codes.unflatten(0, (10, -1))[:, i], net)
            for _, codes, net in SETS.values()
            for i in range(3)
        ]
    ),
    10,
    rows=[name if i == 0 else "" for name in SETS for i in range(3)],
    tops=figures.short(ITEMS),
    cell=0.5,
)
fig.axes[0].tick_params(axis="x", labelsize=7)
plt.show()

# %% tags=["hide-input"]
judgements = Judgements()
keys = {title: key for title, (key, _, _) in SETS.items()}
keys |= {
    f"reconstructions, {name}": f"reconstructions_{name}" for name in GENERATORS
}
found = {title: judgements[key] for title, key in keys.items()}
for title, key in keys.items():
    found[title].keep(key, keep)
judged_table(found)

# %% [markdown]
# With noise in the pass the evaluator recognises {glue:text}`joint.accuracy:.2f`, with noise on the state {glue:text}`joint_on_state.accuracy:.2f`, without any {glue:text}`joint_without.accuracy:.2f`; the kernel distances are {glue:text}`joint.kid:.2f`, {glue:text}`joint_on_state.kid:.2f` and {glue:text}`joint_without.kid:.2f` in the evaluator's features, {glue:text}`joint.kid_foreign:.2f`, {glue:text}`joint_on_state.kid_foreign:.2f` and {glue:text}`joint_without.kid_foreign:.2f` in EfficientNet's. One thing stands apart among the three readings: with noise on the state more are recognised. All their other intervals overlap. (*Told apart* is how often a small network tells the samples from photographs, *unclear* the share in which the evaluator gives no class more than one half, EfficientNet a network trained on other pictures by others.)
#
# Noiseless has {glue:text}`noiseless_forty.accuracy:.2f`, {glue:text}`noiseless_forty.kid:.2f` and {glue:text}`noiseless_forty.kid_foreign:.2f`. Whether Joint draws better than it or worse (C15) is not decided here: its $G$ has also been trained for longer, and its $\epsilon_2$ is half as large. [Chapter 11](11_what_each_loss_is_worth.ipynb) compares three small trainings of each. Reconstructions by the joint $G$ have a kernel distance of {glue:text}`reconstructions_joint.kid:.2f`, by the noiseless one {glue:text}`reconstructions_noiseless.kid:.2f`, which is no clear difference.
#
# One chain of each class on its way, with the noise in the pass:

# %%
seeds = protocol.seeds_of(about["protocol"]["report"]["seeds_from"], 1, 10)
condition = conditions.classes(E, torch.arange(10, device=settings.device), "item")
noise = Noise([seed + 500 for seed in seeds])  # of the pass
experts = variants.joint(G, E, condition, noise=noise, **about["protocol"]["noise"])
h0 = rectified_normal(seeds, G.code).to(settings.device)
eps = Eps(*about["found"]["joint"]["chosen"])
states = list(chain(h0, *experts, eps, steps=settings.steps, seeds=seeds))

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The first chain of each class from a random code; the number of updates stands above.", "name": "fig-joint-strips"}, "image": {"alt": "Ten rows of small pictures, each turning from a blurred or broken shape on the left into a clear item of clothing on the right; most change little after update 100."}}
marks = [
    t
    for t in (0, 1, 2, 5, 10, 20, 35, 50, 100, 150, 200, 250)
    if t <= settings.steps
]
figures.image_grid(
    drawn(torch.stack([states[t].h for t in marks], 1).flatten(0, 1)),
    len(marks),
    rows=ITEMS,
    tops=[str(t) for t in marks],
    cell=0.4,
)
plt.show()

# %% [markdown]
# By update 100 each chain shows an item of its class, and from there on little changes.
#
# ## Exercises
#
# **1.** $E$ is not trained in Joint PPGN-h. Why would it be risky to train it too, with the same four losses?
#
# <details><summary>Solution</summary>
#
# $L_{h_1}$ and $L_h$ compare what $E$ sees in both pictures. An $E$ that may change can make both small by seeing little: codes that are all alike are easily reconstructed. The condition reads its last layers from the same features, too. The folded cell below gives each number of the code a factor, and trains these factors, and nothing else, to make $L_h$ small. The codes of different photographs move together, and beside the distance of two codes the error is as large as before.
#
# </details>

# %% tags=["hide-cell"]
# Solution of exercise 1, run
off = there["joint"] - h  # E(G(h)) - h, by the joint G
factors = torch.ones(256, requires_grad=True)
optimiser = torch.optim.Adam([factors], lr=0.01)
for _ in range(100):
    loss = (off * factors).square().mean()  # L_h
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
falls_to = (loss / off.square().mean()).item()
nearer = (torch.pdist(h * factors).mean() / torch.pdist(h).mean()).item()
print(f"L_h falls to {falls_to:.2f} of what it was, and the distance of the codes")
print(f"of two photographs to {nearer:.2f}; the error over that distance")
print(f"is {falls_to**0.5 / nearer:.2f} times what it was")

# %% [markdown]
# **2.** A linear round trip $R(h) = A h$ is trained to remove Gaussian noise of variance $\sigma^2$ from codes with covariance $\Sigma$. What are its singular values, and which direction is shortened most?
#
# <details><summary>Solution</summary>
#
# For codes of mean zero the best linear denoiser is $A = \Sigma (\Sigma + \sigma^2 I)^{-1}$. In a direction of variance $s^2$ it has the singular value $s^2 / (s^2 + \sigma^2)$: near 1 where codes differ much, near 0 where they hardly do. It shortens to less than half only what lies in directions with $s < \sigma$. The folded cell below fits one to the codes of this chapter, with noise of 100 % of the mean activation.
#
# </details>

# %% tags=["hide-cell"] mystnb={"figure": {"caption": "Solution of exercise 2: what a fitted linear denoiser leaves of each direction of the codes, over the standard deviation s of the codes there (points), and the formula (line). Dashed: s as large as the noise.", "name": "fig-joint-linear"}, "image": {"alt": "Points that lie on a rising curve, from 0 where codes hardly differ to nearly 1 where they differ much; it passes one half where s is as large as the noise."}}
# Solution of exercise 2, run
centred = (h - h.mean(0)).double()
clean = centred.repeat(20_000 // len(h), 1)
noisy_codes = clean + mean_activation * Noise([0]).draw(clean[None])[0]
A = torch.linalg.lstsq(noisy_codes, clean).solution.T
variance, directions = torch.linalg.eigh(centred.T @ centred / len(h))
variance = variance.clamp(min=0)
s = variance.sqrt()  # in each direction
kept = (directions.T @ A @ directions).diagonal()
few, weak = (kept < 0.5).sum(), (s < mean_activation).sum()
print(f"{few} of 256 directions are shortened to less than half")
print(f"in {weak} directions codes vary by less than the noise")
fig, ax = plt.subplots(figsize=(4.5, 2.5))
ax.plot(s, kept, ".")
ax.plot(s, variance / (variance + mean_activation**2), lw=1)
ax.axvline(mean_activation, color="0.5", ls="--", lw=1)
ax.set(xlabel="s", ylabel="left of the direction", ylim=(0, 1))
plt.show()

# %% [markdown]
# ## Summary
#
# - Joint PPGN-h takes $E(G(h)) - h$ as prior, with a $G$ that was trained with noise on code, picture and maps. It is no denoiser of small noise: of noise of 20 % {glue:text}`joint.noise_left_20:.2f` times as much comes out.
# - Its chains: {glue:text}`joint.accuracy:.0%` recognised, coverage {glue:text}`joint.coverage_ratio:.0%` of photographs', kernel distance {glue:text}`joint.kid:.2f` (Noiseless, as many chains: {glue:text}`noiseless_forty.accuracy:.0%`, {glue:text}`noiseless_forty.coverage_ratio:.0%`, {glue:text}`noiseless_forty.kid:.2f`).
# - Does the round trip of a $G$ that was trained without noise take noise out of a code? C25 is {glue:text}`claim.C25`: of noise of 100 % a part, no more than a ReLU takes; noise of 20 % comes out longer than it went in.
# - All of this is one $E$, and one training of each $G$.
