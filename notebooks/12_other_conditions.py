# %% [markdown]
# # Other conditions
#
# **Question.** The condition may be any network that gives a probability. Which others than a classifier of items are there, and may there be several at once?
#
# Each row below is a condition, each picture the end of one chain. The prior and $G$ are the same in all rows and were trained once. What differs is one line of code; it stands beside the row, the last two shortened. Nothing is picked: the starts are the first ones, the same in all rows.

# %% tags=["parameters"]
# None: the profile's value
steps = None  # updates of the chains that run while one waits
starts = None  # chains of a condition, of those

# %% tags=["set-up"]
from ppgn_lib import Eps, chain, conditions, metrics, variants
from ppgn_lib.book import claims
from ppgn_lib.book.record import Kept, record
from ppgn_lib.data.captions import vocabulary
from ppgn_lib.data.files import locate
from ppgn_lib.data.tinted_fashion import COLOURS, ITEMS
from ppgn_lib.experts.captions import caption
from ppgn_lib.experts.units import units
from ppgn_lib.metrics import protocol
from ppgn_lib.networks import efficientnet
from ppgn_lib.networks.adapter import Adapted
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal

keep = Kept()
E, G, C = (
    load(name).to(settings.device) for name in ("encoder", "generator", "captioner")
)
words = vocabulary()
eps = Eps(0.1, 0.2)


def pictures_of(h):
    """What G draws, (B, 3, 32, 32) in [-1, 1], on the CPU."""
    with torch.no_grad():
        return G(h.float().to(settings.device)).clamp(-1, 1).cpu()


def ends(condition):
    """The last pictures of chains from the same random codes, (starts, 3, 32, 32)."""
    h0 = rectified_normal(range(settings.starts), G.code).to(settings.device)
    *_, last = chain(
        h0, *variants.noiseless(G, E, condition), eps, steps=settings.steps
    )
    return pictures_of(last.h)


# %% tags=["hide-input"] mystnb={"figure": {"caption": "Chains for six conditions, from the same starts (columns).", "name": "fig-plug-and-play"}, "image": {"alt": "Six rows of six drawn clothes with a line of code each: bags; clothes on green backgrounds; red dresses; tops; red bags; sneakers in blue, green and pale red."}}
bag, sneaker = ITEMS.index("bag"), ITEMS.index("sneaker")
green = COLOURS.index("green")
PLUGGED = {
    f'classes(E, {bag}, "item")': conditions.classes(E, bag, "item"),
    f'classes(E, {green}, "background")': conditions.classes(
        E, green, "background"
    ),
    'caption(C, words.encode("a red dress"))': caption(
        C, words.encode("a red dress")
    ),
    'units(E, "shape.conv5:17", place=(4, 4))': units(
        E, "shape.conv5:17", place=(4, 4)
    ),
    'product(bag, words "a red")': conditions.product(
        conditions.classes(E, bag, "item"),
        caption(C, words.encode("a red", whole=False)),
    ),
    "product(sneaker, not red)": conditions.product(
        conditions.classes(E, sneaker, "item"),
        lambda x: torch.logsumexp(
            torch.stack(
                [
                    conditions.classes(E, c, "colour")(x)
                    for c, colour in enumerate(COLOURS)
                    if colour != "red"
                ]
            ),
            0,
        ),
    ),
}
drawn_first = {title: ends(condition) for title, condition in PLUGGED.items()}
fig, ax = plt.subplots(figsize=(9, 5), layout="constrained")
figures.image_grid(
    torch.cat(list(drawn_first.values())),
    settings.starts,
    rows=list(PLUGGED),
    ax=ax,
)
plt.show()

# %% [markdown]
# - The first two rows ask $E$ itself, for a bag (item 8) and for a green background (colour 3), by two of its three classifications.
# - The third asks a captioner, a network that writes sentences. Its probability of a sentence given a picture is a product over words, and that is a condition like any other ([next chapter](13_captions.ipynb)). The captioner was taught with photographs and never saw a picture by $G$; it looks at pictures with $E$, whose code it reads.
# - The fourth asks a unit in the middle of $E$, as in the [chapter on hidden neurons](14_hidden_neurons.ipynb).
# - The last two have two experts each: a bag for $E$ that the captioner would call "a red …", and a sneaker of any colour but red.
#
# All rows show what they ask for, as far as one can see (what unit 17 stands for nobody said). The sneaker in pale red is no slip of the sampler: the evaluator takes it for pink, and pink is one of the other colours.
#
# ## Two networks, two things
#
# If several conditions $y_1, y_2$ are independent given the picture, their probabilities multiply, and in the sampler their gradients add (Eq. 2 and Sec. 5 of the paper):
#
# $$\log p(y_1, y_2 \mid x) = \log p(y_1 \mid x) + \log p(y_2 \mid x)$$ (eq-both)
#
# Does the picture then hold both? Here $E$ says which item, and the captioner says which colour, by the two words "a red" of a sentence that is left open. {glue:text}`several.pairs` pairs of item and colour were drawn by lot, for each {glue:text}`several.starts` chains ran from random codes. The captioner's weight (that of $E$ is 1) and $\epsilon_2$ were chosen by the selector on other pairs, and the evaluator says what the pictures show ([two classifiers](00_data_and_networks.ipynb) that take no part in sampling). The captioner got the weight {glue:text}`several.weight:.0f`. Beside them run chains for the item alone and for the colour alone, and chains for both by the two classifications of $E$.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Twenty pairs of item and colour: the first chain of each, by both networks, by E alone (the item) and by the captioner alone (the colour), from the same starts.", "name": "fig-several-conditions"}, "image": {"alt": "Three rows of twenty drawn clothes. In the first most have the item and the colour that stand above, in the second the item only, in the third the colour only."}}
several, about_several = protocol.open_samples(
    locate("results/several.safetensors")
)
BOTH = about_several["found"]
x_of = {name: pictures_of(several[name]) for name in ("both", "item", "colour")}
asked = [
    f"{COLOURS[c]}\n{figures.short([ITEMS[i]])[0]}"
    for i, c in zip(BOTH["both"]["item"], BOTH["both"]["colour"], strict=True)
]
fig = figures.image_grid(
    torch.cat(list(x_of.values())),
    20,
    rows=["both", "item alone", "colour alone"],
    tops=asked,
    cell=0.5,
)
fig.axes[0].tick_params(axis="x", labelsize=6)
plt.show()

# %% tags=["hide-input"]
RIGHT = {
    name: torch.tensor(BOTH[name]["right"]).double()
    for name in ("both", "item", "colour", "E alone")
}


def by_pair(values):
    """Mean over the starts of each pair of item and colour, mean and interval over the pairs."""
    return metrics.by_student(values.mean(1))


NAMED = {
    "both": "E and captioner",
    "item": "E for the item",
    "colour": "captioner for the colour",
    "E alone": "E for both",
}
rows = {
    NAMED[name]: {
        "item": str(by_pair(right[..., 0])),
        "colour": str(by_pair(right[..., 1])),
        "both": str(by_pair(right.prod(-1))),
    }
    for name, right in RIGHT.items()
}
keep("several.both_right", by_pair(RIGHT["both"].prod(-1)))
record("several.both_hold", keep["several.both_right"])
record("several.weight", BOTH["tuning"]["setting"][0])
record("several.pairs", len(RIGHT["both"]))
record("several.starts", RIGHT["both"].shape[1])
for i, what in enumerate(("item", "colour")):
    keep(
        f"several.{what}_right_minus_alone",
        by_pair(RIGHT["both"][..., i] - RIGHT[what][..., i]),
    )
record("several.both_right_by_e", by_pair(RIGHT["E alone"].prod(-1)))
for name in ("both", "item"):
    record(f"several.{name}.kid_foreign", BOTH[name]["kid_foreign"][0])
record("claim.C39", claims.decide("C39", keep))
figures.table(rows)

# %% [markdown]
# **C39 is {glue:text}`claim.C39`.** The evaluator sees item and colour as asked for in {glue:text}`several.both_right:.0%` of the pictures, clearly more than a half. With one of the two as the only condition the other one is right as often as by chance. The colour is met as often as alone (difference {glue:text}`several.colour_right_minus_alone:.2f`). The item is met less often ({glue:text}`several.item_right_minus_alone:.2f`); 0.2 less was allowed, and the interval just reaches beyond. Asked by the two classifications of $E$ both hold in {glue:text}`several.both_right_by_e:.0%`. The two networks are no strangers: the captioner reads the code of the same $E$, and only what it says of it was learned apart. An earlier captioner looked with a convnet of its own, not with $E$, and got a weight of 3; with it the item lost less. In these photographs any item has any colour, so the two do not quarrel.
#
# That it costs quality is not shown: the kernel distance to photographs of the item, in EfficientNet's features, is {glue:text}`several.both.kid_foreign:.2f`, with the item alone {glue:text}`several.item.kid_foreign:.2f`, and their intervals overlap widely.
#
# ## A network that nobody here trained
#
# EfficientNet-Lite0 was trained by its authors on ImageNet's photographs. Some of its thousand classes are things that $G$ can draw, or nearly; three were taken, by hand, that have nothing to do with clothes. An adapter brings our pictures to the size and the range that it wants, and then it is a condition like any other:

# %%
big = Adapted(efficientnet.efficientnet_lite0(), size=224)
sandal = conditions.index_of("sandal", efficientnet.classes())
condition = conditions.classes(big.to(settings.device), sandal)

# %% tags=["hide-input"]
with torch.no_grad():
    print(
        "log p:", condition(next(iter(drawn_first.values()))).cpu().numpy().round(1)
    )

# %% [markdown]
# For the chains below the picture has 192 pixels a side for it, which takes less time. Its step size was chosen by how often the selector sees an item that would be right. Who judges is the evaluator, and EfficientNet-Lite1: a network of the same family and the same photographs, so a weak second opinion.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Classes of ImageNet asked for with EfficientNet-Lite0, each by six chains, all shown. The last three were taken because they have nothing to do with clothes.", "name": "fig-foreign-classes"}, "image": {"alt": "Eleven rows of six drawn clothes. Of six pictures asked for as sandals four are sandals, of six asked for as purses four are bags; in the other rows shoes, bags and tops of all colours stand beside each other, whatever was asked for."}}
foreign, about_foreign = protocol.open_samples(
    locate("results/foreign.safetensors")
)
BIG = about_foreign["found"]
NAMES = list(about_foreign["items"])
figures.image_grid(
    torch.cat([pictures_of(foreign[name]) for name in NAMES]),
    len(foreign[NAMES[0]]),
    rows=NAMES,
    cell=0.5,
)
plt.show()

# %% tags=["hide-input"]
rows = {}
for name in NAMES:
    found = BIG[name]
    items = [ITEMS[i] for i in found["item"]]
    most = sorted(set(items), key=lambda item: -items.count(item))
    by_sibling = [other == name for other in found["named_by_sibling"]]
    of = BIG["photographs"]["of_classes"][name]
    rows[name] = {
        "right would be": ", ".join(about_foreign["items"][name]) or "nothing",
        "first for photographs": f"{of['first']} of {len(of['p'])}",
        "p, photographs": f"{np.mean(of['p']):.4f}",
        "p, Lite0": f"{np.mean(found['p']):.2f}",
        "p, Lite1": f"{np.mean(found['p_sibling']):.2f}",
        "Lite1 names it": f"{sum(by_sibling)} of {len(by_sibling)}",
        "the evaluator sees": ", ".join(
            f"{item} {items.count(item)}" for item in most
        ),
    }
figures.table(rows)

# %% tags=["hide-input"]
right = {
    name: [ITEMS[i] in about_foreign["items"][name] for i in BIG[name]["item"]]
    for name in NAMES
    if about_foreign["items"][name]
}
keep(
    "foreign.right",
    metrics.by_student(torch.tensor([np.mean(of) for of in right.values()])),
)
by_chance = [len(about_foreign["items"][name]) / len(ITEMS) for name in right]
keep("foreign.right_by_chance", float(np.mean(by_chance)))
keep("foreign.p", float(np.mean([BIG[name]["p"] for name in right])))
keep(
    "foreign.p_sibling", float(np.mean([BIG[name]["p_sibling"] for name in right]))
)
of_photographs = BIG["photographs"]["of_classes"]
keep("foreign.photographs", sum(len(of_photographs[name]["p"]) for name in right))
keep(
    "foreign.photographs_first",
    sum(of_photographs[name]["first"] for name in right),
)
seen_most = list(BIG["photographs"]["named_most"].values())
most = max(set(seen_most), key=seen_most.count)
keep("foreign.seen_most", most)
keep("foreign.seen_most_items", seen_most.count(most))
keep("foreign.eps2", BIG[NAMES[0]]["setting"][1])
other = [name for name in NAMES if name not in right]
keep("foreign.p_nothing", float(np.mean([BIG[name]["p"] for name in other])))
keep(
    "foreign.p_sibling_nothing",
    float(np.mean([BIG[name]["p_sibling"] for name in other])),
)

# %% [markdown]
# Little comes of it. In {glue:text}`foreign.right:.0%` of the pictures the evaluator sees an item that would be right. Drawn by lot it would be {glue:text}`foreign.right_by_chance:.0%`, well inside of the interval. Only of sandals and purses do most pictures show one, and for several classes none does (table). Nor is EfficientNet fooled: at the end of the chains it gives what was asked for a probability of {glue:text}`foreign.p:.3f` on average, its sibling {glue:text}`foreign.p_sibling:.3f`.
#
# The reason is to be seen in photographs. Of {glue:text}`foreign.photographs` pairs of a class and a photograph of a right item (some photographs are right for several classes) it puts the class first in {glue:text}`foreign.photographs_first`, and for {glue:text}`foreign.seen_most_items` of the ten items what it says most often is *{glue:text}`foreign.seen_most`*. Small flat clothes in bright colours are nothing that it was taught. An adapter makes a network fit in size and range; it does not make it know what $G$ draws. (The step size $\epsilon_2$ = {glue:text}`foreign.eps2:.1f` is the largest of the four that were tried. Three and ten times that, with four chains, did not do better.) The paper could ask other networks, since they were trained on photographs like those of its $G$.
#
# ## More ways to put conditions together
#
# A product of two experts is a sum of their logarithms. So other things that one does with logarithms have a meaning too. Not red is the logarithm of a sum over the other colours. A weight on a logarithm is a power of the probability, and makes the condition sharper or blunter. And nothing says that a condition has to stay the same while a chain runs.

# %%
item = {name: conditions.classes(E, ITEMS.index(name), "item") for name in ITEMS}
TOGETHER = {
    "sneaker and bag": conditions.product(item["sneaker"], item["bag"]),
    "dress and trousers": conditions.product(item["dress"], item["trousers"]),
    "a unit and a coat": conditions.product(
        units(E, "shape.conv5:17", place=(4, 4)), item["coat"]
    ),
    "coat, power 0.1": conditions.weighted(0.1, item["coat"]),
    "coat": item["coat"],
    "coat, power 10": conditions.weighted(10.0, item["coat"]),
}

# %% tags=["hide-input"] mystnb={"figure": {"caption": "From the same starts (columns): two items at once; a hidden unit and a class; a class to the powers 0.1, 1 and 10. None was tuned.", "name": "fig-several-products"}, "image": {"alt": "Six rows of six. Sneaker and bag: two whole blocks, flat shoes and broken shapes. Dress and trousers: narrow shapes, some broken. A unit and a coat, a coat with a small power and a coat: tops in many colours. A coat with power 10: tops, and two broken pictures."}}
figures.image_grid(
    torch.cat([ends(condition) for condition in TOGETHER.values()]),
    settings.starts,
    rows=list(TOGETHER),
    cell=0.6,
)
plt.show()


# %% tags=["hide-input"] mystnb={"figure": {"caption": "Chains that are asked for one item in the six pictures on the left and for another in the six on the right: sneaker and then ankle boot (top two rows), coat and then bag. States at nearly equal distances.", "name": "fig-several-moving"}, "image": {"alt": "Four rows of twelve. Broken pictures become a sneaker or boot, which then stays or turns into a boot with a heel; others become coats, and then bags, a blue one and a red one."}}
@torch.no_grad()
def on_the_way(first, second, seeds, shown=12):
    """States of chains that are asked for one item and then for another, (seeds * shown, 3, 32, 32)."""
    h = rectified_normal(seeds, G.code).to(settings.device)
    half, codes = settings.steps // 2, []
    for name in (first, second):
        states = list(
            chain(h, *variants.noiseless(G, E, item[name]), eps, steps=half)
        )
        codes += [state.h for state in states[:: max(1, half // (shown // 2))]][
            : shown // 2
        ]
        h = states[-1].h
    return torch.stack([G(h).clamp(-1, 1).cpu() for h in codes], 1).flatten(0, 1)


moved = [
    on_the_way("sneaker", "ankle boot", [0, 1]),
    on_the_way("coat", "bag", [0, 1]),
]
wide = len(moved[0]) // 2
figures.image_grid(
    torch.cat(moved),
    wide,
    rows=["sneaker, then boot", "other start", "coat, then bag", "other start"],
    tops=["first" if i < wide // 2 else "then" for i in range(wide)],
    cell=0.6,
)
plt.show()

# %% tags=["hide-cell", "nbval-check-output"]
print("conditions:", list(PLUGGED), list(TOGETHER))
print("all finite:", torch.cat(moved).isfinite().all().item())

# %% [markdown]
# Two items at once have hardly any picture: no photograph shows both, and where one of the two probabilities is high the other is low. The chains end at one of the two items, or at something else, or at broken shapes; none shows both. A unit and a class give coats and other tops; how strongly the unit is excited was not looked at. A small power leaves more to the prior, and a large one tears it: at power 10 some pictures are broken. And a chain can change its mind on the way, mostly with the colour that it had, while the outline gives way to the new item. None of this was measured.
#
# ## Exercises
#
# **1.** Two experts know the same thing: $p_1(y \mid x) = p_2(y \mid x)$. What is their product as a condition, and what does it do to the balance with the prior?
#
# <details><summary>Solution</summary>
#
# $\log p_1 + \log p_2 = 2 \log p_1$, the same condition with twice the weight: as if $\epsilon_2$ were doubled. So a product of experts that know nearly the same pulls more strongly, and not to another place. It is another matter where they know different things. The folded cell below tries it with a few updates.
#
# </details>


# %% tags=["hide-cell"]
# Solution of exercise 1, run
def after(condition, eps2):
    """The codes of four chains after five updates."""
    h0 = rectified_normal(range(4), G.code).to(settings.device)
    experts = variants.noiseless(G, E, condition)
    *_, last = chain(h0, *experts, Eps(0.1, eps2), steps=5)
    return last.h


both_know = after(conditions.product(item["bag"], item["bag"]), 0.2)
for eps2 in (0.2, 0.4):
    off = (both_know - after(item["bag"], eps2)).norm() / both_know.norm()
    print(f"one expert with ε2 = {eps2} is {off:.3f} of a code's length away")

# %% [markdown]
# **2.** "Not red" was written as $\log \sum_{c \ne \text{red}} p(c \mid x)$. Why not as $-\log p(\text{red} \mid x)$?
#
# <details><summary>Solution</summary>
#
# $-\log p$ has no upper bound. It rewards a picture for which red is less and less likely for ever, $10^{-3}$, $10^{-6}$, and so climbs to pictures at which the classifier is extreme. Where red is certain, it hardly pulls at all. The other one is at most 0, and its gradient $-\,\partial p(\text{red} \mid x) / (1 - p(\text{red} \mid x))$ fades when red has become unlikely. It is the logarithm of a probability: that of the event "not red". The folded cell below has both, and their gradients, at a picture that was asked to be red and at one that was asked not to be.
#
# </details>

# %% tags=["hide-cell"]
# Solution of exercise 2, run
two = [drawn_first[name][:1] for name in list(PLUGGED)[-2:]]  # red, and not red
x = torch.cat(two).to(settings.device).requires_grad_()
others = [conditions.classes(E, c, "colour")(x) for c in range(len(COLOURS))]
red = others.pop(COLOURS.index("red"))
print(f"{'p(red)':30}", *(f"{p:10.1e}" for p in red.exp()))
for name, log_p in (
    ("log of the sum", torch.stack(others).logsumexp(0)),
    ("-log p(red)", -red),
):
    (slope,) = torch.autograd.grad(log_p.sum(), x, retain_graph=True)
    for of, value in (
        ("", log_p),
        (", its gradient", slope.flatten(1).norm(dim=1)),
    ):
        print(f"{name + of:30}", *(f"{number:10.1e}" for number in value))

# %% [markdown]
# ## Summary
#
# - A condition is anything that gives a probability and has a gradient: a classifier of other things, a captioner, a hidden unit, and products, powers and sums of these.
# - Item by one network and colour by another hold together in {glue:text}`several.both_right:.0%` of the pictures, and the item is met somewhat less often than alone. C39 is {glue:text}`claim.C39`.
# - A network that was trained on other pictures fits in as well, but that it steers is not shown: with EfficientNet-Lite0 {glue:text}`foreign.right:.0%` of the pictures show an item that would be right, by lot it would be {glue:text}`foreign.right_by_chance:.0%`, within the interval.
# - What no photograph shows together the sampler does not find.
# - One $E$, one $G$, one captioner.
