# %% [markdown]
# # Captions
#
# **Question.** A classifier knows the names of ten things. A captioner writes whole sentences. Put it in the classifier's place: does the sampler draw what a sentence says, although $G$ was never shown a word?
#
# Each pair of pictures below was asked for by two sentences that differ in the colour of the item only. The two chains of a pair start at the same random code. $E$ and $G$ are those of the other chapters and are not trained any further; only the captioner is new. The pictures are not picked: the first caption of each item, and its first start.

# %% tags=["parameters"]
# None: the profile's value
steps = None  # updates of the chains that run while one waits
starts = None  # chains of a caption, of those
photographs = None  # that the captioner describes
widgets = None  # True: a box for a sentence of your own, where a kernel runs

# %% tags=["set-up"]
import textwrap

from IPython.display import display

from ppgn_lib import Eps, chain, conditions, metrics, variants
from ppgn_lib.book import claims
from ppgn_lib.book.record import Kept, record
from ppgn_lib.book.widgets import text as text_box
from ppgn_lib.data.captions import SPECIAL, captions, vocabulary
from ppgn_lib.data.files import locate
from ppgn_lib.data.tinted_fashion import COLOURS, ITEMS, TintedFashion
from ppgn_lib.experts.captions import caption, word_by_word
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal
from ppgn_lib.training.captioner import right_captions

keep = Kept("captions.")
stored, about = protocol.open_samples(locate("results/captions.safetensors"))
FOUND = about["found"]
E, G = (load(name).to(settings.device) for name in ("encoder", "generator"))
eps = Eps(*FOUND["captions"]["setting"])


# %% tags=["hide-input"] mystnb={"figure": {"caption": "Ten captions and the first picture of each (left of a pair), and of the same caption with another colour (right). One caption of each item; neither captions nor starts are picked. After the dots of a title: the colour that the caption of the right picture has instead.", "name": "fig-captions-twins"}, "image": {"alt": "Ten pairs of drawn clothes. In most both are the item of the caption, in two colours; a few are torn or of another item."}}
def pictures(name):
    """The stored pictures of a set, in [-1, 1]."""
    return stored[name].float() / 127.5 - 1


a_caption = len(FOUND["captions"]["texts"]) // 10  # captions of an item
fig, axes = plt.subplots(2, 5, figsize=(9, 3.3), layout="constrained")
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
# In most pairs both pictures fit their words. A T-shirt that should be orange is cyan, a red shirt is torn, and some items turn into others, such as a pullover into a coat. How often it works over all captions is counted below.
#
# ## A captioner
#
# The paper takes LRCN {cite}`donahue2015lrcn`: a convnet that was trained to classify looks at the picture, two layers of LSTM write. Here $E$ looks, and stays as it is. A small LSTM reads only the words so far; behind it, one layer joins its output with $E$'s code and gives the next word. (In LRCN the LSTM itself reads the picture; joining behind it is the way of m-RNN {cite}`mao2015mrnn`.) The vocabulary has {glue:text}`captions.words` words. It was trained on the tinted photographs with captions such as these, drawn anew for each picture and each epoch:

# %%
words = vocabulary()
C = load("captioner").to(settings.device)
test = TintedFashion("test")
print(
    *captions(test.batch(range(5)).labels, torch.Generator().manual_seed(0)),
    sep="\n",
)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The first eight test photographs, and what the captioner says of them: the likeliest word at each place.", "name": "fig-captions-photographs"}, "image": {"alt": "Eight photographs of clothes, each under a sentence that fits: a purple ankle boot, a purple pullover in front of a pink wall, a green pair of trousers, and so on."}}
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

# %% [markdown]
# Of {glue:text}`captions.test_photographs` test photographs {glue:text}`caption.item_test:.0%` get a caption with the right item, {glue:text}`caption.exact_test:.0%` one in which everything that is said is right. (The two are equal: wherever the item is right, so are the colours.) For each item there is a colour that the captioner was never shown on it; of these photographs it gets {glue:text}`caption.exact_held_out_test:.0%` right. ($E$ and $G$ did see these pairs; only the sentences were held out.)
#
# ## A sentence as a condition
#
# A captioner gives the probability of each word, given the picture and the words before it. So the probability of a sentence $y = (w_1, \dots, w_T)$ is a product, and its logarithm a sum:
#
# $$\log p(y \mid x) = \sum_{t=1}^{T} \log p(w_t \mid w_1, \dots, w_{t-1}, x)$$ (eq-caption)
#
# That is all a condition has to be: a number for each picture, with a gradient. The end of the sentence is the last $w_T$; a partial sentence leaves it out. In the library it is one line in place of `classes(E, 3, "item")`:


# %%
def ask(text, whole=True):
    """The last pictures of chains for a caption, a few starts."""
    condition = caption(C, words.encode(text, whole=whole))
    h0 = rectified_normal(range(settings.starts), G.code).to(settings.device)
    experts = variants.noiseless(G, E, condition)
    *_, last = chain(h0, *experts, eps, steps=settings.steps)
    with torch.no_grad():
        return G(last.h).clamp(-1, 1).cpu()


# %% tags=["hide-input"] mystnb={"figure": {"caption": "The ends of chains for sentences that were typed by hand, from the same starts (columns). Those in the middle are left open; the last two ask for what no photograph shows.", "name": "fig-captions-typed"}, "image": {"alt": "Six rows of drawn clothes, each under its sentence: red and blue ankle boots, some torn; boots in many colours; yellow clothes of several kinds; broken shoes and bags; green bags and shoes, most on pink."}}
TYPED = {
    "a red ankle boot on a green background": True,
    "a blue ankle boot on a green background": True,
    "a boot": False,
    "a yellow": False,
    "a red blue bag on a green background": True,
    "a photo of a green bag on green": True,
}
drawn = {text: ask(text, whole) for text, whole in TYPED.items()}
fig, axes = plt.subplots(3, 2, figsize=(9, 3.9), layout="constrained")
for ax, (text, x) in zip(axes.flat, drawn.items(), strict=True):
    title = text if TYPED[text] else f"{text} …"
    figures.image_grid(x, len(x), title=title, ax=ax)
plt.show()

# %% [markdown]
# Most pictures are what was asked for. Some look torn: holes, and patches of extreme colour. No caption that was taught gives an item two colours, so "a red blue bag" is nearly impossible for the captioner, and the chains find hardly anything. Nor does any photograph show green on green; here the wall takes another colour in most pictures.
#
# A sentence without its end is a partial one: "a boot …" asks for a picture whose caption begins so, and leaves open what follows. A word that the captioner does not know is an error:

# %%
try:
    words.encode("a red bot on a green background")
except ValueError as error:
    print(error)

# %% [markdown]
# Where a kernel runs, set `widgets = True` at the top of the notebook, and a box takes a sentence of your own.

# %% tags=["hide-input"]
if settings.widgets:
    display(text_box(ask, "a yellow bag on a purple background"))

# %% [markdown]
# ## Does the picture hold what the sentence says?
#
# {glue:text}`captions.captions` captions, as many of each item, with item, colour and background; {glue:text}`captions.starts` chains each. The evaluator, which took no part in training or tuning, says what it sees. *Twins* have the same sentence in another colour, from the same starts. *Held out* are captions of an item in the colour that the captioner never saw on it. *Classes* asks for the same three things without words, by the three classifications of $E$.
#
# Our $E$ was trained to classify colours, so its codes may have been made for this. The paper's was not. The control is an $E$ that was asked for the item only, with a $G$ of its own.

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
    record(f"captions.{name.replace(' ', '_')}.kid", row["kernel distance"])
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
keep("accuracy_below_classes", (named[1] - named[0]).mean().item())
by_item = torch.tensor(FOUND["item only"]["seen"])[:, 0].bincount().topk(2)
for place, item in enumerate(by_item.indices.tolist(), 1):
    record(f"captions.most_seen_{place}", ITEMS[item])
total = len(FOUND["item only"]["seen"])
record("captions.two_most_seen_share", by_item.values.sum().item() / total)
keep("twins_colours", by_caption(one[..., 1] & other[..., 1]))
keep("twins_item", by_caption(items[0] == items[1]))
record("claim.C32", claims.decide("C32", keep))

# %% tags=["hide-input"] mystnb={"figure": {"caption": "One caption of each item in the colour that the captioner was never shown on it: the first start of each.", "name": "fig-captions-held-out"}, "image": {"alt": "Ten drawn pieces of clothing, each under its caption. Six are what it says; a yellow sweater is white, a purple shirt is pink, and a red tee and a red bag are torn."}}
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
log_p = torch.tensor(FOUND["captions"]["log_p"])
level = torch.tensor(FOUND["captions"]["level"]).repeat_interleave(one.shape[1])
failed = ~one.all(-1).flatten()
keep("failed_far", (log_p < level - 3)[failed].double().mean().item())
keep("others_far", (log_p < level - 3)[~failed].double().mean().item())
keep("failed_high", (log_p >= level)[failed].double().mean().item())
for name in ("captions", "item only"):
    again = FOUND[name]["reconstructions"]["named"]
    keep(f"reconstructions.{name.replace(' ', '_')}", float(np.mean(again)))
tuned = {tuple(point["setting"]): point for point in FOUND["captions"]["points"]}
smaller = (eps.eps1, 0.1, 0.0)
keep("tuned_right", tuned[eps.eps1, eps.eps2, eps.eps3]["accuracy"])
keep("tuned_right_smaller_step", tuned[smaller]["accuracy"])
record("captions.eps2", eps.eps2)
record("captions.eps2_smaller", smaller[1])
record("captions.captions", len(one))
record("captions.starts", one.shape[1])

# %% [markdown]
# **C32 is {glue:text}`claim.C32`.** In {glue:text}`captions.all_three_right:.0%` of the pictures the evaluator sees all three, item, colour and background, as the sentence says; by chance one in 560 (10 · 8 · 7). Asked by classes, from the same starts, it is {glue:text}`captions.all_three_right_by_classes:.0%`. So a sentence steers the chain, though somewhat less well than three classes: the right item is seen less often (by {glue:text}`captions.accuracy_below_classes:.2f`), as the claim expects. The claim also expects pictures that are farther from photographs, in the features of EfficientNet. That is not shown: the kernel distances differ by {glue:text}`captions.kid_foreign_minus_classes:.2f`, with 0 inside of the interval.
#
# Two more conditions of the rule are not met.
#
# - *Twins.* Both pictures of a pair must have the colour of their own word, and the same item. That holds for {glue:text}`captions.twins_apart:.0%` of the pairs, neither clearly more than half nor clearly less. The colours are right in both pictures in {glue:text}`captions.twins_colours:.0%`, the same item is seen in {glue:text}`captions.twins_item:.0%`: one word for a colour often changes the item too.
# - *Control.* With the $E$ that was asked for the item only, item and colour are right in {glue:text}`captions.item_and_colour_right_item_only:.0%`. Such a pair loses the colours: when photographs are coded by this $E$ and drawn again by its $G$, the evaluator sees the item in {glue:text}`18_codes_and_samples.ipynb::arithmetic.item_only_item_of_reconstruction:.0%` and the colour in {glue:text}`18_codes_and_samples.ipynb::arithmetic.item_only_colour_of_reconstruction:.0%`, where guessing gives one in eight; a linear probe hardly finds them in its codes either ([training log](../book/training_log.md)). In the chains for captions the colour is right in {glue:text}`caption.colour_accuracy_item_only_encoder:.0%`, the background in {glue:text}`caption.background_accuracy_item_only_encoder:.0%`, and the item in {glue:text}`caption.item_accuracy_item_only_encoder:.0%` only: in {glue:text}`captions.two_most_seen_share:.0%` of the pictures the evaluator sees a {glue:text}`captions.most_seen_1` or a {glue:text}`captions.most_seen_2`, whatever was asked. Asked for by its class, without words, the same pair gives the item in more than half (again in the log). Our guess is that words which can hardly be satisfied drown the one that could be. The paper's $E$ was not asked for colours either, but its photographs have natural ones, which may help to tell things apart. Here any item has any colour, and an $E$ of items has no reason to keep it.
#
# *Held out* captions do about as well as the others ({glue:text}`captions.all_three_right_held_out:.0%`). The captioner was never taught a sentence about a cyan coat; that the chain adds up the gradients of *cyan* and *coat* is our guess. The kernel distance is larger ({glue:text}`captions.held_out.kid:.2f`, else {glue:text}`captions.captions.kid:.2f`), but all pictures of an item have one colour here, which alone adds distance. Captions that are cut behind the item ("a blue t-shirt …") get their item in {glue:text}`captions.item_right_up_to_the_item:.0%` of the pictures, whole ones in {glue:text}`caption.item_accuracy:.0%`.
#
# **Where it fails.** Of the pictures that miss something {glue:text}`captions.failed_far:.0%` have a log-probability more than 3 below that of the median photograph of the same three things; of the others {glue:text}`captions.others_far:.0%`. There the captioner is not fooled, it finds the sentence unlikely too: the chain got stuck, or needed more than 250 updates. We did not test which. Another {glue:text}`captions.failed_high:.0%` score as high as the median photograph; there the captioner may be fooled, or the evaluator wrong. The step that was chosen has $\epsilon_2$ = {glue:text}`captions.eps2:.1f`; there the selector saw all three in {glue:text}`captions.tuned_right:.0%` of the pictures for other captions, and with {glue:text}`captions.eps2_smaller:.1f` in {glue:text}`captions.tuned_right_smaller_step:.0%`, so a smaller step is no cure.
#
# This is not a first try. A captioner with a convnet of its own failed this rule twice, with other settings the second time. Of seven new forms the one was taken with which the selector liked the pictures for other captions best; the [training log](../book/training_log.md) has them all. How the picture enters the captioner seems to matter most.
#
# Captions for things that $G$ never saw, and pictures that score high and show nothing, have [a chapter of their own](17_never_seen.ipynb). That chapter also asks for things by nouns for which $E$ has no class, although $G$ saw photographs of them (C59).

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
# $\sum_{w_1, w_2} p(w_1 \mid x)\, p(w_2 \mid w_1, x) = \sum_{w_1} p(w_1 \mid x) \sum_{w_2} p(w_2 \mid w_1, x)$, and each inner sum is one. Two properties are needed: the softmax at each place sums to one over all words, the end included, and a word's probability depends on the words *before* it only.
#
# </details>
#
# **2.** A caption has eight words, a class is one. Is the gradient of the caption eight times as long? Predict, then measure it at a random code.
#
# <details><summary>Solution</summary>
#
# No. The words of the form ("on", "background") are about as likely whatever a photograph shows, even where they are not certain, so their gradients are small. The words that name something pull, and in different directions, so that the whole is shorter than the sum of the lengths. The folded cell below has $\log p$ and the length of its gradient for each word, for the sentence, and for the class.
#
# </details>

# %% tags=["hide-cell"]
# Solution of exercise 2, run
h = rectified_normal([0], G.code).to(settings.device).requires_grad_()
sentence = "a red ankle boot on a green background"
of_words = word_by_word(C, words.encode(sentence), G(h))[0]
boot = conditions.classes(E, ITEMS.index("ankle boot"), "item")(G(h))[0]
parts = [*zip([*sentence.split(), "(end)"], of_words, strict=True)]
print(f"{'':12} {'log p':>7} {'length':>7}")
for name, p in [*parts, ("the sentence", of_words.sum()), ("the class", boot)]:
    (g,) = torch.autograd.grad(p, h, retain_graph=True)
    print(f"{name:12} {p.item():7.2f} {g.norm().item():7.2f}")

# %% [markdown]
# **3.** What does the sentence "a red" ask for, and why is it not the same as "anything red"?
#
# <details><summary>Solution</summary>
#
# It asks (with `whole=False`) that the captioner would begin with these two words. Three of the seven forms begin so, hence $\log p$ is about $\log(3/7) = -0.85$ at best, however red the thing is. The gradient is nearly that of the colour, since the form hardly depends on the picture; but the article does a little: an orange thing, or an ankle boot, may be called "an". The folded cell below asks the captioner about test photographs.
#
# </details>

# %% tags=["hide-cell"]
# Solution of exercise 3, run
some = test.batch(range(500))
with torch.no_grad():
    a_red = words.encode("a red", whole=False)
    log_p = word_by_word(C, a_red, some.x.to(settings.device)).cpu()
print(f"log(3/7) = {np.log(3 / 7):.2f}; medians of log p:")
for name in ("red", "pink", "orange"):
    article, colour = log_p[some.labels["colour"] == COLOURS.index(name)].T
    both = (article + colour).median()
    print(
        f"{name + ' things:':15} 'a red' {both:6.2f}, 'a' {article.median():5.2f}"
    )

# %% [markdown]
# ## Summary
#
# - A captioner gives the probability of a sentence, word by word. That is a condition like any other.
# - All that a sentence says is seen in {glue:text}`captions.all_three_right:.0%` of the pictures, by three classes in {glue:text}`captions.all_three_right_by_classes:.0%`, for pairs that were held out in {glue:text}`captions.all_three_right_held_out:.0%`. C32 is {glue:text}`claim.C32`.
# - Of the failures {glue:text}`captions.failed_far:.0%` are pictures for which the captioner itself finds the sentence unlikely.
# - One captioner, chosen among several; one pair of $E$ and $G$; our $E$ was taught colours, and the captioner looks with the same $E$.
