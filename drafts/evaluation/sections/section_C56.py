# Draft for notebooks/11_what_each_loss_is_worth.py, before "On the way"; chapter 06 points to its third part.
# WORDS IN UPPER CASE wait for the numbers.

# %% [markdown]
# ## Pausing, BatchNorm, and a larger autoencoder
#
# What keeps $G$ and $D$ in balance? The paper (its Sec. S9) has a rule on the ratio $r$ of their losses, $L_D / L_\text{GAN}$: $D$ rests while $r < 0.1$, since it is too good, and $G$ while $r > 10$. It says that this makes the training stable, that BatchNorm does not help further, and that a larger denoising autoencoder of codes does not either.
#
# The trainings above have two remedies of their own, $D$ is asked for 0.9 instead of 1 on photographs, and Adam's $\beta_1$ is 0.5; with these the rule hardly acts. Here both are the paper's, 1 and 0.9. Six seeds each of a training with image, $h_1$ and GAN loss, {glue:text}`pausing.steps` steps long: with the rule, without it, and with the rule and BatchNorm as in DCGAN, after each layer of $G$ but the last and each convolution of
# $D$ but the first. Call *unrest* how far the image loss rises again: of its last twenty means over 25 steps, the largest over the smallest before it, as a logarithm, at most 1; and 1 if a loss is no longer finite.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Left: the image loss over the steps of training, a line for each of six seeds; means of 25 steps. Right: the unrest of each training (dots) and its mean with a 95 % interval of Student's t (squares); dashed, 0.3, above which a training counts as unstable. A training that broke down has no line.", "name": "fig-ablation-pausing"}, "image": {"alt": "Left three groups of falling curves, WHICH OF THEM JUMP. Right three lines with six dots and an interval each; WHERE THEY LIE."}}
pausing, about_pausing = protocol.open_samples(locate("results/pausing.safetensors"))
ARMS = {
    "rule": "the rule",
    "no_rule": "no rule",
    "batch_norm": "the rule, BatchNorm",
}
PAUSING_SEEDS = sorted({int(key.split(".")[1]) for key in pausing})


def of_pausing(name, what):
    """A number of the trainings of a kind, by seed: (seeds,), float64."""
    found = about_pausing["found"]
    numbers = [found[f"{name}.{seed}"]["numbers"][what][0] for seed in PAUSING_SEEDS]
    return torch.tensor(numbers, dtype=torch.float64)


fig, (ax, right) = plt.subplots(
    1, 2, figsize=(9, 3), width_ratios=(3, 2), layout="constrained"
)
for i, (name, title) in enumerate(ARMS.items()):
    for seed in PAUSING_SEEDS:
        log = about_pausing["found"][f"{name}.{seed}"]["log"]
        ax.plot(
            [row["step"] for row in log],
            [row["image"] for row in log],
            lw=0.7,
            color=figures.PALETTE[i],
            label=title if seed == PAUSING_SEEDS[0] else None,
        )
    restless = of_pausing(name, "unrest")
    right.plot(restless, [-i] * len(restless), "o", ms=3, color="0.5")
    figures.interval(
        right,
        -i,
        metrics.by_student(restless),
        fmt="s",
        ms=4,
        color=figures.PALETTE[i],
    )
ax.set(yscale="log", xlabel="step", ylabel="image loss")
ax.legend(fontsize=8)
right.axvline(0.3, color="0.5", lw=0.8, ls="--")
right.set_yticks([-i for i in range(len(ARMS))], list(ARMS.values()))
right.set_xlabel("unrest")
plt.show()

# %% tags=["hide-input"]
rows = {}
for name, title in ARMS.items():
    rows[title] = {}
    for column, what in {
        "unrest": "unrest",
        "steps in which one rests": "rests",
        "by EfficientNet": "kid_foreign",
        "squared error": "error",
    }.items():
        number = metrics.by_student(of_pausing(name, what))
        keep(f"pausing.{name}.{what}", number)
        rows[title][column] = str(number)
    broke = [about_pausing["found"][f"{name}.{seed}"]["broke_down"] for seed in PAUSING_SEEDS]
    record(f"pausing.{name}.broke_down", sum(broke))
    rows[title]["broke down"] = str(sum(broke))
record("pausing.steps", about_pausing["found"][f"rule.{PAUSING_SEEDS[0]}"]["settings"]["steps"])
for key, by_seed in {
    "share_of_steps": of_pausing("rule", "rests"),
    "unrest_without": of_pausing("no_rule", "unrest"),
    "unrest_without_minus_with": of_pausing("no_rule", "unrest")
    - of_pausing("rule", "unrest"),
    "unrest_with_rule_minus_batch_norm": of_pausing("rule", "unrest")
    - of_pausing("batch_norm", "unrest"),
    "kid_foreign_with_rule_minus_batch_norm": of_pausing("rule", "kid_foreign")
    - of_pausing("batch_norm", "kid_foreign"),
}.items():
    keep(f"pausing.{key}", metrics.by_student(by_seed))
figures.table(rows)

# %% [markdown]
# (*By EfficientNet*: the kernel distance of reconstructions of 500 test photographs to others. Pictures of a training that broke down count as grey. With BatchNorm the running average of $G$'s weights has its statistics taken anew, on codes of training photographs.)
#
# With the rule $D$ or $G$ rests in {glue:text}`pausing.share_of_steps:.3f` of the steps. Without it the unrest is {glue:text}`pausing.unrest_without:.2f`, and the rule takes {glue:text}`pausing.unrest_without_minus_with:.2f` of it away: IS TRAINING UNSTABLE, DOES PAUSING HELP. BatchNorm takes away {glue:text}`pausing.unrest_with_rule_minus_batch_norm:.2f` more, and the kernel distance is smaller with it by
# {glue:text}`pausing.kid_foreign_with_rule_minus_batch_norm:.2f`: DOES IT HELP.
#
# The third part is about $R$ of [PPGN-h](06_ppgn_h.ipynb), a perceptron in the paper's proportions. Beside it stands one whose hidden layers are all twice as wide, four trainings of each. The selector chose the step sizes of each kind, on its first seed. Three chains a class run with each, from the same random codes.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "PPGN-h with the paper's perceptron and with one twice as wide: the end of the first chain of each class, for each of four trainings (their seeds). Nothing is picked.", "name": "fig-ablation-wider"}, "image": {"alt": "Eight rows of ten pictures, the upper four with the paper's perceptron, the lower four with the wider one. HOW THEY LOOK."}}
perceptrons, about_perceptrons = protocol.open_samples(
    locate("results/wider.safetensors")
)
KINDS = {"paper": "paper's", "wider": "wider"}
WIDER_SEEDS = sorted(
    {int(key.split(".")[1]) for key in perceptrons if key.startswith("wider.")}
)
figures.image_grid(
    as_pictures(
        torch.cat(
            [
                perceptrons[f"{kind}.{seed}.shown"]
                for kind in KINDS
                for seed in WIDER_SEEDS
            ]
        )
    ),
    10,
    rows=[f"{title}, {seed}" for title in KINDS.values() for seed in WIDER_SEEDS],
    cell=0.5,
)
plt.show()

# %% tags=["hide-input"]


def of_perceptron(kind, what):
    """A number of the trainings of a kind, by seed: (seeds,), float64."""
    found = about_perceptrons["found"]
    numbers = [found[f"{kind}.{seed}"]["numbers"][what][0] for seed in WIDER_SEEDS]
    return torch.tensor(numbers, dtype=torch.float64)


rows = {}
for kind, title in KINDS.items():
    rows[title] = {}
    for column, what in {
        "noise left by R": "noise_left",
        "accuracy": "accuracy",
        "kernel distance": "kid",
        "by EfficientNet": "kid_foreign",
    }.items():
        number = metrics.by_student(of_perceptron(kind, what))
        keep(f"ppgn_h.{kind}.{what}", number)
        rows[title][column] = str(number)
    chosen = about_perceptrons["found"][f"{kind}.{WIDER_SEEDS[0]}"]["setting"]
    rows[title]["ε1, ε2"] = "{:g}, {:g}".format(*chosen)
keep(
    "ppgn_h.accuracy_wider_minus_paper",
    metrics.by_student(
        of_perceptron("wider", "accuracy") - of_perceptron("paper", "accuracy")
    ),
)
keep(
    "ppgn_h.kid_foreign_paper_minus_wider",
    metrics.by_student(
        of_perceptron("paper", "kid_foreign") - of_perceptron("wider", "kid_foreign")
    ),
)
record("claim.C56", claims.decide("C56", keep))
figures.table(rows)

# %% [markdown]
# (*Noise left by R*: the error of $R(h + n)$ over the noise $n$ that it was trained to remove, on codes of validation photographs. 1 is an $R$ that does nothing; it is larger because a code has to go through a narrow middle.)
#
# The wider one leaves {glue:text}`ppgn_h.wider.noise_left:.1f` times its noise, the paper's {glue:text}`ppgn_h.paper.noise_left:.1f` times. Its chains are recognised more often by {glue:text}`ppgn_h.accuracy_wider_minus_paper:.2f`, and their kernel distance in EfficientNet's features is smaller by {glue:text}`ppgn_h.kid_foreign_paper_minus_wider:.2f`: IS THAT CLEAR.
#
# That pausing makes the training stable and neither BatchNorm nor a larger autoencoder helps further (C56) is {glue:text}`claim.C56`. WHAT DECIDED IT. These trainings are a thousand steps of small nets; the paper's were a million of large ones, and its autoencoder was not as starved as ours.
