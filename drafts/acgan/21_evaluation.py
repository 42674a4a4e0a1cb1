# %% [markdown]
# # Evaluation: the table, with AC-GAN beside it
#
# **Question.** The paper ends with one table of four measures (its Table S3). How does it look here, for photographs, for [AC-GAN](20_acgan.ipynb), for DGN-AM and for two PPGNs, by one protocol, with more measures, and with intervals?
#
# First the pictures. A hundred of each, ten of each class, nothing picked, so laid out that like is beside like (t-SNE of the evaluator's features).

# %% tags=["parameters"]
# None: the profile's value
side = None  # of the grids of pictures

# %% tags=["set-up"]
import json

from ppgn_lib import metrics
from ppgn_lib.book import claims
from ppgn_lib.book.layout import on_a_grid
from ppgn_lib.book.record import Kept, record
from ppgn_lib.data.files import locate
from ppgn_lib.data.tinted_fashion import ITEMS, TintedFashion
from ppgn_lib.metrics import Estimate, protocol
from ppgn_lib.networks.zoo import load

keep = Kept()
_, about = protocol.open_samples(locate("results/table3.safetensors"))
TABLE = about["found"]
NUMBERS = json.loads(locate("results/acgan_numbers.json").read_text("utf-8"))["numbers"]


# %% tags=["hide-input"] mystnb={"figure": {"caption": "Test photographs, AC-GAN, and Noiseless Joint PPGN-h; like beside like.", "name": "fig-evaluation-tsne"}, "image": {"alt": "Three square grids of small pictures."}}
judge = metrics.judge_with(load("evaluator").to(settings.device), "item")
per_class = settings.side**2 // len(ITEMS)
codes, _ = protocol.open_samples(locate("results/noiseless_samples.safetensors"))
acgan, generator = (load(name).to(settings.device) for name in ("acgan", "generator"))
y = protocol.classes_of(per_class)
z = torch.randn(len(y), acgan.noise, generator=torch.Generator().manual_seed(0))
with torch.no_grad():
    sets = {
        "photographs": protocol.real_images(TintedFashion("test"), judge, per_class).x,
        "AC-GAN": acgan(z.to(settings.device), y.to(settings.device)).cpu(),
        "Noiseless": generator(
            protocol.first_of(codes["random.codes"], per_class).float().to(settings.device)
        ).clamp(-1, 1).cpu(),
    }
fig, axes = plt.subplots(1, 3, figsize=(12, 4.2), layout="constrained")
for ax, (title, x) in zip(axes, sets.items(), strict=True):
    order = on_a_grid(metrics.judgement(judge, x).features, settings.side)
    figures.image_grid(x[torch.from_numpy(order)], settings.side, title=title, ax=ax)
plt.show()

# %% tags=["hide-cell", "nbval-check-output"]
print("sets:", list(sets), "columns:", len(TABLE))

# %% [markdown]
# ## The table
#
# Two hundred pictures a class of each (DGN-AM and Joint as many as are stored, in the second column), nothing filtered, by the evaluator unless another judge is named:
#
# - *Accuracy*: the share named as asked; *reader*: the same by a linear classifier on EfficientNet's features that was fitted to photographs.
# - *Score*: $\exp$ of the mean divergence of $p(y \mid x)$ from $p(y)$, the form of the Inception score, mean of both judges; 1 to 10.
# - *MS-SSIM* of pairs of a class: how alike they are, in luminance. *Varied classes*: of ten, those whose pairs are less alike than those of the least varied class of photographs.
# - *Kernel distance* to photographs of the class, by the evaluator and by EfficientNet; 0 for other photographs.
# - *Told apart*: how often a small network that was trained for it tells the pictures from photographs; one half is guessing.
# - *Precision*, *recall*, *coverage* (five neighbours): pictures among photographs, photographs among pictures, photographs that have a picture near.
# - *Memorisation*: distance to the nearest training photograph, over the same of test photographs. 1: no nearer; 0: copies.

# %% tags=["hide-input"]
COLUMNS = {
    "real": "photographs",
    "other real": "other_photographs",
    "acgan": "AC-GAN",
    "dgn_am": "DGN-AM",
    "joint": "Joint PPGN-h",
    "noiseless": "Noiseless",
    "noiseless_resized": "Noiseless at half size",
}
MEASURES = {
    "accuracy": "evaluator",
    "reader": "reader",
    "score": "score",
    "msssim": "msssim",
    "kid": "kid",
    "kid_foreign": "kid_foreign",
    "two_sample_accuracy": "two_sample_accuracy",
    "precision": "precision",
    "recall": "recall",
    "coverage": "coverage",
    "memorisation": "memorisation",
    "memorisation_pixels": "memorisation_pixels",
}
TITLES = {
    "accuracy": "accuracy",
    "reader": "reader",
    "score": "score",
    "msssim": "MS-SSIM",
    "diverse_classes": "varied classes",
    "kid": "kernel distance",
    "kid_foreign": "by EfficientNet",
    "two_sample_accuracy": "told apart",
    "precision": "precision",
    "recall": "recall",
    "coverage": "coverage",
    "memorisation": "memorisation",
    "memorisation_pixels": "in pixels",
}
NETS = [name for name in TABLE if name.startswith("A.")]


def column(name):
    """All measures of a column as estimates; of AC-GAN over its trainings."""
    if name == "acgan":
        each = [column_of(TABLE[net]) for net in NETS]
        return {key: metrics.by_student(np.array([of[key].value for of in each])) for key in each[0]}
    entry = {
        "real": "photographs",
        "other real": "other_photographs",
        "noiseless_resized": "noiseless",
    }.get(name, name)
    found = TABLE[entry]
    return column_of(found["half"] if name == "noiseless_resized" else found)


def column_of(entry):
    """The measures of one set."""
    numbers = {key: Estimate(*entry["numbers"][what]) for key, what in MEASURES.items()}
    diverse, of = entry["more_diverse"]
    return {**numbers, "diverse_classes": Estimate(diverse, diverse, diverse, of)}


found = {name: column(name) for name in COLUMNS}
for name, of in found.items():
    if name != "other real":
        for key, value in of.items():
            record(f"table3.{name}.{key}", value.value if key == "diverse_classes" and name != "acgan" else value)
figures.table(
    {
        title: {
            "a class": str(TABLE[{"real": "photographs", "other real": "other_photographs", "acgan": NETS[0], "noiseless_resized": "noiseless"}.get(name, name)]["per_class"]),
            **{TITLES[key]: str(found[name][key]) if key != "diverse_classes" else f"{found[name][key].value:.3g}" for key in TITLES},
        }
        for name, title in COLUMNS.items()
    }
)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The four measures of the paper's table, each over that of photographs; here (dots with intervals) and in the paper (crosses; its AC-GAN has no score and no MS-SSIM there).", "name": "fig-evaluation-columns"}, "image": {"alt": "Four panels with a row for each model."}}
PAPER = {  # Nguyen et al., Table S3: ImageNet, a thousand classes
    "real": (0.761, 210.4, 0.10, 0.999),
    "acgan": (0.101, None, None, 0.847),
    "noiseless": (0.596, 60.6, 0.23, 0.829),
    "noiseless_resized": (0.548, 47.7, 0.25, 0.770),
}
fig, axes = plt.subplots(1, 4, figsize=(12, 2.8), sharey=True, layout="constrained")
for i, (ax, key) in enumerate(zip(axes, ("accuracy", "score", "msssim", "diverse_classes"), strict=True)):
    for row, name in enumerate(COLUMNS):
        if key == "diverse_classes":
            ax.plot(found[name][key].value / found["real"][key].value, row, "o", color="C0", ms=4)
        else:
            figures.interval(ax, row, metrics.ratio(found[name][key], found["real"][key]), color="C0", ms=4)
        if name in PAPER and PAPER[name][i] is not None:
            ax.plot(PAPER[name][i] / PAPER["real"][i], row + 0.25, "x", color="C3", ms=5)
    ax.axvline(1, color="0.7", lw=1)
    ax.set(xlabel=f"{TITLES[key]}, over photographs'", xlim=(0, None))
axes[0].set_yticks(range(len(COLUMNS)), COLUMNS.values())
axes[0].invert_yaxis()
plt.show()

# %% tags=["hide-input"]
for key in claims.rules()["C40"].numbers.values():
    keep(key, Estimate(*NUMBERS[key]))
record("claim.C40", claims.decide("C40", keep))
for key in ("accuracy", "score"):
    record(f"table3.noiseless.{key}_over_real", metrics.ratio(found["noiseless"][key], found["real"][key]))
