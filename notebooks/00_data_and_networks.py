# %% [markdown]
# # Data and networks
#
# **Question.** What are the pictures that this book samples, and how good are the networks that sample them?
#
# Photographs of clothes, tinted: the item in one of eight colours, the background in another. Small enough
# for two CPU cores, and with three labels a picture, so that "a red ankle boot on green" can be asked for.

# %% tags=["parameters"]
images = None  # how many of the test split are judged; None: the profile's value
reconstructions = None  # pairs shown

# %% tags=["set-up"]
import json

from ppgn_lib.book.record import record
from ppgn_lib.data.files import locate
from ppgn_lib.data.tinted_fashion import COLOURS, ITEMS, SPLITS, TintedFashion
from ppgn_lib.metrics import band_ratios, in_blocks, mean_with_interval, worst
from ppgn_lib.networks.zoo import load

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Tinted Fashion-MNIST: the first ten test images of each item.", "name": "fig-data"}, "image": {"alt": "Ten rows of ten small pictures: T-shirts, trousers, pullovers, dresses, coats, sandals, shirts, sneakers, bags and ankle boots, each in one bright colour on a paler wall of another."}}
test = TintedFashion("test")
first_ten = np.concatenate([np.flatnonzero(test.item == c)[:10] for c in range(10)])
figures.image_grid(test.batch(first_ten).x, 10, rows=ITEMS)
plt.show()

# %% [markdown]
# ## How a picture is made
#
# [Fashion-MNIST](https://github.com/zalandoresearch/fashion-mnist) has 70 000 grey product photographs $g$ of
# 28×28 pixels in ten classes. Each is padded to 32×32 and divided by its maximum. Where the photograph is
# not black there is item ($\alpha$ is how much of the pixel it covers); its grey value is the shading $s$:
#
# $$x = \alpha\, s\, c_{\text{item}} + (1 - \alpha)\, \ell\, c_{\text{background}}, \qquad
# \alpha = \min(g / 0.16,\, 1), \quad s = 0.3 + 0.7\, g,$$
#
# with $\ell$ a soft gradient of light from a random side and $c$ the two colours, each jittered around its
# name's hue. The colours of a picture depend on its index and on a seed and on nothing else. Seed 0 is *the*
# data set; training draws new tints each epoch, so that no network can remember which boot was red.
# The result is cut to $[0, 1]$ and scaled to $[-1, 1]$.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The eight colours. Top: one T-shirt tinted in each; bottom: the same one on each as background.", "name": "fig-colours"}, "image": {"alt": "The same T-shirt sixteen times. In the upper row it is red, orange, yellow, green, cyan, blue, purple and pink; in the lower row the wall behind it has these colours, paler."}}
shirt = int(np.flatnonzero(test.item == 0)[0])
tints = [test.batch([shirt], seed=s) for s in range(400)]
by_colour, by_background = (
    [next(b.x for b in tints if int(b.labels[head]) == k) for k in range(8)]
    for head in ("colour", "background")
)
figures.image_grid(
    torch.cat(by_colour + by_background),
    8,
    tops=COLOURS,
    rows=["item", "background"],
    cell=0.8,
)
plt.show()

# %% tags=["nbval-check-output"]
for name in SPLITS:
    split = TintedFashion(name)
    print(
        f"{name:<10} {len(split):>6} images, classes {sorted(set(split.item.tolist()))}"
    )

# %% [markdown]
# ## E sees what is there
#
# The encoder $E$ is an AlexNet in small: five convolutions, then fc6, whose 256 rectified activations are the
# **code** $h$, then fc7 and three classifications. $h_1$ is its last pooling layer. As in AlexNet the convolutions are split
# into two towers. There one of them became blind to colour by itself; here the wide one is made so: it sees brightness and saturation
# only, the narrow one sees the colours, and they meet at $h_1$. With both in the same filters the items suffered
# ([log of trainings](../book/training_log.md)).
#
# Two more networks have the same three outputs and never take part in sampling. The **selector** chooses the settings of the samplers,
# on validation images. The **evaluator** reports, on test images. Each has an architecture and a seed of its own (the evaluator has two towers too), so
# that a picture which merely fools the network whose gradient made it has two others to pass.


# %% tags=["hide-input"]
def says(net, x):
    """The label that a network gives to each image, for each of its three heads: head -> (N,)."""
    blocks = [net(block).logits for block in x.split(500)]
    return {
        head: torch.cat([logits[head].argmax(1) for logits in blocks]).cpu()
        for head in net.classes
    }


x, labels = test.batch(range(settings.images))  # the first ones of the split
x = x.to(settings.device)
judges = ("encoder", "selector", "evaluator")
E, selector, evaluator, G = (
    load(name).to(settings.device) for name in (*judges, "generator")
)
said = {
    name: says(net, x)
    for name, net in zip(judges, (E, selector, evaluator), strict=True)
}
table = {}
for name in judges:
    for head, answers in said[name].items():
        table[name, head] = mean_with_interval(answers.eq(labels[head]).double())
        record(f"{name}.{head}_accuracy", table[name, head])
figures.table(
    {name: {head: str(table[name, head]) for head in labels} for name in judges}
)

# %% tags=["hide-cell", "nbval-check-output"]
print(
    "item accuracy at least 0.8:",
    all(table[name, "item"].value >= 0.8 for name in judges),
)
print(
    "colour, background at least 0.98:",
    all(e.value >= 0.98 for (_, head), e in table.items() if head != "item"),
)

# %% [markdown]
# Colours are easy; what is left to get wrong is the item. (Which E and which G ship was decided on validation images, but these
# test figures had been looked at after each of the long trainings, so take them as a little too kind; the
# [log of trainings](../book/training_log.md) has what was tried.)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "What E says of test images of each item; rows sum to one.", "name": "fig-confusion-e"}, "image": {"alt": "A ten by ten matrix, dark along the diagonal and palest there for the shirt, which is also taken for a T-shirt, a coat or a pullover. Nearly all other answers that are wrong are among such upper garments, or among shoes."}}
answers = said["encoder"]["item"]
counts = torch.zeros(10, 10, dtype=torch.float64).index_put_(
    (labels["item"], answers),
    torch.ones(len(answers), dtype=torch.float64),
    accumulate=True,
)
shares = counts / counts.sum(1, keepdim=True)
figures.confusion(shares.numpy(), ITEMS, xlabel="said by E", ylabel="label")
plt.show()

# %% tags=["hide-input"]
wrong = shares * (1 - torch.eye(10))
for index in wrong.flatten().topk(4).indices.tolist():
    print(
        f"{ITEMS[index // 10]} taken for {ITEMS[index % 10]}: {wrong.flatten()[index]:.0%} of them"
    )

# %% [markdown]
# ## What a code is like
#
# Chains walk in the space of $h$, so it matters how large and how sparse its entries are: a noise of standard deviation 0.1 says nothing until one knows that. Of all entries {glue:text}`code.zeros:.0%` are zero; the mean of all is {glue:text}`code.mean:.2f` and the largest {glue:text}`code.max:.1f`. Beside that, noise of 0.1 is small. The bar at the right end of the left panel below counts the units that are zero for nearly every image, so fewer than 256 numbers carry the picture. Many zeros are what a rectifier is expected to give.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Activations of the code over test images: share of zeros by unit (left), sizes of those that are not zero (right).", "name": "fig-codes"}, "image": {"alt": "Two histograms. Most units are zero for about half to three quarters of the images, and some for nearly all of them. The larger an activation, the rarer it is."}}
codes = in_blocks(lambda x: E(x).h, x)
h = codes.cpu()
record("code.mean", float(h.mean()))
record("code.zeros", float((h == 0).double().mean()))
record("code.max", float(h.max()))
fig, (left, right) = plt.subplots(1, 2, figsize=(8, 2.6))
left.hist((h == 0).double().mean(0).numpy(), bins=30)
left.set(xlabel="share of images where the unit is zero", ylabel="units")
right.hist(h[h > 0].numpy(), bins=60)
right.set(xlabel="activation, where not zero", ylabel="count")
right.set_yscale("log")
plt.show()

# %% [markdown]
# ## G turns codes into pictures
#
# The generator was trained to invert $E$ on real images, $G(E(x)) \approx x$, by three losses: the squared error
# of the pixels, the squared error of $h_1$, and the verdict of a discriminator $D$, which has to tell $x$ from
# $G(E(x))$ (paper's Eqs. 18–22):
#
# $$L_G = \lambda_{\text{img}} \lVert \hat x - x \rVert^2 + \lambda_{h_1} \lVert \hat h_1 - h_1 \rVert^2
# - \lambda_{\text{GAN}} \log D(\hat x, h), \qquad \hat x = G(E(x)).$$
#
# All three are means here, the second divided by the mean square of $h_1$; the paper has sums, and writes $D(x)$,
# while its training code shows $D$ the code as ours does.
#
# The code has 256 numbers and was made to classify, so not all of the picture is in it; $G$ has to invent the
# rest, and $D$ punishes it if the invention looks invented.

# %%
n = settings.reconstructions
from_codes = G(E(x[:n]).h)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Test images and their reconstructions G(E(x)), pairwise; the first of the split, not picked.", "name": "fig-reconstructions"}, "image": {"alt": "Pairs of small pictures, a photograph and its reconstruction. The kind of item, its outline and both colours agree; prints, folds and straps are other ones or gone."}}
pairs = torch.stack([x[:n], from_codes], 1).flatten(0, 1)
figures.image_grid(pairs, 10, cell=0.75)
plt.show()

# %% tags=["hide-input"]
x_hat = in_blocks(G, codes).clamp(-1, 1)  # as it would be saved
for head, answers in says(evaluator, x_hat).items():
    agrees = answers.eq(labels[head])
    record(
        f"generator.reconstruction_{head}_accuracy",
        estimate := mean_with_interval(agrees.double()),
    )
    print(f"evaluator on G(E(x)): {head} {estimate}")

# %% [markdown]
# The evaluator recognises {glue:text}`generator.reconstruction_item_accuracy:.1%` of the items in the reconstructions, {glue:text}`evaluator.item_accuracy:.1%` in the photographs. Kind, outline and colours come back; prints, folds and straps are invented or gone. This was expected of a code that was made to classify.
#
# Is it sharp? A blurred picture lacks power at high spatial frequencies, and one with the checkerboard that up-convolutions
# can leave has too much of it. So the power of the reconstructions is compared with that of the photographs band by
# band. It falls short most in the highest band, by a factor of {glue:text}`generator.band_ratio_worst:.2f`. So it is slightly too smooth, and there is no band with an excess, as a checkerboard would give.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Power of reconstructions over that of the photographs, by band of spatial frequency; 95 % intervals are smaller than the dots. Grey: within a factor of 1.5.", "name": "fig-bands"}, "image": {"alt": "Four dots, one a band of frequency, all a little below the line at one and within the grey; the one of the highest band is the lowest."}}
ratios = band_ratios(x_hat.cpu(), x.cpu())
record("generator.band_ratio_worst", worst(ratios))
fig, ax = plt.subplots(figsize=(5.5, 2.4))
ax.axhspan(1 / 1.5, 1.5, color="0.93")
ax.axhline(1, color="0.5", linewidth=1)
ax.errorbar(
    range(4),
    [r.value for r in ratios],
    yerr=[[r.value - r.low for r in ratios], [r.high - r.value for r in ratios]],
    fmt="o",
)
ax.set_xticks(range(4), ["1-2", "2-4", "4-8", "8 and more"])
ax.set(xlabel="cycles per picture", ylabel="power / power of photographs")
plt.show()

# %% [markdown]
# ## How they were trained
#
# Each network's card (`data/weights/*.json`) has its configuration, the command, and the course of its losses.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Losses over training. Left: E's three cross-entropies. Right: the three terms of G's loss without their weights, and the loss of D.", "name": "fig-training"}, "image": {"alt": "Two panels of loss curves over training steps. All three of E fall, that of the item least. On the right those of the image and of h1 fall, those of the two adversaries stay nearly level."}}
TERMS = {"h1": "$h_1$", "gan": "GAN (of G)", "d": "loss of D"}
fig, axes = plt.subplots(1, 2, figsize=(10, 3))
for ax, name, keys in (
    (axes[0], "encoder", list(labels)),
    (axes[1], "generator", ("image", "h1", "gan", "d")),
):
    log = json.loads(locate(f"weights/{name}.json").read_text())["log"]
    for i, key in enumerate(keys):
        ax.plot(
            [row["step"] for row in log],
            [row[key] for row in log],
            figures.STYLES[i % 2],
            label=TERMS.get(key, key),
        )
    ax.set(xlabel=f"training steps of {name}", ylabel="loss (means)", yscale="log")
    ax.legend(fontsize=8, ncols=4, loc="lower center", bbox_to_anchor=(0.5, 1))
plt.show()

# %% [markdown]
# The losses of image and $h_1$ fall, and the two adversaries keep each other nearly level, as they should where neither wins.
#
# What one sees of it, on the first images of the validation split, which no training has seen. It is the running average of $G$'s
# weights that draws here and later on; for the first thousand steps it still has much of their random start in it:

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Validation images (top) and their reconstructions after so many steps of training; the last row is what ships.", "name": "fig-previews"}, "image": {"alt": "Ten photographs of clothes in the first row. Below, coloured noise after the first few hundred steps, then pale shapes out of a grey mist, and in the last rows clothes like the photographs."}}
card = json.loads(locate("weights/generator.json").read_text())
picture = plt.imread(locate("weights/generator_previews.png"))
rows = ["image", *map(str, card["previews_after"])]
fig, ax = plt.subplots(figsize=(7, 0.7 * len(rows)))
ax.imshow(picture, interpolation="nearest")
pitch = (len(picture) + 2) / len(rows)  # pixels, a white line of 2 between
ax.set_yticks([pitch * (i + 0.5) - 1 for i in range(len(rows))], rows)
ax.set_xticks([])
ax.grid(visible=False)
ax.spines[:].set_visible(False)
plt.show()

# %% [markdown]
# The paper lets one of the two adversaries rest when the other one falls too far behind: $D$ while $L_D / L_{\text{GAN}} < 0.1$,
# $G$ while it is above 10, with $L_{\text{GAN}} = -\log D(\hat x, h)$ and $L_D$ the loss of $D$ (Eq. 22). How often that happened:

# %% tags=["hide-input"]
rested = {
    who: sum(row[f"{who}_rests"] for row in card["log"]) / len(card["log"])
    for who in "dg"
}
print(f"D rested in {rested['d']:.1%} of the steps, G in {rested['g']:.1%}")

# %% [markdown]
# Here it hardly ever happened, and only at the start: $L_D / L_{\text{GAN}}$ (the lines *loss of D* and *GAN* in the figure of losses) stays well between the two limits. So this $G$ was in effect trained without the rule.
#
# What else was tried on the way to these networks, and what it gave, is in the [log of trainings](../book/training_log.md).
#
# ## Exercises
#
# **1.** How often is a picture right by chance, if item, colour and background are all guessed? And how many test pictures show a red ankle boot on green?
#
# <details><summary>Solution</summary>
#
# A background never has the item's colour, so there are 10 · 8 · 7 = 560 things, and one guess in 560 is right. Of each thing about one in 560 of the test pictures is expected. The folded cell below counts the red ankle boots on green, and shows them.
#
# </details>

# %% tags=["hide-cell"] mystnb={"figure": {"caption": "All test pictures of a red ankle boot on green.", "name": "fig-red-boots"}, "image": {"alt": "Small pictures of ankle boots in shades of red, low and high ones, each on a pale green wall."}}
# Solution of exercise 1, run
asked = {"item": "ankle boot", "colour": "red", "background": "green"}
every = test.labels()
hits = [
    every[head] == test.classes[head].index(name) for head, name in asked.items()
]
boots = torch.stack(hits).all(0).nonzero().flatten()
things = len(ITEMS) * len(COLOURS) * (len(COLOURS) - 1)
print(
    f"{things} things; {len(test) / things:.1f} expected of each, {len(boots)} found"
)
figures.image_grid(test.batch(boots).x, len(boots) // 2)
plt.show()

# %% [markdown]
# **2.** Why does it take two networks beside $E$, and not one that both chooses settings and reports how good they are? And why is $E$ itself not asked?
#
# <details><summary>Solution</summary>
#
# A chain climbs the gradient of $E$, so it is driven to where $E$ is sure, whether or not the picture shows it: what $E$ says of it is no test ([a later chapter](03_activation_maximisation.ipynb) shows such pictures). Whoever chooses among many settings takes those that please the judge, by quality or by luck, so that judge's number for the winner is too high. Another judge, on other photographs, does not have that luck. It may still share faults with the first one, since both learned from the same data; so a network that was trained on ImageNet is asked as well. The folded cell below lets the selector choose among fifty settings that are all the same, so that only luck is left, and counts how many of $E$'s errors the evaluator shares.
#
# </details>

# %% tags=["hide-cell"]
# Solution of exercise 2, run
right = {name: said[name]["item"].eq(labels["item"]).double() for name in judges}
seen = torch.rand(50, len(x), generator=torch.Generator().manual_seed(0)).argsort(1)
by_selector = right["selector"][seen[:, :50]].mean(1)  # fifty photographs a setting
winner = seen[by_selector.argmax()]
by_others = right["evaluator"][winner[50:]].mean()
print(
    f"selector: mean {right['selector'].mean():.2f}, winner {by_selector.max():.2f}"
)
print(f"evaluator: mean {right['evaluator'].mean():.2f}, winner {by_others:.2f}")
wrong = 1 - right["evaluator"]
print(f"of all pictures the evaluator gets {wrong.mean():.0%} wrong,")
print(f"of those that E gets wrong {wrong[right['encoder'] == 0].mean():.0%}")

# %% [markdown]
# ## Summary
#
# - Photographs of ten kinds of clothes in 32×32 pixels, in eight colours on eight backgrounds; the colours of each are drawn by its number.
# - $E$ makes a code of 256 numbers of a picture, $G$ a picture of a code. $E$ is the condition and a part of the prior of most chapters.
# - The selector chooses settings on validation images, the evaluator reports on test images; neither takes part in sampling.
