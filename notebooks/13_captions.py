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

# %% tags=["hide-input"] mystnb={"figure": {"caption": "One caption of each item in the colour that the captioner was never shown on it: the first start of each.", "name": "fig-captions-held-out"}, "image": {"alt": "ALTHELDOUT"}}
fig, axes = plt.subplots(2, 5, figsize=(9, 4.2), layout="constrained")
for c, ax in enumerate(axes.flat):
    i = c * a_caption
    figures.image_grid(pictures("held out.first")[i][None], 1, ax=ax)
    text = FOUND["held out"]["texts"][i]
    ax.set_title("\n".join(textwrap.wrap(text, 26)), fontsize=8)
plt.show()

# %% tags=["hide-input"]
keep("item_right_up_to_the_item", by_caption(right_of("up to the item")[..., 0]))
keep("all_three_right_held_out", by_caption(right_of("held out").all(-1)))
keep("all_three_right_by_classes", by_caption(right_of("classes").all(-1)))
keep(
    "photographs_likelier",
    float(
        np.mean(
            [
                p < level
                for name in ("captions", "twins")
                for p, level in zip(
                    FOUND[name]["log_p"],
                    np.repeat(FOUND[name]["level"], one.shape[1]),
                    strict=True,
                )
            ]
        )
    ),
)
record("captions.eps2", eps.eps2)
record("captions.captions", len(one))
record("captions.starts", one.shape[1])

# %% [markdown]
# C32TEXT

# %% tags=["hide-cell", "nbval-check-output"]
print("sets:", sorted(FOUND))
print("all finite:", all(x.isfinite().all().item() for x in drawn.values()))

# %% [markdown]
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
