# %% [markdown]
# # Captions
#
# **Question.** A classifier knows the names of ten things. A captioner writes whole sentences. Put it in the classifier's place: does the sampler draw what a sentence says, although $G$ was never shown a word?
#
# Each pair of pictures below was asked for by two sentences that differ in the colour of the item only. The two chains of a pair start at the same random code. No network was trained for this: $E$ and $G$ are those of the other chapters, and only the condition is another one. Nothing is picked: the first caption of each item, and its first start.

# %% tags=["parameters"]
# None: the profile's value
steps = None  # updates of the chains that run while one waits
starts = None  # chains of a caption, of those
photographs = None  # that the captioner describes
widgets = None  # True: a box for a sentence of your own, where a kernel runs

# %% tags=["set-up"]
import textwrap

from IPython.display import display

from ppgn_lib import Eps, chain, metrics, variants
from ppgn_lib.book import claims
from ppgn_lib.book.record import Kept, record
from ppgn_lib.book.widgets import text as text_box
from ppgn_lib.data.captions import SPECIAL, captions, vocabulary
from ppgn_lib.data.files import locate
from ppgn_lib.data.tinted_fashion import COLOURS, ITEMS, TintedFashion
from ppgn_lib.experts.captions import caption
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal
from ppgn_lib.training.captioner import right_captions

keep = Kept("captions.")
stored, about = protocol.open_samples(locate("results/captions.safetensors"))
FOUND = about["found"]


# %% tags=["hide-input"] mystnb={"figure": {"caption": "Ten captions and the first picture of each (left of a pair), and of the same caption with another colour (right). One caption of each item; neither captions nor starts are picked.", "name": "fig-captions-twins"}, "image": {"alt": "Ten pairs of drawn clothes"}}
def pictures(name):
    """The stored pictures of a set, in [-1, 1]."""
    return stored[name].float() / 127.5 - 1


a_caption = len(FOUND["captions"]["texts"]) // 10  # captions of an item
fig, axes = plt.subplots(2, 5, figsize=(9, 4.4), layout="constrained")
for c, ax in enumerate(axes.flat):
    i = c * a_caption
    figures.image_grid(
        torch.stack(
            [pictures(f"{name}.first")[i] for name in ("captions", "twins")]
        ),
        2,
        ax=ax,
    )
    twin = COLOURS[FOUND["twins"]["labels"][i][1]]
    text = f"{FOUND['captions']['texts'][i]} … {twin}"
    ax.set_title("\n".join(textwrap.wrap(text, 26)), fontsize=8)
plt.show()

# %% [markdown]
# ## A captioner
#
# The paper takes LRCN {cite}`donahue2015lrcn`: a convnet that was trained to classify looks at the picture, two layers of LSTM write. Here $E$ looks, and stays as it is; a small LSTM writes. Its vocabulary has {glue:text}`captions.words` words. It was trained on the tinted photographs with captions such as these, drawn anew for each picture and each epoch:

# %%
words = vocabulary()
C = load("captioner").to(settings.device)
test = TintedFashion("test")
print(
    *captions(test.batch(range(5)).labels, torch.Generator().manual_seed(0)),
    sep="\n",
)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The first eight test photographs, and what the captioner says of them: the likeliest word at each place.", "name": "fig-captions-photographs"}, "image": {"alt": "Eight photographs of clothes, each with a sentence."}}
batch = test.batch(range(8))
fig, axes = plt.subplots(2, 4, figsize=(9, 4.2), layout="constrained")
for ax, x, text in zip(
    axes.flat, batch.x, C.describe(batch.x.to(settings.device)), strict=True
):
    figures.image_grid(x[None], 1, ax=ax)
    ax.set_title("\n".join(textwrap.wrap(text, 26)), fontsize=8)
plt.show()

# %% tags=["hide-input"]


class First:
    """The first pictures of a split, for ``right_captions``."""

    def __init__(self, data, count):
        self.data, self.count = data, count

    def __len__(self):
        return self.count

    def batch(self, index):
        """As of the split, on the chapter's device."""
        found = self.data.batch(index)
        return found._replace(x=found.x.to(settings.device))


of_test = right_captions(C, First(test, settings.photographs))
record("captions.words", len(words) - len(SPECIAL))
record("captions.test_photographs", settings.photographs)
for what, share in of_test.items():
    record(f"caption.{what.replace(' ', '_')}_test", share)
right = torch.tensor(FOUND["photographs"]["right_before_wrong"]).double()
keep("right_before_wrong_on_photographs", metrics.mean_with_interval(right))

# %% [markdown]
# Of {glue:text}`captions.test_photographs` test photographs {glue:text}`caption.item_test:.0%` get a caption with the right item, {glue:text}`caption.exact_test:.0%` one in which everything that is said is right. For each item there is a colour that the captioner was never shown on it; of these photographs it gets {glue:text}`caption.exact_held_out_test:.0%` right.
#
# ## A sentence as a condition
#
# A captioner gives the probability of each word, given the picture and the words before it. So the probability of a sentence $y = (w_1, \dots, w_T)$ is a product, and its logarithm a sum:
#
# $$\log p(y \mid x) = \sum_{t=1}^{T} \log p(w_t \mid w_1, \dots, w_{t-1}, x)$$ (eq-caption)
#
# That is all a condition has to be: a number for each picture, with a gradient. In the library it is one line in place of `classes(E, 3, "item")`:

# %%
E, G = (load(name).to(settings.device) for name in ("encoder", "generator"))
eps = Eps(*FOUND["captions"]["setting"])


def ask(text, whole=True):
    """The last pictures of chains for a caption, a few starts."""
    condition = caption(C, words.encode(text, whole=whole))
    h0 = rectified_normal(range(settings.starts), G.code).to(settings.device)
    experts = variants.noiseless(G, E, condition)
    *_, last = chain(h0, *experts, eps, steps=settings.steps)
    with torch.no_grad():
        return G(last.h).clamp(-1, 1).cpu()


# %% tags=["hide-input"] mystnb={"figure": {"caption": "The ends of chains for sentences that were typed by hand, from the same starts (columns). The last ones are left open, or ask for what cannot be.", "name": "fig-captions-typed"}, "image": {"alt": "Rows of drawn clothes, each under the sentence that asked for it."}}
TYPED = {
    "a red ankle boot on a green background": True,
    "a blue ankle boot on a green background": True,
    "a boot": False,
    "a yellow": False,
    "a red blue bag on a green background": True,
    "a photo of a green bag on green": True,
}
drawn = {text: ask(text, whole) for text, whole in TYPED.items()}
fig, axes = plt.subplots(3, 2, figsize=(9, 5), layout="constrained")
for ax, (text, x) in zip(axes.flat, drawn.items(), strict=True):
    title = text if TYPED[text] else f"{text} …"
    figures.image_grid(x, len(x), title=title, ax=ax)
plt.show()

# %% [markdown]
# TYPEDTEXT
#
# A sentence without its end is a partial one: "a boot …" asks for a picture whose caption begins so, and leaves open what follows. A word that the captioner does not know is an error:

# %%
try:
    words.encode("a red bot on a green background")
except ValueError as error:
    print(error)

# %% [markdown]
# Where a kernel runs, set `widgets = True` at the top of the notebook, and a box takes a sentence of your own.

# %%
if settings.widgets:
    display(text_box(ask, "a yellow bag on a purple background"))

# %% [markdown]
# ## Does the picture hold what the sentence says?
#
# Forty captions, four of each item, with item, colour and background; five chains each. The evaluator, which took no part in anything, says what it sees. *Twins* have the same sentence in another colour, from the same starts. *Held out* are captions of an item in the colour that the captioner never saw on it. *Classes* asks for the same three things without words, by the three classifications of $E$.
#
# Our $E$ was taught the names of colours, so its codes may have been made for this. The paper's was not. The control is an $E$ that was asked for the item only, with a $G$ of its own.

# %% tags=["hide-input"]
HEADS = ("item", "colour", "background")
SETS = {
    "captions": "captions",
    "twins": "twins, in another colour",
    "held out": "held out pairs of item and colour",
    "classes": "classes, without words",
    "item only": "captions, E of items only",
    "item only, held out": "held out, E of items only",
}


def right_of(name):
    """Whether the evaluator sees item, colour and background, (captions, starts, 3)."""
    labels = torch.tensor(FOUND[name]["labels"])
    seen = torch.tensor(FOUND[name]["seen"]).view(len(labels), -1, 3)
    return seen == labels[:, None]


def by_caption(right):
    """A share by caption: mean and interval over the captions."""
    return metrics.by_student(right.double().flatten(1).mean(1))


def distance_of(name):
    """Kernel distance to photographs of the item in EfficientNet's features, (10,)."""
    found = FOUND[name]["kid_foreign"]
    return torch.tensor([found[item] for item in ITEMS], dtype=torch.float64)


KEYS = {"captions": "", "held out": "_held_out", "item only": "_item_only_encoder"}
rows = {}
for name, title in SETS.items():
    right = right_of(name)
    row = {head: by_caption(right[..., i]) for i, head in enumerate(HEADS)}
    row["all three"] = by_caption(right.all(-1))
    row["kernel distance"] = metrics.by_student(distance_of(name))
    rows[title] = {what: str(number) for what, number in row.items()}
    if name in KEYS:
        for head in HEADS:
            record(f"caption.{head}_accuracy{KEYS[name]}", row[head])
    record(
        f"captions.{name.replace(', ', '_').replace(' ', '_')}.kid",
        row["kernel distance"],
    )
figures.table(rows)

# %% tags=["hide-input"]
one, other = right_of("captions"), right_of("twins")
items = [
    torch.tensor(FOUND[name]["seen"]).view(len(one), -1, 3)[..., 0]
    for name in ("captions", "twins")
]
keep("all_three_right", by_caption(one.all(-1)))
apart = one[..., 1] & other[..., 1] & (items[0] == items[1])
keep("twins_apart", by_caption(apart))
keep(
    "item_and_colour_right_item_only",
    by_caption(right_of("item only")[..., :2].all(-1)),
)
keep(
    "kid_foreign_minus_classes",
    metrics.by_student(distance_of("captions") - distance_of("classes")),
)
named = [
    right_of(name)[..., 0].double().mean(1) for name in ("captions", "classes")
]
keep("accuracy_minus_classes", metrics.by_student(named[0] - named[1]))
record("claim.C32", claims.decide("C32", keep))

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Captions of an item in the colour that the captioner was never shown on it: the first picture of each, by the shipped pair and by the control.", "name": "fig-captions-held-out"}, "image": {"alt": "ALTHELDOUT"}}
fig, axes = plt.subplots(2, 5, figsize=(9, 4.2), layout="constrained")
for c, ax in enumerate(axes.flat):
    of = [pictures(f"{name}.first") for name in ("held out", "item only, held out")]
    i, j = (c * len(x) // 10 for x in of)
    figures.image_grid(torch.stack([of[0][i], of[1][j]]), 2, ax=ax)
    text = FOUND["held out"]["texts"][i]
    ax.set_title("\n".join(textwrap.wrap(text, 26)), fontsize=8)
plt.show()

# %% [markdown]
# C32TEXT
#
# ## What the generator never saw
#
# The captioner knows all ten items. Four pairs of $E$ and $G$ know a part of them each ([chapter 12](12_other_conditions.ipynb)). So each item was seen by two pairs and not by the other two. If sentences fail where $G$ has never seen the thing, the share of right items falls between them.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Share of pictures in which the evaluator sees the caption's item: for pairs of E and G that saw the item in training and for those that did not. A line is an item.", "name": "fig-captions-unseen"}, "image": {"alt": "A line for each item from seen on the left to unseen on the right."}}
SEEN_BY = {pair: FOUND[pair]["categories"] for pair in "abcd"}


def named_by(pair, item):
    """Share of a pair's pictures for an item in which it is seen."""
    of_item = torch.tensor(FOUND[pair]["labels"])[:, 0] == item
    return right_of(pair)[of_item][..., 0].double().mean()


def over_items(of_item):
    """A number of each item, (10,)."""
    return torch.stack([of_item(item) for item in range(10)]).double()


PARTS = "abcd"


def share(item, seen):
    """Mean over the pairs that saw an item, or that did not, of the share of right pictures."""
    pairs = [pair for pair in PARTS if (item in SEEN_BY[pair]) == seen]
    return torch.stack([named_by(pair, item) for pair in pairs]).mean()


def distance(item, seen):
    """The same of the kernel distance to photographs of the item."""
    pairs = [pair for pair in PARTS if (item in SEEN_BY[pair]) == seen]
    return torch.tensor(
        [FOUND[pair]["kid_foreign"][ITEMS[item]] for pair in pairs]
    ).mean()


of_seen = over_items(lambda item: share(item, True))
of_unseen = over_items(lambda item: share(item, False))
fig, ax = plt.subplots(figsize=(4, 3.2), layout="constrained")
for item, values in enumerate(zip(of_seen, of_unseen, strict=True)):
    ax.plot((0, 1), values, "o-", ms=4, lw=1, color=figures.PALETTE[item % 8])
    ax.annotate(ITEMS[item], (1.03, values[1]), fontsize=7, va="center")
ax.set_xticks((0, 1), ("seen", "unseen"))
ax.set(ylabel="named by the evaluator", ylim=(-0.05, 1.05), xlim=(-0.2, 1.6))
plt.show()

# %% tags=["hide-input"]
keep("accuracy_of_seen", metrics.by_student(of_seen))
keep("accuracy_of_unseen", metrics.by_student(of_unseen))
keep(
    "accuracy_seen_minus_twice_unseen", metrics.by_student(of_seen - 2 * of_unseen)
)
worse = over_items(lambda item: distance(item, False) - distance(item, True))
keep("kid_foreign_unseen_minus_seen", metrics.by_student(worse))
record("claim.C33", claims.decide("C33", keep))

# %% tags=["hide-input"]
UNSEEN = protocol.open_samples(locate("results/unseen.safetensors"))[1]["found"]


def by_class(name, item):
    """Share of chains for an item, with the class as condition, in which it is seen."""
    found = UNSEEN[name]["numbers"]["items"][ITEMS[item]]["named"]
    return torch.tensor([named == item for named in found]).double().mean()


def share_by_class(item, seen):
    """The same as ``share``, with the class as condition (chapter on other conditions)."""
    sets = [f"{pair}.{'seen' if seen else 'noiseless'}" for pair in PARTS]
    there = [
        name for name in sets if ITEMS[item] in UNSEEN[name]["numbers"]["items"]
    ]
    return torch.stack([by_class(name, item) for name in there]).mean()


KINDS = (
    ("t-shirt", "pullover", "coat", "shirt"),
    ("sandal", "sneaker", "ankle boot"),
)


def similar(pair, item):
    """Whether a pair saw another item of the kind."""
    seen = {ITEMS[i] for i in SEEN_BY[pair]}
    return any(ITEMS[item] in kind and seen & set(kind) for kind in KINDS)


cases = [
    (pair, item)
    for pair in PARTS
    for item in range(10)
    if item not in SEEN_BY[pair]
]
groups = {
    "similar to what was seen": [
        named_by(*case) for case in cases if similar(*case)
    ],
    "different": [named_by(*case) for case in cases if not similar(*case)],
}
of_class = [
    over_items(lambda item, seen=seen: share_by_class(item, seen))
    for seen in (True, False)
]
rows = {
    "captions": {
        "seen": str(metrics.by_student(of_seen)),
        "unseen": str(metrics.by_student(of_unseen)),
        **{
            title: str(metrics.by_student(torch.stack(of)))
            for title, of in groups.items()
        },
    },
    "classes": {
        "seen": str(metrics.by_student(of_class[0])),
        "unseen": str(metrics.by_student(of_class[1])),
    },
}
keep("accuracy_of_seen_by_class", metrics.by_student(of_class[0]))
keep("accuracy_of_unseen_by_class", metrics.by_student(of_class[1]))
figures.table(rows)

# %% [markdown]
# C33TEXT
#
# ## A word that is no category
#
# "Fails on what $G$ never saw" may mean two things: $G$ saw no picture of it, or $E$ had no name for it. The paper says of its captions of ... that it is the pictures that count. Two more generators tell these apart: the $E$ of each half of the items, with a $G$ that saw photographs of all ten.

# %% tags=["hide-input"]
HALVES = {"a": "a, G of all", "b": "b, G of all"}


def of_half(item, category):
    """The half whose E has the item as a category, or the other one."""
    return next(pair for pair in HALVES if (item in SEEN_BY[pair]) == category)


def named(item, category, in_pictures):
    """Share of pictures in which an item is seen."""
    pair = of_half(item, category)
    return named_by(HALVES[pair] if in_pictures else pair, item)


category = over_items(lambda item: named(item, True, True))
no_category = over_items(lambda item: named(item, False, True))
not_in_pictures = over_items(lambda item: named(item, False, False))
keep("accuracy_of_categories", metrics.by_student(category))
keep("accuracy_of_no_category", metrics.by_student(no_category))
keep("accuracy_not_in_pictures", metrics.by_student(not_in_pictures))
keep(
    "accuracy_twice_no_category_minus_category",
    metrics.by_student(2 * no_category - category),
)
keep(
    "accuracy_in_pictures_minus_twice_not",
    metrics.by_student(no_category - 2 * not_in_pictures),
)


def kid_without(item):
    """Kernel distance by the G that did not see the item's pictures, less that by the other."""
    pair = of_half(item, False)
    of = [FOUND[name]["kid_foreign"][ITEMS[item]] for name in (pair, HALVES[pair])]
    return torch.tensor(of[0] - of[1])


keep(
    "kid_foreign_not_in_pictures_minus_in",
    metrics.by_student(over_items(kid_without)),
)
record("claim.C59", claims.decide("C59", keep))


# %% tags=["hide-input"] mystnb={"figure": {"caption": "One item a column, asked for by its caption: by the E that has it as a category with the G of all photographs; by the other E with the G of all; and by the other E with the G that never saw it. The first picture of each.", "name": "fig-captions-no-category"}, "image": {"alt": "ALTCATEGORY"}}
def first_of(name, item):
    """The first stored picture of an item of a pair's set."""
    every = pictures(f"{name}.first")
    return every[item * len(every) // 10]


rows = {
    "category": [first_of(HALVES[of_half(i, True)], i) for i in range(10)],
    "no category": [first_of(HALVES[of_half(i, False)], i) for i in range(10)],
    "not in the pictures": [first_of(of_half(i, False), i) for i in range(10)],
}
figures.image_grid(
    torch.stack([x for row in rows.values() for x in row]),
    10,
    rows=list(rows),
    tops=[item.split()[0] for item in ITEMS],
    cell=0.6,
).axes[0].tick_params(axis="x", labelsize=7)
plt.show()

# %% [markdown]
# C59TEXT
#
# ## Pictures that score high and show nothing
#
# A network can be fooled, and a captioner is two networks. A picture *scores high* if the captioner that steered it gives its caption at least as much as it gives it for the median photograph of that item in these colours. It *shows nothing* if the evaluator does not name the item, and if it is farther from every photograph, in EfficientNet's features, than 95 of 100 reconstructions, by the same $G$, of items that it saw are.

# %% tags=["hide-input"]


def fooling(name, which=slice(None)):
    """For each picture of some captions of a set: scores high, shows nothing."""
    found = FOUND[name]
    starts = len(found["log_p"]) // len(found["texts"])
    level = torch.tensor(found["level"]).repeat_interleave(starts)
    high = torch.tensor(found["log_p"]) >= level
    nothing = torch.zeros(len(high), dtype=torch.bool)
    nothing[found["nothing"]] = True
    return (t.view(-1, starts)[which].flatten() for t in (high, nothing))


def unseen_captions(pair):
    """Which captions of a pair are of items that it never saw."""
    items = [item for item, *_ in FOUND[pair]["labels"]]
    return torch.tensor([item not in SEEN_BY[pair] for item in items])


ordinary = [fooling(name) for name in ("captions", "twins")]
unseen = [fooling(pair, unseen_captions(pair)) for pair in PARTS]
shares = {}
for key, sets in (("", ordinary), ("_unseen", unseen)):
    high, nothing = (torch.cat(part) for part in zip(*sets, strict=True))
    count = int((high & nothing).sum())
    keep(f"fooling_share{key}", metrics.intervals.wilson(count, len(high)))
    keep(f"high_share{key}", metrics.intervals.wilson(int(high.sum()), len(high)))
    keep(
        f"nothing_share{key}",
        metrics.intervals.wilson(int(nothing.sum()), len(high)),
    )
record("claim.C34", claims.decide("C34", keep))


# %% tags=["hide-input"] mystnb={"figure": {"caption": "Pictures that show nothing, by both judges, of captions whose item the pair saw (top) and of items that it never saw: first those to which the captioner gives its caption as much as to photographs, marked by a frame. The first of each set, at most twelve a row.", "name": "fig-captions-fooling"}, "image": {"alt": "ALTFOOLING"}}
def of_nothing(names):
    """Pictures that show nothing, and which of them fool, first those."""
    x, fools = [], []
    for name in names:
        found = FOUND[name]
        starts = len(found["log_p"]) // len(found["texts"])
        level = torch.tensor(found["level"]).repeat_interleave(starts)
        kept = found["nothing"][: len(pictures(f"{name}.nothing"))]
        x.append(pictures(f"{name}.nothing"))
        fools.append(torch.tensor(found["log_p"])[kept] >= level[kept])
    x, fools = torch.cat(x), torch.cat(fools)
    order = (~fools).long().argsort(stable=True)[:12]
    return x[order], fools[order]


fig, axes = plt.subplots(2, 1, figsize=(9, 2), layout="constrained")
for ax, (title, names) in zip(
    axes, {"seen": ("captions", "twins"), "unseen": PARTS}.items(), strict=True
):
    x, fools = of_nothing(names)
    if not len(x):
        ax.set_axis_off()
        continue
    figures.image_grid(x, len(x), rows=[title], ax=ax)
    for i in range(int(fools.sum())):
        ax.add_patch(
            plt.Rectangle((33 * i - 0.5, -0.5), 32, 32, fill=False, ec="red", lw=2)
        )
plt.show()


# %% tags=["hide-input"]
def of_words(name):
    """Of each picture of a set: fools; cosine of its words; length of its gradient; likely for the second captioner."""
    found = FOUND[name]
    high, nothing = fooling(name)
    level = torch.tensor(found["level_second"])
    starts = len(high) // len(level)
    second = torch.tensor(found["log_p_second"]) >= level.repeat_interleave(starts)
    cosine = torch.tensor([np.nan if c is None else c for c in found["cosine"]])
    return high & nothing, cosine.double(), torch.tensor(found["length"]), second


fools, cosine, length, second = (
    torch.cat(part)
    for part in zip(
        *(of_words(name) for name in ("captions", "twins", *PARTS)), strict=True
    )
)
rows = {}
for title, which in (("fool", fools), ("do not", ~fools)):
    if which.sum() > 1:
        rows[title] = {
            "pictures": str(int(which.sum())),
            "cosine of their words": str(
                metrics.by_student(cosine[which & cosine.isfinite()])
            ),
            "gradient, E's classes 1 (median)": f"{length[which].median():.2f}",
            "likely for a second captioner": str(
                metrics.intervals.wilson(
                    int((second & which).sum()), int(which.sum())
                )
            ),
        }
cut = right_of("up to the item")
keep("item_right_up_to_the_item", by_caption(cut[..., 0]))
keep("fooling_pictures", int(fools.sum()))
slips = []  # reconstructions that show nothing by the same two judges
for name in ("captions", *PARTS):
    of = FOUND[name]["reconstructions"]
    nearest, named_right = torch.tensor(of["nearest"]), torch.tensor(of["named"])
    slips.append(~named_right & (nearest > nearest.quantile(0.95)))
slips = torch.cat(slips)
keep(
    "nothing_share_of_reconstructions",
    metrics.intervals.wilson(int(slips.sum()), len(slips)),
)
figures.table(rows)

# %% tags=["hide-cell", "nbval-check-output"]
print("sets:", sorted(FOUND))
print("all finite:", all(x.isfinite().all().item() for x in drawn.values()))

# %% [markdown]
# C34TEXT
#
# ## Exercises
#
# **1.** Show that the probabilities of all pairs of a first and a second word, given a picture, sum to one. Which property of the captioner do you need?
#
# <details><summary>Solution</summary>
#
# $\sum_{w_1, w_2} p(w_1 \mid x)\, p(w_2 \mid w_1, x) = \sum_{w_1} p(w_1 \mid x) \sum_{w_2} p(w_2 \mid w_1, x)$, and each inner sum is one if $w_2$ may be any word, the end included. That the softmax at each place sums to one is all that is needed.
#
# </details>
#
# **2.** A caption has eight words, a class is one. Is the gradient of the caption eight times as long? Predict, then measure it at a random code.
#
# <details><summary>Solution</summary>
#
# Most words ("a", "on", "background") are nearly certain whatever the picture shows, so their log-probabilities are near 0 and so are their gradients. Only words that name something pull:
#
# ```python
# from ppgn_lib.experts.captions import word_by_word
#
# h = rectified_normal([0], G.code).to(settings.device).requires_grad_()
# said = words.encode("a red ankle boot on a green background")
# each = word_by_word(C, said, G(h))
# for word, p in zip(words.decode(said)[0].split(), each[0], strict=False):
#     (g,) = torch.autograd.grad(p, h, retain_graph=True)
#     print(f"{word:12} {p.item():7.2f} {g.norm().item():7.2f}")
# ```
#
# </details>
#
# **3.** What does the sentence "a red" ask for, and why is it not the same as "anything red"?
#
# <details><summary>Solution</summary>
#
# It asks that the captioner would begin with these two words. It may do so less often for red things that it mostly describes in another form ("a photo of", or the item first), so the log-probability has a term for the form as well. Its gradient, though, is nearly that of the colour, since the form hardly depends on the picture.
#
# </details>
#
# ## Summary
#
# SUMMARYTEXT
