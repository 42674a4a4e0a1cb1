# Draft for notebooks/07_joint_ppgn_h.py, after the cell that prints "slopes" in "Does the round trip remove noise?"
# (before "Again and again"). WORDS IN UPPER CASE wait for the numbers.

# %% [markdown]
# ### Two suspects
#
# Why should the pass take noise away, when nothing was trained to do that? The paper has three guesses (Sec. 3.5): $E$ and $G$ are not trained together; the code is global and abstract; and $L_\text{GAN}$ makes $G$ draw one picture for many codes. The second and the third can be taken away. Small trainings as in [chapter 11](11_what_each_loss_is_worth.ipynb), three seeds each: with all four losses and without $L_\text{GAN}$;
# and with the three losses of Noiseless for the code and for a lower one, the maps $h_1$ averaged in their four quarters, which has {glue:text}`contraction.length` numbers too.
#
# The ReLU at the end of a code cuts noise off whatever $G$ does, and more of it where more numbers are 0. So noise is put, and what is left is measured, only in numbers that are positive in the photograph's code, after the cut at 0, and in units of each number's standard deviation over photographs. The noise has half of it. Against it stands again as long a step towards the next photograph of the class.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "What is left after E(G(.)) of noise of half a standard deviation (left) and of as long a step towards another photograph (middle), as shares, and the first over the second (right): each of three seeds (dots), and the mean with a 95 % interval of Student's t (squares), both of the logarithm. Only numbers that are positive in the code count. Left of 1 on the right, more of noise is taken away than of a step.", "name": "fig-joint-suspects"}, "image": {"alt": "Three panels with four lines each: three losses, four losses, without the GAN loss, and the lower code with three losses. WHERE THE DOTS LIE."}}
suspects_stored, about_suspects = protocol.open_samples(
    locate("results/suspects.safetensors")
)
SUSPECTS = {
    "three": "three losses",
    "four": "four losses",
    "without_gan": "four less GAN",
    "lower": "three, lower code",
}
SUSPECT_SEEDS = sorted({int(key.split(".")[1]) for key in suspects_stored})


def of_suspect(name, what):
    """A number of the trainings of a kind, by seed: (seeds,), float64."""
    found = about_suspects["found"]
    numbers = [found[f"{name}.{seed}"]["numbers"][what][0] for seed in SUSPECT_SEEDS]
    return torch.tensor(numbers, dtype=torch.float64)


PANELS = {
    "log_noise_left": "of noise",
    "log_step_left": "of a step",
    "log_noise_over_step": "noise over step",
}
fig, axes = plt.subplots(1, 3, figsize=(9, 2.6), sharey=True, layout="constrained")
for ax, (what, title) in zip(axes, PANELS.items(), strict=True):
    for i, name in enumerate(SUSPECTS):
        logs = of_suspect(name, what)
        e = metrics.by_student(logs)
        ax.plot(logs.exp(), [-i] * len(logs), "o", ms=3, color="0.5")
        share = metrics.Estimate(*(float(np.exp(x)) for x in e[:3]), e.n)
        figures.interval(ax, -i, share, fmt="s", ms=4, color=figures.PALETTE[i])
        record(f"contraction.{name}.{what.removeprefix('log_')}", share)
    ax.set(title=title, xscale="log")
    ax.axvline(1, color="0.5", lw=0.8)
axes[0].set_yticks([-i for i in range(len(SUSPECTS))], list(SUSPECTS.values()))
plt.show()

# %% tags=["hide-input"]
ratio, noise = (
    {name: of_suspect(name, what) for name in SUSPECTS}
    for what in ("log_noise_over_step", "log_noise_left")
)
for key, by_seed in {
    "log_noise_over_step": ratio["three"],
    "log_without_gan_minus_four": ratio["without_gan"] - ratio["four"],
    "log_noise_left_without_gan_minus_four": noise["without_gan"] - noise["four"],
    "log_lower_code_minus_three": ratio["lower"] - ratio["three"],
    "log_lower_code_minus_four": ratio["lower"] - ratio["four"],
}.items():
    keep(f"contraction.{key}", metrics.by_student(by_seed))
record("claim.C58", claims.decide("C58", keep))
record("contraction.length", E.code)
for name in ("three", "lower"):
    for what in ("directions", "positive"):
        record(f"contraction.{name}.{what}", of_suspect(name, what)[0].item())
figures.table(
    {
        title: {
            "noise of half a deviation over step": str(metrics.by_student(ratio[name])),
            "of a tenth": str(
                metrics.by_student(of_suspect(name, "tenth.log_noise_over_step"))
            ),
            "directions with 95 % of the variance": f"{of_suspect(name, 'directions')[0]:.0f}",
            "positive numbers": f"{of_suspect(name, 'positive')[0]:.2f}",
        }
        for name, title in SUSPECTS.items()
    }
)

# %% [markdown]
# (Means of natural logarithms, over a thousand test photographs and four draws of noise; below 0 more of noise is taken away than of a step.)
#
# With three losses {glue:text}`contraction.three.noise_left:.2f` of the noise is left and {glue:text}`contraction.three.step_left:.2f` of a step; the logarithm of their ratio is {glue:text}`contraction.log_noise_over_step:.2f`: IS NOISE TAKEN AWAY MORE THAN A STEP. Without $L_\text{GAN}$ it differs by {glue:text}`contraction.log_without_gan_minus_four:.2f` from that with four losses, and the noise that is left by
# {glue:text}`contraction.log_noise_left_without_gan_minus_four:.2f`; above 0 the pass takes less noise away without it. The lower code differs by {glue:text}`contraction.log_lower_code_minus_three:.2f` from three losses and by {glue:text}`contraction.log_lower_code_minus_four:.2f` from four.
#
# That these are causes (C58) is, for the two that were tested, {glue:text}`claim.C58`. WHAT DECIDED IT. White noise has a part in every direction, and what lies off the directions that codes use is lost easily: {glue:text}`contraction.three.directions:.0f` principal directions have 95 of 100 parts of the variance of the trained code, {glue:text}`contraction.lower.directions:.0f` of the lower one. MORE OR FEWER, AND WHAT THAT WORKS AGAINST. A lower code also changes the depth of $E$ and what $G$ has to
# do. The first guess, $E$ and $G$ apart, is not tested: trained together they would have another code.
