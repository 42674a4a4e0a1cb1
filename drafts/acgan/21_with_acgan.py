# %% [markdown]
# # One table for all
#
# **Question.** The paper ends with a table of four measures (its Table S3): photographs, AC-GAN, and its best sampler. How does that table look here, by one protocol for all, with intervals, and with measures that the paper does not have?
#
# First the pictures. A hundred of each, ten of a class, nothing picked, so laid out that like is beside like.

# %% tags=["parameters"]
# None: the profile's value
side = None  # of the grids of pictures; a multiple of ten

# %% tags=["set-up"]
import json

from torch.utils.flop_counter import FlopCounterMode

from ppgn_lib import Eps, chain, metrics, variants
from ppgn_lib.book import claims
from ppgn_lib.book.layout import on_a_grid
from ppgn_lib.book.record import Kept, record
from ppgn_lib.data.files import locate
from ppgn_lib.data.tinted_fashion import ITEMS, TintedFashion
from ppgn_lib.experts import conditions
from ppgn_lib.metrics import Estimate, protocol
from ppgn_lib.networks.zoo import load

keep = Kept()
E, G, acgan, evaluator = (
    load(name).to(settings.device)
    for name in ("encoder", "generator", "acgan", "evaluator")
)
codes, about = protocol.open_samples(
    locate("results/noiseless_samples.safetensors")
)
TABLE = protocol.open_samples(locate("results/table3.safetensors"))[1]["found"]
STATES = protocol.open_samples(locate("results/acgan.safetensors"))[1]["found"]
NUMBERS = json.loads(locate("results/acgan_numbers.json").read_text("utf-8"))
NETS = [name for name in TABLE if name.startswith("A.")]

# %% tags=["hide-input"] mystnb={"figure": {"caption": "A hundred pictures each, ten of a class: test photographs, pictures by an [AC-GAN](20_acgan.ipynb), and ends of chains of Noiseless Joint PPGN-h. Places by t-SNE of the evaluator's features.", "name": "fig-evaluation-tsne"}, "image": {"alt": "Three square grids of small pictures."}}
judge = metrics.judge_with(evaluator, "item")
per_class = settings.side**2 // len(ITEMS)
y = protocol.classes_of(per_class)
z = torch.randn(len(y), acgan.noise, generator=torch.Generator().manual_seed(0))
first = protocol.first_of(codes["random.codes"], per_class).float()
with torch.no_grad():
    drawn = acgan(z.to(settings.device), y.to(settings.device)).cpu()
    ends = G(first.to(settings.device)).clamp(-1, 1).cpu()
photographs = protocol.real_images(TintedFashion("test"), judge, per_class).x
fig, axes = plt.subplots(1, 3, figsize=(12, 4.2), layout="constrained")
for ax, title, x in zip(
    axes,
    ("photographs", "AC-GAN", "Noiseless"),
    (photographs, drawn, ends),
    strict=True,
):
    features = metrics.judgement(judge, x).features
    order = torch.from_numpy(on_a_grid(features, settings.side))
    figures.image_grid(x[order], settings.side, title=title, ax=ax)
plt.show()

# %% tags=["hide-cell", "nbval-check-output"]
print("columns:", list(TABLE), "finite:", ends.isfinite().all().item())

# %% [markdown]
# ## What is compared
#
# Two hundred pictures a class of each, nothing filtered:
#
# - *photographs*, twice: two sets of the test split that share no picture. How far the second is from the first is what chance alone does.
# - *AC-GAN*: the four large nets of [the chapter before](20_acgan.ipynb), their mean, with the interval over the four trainings.
# - *DGN-AM*, *Joint PPGN-h* and *Noiseless Joint PPGN-h*: chains from random codes, each sampler at the setting that was chosen for it on validation, by another judge. DGN-AM and Joint have as many pictures as are stored (second column). Intervals over pictures; there is one long training of $E$ and $G$ only.
# - *Noiseless at half size*: the same pictures shrunk to 16 pixels and enlarged again, as the paper does.
#
# Is it a fair match? AC-GAN learned from the same photographs, with twelve pairs of learning rates tried, as many settings as a sampler has. Its training costs about a fifth of the multiplications of $E$, $G$ and $D$ together; twice the steps brought it {glue:text}`acgan.recognised_gain_of_last_doubling:.3f` more recognised. A picture is cheaper still, since it takes one pass and no chain:

# %% tags=["hide-input"]
eps = Eps(*about["protocol"]["eps"])


def multiplications(run):
    """Of one call, as PyTorch counts them (a multiplication and an addition are two operations)."""
    with FlopCounterMode(display=False) as counter:
        run()
    return counter.get_total_flops() // 2


def updates(steps):
    """A chain of one picture."""
    one = first[:1].to(settings.device)
    experts = variants.joint(
        G,
        E,
        conditions.classes(E, torch.tensor([0], device=settings.device), "item"),
    )
    return lambda: list(chain(one, *experts, eps, steps=steps, seeds=[0]))


one_pass = multiplications(
    lambda: acgan(z[:1].to(settings.device), y[:1].to(settings.device))
)
one_update = multiplications(updates(2)) - multiplications(updates(1))
record("acgan.multiplications", one_pass / 1e6)
record("noiseless.multiplications", one_update * protocol.STEPS / 1e6)
record("table3.cost_of_a_picture", one_update * protocol.STEPS / one_pass)
figures.table(
    {
        "AC-GAN": {
            "passes": "one",
            "million multiplications a picture": f"{one_pass / 1e6:.0f}",
        },
        "Noiseless": {
            "passes": f"{protocol.STEPS} updates",
            "million multiplications a picture": f"{one_update * protocol.STEPS / 1e6:,.0f}",
        },
    }
)

# %% [markdown]
# So a picture by Noiseless costs {glue:text}`table3.cost_of_a_picture:,.0f` times as much.
#
# ## The paper's four measures
#
# - *Accuracy*: the share that the evaluator names as asked. Since chains climb $E$, and the evaluator may err as $E$ does, there is a second judge that knows nothing of either: the *reader*, a linear classifier on EfficientNet's features, fitted to photographs. *Recognised* is the mean of the two.
# - *Score*: $\exp$ of the mean divergence of $p(y \mid x)$ from $p(y)$, as the Inception score has it, mean of both judges. 1 if nothing is told, 10 at most.
# - *MS-SSIM*: how alike two pictures of a class are, mean over random pairs, in luminance. Lower is more varied.
# - *Varied classes*: of ten, how many are less alike than the least varied class of photographs.

# %% tags=["hide-input"]
COLUMNS = {
    "real": ("photographs", "photographs"),
    "other_real": ("other photographs", "other_photographs"),
    "acgan": ("AC-GAN", NETS[0]),
    "dgn_am": ("DGN-AM", "dgn_am"),
    "joint": ("Joint PPGN-h", "joint"),
    "noiseless": ("Noiseless", "noiseless"),
    "noiseless_resized": ("Noiseless at half size", "noiseless"),
}
MEASURES = {  # key in the book's results: what the store calls it, title
    "accuracy": ("evaluator", "accuracy"),
    "reader": ("reader", "reader"),
    "recognised": ("recognised", "recognised"),
    "score": ("score", "score"),
    "msssim": ("msssim", "MS-SSIM"),
    "diverse_classes": ("more_diverse", "varied classes"),
    "kid": ("kid", "kernel distance"),
    "kid_foreign": ("kid_foreign", "kernel distance, EfficientNet"),
    "two_sample_accuracy": ("two_sample_accuracy", "told apart"),
    "precision": ("precision", "precision"),
    "recall": ("recall", "recall"),
    "coverage": ("coverage", "coverage"),
    "memorisation": ("memorisation", "memorisation"),
    "memorisation_pixels": ("memorisation_pixels", "memorisation in pixels"),
}


def measures(entry):
    """All measures of one set of pictures."""
    diverse, of = entry["more_diverse"]
    numbers = entry["numbers"] | {"more_diverse": [diverse, diverse, diverse, of]}
    return {key: Estimate(*numbers[name]) for key, (name, _) in MEASURES.items()}


def column(name):
    """All measures of a column; of AC-GAN the mean over its trainings."""
    if name == "acgan":
        each = [measures(TABLE[net]) for net in NETS]
        return {
            key: metrics.by_student(np.array([of[key].value for of in each]))
            for key in MEASURES
        }
    entry = TABLE[COLUMNS[name][1]]
    return measures(entry["half"] if name == "noiseless_resized" else entry)


FOUND = {name: column(name) for name in COLUMNS}
for name, of in FOUND.items():
    for key, value in of.items():
        plain = key == "diverse_classes" and name != "acgan"
        record(f"table3.{name}.{key}", value.value if plain else value)


def text(name, key):
    """A number of the table; of varied classes the count alone."""
    value = FOUND[name][key]
    return f"{value.value:g}" if key == "diverse_classes" else str(value)


def part(*keys):
    """Some of the measures, a row for each model."""
    return figures.table(
        {
            title: {
                "pictures of a class": str(TABLE[entry]["per_class"]),
                **{MEASURES[key][1]: text(name, key) for key in keys},
            }
            for name, (title, entry) in COLUMNS.items()
        }
    )


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

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The four measures of the paper's table, each over that of photographs. Dots with intervals: here; crosses: in the paper (its AC-GAN has no score and no MS-SSIM).", "name": "fig-evaluation-columns"}, "image": {"alt": "Four panels with a row for each model."}}
PAPER = {  # Nguyen et al., Table S3
    "real": (0.761, 210.4, 0.10, 0.999),
    "acgan": (0.101, None, None, 0.847),
    "noiseless": (0.596, 60.6, 0.23, 0.829),
    "noiseless_resized": (0.548, 47.7, 0.25, 0.770),
}
fig, axes = plt.subplots(1, 4, figsize=(12, 2.8), sharey=True, layout="constrained")
for i, (ax, key) in enumerate(
    zip(axes, ("accuracy", "score", "msssim", "diverse_classes"), strict=True)
):
    for row, name in enumerate(COLUMNS):
        ratio = metrics.ratio(FOUND[name][key], FOUND["real"][key])
        if key == "diverse_classes":
            share = FOUND[name][key].value / len(ITEMS)
            ax.plot(share, row, "o", color="C0", ms=4)
        else:
            figures.interval(ax, row, ratio, color="C0", ms=4)
        if name in PAPER and PAPER[name][i] is not None:
            of_real = 1 if key == "diverse_classes" else PAPER["real"][i]
            ax.plot(PAPER[name][i] / of_real, row + 0.25, "x", color="C3", ms=5)
    ax.axvline(1, color="0.7", lw=1)
    last = "share of varied classes" if key == "diverse_classes" else None
    ax.set(xlabel=last or f"{MEASURES[key][1]}, over photographs'", xlim=(0, None))
axes[0].set_yticks(range(len(COLUMNS)), [title for title, _ in COLUMNS.values()])
axes[0].invert_yaxis()
plt.show()

# %% tags=["hide-input"]
for key in claims.rules()["C40"].numbers.values():
    keep(key, Estimate(*NUMBERS["numbers"][key]))
record("claim.C40", claims.decide("C40", keep))
for key in ("accuracy", "score"):
    ratio = metrics.ratio(FOUND["noiseless"][key], FOUND["real"][key])
    record(f"table3.noiseless.{key}_over_real", ratio)

# %% [markdown]
# **C40 is {glue:text}`claim.C40`.** TODO
#
# ## What the four do not see
#
# A set that is recognised and varied may still be far from photographs. So:
#
# - *Kernel distance* to photographs of the class, by the evaluator's features and by EfficientNet's; 0 for other photographs. Lower is better.
# - *Told apart*: how often a small network that was trained for nothing else tells a picture from a photograph. One half is guessing.
# - *Precision*: pictures that lie among photographs; *recall*: photographs that lie among pictures; *coverage*: photographs that have a picture near (each by five neighbours).

# %% tags=["hide-input"]
part("kid", "kid_foreign", "two_sample_accuracy", "precision", "recall", "coverage")

# %% [markdown]
# TODO
#
# ## Copies?
#
# A model that hands out its training photographs would win all these columns. *Memorisation* is the mean distance from a picture to the nearest training photograph of its class, over the same distance of test photographs, which nobody was trained on. 1: no nearer than they are; 0: copies. Once in the evaluator's features, once in pixels (normalised luminance, mirrored and with its brightness turned round, whichever is nearest).

# %% tags=["hide-input"]
part("memorisation", "memorisation_pixels")

# %% [markdown]
# TODO
#
# ## Exercises
#
# **1.** The second row has photographs, too. Take its numbers for those of a new model. In which columns would a paper call it worse or better than the first row, and what does that say of small differences elsewhere in the table?
#
# <details><summary>Solution</summary>
#
# Wherever its interval does not hold the first row's number. Both rows are drawn from the same thing, so each such difference is chance, or bias of the measure: two of every hundred intervals miss by either side even if all is right, and here are more than ten columns. Differences between models as small as that between the two rows mean nothing. This is why the table has two rows of photographs.
#
# </details>
#
# **2.** A model draws each class's most typical photograph, over and over. Go through the columns: where does it win, where does it lose? Then take a model that copies two hundred different training photographs of each class.
#
# <details><summary>Solution</summary>
#
# The first wins accuracy, score and precision. It loses MS-SSIM (1, all alike), varied classes, recall and coverage, kernel distance, and it is told apart at once. Memorisation finds it if the photograph is a training one: its distance is 0. The second wins all columns but memorisation, where it has 0 while photographs have 1. That is why the last table is there.
#
# </details>
#
# ## Summary
