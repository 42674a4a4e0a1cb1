# %% [markdown]
# # PPGN-x: a chain of pixels
#
# **Question.** The sampler needs a prior with a gradient and a condition with a gradient. A denoiser of pictures is the one, a classifier the other. Why not walk from picture to picture, without codes and without a generator?
#
# That is PPGN-x, the first and simplest variant of Nguyen et al. (2017), of which they say that its pictures blur and that it mixes slowly. Below are its ends here, a class a row, nothing picked.

# %% tags=["parameters"]
# None: the profile's value
chains = None  # a class, of the stored ones that are judged
steps = None  # updates of the chains that run while you wait
paper_chains = None  # a class, that run at the paper's setting while one waits
images = None  # validation images that are denoised

# %% tags=["set-up"]
import inspect

from IPython.display import Code

from ppgn_lib import Eps, Noise, chain, conditions, metrics, variants
from ppgn_lib.book import claims, diagrams
from ppgn_lib.book.judgements import Judgements, judged_table
from ppgn_lib.book.record import Kept, record
from ppgn_lib.data.files import locate
from ppgn_lib.data.tinted_fashion import ITEMS, TintedFashion
from ppgn_lib.metrics import mean_with_interval, protocol
from ppgn_lib.metrics.protocol import classes_of, first_of
from ppgn_lib.metrics.stored_features import features_of
from ppgn_lib.metrics.spectrum import band_power
from ppgn_lib.networks.features import encode
from ppgn_lib.networks.zoo import load

keep = Kept()


# %% tags=["hide-input"] mystnb={"figure": {"caption": "PPGN-x: the first ten chains of each class, from grey noise; at the chosen setting, R's answer to the state after 250 updates. Seeds fixed beforehand, nothing picked.", "name": "fig-ppgn-x-grid"}, "image": {"alt": "Ten rows of ten pictures, a class a row. None shows an item of clothing: most are grey patches of coarse texture, and many in the rows of trousers, sneakers and ankle boots are white with coloured and black specks."}}
E, G, evaluator, R, unet = (
    load(name).to(settings.device)
    for name in (
        "encoder",
        "generator",
        "evaluator",
        "image_autoencoder",
        "denoiser",
    )
)
judge = metrics.judge_with(evaluator, "item")
stored, about = protocol.open_samples(locate("results/pixels.safetensors"))
beside, _ = protocol.open_samples(locate("results/alternatives.safetensors"))
noiseless_stored, _ = protocol.open_samples(
    locate("results/noiseless_samples.safetensors")
)


def pictures_of(ends):
    """Stored bytes (B, 3, 32, 32) as pictures in [-1, 1]."""
    return ends.float() / 127.5 - 1


n = min(20, settings.chains)
figures.image_grid(
    first_of(pictures_of(stored["ppgn_x.ends"]), min(10, n)),
    min(10, n),
    rows=ITEMS,
    cell=0.5,
)
plt.show()

# %% [markdown]
# The evaluator, another network than the classifier that steers, takes {glue:text}`ppgn_x.accuracy:.0%` of two hundred such pictures for what they should be. Guessing gives one in ten.
#
# ## The prior is a denoiser of pictures
#
# A denoising autoencoder $R$ that was trained with noise of standard deviation $\sigma$ gives away a gradient (Eq. 6), $R(x) - x \approx \sigma^2\, \partial \log p_\sigma(x) / \partial x$, where $p_\sigma$ is the density of *noisy* pictures. Eq. 7 walks along it and along that of the class:
#
# $$x_{t+1} = x_t + \epsilon_1 (R(x_t) - x_t) + \epsilon_2\, \frac{\partial \log C_y(x_t)}{\partial x_t} + \mathcal N(0, \epsilon_3^2 I).$$ (eq-ppgn-x)
#
# The classifier $C$ is here the item head of $E$. It reads the chain's picture as it is, noise and all, though it never saw noise in its training.
#
# In the diagrams of this book what was trained for the variant is shaded. The path of the condition is red, that of the prior black.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "PPGN-x. Everything happens in pixels.", "name": "fig-ppgn-x-boxes"}, "image": {"alt": "x, C and y in a row with red arrows from each to the next; above x a shaded box R with black arrows to it and back."}}
diagrams.variant("ppgn_x")
plt.show()

# %% [markdown]
# In the library that is two experts; `once` sees to it that no network runs twice on the same picture:

# %% tags=["hide-input"]
Code(
    inspect.getsource(variants.ppgn_x).split('"""')[2].strip("\n"),
    language="python",
)

# %% [markdown]
# The paper's $R$ is small: one convolution like AlexNet's first, and three up-convolutions back to a picture. Its noise is 25.6 of 0 to 255, which is 0.2 of our $[-1, 1]$. (The paper calls that 20 % of the range. It is 10 %.)
# Ours has the same layers. Beside it stands the [U-Net of an earlier chapter](02_a_denoiser_knows_the_score.ipynb), which is told the noise and has skip connections:

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Validation photographs, the same with noise of 0.2, and what the two denoisers make of that.", "name": "fig-ppgn-x-denoised"}, "image": {"alt": "Four rows of ten pictures: photographs, noisy ones, denoised ones a little blurred, denoised ones hardly different from the photographs."}}
SIGMA = 0.2
validation = TintedFashion("validation")
clean = validation.batch(range(settings.images)).x
noisy = clean + SIGMA * Noise(range(settings.images)).draw(clean)
answers = {
    "paper's kind": metrics.in_blocks(
        lambda x: R(x.to(settings.device)).cpu(), noisy
    ),
    "U-Net": metrics.in_blocks(
        lambda x: unet(x.to(settings.device), SIGMA).cpu(), noisy
    ),
}
for name, key in (("paper's kind", "paper"), ("U-Net", "unet")):
    off = (answers[name] - clean).square().mean((1, 2, 3)).sqrt()
    record(f"ppgn_x.denoising_error_{key}", mean_with_interval(off))
m = min(10, settings.images)
figures.image_grid(
    torch.cat([x[:m] for x in (clean, noisy, *answers.values())]),
    m,
    rows=["photographs", "noise 0.2", *answers],
    cell=0.6,
)
plt.show()

# %% [markdown]
# The noise is an error of 0.2 a pixel (root mean square). Of it the paper's kind leaves {glue:text}`ppgn_x.denoising_error_paper:.3f`, the U-Net {glue:text}`ppgn_x.denoising_error_unet:.3f`.
#
# ## The chain
#
# The paper's multipliers are $(1, 10^5, 25.6)$ for pixels of 0 to 255. In our units a gradient is 127.5 times larger and a displacement 127.5 times smaller. So $\epsilon_1$ is the same, $\epsilon_2$ becomes $10^5 / 127.5^2 = 6.15$ and $\epsilon_3$ becomes $25.6 / 127.5 = 0.2$ (their classifier and their pictures are others, so it is a starting point and no more). A Langevin step with $\epsilon_1 = 1$ would have $\epsilon_2 = \sigma^2 = 0.04$, less than a hundredth of 6.15.
#
# In the paper's setting each update replaces the picture by $R$'s answer, adds the push to the class and adds new noise. This setting and others that go less far were tried by the [selector](00_data_and_networks.ipynb) on validation images. The rule of the book took the one that is marked: the smallest kernel distance among the settings with 97 % of the accuracy of photographs, or, if there is none, the most accurate one.

# %% tags=["hide-input"]
rows = {}
for name, title in (("ppgn_x", "PPGN-x"), ("joint_ppgn_x", "Joint PPGN-x")):
    for point in about["found"][name]["settings"]:
        lost = "diverged" in point
        taken = list(point["setting"]) == list(about["found"][name]["chosen"])
        rows[f"{title}, ({', '.join(f'{v:.3g}' for v in point['setting'])})"] = {
            "accuracy, selector": "diverged"
            if lost
            else f"{point['accuracy']:.3f}",
            "kernel distance, selector": "" if lost else f"{point['kid']:.1f}",
            "chosen": "yes" if taken else "",
        }
figures.table(rows)

# %% [markdown]
# No setting of PPGN-x gives pictures of which the selector recognises many, so the rule took the most accurate one, which says little. (The selector's features are not the evaluator's: their kernel distances do not compare with those below.) (A first row of settings, with $\epsilon_1$ of 0.1 and 0.5 and a weaker push, had no more: its chains ended in flat colours.) Joint PPGN-x, which is explained below, has settings that pass.
#
# Chains from a test photograph and from grey noise, $\mathcal N(0, 0.3^2)$ in each colour of each pixel, for two classes. What is shown is $R(x_t)$, since $x_t$ itself has the chain's noise on it:

# %%
EPS = Eps(*about["found"]["ppgn_x"]["chosen"])
test = TintedFashion("test")
x_real = test.batch([0]).x
grey = about["protocol"]["contrast"] * Noise([0]).draw(x_real)
x0 = torch.cat([x_real, x_real, grey, grey]).to(settings.device)
y = torch.tensor([8, 7, 8, 7], device=settings.device)  # bag, sneaker
experts = variants.ppgn_x(R, conditions.classes(E, y, "item"))
states = list(chain(x0, *experts, EPS, steps=settings.steps, seeds=range(4)))

# %% tags=["hide-input"] mystnb={"figure": {"caption": "PPGN-x from one photograph (upper two rows) and from one grey noise (lower two), asked for a bag and for a sneaker; the number of updates stands above. Every column shows R of the state, column 0 that of the start. The classes were picked by hand, the photograph is the first of the test split.", "name": "fig-ppgn-x-strips"}, "image": {"alt": "Four rows of pictures. The two that begin with a photograph of a boot are coloured speckles within a few updates and end white with some specks; the two that begin with grey noise end as grey patches. Neither a bag nor a sneaker is seen in any."}}
record("ppgn_x.certainty", states[-1].log_p.exp().mean().item())
marks = [
    t for t in (0, 1, 2, 5, 10, 20, 50, 100, 150, 200, 250) if t <= settings.steps
]
strip = torch.stack([(states[t].h + states[t].prior).cpu() for t in marks], 1)
figures.image_grid(
    strip.flatten(0, 1).clamp(-1, 1),
    len(marks),
    rows=["photograph, bag", "photograph, sneaker", "noise, bag", "noise, sneaker"],
    tops=[str(t) for t in marks],
    cell=0.55,
)
plt.show()

# %% tags=["hide-cell", "nbval-check-output"]
print("a state for each update and the start:", len(states) == settings.steps + 1)
print("pictures:", tuple(states[-1].h.shape)[1:])
print("all finite:", all(state.h.isfinite().all().item() for state in states))

# %% [markdown]
# The classifier ends content, with a probability of {glue:text}`ppgn_x.certainty:.2f` for the class in the mean over these four states $x_t$, but we see neither bag nor sneaker. Where $E$ gives the class asked for little probability, the gradient of its logarithm is long, and a few updates of it turn a photograph into speckles; nothing calls the chain back from there, since the denoiser has seen photographs with a little noise and nothing else.
#
# "In PPGN-x the pictures blur as the chain goes on, and hundreds of steps change little" (C10). Twenty chains a class from photographs of other classes were stored. As a measure of blur take the power of $R$'s answer at the end in the finest octave, eight cycles an image and more, over that of its answer to the start with noise of 0.2; the rule calls a ratio below 0.8 blurred. How
# little changes: the distance from update 60 to update 250 in the evaluator's features, over that of two photographs of a class; little is less than half.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The first chain of each class; the columns are the class asked for. The photograph of another class at which it began; R's answer to that with noise of 0.2; R's answer to the state after 250 updates, at the chosen setting and at the paper's.", "name": "fig-ppgn-x-blur"}, "image": {"alt": "Four rows of ten pictures: photographs of clothes; the same a little softer; at the chosen setting white pictures with coloured and black specks, a blurred item in one of them; at the paper's setting pictures that are white or nearly so."}}
train = TintedFashion("train")
labels = train.labels()["item"]


def started_at(per_class):
    """The photographs at which the stored chains started; see tools/runs/pixel_chains.py."""
    seeds = protocol.seeds_of(
        about["protocol"]["report"]["seeds_from"], per_class, 10
    )
    chosen = []
    for wanted, seed in zip(classes_of(per_class).tolist(), seeds, strict=True):
        order = torch.randint(
            len(train), (20,), generator=torch.Generator().manual_seed(seed)
        )
        chosen.append(next(i for i in order.tolist() if labels[i] != wanted))
    return train.batch(chosen).x, list(seeds)


begin, seeds = started_at(n)
with torch.no_grad():
    answered = metrics.in_blocks(
        lambda x: R(x.to(settings.device)).cpu(),
        begin + SIGMA * Noise(seeds).draw(begin),
    )
ends = first_of(pictures_of(stored["ppgn_x_images.ends"]), n)
fine_start, fine_end = (band_power(x)[:, -1] for x in (answered.clamp(-1, 1), ends))
# The paper's setting, on the first of the same starts.
few = min(settings.paper_chains, n)
*_, state = chain(
    first_of(begin, few).to(settings.device),
    *variants.ppgn_x(
        R, conditions.classes(E, classes_of(few).to(settings.device), "item")
    ),
    variants.PAPER["ppgn_x"],
    steps=settings.steps,
    seeds=[seeds[c * n + i] for c in range(10) for i in range(few)],
)
ends_paper = (state.h + state.prior).clamp(-1, 1).cpu()
keep(
    "ppgn_x.fine_power_end_over_start_paper",
    metrics.ratio(
        mean_with_interval(band_power(ends_paper)[:, -1]),
        mean_with_interval(band_power(first_of(answered.clamp(-1, 1), few))[:, -1]),
    ),
)
keep(
    "ppgn_x.fine_power_end_over_start",
    metrics.ratio(mean_with_interval(fine_end), mean_with_interval(fine_start)),
)
record(
    "ppgn_x.fine_power_photographs_over_start",
    metrics.ratio(
        mean_with_interval(band_power(begin)[:, -1]), mean_with_interval(fine_start)
    ),
)
near = protocol.real_images(test, judge, max(12, n))
features = features_of(stored, "ppgn_x_images")
apart = torch.stack(
    [
        torch.pdist(near.judgement.features[near.y == c].double()).mean()
        for c in range(10)
    ]
)
late = first_of(
    (features[-1] - features[0]).norm(dim=1), n
) / apart.repeat_interleave(n)
keep("ppgn_x.late_move", mean_with_interval(late))
record(
    "ppgn_x.accuracy_from_photographs",
    metrics.accuracy(metrics.judgement(judge, ends).logits, classes_of(n)),
)
record("claim.C10", claims.decide("C10", keep))
fig = figures.image_grid(
    torch.cat(
        [
            *(x[::n] for x in (begin, answered.clamp(-1, 1), ends)),
            ends_paper[::few],
        ]
    ),
    10,
    rows=["start", "R, with noise", "chosen setting", "paper's setting"],
    tops=figures.short(ITEMS),
    cell=0.6,
)
fig.axes[0].tick_params(axis="x", labelsize=7)
plt.show()

# %% [markdown]
# At the paper's setting the fine power falls to {glue:text}`ppgn_x.fine_power_end_over_start_paper:.2f` of that at the start, and the pictures are nearly white. At the chosen one, where the prior counts for less, it rises to {glue:text}`ppgn_x.fine_power_end_over_start:.1f` times, which are the speckles. (Photographs themselves have {glue:text}`ppgn_x.fine_power_photographs_over_start:.2f` times it.) The late move is {glue:text}`ppgn_x.late_move:.2f` times the distance of two photographs, and the evaluator sees the class in {glue:text}`ppgn_x.accuracy_from_photographs:.2f` of the ends. C10 is {glue:text}`claim.C10`: at the paper's setting fine detail falls, but because the picture turns white, not because it blurs; at the chosen one it rises. The late move, measured at the chosen one only, is not clearly below one half.
#
# ## Joint PPGN-x
#
# An autoencoder of pictures is there already: look at the picture with $E$ and draw it again with $G$. (The paper writes $E(G(\cdot))$; the picture comes first, so it is $G(E(x))$.) Its answer is always a picture that $G$ can draw. But it was never trained to remove noise from pictures, so that for it Eq. 6 is a heuristic. In the library it is the same line with another autoencoder:

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Joint PPGN-x. The prior draws x again: G(E(x)).", "name": "fig-joint-ppgn-x-boxes"}, "image": {"alt": "x, C and y in a row with red arrows; from x a black arrow to a box E, from it to a shaded box G, and back to x."}}
diagrams.variant("joint_ppgn_x")
plt.show()

# %% tags=["hide-input"]
Code(
    inspect.getsource(variants.joint_ppgn_x).split('"""')[2].strip("\n"),
    language="python",
)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The first three chains of each class (columns) by each sampler. The upper two groups start in grey noise and show R's answer, the third starts in noise of 10 and lowers it, the last walks in codes. Nothing is picked.", "name": "fig-ppgn-x-samples"}, "image": {"alt": "Four groups of three rows of ten pictures: grey patches and specks by PPGN-x; clothes by Joint PPGN-x, a few of them broken or in glaring colours; clothes with ragged parts by the U-Net; clear clothes by Noiseless Joint PPGN-h."}}
with torch.no_grad():
    by_codes = G(
        first_of(noiseless_stored["random.codes"].float(), n).to(settings.device)
    )
SETS = {
    "PPGN-x": ("ppgn_x", pictures_of(stored["ppgn_x.ends"])),
    "Joint PPGN-x": ("joint_ppgn_x", pictures_of(stored["joint_ppgn_x.ends"])),
    "U-Net, all noises": (
        "ppgn_x_annealed",
        pictures_of(beside["decoupled.ends"]),
    ),
    "Noiseless Joint PPGN-h": ("noiseless_few", by_codes.clamp(-1, 1).cpu()),
}
fig = figures.image_grid(
    torch.cat(
        [
            x.unflatten(0, (10, -1))[:, i]
            for _, x in SETS.values()
            for i in range(min(3, n))
        ]
    ),
    10,
    rows=[name if i == 0 else "" for name in SETS for i in range(min(3, n))],
    tops=figures.short(ITEMS),
    cell=0.5,
)
fig.axes[0].tick_params(axis="x", labelsize=7)
plt.show()

# %% tags=["hide-input"]
judgements = Judgements()
found = {title: judgements[key] for title, (key, _) in SETS.items()}
for title, (key, _) in SETS.items():
    found[title].keep(key)
judged_table(found)

# %% [markdown]
# As many chains of each class as the first column says, against a hundred photographs of it. Accuracy, coverage and kernel distance are explained in [the chapter on Noiseless Joint PPGN-h](08_noiseless_joint_ppgn_h.ipynb); *unclear* is the share of pictures in which the evaluator gives no class a probability above one half. PPGN-x has {glue:text}`ppgn_x.accuracy:.2f` recognised and a kernel distance of {glue:text}`ppgn_x.kid:.1f`; with $G(E(x))$ as the autoencoder it is {glue:text}`joint_ppgn_x.accuracy:.2f` and {glue:text}`joint_ppgn_x.kid:.1f`.
#
# The third sampler stays in pixels too: the chains with two multipliers of [the chapter on activation maximisation](03_activation_maximisation.ipynb). Their denoiser is the U-Net, the noise falls in a hundred updates, the classifier reads the denoised picture, and it counts a hundred times as much as Bayes asks for. {glue:text}`ppgn_x_annealed.accuracy:.2f` are recognised; with the weight that Bayes asks for it was fewer than half. So a chain in pixels can draw what is asked for, though its kernel distance, {glue:text}`ppgn_x_annealed.kid:.2f`, is well above that of the samplers in codes. Several things changed at once, and how much is the prior's alone was not measured. But [the chapter on denoisers](02_a_denoiser_knows_the_score.ipynb) has shown for the same U-Net that with noise of one small size its chains from noise end in flat colour; at small noise a denoiser has learned nothing of what lies far from every photograph, and there the classifier is [easily fooled](03_activation_maximisation.ipynb).
#
# ## Exercises
#
# **1.** With $\epsilon_1 = 1$ and no condition, Eq. 7 is $x' = R(x) + \mathcal N(0, \epsilon_3^2 I)$. Let $R$ be the best denoiser for noise of $\sigma$. Which $\epsilon_3$ makes it a Langevin step, and is the step a short one?
#
# <details><summary>Solution</summary>
#
# $\epsilon_1 = \delta / \sigma^2 = 1$ means $\delta = \sigma^2$, so $\epsilon_3 = \sqrt{2}\, \sigma$, here 0.28. The paper's $0.2 = \sigma$ has half of that variance. The step is not short. In a direction in which pictures have a standard deviation $s$ the best $R$ multiplies by $k = s^2 / (s^2 + \sigma^2)$, and the chain has a variance of $\epsilon_3^2 / (1 - k^2)$. Where pictures do not vary, $R(x)$ is constant, and that is $2 \sigma^2$ instead of the $\sigma^2$ that $p_\sigma$ has there. The folded cell below runs such chains; where pictures vary much the Langevin step has about the right variance, and the paper's about half of it.
#
# </details>

# %% tags=["hide-cell"]
# Solution of exercise 1, run: chains of one number, in directions of three spreads s
rng = np.random.default_rng(0)
eps3 = SIGMA * np.array([[np.sqrt(2)], [1.0]])  # the Langevin step's, the paper's
for s in (0.0, 0.2, 1.0):
    right, x = s**2 + SIGMA**2, np.zeros((2, 10_000))
    for _ in range(100):
        x = s**2 / right * x + eps3 * rng.normal(size=x.shape)
    langevin, paper = x.var(1) / right
    print(
        f"s = {s}: variance over that of p_sigma {langevin:.2f} with noise "
        f"of {eps3[0, 0]:.2f}, {paper:.2f} with noise of {eps3[1, 0]:.2f}"
    )

# %% [markdown]
# **2.** Why can the classifier's gradient do more damage in pixels than in codes?
#
# <details><summary>Solution</summary>
#
# In pixels it can move each of 3072 numbers by itself, and the [fooling images](03_activation_maximisation.ipynb) need no more than speckles. Through $G$ it moves 256 numbers, and whatever they are, what comes out was drawn by $G$. That is no guarantee either: the pictures of [DGN-AM](06_ppgn_h.ipynb) were drawn by $G$ too. The folded cell below climbs the class *bag* alone, both ways, from the same photographs. In pixels $E$ is sure of a bag while one hardly sees a change, and the evaluator sees few bags. In codes the picture has to change before $E$ is content: here and there to something like a bag, else it breaks.
#
# </details>

# %% tags=["hide-cell"] mystnb={"figure": {"caption": "Solution of exercise 2: test photographs, and what twenty updates towards the class bag without any prior make of them in pixels and in codes.", "name": "fig-ppgn-x-climbed"}, "image": {"alt": "Three rows of six pictures: photographs of a boot, tops and trousers; the same with hardly a change that one sees; and pictures drawn by G, of which one or two look like a bag and others are broken or still trousers."}}
# Solution of exercise 2, run
photographs = test.batch(range(6)).x.to(settings.device)
bag = conditions.classes(E, 8, "item")
climb = {"prior": torch.zeros_like, "eps": Eps(0, 0.1), "steps": 20}
*_, moved = chain(photographs, log_prob=bag, **climb)
h_begin = encode(E, photographs)
*_, moved_code = chain(h_begin, log_prob=conditions.through(G, bag), **climb)
tried = {
    "photographs": photographs,
    "in pixels": moved.h,
    "in codes": G(moved_code.h),
}
for name, x in tried.items():
    by_e = bag(x).exp().mean()
    by_evaluator = evaluator(x.clamp(-1, 1)).logits["item"].softmax(1)[:, 8].mean()
    print(f"{name}: bag {by_e:.2f} by E, {by_evaluator:.2f} by the evaluator")
change = (moved.h - photographs).square().mean().sqrt()
print(f"root mean square change of a pixel, in pixels: {change:.2f}")
figures.image_grid(torch.cat([*tried.values()]), 6, rows=[*tried], cell=0.6)
plt.show()

# %% [markdown]
# ## Summary
#
# - PPGN-x walks in pixels: $R(x) - x$ of a denoiser of pictures, and the gradient of the class.
# - With the paper's kind of denoiser, small and for one noise, {glue:text}`ppgn_x.accuracy:.0%` of the ends are recognised, kernel distance {glue:text}`ppgn_x.kid:.1f` (C10: {glue:text}`claim.C10`).
# - At the paper's setting the picture turns white. At the chosen one it ends in speckles, or from grey noise mostly as a grey patch. At no setting that was tried does the selector recognise many.
# - $G(E(x))$ in its place, Joint PPGN-x, has {glue:text}`joint_ppgn_x.accuracy:.0%` and {glue:text}`joint_ppgn_x.kid:.1f`.
# - A denoiser of all noises, which fall along the chain, has {glue:text}`ppgn_x_annealed.accuracy:.0%` and {glue:text}`ppgn_x_annealed.kid:.1f` in the same pixels, with a condition a hundred times as strong as Bayes asks for.
