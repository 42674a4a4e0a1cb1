# %% [markdown]
# # One table for all
#
# **Question.** The paper ends with a table of four measures (its Table S3): photographs, its best sampler, and an AC-GAN. How does that table look here, by one protocol for all, with intervals, and with measures that the paper does not have?
#
# First the pictures. A hundred of each, ten of a class, nothing picked, so laid out that like is beside like. The AC-GAN is missing still: what we had trained drew a grid on its pictures, which was our networks' fault ([training log](../book/training_log.md)), and is trained anew.

# %% tags=["parameters"]
# None: the profile's value
side = None  # of the grids of pictures, a multiple of ten

# %% tags=["set-up"]
from ppgn_lib import metrics
from ppgn_lib.book.layout import on_a_grid
from ppgn_lib.book.record import record
from ppgn_lib.data.files import locate
from ppgn_lib.data.tinted_fashion import ITEMS, TintedFashion
from ppgn_lib.metrics import Estimate, protocol
from ppgn_lib.networks.zoo import load

G, evaluator = (
    load(name).to(settings.device) for name in ("generator", "evaluator")
)
judge = metrics.judge_with(evaluator, "item")
TABLE = protocol.open_samples(locate("results/table3.safetensors"))[1]["found"]
chains = {
    "DGN-AM": protocol.open_samples(locate("results/alternatives.safetensors"))[0][
        "dgn_am.ends"
    ],
    "Noiseless": protocol.open_samples(
        locate("results/noiseless_samples.safetensors")
    )[0]["random.codes"],
}


# %% tags=["hide-input"] mystnb={"figure": {"caption": "A hundred pictures each, ten of a class: test photographs, and ends of chains of DGN-AM and of Noiseless Joint PPGN-h. Places by t-SNE of the evaluator's features.", "name": "fig-evaluation-tsne"}, "image": {"alt": "Three square grids of small pictures. Photographs and Noiseless: clothes in order, shoes in one corner, trousers in another, tops between. DGN-AM: mostly blots."}}
def drawn(codes):
    """The first pictures of each class."""
    first = protocol.first_of(codes, per_class).float().to(settings.device)
    with torch.no_grad():
        return G(first).clamp(-1, 1).cpu()


per_class = settings.side**2 // len(ITEMS)
photographs = protocol.real_images(TintedFashion("test"), judge, per_class).x
sets = {"photographs": photographs}
sets |= {title: drawn(codes) for title, codes in chains.items()}
fig, axes = plt.subplots(1, 3, figsize=(12, 4.2), layout="constrained")
for ax, (title, x) in zip(axes, sets.items(), strict=True):
    features = metrics.judgement(judge, x).features
    order = torch.from_numpy(on_a_grid(features, settings.side))
    figures.image_grid(x[order], settings.side, title=title, ax=ax)
plt.show()

# %% tags=["hide-cell", "nbval-check-output"]
print("sets:", list(sets), "columns:", list(TABLE))

# %% [markdown]
# ## What is compared
#
# Two hundred pictures a class of each, nothing filtered, unless the table says fewer:
#
# - *Photographs*, twice: two sets of the test split that share no picture. How far the second is from the first is what chance alone does.
# - *DGN-AM*, *Joint PPGN-h* and *Noiseless Joint PPGN-h*: chains from random codes, each sampler at the setting that was chosen for it on validation images, by another judge.
# - *Noiseless at half size*: the same pictures shrunk to 16 pixels and enlarged again, as the paper does.
#
# Intervals are over pictures. There is one long training of $E$ and $G$ only, and no interval knows how another would have come out.
#
# ## The paper's four measures
#
# - *Accuracy*: the share that the evaluator names as asked. Since chains climb $E$, and the evaluator may err as $E$ does, there is a second judge that knows nothing of either: the *reader*, a linear classifier on EfficientNet's features, fitted to photographs (to shrunk ones where it is asked about such).
# - *Score*: $\exp$ of the mean divergence of $p(y \mid x)$ from $p(y)$, as the Inception score has it, mean of both judges. 1 if nothing is told, 10 at most.
# - *MS-SSIM*: how alike two pictures of a class are, mean over random pairs, in luminance. Lower is more varied.
# - *Varied classes*: of ten, how many are less alike than the least varied class of photographs.

# %% tags=["hide-input"]
COLUMNS = {  # key in the book's results: title, what the store calls it
    "real": ("photographs", "photographs"),
    "other_real": ("other photographs", "other_photographs"),
    "dgn_am": ("DGN-AM", "dgn_am"),
    "joint": ("Joint PPGN-h", "joint"),
    "noiseless": ("Noiseless", "noiseless"),
    "noiseless_resized": ("Noiseless at half size", "noiseless"),
}
MEASURES = {  # the same
    "accuracy": ("accuracy", "evaluator"),
    "reader": ("reader", "reader"),
    "score": ("score", "score"),
    "msssim": ("MS-SSIM", "msssim"),
    "diverse_classes": ("varied classes", "more_diverse"),
    "kid": ("kernel distance", "kid"),
    "kid_foreign": ("by EfficientNet", "kid_foreign"),
    "two_sample_accuracy": ("told apart", "two_sample_accuracy"),
    "precision": ("precision", "precision"),
    "recall": ("recall", "recall"),
    "coverage": ("coverage", "coverage"),
    "memorisation": ("in features", "memorisation"),
    "memorisation_pixels": ("in pixels", "memorisation_pixels"),
}


def column(name):
    """All measures of a set of pictures."""
    entry = TABLE[COLUMNS[name][1]]
    found = entry["half"] if name == "noiseless_resized" else entry
    diverse, of = found["more_diverse"]
    numbers = found["numbers"] | {"more_diverse": [diverse, diverse, diverse, of]}
    return {
        key: Estimate(*numbers[stored]) for key, (_, stored) in MEASURES.items()
    }


FOUND = {name: column(name) for name in COLUMNS}
for name, of in FOUND.items():
    for key, value in of.items():
        counted = key == "diverse_classes"
        record(f"table3.{name}.{key}", value.value if counted else value)


def part(*keys):
    """Some of the measures, a row for each set of pictures."""
    rows = {}
    for name, (title, stored) in COLUMNS.items():
        rows[title] = {"of a class": str(TABLE[stored]["per_class"])}
        for key in keys:
            value = FOUND[name][key]
            counted = key == "diverse_classes"
            rows[title][MEASURES[key][0]] = (
                f"{value.value}" if counted else str(value)
            )
    return figures.table(rows)


part("accuracy", "reader", "score", "msssim", "diverse_classes")

# %% [markdown]
# Beside it the paper's own, of ImageNet with a thousand classes:
#
# | | accuracy | score | MS-SSIM | varied classes |
# |---|---|---|---|---|
# | photographs, 256 pixels | 0.761 | 210.4 ± 4.6 | 0.10 ± 0.06 | 999 of 1000 |
# | AC-GAN, 128 | 0.101 | – | – | 847 |
# | Noiseless, 256 | 0.596 | 60.6 ± 1.6 | 0.23 ± 0.11 | 829 |
# | Noiseless shrunk to 128 | 0.548 | 47.7 ± 1.0 | 0.25 ± 0.11 | 770 |

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The four measures of the paper's table, the first three over those of photographs. Dots with intervals: here; crosses: in the paper.", "name": "fig-evaluation-columns"}, "image": {"alt": "Four panels with a row for each set. In accuracy and score Noiseless is at photographs' level here, and far below in the paper; at half size it falls in both. DGN-AM is far below in all but variety."}}
PAPER = {  # Nguyen et al., Table S3
    "real": (0.761, 210.4, 0.10, 0.999),
    "noiseless": (0.596, 60.6, 0.23, 0.829),
    "noiseless_resized": (0.548, 47.7, 0.25, 0.770),
}
fig, axes = plt.subplots(1, 4, figsize=(12, 2.6), sharey=True, layout="constrained")
four = ("accuracy", "score", "msssim", "diverse_classes")
for i, (ax, key) in enumerate(zip(axes, four, strict=True)):
    counted = key == "diverse_classes"
    for row, name in enumerate(COLUMNS):
        value, real = FOUND[name][key], FOUND["real"][key]
        if counted:
            ax.plot(value.value / len(ITEMS), row, "o", color="C0", ms=4)
        else:
            figures.interval(ax, row, metrics.ratio(value, real), color="C0", ms=4)
        if name in PAPER:
            of_real = 1 if counted else PAPER["real"][i]
            ax.plot(PAPER[name][i] / of_real, row + 0.25, "x", color="C3", ms=5)
    ax.axvline(1, color="0.7", lw=1)
    title = MEASURES[key][0]
    label = "share of varied classes" if counted else f"{title}, over photographs'"
    ax.set(xlabel=label, xlim=(0, None))
axes[0].set_yticks(range(len(COLUMNS)), [title for title, _ in COLUMNS.values()])
axes[0].invert_yaxis()
plt.show()

# %% tags=["hide-input"]
for key in ("accuracy", "score"):
    ratio = metrics.ratio(FOUND["noiseless"][key], FOUND["real"][key])
    record(f"table3.noiseless.{key}_over_real", ratio)

# %% [markdown]
# **Named as often as photographs.** The evaluator names {glue:text}`table3.noiseless.accuracy:.3f` of Noiseless and {glue:text}`table3.real.accuracy:.3f` of photographs, the reader {glue:text}`table3.noiseless.reader:.3f` and {glue:text}`table3.real.reader:.3f`. So the small lead is one by the judge that is like $E$; by the other there is none. In the paper samples are named clearly less often than photographs. Ten kinds of clothes are easier to draw than a thousand classes of ImageNet.
#
# **A little less sure and less varied.** The score is {glue:text}`table3.noiseless.score_over_real:.2f` of photographs'. Pairs of Noiseless are more alike (MS-SSIM {glue:text}`table3.noiseless.msssim:.2f`, photographs {glue:text}`table3.real.msssim:.2f` and {glue:text}`table3.other_real.msssim:.2f`), and {glue:text}`table3.noiseless.diverse_classes:.0f` of ten classes are varied. DGN-AM has all ten, because pictures of nothing vary ({glue:text}`table3.dgn_am.accuracy:.0%` are named as asked): this column means little without the first.
#
# **Shrinking** costs {glue:text}`table3.noiseless_resized.accuracy:.2f` in place of {glue:text}`table3.noiseless.accuracy:.2f` by the evaluator, which never saw a blurred picture, and little by the reader that knows that size ({glue:text}`table3.noiseless_resized.reader:.3f` in place of {glue:text}`table3.noiseless.reader:.3f`).
#
# The claim that this table is about (C40) is not decided yet: it needs the AC-GAN.
#
# ## What the four do not see
#
# A set that is recognised and varied may still be far from photographs. So:
#
# - *Kernel distance* to photographs of the class, by the evaluator's features and by EfficientNet's; about 0 for other photographs. Lower is better.
# - *Told apart*: how often a small network that was trained for nothing else tells a picture from a photograph. One half is guessing.
# - *Precision*: pictures that lie among photographs. *Recall*: photographs that lie among pictures. *Coverage*: photographs that have a picture near. All three by five neighbours in the evaluator's features.

# %% tags=["hide-input"]
part("kid", "kid_foreign", "two_sample_accuracy", "precision", "recall", "coverage")

# %% [markdown]
# Here is the difference that the four measures hide. By both kinds of features Noiseless is far from photographs ({glue:text}`table3.noiseless.kid:.2f` and {glue:text}`table3.noiseless.kid_foreign:.2f`; photographs {glue:text}`table3.real.kid:.2f` and {glue:text}`table3.real.kid_foreign:.2f`), and {glue:text}`table3.noiseless.two_sample_accuracy:.0%` are told apart. Nearly each picture lies among photographs (precision {glue:text}`table3.noiseless.precision:.2f`), but not each photograph lies among pictures (recall {glue:text}`table3.noiseless.recall:.2f`, of other photographs {glue:text}`table3.other_real.recall:.2f`): some kinds of clothes are drawn too seldom, as [A thousand samples](19_a_thousand_samples.ipynb) shows.
#
# Fewer pictures give a lower coverage, and a network that learns from fewer tells fewer apart. So these two columns of DGN-AM and Joint, which have {glue:text}`table3.dgn_am.pictures:.0f` and {glue:text}`table3.joint.pictures:.0f` pictures a class, are not to be compared with the others. Kernel distance does not depend on the number: by it Joint is no farther from photographs than Noiseless ({glue:text}`table3.joint.kid:.2f`, {glue:text}`table3.joint.kid_foreign:.2f`).

# %% tags=["hide-input"]
for name in ("dgn_am", "joint"):
    record(f"table3.{name}.pictures", TABLE[name]["per_class"])

# %% [markdown]
# ## Copies?
#
# A model that hands out its training photographs would win all these columns. So one measure more, *memorisation*: the mean distance from a picture to the nearest training photograph of its class, over the same distance of test photographs, which nobody was trained on. 1: no nearer than they are; 0: copies. Once in the evaluator's features, once in pixels (normalised luminance, mirrored or not, and with its brightness turned round or not, whichever is nearest).

# %% tags=["hide-input"]
part("memorisation", "memorisation_pixels")

# %% [markdown]
# The pictures of Noiseless are farther from the nearest training photograph than test photographs are, {glue:text}`table3.noiseless.memorisation:.2f` times in features and {glue:text}`table3.noiseless.memorisation_pixels:.2f` times in pixels. They are no copies. A large number is no merit, either: what shows nothing is far from everything (DGN-AM, {glue:text}`table3.dgn_am.memorisation:.1f`).
#
# ## Exercises
#
# **1.** The second row has photographs, too. In which columns would a paper call them better or worse than those of the first row? What does that say of small differences elsewhere in the table?
#
# <details><summary>Solution</summary>
#
# In MS-SSIM the two intervals do not even meet ({glue:text}`table3.real.msssim:.3f` and {glue:text}`table3.other_real.msssim:.3f`), though both sets are drawn from the same photographs. Chance alone does that about three times in a thousand; but there are thirteen columns, and in the other twelve the two rows agree. So in each column the distance of these two rows is the least that a difference should have before anybody speaks of it. That is why the table has photographs twice.
#
# </details>
#
# **2.** A model draws each class's most typical photograph, over and over. Go through the columns: where does it win, where does it lose? Then take a model that copies two hundred different training photographs of each class.
#
# <details><summary>Solution</summary>
#
# The first wins accuracy, score and precision. It loses MS-SSIM (1: all alike), varied classes, recall and coverage, kernel distance, and it is told apart at once. The second wins all columns but memorisation, where it has 0 and test photographs have 1.
#
# </details>
#
# ## Summary
#
# - By the evaluator Noiseless is named in {glue:text}`table3.noiseless.accuracy:.2f` as asked, photographs in {glue:text}`table3.real.accuracy:.2f`; by a judge that knows nothing of $E$ in {glue:text}`table3.noiseless.reader:.2f` and {glue:text}`table3.real.reader:.2f`.
# - It is less varied, its kernel distance to photographs is clear, and {glue:text}`table3.noiseless.two_sample_accuracy:.0%` of it are told apart from photographs. It does not copy.
# - One pair of $E$ and $G$. AC-GAN's row is to come.
