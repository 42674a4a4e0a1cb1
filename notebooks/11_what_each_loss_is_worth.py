# %% [markdown]
# # What each loss is worth
#
# **Question.** $G$ is trained with up to four losses, and with noise or without. Which of them make the pictures good, and what happens when one is missing?
#
# Each column below is a photograph that no network was trained on, and under it what a small $G$ makes of its code. Every row is a training of its own, all of the same length. Only the losses differ. Nothing is picked: the first training of each, and photographs at equal distances in the list.

# %% tags=["parameters"]
# None: the profile's value
photographs = None  # a class, for the table's row of photographs
again_steps = (
    None  # of one training, done again to see whether the stored ones still hold
)

# %% tags=["set-up"]
from ppgn_lib import metrics
from ppgn_lib.book import claims
from ppgn_lib.book.record import record
from ppgn_lib.data.files import locate
from ppgn_lib.data.tinted_fashion import TintedFashion
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.zoo import load

numbers = {}  # what the rules of the claims read


def keep(key, number):
    """Record a number, and have it at hand for the verdicts."""
    numbers[key] = number
    record(key, number)


stored, about = protocol.open_samples(locate("results/ablation.safetensors"))
SEEDS = sorted({int(key.split(".")[1]) for key in stored})
ROWS = {  # what the losses of a stored training are called on this page
    "three": "image, h1, GAN",
    "four": "all four",
    "four_with_noise": "all four, noise",
    "without_gan": "without GAN",
    "without_h1": "without h1",
    "without_image": "without image, h",
    "gan_alone": "GAN alone",
}

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Photographs, and G(E(x)) by trainings of equal length with different losses (the first seed of each). All four: image, h1, h and GAN.", "name": "fig-ablation-rows"}, "image": {"alt": "A row of eight photographs of clothes, and seven rows of what small generators make of their codes: similar with the image loss, smooth without the GAN loss, of other colours or broken without the image loss."}}
test = TintedFashion("test")
evaluator = load("evaluator").to(settings.device)
judge = metrics.judge_with(evaluator, "item")
each, first = about["protocol"]["photographs"], SEEDS[0]
# The ones that were reconstructed: of each class those after the first ones.
others = protocol.real_images(test, judge, each, skip=each)
columns = len(stored[f"three.{first}"])
shown = torch.arange(columns) * (len(others.x) // columns)


def pictures(name, seed):
    """The stored reconstructions of a training, (8, 3, 32, 32) in [-1, 1]."""
    return stored[f"{name}.{seed}"].float() / 127.5 - 1


figures.image_grid(
    torch.cat([others.x[shown], *(pictures(name, first) for name in ROWS)]),
    columns,
    rows=["photographs", *ROWS.values()],
    cell=0.7,
)
plt.show()

# %% [markdown]
# ## Four losses
#
# With $\hat x = G(h)$ and $h = E(x)$, and $E_1$ the first part of $E$, up to the feature maps $h_1$ of its last pooling layer, the losses are
#
# $$\begin{aligned}
# L_\text{img} &= \lVert \hat x - x \rVert^2, & L_{h_1} &= \lVert E_1(\hat x) - E_1(x) \rVert^2, \\
# L_h &= \lVert E(\hat x) - E(x) \rVert^2, & L_\text{GAN} &= -\log D(\hat x, h),
# \end{aligned}$$ (eq-four-losses)
#
# each as a mean over its entries, those of features divided by the mean square of the features, and each with a weight. $D$ learns beside $G$ to tell $x$ from $\hat x$. It sees the code as well, so that even without the other losses a picture has to go with its code.
#
# A code is much smaller than its picture: many pictures have nearly the same one, and only one of them is $x$. $L_\text{img}$ alone is smallest at the mean of these pictures, which is blurred. $L_\text{GAN}$ asks for one of them, whichever. $L_{h_1}$ and $L_h$ ask for a picture in which $E$ sees the same, early or late.
#
# The paper compares five combinations by eye (its Fig. S8). Here each is trained with three seeds, and judged on {glue:text}`ablation.photographs` photographs of the test split. To be affordable a training is a small one, half the widths of the shipped $G$ and $D$ and {glue:text}`ablation.steps` steps of {glue:text}`ablation.batch` pictures, so these are worse pictures than in the other chapters. All trainings are equally short. What would come out after ten times as many steps, they do not say.

# %% tags=["hide-input"]
WHAT = (
    "accuracy",
    "kid",
    "kid_foreign",
    "coverage",
    "recall",
    "spread",
    "spread_foreign",
    "own_foreign",
    "twins",
    "precision",
    "fine_power",
    "error",
)


def values(name, what):
    """A number of the trainings of a row, by seed: (seeds,), float64."""
    found = [about["found"][f"{name}.{seed}"]["numbers"][what][0] for seed in SEEDS]
    return torch.tensor(found, dtype=torch.float64)


for key in ("steps", "batch"):
    record(f"ablation.{key}", about["found"][f"three.{first}"]["settings"][key])
record("ablation.photographs", len(others.x))
rows = {}
for name, title in ROWS.items():
    found = {what: metrics.by_student(values(name, what)) for what in WHAT}
    for what, number in found.items():
        record(f"ablation.{name}.{what}", number)
    rows[title] = {
        "accuracy": str(found["accuracy"]),
        "kernel distance": str(found["kid"]),
        "by EfficientNet": str(found["kid_foreign"]),
        "coverage": str(found["coverage"]),
        "recall": str(found["recall"]),
        "spread": str(found["spread"]),
        "fine power": str(found["fine_power"]),
        "squared error": str(found["error"]),
    }
n = settings.photographs
real = protocol.real_images(test, judge, n)
rest = protocol.real_images(test, judge, n, skip=each)
near = metrics.neighbours_by_class(
    rest.judgement.features, rest.y, real.judgement.features, real.y
)
distance = metrics.kernel_distance_by_class(
    rest.judgement.features, rest.y, real.judgement.features, real.y
)
rows[f"photographs, {n} a class"] = {
    "accuracy": str(metrics.accuracy(rest.judgement.logits, rest.y)),
    "kernel distance": str(distance),
    "by EfficientNet": "",
    "coverage": str(near.coverage),
    "recall": str(near.recall),
    "spread": "1",
    "fine power": "1",
    "squared error": "0",
}
record("ablation.photographs_kid", distance)
figures.table(rows)

# %% [markdown]
# The numbers are means over the three trainings, with Student's $t$ interval: with three it is wide. *Kernel distance* to other photographs of the class is in the evaluator's features, and beside it in those of EfficientNet, which others trained on other pictures. *Coverage* is the share of photographs that have a picture near them, *recall* the share that lie within what the pictures span, *spread* the mean distance of two pictures of a class over that of two photographs, *fine power* the power at 8 to 16 cycles an image over that of the photographs: below 1 is blurred, above 1 is noise.
#
# The seeds of two rows start from the same weights and see the same photographs in the same order. So the differences by seed say more than the means:

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Kernel distance to photographs less that of the training with image, h1 and GAN loss: each seed (small dots), and the mean with a 95 % interval of Student's t. Left of 0 is better.", "name": "fig-ablation-differences"}, "image": {"alt": "Two panels, evaluator and EfficientNet, with a line for each combination of losses, small dots for the seeds and an interval."}}


def minus(a, b, what):
    """The difference of two rows, by seed: mean and Student's t interval."""
    return metrics.by_student(values(a, what) - values(b, what))


COMPARED = {  # number that a rule reads: rows and measure
    "fine_power_four_minus_without_gan": ("four", "without_gan", "fine_power"),
    "kid_foreign_without_gan_minus_four": ("without_gan", "four", "kid_foreign"),
    **{
        f"{what}_{name}_minus_three": (name, "three", what)
        for name in ROWS
        if name != "three"
        for what in ("kid", "kid_foreign")
    },
}
for key, (a, b, what) in COMPARED.items():
    keep(f"ablation.{key}", minus(a, b, what))
fig, axes = plt.subplots(1, 2, figsize=(9, 3), sharey=True, layout="constrained")
rivals = [name for name in ROWS if name != "three"]
for ax, what, title in zip(
    axes,
    ("kid", "kid_foreign"),
    ("in the evaluator's features", "in EfficientNet's"),
    strict=True,
):
    for i, name in enumerate(rivals):
        e = minus(name, "three", what)
        ax.plot(
            values(name, what) - values("three", what),
            [-i] * len(SEEDS),
            "o",
            ms=3,
            color="0.5",
        )
        ax.errorbar(
            e.value,
            -i,
            xerr=[[e.value - e.low], [e.high - e.value]],
            fmt="s",
            ms=4,
            color=figures.PALETTE[0],
        )
    ax.axvline(0, color="0.5", lw=0.8)
    ax.set(title=title, xlabel="kernel distance, difference")
axes[0].set_yticks(
    [-i for i in range(len(rivals))], [ROWS[name] for name in rivals]
)
plt.show()

# %% [markdown]
# ## Without the GAN loss
#
# The figure that the authors show in their talk: a photograph, its reconstruction, and the reconstruction of a $G$ that was trained without a discriminator.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Photographs; G(E(x)) after a training with all four losses; after one without the GAN loss. One group of rows for each seed.", "name": "fig-ablation-gan"}, "image": {"alt": "For each seed a row of sharp reconstructions and one of smooth ones."}}
figures.image_grid(
    torch.cat(
        [
            others.x[shown],
            *(
                pictures(name, seed)
                for seed in SEEDS
                for name in ("four", "without_gan")
            ),
        ]
    ),
    columns,
    rows=["photographs", *["all four", "without GAN"] * len(SEEDS)],
    cell=0.7,
)
plt.show()
off = (values("without_gan", "fine_power").log().abs()) - (
    values("four", "fine_power").log().abs()
)
keep("ablation.fine_power_off_without_gan_minus_four", metrics.by_student(off))
record("claim.C21", claims.decide("C21", numbers))

# %% [markdown]
# With all four losses the pictures have {glue:text}`ablation.four.fine_power:.2f` of the photographs' fine power, without the GAN loss {glue:text}`ablation.without_gan.fine_power:.2f`. Their squared error, though, is {glue:text}`ablation.four.error:.3f` with it and {glue:text}`ablation.without_gan.error:.3f` without: who blurs is nearer to each pixel, on average, than who guesses. That the GAN loss is what makes reconstructions sharp (C21) is {glue:text}`claim.C21`.
#
# ## Which features to match
#
# $L_{h_1}$ compares feature maps, that is, what E sees where. $L_h$ compares codes, in which places are mixed. The paper finds that $L_{h_1}$ alone is better than $L_h$ alone and than both, and explains that matching codes matches abstract statistics of pictures.

# %%
best = {
    what: torch.stack(
        [
            values(name, what)
            for name in ("four", "four_with_noise", "without_gan", "without_h1")
        ]
    ).amin(0)
    for what in ("kid", "kid_foreign")
}
for what, of_best in best.items():
    keep(
        f"ablation.{what}_best_rival_minus_three",
        metrics.by_student(of_best - values("three", what)),
    )
for claim in ("C22", "C23"):
    record(f"claim.{claim}", claims.decide(claim, numbers))

# %% [markdown]
# With $L_h$ in place of $L_{h_1}$ and of the same weight the kernel distance differs by {glue:text}`ablation.kid_without_h1_minus_three:.2f` (evaluator) and {glue:text}`ablation.kid_foreign_without_h1_minus_three:.2f` (EfficientNet) from that of the three losses, with both by {glue:text}`ablation.kid_four_minus_three:.2f` and {glue:text}`ablation.kid_foreign_four_minus_three:.2f`; plus is worse. That $L_{h_1}$ beats the other two (C22) is {glue:text}`claim.C22`.
#
# That the three losses without noise are the best of all five combinations (C23) is {glue:text}`claim.C23`: the best of the four others, chosen for each seed after looking, differs from them by {glue:text}`ablation.kid_best_rival_minus_three:.2f` and {glue:text}`ablation.kid_foreign_best_rival_minus_three:.2f`.
#
# ## Missing modes
#
# A generator that only has to fool $D$ may draw one picture for many codes, as long as that picture looks real. Such *missing modes* are what GANs are known for. The reconstruction losses should prevent them, since each photograph asks for its own picture. To see it, $G$ was trained with $L_\text{GAN}$ alone. *Twins* are pictures with another one of their class nearer to them, in shape and shading, than the twentieth part of the photographs have one:

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Coverage, recall, twins, and precision (the share of pictures that lie among photographs): each seed a dot.", "name": "fig-ablation-modes"}, "image": {"alt": "Four panels with three dots for each of three combinations of losses."}}
for key, (a, b, what) in {
    "coverage_three_minus_gan_alone": ("three", "gan_alone", "coverage"),
    "recall_three_minus_gan_alone": ("three", "gan_alone", "recall"),
    "twins_gan_alone_minus_three": ("gan_alone", "three", "twins"),
}.items():
    keep(f"ablation.{key}", minus(a, b, what))
numbers["ablation.gan_alone.precision"] = metrics.by_student(
    values("gan_alone", "precision")
)
record("claim.C24", claims.decide("C24", numbers))
compared = ("three", "without_image", "gan_alone")
fig, axes = plt.subplots(1, 4, figsize=(9, 2.2), sharey=True, layout="constrained")
for ax, what in zip(
    axes, ("coverage", "recall", "twins", "precision"), strict=True
):
    for i, name in enumerate(compared):
        ax.plot(
            values(name, what), [-i] * len(SEEDS), "o", color=figures.PALETTE[i]
        )
    ax.set(title=what, xlim=(-0.03, 1.03), ylim=(-len(compared) + 0.5, 0.5))
axes[0].set_yticks(
    [-i for i in range(len(compared))], [ROWS[name] for name in compared]
)
plt.show()

# %% [markdown]
# Coverage falls from {glue:text}`ablation.three.coverage:.2f` to {glue:text}`ablation.gan_alone.coverage:.2f`, recall from {glue:text}`ablation.three.recall:.2f` to {glue:text}`ablation.gan_alone.recall:.2f`; twins are {glue:text}`ablation.three.twins:.2f` of the pictures with reconstruction losses and {glue:text}`ablation.gan_alone.twins:.2f` without. That reconstruction losses work against missing modes (C24) is {glue:text}`claim.C24`. Here $D$ sees the code beside the picture, which also works against them: a picture that goes with another code gives $G$ away.

# %% [markdown]
# ## Noise while training
#
# Joint PPGN-h has noise on $x$, $h_1$ and $h$. The paper left out that on $x$ and saw no better pictures, and could not train with much larger noise. Here: noise of the same size on one of the three only, and ten times as much on all three, all with four losses.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Above: reconstructions after trainings with noise on one variable, on all three, and with ten times as much (the first seed). Below: the image loss over the steps, each seed a line.", "name": "fig-ablation-noise"}, "image": {"alt": "Rows of eight reconstructions, and a panel with falling curves of which those with large noise lie higher."}}
NOISES = {
    "four": "no noise",
    "noise_on_x": "noise on x",
    "noise_on_h1": "noise on h1",
    "noise_on_h": "noise on h",
    "four_with_noise": "on all three",
    "noise_ten_times": "ten times",
}
fig, (above, below) = plt.subplots(
    2, 1, figsize=(6, 7), height_ratios=(2, 1), layout="constrained"
)
figures.image_grid(
    torch.cat([pictures(name, first) for name in NOISES]),
    columns,
    rows=list(NOISES.values()),
    ax=above,
)
for i, (name, title) in enumerate(NOISES.items()):
    for seed in SEEDS:
        log = about["found"][f"{name}.{seed}"]["log"]
        below.plot(
            [row["step"] for row in log],
            [row["image"] for row in log],
            lw=0.7,
            color=figures.PALETTE[i % len(figures.PALETTE)],
            label=title if seed == first else None,
        )
below.set(yscale="log", xlabel="step", ylabel="image loss")
below.legend(fontsize=8, ncols=2)
plt.show()


# %% tags=["hide-input"]
def on_the_way(name, of_log):
    """A number of each training's log of the image loss, by seed."""
    found = []
    for seed in SEEDS:
        log = about["found"][f"{name}.{seed}"]["log"]
        steps = np.array([row["step"] for row in log])
        found.append(of_log(steps, np.array([row["image"] for row in log])))
    return torch.tensor(found, dtype=torch.float64)


def rise(steps, loss):
    """Log of the mean over the last 250 steps, over the smallest such mean."""
    width = round(250 / np.median(np.diff(steps)))
    means = np.convolve(loss, np.ones(width) / width, "valid")
    return float(np.log(means[-1] / means.min()))


def jumps(steps, loss):
    """Deviation of the differences of the log loss over the second half."""
    late = np.log(loss[steps > steps[-1] / 2])
    return float(np.diff(late).std(ddof=1))


for what, of_log in (("rise", rise), ("jumps", jumps)):
    found = on_the_way("noise_ten_times", of_log) - on_the_way(
        "four_with_noise", of_log
    )
    keep(
        f"ablation.{what}_noise_ten_times_minus_four_with_noise",
        metrics.by_student(found),
    )
keep(
    "ablation.kid_noise_ten_times_minus_four_with_noise",
    minus("noise_ten_times", "four_with_noise", "kid"),
)
log_kid = {name: values(name, "kid").log() for name in NOISES}
for what in ("x", "h1", "h"):
    keep(
        f"ablation.log_kid_noise_on_{what}_minus_four_with_noise",
        metrics.by_student(
            log_kid[f"noise_on_{what}"] - log_kid["four_with_noise"]
        ),
    )
of_one = torch.stack(
    [log_kid[f"noise_on_{what}"] for what in ("x", "h1", "h")]
).mean(0)
keep(
    "ablation.log_kid_noise_on_one_minus_four_with_noise",
    metrics.by_student(of_one - log_kid["four_with_noise"]),
)
record("claim.C26", claims.decide("C26", numbers))

# %% [markdown]
# ## Codes that no labels had a part in
#
# $E$ was trained to name items and colours. Does that make its codes good to sample in? The paper leaves the question open. Two others of the same length: the code of an $E$ with its first random weights, and the {glue:text}`codes.length` largest principal components of pictures. $G$ was trained for each as above, and chains of Noiseless PPGN-h run in each, with the same classifier as condition.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "For each code: reconstructions of the photographs above (left), and the end of the first chain of each class (right); the first seed.", "name": "fig-ablation-codes"}, "image": {"alt": "Three rows of reconstructions and three rows of drawn clothes."}}
codes, about_codes = protocol.open_samples(
    locate("results/other_codes.safetensors")
)
CODES = {
    "trained": "trained E",
    "untrained": "untrained E",
    "principal": "principal components",
}
record("codes.length", load("encoder").code)
fig, (left, right) = plt.subplots(
    1, 2, figsize=(9, 2.2), width_ratios=(8, 10), layout="constrained"
)
for ax, what, count in ((left, "reconstructed", columns), (right, "drawn", 10)):
    figures.image_grid(
        torch.cat(
            [codes[f"{name}.{first}.{what}"].float() / 127.5 - 1 for name in CODES]
        ),
        count,
        rows=list(CODES.values()) if ax is left else [],
        title=what,
        ax=ax,
    )
plt.show()


# %% tags=["hide-input"]
def of_code(name, what):
    """A number of the trainings with a code, by seed."""
    return torch.tensor(
        [
            about_codes["found"][f"{name}.{seed}"]["numbers"][what][0]
            for seed in SEEDS
        ],
        dtype=torch.float64,
    )


rows = {}
for name, title in CODES.items():
    row = {}
    for column, what in {
        "accuracy": "drawn.accuracy",
        "kernel distance": "drawn.kid",
        "by EfficientNet": "drawn.kid_foreign",
        "coverage": "drawn.coverage",
        "condition met": "drawn.condition",
        "reconstructed, kernel distance": "reconstructed.kid",
        "reconstructed, squared error": "reconstructed.error",
    }.items():
        number = metrics.by_student(of_code(name, what))
        record(f"codes.{name}.{what}", number)
        row[column] = str(number)
    rows[title] = row
for other in ("untrained", "principal"):
    keep(
        f"codes.accuracy_trained_minus_{other}",
        metrics.by_student(
            of_code("trained", "drawn.accuracy") - of_code(other, "drawn.accuracy")
        ),
    )
    for what in ("kid", "kid_foreign"):
        keep(
            f"codes.{what}_{other}_minus_trained",
            metrics.by_student(
                of_code(other, f"drawn.{what}")
                - of_code("trained", f"drawn.{what}")
            ),
        )
record("claim.C27", claims.decide("C27", numbers))
figures.table(rows)

# %% [markdown]
# ## On the way
#
# The losses during training, and who was resting: $D$ rests while its loss is less than a tenth of $G$'s.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Image loss, loss of h1, and the share of steps in which D rests, over the steps of training. A thin line a seed.", "name": "fig-ablation-curves"}, "image": {"alt": "Three panels of falling curves, a colour for each combination of losses."}}
fig, axes = plt.subplots(1, 3, figsize=(9, 2.8), layout="constrained")
for i, name in enumerate(ROWS):
    for seed in SEEDS:
        log = about["found"][f"{name}.{seed}"]["log"]
        for ax, what in zip(axes, ("image", "h1", "d_rests"), strict=True):
            ax.plot(
                [row["step"] for row in log],
                [row[what] for row in log],
                color=figures.PALETTE[i % len(figures.PALETTE)],
                lw=0.7,
                label=ROWS[name] if seed == first and ax is axes[0] else None,
            )
for ax, title in zip(axes, ("image loss", "loss of h1", "D rests"), strict=True):
    ax.set(title=title, xlabel="step")
for ax in axes[:2]:
    ax.set_yscale("log")
fig.legend(loc="outside lower center", ncols=4, fontsize=8)
plt.show()

# %% [markdown]
# Do the stored trainings belong to the library as it is? The beginning of one of them, again:

# %%
import tempfile
from pathlib import Path

from lightning_fabric import Fabric

from ppgn_lib.training.generator import train_generator
from ppgn_lib.training.loop import Run
from ppgn_lib.training.settings import GeneratorSettings
from ppgn_lib.training.source import SHIPPED

kept = about["found"][f"three.{first}"]
short = kept["settings"] | {"steps": settings.again_steps}
with tempfile.TemporaryDirectory() as folder:
    again = train_generator(
        Run(
            "generator",
            GeneratorSettings(**short),
            Path(folder),
            Fabric(accelerator="cpu", devices=1, precision="32-true"),
            SHIPPED,
            {"encoder": load("encoder")},
        )
    ).log[-1]
then = next(row for row in kept["log"] if row["step"] == settings.again_steps)
differs = max(
    abs(again[what] / then[what] - 1) for what in ("image", "h1", "h", "d")
)
record("ablation.again_steps", settings.again_steps)
record("ablation.again_differs", differs)

# %% tags=["nbval-check-output", "hide-cell"]
print("the beginning comes out as stored:", differs < 0.05)
print("trainings:", sorted(ROWS), "three seeds:", len(SEEDS) == 3)

# %% [markdown]
# The losses of its first {glue:text}`ablation.again_steps` steps differ by {glue:text}`ablation.again_differs:.1e` of themselves from the stored ones.
#
# ## Exercises
#
# **1.** $\hat x$ is to have the smallest expected squared distance to $x$, given the code $h$. Show that it is $\mathbb E[x \mid h]$, and say why this is blurred.
#
# <details><summary>Solution</summary>
#
# $\mathbb E[\lVert \hat x - x \rVert^2 \mid h] = \lVert \hat x - \mathbb E[x \mid h] \rVert^2 + \text{the variance of } x \text{ given } h$. Only the first part depends on $\hat x$. The mean of pictures that differ by the place of an edge has no edge, but a ramp.
#
# </details>
#
# **2.** Without $L_\text{img}$ and with $L_{h_1}$, which changes of a picture cost nothing?
#
# <details><summary>Solution</summary>
#
# All that $E_1$ does not see. Its maps come from max-pooling and ReLUs: patterns that stay below the maxima, or that no filter answers to, are free, for example fine checkerboards. Only $D$ objects to them.
#
# </details>
#
# **3.** Add a row of your own: `tools/runs/ablation.py` has a table of them. What do you expect from twice the weight of the GAN loss?
#
# ## Summary
#
# - Without the GAN loss pictures have {glue:text}`ablation.without_gan.fine_power:.2f` of the fine power of photographs, with all four losses {glue:text}`ablation.four.fine_power:.2f` (C21: {glue:text}`claim.C21`).
# - Matching $h_1$ against $h$ against both (C22): {glue:text}`claim.C22`. The three losses without noise the best of all (C23): {glue:text}`claim.C23`.
# - The GAN loss alone covers {glue:text}`ablation.gan_alone.coverage:.2f` of photographs, with reconstruction losses {glue:text}`ablation.three.coverage:.2f` (C24: {glue:text}`claim.C24`).
# - All of it comes from short trainings of a small $G$ for one $E$, three seeds each.
