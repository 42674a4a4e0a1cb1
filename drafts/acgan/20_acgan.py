# %% [markdown]
# # AC-GAN: a generator that is told the class
#
# **Question.** In a PPGN no network that draws knows of classes; a classifier steers from outside, step by step. An AC-GAN {cite}`odena2017acgan` is taught the classes together with drawing, and draws in one pass. What do its pictures look like, and does what its paper says of them hold here?
#
# On top ten test photographs, below what four AC-GANs draw that differ in their seeds only: of each class the first two pictures of each. Nothing is picked.

# %% tags=["parameters"]
# None: the profile's value
drawn = None  # pictures that are drawn while one waits

# %% tags=["set-up"]
import json

from ppgn_lib import metrics
from ppgn_lib.book import claims
from ppgn_lib.book.record import Kept, record
from ppgn_lib.data.files import locate
from ppgn_lib.data.tinted_fashion import ITEMS, TintedFashion
from ppgn_lib.metrics import Estimate, protocol
from ppgn_lib.networks.zoo import load

keep = Kept()
PICTURES, about = protocol.open_samples(locate("results/acgan.safetensors"))
FOUND = about["found"]
NUMBERS = json.loads(locate("results/acgan_numbers.json").read_text("utf-8"))["numbers"]


def states(group):
    """Of each net of a group, by its name: its states, by steps."""
    nets = {}
    for key, entry in FOUND.items():
        name, _, steps = key.rpartition(".")
        if name.split(".")[0] == group and steps.isdigit():
            nets.setdefault(name, {})[int(steps)] = entry
    return {name: dict(sorted(of.items())) for name, of in sorted(nets.items())}


def ends(group):
    """The last state of each net of a group, by its name."""
    return {name: of[max(of)] for name, of in states(group).items()}


def verdict(claim):
    """Record what the claim's rule reads, and what it says."""
    for key in claims.rules()[claim].numbers.values():
        keep(key, Estimate(*NUMBERS[key]))
    record(f"claim.{claim}", claims.decide(claim, keep))


def both(entry, key="recognised"):
    """The mean of the shares that both judges name rightly, (classes,)."""
    return np.array(entry[key]).mean(1)


REAL = FOUND["photographs"]
LARGE, SMALL, HALVES = (states(group) for group in ("A", "L", "H"))
END = max(next(iter(LARGE.values())))
test = TintedFashion("test")


# %% tags=["hide-input"] mystnb={"figure": {"caption": "Ten test photographs, and the first two pictures of each class by four AC-GANs of different seeds.", "name": "fig-acgan-samples"}, "image": {"alt": "Nine rows of ten pictures."}}
def pictures(key, per_class):
    """Stored pictures of an entry, the first of each class, (classes, per_class, 3, 32, 32) in [-1, 1]."""
    x = PICTURES[key].float() / 127.5 - 1
    return x.unflatten(0, (-1, 3))[:, :per_class]


photographs = torch.cat(
    [test.batch((test.labels()["item"] == c).nonzero()[:1, 0]).x for c in range(10)]
)
rows = [photographs]
for name in LARGE:
    rows += list(pictures(f"{name}.{END}.shown", 2).transpose(0, 1))
figures.image_grid(
    torch.cat(rows),
    10,
    rows=["photographs", *(f"seed {n[2:]}" if i == 0 else "" for n in LARGE for i in range(2))],
    tops=[item.split()[0] for item in ITEMS],
    cell=0.6,
)
plt.show()

# %% [markdown]
# ## Two losses
#
# $G$ gets noise and a class, $x = G(z, c)$. $D$ has two answers: $P(S \mid x)$, whether a picture is real, and $P(C \mid x)$, of which class it is. With
#
# $$L_S = \mathbb{E}[\log P(S = \text{real} \mid x_\text{real})] + \mathbb{E}[\log P(S = \text{made} \mid x_\text{made})]$$ (eq-acgan-source)
#
# $$L_C = \mathbb{E}[\log P(C = c \mid x_\text{real})] + \mathbb{E}[\log P(C = c \mid x_\text{made})]$$ (eq-acgan-class)
#
# $D$ is trained to make $L_S + L_C$ large, $G$ to make $L_C - L_S$ large: both want the class to be seen, and they quarrel about $S$ only. In the library (`ppgn_lib/training/acgan.py`) the step of $D$ is `d_loss(...) + cross_entropy(of_real) + cross_entropy(of_made)` and that of $G$ `gan_loss(...) + cross_entropy(...)`, where `gan_loss` is $-\log P(S = \text{real} \mid x_\text{made})$, the form that does not vanish when $D$ is sure.
#
# The trained $G$ is a network of the library like the others. No chain, no gradient: one pass.

# %%
G = load("acgan").to(settings.device)
z = torch.randn(settings.drawn, G.noise, generator=torch.Generator().manual_seed(0))
y = torch.arange(settings.drawn) % len(ITEMS)
with torch.no_grad():
    x = G(z.to(settings.device), y.to(settings.device)).cpu()
figures.image_grid(x, 10, tops=[item.split()[0] for item in ITEMS], cell=0.6)
plt.show()

# %% tags=["hide-cell", "nbval-check-output"]
print("noise:", G.noise, "classes:", G.classes, "finite:", x.isfinite().all().item())

# %% [markdown]
# ## How long to train
#
# A weak rival proves nothing, so first: does more training help? Two sizes of networks, *large* and *small* (half as many channels), and *half*, large ones for pictures of 16 pixels; four trainings each. The evaluator's accuracy over training, on three hundred pictures a class; and both judges together for the last doubling.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Share of the pictures that the evaluator names as asked, over training; a line for each training. Dashed: test photographs, at 32 pixels, and shrunk to 16 (below).", "name": "fig-acgan-training"}, "image": {"alt": "Curves."}}
def accuracy(entry):
    """The evaluator's, mean over classes."""
    return float(np.mean(entry["accuracy"] if "accuracy" in entry else np.array(entry["recognised"])[:, 0]))


fig, ax = plt.subplots(figsize=(6.4, 3.4), layout="constrained")
for (title, nets), colour in zip({"large": LARGE, "small": SMALL, "half": HALVES}.items(), ("C0", "C1", "C2"), strict=True):
    for i, of in enumerate(nets.values()):
        ax.plot(list(of), [accuracy(entry) for entry in of.values()], "o-", color=colour, ms=3, lw=1, label=None if i else title)
for key in ("recognised", "recognised_half"):
    ax.axhline(np.array(REAL[key])[:, 0].mean(), color="0.4", ls="--", lw=1)
ax.set(xscale="log", xlabel="steps", ylabel="named as asked", ylim=(0, 1))
ax.legend()
plt.show()

# %% tags=["hide-input"]
gain = keep("acgan.recognised_gain_of_last_doubling", Estimate(*NUMBERS["acgan.recognised_gain_of_last_doubling"]))
record("acgan.steps", END)
record("acgan.accuracy", metrics.by_student(np.array([accuracy(of) for of in ends("A").values()])))
record("acgan.accuracy_small", metrics.by_student(np.array([accuracy(of) for of in ends("L").values()])))
record("acgan.accuracy_half_way", metrics.by_student(np.array([accuracy(of[END // 2]) for of in LARGE.values()])))

# %% [markdown]
# ## Does detail help to name a picture?
#
# The AC-GAN paper shrinks its pictures, enlarges them again and asks a classifier. Pictures of 128 pixels are named more often than the same at 32, so the paper takes the larger ones to hold more than the smaller (C41). A classifier that never saw a blurred picture may fail on it for that alone. So there are two judges: the evaluator, and the *reader*, a linear classifier on EfficientNet's features that was fitted to photographs of the very size it is asked about.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Left: named as asked by the evaluator, shrunk to so many pixels and enlarged again; thick: mean over four trainings, thin: each. Crosses: nets that were trained for 16 pixels. Right: what shrinking to 16 pixels costs, class by class, by the reader that knows the size: mean over eight trainings with interval, and photographs.", "name": "fig-acgan-resolution"}, "image": {"alt": "Curves that fall to the left; a row of dots for each class."}}
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), width_ratios=(1.2, 1), layout="constrained")


def curve(entry):
    """Sizes, and the evaluator's share at each."""
    sizes = sorted(int(size) for size in entry["curve"])
    return sizes, [float(np.mean(entry["curve"][str(size)])) for size in sizes]


for (title, group), colour in zip({"large": "A", "small": "L"}.items(), ("C0", "C1"), strict=True):
    lines = [curve(entry) for entry in ends(group).values()]
    for sizes, shares in lines:
        left.plot(sizes, shares, color=colour, lw=0.6, alpha=0.6)
    left.plot(lines[0][0], np.mean([shares for _, shares in lines], 0), "o-", color=colour, ms=4, label=title)
left.plot(*curve(REAL), "o--", color="0.3", ms=4, label="photographs")
for entry in ends("H").values():
    left.plot(16, accuracy(entry), "x", color="C2")
left.set(xlabel="pixels a side", ylabel="named as asked", ylim=(0, 1))
left.legend(fontsize=8)
EIGHT = {**ends("A"), **ends("L")}
for c, item in enumerate(ITEMS):
    fall = [np.array(e["recognised"])[c, 1] - np.array(e["recognised_half"])[c, 1] for e in EIGHT.values()]
    figures.interval(right, c, metrics.by_student(np.array(fall)), color="C0", ms=4)
    right.plot(np.array(REAL["recognised"])[c, 1] - np.array(REAL["recognised_half"])[c, 1], c, "D", color="0.3", ms=4)
right.axvline(0, color="0.7", lw=1)
right.set_yticks(range(10), ITEMS, fontsize=8)
right.invert_yaxis()
right.set(xlabel="named less often by the reader when shrunk")
plt.show()

# %% tags=["hide-input"]
verdict("C41")
verdict("C49")

# %% [markdown]
# ## Variety within a class
#
# MS-SSIM says how alike two pictures are; the mean over random pairs of a class says how alike its pictures are, and 1 less that how much they vary. The AC-GAN paper compares each class with the least varied class of photographs (C42). Here MS-SSIM is of luminance, since colours are drawn by lot, and the brightness of one of the two may be turned round; else one outline, bright or dark on its wall, would pass for variety.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Variety of accepted pictures of each class: photographs, large and small AC-GANs (a dot for each training), and Noiseless Joint PPGN-h. Dashed: the least varied class of photographs.", "name": "fig-acgan-diversity"}, "image": {"alt": "Ten rows of dots."}}
_, of_table = protocol.open_samples(locate("results/table3.safetensors"))
TABLE = of_table["found"]
fig, ax = plt.subplots(figsize=(7, 4), layout="constrained")
sets = {"photographs": ([REAL], "0.3", "D"), "large": (ends("A").values(), "C0", "o"), "small": (ends("L").values(), "C1", "o"), "Noiseless": ([TABLE["noiseless"]], "C3", "s")}
for title, (entries, colour, mark) in sets.items():
    for i, entry in enumerate(entries):
        ax.plot(entry["variety_accepted"], range(10), mark, color=colour, ms=4, label=None if i else title)
ax.axvline(min(REAL["variety_accepted"]), color="0.5", ls="--", lw=1)
ax.set_yticks(range(10), ITEMS, fontsize=8)
ax.invert_yaxis()
ax.set(xlabel="variety (1 − MS-SSIM)")
ax.legend(fontsize=8)
plt.show()

# %% tags=["hide-input"]
verdict("C42")

# %% [markdown]
# ## Are classes that vary little recognised less?
#
# One could think that a GAN buys recognisable pictures with variety: a single perfect shirt for all. The AC-GAN paper finds the reverse (C43): over its classes accuracy falls as MS-SSIM rises. And it concludes that a GAN that drops modes draws worse pictures, not better ones (C60).

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Left: each class of each of eight AC-GANs, how much more alike its pictures are than photographs of the class, and how many more or fewer are recognised. Right: all nets that were judged, of one, two, five and ten classes; a dot is a class in a net. Dashed: the least varied class of photographs, and half recognised.", "name": "fig-acgan-accuracy-diversity"}, "image": {"alt": "Two clouds of dots."}}
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
for group, colour in (("A", "C0"), ("L", "C1")):
    for entry in ends(group).values():
        left.plot(np.array(REAL["variety"]) - np.array(entry["variety_most"]), both(entry) - both(REAL), "o", color=colour, ms=3, alpha=0.7)
left.axhline(0, color="0.7", lw=1)
left.axvline(0, color="0.7", lw=1)
left.set(xlabel="MS-SSIM less photographs' of the class", ylabel="recognised less photographs")
for group, title in {"A": "ten classes, large", "L": "ten, small", "K5": "five", "K2": "two", "K1": "one"}.items():
    of = ends(group).values()
    right.plot(np.concatenate([e["variety"] for e in of]), np.concatenate([both(e) for e in of]), "o", ms=3, alpha=0.7, label=title)
right.axvline(min(REAL["variety"]), color="0.5", ls="--", lw=1)
right.axhline(0.5, color="0.5", ls="--", lw=1)
right.set(xlabel="variety (1 − MS-SSIM)", ylabel="recognised", ylim=(0, 1))
right.legend(fontsize=7)
plt.show()

# %% tags=["hide-input"]
verdict("C43")
verdict("C60")

# %% [markdown]
# ### A collapse, provoked
#
# With a $D$ that learns ten times as fast as $G$ the training should break down. Does variety notice?

# %% tags=["hide-input"] mystnb={"figure": {"caption": "One small AC-GAN whose D learns ten times as fast as its G. Above: the same noise in each class after so many steps. Below: mean variety over classes.", "name": "fig-acgan-collapse"}, "image": {"alt": "Rows of pictures and a curve."}}
steps_of = FOUND["collapse"]["steps"]
x = PICTURES["collapse.shown"].float() / 127.5 - 1
at = np.linspace(0, len(steps_of) - 1, min(9, len(steps_of))).round().astype(int)
fig, (top, below) = plt.subplots(2, 1, figsize=(6, 5.2), height_ratios=(2.4, 1), layout="constrained")
figures.image_grid(torch.cat(list(x[at])), 10, rows=[str(steps_of[i]) for i in at], ax=top)
below.plot(steps_of, np.mean(FOUND["collapse"]["variety"], 1), "o-", ms=3)
below.axhline(np.mean(REAL["variety"]), color="0.4", ls="--", lw=1)
below.set(xlabel="steps", ylabel="variety", ylim=(0, None))
plt.show()

# %% [markdown]
# ## Does it copy, does it jump?
#
# A $G$ that had learned its photographs by heart would draw them again, and between two noises it would jump from one to the next. The AC-GAN paper shows nearest neighbours and ways between noises and sees neither (C44). By L1 in RGB the nearest photograph is mostly one of the same colours. So here each photograph stands in normalised luminance, brighter and darker than its wall, mirrored or not, and the question is whether the nearest is a photograph that $G$ was trained with more often than by chance.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Above: the first picture of each class by the first large AC-GAN; the nearest photograph by normalised luminance; the nearest by RGB, among the training photographs in the colours of the first epoch. Below: ways between two noises, of each training the one with the longest step, every fourth picture.", "name": "fig-acgan-neighbours"}, "image": {"alt": "Three rows of ten pictures, and eight rows of nine that change from left to right."}}
first = next(iter(LARGE))
near = [items["first"][0] for items in FOUND[f"{first}.copies"]["items"]]
splits = {split: TintedFashion(split) for split in ("train", "validation", "test")}


def neighbour(trained, number):
    """A photograph by its number in its split."""
    return splits["train" if trained else "test"].batch([number], seed=1).x


x = torch.cat([
    pictures(f"{first}.{END}.shown", 1)[:, 0],
    *(neighbour(*of) for of in near),
    *(splits["train"].batch([items["first_rgb"][0]], seed=1).x for items in FOUND[f"{first}.copies"]["items"]),
])
fig, (top, below) = plt.subplots(2, 1, figsize=(6, 6), height_ratios=(1, 2.7), layout="constrained")
figures.image_grid(x, 10, rows=["drawn", "luminance", "RGB"], ax=top)
ways = torch.cat([PICTURES[f"{name}.ways.ways"][0].float() / 127.5 - 1 for name in EIGHT])
figures.image_grid(ways, len(ways) // len(EIGHT), rows=[f"{'large' if n[0] == 'A' else 'small'} {n[2:]}" for n in EIGHT], ax=below)
plt.show()

# %% tags=["hide-input"]
verdict("C44")
marks = FOUND["photographs.copies"]["items"]
record("acgan.copies_found_itself", float(np.mean([of["itself"] for of in marks])))

# %% [markdown]
# ## One noise, all classes
#
# If $G$ has split what a picture is into class and style, the same $z$ should give the same style in every class (C45).

# %% tags=["hide-input"] mystnb={"figure": {"caption": "A row is one noise in all classes: two noises of each of the eight trainings.", "name": "fig-acgan-style"}, "image": {"alt": "Sixteen rows of ten pictures."}}
x = torch.cat([PICTURES[f"{name}.style.style"].float() / 127.5 - 1 for name in EIGHT])
figures.image_grid(x, 10, rows=[f"{'large' if n[0] == 'A' else 'small'} {n[2:]}" if i == 0 else "" for n in EIGHT for i in range(2)], tops=[item.split()[0] for item in ITEMS], cell=0.5)
plt.show()

# %% tags=["hide-input"]
verdict("C45")
STYLES = {name: FOUND[f"{name}.style"] for name in EIGHT}
figures.table({
    {"A": "large", "L": "small"}[group]: {
        **{
            f"same {title}": str(metrics.by_student(np.array([of[head]["same"] for name, of in STYLES.items() if name[0] == group])))
            for head, title in (("background", "wall"), ("colour", "colour"))
        },
        **{
            f"{title} by chance": str(metrics.by_student(np.array([of[head]["chance"] for name, of in STYLES.items() if name[0] == group])))
            for head, title in (("background", "wall"), ("colour", "colour"))
        },
        "light": str(metrics.by_student(np.array([of["light"] for name, of in STYLES.items() if name[0] == group]))),
    }
    for group in ("A", "L")
})

# %% [markdown]
# ## How many classes?
#
# The paper trains a hundred AC-GANs of ten classes each for the thousand of ImageNet, since with more classes a net of fixed size draws worse (C46). Small nets of one, two, five and ten classes, each with as many steps. And three statements on what steadies a GAN's training (C61): more parameters, labels, and not that the classes of a net are alike.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Small nets by the number of their classes: kernel distance to photographs, recognised, variety; a dot is a class in a net, thick: the mean. Nets of one class have no labels and fewer steps.", "name": "fig-acgan-splits"}, "image": {"alt": "Three panels of dots."}}
few = max(next(iter(states("K2").values())))
COUNTS = {1: ends("K1"), 2: ends("K2"), 5: ends("K5"), 10: {name: of[few] for name, of in SMALL.items()}}
panels = {"kernel distance": lambda e: np.array(e["kid_foreign"]), "recognised": both, "variety": lambda e: np.array(e["variety"])}
fig, axes = plt.subplots(1, 3, figsize=(10, 3.2), layout="constrained")
for ax, (title, take) in zip(axes, panels.items(), strict=True):
    for at, (count, nets) in enumerate(COUNTS.items()):
        values = np.concatenate([take(entry) for entry in nets.values()])
        ax.plot(at + np.linspace(-0.2, 0.2, len(values)), values, "o", color="0.7", ms=3)
        ax.plot(at, values.mean(), "D", color="C0", ms=6)
    ax.set_xticks(range(len(COUNTS)), [str(count) for count in COUNTS])
    ax.set(xlabel="classes of a net", title=title)
plt.show()

# %% tags=["hide-input"]
verdict("C46")
verdict("C61")

# %% [markdown]
# ## The luck of the best of twelve
#
# The AC-GAN paper reports the score of the best of its settings. Whoever chooses the best of many was also lucky (C62). Of the twelve small nets among which learning rates were chosen the one with the best score was taken, thirty times with other pictures, and its score measured again with fresh ones.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Left: scores of the twelve small nets after their short training, thirty times; the largest of each time is red. Right: the score that chose, and the score of the same net with other pictures.", "name": "fig-acgan-settings"}, "image": {"alt": "Two panels."}}
times = FOUND["luck"]["times"]
scores = np.array([of["scores"] for of in times])
fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), width_ratios=(1.6, 1), layout="constrained")
order = scores.mean(0).argsort()
for at, i in enumerate(order):
    left.plot([at] * len(scores), scores[:, i], "o", color="0.6", ms=2)
for of in times:
    left.plot(list(order).index(of["best"]), max(of["scores"]), "o", color="red", ms=3)
left.set(xlabel="nets, in the order of their mean", ylabel="score")
for of in times:
    right.plot([0, 1], [max(of["scores"]), of["other"]], "o-", color="0.6", ms=3, lw=0.7)
right.set_xticks([0, 1], ["that chose", "other pictures"])
right.set(ylabel="score", xlim=(-0.3, 1.3))
plt.show()

# %% tags=["hide-input"]
verdict("C62")

# %% tags=["hide-cell", "nbval-check-output"]
print("nets:", {group: len(states(group)) for group in ("A", "L", "H", "K2", "K5", "K1")})

# %% [markdown]
# ## Exercises
#
# **1.** $D$ is trained to name the class of $G$'s pictures rightly, not only that of photographs. What could go wrong with that, and what would happen if the second part of $L_C$ were left out for $D$?
#
# <details><summary>Solution</summary>
#
# $D$ and $G$ are both paid for agreement on made pictures, so they may agree on a sign that no photograph has: a corner pixel would do. Photographs hold against it only as far as the first part of $L_C$ and $L_S$ do. Without the second part $D$ learns classes from photographs alone, and $G$ has to draw what a photograph of the class has.
#
# </details>
#
# **2.** In the style figure a row keeps its wall in all classes. Nobody told $G$ which colour of wall a noise stands for. Why would it use the same for all classes, and when would it not?
#
# <details><summary>Solution</summary>
#
# The class enters beside the noise, and the first layer is linear: what a noise adds to the maps is the same for all classes, and what a class adds is the same for all noises. So style that is separate from the class costs nothing. A $G$ whose layers mix the two more, such as one with a table of noises for each class, need not do so; nothing in the losses asks for it.
#
# </details>
#
# ## Summary
