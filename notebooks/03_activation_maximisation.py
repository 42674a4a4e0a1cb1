# %% [markdown]
# # Activation maximisation, reread
#
# **Question.** A classifier gives $p(y \mid x)$ and its gradient. Climb that gradient in the space of pictures: does one get to
# see what the network means by a volcano?
#
# The six pictures below started as faint noise. They were changed, step by step, so that a network trained on ImageNet became surer of
# the class written above them. Only the network's own gradient took part.

# %% tags=["parameters"]
classes_shown = None  # of ImageNet; None: the profile's value, here and below
fooling_steps = None  # without a prior
prior_steps = None  # with one, on ImageNet; six times as many for the best
drawn_steps = None  # on ImageNet, of codes that are drawn from
own_steps = None  # at most, on our own classifier
own_chains = None  # a class, for each prior on our own classifier
varied_chains = None  # a class, for the variety of pictures
colour_chains = None  # a class, for their colours
starts = None  # for what the gradients reach
start_steps = None
plane_fit = None  # training steps of the denoiser in the plane
plane_chains = None  # in each of ten groups
plane_steps = None

# %% tags=["set-up"]
import inspect
import json
from collections import deque

from torch.nn.functional import cosine_similarity, logsigmoid

from ppgn_lib import Eps, Noise, chain, conditions, metrics, priors
from ppgn_lib.book import claims, class_gradients, hand_designed
from ppgn_lib.book.record import Kept, record
from ppgn_lib.data.files import locate
from ppgn_lib.data.photographs import PHOTOGRAPHS, photograph
from ppgn_lib.data.tinted_fashion import ITEMS, TintedFashion
from ppgn_lib.experts import ascent, image_priors
from ppgn_lib.experts.ascent import CodeAscent, PixelAscent, Views
from ppgn_lib.experts.conditions import through
from ppgn_lib.experts.fourier import (
    FixedMagnitude,
    FourierImage,
    colour_mixing,
    mean_magnitude,
)
from ppgn_lib.experts.image_priors import (
    blur,
    centre_bias,
    compose,
    decay,
    patches,
    total_variation,
    within,
)
from ppgn_lib.experts.variants import noiseless
from ppgn_lib.experts.views import normalised, transformed
from ppgn_lib.metrics import Estimate, mean_with_interval, protocol, with_interval
from ppgn_lib.networks import efficientnet
from ppgn_lib.networks.denoisers import ResidualMLP
from ppgn_lib.networks.features import encode
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling import densities
from ppgn_lib.sampling.chain import value_and_grad
from ppgn_lib.training.point_denoiser import fit

keep = Kept("am.")


# %% tags=["hide-input"]
NAMES = ("volcano", "cardoon", "planetarium", "junco", "bell pepper", "pool table")[
    : settings.classes_shown
]
# Images (B, 3, 224, 224) in [-1, 1] -> logits (B, 1000).
big = efficientnet.efficientnet_lite0().to(settings.device)
target = torch.tensor(
    [conditions.index_of(name, efficientnet.classes()) for name in NAMES]
)


def last_of(states):
    """The pictures at the end of a chain."""
    return deque(states, maxlen=1).pop().h


def confidence(net, x, y):
    """p(y|x) of pictures cut to [-1, 1], (B,)."""
    return ascent.certainty(net, x.clamp(-1, 1), y)


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
keep("fooling_confidence", mean_with_interval(certain))

# %% tags=["hide-input"] mystnb={"figure": {"caption": "From noise along the gradient of log p(y|x) alone. Above each picture the class, and how sure the network is.", "name": "fig-am-fooling"}, "image": {"alt": "Grey pictures with faint coloured scratches; nothing to recognise in any of them."}}
tops = [f"{name}\n{p:.4f}" for name, p in zip(NAMES, certain, strict=True)]
figures.image_grid(fooling, len(NAMES), tops=tops, cell=1.1)
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

# %% tags=["hide-input"] mystnb={"figure": {"caption": "A photograph, the same after climbing log p(volcano | x), and the difference, ten times.", "name": "fig-am-coffee"}, "image": {"alt": "Two photographs of a cup of coffee that look the same, and a grey picture with faint scratches."}}
change = (changed - coffee) * 127.5  # in grey levels of 255
with torch.no_grad():
    before, after = (big(x).softmax(1).max(1) for x in (coffee, changed))
keep("coffee_rms", change.square().mean().sqrt().item())
keep("coffee_confidence", after[0].item())
tops = [
    f"{efficientnet.classes()[before[1].item()]}, {before[0].item():.2f}",
    f"{efficientnet.classes()[after[1].item()]}, {after[0].item():.4f}",
    f"10 × the difference\n(rms {change.square().mean().sqrt():.1f} of 255)",
]
figures.image_grid(
    torch.cat([coffee, changed, 10 * (changed - coffee)]), 3, tops=tops, cell=1.8
)
plt.show()

# %% tags=["nbval-check-output", "hide-cell"]
print("the photograph has another label now:", before[1].item() != after[1].item())

# %% [markdown]
# The pixels have moved by {glue:text}`am.coffee_rms:.1f` of 255 grey levels, root mean square, and the network is sure of its volcano
# by {glue:text}`am.coffee_confidence:.3f`. So the gradient alone does not show what the network means by a class. It shows a short way
# to please it.
#
# ## What is missing is a prior
#
# (Equations with a number alone, such as Eq. 5, are the paper's. Those of this page are linked.)
#
# Read activation maximisation as sampling. Bayes has $\log p(x \mid y) = \log p(x) + \log p(y \mid x) + \text{const}$, and above only the
# second term was climbed. The paper writes a step with a multiplier for each part (Eq. 5):
#
# $$x_{t+1} = x_t + \epsilon_1 \frac{\partial \log p(x_t)}{\partial x_t} + \epsilon_2 \frac{\partial \log p(y \mid x_t)}{\partial x_t}
# + \mathcal N(0, \epsilon_3^2).$$ (eq-am-step)
#
# What was done above is $(\epsilon_1, \epsilon_2, \epsilon_3) = (0, \epsilon_2, 0)$. Whether there are such pictures, $p(x)$, was never asked. In terms of energy: call $U(x, y) = -\log p(x) - \log p(y \mid x)$ the energy (Eq. 15, where it is called $E$, which is the encoder here).
# Its gradient (Eq. 16) has two parts, and one of them was left out.
#
# What people had found by then to make the pictures better fits the same formula. *Weight decay* of the picture, $x' = (1 - \lambda)\, x + \dots$ (Eq. 14),
# is the gradient of a Gaussian prior around grey. Other inventions came without a density, as a map $r$ that makes a picture a little
# more like a natural one (Eq. 17, here with a multiplier):
#
# $$x_{t+1} = r(x_t) + \epsilon_2\, \frac{\partial \log p(y \mid x_t)}{\partial x_t}.$$ (eq-hand)
#
# The sampler of [the last chapter](02_a_denoiser_knows_the_score.ipynb) runs them all. By Eq. 6 a denoiser's $R(x) - x$ stands for $\sigma^2$ times the gradient of
# $\log p$, and Eq. 7 writes $\epsilon_1 (R(x) - x)$ for the prior's part of {eq}`eq-am-step`: its $\epsilon_1$ is the one there over $\sigma^2$. With $R = r$ and this $\epsilon_1 = 1$ the step is $x + (r(x) - x) = r(x)$, plus the condition's: that is {eq}`eq-hand`.
# So a prior is `autoencoder(r)`, and what $r$ does is a line of code each.
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
# Is there a density behind such a map? Only if $r(x) - x$ is the gradient of something, which for a linear map means that its matrix is
# symmetric. Decay and centre bias have diagonal matrices: Gaussians, the second with a variance that depends on the place. Total variation is a
# gradient by construction. Blur is symmetric inside the picture: a Gaussian in which rapid changes are rare. At the border
# it mirrors the picture, and there it is not: the outermost pixel takes from its neighbour, mirrored, twice what it gives to it. The patch prior has no density that anyone wrote
# down. Jitter, which the paper counts among them, is no map of the picture at all: it changes what the condition sees. A check of the blur:


# %% tags=["hide-input", "nbval-check-output"]
def matrix(r, side=8):
    """Of a linear map of pictures of one channel, (side^2, side^2)."""
    units = torch.eye(side**2).view(-1, 1, side, side)
    return r(units).view(side**2, side**2).T


M = matrix(blur(0.5))
inner = torch.zeros(8, 8, dtype=torch.bool)
inner[2:-2, 2:-2] = True  # farther from the border than the blur reaches
inner = inner.flatten()
skew = (M - M.T).abs()
print("symmetric away from the border:", bool(skew[inner][:, inner].max() < 1e-6))
print("symmetric everywhere:", bool(skew.max() < 1e-6))

# %% [markdown]
# Each prior is tried on two classes, from the same noise. The two were picked by hand, and so were the strengths and $\epsilon_2$, by eye on other noise.
# With the blur as $r$ the call is:

# %%
# The volcano and the bell pepper.
pair = torch.tensor([0, 4 if len(NAMES) > 4 else 1])
states = chain(
    noise[pair],
    priors.autoencoder(blur(0.8)),
    conditions.classes(big, target[pair]),
    Eps(1.0, 3.0),
    steps=settings.prior_steps,
)
blurred = last_of(states)

# %% [markdown]
# `ascent.reach` is this call for any $r$ in place of the blur. For jitter it shifts what the condition sees.

# %% tags=["hide-input"]
photographs = torch.stack([photograph(name) for name in PHOTOGRAPHS]).to(
    settings.device
)
PIXELS = within(-1, 1)  # there are no pixels darker than black

# Strengths on ImageNet: r, and pixels of jitter.
PRIORS = {
    "none": (None, 0),
    "Gaussian": (decay(0.02), 0),
    "blur": (blur(0.8), 0),
    "total variation": (total_variation(0.01), 0),
    "jitter": (None, 16),
    "centre bias": (centre_bias(0.1), 0),
    "patches": (patches(image_priors.cut(photographs, 16, 1000), 0.1, stride=8), 0),
}


def stretched(x):
    """About its mean, three standard deviations to fill the range: for the eye."""
    mean, std = (f(x, (1, 2, 3), keepdim=True) for f in (torch.mean, torch.std))
    return (x - mean) / (3 * std)


side_by_side = [
    blurred
    if name == "blur"
    else ascent.reach(
        big,
        noise[pair],
        target[pair],
        PixelAscent(r, jitter, eps2=3.0, steps=settings.prior_steps),
        range(len(pair)),
    )
    for name, (r, jitter) in PRIORS.items()
]

# %% tags=["hide-input"] mystnb={"figure": {"caption": "One class a row, one prior a column, from the same noise. The numbers are the network's confidence in either picture. Contrast is raised until three standard deviations fill the range.", "name": "fig-am-priors"}, "image": {"alt": "Two rows of seven pictures: speckles without a prior, coarser and smoother texture with blur and jitter, flat brown with patches."}}
sure_of = [confidence(big, x, target[pair]) for x in side_by_side]
tops = [
    f"{name}\n" + ", ".join(f"{p:.2f}" for p in ps)
    for name, ps in zip(PRIORS, sure_of, strict=True)
]
fig = figures.image_grid(
    stretched(torch.stack(side_by_side, 1).flatten(0, 1)),
    len(PRIORS),
    rows=[NAMES[i] for i in pair],
    tops=tops,
    cell=0.9,
)
fig.axes[0].tick_params(axis="x", labelsize=6)
plt.show()

# %% [markdown]
# Each prior does what its line of the table says, and no more: decay leaves the speckles, centre bias gathers them in the middle, blur and total variation smooth them, jitter makes the
# structures larger, and patches give the colour of the photographs. With some of them the network is not sure any more, down to nearly 0, at these strengths and after so few steps. None of them knows what a volcano looks like.
#
# Blur, a little decay and jitter together, the best of some twenty settings by eye, on all classes and with more steps:

# %%
BEST = PixelAscent(
    compose(PIXELS, decay(0.005), blur(0.8)),
    jitter=16,
    eps2=3.0,
    steps=6 * settings.prior_steps,
)
recognisable = ascent.reach(big, noise, target, BEST, range(len(NAMES)))

# %% [markdown]
# (The pictures are the upper row of the figure in the next section.) Now there is something to see, if one knows what to look for: two peaks, a flower head, a dome, something green in a hollow. The colours and
# the texture are nobody's photograph. The network is less sure of most of them than of the fooling images above, and of the junco and the pool table not at all; which
# of blur, decay and jitter costs it the certainty, this run does not say.
#
# ## What people use today
#
# The priors above act on pixels. Since then people have changed what is climbed: not the pixels but a *code* from which a picture is drawn, by a formula $x = G(h)$ that
# somebody wrote down. With $J$ the matrix of derivatives of $G$, the gradient in $h$ is $J^\top$ times that in $x$, and a small step in $h$ moves $x$ by $J$ times it:
# together by $\epsilon_2\, J J^\top\, \partial \log p(y \mid x) / \partial x$. So $J J^\top$ says which changes come out large, and it can be chosen to be like the covariance of photographs. Two such $G$:
#
# **Fourier** {cite}`olah2017feature`. The code holds coefficients $h_f$ of waves of frequency $f$. Each is divided by its frequency before the waves are added up:
#
# $$x = \tanh\Bigl(M\, \mathcal F^{-1}\bigl[h_f / |f|\bigr]\Bigr).$$ (eq-fourier)
#
# In photographs the strength of a wave falls about as $1 / |f|$. With $h \sim \mathcal N(0, I)$ these pictures do too, and since $J J^\top$ has the factor $1 / |f|^2$, a step changes shapes
# rather than speckles. The matrix $M$ mixes three channels to red, green and blue so that the colours vary together as in photographs: $M M^\top$ is, up to scale, the covariance of their colours before the tanh. Decay of this code is a Gaussian
# prior once more, which has the colours and the spectrum of photographs; that on pixels has neither.
#
# **Fixed magnitude** (MACO, {cite}`fel2023maco`). The strength $m_f$ of each wave is that of photographs, and stays. Only the phases $\varphi_f$ are left to choose, that is where each wave
# has its crests:
#
# $$x = \tanh\Bigl(M\, \mathcal F^{-1}\bigl[m_f\, e^{i \varphi_f}\bigr]\Bigr), \qquad \varphi_f \propto h_f / m_f^{\,b}.$$ (eq-maco)
#
# No picture of too much contrast, or too rough, can be drawn at all, and no decay is needed. The exponent $b$ is ours and lets faint waves turn faster; the constant in front makes the phases of a code of $\mathcal N(0, I)$ about 1.
#
# Both show the network a *view* of the picture: shifted, turned, cropped and with noise, another one in each step. Jitter was the first of these. And both climb the logit of the class in place of $\log p(y \mid x)$.
# The sampler is the one we have. The prior is a decay of codes, the condition looks through $G$, and the call is as before:

# %%
colours = colour_mixing(photographs)
waves = FourierImage(224, colours).to(settings.device)
seen = transformed(
    conditions.class_logit(big, target),
    seeds=range(len(NAMES)),
    shift=8,
    turn=15,
    crop=(0.5, 1.2),
    noise=0.05,
)
states = chain(
    waves.code(noise),
    priors.autoencoder(decay(0.01)),
    normalised(through(waves, seen)),
    Eps(1.0, 8.0),
    steps=settings.drawn_steps,
)
rows_of = {
    "blur, decay, jitter": stretched(recognisable).clamp(-1, 1),
    "Fourier": waves(last_of(states)),
}

# %% [markdown]
# For the phases `ascent.reach` makes the same call with another $G$ and other numbers:

# %%
magnitude = mean_magnitude(photographs, colours, rings=True)
phases = FixedMagnitude(magnitude, colours, balance=0.3).to(settings.device)
views = Views(shift=8, turn=10, crop=(0.4, 1.1), noise=0.05)
how = CodeAscent(phases, 0.0, views, eps2=50.0, steps=settings.drawn_steps)
rows_of["fixed magnitude"] = ascent.reach(
    big, noise, target, how, range(len(NAMES))
)

# %% [markdown]
# One thing is new, `normalised`: it scales the gradient of each chain to length 1. In codes the gradient of the first steps is many times as long as later ones, so that a fixed $\epsilon_2$
# either throws the picture into black and white at once or is too short from then on. The authors use Adam, which does not mind lengths either.
#
# Who says what the pictures show? The network that was climbed is certain of fooling images too. So another one is asked, EfficientNet-Lite1, which took no part. It is a *sibling*: other depth and other weights, but
# the same family, the same photographs and the same training. What deceives the one may deceive the other, so this is a weak second opinion. It is not worthless: of the fooling images of the first figure
# it takes {glue:text}`am.sibling_top_fooling:.0f` of {glue:text}`am.sibling_of:.0f` for their class.
#
# The settings were chosen on other classes: goldfinch, strawberry, castle and fire engine, about ten settings for each of the two, by what the sibling gives these classes and by eye.

# %% tags=["hide-input"]
sibling = efficientnet.efficientnet_lite1().to(settings.device)


def verdict(x):
    """What the sibling takes pictures for, and its p(y|x): (B,) each."""
    with torch.no_grad():
        p = sibling(x.clamp(-1, 1)).softmax(1).cpu()
    return p.argmax(1), p.gather(1, target[:, None])[:, 0]


keep("sibling_of", len(NAMES))
for key, x in {
    "fooling": fooling,
    "hand": recognisable,
    "fourier": rows_of["Fourier"],
    "magnitude": rows_of["fixed magnitude"],
}.items():
    named, p = verdict(x)
    keep(f"sibling_top_{key}", (named == target).sum().item())
    keep(f"sibling_sure_{key}", p.mean().item())

# %% tags=["hide-input"] mystnb={"figure": {"caption": "From the same noise: the best prior on pixels from above (contrast raised; the networks saw it as it is), Fourier coefficients, and phases of fixed magnitudes. Above each picture how sure the climbed network is of the class, and what its sibling takes the picture for.", "name": "fig-am-fourier"}, "image": {"alt": "Three rows of six pictures. In the upper one grey texture with faint structure: rays, a dome, something green in the middle. In the two lower ones coloured scenes in which most classes can be named: a glowing mountain, thistles, a bird, balls."}}
fig, axes = plt.subplots(3, 1, figsize=(1.4 * len(NAMES), 5.3))
for ax, (name, x) in zip(axes, rows_of.items(), strict=True):
    asked_of = recognisable if name == "blur, decay, jitter" else x
    named, _ = verdict(asked_of)
    tops = [
        f"{NAMES[i]} {p:.2f}\n{efficientnet.classes()[named[i]]}"
        for i, p in enumerate(confidence(big, asked_of, target))
    ]
    figures.image_grid(x, len(NAMES), rows=[name], tops=tops, ax=ax)
    ax.tick_params(axis="x", labelsize=7)
    ax.tick_params(axis="y", labelsize=8, labelrotation=90)
    plt.setp(ax.get_yticklabels(), va="center")
fig.tight_layout()
plt.show()

# %% [markdown]
# Now one can say without being told what most of them are: a glowing mountain, thistles (a cardoon is one), a bird with a dark hood and a pale belly, peppers, balls. The sibling takes
# {glue:text}`am.sibling_top_fourier:.0f` of the {glue:text}`am.sibling_of:.0f` pictures from Fourier coefficients for their class and gives it {glue:text}`am.sibling_sure_fourier:.2f` on average. Of the best prior on pixels it is
# {glue:text}`am.sibling_top_hand:.0f`, at {glue:text}`am.sibling_sure_hand:.2f`. With fixed magnitudes it is {glue:text}`am.sibling_top_magnitude:.0f`, at {glue:text}`am.sibling_sure_magnitude:.2f`. There eye and sibling differ: the things have clear outlines, some
# clearer than in the row above, and stand on a background of clouds and grain, since all waves have to be somewhere. The magnitudes are those of seven photographs only; the authors took them from all of ImageNet.
#
# These pictures are no photographs. The colours are too strong, parts come twice, and the thing stands nowhere. Nor does the figure say which change did it: the coordinates, the views, the logit, the length of the gradient and who chose the settings (for the codes the sibling too) changed together, and
# what was measured in photographs came in, if only their colours and the strength of their waves.
#
# ## A second opinion
#
# On ImageNet the second opinion was the eye's and a sibling's. On our own data there are judges of other architectures, if from the same photographs. Climb the classifier $E$ of [the data chapter](00_data_and_networks.ipynb), from
# faint noise, several chains a class. Call a picture **recognised** if two networks agree: $E$ gives the class more than 0.9, *and* a judge, which
# differs from $E$ in architecture and seed, takes the picture for that class before all others.
#
# There are two judges, so that nothing is tuned by what it is reported by. The *selector* chooses: for each prior, and without one, it has a row of
# six settings of strength and step size, each looked at after three numbers of steps; the two settings with most
# pictures recognised are tried again with four times as many chains, and the better one is taken. This takes long, so it was done beforehand, and all that was tried is stored. Inside `apart.tuning()`, where it ran, the evaluator and the test photographs raise an error. Then the *evaluator* reports, on pictures from other noise. Two combinations of the
# hand-designed priors are tried as well, and so are the two kinds of codes, with the colours and magnitudes of training photographs. Patches of photographs are no prior made by hand: they stand beside the others, tuned with one
# bank of patches and reported with five others. All of them, as functions of a strength $s$:

# %% tags=["hide-output"]
print(inspect.getsource(hand_designed.families))

# %% tags=["hide-input"]
G, E, evaluator = (
    load(name).to(settings.device) for name in ("generator", "encoder", "evaluator")
)
evaluate = metrics.judge_with(evaluator, "item")
# What E says of the item: C in the equations.
item_logits = class_gradients.item_logits(E)


def classes_of(per_class):
    """Ten classes, one after the other."""
    return torch.arange(10).repeat_interleave(per_class)


def from_noise(how, per_class, first_seed, contrast=0.1):
    """Pictures (10 * per_class, 3, 32, 32) in [-1, 1] of all classes."""
    x0, y, seeds = hand_designed.starts(per_class, first_seed, contrast)
    return ascent.reach(item_logits, x0.to(settings.device), y, how, seeds)


def is_recognised(x, y, judge):
    """E gives the class more than 0.9, and the judge takes it for it: (B,)."""
    x = x.to(settings.device)
    return hand_designed.recognised(item_logits, judge, x, y)[0]


tuning = json.loads(locate("results/hand_priors.json").read_text())
train = TintedFashion("train")
cut_from = train.batch(range(1000)).x
families = hand_designed.families(cut_from, settings.device)
settled = {name: found["chosen"] for name, found in tuning["priors"].items()}


def ascent_of(name, family):
    """The chain of a prior as the selector chose it."""
    of = settled[name]
    steps = min(of["steps"], settings.own_steps)
    return family(of["strength"])._replace(eps2=of["eps2"], steps=steps)


chosen = {name: ascent_of(name, family) for name, family in families.items()}
by_hand = [name for name in chosen if name not in ("none", "patches")]
best = max(
    by_hand, key=lambda name: (settled[name]["recognised"], settled[name]["sure"])
)
record("am.best_prior", best)

# %% tags=["hide-input"]
n, y = settings.own_chains, classes_of(settings.own_chains)
# Of the best more are drawn, for later; the first n of each class count here.
many = from_noise(chosen[best], settings.varied_chains, 70_000)
drawn = {
    name: from_noise(how, n, 70_000) if name != best else None
    for name, how in chosen.items()
    if name != "patches"
}
drawn[best] = many.unflatten(0, (10, -1))[:, :n].flatten(0, 1)
banks = []
for bank in range(5):
    family = hand_designed.patch_family(cut_from, bank, settings.device)
    banks.append(from_noise(ascent_of("patches", family), n, 70_000))
stored, about = protocol.open_samples(
    locate("results/noiseless_samples.safetensors")
)


def learned_pictures(name, per_class):
    """Of stored chains of Noiseless Joint PPGN-h."""
    codes = protocol.first_chains(stored, name, per_class, 10).codes
    return metrics.in_blocks(
        lambda h: G(h.to(settings.device)).clamp(-1, 1).cpu(), codes
    )


drawn["learned, with G"] = learned_pictures("random", n)
shares = {  # by class, (10,)
    name: is_recognised(x, y, evaluate).double().view(10, n).mean(1)
    for name, x in drawn.items()
}
of_banks = torch.stack(
    [is_recognised(x, y, evaluate).double().view(10, n).mean(1) for x in banks]
)
drawn["patches"], shares["patches"] = banks[0], of_banks.mean(0)
order = [*families, "learned, with G"]


def gain(name, over):
    """Share recognised, difference on the same seeds; the unit is a class."""
    return mean_of_gains(shares[name] - shares[over])


def mean_of_gains(values):
    """Mean over units and its interval, by Student's t; it has a width at 0 too."""
    if values.any():
        return metrics.by_student(values)
    # No unit differs: at most as often as 0 of so many chains allows.
    half = metrics.intervals.wilson(0, 10 * n).high
    return Estimate(0.0, -half, half, len(values))


keep("recognised_no_prior", metrics.by_student(shares["none"]))
keep("recognised_gain_gaussian", gain("Gaussian", "none"))
keep("recognised_gain_best", gain(best, "Gaussian"))
keep("recognised_best", metrics.by_student(shares[best]))
keep("recognised_patches", metrics.by_student(shares["patches"]))
keep("recognised_patches_lowest", of_banks.mean(1).min().item())
keep("recognised_patches_highest", of_banks.mean(1).max().item())
keep("recognised_generator", metrics.by_student(shares["learned, with G"]))
sure_alone = confidence(item_logits, drawn["none"].to(settings.device), y)
seen_alone = metrics.judgement(evaluate, drawn["none"].clamp(-1, 1))
keep("own_confidence_no_prior", mean_with_interval(sure_alone))
keep("evaluator_accuracy_no_prior", metrics.accuracy(seen_alone.logits, y))
seen_best = metrics.judgement(evaluate, drawn[best].clamp(-1, 1))
keep("evaluator_accuracy_best_prior", metrics.accuracy(seen_best.logits, y))
for claim in ("C05", "C06"):
    record(f"claim.{claim}", claims.decide(claim, keep))

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The first chain of each class (columns) for each prior (rows), on our own classifier; of patches, with the first bank. Nothing is picked. Framed: recognised by E and the evaluator.", "name": "fig-am-own"}, "image": {"alt": "Rows of grey or coloured noise, coarser in some rows and flat pink with patches, that show nothing; a row of soft coloured clouds from Fourier codes, one of plaid from fixed magnitudes, and a last row of clothes on plain walls. A few of the noisy pictures and some clouds are framed, all of the clothes."}}
shown = torch.cat([drawn[name][::n].cpu() for name in order])
fig = figures.image_grid(
    shown, 10, rows=order, tops=figures.short(ITEMS), cell=0.42
)
fig.axes[0].tick_params(axis="x", labelsize=6)
ok = torch.cat(
    [is_recognised(drawn[name][::n], torch.arange(10), evaluate) for name in order]
)
for i in ok.nonzero().flatten().tolist():
    corner = (33 * (i % 10) - 0.5, 33 * (i // 10) - 0.5)
    fig.axes[0].add_patch(
        plt.Rectangle(corner, 32, 32, fill=False, color="black", linewidth=2)
    )
plt.show()

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Share of the pictures of each class that E and the evaluator recognise.", "name": "fig-am-by-class"}, "image": {"alt": "A table of shares, priors by classes. Zero in most places of the rows of pixels, large in one or two columns, mostly the bag; above zero in most columns of Fourier, and high throughout in the row of the learned prior."}}
fig, ax = plt.subplots(figsize=(8, 4))
table = torch.stack([shares[name] for name in order])
ax.imshow(table, cmap="Blues", vmin=0, vmax=1, aspect="auto")
for (i, j), share in np.ndenumerate(table.numpy()):
    ax.text(
        *(j, i, f"{share:.2f}"),
        ha="center",
        va="center",
        fontsize=8,
        color="white" if share > 0.5 else "black",
    )
ax.set_yticks(range(len(order)), order)
ax.set_xticks(range(10), ITEMS, rotation=30, ha="right")
ax.grid(visible=False)
plt.show()

# %% tags=["hide-input"]
figures.table(
    {
        name: {
            "strength": f"{settled[name]['strength']:g}" if name in chosen else "",
            "ε2": f"{chosen[name].eps2:.2g}" if name in chosen else "",
            "steps": f"{chosen[name].steps}" if name in chosen else "",
            "recognised, tuning": f"{settled[name]['recognised']:.2f}"
            if name in chosen
            else "",
            "recognised": str(metrics.by_student(shares[name])),
            "gain over none": str(gain(name, "none")) if name != "none" else "",
        }
        for name in order
    }
)

# %% [markdown]
# (Intervals: Student's t over the ten classes, which does not know that a share ends at 0 and 1.)
#
# Without a prior $E$ is sure, by {glue:text}`am.own_confidence_no_prior:.3f` on average, and {glue:text}`am.recognised_no_prior:.2f` of the pictures are recognised. Guessing
# would give one in ten. The figure by class says more: without a prior, or with one on pixels, what is recognised belongs to a few classes: mostly the bag, with blur the sneaker, with centre bias the pullover. Some of the framed pictures are noise to the eye: the second network can be fooled as well. A Gaussian prior
# changes the share by {glue:text}`am.recognised_gain_gaussian:.2f`; the best prior by hand ({glue:text}`am.best_prior`, as the selector chose) has {glue:text}`am.recognised_best:.2f`,
# a gain over the Gaussian of {glue:text}`am.recognised_gain_best:.2f`. With patches of photographs it is {glue:text}`am.recognised_patches:.2f` in the mean over five banks, from
# {glue:text}`am.recognised_patches_lowest:.2f` to {glue:text}`am.recognised_patches_highest:.2f`: which photographs were cut up counts as much as the prior does. The last row has a learned prior, that of *Noiseless Joint* PPGN-h on the codes of a generator $G$ (a network that draws the picture of a code), from
# [a later chapter](08_noiseless_joint_ppgn_h.ipynb), whose chains climb the same $E$: {glue:text}`am.recognised_generator:.2f`.
#
# That the class gradient alone gives fooling images (C05) is {glue:text}`claim.C05`. That a Gaussian prior makes them easier to recognise, and hand-designed priors more so (C06), is
# {glue:text}`claim.C06`, by [its rule](../book/claims/index.md). The first half is not seen: a Gaussian prior on pixels gains nothing. The second half is, with Fourier codes, which come with views,
# the logit and steps of fixed length. No older prior shows a gain, with wide intervals. Fixed magnitudes show a small one: its interval leaves out 0, but reaches below the 0.05 that the rule counts as none. The pictures of the code are soft clouds of colour in the outline of the thing: trousers are two legs with a lighter gap between them. These are the pictures a second network agrees with. To the eye they
# are less than those of the ImageNet network; size of picture, network and training data all differ. These numbers come from one
# classifier $E$, and those with $G$ from one generator: they say what these networks do, not what the methods do with others.
#
# ## The colours
#
# Are the colours of such pictures right? Brightness should not count as colour, so each pixel is divided by its sum: of $r/(r+g+b)$ and $g/(r+g+b)$, weighted by
# $r+g+b$, take the mean and the standard deviation over a picture. These four numbers of each picture make a cloud of points for a set of pictures, and the
# root of the Fréchet distance says how far two clouds are from each other.
#
# A chain from grey noise has wrong colours to begin with. So chains start at photographs too, of other classes than the one asked for: their colours are
# right, and the question is whether the chain keeps them.


# %%
def chromaticity(x):
    """Mean and deviation of r/(r+g+b), g/(r+g+b) over a picture, (B, 4)."""
    rgb = x.cpu().double().clamp(-1, 1) / 2 + 0.5
    total = rgb.sum(1, keepdim=True).clamp(min=1e-6)
    parts, weight = rgb[:, :2] / total, total / total.sum((2, 3), keepdim=True)
    mean = (weight * parts).sum((2, 3), keepdim=True)
    std = (weight * (parts - mean) ** 2).sum((2, 3)).sqrt()
    return torch.cat([mean[:, :, 0, 0], std], 1)


# %% tags=["hide-input"]
def root_frechet(a, b):
    """Root of the Fréchet distance of two clouds, in the units of the numbers."""
    return max(metrics.frechet(a, b), 0.0) ** 0.5


# Starts of the stored chains "images": training images, whatever they show.
per_class = len(stored["images.codes"]) // 10
first = torch.Generator().manual_seed(about["protocol"]["seeds_from"])
starts_at = torch.randperm(len(train), generator=first)[: 10 * per_class]
start_images = train.batch(starts_at)
other = (start_images.labels["item"] != classes_of(per_class)).view(10, per_class)
m = settings.colour_chains
keep_these = torch.cat(
    [other[c].nonzero()[:m, 0] + c * per_class for c in range(10)]
)
begin = start_images.x[keep_these]
wanted = classes_of(per_class)[keep_these]

test = TintedFashion("test")
reference = chromaticity(test.batch(range(2000)).x)
seeds = protocol.seeds_of(80_000, m, 10)
z = Noise(seeds).draw(torch.empty(10 * m, 3, 32, 32))
coloured = {
    "photographs": test.batch(range(2000, 2000 + 10 * m)).x,
    "noise": 0.1 * z,
    "by hand, from noise": many.unflatten(0, (10, -1))[:, :m].flatten(0, 1),
    "learned, from random codes": learned_pictures("random", m),
    "photographs to start from": begin,
    "by hand, from photographs": ascent.reach(
        item_logits, begin.to(settings.device), wanted, chosen[best], seeds
    ),
    "learned, from photographs": learned_pictures("images", per_class)[keep_these],
}
clouds = {name: chromaticity(x) for name, x in coloured.items()}
distance = {
    name: with_interval(root_frechet, cloud, reference)
    for name, cloud in clouds.items()
}
for key, name in {
    "real": "photographs",
    "noise": "noise",
    "hand": "by hand, from noise",
    "generator": "learned, from random codes",
    "start_images": "photographs to start from",
    "hand_from_images": "by hand, from photographs",
    "generator_from_images": "learned, from photographs",
}.items():
    keep(f"colour_distance_{key}", distance[name])
record("claim.C09", claims.decide("C09", keep))

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Left and middle: mean colour of each picture, without brightness, from noise or random codes and from photographs of other classes; grey: other test photographs. Right: distance of each set to test photographs by the four numbers, with 95 % intervals.", "name": "fig-am-colours"}, "image": {"alt": "Left, a small cloud of hand-designed pictures around grey in the middle of the wide clouds of photographs and learned pictures. Middle, three wide clouds. Right, seven distances; those of noise and of hand-designed pictures from noise are by far the largest."}}
fig, axes = plt.subplots(1, 3, figsize=(11, 3.6), width_ratios=(1, 1, 0.9))
names = list(clouds)
for ax, which in zip(axes, (names[2:4], names[5:7]), strict=False):
    ax.scatter(*clouds["photographs"][:, :2].T, s=6, color="0.75", label="test")
    for i, name in enumerate(which):
        ax.scatter(
            *clouds[name][:, :2].T,
            s=8,
            marker="^o"[i],
            color=figures.PALETTE[i],
            label=name,
        )
    ax.set(xlabel="r / (r + g + b)", xlim=(0.1, 0.65), ylim=(0.1, 0.65))
    ax.legend(fontsize=7, loc="upper right")
axes[0].set_ylabel("g / (r + g + b)")
for i, e in enumerate(distance.values()):
    figures.interval(axes[2], -i, e, color="black", capsize=3)
axes[2].set_yticks([-i for i in range(len(distance))], distance)
axes[2].yaxis.tick_right()
axes[2].set(xlabel="root of the Fréchet distance", xlim=(0, None))
fig.tight_layout()
plt.show()

# %% [markdown]
# From noise, which is at {glue:text}`am.colour_distance_noise:.3f` itself, the best hand-designed prior ends at {glue:text}`am.colour_distance_hand:.3f`, a small cloud around grey.
# Its matrix $M$ mixes the channels as the colours of photographs vary together, but in each wave by itself: so every picture has all colours, and its mean is near grey. Photographs here have one coloured thing on one coloured wall. The learned prior ends at {glue:text}`am.colour_distance_generator:.3f`, where other test photographs are at
# {glue:text}`am.colour_distance_real:.3f`. From photographs, which begin at {glue:text}`am.colour_distance_start_images:.3f`, the hand-designed prior ends at
# {glue:text}`am.colour_distance_hand_from_images:.3f` and the learned one at {glue:text}`am.colour_distance_generator_from_images:.3f`. The mean colours stay in the cloud of photographs (middle panel). So most of the distance should lie in the deviations within a picture, which were not looked at alone.
# From noise both halves of the claim hold; from photographs the intervals leave open whether $G$ ends less than half as far. That hand-designed priors leave the colours
# wrong and a learned $G$ mends them (C09) is {glue:text}`claim.C09`, with one pair of $E$ and $G$.
#
# ## The variety
#
# A prior that lets one picture of each class through may still score well so far. How different are the pictures of a class from each other? Sixty chains a class run with the best
# hand-designed prior, from faint noise and again from noise at full contrast; the more varied ones count, here those from {glue:text}`am.diversity_start`. The learned prior has sixty from random codes. Noise in
# place of a picture is varied too, so only recognised pictures count, and equally many of either prior in a class; a class with fewer than five drops out.
#
# Two measures. *Spread*: the mean distance of two pictures of a class, over that of two photographs of it, in the features of a network that nobody
# here trained, EfficientNet-Lite0. *Coverage*: the share of photographs of the class that have such a picture near them, in the
# evaluator's features: nearer than their fourth-nearest other photograph.

# %% tags=["hide-input"]
imagenet = metrics.imagenet(settings.device)
near = protocol.real_images(test, evaluate, 100)
NEIGHBOURS = 4  # so that five pictures suffice


def varied(pictures):
    """By class spread and coverage of each prior, without classes with too few.

    And how many of each class are recognised, (10,) for each prior.
    """
    each = settings.varied_chains
    good = {
        name: is_recognised(x, classes_of(each), evaluate).view(10, each)
        for name, x in pictures.items()
    }
    rows = {}
    for c in range(10):
        count = min(int(ok[c].sum()) for ok in good.values())
        if count < 5:
            continue
        sets = {
            name: x.view(10, each, 3, 32, 32)[c][good[name][c]][:count].cpu()
            for name, x in pictures.items()
        }
        real = near.x[near.y == c]
        around = near.judgement.features[near.y == c]
        one = torch.cat([*sets.values(), real[:count]])
        features = metrics.judgement(imagenet, one, 100).features.split(count)
        far = [torch.pdist(f).mean().item() for f in features]
        rows[ITEMS[c]] = {
            "count": count,
            "spread": [d / far[-1] for d in far[:-1]],
            "coverage": [
                metrics.neighbours(
                    metrics.judgement(evaluate, x).features, around, NEIGHBOURS
                ).coverage.value
                for x in sets.values()
            ],
            "pictures": sets,
        }
    return rows, {name: ok.sum(1) for name, ok in good.items()}


def over_classes(values):
    """Mean over classes; of fewer than two nothing is known."""
    if len(values) < 2:
        return Estimate(0.0, -1.0, 1.0, len(values))
    return mean_with_interval(torch.tensor(values))


def gains(rows, what):
    """Learned minus hand-designed, by class."""
    return [row[what][1] - row[what][0] for row in rows.values()]


learned = learned_pictures("random", settings.varied_chains)
full = from_noise(chosen[best], settings.varied_chains, 90_000, contrast=1.0)
by_start = {
    start: varied({"by hand": x.clamp(-1, 1), "learned": learned})
    for start, x in (("faint noise", many), ("full contrast", full))
}
spread_of = {
    start: over_classes([row["spread"][0] for row in rows.values()])
    for start, (rows, _) in by_start.items()
}
start = max(spread_of, key=lambda start: spread_of[start].value)
variety, counts = by_start[start]
record("am.diversity_start", start)
keep("diversity_classes", len(variety))
keep("diversity_hand_spread", spread_of[start])
keep("diversity_gain_spread", over_classes(gains(variety, "spread")))
keep("diversity_gain_coverage", over_classes(gains(variety, "coverage")))
record("claim.C53", claims.decide("C53", keep))

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Two classes: the first six photographs, and the first six recognised pictures by hand and learned. Nothing is picked; the classes are the first two that count.", "name": "fig-am-variety"}, "image": {"alt": "For each of two classes a row of photographs, a row of soft clouds of colour made by hand, which all have much the same outline, and a row of learned pictures that look like clothes, in many colours and cuts."}}
look_at = list(variety)[:2] or [ITEMS[0]]
fig, axes = plt.subplots(1, 2, figsize=(9, 2.6))
for ax, item in zip(axes, look_at, strict=False):
    c = ITEMS.index(item)
    k = min(6, variety[item]["count"]) if item in variety else 2
    of_item = {
        "photographs": near.x[near.y == c],
        "by hand": many,
        "learned": learned,
    }
    if item in variety:
        of_item |= variety[item]["pictures"]
    figures.image_grid(
        torch.cat([x[:k].cpu() for x in of_item.values()]),
        k,
        rows=list(of_item),
        title=item,
        ax=ax,
    )
for ax in axes[len(look_at) :]:
    ax.set_axis_off()
fig.tight_layout()
plt.show()

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Left: how many of a class's pictures are recognised; classes with a point left of the dashed line drop out. Middle: spread of as many pictures of either prior, over that of photographs (dashed: as varied as these). Right: share of photographs that have such a picture near them.", "name": "fig-am-diversity"}, "image": {"alt": "Three panels with a pair of points for each class. Left, by hand the counts differ much from class to class, learned they are high in all. In the middle the points by hand lie below the dashed line, the learned ones near it or above. On the right the learned ones are ahead in every class that counts."}}
fig, axes = plt.subplots(1, 3, figsize=(10.5, 3.4), sharey=True)
for i, name in enumerate(("by hand", "learned")):
    axes[0].plot(counts[name], [-c for c in range(10)], "^o"[i], label=name)
    for ax, what in zip(axes[1:], ("spread", "coverage"), strict=True):
        ax.plot(
            [row[what][i] for row in variety.values()],
            [-ITEMS.index(item) for item in variety],
            "^o"[i],
        )
axes[0].axvline(4.5, color="0.5", linestyle="--", linewidth=1)
axes[1].axvline(1, color="0.5", linestyle="--", linewidth=1)
axes[0].set(xlabel="recognised", ylim=(-9.5, 0.5))
axes[1].set(xlabel="spread / spread of photographs", xlim=(0, None))
axes[2].set(xlabel="coverage", xlim=(0, 1))
axes[0].set_yticks([-c for c in range(10)], ITEMS)
axes[0].legend(fontsize=8)
fig.tight_layout()
plt.show()

# %% [markdown]
# In {glue:text}`am.diversity_classes` of ten classes both priors have five recognised pictures or more; the rule asks for six, and by it C53, that hand-designed priors give little variety and a learned one more,
# is {glue:text}`claim.C53`. Pictures by hand have {glue:text}`am.diversity_hand_spread:.2f` of the spread of photographs, the learned ones {glue:text}`am.diversity_gain_spread:.2f` more, and they cover {glue:text}`am.diversity_gain_coverage:.2f` more of the photographs.
# To the eye the ones by hand are variations of one cloud. The patches of colour differ from chain to chain; the outline looks the same.
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
# and only (c) is the gradient of a log-probability. (b) is (c) times $s_y = p(y \mid x)$: the same direction, and next to nothing where the class is
# improbable. That is algebra and needs no measurement (at the starts below the softmax gradient has, in the median,
# {glue:text}`am.grad_norm_softmax_over_log:.0e` times the length). What has to be measured is whether it matters. A small gradient can be made up for by a large step size, unless no
# single one serves: what is large enough at $p = 10^{-6}$ may be far too large at $p = 0.5$. The authors' released code has a fourth candidate: of (c) it keeps the
# part that comes through $l_y$, $(1 - s_y)\, \partial l_y / \partial x$, and drops that of the other classes.
#
# So each gradient gets its own step size. Chains start at codes of photographs of other classes, where $E$ gives the class asked for less than
# $10^{-3}$, and climb through $G$, without a prior. Of eleven $\epsilon_2$, from a tenth to $10^9$ times that of
# [the chapter on Noiseless Joint PPGN-h](08_noiseless_joint_ppgn_h.ipynb), each gradient takes the one with the most successes from validation photographs, of equals the largest. Success means that
# $E$ gives the class more than 0.9 in the last state. This was done beforehand too. Then it climbs from test photographs. The released gradient, which is no row of the table, takes the step size of (c).

# %%
# Of `conditions`: classes is (c), class_logit (a), class_probability (b).
FORMS = class_gradients.FORMS


def climb(form, h0, wanted, eps2):
    """A chain of codes along this gradient, through G and without a prior."""
    condition = through(G, form(item_logits, wanted))
    return chain(
        h0, priors.none, condition, Eps(0.0, eps2), steps=settings.start_steps
    )


# %% tags=["hide-input"]
factor = {name: row["factor"] for name, row in tuning["gradients"].items()}
factor["as released"] = factor["log-softmax (c)"]
BOOK = tuning["protocol"]["eps2"]  # of the book's chains

h0, wanted = class_gradients.unlikely(
    E, G, "test", settings.starts, seed=1, device=settings.device
)
courses = {}
for name, form in FORMS.items():
    states = climb(form, h0, wanted, factor[name] * BOOK)
    # (T + 1, B)
    courses[name] = torch.stack(
        [class_gradients.given(E, G, state.h, wanted) for state in states]
    )
success = {name: (course[-1] > 0.9).double() for name, course in courses.items()}
a, b, c = (
    success[name] for name in ("logit (a)", "softmax (b)", "log-softmax (c)")
)
keep("success_log_softmax", mean_with_interval(c))
keep("success_log_softmax_over_softmax", mean_with_interval(c - b))
keep("success_logit_over_softmax", mean_with_interval(a - b))
keep("success_logit", mean_with_interval(a))
ever = (courses["logit (a)"] > 0.9).any(0).double()
keep("logit_ever", mean_with_interval(ever))
keep("success_softmax", mean_with_interval(b))
keep("success_released", mean_with_interval(success["as released"]))
record("claim.C07", claims.decide("C07", keep))
true, released, of_softmax = (
    value_and_grad(through(G, FORMS[name](item_logits, wanted)), h0)[1]
    for name in ("log-softmax (c)", "as released", "softmax (b)")
)
lengths = of_softmax.norm(dim=1) / true.norm(dim=1)
keep("grad_norm_softmax_over_log", lengths.median().item())
angle = torch.rad2deg(cosine_similarity(true, released).clamp(-1, 1).arccos())
keep("released_angle", mean_with_interval(angle.cpu()))

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Left: share of the tuning chains that succeed, against the step size as a multiple of the book's. Right: share of the chains from test photographs that are above 0.9 after so many steps, each gradient with its best step size (as released: that of (c)).", "name": "fig-am-gradients"}, "image": {"alt": "Left, three curves of successes over the step size: log-softmax far above the logit, and this above the softmax, which is at zero for most step sizes. Right, curves over the steps in the same order, that of the softmax near zero; that of the released gradient lies beside log-softmax."}}
tuned_starts = tuning["protocol"]["climb"]["starts"]
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.4))
for i, (name, course) in enumerate(courses.items()):
    colour, style = figures.PALETTE[i], ("-", "--", ":", "-.")[i]
    if name in tuning["gradients"]:
        left.plot(
            tuning["protocol"]["factors"],
            np.array(tuning["gradients"][name]["successes"]) / tuned_starts,
            style,
            marker="os^"[i],
            color=colour,
            label=name,
        )
    above = (course > 0.9).float().mean(1)
    right.plot(above, style, color=colour, label=name)
left.set(xscale="log", xlabel="ε2 over the book's", ylabel="share that succeed")
left.legend(fontsize=8)
right.set(xlabel="step", ylabel="share with p above 0.9", ylim=(-0.02, 1.02))
right.legend(fontsize=8)
fig.tight_layout()
plt.show()

# %% tags=["hide-input"]
figures.table(
    {
        name: {
            "ε2 over the book's": f"{factor[name]:g}",
            "succeed, tuning": f"{max(tuning['gradients'][name]['successes']) / tuned_starts:.2f}"
            if name in tuning["gradients"]
            else "",
            "succeed": str(mean_with_interval(success[name])),
        }
        for name in FORMS
    }
)

# %% [markdown]
# Each at its best step size, (c) succeeds in {glue:text}`am.success_log_softmax:.0%` of the chains, the logit in {glue:text}`am.success_logit:.0%` and the softmax in
# {glue:text}`am.success_softmax:.0%`; over the same chains (c) has {glue:text}`am.success_log_softmax_over_softmax:.2f` more than the softmax, the logit {glue:text}`am.success_logit_over_softmax:.2f` more. The left panel shows what tuning can do for
# the softmax: little, and that at steps of a million times the book's. By {eq}`eq-gradients` its steps shrink with $p$, differently in each chain.
# Long steps alone do not spoil a chain: (c) succeeds with a billion times the book's. Why so few of (b) arrive was not looked into. C07, that the softmax gradient vanishes, that the others do not and that (c) works well, is {glue:text}`claim.C07`.
# (Success is $E$'s opinion
# alone here, and steps of a billion times the book's lead to codes that no photograph has: what such a picture shows is another question, which a prior answers.)
#
# The released gradient has the direction of the logit's, {glue:text}`am.released_angle:.0f` degrees away from the true one on average, and still succeeds in {glue:text}`am.success_released:.0%`. Beside the
# direction it has the factor $1 - s_y$, which stops it where the class is certain, and here a step size a thousand times the logit's. The logit's goes on from there, since a logit can always grow. Of its chains {glue:text}`am.logit_ever:.0%` are above 0.9 in some state, and
# {glue:text}`am.success_logit:.0%` in the last one: many arrive and leave again.
#
# ## One multiplier or two
#
# Bayes has one weight for both terms. The paper gives each its own and finds that this works better. To see what that does, one needs a prior whose scale is
# known. The denoiser of [the last chapter](02_a_denoiser_knows_the_score.ipynb) has one: by Eq. 6 its $R(x) - x$ is $\sigma^2$ times a score. A Langevin step of size $\delta$
# then means $\epsilon_1 = \delta / \sigma^2$, $\epsilon_2 = \delta$ and $\epsilon_3 = \sqrt{2 \delta}$: one multiplier, $\delta$, in front of both scores. Two multipliers
# are $\epsilon_2 = k \delta$.
#
# Does the chain with one multiplier sample what it should? In the plane that can be checked. The prior is a denoiser that has learnt six blobs at noise $\sigma = 0.5$; the
# condition is $p(y \mid x) = 1 / (1 + e^{-2 x_1})$, for something that lies on the right. The chain should then draw from
# $p_\sigma(x)\, p(y \mid x)$, made to sum to one. Exact draws are easy to have: draw from $p_\sigma$ and keep $x$ with probability $p(y \mid x)$.

# %%
STD, SIGMA = 0.3, 0.5  # of the blobs, of the noise
one = Eps.langevin(delta=0.1 * SIGMA**2, sigma=SIGMA)
two = Eps(one.eps1, 10 * one.eps2, one.eps3)  # k = 10


def on_the_right(x):
    """log p(y|x)."""
    return logsigmoid(2 * x[:, 0])


def exact_draws(n):
    """Of p_sigma(x) p(y|x), by rejection."""
    x = blobs(4 * n, generator, (STD**2 + SIGMA**2) ** 0.5)
    kept = torch.rand(len(x), generator=generator).log() < on_the_right(x)
    return x[kept][:n]


# %% tags=["hide-input"]
GROUPS = 10
turn = 2 * np.pi * torch.arange(6) / 6
means = 2 * torch.stack([turn.cos(), turn.sin()], 1)
generator = torch.Generator().manual_seed(0)


def blobs(n, generator, std=STD):
    """Points of six blobs on a ring, (n, 2)."""
    which = torch.randint(6, (n,), generator=generator)
    return means[which] + std * torch.randn(n, 2, generator=generator)


torch.manual_seed(0)  # the first weights
R = ResidualMLP(2)
for _ in fit(R, blobs, SIGMA, steps=settings.plane_fit):
    pass
R.requires_grad_(False)

N = settings.plane_chains * GROUPS
ends = {}
for k, eps in ((1, one), (10, two)):
    states = chain(
        2 * torch.randn(N, 2, generator=generator),
        priors.autoencoder(R),
        on_the_right,
        eps,
        steps=settings.plane_steps,
        seeds=range(N),
    )
    ends[k] = last_of(states)


def energy_distance(a, b):
    """2 E|a - b| - E|a - a'| - E|b - b'| of two clouds of points."""
    between, own_a, own_b = (
        torch.cdist(*pair).mean().item() for pair in ((a, b), (a, a), (b, b))
    )
    return 2 * between - own_a - own_b


def over_exact(x):
    """Energy distance to exact draws over that of exact draws to each other."""
    pairs = []
    for group in x.split(settings.plane_chains):
        truth, other = (exact_draws(len(group)) for _ in range(2))
        pairs.append([energy_distance(group, truth), energy_distance(other, truth)])
    return with_interval(
        lambda rows: float(rows[:, 0].mean() / rows[:, 1].mean()),
        torch.tensor(pairs),
        resamples=2000,
    )


of_one = over_exact(ends[1])
keep("coupled_energy_ratio", of_one)
record("am.coupled_energy_low", of_one.low)
record("am.coupled_energy_high", of_one.high)
keep("decoupled_energy_ratio", over_exact(ends[10]))

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Exact draws, and chains in the plane with one multiplier and with two (prior: a learned denoiser; condition: the right half). Contours in all panels: the density that Bayes asks for ($k = 1$).", "name": "fig-am-plane"}, "image": {"alt": "Three panels of points on a ring of six blobs, mostly on its right half. The first two look alike; in the third hardly any point is left of the middle."}}
axis = torch.linspace(-4.2, 4.2, 120)
lattice = torch.stack(torch.meshgrid(axis, axis, indexing="xy"), -1).view(-1, 2)
prior_density = densities.smoothed(torch.ones(6) / 6, means, STD, SIGMA)
density = (prior_density.log_prob(lattice) + on_the_right(lattice)).exp()
panels = {
    "exact": exact_draws(1500),
    "one multiplier": ends[1],
    "two, k = 10": ends[10],
}
fig, axes = plt.subplots(1, 3, figsize=(9.5, 3.4))
for ax, (name, x) in zip(axes, panels.items(), strict=True):
    ax.scatter(*x[:1500].T, s=3, color=figures.PALETTE[0])
    ax.contour(axis, axis, density.view(120, 120), colors="black", linewidths=0.6)
    ax.set(xticks=[], yticks=[], xlim=(-4.2, 4.2), ylim=(-4.2, 4.2), aspect="equal")
    ax.set_title(name, fontsize=10)
    ax.grid(visible=False)
fig.tight_layout()
plt.show()

# %% [markdown]
# With one multiplier the chains look like the exact draws, as they should. Their *energy distance* to exact draws (0 on average for two clouds of one distribution with very many points, and a little more for fewer) is
# {glue:text}`am.coupled_energy_ratio:.2f` ({glue:text}`am.coupled_energy_low:.2f` to {glue:text}`am.coupled_energy_high:.2f`) times that of exact draws to each other, so 1 lies within its interval. With ten times the weight on the condition
# they crowd on the right, more than Bayes asks for, and the ratio is {glue:text}`am.decoupled_energy_ratio:.0f`. So the check can tell a wrong chain from a right one, and one multiplier
# passes it. A second one means to sample something else on purpose: $p(x)\, p(y \mid x)^k$.
#
# Now pictures. The prior is the image denoiser, its noise falling from 10 to 0.05 as at the end of the last chapter; the condition is $E$, which has seen no noise and so reads the
# denoised picture. These chains take long, so they were run beforehand. The selector chose $\delta / \sigma^2$ from three for one
# multiplier, and $k$ from three for two; fifteen chains a class on other seeds were stored.

# %% tags=["hide-input"]
pixel_chains, about_pixels = protocol.open_samples(
    locate("results/alternatives.safetensors")
)
SAMPLERS = {"one multiplier": "coupled", "two multipliers": "decoupled"}
ended = {  # (150, 3, 32, 32) in [-1, 1]
    name: pixel_chains[f"{key}.ends"].float() / 127.5 - 1
    for name, key in SAMPLERS.items()
}
each = len(ended["one multiplier"]) // 10
judged = {name: metrics.judgement(evaluate, x) for name, x in ended.items()}
right = {
    name: (judgement.logits.argmax(1) == classes_of(each)).double()
    for name, judgement in judged.items()
}
kid = {
    name: metrics.kernel_distance_by_class(
        judgement.features, classes_of(each), near.judgement.features, near.y
    )
    for name, judgement in judged.items()
}


keep("coupled_accuracy", mean_with_interval(right["one multiplier"]))
keep("decoupled_accuracy", mean_with_interval(right["two multipliers"]))
keep(
    "decoupled_accuracy_gain",
    mean_with_interval(right["two multipliers"] - right["one multiplier"]),
)
keep(
    "decoupled_kid_fall",
    metrics.fall(kid["one multiplier"], kid["two multipliers"]),
)
record("claim.C08", claims.decide("C08", keep))

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Langevin chains in pixels with a denoiser as prior: the first two chains of each class (columns) with one multiplier and with two. Nothing is picked.", "name": "fig-am-multipliers"}, "image": {"alt": "Four rows of ten small pictures on plain walls. Many have the shape of the class asked for, in one flat colour; others are torn or patches of grain, and some show another class."}}
first_two = torch.cat(
    [x[i::each] for x in ended.values() for i in range(2)]
)  # (40, 3, 32, 32)
figures.image_grid(
    first_two,
    10,
    rows=[name if i == 0 else "" for name in ended for i in range(2)],
    tops=figures.short(ITEMS),
    cell=0.8,
)
plt.show()

# %% tags=["hide-input"]
rows = {}
for name, key in SAMPLERS.items():
    found = about_pixels["found"][key]
    for point in found["settings"]:
        taken = list(point["setting"]) == list(found["chosen"])
        share, k = point["setting"]
        lost = "diverged" in point
        rows[f"{name}, δ/σ² = {share:g}, k = {k:g}"] = {
            "accuracy, selector": "diverged"
            if lost
            else f"{point['accuracy']:.3f}",
            "kernel distance, selector": "" if lost else f"{point['kid']:.3f}",
            "accuracy, evaluator": str(mean_with_interval(right[name]))
            if taken
            else "",
            "kernel distance, evaluator": str(kid[name]) if taken else "",
        }
figures.table(rows)

# %% [markdown]
# The evaluator takes {glue:text}`am.coupled_accuracy:.2f` of the pictures with one multiplier for their class, and with two {glue:text}`am.decoupled_accuracy:.2f`: a gain of
# {glue:text}`am.decoupled_accuracy_gain:.2f` over the same seeds. The kernel distance to test photographs (how far the judge's features of both sets are apart, near 0 for two sets of photographs; [chapter 8](08_noiseless_joint_ppgn_h.ipynb) explains it) falls by {glue:text}`am.decoupled_kid_fall:.0%`, with a wide interval, and stays far above that of photographs. That two multipliers give better samples than one (C08) is
# {glue:text}`claim.C08`. The reason to expect a gain in accuracy is in the plane: $p(y \mid x)^k$ with $k > 1$ asks for pictures that $E$ is surer of than Bayes wants. It could cost
# variety; the kernel distance would notice that, and it fell. The paper's own multipliers are a factor of $10^5$ apart. Its denoiser of codes has $\sigma = 1$, so by Eq. 6 its $R(h) - h$ is the score itself: it trusts the condition far
# more than Bayes would.
#
# ## The energy along a chain
#
# Can one see the energy $U$ of Eq. 15 fall along a chain? Its second half, $-\log p(y \mid h)$, is known in each state. Its first half is not: a prior such as
# $E(G(h)) - h$ gives a direction only, and it may be the gradient of nothing. What one can do is add up, along the way the chain takes, how far it went with
# this direction: the work $\int (R(h) - h) \cdot \mathrm dh$. With a minus sign it stands in for the first half. Along another way it might be another number. Ten chains of
# [Noiseless Joint PPGN-h](08_noiseless_joint_ppgn_h.ipynb), the subject of a later chapter, with $\epsilon_1 = \epsilon_2$:

# %% tags=["hide-input"]
photograph_codes = metrics.in_blocks(
    lambda x: encode(E, x.to(settings.device)), test.batch(range(10)).x
)
path = list(
    chain(
        photograph_codes,
        *noiseless(G, E, conditions.classes(E, torch.arange(10), "item")),
        Eps(0.05, 0.05),
        steps=settings.start_steps,
    )
)
hs, fields = (
    torch.stack([getattr(s, part) for s in path]).cpu() for part in ("h", "prior")
)  # (T + 1, 10, 256)

# %%
# By the trapezoidal rule.
work = ((hs[1:] - hs[:-1]) * (fields[1:] + fields[:-1]) / 2).sum(2)
condition_falls = torch.stack([s.log_p for s in path]).cpu().diff(dim=0)
falls = work + condition_falls  # of the energy in each step

# %% tags=["hide-input"] mystnb={"figure": {"caption": "By how much the energy falls in each step, and its two halves, mean over ten chains, each from a test photograph and for a class of its own. Below zero: it rises.", "name": "fig-am-energy"}, "image": {"alt": "Three curves over the steps: from the second step on those of the energy and of the prior's half lie close together above zero, while that of the condition's half, the larger one in the first step, crosses zero several times."}}
keep("energy_falls", mean_with_interval((falls > 0).double().mean(0)))
fig, ax = plt.subplots(figsize=(6, 3.2))
for i, (name, part) in enumerate(
    {
        "energy": falls,
        "prior's half, by its work": work,
        "condition's half": condition_falls,
    }.items()
):
    ax.plot(
        range(1, len(part) + 1),
        part.mean(1),
        ("-", "--", ":")[i],
        color=figures.PALETTE[i],
        label=name,
    )
ax.axhline(0, color="0.5", linewidth=0.8)
ax.set_yscale("symlog", linthresh=0.1)
marks = [-0.1, 0, 0.1, 1, 2, 5]
ax.set_yticks(marks, [f"{mark:g}" for mark in marks])
ax.set_yticks([], minor=True)
ax.set(xlabel="step", ylabel="fall of the energy in a step")
ax.legend(fontsize=8, ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1))
plt.show()

# %% [markdown]
# The sum falls in {glue:text}`am.energy_falls:.0%` of the steps. That is no test of the prior: with $\epsilon_1 = \epsilon_2 = \epsilon$ each step is $\epsilon (f + g)$, with $f$ the prior's field and $g$ the condition's gradient, and a
# short one lowers the sum by about $\epsilon \lVert f + g \rVert^2 > 0$, whether or not $f$ is the gradient of anything. Where it rises, the step was too long. In the first step most of the fall is the condition's, later most is the prior's, as
# the codes move towards those that $E$ and $G$ agree on. How large the two halves are beside each other means little here, since this prior has no $\sigma$ that would give it a unit.
#
# ## Exercises
#
# **1.** Eq. 14 has $x' = (1 - \lambda)\, x + \partial \log p(y \mid x) / \partial x$, without a multiplier of the gradient. Of which Gaussian is $-\lambda x$ the score, and
# where does the chain come to rest if the gradient is a constant $g$? Predict it for $\lambda = 0.1$ and $g = 1$, then run it.
#
# <details><summary>Solution</summary>
#
# A step of size $\epsilon$ up the logarithm of $\mathcal N(0, s^2 I)$ is $x - \epsilon x / s^2$, so $\lambda = \epsilon / s^2$; with the gradient's multiplier $\epsilon = 1$ as printed, the variance is
# $1 / \lambda$. At rest $\lambda x = g$, so $x = g / \lambda$, here 10: decay does not keep the picture small, it keeps it in proportion to how hard the network pulls. The folded cell below runs it.
#
# </details>

# %% tags=["hide-cell"]
# Solution of exercise 1, run
states = chain(
    torch.zeros(1, 3, 8, 8),
    priors.autoencoder(decay(0.1)),
    lambda x: x.sum((1, 2, 3)),  # its gradient is 1 everywhere
    Eps(1.0, 1.0),
    steps=200,
)
print(f"every pixel ends at {last_of(states).mean():.3f}")

# %% [markdown]
# **2.** Take the coffee again, and stop as soon as the network gives the volcano more than a half. How much smaller is the change, and what do shorter steps do to it?
# What would you have to know to find the smallest change?
#
# <details><summary>Solution</summary>
#
# No chain stops at the border between the classes by itself; one has to look at each state. The folded cell below does, with the step size of above and with a fifth of it. With
# long steps there is little to save: nearly all of the change comes before the label does, and some of it may be steps to and fro. Shorter ones get there with less of a change.
# But the steepest way from where one is, is not the shortest way to the border. Finding that is an optimisation with the size of the change in its objective, or a bound on it {cite}`szegedy2014intriguing`.
#
# </details>

# %% tags=["hide-cell"]
# Solution of exercise 2, run
to_volcano = conditions.classes(big, target[0])
print(
    f"above: pixels moved by {change.square().mean().sqrt():.1f} of 255 grey levels"
)
for eps2 in (0.5, 0.1):
    eps = Eps(0.0, eps2)
    states = chain(
        coffee, priors.none, to_volcano, eps, steps=settings.fooling_steps
    )
    for step, state in enumerate(states):
        p = state.log_p.exp().item()
        reached = f"after {step} steps p(volcano | x) is {p:.2f}"
        if p > 0.5:
            break
    moved = 127.5 * (state.h.clamp(-1, 1) - coffee).square().mean().sqrt()
    print(f"ε2 = {eps2}: moved by {moved:.1f}, {reached}")

# %% [markdown]
# ## Summary
#
# - Activation maximisation is the sampler's step with neither prior nor noise. Without a prior it finds pictures that the network is sure of
#   ({glue:text}`am.own_confidence_no_prior:.3f` on our own classifier), whatever they look like.
# - A hand-designed prior is a map $r$ in $x' = r(x) + \epsilon_2 \nabla \log p(y \mid x)$ (jitter: a change of the condition), or a formula that draws pictures from codes. Today's are of the
#   second kind. On the ImageNet network its sibling names {glue:text}`am.sibling_top_fourier:.0f` of {glue:text}`am.sibling_of:.0f` pictures from Fourier codes, whose settings it helped to choose, and {glue:text}`am.sibling_top_hand:.0f` from the best prior on pixels. On our data the one that the selector chose brings
#   {glue:text}`am.recognised_best:.2f` of the pictures to be recognised by a second network, none {glue:text}`am.recognised_no_prior:.2f`, a learned prior
#   {glue:text}`am.recognised_generator:.2f` (C06: {glue:text}`claim.C06`; C53, variety: {glue:text}`claim.C53`).
# - From noise the hand-designed prior leaves the colours wrong, at {glue:text}`am.colour_distance_hand:.3f` from those of photographs, against {glue:text}`am.colour_distance_generator:.3f` with a learned prior
#   (C09: {glue:text}`claim.C09`).
# - The right class gradient is that of the log-softmax: it succeeds in {glue:text}`am.success_log_softmax:.0%` of the chains. That of the softmax is the same, times $p$; at its best step size it
#   succeeds in {glue:text}`am.success_softmax:.0%` (C07: {glue:text}`claim.C07`).
# - One multiplier for prior and condition samples what Bayes says. Two sample $p(x)\, p(y \mid x)^k$; with pictures that changes the accuracy by
#   {glue:text}`am.decoupled_accuracy_gain:.2f` (C08: {glue:text}`claim.C08`).
# - All of this is one classifier and one generator. A learned prior is the subject of the rest of the book.
