# %% [markdown]
# # AC-GAN: a generator that is told the class
#
# **Question.** In a PPGN no network that draws knows of classes; a classifier steers from outside, step by step. An AC-GAN {cite}`odena2017acgan` is taught classes together with drawing, and draws in one pass. What do its pictures look like, and does what its paper says of them hold here?
#
# On top ten test photographs, below what four AC-GANs draw that differ in their seeds only: of each class the first two pictures. Nothing is picked.

# %% tags=["parameters"]
# None: the profile's value
drawn = None  # pictures that are drawn while one waits, a multiple of ten

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
TABLE = protocol.open_samples(locate("results/table3.safetensors"))[1]["found"]
NUMBERS = json.loads(locate("results/acgan_numbers.json").read_text("utf-8"))
REAL, OURS = FOUND["photographs"], TABLE["noiseless"]


def states(group):
    """Of each net of a group, by its name: what was found of its states, by steps."""
    nets = {}
    for key, entry in FOUND.items():
        name, _, steps = key.rpartition(".")
        if name.split(".")[0] == group and steps.isdigit():
            nets.setdefault(name, {})[int(steps)] = entry
    return {name: dict(sorted(of.items())) for name, of in sorted(nets.items())}


LARGE, SMALL, HALF = states("A"), states("L"), states("H")
END, SMALL_END = (FOUND["lengths"]["ends"][group] for group in "AL")  # steps
BOTH = {
    "large": {name: of[END] for name, of in LARGE.items()},
    "small": {name: of[SMALL_END] for name, of in SMALL.items()},
}
EIGHT = BOTH["large"] | BOTH["small"]


def verdict(claim):
    """Record what the claim's rule reads, and what it says."""
    for key in claims.rules()[claim].numbers.values():
        keep(key, Estimate(*NUMBERS["numbers"][key]))
    record(f"claim.{claim}", claims.decide(claim, keep))


def named(entry, key="recognised"):
    """The shares of each class that the evaluator and the reader name rightly, (10, 2)."""
    return np.array(entry[key])


def over(nets, take):
    """Mean over trainings of a number of each, with Student's interval."""
    return metrics.by_student(np.array([take(entry) for entry in nets]))


def stored_pictures(key, per_class):
    """The first of each class, (10, per_class, 3, 32, 32) in [-1, 1]."""
    x = PICTURES[key].float() / 127.5 - 1
    return x.unflatten(0, (len(ITEMS), -1))[:, :per_class]


# %% tags=["hide-input"] mystnb={"figure": {"caption": "Ten test photographs, and the first two pictures of each class by four AC-GANs of different seeds.", "name": "fig-acgan-samples"}, "image": {"alt": "Nine rows of ten pictures."}}
test = TintedFashion("test")
labels = test.labels()["item"]
index = [int((labels == c).nonzero()[0]) for c in range(len(ITEMS))]
rows = [test.batch(index).x]
for name in LARGE:
    rows += list(stored_pictures(f"{name}.{END}.shown", 2).transpose(0, 1))
seeds = [f"seed {name[2:]}" if i == 0 else "" for name in LARGE for i in range(2)]
figures.image_grid(torch.cat(rows), 10, rows=["photographs", *seeds], cell=0.6)
plt.show()

# %% [markdown]
# TODO eye (written for nets with a grid, look anew)
#
# ## Two losses
#
# $G$ gets noise and a class, $x = G(z, c)$. $D$ has two answers: $P(S \mid x)$, whether a picture is real or made, and $P(C \mid x)$, of which class it is. With
#
# $$L_S = \mathbb{E}[\log P(S = \text{real} \mid x_\text{real})] + \mathbb{E}[\log P(S = \text{made} \mid x_\text{made})]$$ (eq-acgan-source)
#
# $$L_C = \mathbb{E}[\log P(C = c \mid x_\text{real})] + \mathbb{E}[\log P(C = c \mid x_\text{made})]$$ (eq-acgan-class)
#
# $D$ is trained to make $L_S + L_C$ large, $G$ to make $L_C - L_S$ large. So both want the class to be seen, and they quarrel about $S$ only. In `ppgn_lib/training/acgan.py`, of which these are the lines, `source` is $-L_S$, `real + fake` is $-L_C$, and `gan_loss` is $-\log P(S = \text{real} \mid x_\text{made})$, a form of $G$'s part of $L_S$ that does not vanish while $D$ is sure:
#
# ```python
# of_real, of_made = self.d(x), self.d(made)
# source = d_loss(of_real[0], of_made[0], self.settings.real_label)
# real, fake = F.cross_entropy(of_real[1].float(), y), F.cross_entropy(of_made[1].float(), asked)
# ...
# losses = {"g": gan_loss(source), "g_class": F.cross_entropy(classes.float(), asked)}
# ```
#
# The trained $G$ is a network of the library like the others. No chain, no gradient: one pass. The classes from left to right are t-shirt, trousers, pullover, dress, coat, sandal, shirt, sneaker, bag and ankle boot.

# %%
G = load("acgan").to(settings.device)
z = torch.randn(settings.drawn, G.noise, generator=torch.Generator().manual_seed(0))
y = torch.arange(settings.drawn) % len(ITEMS)
with torch.no_grad():
    x = G(z.to(settings.device), y.to(settings.device)).cpu()
figures.image_grid(x, 10, cell=0.6)
plt.show()

# %% tags=["hide-cell", "nbval-check-output"]
print(
    "noise:", G.noise, "classes:", G.classes, "finite:", x.isfinite().all().item()
)

# %% [markdown]
# ## How long to train
#
# A weak rival proves nothing, so first: does more training help? *Large* nets have {glue:text}`acgan.parameters:,.0f` weights in $G$, *small* ones half as many channels; four trainings each. Learning rates and the number of steps are chosen by the selector on validation photographs, as the settings of our samplers are: twelve pairs of rates for the small nets, four for the large ones, and the best state of each form. Three plans before this one were bad ones: the first drew blots, the other two a grid ([training log](../book/training_log.md)). Nets of the second had been judged before that was found; no rule was changed but for networks, steps and rates.


# %% tags=["hide-input"] mystnb={"figure": {"caption": "Over training, a line for each net: the share that the evaluator names as asked, and the kernel distance to photographs by EfficientNet; three hundred pictures a class. Dashed: test photographs. Rings: the state that was chosen, of which the rest of the chapter is.", "name": "fig-acgan-training"}, "image": {"alt": "TODO"}}
def accuracy(entry):
    """The evaluator's, mean over classes."""
    return float(named(entry)[:, 0].mean())


def distance(entry):
    """Kernel distance by EfficientNet, mean over classes."""
    return float(np.mean(entry["kid_foreign"]))


fig, axes = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
for title, nets, style, end in (
    ("large", LARGE, "C0o-", END),
    ("small", SMALL, "C1s--", SMALL_END),
):
    for i, of in enumerate(nets.values()):
        for ax, take in zip(axes, (accuracy, distance), strict=True):
            label = None if i else title
            ax.plot(list(of), [take(e) for e in of.values()], style, ms=3, lw=1, label=label)
            ax.plot(end, take(of[end]), style[:2] + "o", ms=7, mfc="none")
axes[0].axhline(accuracy(REAL), color="0.4", ls="--", lw=1)
axes[1].axhline(0, color="0.4", ls="--", lw=1)
axes[0].set(xscale="log", xlabel="steps", ylabel="named as asked", ylim=(0, 1))
axes[1].set(xscale="log", xlabel="steps", ylabel="kernel distance")
axes[0].legend()
plt.show()

# %% tags=["hide-input"]
gain = "acgan.recognised_gain_of_last_doubling"
keep(gain, Estimate(*NUMBERS["numbers"][gain]))
record("acgan.steps", END)
record("acgan.steps_small", SMALL_END)
LAST = max(next(iter(LARGE.values())))
record("acgan.last", LAST)
record("acgan.half_way", LAST // 2)
record("acgan.parameters", sum(p.numel() for p in G.parameters()))
record("acgan.accuracy", over(BOTH["large"].values(), accuracy))
record("acgan.accuracy_small", over(BOTH["small"].values(), accuracy))
for word, steps in (("half_way", LAST // 2), ("last", LAST)):
    record(
        f"acgan.accuracy_{word}", over((of[steps] for of in LARGE.values()), accuracy)
    )
record("acgan.accuracy_photographs", accuracy(REAL))
record(
    "acgan.reader", over(BOTH["large"].values(), lambda e: named(e)[:, 1].mean())
)
record("acgan.reader_photographs", named(REAL)[:, 1].mean().item())

# %% [markdown]
# TODO training
#
# ## Does detail help to name a picture?
#
# The AC-GAN paper shrinks its pictures, enlarges them again and asks a classifier. Pictures of 128 pixels are named more often than the same at 32; so, says the paper, the larger ones hold more (C41). But a classifier that never saw a blurred picture may fail for that alone. So there are two judges: the evaluator, which never saw one, and the *reader*, a linear classifier on EfficientNet's features that was fitted to photographs of the very size it is asked about.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Left: named as asked by the evaluator, shrunk to so many pixels and enlarged again; thick: mean over four trainings, thin: each. Right: by how much the share falls when pictures are shrunk to 16 pixels, class by class, by the reader that knows the size: mean over eight trainings with interval, and photographs.", "name": "fig-acgan-resolution"}, "image": {"alt": "Curves that fall to the left; a row of dots for each class."}}
fig, (left, right) = plt.subplots(
    1, 2, figsize=(10, 3.6), width_ratios=(1.2, 1), layout="constrained"
)


def curve(entry):
    """Sizes, and the evaluator's share at each."""
    sizes = sorted(int(size) for size in entry["curve"])
    return sizes, [float(np.mean(entry["curve"][str(size)])) for size in sizes]


for (title, nets), colour in zip(BOTH.items(), ("C0", "C1"), strict=True):
    lines = [curve(entry) for entry in nets.values()]
    for sizes, shares in lines:
        left.plot(sizes, shares, color=colour, lw=0.6, alpha=0.6)
    mean = np.mean([shares for _, shares in lines], 0)
    left.plot(lines[0][0], mean, "o-", color=colour, ms=4, label=title)
if HALF:
    shrunk = [float(named(of[max(of)])[:, 0].mean()) for of in HALF.values()]
    left.plot([16] * len(shrunk), shrunk, "D", color="C2", ms=4, label="half nets")
left.plot(*curve(REAL), "o--", color="0.3", ms=4, label="photographs")
left.set(xlabel="pixels a side", ylabel="named as asked", ylim=(0, 1))
left.legend(fontsize=8)


def fall(entry, judge):
    """By how much the share that a judge names falls by shrinking, (10,)."""
    return (named(entry) - named(entry, "recognised_half"))[:, judge]


falls = np.array([fall(entry, 1) for entry in EIGHT.values()])
for c in range(len(ITEMS)):
    figures.interval(right, c, metrics.by_student(falls[:, c]), color="C0", ms=4)
right.plot(fall(REAL, 1), range(10), "D", color="0.3", ms=4)
right.axvline(0, color="0.7", lw=1)
right.set_yticks(range(10), ITEMS, fontsize=8)
right.invert_yaxis()
right.set(xlabel="fall of the reader's share")
plt.show()

# %% tags=["hide-input"]
verdict("C41")


def sizes_of(nets):
    """What the judges say of pictures as they are and shrunk, mean over nets or of one set."""
    return {
        f"{judge}, {size}": str(
            over(nets, lambda e, i=i, key=key: named(e, key)[:, i].mean())
        )
        for i, judge in enumerate(("evaluator", "reader"))
        for key, size in (("recognised", "32"), ("recognised_half", "16"))
    }


def plain(shares):
    """Of one set of pictures."""
    keys = ("evaluator, 32", "evaluator, 16", "reader, 32", "reader, 16")
    return {key: f"{share:.3f}" for key, share in zip(keys, shares, strict=True)}


ours = [OURS["numbers"], OURS["half"]["numbers"]]
figures.table(
    {
        "photographs": plain(
            named(REAL, key)[:, i].mean()
            for i in (0, 1)
            for key in ("recognised", "recognised_half")
        ),
        **{title: sizes_of(nets.values()) for title, nets in BOTH.items()},
        "Noiseless": plain(
            of[judge][0] for judge in ("evaluator", "reader") for of in ours
        ),
    }
)

# %% [markdown]
# **C41 is {glue:text}`claim.C41`.** TODO
#
# Does a net that is *trained* at half the size do as well there? Four have the layers of the large ones on maps half as wide (C49): the diamonds on the left, after as many steps as the large ones have at half of their training.

# %% tags=["hide-input"]
verdict("C49")

# %% [markdown]
# **C49 is {glue:text}`claim.C49`.** TODO
#
# ## Variety within a class
#
# MS-SSIM says how alike two pictures are. One less its mean over random pairs of a class says how much the class varies. The AC-GAN paper compares each class with the least varied class of photographs (C42). Here only pictures count that the evaluator takes for their class, for pictures of nothing vary, too. MS-SSIM is of luminance, since colours are drawn by lot, and the brightness of one of the two may be turned round; else one outline, bright or dark on its wall, would pass for variety.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Variety of accepted pictures of each class: photographs, large and small AC-GANs (a dot for each training), and Noiseless Joint PPGN-h. Dashed: the least varied class of photographs.", "name": "fig-acgan-diversity"}, "image": {"alt": "Ten rows of dots."}}
fig, ax = plt.subplots(figsize=(7, 4), layout="constrained")
for title, entries, style in (
    ("photographs", [REAL], "kD"),
    ("large", BOTH["large"].values(), "C0o"),
    ("small", BOTH["small"].values(), "C1^"),
    ("Noiseless", [OURS], "C3s"),
):
    for i, entry in enumerate(entries):
        label = None if i else title
        ax.plot(entry["variety_accepted"], range(10), style, ms=4, label=label)
ax.axvline(min(REAL["variety_accepted"]), color="0.5", ls="--", lw=1)
ax.set_yticks(range(10), ITEMS, fontsize=8)
ax.invert_yaxis()
ax.set(xlabel="variety (1 − MS-SSIM)")
ax.legend(fontsize=8)
plt.show()

# %% tags=["hide-input"]
verdict("C42")
VARIETIES = {
    "accepted": "variety_accepted",
    "accepted, half size": "variety_accepted_half",
    "brightness not turned": "plain_accepted",
    "as in the paper": "rgb",
}


def more_varied(entry, key):
    """Classes that vary more than the least varied one of photographs."""
    return sum(v > min(REAL[key]) for v in entry[key])


def as_varied(entry):
    """Classes whose accepted pictures vary at least as much as photographs of that very class."""
    return sum(
        a >= b
        for a, b in zip(
            entry["variety_accepted"], REAL["variety_accepted"], strict=True
        )
    )


def range_of(counts):
    """The least and the most of some counts."""
    return (
        f"{min(counts)} to {max(counts)}"
        if len(set(counts)) > 1
        else f"{counts[0]}"
    )


figures.table(
    {
        title: {
            **{
                what: range_of([more_varied(entry, key) for entry in entries])
                for what, key in VARIETIES.items()
            },
            "as photographs of the class": range_of(
                [as_varied(e) for e in entries]
            ),
        }
        for title, entries in (
            *((title, list(nets.values())) for title, nets in BOTH.items()),
            ("Noiseless", [OURS]),
        )
    }
)

# %% [markdown]
# The table counts classes, of ten, that vary more than the least varied class of photographs, from the training with the fewest to that with the most: accepted pictures; the same shrunk to half, where speckles are gone; brightness not turned round; all pictures in RGB, as the paper has it. The last column compares each class with photographs of that very class.
#
# **C42 is {glue:text}`claim.C42`.** TODO
#
# ## Are classes that vary little recognised less?
#
# One could think that a GAN buys recognisable pictures with variety: a single perfect shirt for all. The AC-GAN paper finds the reverse (C43): over its classes accuracy falls as MS-SSIM rises. Some clothes are alike, or hard to name, on photographs already; so both numbers are taken less those of photographs of the class.


# %% tags=["hide-input"] mystnb={"figure": {"caption": "Each class of each of eight AC-GANs: how much more alike its pictures are than photographs of the class, and how many more of them are recognised, both judges together. One large training is joined up.", "name": "fig-acgan-accuracy-diversity"}, "image": {"alt": "A cloud of dots."}}
def both(entry):
    """The mean of the shares that both judges name rightly, (10,)."""
    return named(entry).mean(1)


fig, ax = plt.subplots(figsize=(6.4, 4), layout="constrained")
for (title, nets), style in zip(BOTH.items(), ("C0o", "C1^"), strict=True):
    for i, entry in enumerate(nets.values()):
        alike = np.array(REAL["variety"]) - np.array(entry["variety_most"])
        label = None if i else title
        ax.plot(
            alike, both(entry) - both(REAL), style, ms=4, alpha=0.7, label=label
        )
means = [
    np.mean(
        [np.array(REAL["variety"]) - e["variety_most"] for e in EIGHT.values()], 0
    ),
    np.mean([both(e) - both(REAL) for e in EIGHT.values()], 0),
]
for c, item in enumerate(ITEMS):
    ax.annotate(item, (means[0][c], means[1][c]), fontsize=7, ha="center")
ax.axhline(0, color="0.7", lw=1)
ax.axvline(0, color="0.7", lw=1)
ax.set(
    xlabel="MS-SSIM less that of photographs",
    ylabel="recognised less photographs",
)
ax.legend(fontsize=8)
plt.show()

# %% tags=["hide-input"]
verdict("C43")

# %% [markdown]
# **C43 is {glue:text}`claim.C43`.** TODO
#
# ## Does it copy, does it jump?
#
# A $G$ that had learned its photographs by heart would draw them again, and between two noises it would jump from one to the next. The AC-GAN paper shows nearest neighbours and ways between noises, and sees neither (C44). By L1 in RGB, as the paper takes it, the nearest photograph is mostly one of the same colours. So here each photograph stands in normalised luminance, brighter and darker than its wall, mirrored or not. The question is whether the nearest is one that $G$ was trained with more often than by chance: {glue:text}`acgan.share_trained:.0%` of all photographs were.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Above: the first picture of each class by the first large AC-GAN; the nearest photograph by normalised luminance; the nearest by RGB, among the training photographs in the colours of the first epoch. Below: ways between two noises, of each training the one with the longest step, every fourth picture.", "name": "fig-acgan-neighbours"}, "image": {"alt": "Three rows of ten pictures, and eight rows of nine that change from left to right."}}
first = next(iter(LARGE))
copies = FOUND[f"{first}.copies"]["items"]
splits = {split: TintedFashion(split) for split in ("train", "validation", "test")}


def photograph(split, number):
    """One by its number in its split."""
    return splits[split].batch([number], seed=1).x


x = torch.cat(
    [
        stored_pictures(f"{first}.{END}.shown", 1)[:, 0],
        *(photograph(*of["first"][0]) for of in copies),
        *(photograph("train", of["first_rgb"][0]) for of in copies),
    ]
)
fig, (top, below) = plt.subplots(
    2, 1, figsize=(6, 6), height_ratios=(1, 2.7), layout="constrained"
)
figures.image_grid(x, 10, rows=["drawn", "luminance", "RGB"], ax=top)
ways = [PICTURES[f"{name}.ways.ways"][0].float() / 127.5 - 1 for name in EIGHT]
kinds = [f"{title} {name[2:]}" for title, nets in BOTH.items() for name in nets]
figures.image_grid(torch.cat(ways), len(ways[0]), rows=kinds, ax=below)
plt.show()

# %% tags=["hide-input"]
verdict("C44")
marks = FOUND["photographs.copies"]["items"]
record("acgan.copies_found_itself", float(np.mean([of["itself"] for of in marks])))
record("acgan.share_trained", float(np.mean([of["chance"] for of in marks])))
taken = [
    [of["trained"] for of in FOUND[f"{name}.copies"]["items"]] for name in EIGHT
]
record("acgan.nearest_trained", metrics.by_student(np.mean(taken, 1)))

# %% [markdown]
# **C44 is {glue:text}`claim.C44`.** TODO
#
# ## One noise, all classes
#
# If $G$ has split a picture into class and style, the same $z$ gives the same style in every class (C45). Style is here what a picture has that is not its item and that a judge can name: its colour and that of its wall.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "A row is one noise in all classes: two noises of each of the eight trainings.", "name": "fig-acgan-style"}, "image": {"alt": "Sixteen rows of ten pictures."}}
x = torch.cat(
    [PICTURES[f"{name}.style.style"].float() / 127.5 - 1 for name in EIGHT]
)
rows = [kind if i == 0 else "" for kind in kinds for i in range(2)]
figures.image_grid(x, 10, rows=rows, cell=0.5)
plt.show()

# %% tags=["hide-input"]
verdict("C45")


def styles(nets, head, what):
    """A share of each training, mean with interval."""
    return str(
        over([FOUND[f"{name}.style"] for name in nets], lambda of: of[head][what])
    )


figures.table(
    {
        title: {
            **{
                f"{colour}, {how}": styles(nets, head, key)
                for head, colour in (("background", "wall"), ("colour", "item"))
                for key, how in (("same", "same noise"), ("chance", "other noise"))
            },
        }
        for title, nets in BOTH.items()
    }
)

# %% [markdown]
# The table has how often two classes agree in the colour of the wall and of the item, for one noise and for two.
#
# **C45 is {glue:text}`claim.C45`.** TODO
#
# ## The luck of the best of twelve
#
# The AC-GAN paper reports the score of the best of its settings. Whoever chooses the best of many was also lucky (C62). Here the twelve small nets stand, among which learning rates were chosen. Thirty times each drew five hundred pictures, the net with the best score by the selector was chosen, and its score was measured again with five hundred others.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Left: scores of the twelve small nets after their short training, thirty times; the largest of each time is red. Right: the score that chose, and the score of the same net with other pictures.", "name": "fig-acgan-settings"}, "image": {"alt": "Two panels."}}
times = FOUND["luck"]["times"]
scores = np.array([of["scores"] for of in times])
fig, (left, right) = plt.subplots(
    1, 2, figsize=(9, 3.2), width_ratios=(1.6, 1), layout="constrained"
)
places = scores.mean(0).argsort().argsort()  # of each net in the order of the means
for at, net in zip(places, scores.T, strict=True):
    left.plot([at] * len(net), net, "o", color="0.6", ms=2)
for of in times:
    left.plot(places[of["best"]], max(of["scores"]), "o", color="red", ms=3)
    right.plot(
        [0, 1], [max(of["scores"]), of["other"]], "o-", color="0.6", ms=3, lw=0.7
    )
left.set(xlabel="nets, in the order of their mean", ylabel="score")
right.set_xticks([0, 1], ["that chose", "other pictures"])
right.set(ylabel="score", xlim=(-0.3, 1.3))
plt.show()

# %% tags=["hide-input"]
verdict("C62")

# %% [markdown]
# **C62 is {glue:text}`claim.C62`.** TODO

# %% tags=["hide-cell", "nbval-check-output"]
print("nets:", list(EIGHT), "pictures:", len(x))

# %% [markdown]
# ## Exercises
#
# **1.** $D$ is trained to name the class of $G$'s pictures rightly, not only that of photographs. What could go wrong with that, and what would change if the second part of $L_C$ were left out for $D$?
#
# <details><summary>Solution</summary>
#
# $D$ and $G$ are both paid for agreement on made pictures, so they may agree on a sign that no photograph has: one odd pixel would do. The first folded cell below asks $D$. Only the first part of $L_C$ and $L_S$ hold against it. Without the second part $D$ learns classes from photographs alone, and $G$ has to draw what a photograph of the class has.
#
# </details>
#
# **2.** In the figure of styles a row mostly keeps its wall. Nobody told $G$ which wall a noise stands for. Why would it use the same for all classes, and when would it not?
#
# <details><summary>Solution</summary>
#
# The class enters beside the noise, and the first layer is linear: what a noise adds to its maps is the same for all classes, and what a class adds is the same for all noises. So style that is separate from class comes for free. A $G$ that mixes the two from the start, say with a table of noises for each class, need not do so; nothing in the losses asks for it. The second folded cell takes the layers apart.
#
# </details>

# %% tags=["hide-cell"]
# Solution of exercise 1, run: one picture a class, and what D says of both sides of the quarrel
D = load("acgan_discriminator").to(settings.device)
of = TintedFashion("test").batch(range(100))
source, names = D(of.x.to(settings.device))
made_source, made_names = D(x[:100].to(settings.device))
right = [
    float((n.argmax(1).cpu() == c).double().mean())
    for n, c in ((names, of.labels["item"]), (made_names, y[:100]))
]
print(f"D names {right[0]:.2f} of photographs as labelled, {right[1]:.2f} of G's pictures as asked")

# %% tags=["hide-cell"]
# Solution of exercise 2, run: the first layer adds what the noise gives and what the class gives
def first_layer(z, c):
    """What the first layer makes of one noise and a class, before its ReLU."""
    of_class = torch.nn.functional.one_hot(torch.tensor(c), G.classes)
    return G.first(torch.cat([z, of_class.to(z)]))


a, b = z[:2].to(settings.device)
apart = [first_layer(noise, 3) - first_layer(noise, 7) for noise in (a, b)]
same = torch.allclose(*apart, atol=1e-4)
print("dress less sneaker is the same for two noises:", same)

# %% [markdown]
# ## Summary
