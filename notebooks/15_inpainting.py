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
widgets = None  # True: a brush for a hole of your own, where a kernel runs

# %% tags=["set-up"]
import inspect

from IPython.display import Code, display
from torch.nn import functional as F

from ppgn_lib import Eps, chain, conditions, metrics, variants
from ppgn_lib.book import claims
from ppgn_lib.book.record import Kept, record
from ppgn_lib.book.widgets import hole as hole_to_paint
from ppgn_lib.data import classical_fills, holes, measurements
from ppgn_lib.data.files import locate
from ppgn_lib.data.tinted_fashion import ITEMS, TintedFashion
from ppgn_lib.experts.known_pixels import (
    clamped,
    inpainting,
    known_pixels,
    measured,
)
from ppgn_lib.metrics import protocol
from ppgn_lib.networks.features import encode
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.starts import rectified_normal

keep = Kept("inpaint.")
E, G = (load(name).to(settings.device) for name in ("encoder", "generator"))
stored, about = protocol.open_samples(locate("results/fills.safetensors"))
FOUND = about["found"]
(eps1, eps2), context, best = FOUND["tuning"]["chosen"]
OF = FOUND["tuning"]["protocol"]
MANY, FEW, _ = OF["photographs"]  # a class
test = TintedFashion("test")
items = test.labels()["item"]
index = torch.cat([(items == c).nonzero()[:1, 0] for c in range(len(ITEMS))])
photographs, y = test.batch(index).x, items[index]
masks = holes.over(test.silhouettes(index), OF["side"], index.tolist())


# %% tags=["hide-input"] mystnb={"figure": {"caption": "Ten test photographs with a hole over the item, and fills: the classical one that was chosen for the comparison, the training photograph of the class that is nearest in the known pixels (tinted as the picture is), PPGN and PPGN-context with the class told, PPGN-context without a class, and the photograph as it was.", "name": "fig-inpaint-holes"}, "image": {"alt": "Seven rows of ten pictures of clothes. The first has grey squares; biharmonic fills are blurred; those of PPGN and of the nearest photograph show the missing part, mostly like the photograph in the last row; a faint square is seen in some backgrounds. Without a class the boot becomes a shoe with holes."}}
@torch.no_grad()
def filled_by(name):
    """The stored fill of each of the ten, from its code."""
    draw = clamped(G, photographs.to(settings.device), masks.to(settings.device))
    return (
        draw(stored[f"{name}.shown"].float().to(settings.device)).clamp(-1, 1).cpu()
    )


def by_nearest():
    """The same by the nearest training photograph of the class, in the picture's colours."""
    train = TintedFashion("train")
    train_items, found = train.labels()["item"], []
    for i, c, x, m in zip(
        index.tolist(), y.tolist(), photographs, masks, strict=True
    ):
        others = (train_items == c).nonzero()[: OF["candidates"], 0]
        candidates = train.batch(others, tints_of=[test.start + i] * len(others)).x
        found.append(classical_fills.nearest(x[None], m[None], candidates))
    return torch.cat(found)


ROWS = {
    "with a hole": photographs * (1 - masks),
    best: classical_fills.CLASSICAL[best](photographs, masks),
    "nearest": by_nearest(),
    "PPGN": filled_by("plain"),
    "PPGN-context": filled_by("context"),
    "no class told": filled_by("no class"),
    "photograph": photographs,
}
fig = figures.image_grid(
    torch.cat(list(ROWS.values())),
    len(ITEMS),
    rows=list(ROWS),
    tops=figures.short(ITEMS),
    cell=0.62,
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
# in place of $G(h)$. So $E$ sees a whole picture, and a class, if one is told, acts through the hole alone. PPGN-context has one term more, of the known pixels, at $G(h)$ itself (both are in Eq. 25 of the paper):
#
# $$h' = h + \epsilon_1 \bigl(E(\tilde x(h)) - h\bigr) + \epsilon_2 \frac{\partial \log p(y \mid \tilde x(h))}{\partial h} - \epsilon_4 \frac{\partial}{\partial h} \frac{1}{2n} \bigl\lVert (1 - m) \odot (G(h) - x^\ast) \bigr\rVert^2 + \epsilon_3 z$$ (eq-context)
#
# with $n$ the number of known values. In the library it is one condition more, and $\epsilon_4$ is $\epsilon_2$ times its weight `context`. All chains of this chapter run without noise, $\epsilon_3 = 0$.

# %%
picture, hole = photographs[:1].to(settings.device), masks[:1].to(settings.device)
experts = inpainting(
    G, E, picture, hole, conditions.classes(E, int(y[0]), "item"), context=context
)
h0 = encode(E, picture * (1 - hole))
*_, last = chain(h0, *experts, Eps(eps1, eps2), steps=settings.steps)
filled = clamped(G, picture, hole)(last.h).clamp(-1, 1)

# %% tags=["hide-input"]
print(
    "mean square error in the hole:",
    round(
        ((filled - picture).square() * hole).sum().item() / (3 * hole.sum().item()),
        3,
    ),
)

# %% [markdown]
# ## What is measured
#
# {glue:text}`inpaint.photographs` test photographs, fifty of each class, have a square hole of {glue:text}`inpaint.side` of 32 pixels, the paper's proportion. A place is allowed if the square hides at least three quarters as much of the item there as it can anywhere; one of the allowed places is drawn by lot. Some ways to fill took long and were run for the first twenty of each class only; the table says which. Chains start at $E$'s code of the picture with a grey hole, and run for {glue:text}`inpaint.steps` updates.
#
# The [selector](00_data_and_networks.ipynb), a classifier that takes no part in sampling, chose on validation photographs, by the distance of filled picture and photograph in its features: first $\epsilon_1$ and $\epsilon_2$ of PPGN, then, with these, the weight of the known pixels; and one of four classical fills (biharmonic, Telea, Navier–Stokes, shift map) that stands for all in C38. The chosen $\epsilon_1$ = {glue:text}`inpaint.eps1:.1f` and $\epsilon_2$ = {glue:text}`inpaint.eps2:.1f` are the largest that were tried, and the weight {glue:text}`inpaint.context_weight:.0f` is the smallest; with 1000 chains diverged. The *evaluator*, another such classifier, says what the filled pictures show.
#
# - **Named**: does the evaluator see the right item in the filled picture?
# - **Distance**: from filled picture to photograph in EfficientNet's features.
# - **Inner error**: mean squared difference two pixels or more inside the hole. What lies further out can largely be told from the pixels beside it.
# - **Ring error**: mean absolute difference in those outer two pixels.
# - **Step at the border**: mean absolute difference of neighbouring pixels of which one is in the hole and one is not. The table has the logarithm of its ratio to the photograph's own (to both one grey level was added): 0 is right, below 0 is too smooth.
# - **PSNR** and **SSIM**: the usual measures, here over the hole only. For these two and for *named* more is better, for distance and errors less.

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


def mean_of(values, what):
    """A mean with its interval: for shares by Wilson, for all else by Student."""
    shares = what == "named"
    return (metrics.mean_with_interval if shares else metrics.by_student)(values)


rows = {}
for name, title in EVERY.items():
    count = len(stored[f"{name}.named"]) // len(ITEMS)
    row = {"photographs": str(len(ITEMS) * count)}
    for column, what in COLUMNS.items():
        if name == "photograph" and what != "named":
            continue
        number = mean_of(by_photograph(name, what, count), what)
        record(f"inpaint.{name.replace(' ', '_')}.{what}", number)
        row[column] = str(number)
    rows[title] = row
figures.table(rows)

# %% tags=["hide-input"]


def less(a, b, what, per_class=FEW):
    """A measure of one fill less that of another, photograph by photograph."""
    difference = by_photograph(a, what, per_class) - by_photograph(
        b, what, per_class
    )
    return metrics.by_student(difference)


keep(
    "own_fill_nearer_than_swapped",
    metrics.by_student(stored["context.farther"].double()),
)
keep(
    "error_of_mean_colour_minus_fill", less("mean colour", "context", "inner_error")
)
keep("accuracy_minus_smooth", less("context", "biharmonic", "named"))
record("claim.C36", claims.decide("C36", keep))

keep("log_border_ppgn_minus_nearest", less("plain", "nearest", "log_border"))
excess = [
    by_photograph(name, "log_border").clamp(min=0) for name in ("plain", "context")
]
keep(
    "log_border_excess_ppgn_minus_context",
    metrics.by_student(excess[0] - excess[1]),
)
keep("accuracy_context_minus_ppgn", less("context", "plain", "named"))
keep("inner_error_context_minus_ppgn", less("context", "plain", "inner_error"))
record("claim.C37", claims.decide("C37", keep))

keep("accuracy_minus_classical", less("context", best, "named", MANY))
keep(
    "foreign_distance_of_classical_minus_fill",
    less(best, "context", "foreign", MANY),
)
keep("accuracy_guessed_minus_classical", less("guessed", best, "named", MANY))
rings = [
    by_photograph(name, "ring_error", MANY).log() for name in ("context", best)
]
keep("log_ring_error_minus_classical", metrics.by_student(rings[0] - rings[1]))
record("claim.C38", claims.decide("C38", keep))

# %% tags=["hide-input"]
keep("photographs", len(ITEMS) * MANY)
keep("few", len(ITEMS) * FEW)
keep("side", OF["side"])
keep("steps", OF["steps"])
keep("eps1", eps1)
keep("eps2", eps2)
keep("context_weight", context)
keep("known_deviation", (3 * (32**2 - OF["side"] ** 2) / context) ** 0.5)
keep("accuracy", mean_of(by_photograph("context", "named", MANY), "named"))
keep(
    "accuracy_original",
    mean_of(by_photograph("photograph", "named", MANY), "named"),
)
classical = {
    name: by_photograph(name, "named", MANY).mean().item()
    for name in classical_fills.CLASSICAL
}
keep("accuracy_best_classical", max(classical.values()))
keep("border_ppgn", metrics.by_student(by_photograph("plain", "log_border")))
keep("border_context", metrics.by_student(by_photograph("context", "log_border")))
keep("log_border_context_minus_nearest", less("context", "nearest", "log_border"))
keep("ring_factor", (rings[0] - rings[1]).mean().exp().item())
of_all = max(classical, key=lambda name: classical[name])
keep("accuracy_guessed_minus_best", less("guessed", of_all, "named", MANY))
keep("accuracy_no_class_minus_classical", less("no class", best, "named"))
keep("accuracy_minus_nearest", less("context", "nearest", "named"))
for name in ("photograph", "context", "guessed", "biharmonic"):
    keep(f"few.{name}", by_photograph(name, "named").mean().item())
keep(
    "border_context_factor",
    by_photograph("context", "log_border").mean().exp().item(),
)

# %% [markdown]
# **Large holes are filled with what belongs there (C36: {glue:text}`claim.C36`).** PPGN-context's fill is nearer to what was there than the fills that it made for three other photographs of the class, with the same hole and in this picture's colours, in {glue:text}`inpaint.own_fill_nearer_than_swapped:.0%` of the comparisons (half would be chance). So it goes with this picture, not only with its class. It has the right colours (inner error smaller by {glue:text}`inpaint.error_of_mean_colour_minus_fill:.2f` than with the mean colour of the known pixels), and the item is seen more often than after a biharmonic fill (by {glue:text}`inpaint.accuracy_minus_smooth:.2f` of the pictures, on the first twenty of each class).
#
# **With a pull of the known pixels it fits better (C37: {glue:text}`claim.C37`).** Without it the step at the border is clearly larger than that of the nearest photograph. With it, it is {glue:text}`inpaint.log_border_excess_ppgn_minus_context:.2f` smaller (logarithm; what is below 0 counts as 0), and the inner error falls as well. The step does not vanish: on average it is {glue:text}`inpaint.border_context_factor:.1f` times the photograph's own, and {glue:text}`inpaint.log_border_context_minus_nearest:.2f` larger than that of the nearest photograph (logarithm). In some of the pictures above one sees the square in the background.
#
# **Better in what it shows, worse in the outer two pixels (C38: {glue:text}`claim.C38`).** The share of pictures that the evaluator recognises is larger by {glue:text}`inpaint.accuracy_minus_classical:.2f` than after the classical fill that was chosen, the biharmonic one (on all of them). In the ring its error is {glue:text}`inpaint.ring_factor:.2f` times the classical fill's. Its step at the border is too large, while that of a fill by diffusion is too small.
#
# Limits:
#
# - The class that is told explains a part. With $E$'s guess from the classical fill as class the gain falls to {glue:text}`inpaint.accuracy_guessed_minus_classical:.2f`, and against the best of all classical fills to {glue:text}`inpaint.accuracy_guessed_minus_best:.2f`. Without any class it is {glue:text}`inpaint.accuracy_no_class_minus_classical:.2f` on the first {glue:text}`inpaint.few` photographs, and its interval includes 0.
# - *Frequency selective* was not among the four that the selector chose from, and is nearer to the photograph than the chosen one in most columns.
# - With the class told more pictures are recognised than photographs as they were ({glue:text}`inpaint.accuracy_original:.0%`): the fill is more typical of its class than the truth is. Told a wrong class, its fills are worse in every column. {glue:text}`inpaint.wrong_class.named:.0%` are still recognised as what they were; whether the others show the wrong class was not counted.
# - The nearest training photograph of the class, tinted in the right colours, is nearer to the truth in all measures but *named*, where the two do not differ clearly ({glue:text}`inpaint.accuracy_minus_nearest:.2f`). A search among 5500 photographs is hard to beat where photographs are so alike.
#
# ## Several fills of one hole
#
# Other starts give other fills of the same hole. What is known stays as it is. The fills differ in the boot, and in about half of them also in the background, which the known half does show: that is an error of the fill, and $\epsilon_1$ and the weight were chosen for smaller holes.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "One photograph (the first boot of the test split) with its right half hidden, and fills from different random codes: with its class told, without a class, and with a wrong one.", "name": "fig-inpaint-several"}, "image": {"alt": "Three rows: the left half of a purple boot, and six fills. Told the class or nothing, the boot is completed in purple, in five of twelve on a background of another colour; told a bag, something else is put beside the half boot."}}
boot = ITEMS.index("ankle boot")
picture = photographs[boot][None].to(settings.device)
half = holes.half(32, "right").to(settings.device)
ASKED = {
    "class told": [conditions.classes(E, boot, "item")],
    "no class": [],
    "a bag, wrongly": [conditions.classes(E, ITEMS.index("bag"), "item")],
}
h0 = rectified_normal(range(settings.starts), G.code).to(settings.device)


def fills(hole, *wanted):
    """Fills of a hole in the picture from the settings' starts, (starts, 3, 32, 32)."""
    experts = inpainting(G, E, picture, hole, *wanted, context=context)
    *_, last = chain(h0, *experts, Eps(eps1, eps2), steps=settings.steps)
    with torch.no_grad():
        return clamped(G, picture, hole)(last.h).clamp(-1, 1).cpu()


def with_hole(hole):
    """The picture with the hole in grey."""
    return (picture * (1 - hole)).cpu()


rows = {
    title: torch.cat([with_hole(half), fills(half, *wanted)])
    for title, wanted in ASKED.items()
}
figures.image_grid(
    torch.cat(list(rows.values())), settings.starts + 1, rows=list(rows), cell=0.7
)
plt.show()

# %% [markdown]
# Told a bag, the chains put something else beside the half boot, and hardly any of it is a bag: the known half and the class ask for different things.
#
# ## Other holes, and your own
#
# Nothing in the library knows that a hole is a square. It is a mask of 0 and 1, of any shape. Three quarters of all pixels may be missing, one by one, or a picture may be given by a strip:

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The same boot with other holes, no class told: three quarters of the pixels (drawn by seed 0), all but a strip in the middle, and all but the lower third. First what is known, then fills from different starts.", "name": "fig-inpaint-masks"}, "image": {"alt": "Three rows: scattered pixels, a strip, a sole. The first two are completed to the same purple boot on various grounds, the sole also to purple bags."}}
strip, sole = torch.ones(32, 32), torch.ones(32, 32)
strip[13:19] = 0
sole[21:] = 0
MASKS = {
    "single pixels": holes.random_pixels(32, 0.75, [0]),
    "all but a strip": strip[None, None],
    "all but the sole": sole[None, None],
}
rows = {
    title: torch.cat([with_hole(mask.to(picture)), fills(mask.to(picture))])
    for title, mask in MASKS.items()
}
figures.image_grid(
    torch.cat(list(rows.values())), settings.starts + 1, rows=list(rows), cell=0.7
)
plt.show()

# %% [markdown]
# Scattered pixels and a strip are enough for the boot. The sole is not: half of the fills make a bag of it, which fits what is known. As above, many fills get the background wrong, also where the known pixels between them show it.
#
# A picture of your own comes from a folder: `ImageFolder("my_pictures", None, size=32).batch([0]).x` of `ppgn_lib.data.folder` reads it, turns it upright, lays what is transparent on white and cuts out the middle. $G$ knows the ten items and nothing else, so a face becomes a strange coat. A mask that does not fit gives an error message:

# %% tags=["hide-input"]
for wrong in (torch.ones(32, 32), torch.full((32, 32), 0.5), torch.zeros(28, 28)):
    try:
        clamped(G, picture, wrong)
    except ValueError as error:
        print(error)

# %% [markdown]
# Where a kernel runs, set `widgets = True` at the top of the notebook, and a brush paints a hole into the boot: with the mouse or a finger, or with the arrow keys and the space bar (on Colab's GPUs it is there from the start).

# %% tags=["hide-input"]
if settings.widgets:
    display(hole_to_paint(lambda mask: fills(mask.to(picture)), picture[0]))

# %% [markdown]
# ## Any linear map that was measured
#
# Known pixels are one measurement of a picture. A small copy of it is another, and so are its grey values, or a blurred copy. If $A$ is the map and $y = A x^\ast$ was measured with noise of deviation $\sigma$, the condition is
#
# $$\log p(y \mid x) = -\frac{1}{2 \sigma^2} \lVert A x - y \rVert^2 + \text{const}$$ (eq-measured)
#
# Three maps, of one or two lines each:

# %% tags=["hide-input"]
maps = (inspect.getsource(A) for A in measurements.MAPS.values())
Code("\n\n".join(maps), language="python")

# %% [markdown]
# The sampler is the one that draws classes; only the condition is another:


# %%
def codes_for(A, y, std, eps):
    """The ends of chains from the settings' starts, for what A gave of a picture."""
    experts = variants.noiseless(G, E, measured(A, y, std))
    *_, last = chain(h0, *experts, eps, steps=settings.steps)
    return last.h


# %% [markdown]
# How strongly they should pull, and $\epsilon_1$ beside it, the selector chose on ten validation photographs, map by map. For the small copy and the blurred one it took the smallest $\epsilon_1$ and the largest weight that were tried, so better settings may lie beyond.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The boot, what three maps leave of it, and pictures that were drawn for these measurements, from different starts. No class is told.", "name": "fig-inpaint-maps"}, "image": {"alt": "Three rows: a purple boot; its copy of eight by eight pixels, its grey values, a blurred copy; six drawn pictures each. Most are boots, from grey in other colours; one a row is something else."}}
_, about_restored = protocol.open_samples(locate("results/restored.safetensors"))
RESTORED = about_restored["found"]


def drawn_for(title):
    """Pictures for what the map gives of the photograph, at the setting chosen for it."""
    A, found = measurements.MAPS[title], RESTORED[title]
    y = A(picture)
    own_eps1, weight = found["setting"]
    std = (y.numel() / weight) ** 0.5
    h = codes_for(A, y, std, Eps(own_eps1, found["protocol"]["eps2"]))
    with torch.no_grad():
        return G(h).clamp(-1, 1).cpu()


def as_picture(measurement):
    """A measurement as a picture of 32 pixels."""
    return F.interpolate(measurement, (32, 32)).expand(-1, 3, -1, -1).cpu()


rows = {
    title: torch.cat([picture.cpu(), as_picture(A(picture)), drawn_for(title)])
    for title, A in measurements.MAPS.items()
}
figures.image_grid(
    torch.cat(list(rows.values())),
    settings.starts + 2,
    rows=list(rows),
    tops=["photograph", "measured", *[""] * settings.starts],
    cell=0.75,
).axes[0].tick_params(axis="x", labelsize=7)
plt.show()

# %% tags=["hide-input"]
table = {}
for title, found in RESTORED.items():
    named = metrics.mean_with_interval(torch.tensor(found["named"]))
    off, error = (
        metrics.by_student(torch.tensor(found[k]).double())
        for k in ("off", "error")
    )
    table[title] = {
        "photographs": str(named.n),
        "ε1": f"{found['setting'][0]:.2f}",
        "weight": f"{found['setting'][1]:.0f}",
        "named": str(named),
        "off what was measured": str(off),
        "off the photograph": str(error),
    }
    key = title.replace(" ", "_")
    keep(f"maps.{key}.named", named)
    keep(f"maps.{key}.off", off)
    keep(f"maps.{key}.error", error)
figures.table(table)

# %% tags=["hide-cell", "nbval-check-output"]
print("classical fill that stands for all:", best, "context:", context)
print("settings:", {title: found["setting"] for title, found in RESTORED.items()})
print("all finite:", last.h.isfinite().all().item())

# %% [markdown]
# Both *off* columns are root mean squares in the units of [-1, 1], over other test photographs, five a class, each from one random code.
#
# From a small copy most chains find the boot again, with an edge and a sole that the copy does not show. From the grey values they find its shape, and colours of their own, as they should: of those nothing was measured. About one chain a row ends where the measurement is not met.
#
# Over all classes the evaluator recognises {glue:text}`inpaint.maps.16_times_fewer_pixels.named:.0%` of the pictures from small copies, {glue:text}`inpaint.maps.blurred.named:.0%` from blurred ones and {glue:text}`inpaint.maps.grey.named:.0%` from grey ones, fewer than the {glue:text}`inpaint.no_class.named:.0%` of filled holes without a class. It is another task: there 81 % of the pixels are known and put back, and a chain starts at $E$'s code of them; here it starts at a random code.
#
# ## Exercises
#
# **1.** Why does the pull of the known pixels act on $G(h)$, and not on $\tilde x(h)$, which everything else sees?
#
# <details><summary>Solution</summary>
#
# Where a pixel is known, $\tilde x(h) = x^\ast$ whatever $h$ is. The difference to $x^\ast$ is 0 there, and so is its gradient. The folded cell below takes both gradients, for the boot with its right half hidden.
#
# </details>

# %% tags=["hide-cell"]
# Solution of exercise 1, run
pull = known_pixels(picture, half)
draws = {"G(h)": G, "the clamped picture": clamped(G, picture, half)}
for seen, draw in draws.items():
    h = h0.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(conditions.through(draw, pull)(h).sum(), h)
    longest = gradient.norm(dim=1).max().item()
    print(f"on {seen} the longest of {len(h)} gradients is {longest:.3f}")

# %% [markdown]
# **2.** For which $\sigma$ is {eq}`eq-measured`, with $A$ the map that picks the known pixels, the pull of PPGN-context?
#
# <details><summary>Solution</summary>
#
# With $n$ known numbers the pull is `context` times $-\frac{1}{2n} \lVert \cdot \rVert^2$, so $\sigma^2 = n /$ `context`. The code of the last figure uses this for all three maps, with weights of their own. With {glue:text}`inpaint.context_weight:.0f` and $n$ about 2500 it is a deviation of about {glue:text}`inpaint.known_deviation:.1f` for each number, more than the whole range of a pixel, which is 2. It need not be small, since thousands of numbers pull together. The folded cell below compares the two pulls, for the boot with its square hole.
#
# </details>

# %% tags=["hide-cell"]
# Solution of exercise 2, run
square = masks[boot].to(settings.device)  # (1, 32, 32)
known = (square == 0).expand(3, -1, -1)
std = (known.sum().item() / context) ** 0.5
pulls = (
    measured(lambda x: x[:, known], picture[:, known], std),
    conditions.weighted(context, known_pixels(picture, square)),
)
x = G(h0).detach().requires_grad_()
a, b = (torch.autograd.grad(pull(x).sum(), x)[0] for pull in pulls)
off = ((a - b).norm() / b.norm()).item()
print(f"{known.sum()} known numbers, so the deviation is {std:.1f};")
print(f"the two gradients differ by {off:.0e} of their length")

# %% [markdown]
# ## Summary
#
# - Known pixels are a condition. Clamped, they let the prior see a whole picture; with a pull on $G(h)$ beside it, fills fit better at the border.
# - Of the first {glue:text}`inpaint.few` photographs with a hole over the item {glue:text}`inpaint.few.context:.0%` are recognised after PPGN-context with the class told, {glue:text}`inpaint.few.guessed:.0%` with a guessed one, {glue:text}`inpaint.no_class.named:.0%` without; {glue:text}`inpaint.few.biharmonic:.0%` after the classical fill that was chosen, {glue:text}`inpaint.few.photograph:.0%` without a hole. C36, C37 and C38 are {glue:text}`claim.C36`, {glue:text}`claim.C37` and {glue:text}`claim.C38`.
# - The nearest training photograph is nearer to the truth still.
# - Any linear map of a picture that was measured is a condition in the same way. It works less well from a random start.
# - One $E$, one $G$, one size of hole in the numbers.
