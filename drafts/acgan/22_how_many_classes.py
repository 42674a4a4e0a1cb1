# %% [markdown]
# # How many classes can one AC-GAN hold?
#
# **Question.** The AC-GAN paper trained a hundred nets of ten classes each for the thousand of ImageNet, since one net for many classes drew worse {cite}`odena2017acgan`. What does a class cost? And what steadies the training of a GAN: size, labels, classes that are alike?
#
# On top ten test photographs. Below, of each class the first picture by a small net of one class, of two, of five, of ten, each after as many steps ({glue:text}`splits.steps`; one class: {glue:text}`splits.steps_one`). Nothing is picked.

# %% tags=["parameters"]
# None: the profile's value

# %% tags=["set-up"]
import json

from ppgn_lib import metrics
from ppgn_lib.book import claims
from ppgn_lib.book.record import Kept, record
from ppgn_lib.data.files import locate
from ppgn_lib.data.tinted_fashion import ITEMS, TintedFashion
from ppgn_lib.metrics import Estimate, protocol

keep = Kept()
PICTURES, about = protocol.open_samples(locate("results/acgan.safetensors"))
FOUND = about["found"]
NUMBERS = json.loads(locate("results/acgan_numbers.json").read_text("utf-8"))
REAL = FOUND["photographs"]


def states(group):
    """Of each net of a group, by its name: what was found of its states, by steps."""
    nets = {}
    for key, entry in FOUND.items():
        name, _, steps = key.rpartition(".")
        if name.split(".")[0] == group and steps.isdigit():
            nets.setdefault(name, {})[int(steps)] = entry
    return {name: dict(sorted(of.items())) for name, of in sorted(nets.items())}


def after(group, steps):
    """The nets of a group after so many steps, by name."""
    return {name: of[steps] for name, of in states(group).items()}


def finished(group):
    """Those in the state that is taken."""
    return after(group, FOUND["lengths"]["ends"][group])


def verdict(claim):
    """Record what the claim's rule reads, and what it says."""
    for key in claims.rules()[claim].numbers.values():
        keep(key, Estimate(*NUMBERS["numbers"][key]))
    record(f"claim.{claim}", claims.decide(claim, keep))


def both(entry):
    """The mean of the shares that both judges name rightly, of each class of a net."""
    return np.array(entry["recognised"]).mean(1)


FEW = FOUND["lengths"]["ends"]["K2"]  # steps of all but the nets of one class
COUNTS = {
    1: finished("K1"),
    2: finished("K2"),
    5: finished("K5"),
    10: after("L", FEW),
}
LAST = max(max(of) for of in states("L").values())
LONG = after("L", LAST)
test = TintedFashion("test")


# %% tags=["hide-input"] mystnb={"figure": {"caption": "Ten test photographs, and the first picture of each class by small nets of one class, of two, of five, and of ten in the state that is taken of them.", "name": "fig-splits-samples"}, "image": {"alt": "Five rows of ten pictures."}}
def pictures(nets):
    """The first stored picture of each item by the first net that has it, (10, 3, 32, 32) in [-1, 1]."""
    found = {}
    for name, entry in nets.items():
        items = entry["nets"][0]["items"]
        steps = FOUND["lengths"]["ends"][name.split(".")[0]]
        shown = PICTURES[f"{name}.{steps}.shown"].float() / 127.5 - 1
        for item, x in zip(items, shown.unflatten(0, (len(items), -1)), strict=True):
            found.setdefault(item, x[0])
    return torch.stack([found[item] for item in ITEMS])


labels = test.labels()["item"]
index = [int((labels == c).nonzero()[0]) for c in range(len(ITEMS))]
rows = [test.batch(index).x, *(pictures(COUNTS[count]) for count in (1, 2, 5)), pictures(finished("L"))]
heads = ["photographs", "one class", "two", "five", "ten"]
figures.image_grid(torch.cat(rows), 10, rows=heads, cell=0.6)
plt.show()

# %% [markdown]
# TODO eye
#
# ## What a class costs
#
# All nets are *small*, as in [the chapter before](20_acgan.ipynb), with the same learning rates: ten nets of two classes (each class in two of them), two of five, four of ten, each after {glue:text}`splits.steps` steps of 64 pictures. So a net of two sees five times as many pictures of a class as a net of ten. Nets of one class, two a class, have no labels to learn and {glue:text}`splits.steps_one` steps. Kernel distance is by EfficientNet's features (0: photographs); *recognised* is the mean of two judges, evaluator and reader; *variety* is one less the mean MS-SSIM of pairs.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Small nets by the number of their classes: kernel distance to photographs, recognised, variety. A dot is a class in a net; diamond: the mean. Right of each panel: nets of ten after two and a half times the steps. Dashed: photographs.", "name": "fig-acgan-splits"}, "image": {"alt": "Three panels of dots."}}
PANELS = {
    "kernel distance": lambda entry: np.array(entry["kid_foreign"]),
    "recognised": both,
    "variety": lambda entry: np.array(entry["variety"]),
}
OF_PHOTOGRAPHS = {
    "kernel distance": 0.0,
    "recognised": float(both(REAL).mean()),
    "variety": float(np.mean(REAL["variety"])),
}
fig, axes = plt.subplots(1, 3, figsize=(10, 3.2), layout="constrained")
for ax, (title, take) in zip(axes, PANELS.items(), strict=True):
    for at, nets in enumerate([*COUNTS.values(), LONG]):
        values = np.concatenate([take(entry) for entry in nets.values()])
        places = at + np.linspace(-0.2, 0.2, len(values))
        ax.plot(places, values, "o", color="0.7", ms=3)
        ax.plot(at, values.mean(), "D", color="C0", ms=6)
    ax.axhline(OF_PHOTOGRAPHS[title], color="0.5", ls="--", lw=1)
    ax.set_xticks(range(5), [*map(str, COUNTS), "10, longer"])
    ax.set(xlabel="classes of a net", title=title)
plt.show()

# %% tags=["hide-input"]
verdict("C46")
record("splits.steps", FEW)
record("splits.steps_one", FOUND["lengths"]["ends"]["K1"])
record("splits.steps_last", LAST)
for count, nets in COUNTS.items():
    for key, take in (("recognised", both), ("kid", PANELS["kernel distance"])):
        values = np.concatenate([take(entry) for entry in nets.values()])
        record(f"splits.{key}_{count}", float(values.mean()))
for key, take in (("recognised", both), ("kid", PANELS["kernel distance"])):
    values = np.concatenate([take(entry) for entry in LONG.values()])
    record(f"splits.{key}_10_longer", float(values.mean()))

# %% [markdown]
# **C46 is {glue:text}`claim.C46`.** TODO
#
# ## What steadies the training
#
# The paper says three things (C61): more parameters help; a GAN without labels does not converge reliably, even on one class; and it makes no difference whether the classes of a net are alike. For the first, large and small nets of ten classes stand against each other. For the second, twenty nets of one class. For the third, the ten classes were put into pairs once so that the two of a pair are as alike as possible, once as different, by the kernel distances of training photographs.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Nets of two classes: kernel distance of a class over that of the same class in nets of ten, for pairs of classes that are alike and for pairs that are different; a dot is a class in a net, diamond: the mean of nets.", "name": "fig-splits-alike"}, "image": {"alt": "Two columns of dots."}}
of_ten = {}
for entry in COUNTS[10].values():
    for item, value in zip(entry["nets"][0]["items"], entry["kid_foreign"], strict=True):
        of_ten.setdefault(item, []).append(value)
pairs = list(COUNTS[2].items())
fig, ax = plt.subplots(figsize=(4.6, 3.2), layout="constrained")
for at, some in enumerate((pairs[:5], pairs[5:])):
    means = []
    for _, entry in some:
        items = entry["nets"][0]["items"]
        logs = [
            np.log(max(0.01, own) / max(0.01, np.mean(of_ten[item])))
            for item, own in zip(items, entry["kid_foreign"], strict=True)
        ]
        means.append(np.mean(logs))
        ax.plot([at - 0.1, at + 0.1], np.exp(logs), "o", color="0.6", ms=3)
    ax.plot(at, np.exp(np.mean(means)), "D", color="C0", ms=6)
ax.axhline(1, color="0.7", lw=1)
ax.set_xticks([0, 1], ["alike", "different"])
ax.set(xlim=(-0.5, 1.5), yscale="log", ylabel="kernel distance, over nets of ten")
plt.show()

# %% tags=["hide-input"]
verdict("C61")
figures.table(
    {
        " and ".join(entry["nets"][0]["items"]): {
            "kernel distance": " and ".join(f"{v:.2f}" for v in entry["kid_foreign"]),
            "recognised": " and ".join(f"{v:.2f}" for v in both(entry)),
        }
        for _, entry in pairs
    }
)

# %% [markdown]
# The first five pairs are those of like classes.
#
# **C61 is {glue:text}`claim.C61`.** TODO
#
# ## A GAN that drops modes
#
# If a net draws one kind of sandal only, is that sandal at least a good one? The AC-GAN paper says no: most classes with much variety are also recognised, most with little are not (C60). Here are all classes of all forty nets of this chapter and the one before.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "All nets that were judged, finished; a dot is a class in a net. Dashed: the least varied class of photographs, and half recognised; dotted: 0.8 of that variety, below which a case counts as little.", "name": "fig-acgan-cases"}, "image": {"alt": "A cloud of dots."}}
fig, ax = plt.subplots(figsize=(6.4, 4), layout="constrained")
GROUPS = {
    "A": ("ten, large", "C0o"),
    "L": ("ten, small", "C1^"),
    "K5": ("five", "C2s"),
    "K2": ("two", "C3D"),
    "K1": ("one", "C4v"),
}
for group, (title, style) in GROUPS.items():
    nets = finished(group).values()
    x = np.concatenate([entry["variety"] for entry in nets])
    y = np.concatenate([both(entry) for entry in nets])
    ax.plot(x, y, style, ms=4, alpha=0.7, label=title)
line = min(REAL["variety"])
ax.axvline(line, color="0.5", ls="--", lw=1)
ax.axvline(0.8 * line, color="0.5", ls=":", lw=1)
ax.axhline(0.5, color="0.5", ls="--", lw=1)
ax.set(xlabel="variety (1 − MS-SSIM)", ylabel="recognised", ylim=(0, 1))
ax.legend(fontsize=8)
plt.show()

# %% tags=["hide-input"]
verdict("C60")

# %% [markdown]
# **C60 is {glue:text}`claim.C60`.** TODO
#
# ### A collapse, provoked
#
# With a $D$ that learns ten times as fast as $G$ a training should break down. Does variety notice?

# %% tags=["hide-input"] mystnb={"figure": {"caption": "One small AC-GAN whose D learns ten times as fast as its G. Above: the same noise in each class after so many steps. Below: mean variety over classes; dashed: photographs.", "name": "fig-acgan-collapse"}, "image": {"alt": "Rows of pictures and a curve."}}
steps_of = FOUND["collapse"]["steps"]
x = PICTURES["collapse.shown"].float() / 127.5 - 1
at = np.linspace(0, len(steps_of) - 1, min(9, len(steps_of))).round().astype(int)
fig, (top, below) = plt.subplots(
    2, 1, figsize=(6, 5.2), height_ratios=(2.4, 1), layout="constrained"
)
after = [str(steps_of[i]) for i in at]
figures.image_grid(torch.cat(list(x[at])), 10, rows=after, ax=top)
below.plot(steps_of, np.mean(FOUND["collapse"]["variety"], 1), "o-", ms=3)
below.axhline(OF_PHOTOGRAPHS["variety"], color="0.4", ls="--", lw=1)
below.set(xlabel="steps", ylabel="variety", ylim=(0, None))
plt.show()

# %% [markdown]
# TODO collapse

# %% tags=["hide-cell", "nbval-check-output"]
print("nets:", {count: len(nets) for count, nets in COUNTS.items()})

# %% [markdown]
# ## Exercises
#
# **1.** A net of two classes sees five times as many pictures of a class as a net of ten. Is it then fair to say that ten classes are harder? Which row of the figure speaks to that, and which would decide it?
#
# <details><summary>Solution</summary>
#
# It is fair to say that a net of ten is worse at equal steps, which is how the paper trains them. Why is another question. Nets of ten after {glue:text}`splits.steps_last` steps have seen 29 thousand pictures of a class, nets of two after 1200 steps 38 thousand. If these are about as good, it was the number of pictures; if those of ten are still far worse, it is the number of classes that the same weights have to hold. The first folded cell below has both. To decide it one also needs nets of two that are trained as long as nets of ten, in case these go on to improve.
#
# </details>
#
# **2.** Variety is one less MS-SSIM over pairs of pictures of a class. Draw a set of pictures, in words, that has collapsed and that this number takes for varied.
#
# <details><summary>Solution</summary>
#
# Pure noise: each picture is new, and none shows anything. Or ten sandals, far from each other, each drawn fifty times: two pictures of a random pair are twice the same only one time in ten. The second folded cell measures both. That is why variety is shown beside recognition, and why precision and recall look at neighbours and not at pairs.
#
# </details>

# %% tags=["hide-cell"]
# Solution of exercise 1, run: about as many pictures of a class
for title, nets in (
    (f"ten classes, {LAST} steps", LONG),
    ("two classes, 1200 steps", after("K2", 1200)),
):
    of = {
        what: np.mean([take(entry).mean() for entry in nets.values()])
        for what, take in PANELS.items()
    }
    print(f"{title}: " + ", ".join(f"{what} {v:.2f}" for what, v in of.items()))

# %% tags=["hide-cell"]
# Solution of exercise 2, run: variety of noise, and of ten sandals fifty times each
sandals = test.batch((labels == ITEMS.index("sandal")).nonzero()[:500, 0]).x
noise = torch.rand(sandals.shape, generator=torch.Generator().manual_seed(0)) * 2 - 1
sets = {
    "500 sandals": sandals,
    "ten, fifty times each": sandals[:10].repeat(50, 1, 1, 1),
    "noise": noise,
}
for title, x in sets.items():
    pairs = metrics.pair_variety(x, torch.zeros(len(x), dtype=torch.long))
    print(f"{title}: {pairs[0].mean():.2f}")

# %% [markdown]
# ## Summary
