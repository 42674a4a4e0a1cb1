# %% [markdown]
# # A thousand samples
#
# **Question.** Figures show few pictures, and somebody has chosen them. What do all of them look like?
#
# Below are the ends of the first hundred chains of each class, by [Noiseless Joint PPGN-h](08_noiseless_joint_ppgn_h.ipynb) from random codes, a class a figure, in the order of their seeds. Nothing is left out. A red frame marks a picture that the evaluator, which took no part in sampling, takes for another item. The row on top are the first ten test photographs of the class, to compare with; of these, too, those that it takes for another item are framed.

# %% tags=["parameters"]
# None: the profile's value
shown = None  # chains of a class that are drawn and judged, a multiple of ten

# %% tags=["set-up"]
from ppgn_lib import metrics
from ppgn_lib.book.record import record
from ppgn_lib.data.files import locate
from ppgn_lib.data.tinted_fashion import COLOURS, ITEMS, TintedFashion
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.zoo import load

G, evaluator = (
    load(name).to(settings.device) for name in ("generator", "evaluator")
)
judge = metrics.judge_with(evaluator, "item")
stored, about = protocol.open_samples(
    locate("results/noiseless_samples.safetensors")
)
chains = protocol.first_chains(stored, "random", settings.shown, len(ITEMS))
with torch.no_grad():
    samples = metrics.in_blocks(
        lambda h: G(h.to(settings.device)).clamp(-1, 1).cpu(), chains.codes
    )
judged = metrics.judgement(judge, samples)
wanted = protocol.classes_of(settings.shown)
named = judged.logits.argmax(1)
by_colour = metrics.judge_with(evaluator, "colour")
coloured = metrics.judgement(by_colour, samples).logits.argmax(1)
test = TintedFashion("test")
real, other = (
    protocol.real_images(test, judge, settings.shown, skip=skip)
    for skip in (0, settings.shown)
)


def page(item):
    """All samples of an item, below ten photographs of it."""
    c = ITEMS.index(item)
    photographs = test.batch((test.labels()["item"] == c).nonzero()[:10, 0]).x
    gap = torch.ones(10, *photographs.shape[1:])
    x = torch.cat([photographs, gap, samples[wanted == c]])
    pitch = x.shape[-1] + 1
    # A point for each of a picture's; the page shows four in its place.
    wide, high = (pitch * count - 1 for count in (10, len(x) // 10))
    dpi = plt.rcParams["figure.dpi"]
    fig = plt.figure(figsize=(wide / dpi, high / dpi))
    figures.image_grid(x, 10, ax=fig.add_axes((0, 0, 1, 1)))
    of_photographs = metrics.judgement(judge, photographs).logits.argmax(1)
    seen = torch.cat([of_photographs, torch.full((10,), c), named[wanted == c]])
    for i in (seen != c).nonzero()[:, 0].tolist():
        row, column = divmod(i, 10)
        corner = (column * pitch - 0.5, row * pitch - 0.5)
        side = x.shape[-1]
        fig.axes[0].add_patch(
            plt.Rectangle(corner, side, side, fill=False, ec="red", lw=1)
        )
    plt.show()


# %% [markdown]
# ## T-shirt

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Ten photographs of T-shirts, and the first hundred chains that were asked for one.", "name": "fig-samples-t-shirt"}, "image": {"classes": "pixels", "width": "702px", "alt": "On top ten photographs of T-shirts, one framed. Below a hundred drawn ones in all colours, many with short sleeves, some without; ten are framed, some of which are dresses."}}
page("t-shirt")

# %% [markdown]
# ## Trousers

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Ten photographs of trousers, and the first hundred chains that were asked for them.", "name": "fig-samples-trousers"}, "image": {"classes": "pixels", "width": "702px", "alt": "On top ten photographs of trousers, long and narrow. Below a hundred drawn ones, many of them shorts or wide ones, some a single leg; six are framed: dresses and blocks."}}
page("trousers")

# %% [markdown]
# ## Pullover

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Ten photographs of pullovers, and the first hundred chains that were asked for one.", "name": "fig-samples-pullover"}, "image": {"classes": "pixels", "width": "702px", "alt": "On top ten photographs of pullovers, two framed. Below a hundred drawn pullovers with long sleeves, in all colours, many green; three are framed."}}
page("pullover")

# %% [markdown]
# ## Dress

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Ten photographs of dresses, and the first hundred chains that were asked for one.", "name": "fig-samples-dress"}, "image": {"classes": "pixels", "width": "702px", "alt": "On top ten photographs of dresses, two framed. Below a hundred drawn ones in all colours: narrow ones, wide ones with straps, some with short sleeves; two are framed."}}
page("dress")

# %% [markdown]
# ## Coat

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Ten photographs of coats, and the first hundred chains that were asked for one.", "name": "fig-samples-coat"}, "image": {"classes": "pixels", "width": "702px", "alt": "On top ten photographs of coats, four framed. Below a hundred drawn ones, short and with long sleeves, many of them green, cyan or blue; twelve are framed, which look like pullovers or boxes."}}
page("coat")

# %% [markdown]
# ## Sandal

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Ten photographs of sandals, and the first hundred chains that were asked for one.", "name": "fig-samples-sandal"}, "image": {"classes": "pixels", "width": "702px", "alt": "On top ten photographs of sandals, nearly all flat and no two alike. Below a hundred drawn ones: about half are the same high heel in purple, blue or green; six flat ones are framed."}}
page("sandal")

# %% [markdown]
# ## Shirt

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Ten photographs of shirts, and the first hundred chains that were asked for one.", "name": "fig-samples-shirt"}, "image": {"classes": "pixels", "width": "702px", "alt": "On top ten photographs of shirts, three framed. Below a hundred drawn shirts and tops in all colours, with long sleeves, short ones or none; four are framed."}}
page("shirt")

# %% [markdown]
# ## Sneaker

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Ten photographs of sneakers, and the first hundred chains that were asked for one.", "name": "fig-samples-sneaker"}, "image": {"classes": "pixels", "width": "702px", "alt": "On top ten photographs of sneakers. Below a hundred drawn ones, flat and alike in shape, in all colours; eight are framed, some of them pale noise and some dark blocks."}}
page("sneaker")

# %% [markdown]
# ## Bag

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Ten photographs of bags, and the first hundred chains that were asked for one.", "name": "fig-samples-bag"}, "image": {"classes": "pixels", "width": "702px", "alt": "On top ten photographs of bags. Below a hundred drawn ones, with handles and without, many of them plain blue boxes; two with handles are framed."}}
page("bag")

# %% [markdown]
# ## Ankle boot

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Ten photographs of ankle boots, and the first hundred chains that were asked for one.", "name": "fig-samples-ankle-boot"}, "image": {"classes": "pixels", "width": "702px", "alt": "On top ten photographs of ankle boots, two framed. Below a hundred drawn ones, most of them with a heel, many blue or cyan; none is framed."}}
page("ankle boot")

# %% [markdown]
# ## In numbers
#
# Of each class: the share that the evaluator names as asked, and the same of photographs; what it names most often in its place; the colour that it sees most often; coverage, the share of photographs that have a sample near them, over that of other photographs; variety, the mean distance of two samples in the evaluator's features over that of two photographs; and the kernel distance to photographs (near 0 for other photographs). [The chapter on Noiseless](08_noiseless_joint_ppgn_h.ipynb) explains the measures and gives them for all classes together. Three of them compare features of pictures with those of photographs:


# %%
def compared(features, photographs):
    """Coverage, kernel distance and variety of the features of pictures of a class."""
    coverage = metrics.neighbours(features, photographs).coverage
    distance = metrics.kernel_distance(features, photographs)
    variety = torch.pdist(features).mean() / torch.pdist(photographs).mean()
    return coverage, distance, variety.item()


# %% tags=["hide-input"]
rows, shares, of_photographs, usual, ratios, distances = {}, [], [], [], [], []
for c, item in enumerate(ITEMS):
    mine = wanted == c
    wrong = named[mine][named[mine] != c].bincount(minlength=len(ITEMS))
    most = [ITEMS[i] for i in (wrong == wrong.max()).nonzero()[:, 0].tolist()]
    theirs = real.y == c
    photographs = real.judgement.features[theirs]
    near, distance, variety = compared(judged.features[mine], photographs)
    limit, *_ = compared(other.judgement.features[other.y == c], photographs)
    distances.append(distance.value)
    share = metrics.accuracy(judged.logits[mine], wanted[mine])
    colour = int(coloured[mine].mode().values)
    usual.append((coloured[mine] == colour).double().mean().item())
    shares.append(share.value)
    right = real.judgement.logits[theirs].argmax(1) == c
    of_photographs.append(right.double().mean().item())
    ratios.append(near.value / limit.value)
    rows[item] = {
        "named as asked": str(share),
        "photographs": f"{of_photographs[-1]:.2f}",
        "else most often": f"{', '.join(most)} ({int(wrong.max())} of {int(wrong.sum())})"
        if wrong.any()
        else "",
        "colour most often": f"{COLOURS[colour]} ({usual[-1]:.2f})",
        "coverage, of photographs'": str(metrics.ratio(near, limit)),
        "variety, of photographs'": f"{variety:.2f}",
        "kernel distance": str(distance),
    }
record("samples.least_named", min(shares))
record("samples.least_named_item", ITEMS[int(np.argmin(shares))])
real_coloured = metrics.judgement(by_colour, real.x).logits.argmax(1)
of_real = [
    real_coloured[real.y == c].bincount().max().item() / settings.shown
    for c in range(len(ITEMS))
]
record("samples.one_colour_photographs", float(np.mean(of_real)))
record("samples.one_colour_photographs_most", max(of_real))
easier = [a - b for a, b in zip(shares, of_photographs, strict=True)]
at = int(np.argmax(easier))
record("samples.easier_item", ITEMS[at])
record("samples.easier", shares[at])
record("samples.easier_photographs", of_photographs[at])
record("samples.named_photographs", float(np.mean(of_photographs)))
least = int(np.argmin(shares))
record("samples.least_named_photographs", of_photographs[least])
farthest = torch.tensor(distances).topk(2)
for place, i in enumerate(farthest.indices.tolist(), 1):
    record(f"samples.farthest_{place}_item", ITEMS[i])
    record(f"samples.farthest_{place}", distances[i])
    record(f"samples.farthest_{place}_named", shares[i])
    record(f"samples.farthest_{place}_covered", ratios[i])
record("samples.one_colour", max(usual))
record("samples.one_colour_item", ITEMS[int(np.argmax(usual))])
record("samples.one_colour_mean", float(np.mean(usual)))
record("samples.shown", settings.shown)
record("samples.named", metrics.accuracy(judged.logits, wanted))
figures.table(rows)

# %% tags=["hide-cell", "nbval-check-output"]
print("items:", list(rows), "finite:", samples.isfinite().all().item())

# %% [markdown]
# The chains have favourites. Of the samples of {glue:text}`samples.one_colour_item` {glue:text}`samples.one_colour:.0%` have one and the same colour, and over the classes the most frequent colour has {glue:text}`samples.one_colour_mean:.0%`. Of as many photographs the most frequent one has {glue:text}`samples.one_colour_photographs:.0%`, at most {glue:text}`samples.one_colour_photographs_most:.0%`, by luck alone, since all eight are as likely. Sandals come as one kind of high heel again and again. Kernel distance notices: it is largest for {glue:text}`samples.farthest_1_item` ({glue:text}`samples.farthest_1:.2f`) and {glue:text}`samples.farthest_2_item` ({glue:text}`samples.farthest_2:.2f`), near 0 for other photographs. Accuracy does not ({glue:text}`samples.farthest_1_named:.2f` and {glue:text}`samples.farthest_2_named:.2f`), nor does coverage ({glue:text}`samples.farthest_1_covered:.2f` and {glue:text}`samples.farthest_2_covered:.2f`). Variety notices the sandals, where it is by far the lowest, but not the boots: these are alike in colour, not in shape. A condition for the colour beside the item, as in [another chapter](12_other_conditions.ipynb), takes that choice from the chain.
#
# Nor is accuracy a mark of quality beyond a point. The evaluator names {glue:text}`samples.named:.0%` as asked, and of photographs {glue:text}`samples.named_photographs:.0%`. Samples of {glue:text}`samples.easier_item` are named in {glue:text}`samples.easier:.0%`, photographs of it in {glue:text}`samples.easier_photographs:.0%`: probably because a chain climbs to where a classifier is sure, and so ends at plainer cases than photographs are. The class that is named least often, {glue:text}`samples.least_named_item` ({glue:text}`samples.least_named:.0%`), is no easier among photographs ({glue:text}`samples.least_named_photographs:.0%`).
#
# A few chains show nothing: among the sneakers some ended in pale noise. Many pictures have speckles or a ragged edge.
#
# ## Exercises
#
# **1.** Cover the rows of photographs, and sort the samples of one class into good ones and bad ones by eye. How many do you call bad, and how many does the evaluator? What does that say of accuracy as a measure?
#
# <details><summary>Solution</summary>
#
# Mostly more by eye. The evaluator says which of ten items a picture is most like; it is not asked whether the picture is a good one. A torn coat is still more of a coat than of anything else. So accuracy finds wrong classes, and hardly finds speckles or torn edges; kernel distance and a network that is trained to tell samples from photographs do ({glue:text}`08_noiseless_joint_ppgn_h.ipynb::noiseless.two_sample_accuracy:.0%` of the cases). The folded cell below counts the frames of each class, to compare with your own count. Then it puts speckles on photographs: one pixel in fifty gets a colour by chance. The evaluator still names most of them, and the kernel distance tells them apart.
#
# </details>

# %% tags=["hide-cell"]
# Solution of exercise 1, run
framed = {
    item: int((named[wanted == c] != c).sum()) for c, item in enumerate(ITEMS)
}
print(f"framed, of {settings.shown} each:", framed)
g = torch.Generator().manual_seed(0)
speckles = 2 * torch.rand(real.x.shape, generator=g) - 1
hit = torch.rand(len(real.x), 1, *real.x.shape[2:], generator=g) < 1 / 50
speckled = metrics.judgement(judge, torch.where(hit, speckles, real.x))
for title, found in (("photographs", real.judgement), ("with speckles", speckled)):
    right = (found.logits.argmax(1) == real.y).double().mean()
    of = [found.features, real.y, other.judgement.features, other.y]
    distance = metrics.kernel_distance_by_class(*of)
    print(f"{title}: {right:.1%} named rightly, kernel distance {distance}")

# %% [markdown]
# **2.** Would a sampler that copies ten training photographs, each ten times, look good on this page? In which columns of the table would it fail?
#
# <details><summary>Solution</summary>
#
# At a glance yes: sharp pictures of the right class, until one sees that they repeat. It is named as asked about as often as photographs. Coverage falls most, since ten photographs are near few others. Kernel distance rises, and one colour has at least a fifth of the pictures. Variety falls little, because two different photographs are as far apart as any two, and only one pair in eleven is twice the same one (450 of 4950). To be sure of copies one looks for the nearest training photographs. The folded cell below builds this sampler, and prints means over the classes for it, for the samples and for other photographs. (Coverage stands there as it is, in the table as a share of that of other photographs.)
#
# </details>

# %% tags=["hide-cell"]
# Solution of exercise 2, run
train = TintedFashion("train")
items_of = train.labels()["item"]
ten = torch.cat([(items_of == c).nonzero()[:10, 0] for c in range(len(ITEMS))])
copied = metrics.judgement(judge, train.batch(ten).x)
SOURCES = {
    "copies": [f.repeat_interleave(settings.shown // 10, 0) for f in copied],
    "samples": judged,
    "other photographs": other.judgement,
}
for title, (features, logits) in SOURCES.items():
    right = (logits.argmax(1) == wanted).double().mean()
    found = [
        compared(features[wanted == c], real.judgement.features[real.y == c])
        for c in range(len(ITEMS))
    ]
    coverage, distance = (np.mean([e[i].value for e in found]) for i in (0, 1))
    variety = np.mean([e[2] for e in found])
    print(f"{title}: {right:.0%} named as asked, coverage {coverage:.2f},")
    print(f"  kernel distance {distance:.2f}, variety {variety:.2f}")
tints = train.labels()["colour"][ten].view(len(ITEMS), 10)
most = np.mean([tint.bincount().max().item() / 10 for tint in tints])
print(f"the most frequent colour has {most:.0%} of the copies of a class")

# %% [markdown]
# ## Summary
#
# - {glue:text}`samples.shown` samples of each class, all shown; the evaluator names {glue:text}`samples.named:.0%` as asked, and {glue:text}`samples.named_photographs:.0%` of photographs. That does not make samples better than photographs.
# - Chains have favourites, in colours most of all ({glue:text}`samples.one_colour_mean:.0%` of a class have the same one, of photographs {glue:text}`samples.one_colour_photographs:.0%`). Accuracy and coverage hardly notice; kernel distance does, and variety for the sandals.
