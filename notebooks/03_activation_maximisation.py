# %% [markdown]
# # Activation maximisation, reread
#
# **Question.** A classifier gives $p(y \mid x)$ and its gradient. Climb that gradient in the space of images: does one get to
# see what the network means by a volcano?
#
# The pictures below started as faint noise and were changed, step by step, so that a network trained on ImageNet became surer of what is
# written above them. Nothing but the network's own gradient took part.

# %% tags=["parameters"]
classes_shown = None  # of ImageNet; None: the profile's value, here and below
fooling_steps = None  # without a prior
prior_steps = None  # with one, on ImageNet
own_chains = None  # a class, on our own classifier
own_steps = None
starts = None  # for each p(y|x) that Table S2 is tried from
start_steps = None

# %% tags=["set-up"]
import json

from ppgn_lib import Eps, Noise, chain, conditions, metrics, priors
from ppgn_lib.book import claims
from ppgn_lib.book.record import record
from ppgn_lib.data.files import locate
from ppgn_lib.data.photographs import PHOTOGRAPHS, photograph
from ppgn_lib.data.tinted_fashion import ITEMS, TintedFashion
from ppgn_lib.experts import image_priors
from ppgn_lib.experts.image_priors import (
    blur,
    centre_bias,
    compose,
    decay,
    jittered,
    patches,
    total_variation,
    within,
)
from ppgn_lib.experts.variants import joint
from ppgn_lib.metrics import mean_with_interval, protocol, with_interval
from ppgn_lib.networks import efficientnet, precision
from ppgn_lib.networks.features import encode
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.chain import value_and_grad

# %%
NAMES = ("volcano", "cardoon", "planetarium", "junco", "bell pepper", "pool table")[
    : settings.classes_shown
]
big = efficientnet.efficientnet_lite0().to(
    settings.device
)  # images (B, 3, 224, 224) in [-1, 1] -> logits (B, 1000)
fast = precision.fast(
    big, settings.device
)  # bfloat16 where that halves the time; what is reported is computed by `big`
target = torch.tensor(
    [conditions.index_of(name, efficientnet.classes()) for name in NAMES]
)


def last_of(states):
    """The pictures at the end of a chain."""
    *_, state = states
    return state.h


def confidence(net, x, y):
    """p(y|x) of pictures cut to [-1, 1], (B,)."""
    y = torch.as_tensor(y, device=x.device).expand(len(x))
    with torch.no_grad():
        return net(x.clamp(-1, 1)).softmax(1).gather(1, y[:, None])[:, 0].cpu()


noise = 0.03 * Noise(range(len(NAMES))).draw(
    torch.empty(len(NAMES), 3, 224, 224)
).to(settings.device)
states = chain(
    noise,
    priors.none,
    conditions.classes(big, target),
    Eps(0.0, 5.0),
    steps=settings.fooling_steps,
)
fooling = last_of(states)
certain = confidence(big, fooling, target)
record("am.fooling_confidence", mean_with_interval(certain))

# %% tags=["hide-input"] mystnb={"figure": {"caption": "From noise along the gradient of log p(y|x) alone. Above each picture the class, and how sure the network is.", "name": "fig-am-fooling"}, "image": {"alt": "Grey pictures with faint coloured scratches; nothing to recognise in any of them."}}
tops = [f"{name}\n{p:.4f}" for name, p in zip(NAMES, certain, strict=True)]
figures.image_grid(fooling, len(NAMES), tops=tops, cell=1.35)
plt.show()

# %% [markdown]
# The network is certain, by {glue:text}`am.fooling_confidence:.4f` on average, and there is nothing to see. {cite}`nguyen2015fooled` found such
# *fooling images* for the networks of their day; this one is five years younger. Nor does one have to start from noise. A cup of
# coffee becomes a volcano by changes that one has to amplify to see {cite}`szegedy2014intriguing`:

# %%
coffee = photograph("coffee")[None].to(settings.device)
states = chain(
    coffee,
    priors.none,
    conditions.classes(big, target[0]),
    Eps(0.0, 0.5),
    steps=settings.fooling_steps,
)
changed = last_of(states).clamp(-1, 1)
change = (changed - coffee) * 127.5  # in grey levels of 255
before, after = (big(x).softmax(1).max(1) for x in (coffee, changed))
record("am.coffee_rms", change.square().mean().sqrt().item())
record("am.coffee_confidence", after[0].item())

# %% tags=["hide-input"] mystnb={"figure": {"caption": "A photograph, the same after climbing log p(volcano | x), and the difference, ten times.", "name": "fig-am-coffee"}, "image": {"alt": "Two photographs of a cup of coffee that look the same, and a grey picture with faint scratches."}}
tops = [
    f"{efficientnet.classes()[before[1].item()]}, {before[0].item():.2f}",
    f"{efficientnet.classes()[after[1].item()]}, {after[0].item():.4f}",
    f"10 × the difference\n(root mean square {change.square().mean().sqrt():.1f} of 255)",
]
figures.image_grid(
    torch.cat([coffee, changed, 10 * (changed - coffee)]), 3, tops=tops, cell=2.2
)
plt.show()

# %% tags=["nbval-check-output"]
print("the photograph has another label now:", before[1].item() != after[1].item())

# %% [markdown]
# The pixels have moved by {glue:text}`am.coffee_rms:.1f` of 255 grey levels, root mean square, and the network is sure by {glue:text}`am.coffee_confidence:.3f`.
#
# ## What is missing is a prior
#
# Read activation maximisation as sampling. Bayes has $\log p(x \mid y) = \log p(x) + \log p(y \mid x) + \text{const}$, and what was climbed above is the second
# term only: Eq. 5 with $(\epsilon_1, \epsilon_2, \epsilon_3) = (0, \epsilon_2, 0)$. The classifier was never asked whether there are such pictures. For an energy-based
# reading call $U(x, y) = -\log p(x) - \log p(y \mid x)$ the energy (Eq. 15, where it is called $E$, which is the encoder here); its gradient (Eq. 16) has two parts, and
# one of them was left out.
#
# What people had found by then to make the pictures better fits the same formula. *Weight decay* of the picture, $x' = (1 - \lambda) x + \dots$ (Eq. 14),
# is the gradient of a Gaussian prior around grey. Other inventions came without a density, as a map $r$ that makes a picture a little more like a
# natural one:
#
# $$x_{t+1} = r(x_t) + \epsilon_2\, \frac{\partial \log p(y \mid x_t)}{\partial x_t}.$$ (eq-hand)
#
# That is Eq. 17, with a multiplier. A step of Eq. 7 with $R = r$ and $\epsilon_1 = 1$ is the same thing, so the library's chain runs them all: a prior is
# `autoencoder(r)`, and what $r$ does is a line of code each. Some of them do have a density. Blur by a symmetric kernel is linear, like decay,
# and its $r(x) - x$ is the gradient of a Gaussian's logarithm, a Gaussian in which rapid changes are rare. So is that of the centre bias, with a variance that depends on the place; total variation
# belongs to $e^{-\text{TV}}$. The patch prior has none that anyone wrote down, and jitter, which the paper counts among them, is not a map of the picture at all: it changes what the
# condition sees.
#
# | prior | $r(x)$ | what it asks for |
# |---|---|---|
# | Gaussian {cite}`simonyan2014deep` | $(1 - \lambda)\, x$ | pictures near grey |
# | blur {cite}`yosinski2015understanding` | convolution with a Gaussian | no high frequencies |
# | total variation {cite}`mahendran2015understanding` | a step down $\sum \lvert \nabla x \rvert$ | flat regions, sharp edges |
# | jitter {cite}`mordvintsev2015inceptionism` | (shifts what the network sees) | the same class wherever it stands |
# | centre bias {cite}`nguyen2016multifaceted` | fades the margins | one thing, in the middle |
# | patches {cite}`wei2015patches` | each patch moves to the most similar one of photographs | local statistics of photographs |
#
# Each is tried on two classes. These were picked by hand, and so were the strengths and $\epsilon_2$, by eye on other noise.

# %% tags=["hide-input"]
photographs = torch.stack([photograph(name) for name in PHOTOGRAPHS]).to(
    settings.device
)
bank = image_priors.cut(photographs, 16, 1000)
PIXELS = within(-1, 1)  # there are no pixels darker than black
# name: (map, pixels of jitter, eps2)
PRIORS = {
    "none": (None, 0, 3.0),
    "Gaussian": (decay(0.02), 0, 3.0),
    "blur": (blur(0.8), 0, 3.0),
    "total variation": (total_variation(0.01), 0, 3.0),
    "jitter": (None, 16, 3.0),
    "centre bias": (centre_bias(0.1), 0, 3.0),
    "patches": (patches(bank, 0.1, stride=8), 0, 3.0),
}
BEST = (compose(PIXELS, decay(0.005), blur(0.8)), 16, 3.0)


def climb(net, x0, y, prior, pixels, eps2, steps, seeds):
    """Eq. 17 from x0: the last pictures."""
    condition = conditions.classes(net, y)
    if pixels:
        condition = jittered(condition, pixels, seeds)
    eps = Eps(float(prior is not None), eps2)
    return last_of(
        chain(
            x0,
            priors.autoencoder(prior) if prior else priors.none,
            condition,
            eps,
            steps=steps,
        )
    )


def stretched(x):
    """Each picture about its mean, three standard deviations as far as the range goes: for the eye only."""
    return (x - x.mean((1, 2, 3), keepdim=True)) / (
        3 * x.std((1, 2, 3), keepdim=True)
    )


pair = torch.tensor(
    [0, 4 if len(NAMES) > 4 else 1]
)  # the volcano and the bell pepper
side_by_side = [
    climb(
        fast,
        noise[pair],
        target[pair],
        *how,
        settings.prior_steps,
        range(len(pair)),
    )
    for how in PRIORS.values()
]

# %% tags=["hide-input"] mystnb={"figure": {"caption": "One class a row, one prior a column, from the same noise. The numbers are the network's confidence in either picture. Contrast is raised until three standard deviations fill the range.", "name": "fig-am-priors"}, "image": {"alt": "Two rows of seven pictures."}}
sure_of = [confidence(big, x, target[pair]) for x in side_by_side]
tops = [
    f"{name}\n" + ", ".join(f"{p:.2f}" for p in ps)
    for name, ps in zip(PRIORS, sure_of, strict=True)
]
figures.image_grid(
    stretched(torch.stack(side_by_side, 1).flatten(0, 1)),
    len(PRIORS),
    rows=[NAMES[i] for i in pair],
    tops=tops,
    cell=1.25,
)
plt.show()

# %% [markdown]
# Blur, a little decay and jitter together, the best of some twenty settings by eye, on all classes and with more steps:

# %%
recognisable = climb(
    fast, noise, target, *BEST, 6 * settings.prior_steps, range(len(NAMES))
)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The same noise and classes as in the first figure, with blur, decay and jitter as priors; contrast raised as above.", "name": "fig-am-best"}, "image": {"alt": "Six pictures in dull colours with visible structure."}}
tops = [
    f"{name}\n{p:.2f}"
    for name, p in zip(NAMES, confidence(big, recognisable, target), strict=True)
]
figures.image_grid(stretched(recognisable), len(NAMES), tops=tops, cell=1.35)
plt.show()

# %% [markdown]
# ## A second opinion
#
# "More recognisable" is for the eye so far. On our own data a network can say it: climb the classifier $E$, and ask the *evaluator*,
# another network of other architecture and training, what it sees. Several chains a class for each prior, from faint noise. Strengths
# were chosen by hand, by what either judging network said to pictures from other noise; which of the priors, and of two combinations of them, counts as
# the best is decided by the selector on yet other seeds.

# %% tags=["hide-input"]
G, E, evaluator, selector = (
    load(name).to(settings.device)
    for name in ("generator", "encoder", "evaluator", "selector")
)
own_bank = image_priors.cut(
    TintedFashion("train").batch(range(1000)).x, 12, 400
).to(settings.device)
OWN = {
    "none": (None, 0, 1.0),
    "Gaussian": (decay(0.05), 0, 1.0),
    "blur": (blur(0.6), 0, 0.5),
    "total variation": (total_variation(0.03), 0, 0.5),
    "jitter": (None, 3, 0.5),
    "centre bias": (centre_bias(0.2), 0, 0.5),
    "patches": (patches(own_bank, 0.9), 0, 1.5),
    "blur, variation, jitter": (
        compose(PIXELS, total_variation(0.03), blur(0.5)),
        4,
        1.0,
    ),
    "patches, jitter": (compose(PIXELS, patches(own_bank, 0.6)), 3, 1.5),
}


def item_logits(x):
    """What E says of the item: C in the equations."""
    return E(x).logits["item"]


def own(name, per_class, first_seed):
    """Pictures (10 * per_class, 3, 32, 32) in [-1, 1] of all classes by one prior, and their classes."""
    seeds = protocol.seeds_of(first_seed, per_class, 10)
    y = torch.arange(10).repeat_interleave(per_class)
    x0 = 0.1 * Noise(seeds).draw(torch.empty(len(seeds), 3, 32, 32)).to(
        settings.device
    )
    return climb(item_logits, x0, y, *OWN[name], settings.own_steps, seeds).clamp(
        -1, 1
    ), y


def agreement(judge, x, y):
    """For each picture whether the judge sees the class, (B,)."""
    with torch.no_grad():
        return (
            judge(x.to(settings.device)).logits["item"].argmax(1).cpu() == y
        ).double()


few = max(1, settings.own_chains // 3)
by_selector = {
    name: agreement(selector, *own(name, few, 60_000)).mean().item() for name in OWN
}
best = max((name for name in OWN if name != "none"), key=by_selector.get)
drawn = {name: own(name, settings.own_chains, 70_000) for name in OWN}
sure = {
    name: mean_with_interval(confidence(item_logits, x, y))
    for name, (x, y) in drawn.items()
}
seen = {
    name: mean_with_interval(agreement(evaluator, x, y))
    for name, (x, y) in drawn.items()
}
record("am.own_confidence_no_prior", sure["none"])
record("am.evaluator_accuracy_no_prior", seen["none"])
record("am.evaluator_accuracy_gaussian", seen["Gaussian"])
record("am.evaluator_accuracy_best_prior", seen[best])
record("am.best_prior", best)

# %% [markdown]
# Beside the hand-designed priors stands a learned one: the prior of *Noiseless Joint* PPGN-h on the codes of a generator $G$, which is
# [a later chapter](08_noiseless_joint_ppgn_h.ipynb). Its chains climb the same $E$. They come from the store of that chapter.

# %%
stored, about = protocol.open_samples(
    locate("results/noiseless_samples.safetensors")
)
y = torch.arange(10).repeat_interleave(settings.own_chains)
codes = protocol.first_chains(stored, "random", settings.own_chains, 10).codes
with torch.no_grad():
    learned = G(codes.to(settings.device)).clamp(-1, 1)
drawn["learned, with G"] = learned, y
sure["learned, with G"] = mean_with_interval(confidence(item_logits, learned, y))
seen["learned, with G"] = mean_with_interval(agreement(evaluator, learned, y))
record("am.evaluator_accuracy_generator", seen["learned, with G"])

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The first chain of each class (columns) for each prior (rows), on our own classifier.", "name": "fig-am-own"}, "image": {"alt": "Rows of noisy or blurred coloured squares, and in the last row clothes."}}
shown = torch.cat([x[:: settings.own_chains].cpu() for x, _ in drawn.values()])
figures.image_grid(
    shown, 10, rows=list(drawn), tops=[item.split()[0] for item in ITEMS], cell=0.8
)
plt.show()

# %% tags=["hide-input"]
figures.table(
    {
        name: {
            "E is sure by": str(sure[name]),
            "the evaluator agrees": str(seen[name]),
            "the selector agrees, other seeds": f"{by_selector[name]:.2f}"
            if name in by_selector
            else "",
        }
        for name in drawn
    }
)

# %% [markdown]
# One in ten is what guessing would give. How sure $E$ is says little; the evaluator tells what it is worth:
# {glue:text}`am.evaluator_accuracy_no_prior:.2f` without a prior, {glue:text}`am.evaluator_accuracy_gaussian:.2f` with a Gaussian one,
# {glue:text}`am.evaluator_accuracy_best_prior:.2f` with the best by hand ({glue:text}`am.best_prior`), {glue:text}`am.evaluator_accuracy_generator:.2f`
# with a learned one.

# %%
numbers = {
    "am.fooling_confidence": mean_with_interval(certain),
    "am.own_confidence_no_prior": sure["none"],
    "am.evaluator_accuracy_no_prior": seen["none"],
    "am.evaluator_accuracy_gaussian": seen["Gaussian"],
    "am.evaluator_accuracy_best_prior": seen[best],
}
for claim in ("C05", "C06"):
    record(f"claim.{claim}", claims.decide(claim, numbers))

# %% [markdown]
# That the class gradient alone gives fooling images (C05) is {glue:text}`claim.C05`, that a Gaussian and then hand-designed priors make them more
# recognisable (C06) is {glue:text}`claim.C06`, by [their rules](../book/claims/index.md). The second rule reads our own classifier only, where there is a judge, and there what is smooth is not yet
# clothes. Its verdict stands on little: an earlier run of this page, with a bank of 1000 patches instead of 400, was the same but for the patches, which the evaluator took for the class in 7 of 100 pictures, and came out as refuted. What the same priors do for the ImageNet network is for the reader's eye, in the figure before this section.
#
# ## The colours
#
# Look at the colours of such pictures, on either network. Take the mean and the standard deviation of each channel of a picture, six
# numbers, and compare sets of pictures by the Fréchet distance of these:


# %%
def colours(x):
    """Mean and standard deviation of each channel over the pixels: (B, 6)."""
    return torch.cat([x.mean((2, 3)), x.std((2, 3))], 1).cpu().double()


test = TintedFashion("test").batch(range(2 * len(y))).x
real, other = colours(test[: len(y)]), colours(test[len(y) :])
distance = {
    name: with_interval(metrics.frechet, colours(x), real)
    for name, x in ((best, drawn[best][0]), ("learned, with G", learned))
}
distance["other real images"] = with_interval(metrics.frechet, other, real)
record("am.colour_distance_hand", distance[best])
record("am.colour_distance_generator", distance["learned, with G"])
record("am.colour_distance_real", distance["other real images"])

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Left: each picture's mean red and mean blue, by hand-designed prior, with G, and for real images. Right: distribution of the saturation of pixels at 224×224, in the pictures of the best combination above and in seven photographs.", "name": "fig-am-colours"}, "image": {"alt": "Left, three clouds of points: that of hand-designed priors is a small one in the middle, the other two are wide. Right, two histograms."}}
fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2))
for (name, x), marker in zip(
    {
        "real": test[: len(y)],
        "learned, with G": learned,
        best: drawn[best][0],
    }.items(),
    "os^",
    strict=True,
):
    red, _, blue = x.mean((2, 3)).cpu().T
    left.scatter(red, blue, s=12, marker=marker, label=name)
left.set(xlabel="mean red", ylabel="mean blue", xlim=(-1, 1), ylim=(-1, 1))
left.legend(fontsize=8)


def saturation(x):
    """Of each pixel, (max - min) / max of its channels in [0, 1]."""
    x = x.clamp(-1, 1) / 2 + 0.5
    return ((x.amax(1) - x.amin(1)) / x.amax(1).clamp(min=1e-3)).flatten().cpu()


for name, x in (
    ("photographs", photographs),
    ("blur, decay, jitter", recognisable),
):
    right.hist(
        saturation(x),
        bins=50,
        range=(0, 1),
        density=True,
        histtype="step",
        linewidth=1.6,
        label=name,
    )
right.set(xlabel="saturation", ylabel="density of pixels")
right.legend(fontsize=8)
fig.tight_layout()
plt.show()

# %% tags=["hide-input"]
numbers = {
    "am.colour_distance_hand": distance[best],
    "am.colour_distance_generator": distance["learned, with G"],
    "am.colour_distance_real": distance["other real images"],
}
record("claim.C09", claims.decide("C09", numbers))
figures.table(
    {
        name: {"Fréchet distance of colour statistics to real images": str(d)}
        for name, d in distance.items()
    }
)

# %% [markdown]
# Hand-designed priors are at {glue:text}`am.colour_distance_hand:.3f`, pictures of $G$ at {glue:text}`am.colour_distance_generator:.3f` and other real images, the least one can
# expect, at {glue:text}`am.colour_distance_real:.3f`. That hand-designed priors leave the colours wrong and a learned $G$ mends them (C09) is {glue:text}`claim.C09`.
#
# ## Which gradient? Table S2
#
# Earlier work climbed the *logit* $l_y$, the input of the softmax $s_y$. Table S2 of the paper has three candidates,
#
# $$\begin{aligned}
# \text{(a)}\quad & \frac{\partial l_y}{\partial x}, \\
# \text{(b)}\quad & \frac{\partial s_y}{\partial x} = s_y \Bigl(\frac{\partial l_y}{\partial x} - \sum_j s_j \frac{\partial l_j}{\partial x}\Bigr), \\
# \text{(c)}\quad & \frac{\partial \log s_y}{\partial x} = \frac{\partial l_y}{\partial x} - \sum_j s_j \frac{\partial l_j}{\partial x},
# \end{aligned}$$ (eq-gradients)
#
# and only (c) is the gradient of a log-probability. (b) is the same direction, shorter by the factor $s_y = p(y \mid x)$. The authors' released code has a fourth: of
# (c) it keeps the part that comes through $l_y$, $(1 - s_y)\, \partial l_y / \partial x$, and drops that of the other classes.
#
# Test images are encoded, and each code is paired with the nine classes that are not its own. For each of eight levels of $p(y \mid G(h))$, from one in a million to 0.9, the pairs nearest
# to it are taken. There the four gradients are computed, and from there each is climbed, without a prior, with the same $\epsilon_2$, that of
# [chapter 8](08_noiseless_joint_ppgn_h.ipynb).

# %%
FORMS = {
    "log-softmax (c)": conditions.classes,
    "logit (a)": conditions.class_logit,
    "softmax (b)": conditions.class_probability,
    "as released": conditions.released_classes,
}
batch = TintedFashion("test").batch(range(2000))
h = metrics.in_blocks(lambda x: encode(E, x.to(settings.device)).cpu(), batch.x)
with torch.no_grad():
    log_p = metrics.in_blocks(
        lambda h: item_logits(G(h.to(settings.device))).log_softmax(1).cpu(), h
    )  # (2000, 10)
log_p[torch.arange(len(h)), batch.labels["item"]] = torch.inf  # its own class
LEVELS = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 0.5, 0.9)
near = torch.cat(
    [
        (log_p.flatten() - np.log(p))
        .abs()
        .topk(settings.starts, largest=False)
        .indices
        for p in LEVELS
    ]
)  # the nearest pairs of image and target
h0, targets = h[near // 10].to(settings.device), near % 10
level = torch.arange(len(LEVELS)).repeat_interleave(settings.starts)
experts = {
    name: conditions.through(G, form(item_logits, targets.to(settings.device)))
    for name, form in FORMS.items()
}
values, grads = {}, {}
for name, expert in experts.items():
    value, grad = value_and_grad(expert, h0)
    values[name], grads[name] = value.cpu(), grad.cpu()
p = values["softmax (b)"]  # where they were taken
norms = {name: grad.norm(dim=1) for name, grad in grads.items()}
cosine = torch.nn.functional.cosine_similarity(
    grads["log-softmax (c)"], grads["as released"]
)
at_4 = level == LEVELS.index(1e-4)
for key, name in (("softmax", "softmax (b)"), ("logit", "logit (a)")):
    record(
        f"am.grad_norm_{key}_over_log",
        mean_with_interval((norms[name] / norms["log-softmax (c)"])[at_4]),
    )
record(
    "am.released_angle",
    mean_with_interval(torch.rad2deg(cosine.clamp(-1, 1).arccos())),
)

# %% tags=["nbval-check-output"]
expected = p[:, None] * grads["log-softmax (c)"]
error = (grads["softmax (b)"] - expected).norm(dim=1) / expected.norm(dim=1)
print("(b) is p times (c):", bool((error < 1e-2).all()))

# %%
STEP = about["protocol"]["eps"][1]  # eps2, the same for all
# From all of the small levels, and from a third of the others, where there is less to see.
tried = (level < LEVELS.index(1e-3)) | (
    torch.arange(settings.starts).repeat(len(LEVELS)) < -(-settings.starts // 3)
)
y_tried = targets[tried].to(settings.device)
small = level[tried] < LEVELS.index(1e-3)
reading = conditions.through(G, conditions.classes(item_logits, y_tried))
courses = {}
for name, form in FORMS.items():
    expert = conditions.through(G, form(item_logits, y_tried))
    states = chain(
        h0[tried], priors.none, expert, Eps(0.0, STEP), steps=settings.start_steps
    )
    with torch.no_grad():
        courses[name] = torch.stack(
            [reading(state.h).exp().cpu() for state in states]
        )  # (T + 1, B)
success, later = (
    {
        name: mean_with_interval((course[-1, which] > 0.9).double())
        for name, course in courses.items()
    }
    for which in (small, ~small)
)
record("am.success_log_softmax", success["log-softmax (c)"])
record("am.success_softmax", success["softmax (b)"])
record("am.success_logit", success["logit (a)"])
record("am.success_released", success["as released"])

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Left: norm of each gradient against p(y|G(h)) where it is taken. Middle: angle between the released gradient and that of log-softmax. Right: median of p over the steps, from starts with p below one in a thousand.", "name": "fig-am-gradients"}, "image": {"alt": "Left, the softmax gradient is a line that falls with p, the others stay level. Middle, angles. Right, curves of the median for the four gradients."}}
fig, (left, middle, right) = plt.subplots(1, 3, figsize=(11, 3.3))
for (name, norm), marker in zip(norms.items(), "os^x", strict=True):
    left.scatter(p, norm, s=9, marker=marker, label=name)
    right.plot(courses[name][:, small].median(1).values, label=name)
left.set(
    xscale="log", yscale="log", xlabel="p(y|G(h))", ylabel="norm of the gradient"
)
middle.scatter(p, torch.rad2deg(cosine.clamp(-1, 1).arccos()), s=9)
middle.set(
    xscale="log", xlabel="p(y|G(h))", ylabel="angle (degrees)", ylim=(0, None)
)
right.set(xlabel="step", ylabel="median p")
left.legend(fontsize=7)
fig.tight_layout()
plt.show()

# %% tags=["hide-input"]
figures.table(
    {
        name: {
            f"p above 0.9 after {settings.start_steps} steps, from p below 0.001": str(
                success[name]
            ),
            "from p of 0.001 to 0.9": str(later[name]),
        }
        for name in FORMS
    }
)

# %%
numbers = {
    "am.grad_norm_softmax_over_log": mean_with_interval(
        (norms["softmax (b)"] / norms["log-softmax (c)"])[at_4]
    ),
    "am.grad_norm_logit_over_log": mean_with_interval(
        (norms["logit (a)"] / norms["log-softmax (c)"])[at_4]
    ),
    "am.success_log_softmax": success["log-softmax (c)"],
    "am.success_softmax": success["softmax (b)"],
}
record("claim.C07", claims.decide("C07", numbers))

# %% [markdown]
# At $p = 10^{-4}$ the softmax gradient has {glue:text}`am.grad_norm_softmax_over_log:.1e` of the length of (c), as {eq}`eq-gradients` says; of the chains from below
# $10^{-3}$ {glue:text}`am.success_softmax:.0%` get above 0.9. With the logit, whose gradient has {glue:text}`am.grad_norm_logit_over_log:.2f` of the length of (c), it is {glue:text}`am.success_logit:.0%`; with (c)
# {glue:text}`am.success_log_softmax:.0%`, and as released {glue:text}`am.success_released:.0%`. The logit may grow by making all logits grow, and its gradient knows nothing of the class that is ahead. The released gradient points {glue:text}`am.released_angle:.0f` degrees away from the true one on average. C07, that the softmax gradient vanishes and
# that (c) is well-behaved, is {glue:text}`claim.C07`.
#
# ## The energy along a chain
#
# Were $R(h) - h$ the downhill slope of some $U_1(h)$, then Eq. 11 without noise and with $\epsilon_1 = \epsilon_2$ would be descent on the energy $U_1(h) - \log p(y \mid h)$. For a denoiser $U_1 = -\sigma^2 \log p(h)$ by Eq. 6;
# $E(G(h))$ has no $\sigma$, so the scale of this half is arbitrary. Nor need there be such a $U_1$ ([chapter 2](02_a_denoiser_knows_the_score.ipynb)), but one can add the field up along the way that a chain takes: the work that the
# prior has done, $\int (R(h) - h) \cdot \mathrm dh$, with a minus sign, stands for its half. Along another way it might be another number.

# %%
path = list(
    chain(
        h[:10].to(settings.device),
        *joint(G, E, conditions.classes(E, torch.arange(10), "item")),
        Eps(0.05, 0.05),
        steps=settings.start_steps,
    )
)
hs, fields = (
    torch.stack([getattr(s, part) for s in path]).cpu() for part in ("h", "prior")
)  # (T + 1, 10, 256)
work = (
    ((hs[1:] - hs[:-1]) * (fields[1:] + fields[:-1]) / 2).sum(2).cumsum(0)
)  # by the trapezoidal rule
condition_half = -torch.stack([s.log_p for s in path]).cpu()
prior_half = torch.cat([torch.zeros(1, 10), -work])
energy = condition_half + prior_half
record(
    "am.energy_falls",
    mean_with_interval((energy[1:] < energy[:-1]).double().mean(0)),
)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Noiseless Joint PPGN-h with ε1 = ε2 = 0.05, ten chains, each from a test image and for a class of its own: the condition's half of the energy, the prior's half against its beginning, and the sum. Lines: mean; bands: from the lowest to the highest.", "name": "fig-am-energy"}, "image": {"alt": "Three panels of curves over the steps of the chains. Bands around their mean."}}
fig, axes = plt.subplots(1, 3, figsize=(10, 3))
for ax, (name, value) in zip(
    axes,
    {
        "-log p(y|h)": condition_half,
        "prior, by its work": prior_half,
        "sum": energy,
    }.items(),
    strict=True,
):
    band = {name: (value.amin(1).numpy(), value.amax(1).numpy())}
    figures.curves(
        {name: value.mean(1).numpy()},
        spread=band,
        xlabel="step",
        ylabel="energy",
        ax=ax,
    )
fig.tight_layout()
plt.show()

# %% [markdown]
# The sum falls in {glue:text}`am.energy_falls:.0%` of the steps. Of a true descent with steps that are short enough it would fall in all.
#
# ## One multiplier or two
#
# Bayes has one weight for both terms (with $\sigma^2$ for a denoiser's, see above). The paper gives each its own and finds that this works better (C08). In
# [chapter 1](01_from_mh_to_mala_approx.ipynb) that meant exponents; without noise the ratio $\epsilon_1 : \epsilon_2$ decides where a chain comes to rest. The sweep of
# [chapter 8](08_noiseless_joint_ppgn_h.ipynb) has settings on the diagonal $\epsilon_1 = \epsilon_2$ and off it. The same rule has chosen the best of either kind, and
# forty chains a class on new seeds were judged by the evaluator.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Accuracy and relative coverage of the sweep's settings without noise, by the selector on validation, against the ratio of the multipliers; a line for each ε1. One multiplier for the two terms of Eq. 11 is a ratio of 1.", "name": "fig-am-multipliers"}, "image": {"alt": "Two panels of lines over the ratio of the multipliers on a logarithmic axis."}}
sweep = json.loads(locate("results/noiseless_sweep.json").read_text())
fig, axes = plt.subplots(1, 2, figsize=(9.5, 3.2), sharex=True)
for ax, key, label in (
    (axes[0], "accuracy", "accuracy"),
    (axes[1], "coverage_ratio", "coverage / coverage of real"),
):
    for i, eps1 in enumerate(
        sorted({p["eps"][0] for p in sweep["points"]} - {0.0})
    ):
        line = [
            p
            for p in sweep["points"]
            if p["eps"][0] == eps1 and p["eps"][2] == 0 and key in p
        ]
        ax.plot(
            [p["eps"][1] / eps1 for p in line],
            [p[key] for p in line],
            "o-",
            markersize=4,
            color=figures.PALETTE[i],
            label=f"ε1 = {eps1}",
        )
    ax.axvline(1, color="0.5", linestyle="--", linewidth=1)
    ax.set(xscale="log", xlabel="ε2 / ε1", ylabel=label, ylim=(0, 1.05))
axes[0].legend(fontsize=8)
fig.tight_layout()
plt.show()

# %%
several = len(stored["coupled.codes"]) // 10
labels = torch.arange(10).repeat_interleave(several)
judge = metrics.judge_with(evaluator, "item")
near_real = protocol.real_images(TintedFashion("test"), judge, 100)
numbers = {}
for key, name in (("one_multiplier", "coupled"), ("two_multipliers", "random")):
    chains = protocol.first_chains(stored, name, several, 10)
    x = metrics.in_blocks(
        lambda h: G(h.to(settings.device)).cpu().clamp(-1, 1), chains.codes
    )
    found = metrics.neighbours_by_class(
        metrics.judgement(judge, x).features,
        labels,
        near_real.judgement.features,
        near_real.y,
    )
    numbers[f"am.{key}_accuracy"] = mean_with_interval(
        (chains.items == labels).double().mean(0)
    )
    numbers[f"am.{key}_coverage"] = found.coverage
eps1, eps2, eps3 = about["protocol"]["eps"]
if eps3 > 0 or eps1 == eps2:
    raise ValueError("C08 compares settings without noise on and off the diagonal")
for key, value in numbers.items():
    record(key, value)
record("claim.C08", claims.decide("C08", numbers))
figures.table(
    {
        f"one, ε1 = ε2 = {about['protocol']['coupled']}": {
            "accuracy": str(numbers["am.one_multiplier_accuracy"]),
            "coverage": str(numbers["am.one_multiplier_coverage"]),
        },
        f"as chosen, {tuple(about['protocol']['eps'])}": {
            "accuracy": str(numbers["am.two_multipliers_accuracy"]),
            "coverage": str(numbers["am.two_multipliers_coverage"]),
        },
    }
)

# %% [markdown]
# C08 is {glue:text}`claim.C08` here. The paper's own multipliers are a factor of $10^5$ apart. Its denoiser of codes has $\sigma = 1$, so by Eq. 6 that is no matter of units: it trusts the condition far
# more than Bayes would.
#
# ## Exercises
#
# **1.** Eq. 14 has $x' = (1 - \lambda)\, x + \partial \log p(y \mid x) / \partial x$, without a multiplier of the gradient. Of which Gaussian is $-\lambda x$ the score, and
# where does the chain come to rest if the gradient is a constant $g$?
#
# <details><summary>Solution</summary>
#
# A step of size $\epsilon$ up the logarithm of $\mathcal N(0, s^2 I)$ is $x - \epsilon x / s^2$, so $\lambda = \epsilon / s^2$; with the gradient's multiplier $\epsilon = 1$ as printed, the variance is
# $1 / \lambda$. At rest $\lambda x = g$, so $x = g / \lambda$: decay does not keep the picture small, it keeps it in proportion to how hard the network pulls.
#
# </details>
#
# **2.** Run the coffee with `Eps(0.0, 0.05)` and ten times as many steps. Is the change smaller? What would you have to know to find the smallest one?
#
# <details><summary>Solution</summary>
#
# Measure it: `(last_of(...) - coffee).square().mean().sqrt() * 127.5`. Long steps zigzag, and what goes back and forth is change without gain. But no chain stops at the border between the classes; to stay there one has to look at each
# state. And the steepest way from where one is, is not the shortest way to the border; finding that is an optimisation with the size of the change in its objective, or a bound on it {cite}`szegedy2014intriguing`.
#
# </details>
#
# ## Summary
#
# - Activation maximisation is sampling with half of the energy. Without a prior it finds pictures that the network is sure of, whatever they look like.
# - A hand-designed prior is a map $r$ in $x' = r(x) + \epsilon_2 \nabla \log p(y \mid x)$ (jitter: a change of the condition). It mends what one can write down, smoothness first.
# - The right class gradient is that of the log-softmax. That of the softmax is the same, times $p$.
# - A learned prior is the subject of the rest of the book.
