# %% [markdown]
# # Inpainting
#
# **Question.** A part of a picture is missing. What may have been there? Can a sampler that was made for classes answer that, without any further training?
#
# Below are ten photographs, one of each class, each with a hole, and what different methods put into it. Nothing is picked: the photographs are the first of their class in the test split, and the place of each hole was drawn by lot before anything was filled.

# %% tags=["parameters"]
# None: the profile's value
steps = None  # updates of the chains that run while one waits
starts = None  # different fills of one hole

# %% tags=["set-up"]
from torch.nn import functional as F

from ppgn_lib import Eps, chain, conditions, metrics, variants
from ppgn_lib.book import claims
from ppgn_lib.book.record import Kept, record
from ppgn_lib.data import classical_fills, holes
from ppgn_lib.data.files import locate
from ppgn_lib.data.tinted_fashion import ITEMS, TintedFashion
from ppgn_lib.experts.known_pixels import clamped, inpainting, measured
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.features import encode
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal

keep = Kept("inpaint.")
stored, about = protocol.open_samples(locate("results/fills.safetensors"))
(eps1, eps2), context, best = about["found"]["tuning"]["chosen"]
of = about["found"]["tuning"]["protocol"]
MANY, FEW, _ = of["photographs"]  # a class
test = TintedFashion("test")
items = test.labels()["item"]
index = torch.cat([(items == c).nonzero()[:FEW, 0] for c in range(10)])
masks = holes.over(test.silhouettes(index), of["side"], index.tolist())
photographs, y = test.batch(index).x, items[index]


# %% tags=["hide-input"] mystnb={"figure": {"caption": "Ten test photographs with a hole over the item, and fills: the best classical one, the training photograph of the class that is nearest in the known pixels, PPGN and PPGN-context with the class told, PPGN-context without, and the photograph as it was.", "name": "fig-inpaint-holes"}, "image": {"alt": "Seven rows of ten pictures of clothes, first with a grey square, then filled."}}
E, G = (load(name).to(settings.device) for name in ("encoder", "generator"))
first = torch.arange(10) * FEW
ten, hidden = photographs[first], masks[first]


@torch.no_grad()
def filled_by(name):
    """The stored fill of the first photograph of each class, from its code."""
    draw = clamped(G, ten.to(settings.device), hidden.to(settings.device))
    return draw(stored[f"{name}.shown"].float().to(settings.device)).clamp(-1, 1).cpu()


def by_nearest():
    """The same by the nearest training photograph of the class, in the picture's colours."""
    train = TintedFashion("train")
    train_items, found = train.labels()["item"], []
    for i, x, m in zip(index[first].tolist(), ten, hidden, strict=True):
        others = (train_items == items[i]).nonzero()[: of["candidates"], 0]
        candidates = train.batch(others, tints_of=[test.start + i] * len(others)).x
        found.append(classical_fills.nearest(x[None], m[None], candidates))
    return torch.cat(found)


ROWS = {
    "with a hole": ten * (1 - hidden),
    best: classical_fills.CLASSICAL[best](ten, hidden),
    "nearest": by_nearest(),
    "PPGN": filled_by("plain"),
    "PPGN-context": filled_by("context"),
    "no class told": filled_by("no class"),
    "photograph": ten,
}
fig = figures.image_grid(
    torch.cat(list(ROWS.values())),
    10,
    rows=list(ROWS),
    tops=[item.split()[0] for item in ITEMS],
    cell=0.6,
)
fig.axes[0].tick_params(axis="x", labelsize=7)
plt.show()

# %% [markdown]
# ## Known pixels as a condition
#
# Let $m$ be 1 in the hole and 0 where the picture $x^\ast$ is known. PPGN draws in the hole only: wherever a picture is looked at, by $E$ as prior or as condition, it is
#
# $$\tilde x(h) = m \odot G(h) + (1 - m) \odot x^\ast$$ (eq-clamped)
#
# in place of $G(h)$. So $E$ sees a whole picture, and a class, if one is told, acts through the hole alone. PPGN-context has one term more, of the known pixels, at $G(h)$ itself (Eq. 25):
#
# $$h' = h + \epsilon_1 \bigl(E(\tilde x(h)) - h\bigr) + \epsilon_2 \frac{\partial \log p(y \mid \tilde x(h))}{\partial h} - \epsilon_4 \frac{\partial}{\partial h} \frac{1}{2n} \bigl\lVert (1 - m) \odot (G(h) - x^\ast) \bigr\rVert^2 + \epsilon_3 z$$ (eq-context)
#
# with $n$ the number of known values. In the library it is one condition more, and $\epsilon_4$ is $\epsilon_2$ times its weight:

# %%
picture, hole = photographs[:1].to(settings.device), masks[:1].to(settings.device)
experts = inpainting(
    G, E, picture, hole, conditions.classes(E, int(y[0]), "item"), context=context
)
h0 = encode(E, picture * (1 - hole))
*_, last = chain(h0, *experts, Eps(eps1, eps2), steps=settings.steps)
filled = clamped(G, picture, hole)(last.h).clamp(-1, 1)

# %% [markdown]
# ## What is measured
#
# {glue:text}`inpaint.photographs` test photographs, fifty of each class, have a square hole of {glue:text}`inpaint.side` of 32 pixels, the paper's proportion, over the item. The multipliers, the weight of the known pixels and the classical method that stands for all were chosen by the selector on validation photographs, by how far the filled picture is from the photograph in its features. Then:
#
# - **Named**: does the evaluator see the right item in the filled picture?
# - **Distance**: from filled picture to photograph in EfficientNet's features.
# - **Inner error**: mean squared difference two pixels or more inside the hole. What lies further out can largely be told from the pixels beside it.
# - **Ring error**: mean absolute difference in those outer two pixels.
# - **Step at the border**: mean absolute difference of neighbouring pixels of which one is in the hole. The table has the logarithm of its ratio to the photograph's own: 0 is right, below is too smooth.

# %% tags=["hide-input"]
EVERY = {
    "photograph": "the photograph itself",
    "context": "PPGN-context, class told",
    "guessed": "PPGN-context, class guessed",
    "no class": "PPGN-context, no class",
    "wrong class": "PPGN-context, wrong class",
    "plain": "PPGN, class told",
    "nearest": "nearest training photograph",
    "mean colour": "mean colour",
    **{name: name for name in classical_fills.CLASSICAL},
}
COLUMNS = {
    "named": "named",
    "distance": "foreign",
    "inner error": "inner_error",
    "ring error": "ring_error",
    "step at the border": "log_border",
    "PSNR": "psnr",
    "SSIM": "ssim",
}


def by_photograph(name, what, per_class=FEW):
    """A measure of each fill, of the first of each class: (10 * per_class,), float64."""
    return protocol.first_of(stored[f"{name}.{what}"], per_class).double()


record("inpaint.photographs", 10 * MANY)
record("inpaint.side", of["side"])
rows = {}
for name, title in EVERY.items():
    count = len(stored[f"{name}.named"]) // 10
    row = {"photographs": str(10 * count)}
    for column, what in COLUMNS.items():
        number = metrics.mean_with_interval(by_photograph(name, what, count))
        record(f"inpaint.{name.replace(' ', '_')}.{what}", number)
        row[column] = str(number)
    rows[title] = row
figures.table(rows)

# %% tags=["hide-input"]


def less(a, b, what, per_class=FEW):
    """A measure of one fill less that of another, photograph by photograph."""
    difference = by_photograph(a, what, per_class) - by_photograph(b, what, per_class)
    return metrics.mean_with_interval(difference)


keep(
    "own_fill_nearer_than_swapped",
    metrics.by_student(stored["context.farther"].double()),
)
keep("error_of_mean_colour_minus_fill", less("mean colour", "context", "inner_error"))
keep("accuracy_minus_smooth", less("context", "biharmonic", "named"))
record("claim.C36", claims.decide("C36", keep))

keep("log_border_ppgn_minus_nearest", less("plain", "nearest", "log_border"))
excess = [by_photograph(name, "log_border").clamp(min=0) for name in ("plain", "context")]
keep(
    "log_border_excess_ppgn_minus_context",
    metrics.mean_with_interval(excess[0] - excess[1]),
)
keep("accuracy_context_minus_ppgn", less("context", "plain", "named"))
keep("inner_error_context_minus_ppgn", less("context", "plain", "inner_error"))
record("claim.C37", claims.decide("C37", keep))

keep("accuracy_minus_classical", less("context", best, "named", MANY))
keep("foreign_distance_of_classical_minus_fill", less(best, "context", "foreign", MANY))
keep("accuracy_guessed_minus_classical", less("guessed", best, "named", MANY))
rings = [by_photograph(name, "ring_error", MANY).log() for name in ("context", best)]
keep("log_ring_error_minus_classical", metrics.mean_with_interval(rings[0] - rings[1]))
record("claim.C38", claims.decide("C38", keep))

# %% [markdown]
# C36TEXT C37TEXT C38TEXT
#
# ## Several fills of one hole
#
# A hole may have been filled otherwise. Chains from other starts say how: what is known stays, and what is drawn differs where the picture does not say what was there.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "One photograph (the first boot of the test split), half of it hidden, and fills from different random codes: with its class told, without a class, and with a wrong one (bag).", "name": "fig-inpaint-several"}, "image": {"alt": "Three rows of pictures whose left half is the same boot; the right halves differ, most of all in the last row."}}
boot = ITEMS.index("ankle boot")
picture = photographs[boot * FEW][None].to(settings.device)
half = holes.half(32, "right").to(settings.device)
asked = {
    "class told": [conditions.classes(E, boot, "item")],
    "no class": [],
    "a bag, wrongly": [conditions.classes(E, ITEMS.index("bag"), "item")],
}


def fills(picture, hole, *wanted):
    """Fills from the settings' starts, (starts, 3, 32, 32)."""
    experts = inpainting(G, E, picture, hole, *wanted, context=context)
    h0 = rectified_normal(range(settings.starts), G.code).to(settings.device)
    *_, last = chain(h0, *experts, Eps(eps1, eps2), steps=settings.steps)
    with torch.no_grad():
        return clamped(G, picture, hole)(last.h).clamp(-1, 1).cpu()


rows = {
    title: torch.cat([(picture * (1 - half)).cpu(), fills(picture, half, *wanted)])
    for title, wanted in asked.items()
}
figures.image_grid(
    torch.cat(list(rows.values())), settings.starts + 1, rows=list(rows), cell=0.7
)
plt.show()

# %% [markdown]
# ## Any linear map that was measured
#
# Known pixels are one measurement of a picture. A small copy of it is another, and so are its grey values, or a blurred copy. If $A$ is the map and $y = A x^\ast$ was measured with noise of deviation $\sigma$, the condition is
#
# $$\log p(y \mid x) = -\frac{1}{2 \sigma^2} \lVert A x - y \rVert^2 + \text{const}$$ (eq-measured)
#
# One line each:

# %%
GREY = torch.tensor([0.299, 0.587, 0.114])[:, None, None]
MAPS = {
    "sixteen times fewer pixels": lambda x: F.avg_pool2d(x, 4),
    "grey": lambda x: (x * GREY).sum(1),
    "blurred": lambda x: F.avg_pool2d(F.pad(x, (3, 3, 3, 3), mode="replicate"), 7, 1),
}


def restored(A):
    """Pictures from the settings' starts for what the map gives of the photograph."""
    y = A(picture)
    std = (y.numel() / context) ** 0.5  # weighs a number as PPGN-context weighs a pixel
    experts = variants.noiseless(G, E, measured(A, y, std))
    h0 = rectified_normal(range(settings.starts), G.code).to(settings.device)
    *_, last = chain(h0, *experts, Eps(eps1, eps2), steps=settings.steps)
    with torch.no_grad():
        return G(last.h).clamp(-1, 1).cpu()
