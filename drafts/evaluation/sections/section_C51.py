# For notebooks/18_evaluation.py. Set-up that it needs, beside the header:
#
#   from ppgn_lib import metrics
#   from ppgn_lib.book import claims
#   from ppgn_lib.book.record import Kept, record
#   from ppgn_lib.data.files import locate
#   from ppgn_lib.data.tinted_fashion import ITEMS
#   from ppgn_lib.metrics import protocol
#
#   keep = Kept()
#
# Names that are new: taught_about, TAUGHT, KINDS, table_of, accuracy. Words in CAPITALS wait for the numbers.

# %% [markdown]
# ## What samples can teach
#
# If samples are as good as photographs, a network should learn from them as from photographs: a classifier can be trained on samples (C51). So small networks, all of one form, were trained for {glue:text}`taught.steps` steps on a thousand samples of Noiseless, on a thousand photographs, and on a hundred photographs, and tested once on the ten thousand test photographs. Samples are labelled with the class that the chain was asked for, whatever they show; all of them count. Five draws each, of pictures, weights and order.
#
# The hundred photographs are used in two ways. *Plain* they are the same hundred pictures in each epoch. With *fresh colours* each epoch draws their colours and light anew, by the recipe of the data, which no one would have for real photographs; samples and the thousand do not get that. It makes the hundred a high hurdle.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Left: share of the test photographs that a network names rightly, by what it has learned from; a dot for each of five draws, the mean with its 95 % interval (Student's t). One network learned from the plain hundred and the samples together. Right: the same item by item, mean over the draws.", "name": "fig-evaluation-taught"}, "image": {"alt": "Left, five rows of dots along an axis of accuracy, the thousand photographs THE FARTHEST to the right. Right, for each of ten items three marks: thousand photographs, thousand samples, hundred photographs."}}
_, taught_about = protocol.open_samples(locate("results/taught.safetensors"))
TAUGHT = taught_about["found"]
taught_of = TAUGHT["samples.0"]["protocol"]
KINDS = {
    "thousand": "1000 photographs",
    "samples": "1000 samples",
    "hundred": "100, fresh colours",
    "plain hundred": "100 photographs",
}


def table_of(kind, draw):
    """Test photographs of each item (rows) that are taken for each item, (10, 10)."""
    return torch.tensor(TAUGHT[f"{kind}.{draw}"]["seen"], dtype=torch.float64)


def accuracy(kind, draws=range(taught_of["draws"])):
    """The share of test photographs that is named rightly, (draws,)."""
    tables = torch.stack([table_of(kind, draw) for draw in draws])
    return tables.diagonal(dim1=1, dim2=2).sum(1) / tables.sum((1, 2))


right = {kind: accuracy(kind) for kind in KINDS}
together = accuracy("both", [0]).item()
fig, (left, items) = plt.subplots(
    1, 2, figsize=(10, 3.4), width_ratios=(1.2, 1), layout="constrained"
)
for i, values in enumerate(right.values()):
    left.plot(values, [i] * len(values), "o", ms=4, alpha=0.5, color="0.5")
    figures.interval(left, i + 0.2, metrics.by_student(values), color="k", ms=4)
left.plot(together, len(right), "o", ms=4, color="0.5")
left.set_yticks(range(len(right) + 1), [*KINDS.values(), "100 and samples"])
left.invert_yaxis()
left.set(xlabel="test photographs named rightly")
for i, kind in enumerate(("thousand", "samples", "plain hundred")):
    tables = torch.stack([table_of(kind, d) for d in range(taught_of["draws"])])
    shares = (tables.diagonal(dim1=1, dim2=2) / tables.sum(2)).mean(0)
    items.plot(shares, range(10), "osD"[i], ms=4, label=KINDS[kind])
items.set_yticks(range(10), ITEMS, fontsize=8)
items.invert_yaxis()
items.set(xlabel="of these, named rightly", xlim=(0, 1))
items.legend(fontsize=7)
plt.show()

# %% tags=["hide-input"]
record("taught.steps", taught_of["settings"]["steps"])
for key, kind in (
    ("thousand", "thousand"),
    ("samples", "samples"),
    ("hundred", "hundred"),
    ("plain_hundred", "plain hundred"),
):
    record(f"taught.accuracy_{key}", metrics.by_student(right[kind]))
record("taught.accuracy_together", together)
record("taught.accuracy_samples_first", right["samples"][0].item())
middle = (right["thousand"] + right["hundred"]) / 2
for key, difference in (
    ("samples_minus_hundred", right["samples"] - right["hundred"]),
    (
        "samples_minus_hundred_without_fresh_colours",
        right["samples"] - right["plain hundred"],
    ),
    (
        "samples_minus_middle_of_thousand_and_hundred",
        right["samples"] - middle,
    ),
    ("thousand_minus_hundred", right["thousand"] - right["hundred"]),
):
    keep(f"taught.{key}", metrics.by_student(difference))
record("claim.C51", claims.decide("C51", keep))
figures.table(
    {
        name: {"named rightly": str(metrics.by_student(right[kind]))}
        for kind, name in KINDS.items()
    }
)

# %% [markdown]
# A thousand photographs teach {glue:text}`taught.accuracy_thousand:.3f`, a hundred {glue:text}`taught.accuracy_plain_hundred:.3f` and in fresh colours {glue:text}`taught.accuracy_hundred:.3f`. A thousand samples teach {glue:text}`taught.accuracy_samples:.3f`. So samples are worth {glue:text}`taught.samples_minus_hundred_without_fresh_colours:.3f` MORE / LESS than a tenth of their number in photographs, and {glue:text}`taught.samples_minus_hundred:.3f` MORE / LESS than these in fresh colours. From the middle between the hundred in fresh colours and the thousand they are {glue:text}`taught.samples_minus_middle_of_thousand_and_hundred:.3f` away: NEARER TO WHICH. C51 is {glue:text}`claim.C51`. Samples and the plain hundred together teach {glue:text}`taught.accuracy_together:.3f` (one network; with the same samples alone {glue:text}`taught.accuracy_samples_first:.3f`). WHICH ITEMS SAMPLES TEACH WORST, AND WHAT THEY ARE TAKEN FOR.
#
# No labels are saved by this. $E$, which steers the chains, learned from 55 000 labelled photographs, and the samples carry what it knows. And it is one pair of $E$ and $G$: the five draws are taken from the same two hundred samples a class, so they overlap, and their interval is too narrow.
