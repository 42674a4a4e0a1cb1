# ## A network that nobody here trained
#
# EfficientNet-Lite0 was trained by its authors on ImageNet's photographs. Some of its thousand classes are things that $G$ can draw, or nearly; three were taken, by hand, that have nothing to do with clothes. An adapter brings our pictures to the size and the range that it wants, and then it is a condition like any other:

# %%
from ppgn_lib.networks import efficientnet
from ppgn_lib.networks.adapter import Adapted

big = Adapted(efficientnet.efficientnet_lite0(), size=224)
sandal = conditions.index_of("sandal", efficientnet.classes())
condition = conditions.classes(big.to(settings.device), sandal)
with torch.no_grad():
    print(
        "log p:", condition(next(iter(drawn_first.values()))).cpu().numpy().round(1)
    )

# %% [markdown]
# For the chains below the picture has 192 pixels a side for it, which takes less time. Its step size was chosen by how often the selector sees an item that would be right. Who judges is the evaluator, and EfficientNet-Lite1: a network of the same family and the same photographs, so a weak second opinion.

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Classes of ImageNet asked for with EfficientNet-Lite0, each by six chains, all shown. The last three were taken because they have nothing to do with clothes.", "name": "fig-foreign-classes"}, "image": {"alt": "ALTFOREIGN"}}
foreign, about_foreign = protocol.open_samples(
    locate("results/foreign.safetensors")
)
BIG = about_foreign["found"]
NAMES = list(about_foreign["items"])
figures.image_grid(
    torch.cat([pictures_of(foreign[name]) for name in NAMES]),
    len(foreign[NAMES[0]]),
    rows=NAMES,
    cell=0.5,
)
plt.show()

# %% tags=["hide-input"]
rows = {}
for name in NAMES:
    found = BIG[name]
    items = [ITEMS[i] for i in found["item"]]
    most = sorted(set(items), key=lambda item: -items.count(item))
    by_sibling = [other == name for other in found["named_by_sibling"]]
    rows[name] = {
        "right would be": ", ".join(about_foreign["items"][name]) or "nothing",
        "p, Lite0": f"{np.mean(found['p']):.2f}",
        "p, Lite1": f"{np.mean(found['p_sibling']):.2f}",
        "Lite1 names it": f"{sum(by_sibling)} of {len(by_sibling)}",
        "the evaluator sees": ", ".join(
            f"{item} {items.count(item)}" for item in most
        ),
    }
figures.table(rows)

# %% tags=["hide-input"]
right = {
    name: [ITEMS[i] in about_foreign["items"][name] for i in BIG[name]["item"]]
    for name in NAMES
    if about_foreign["items"][name]
}
keep(
    "foreign.right",
    metrics.by_student(torch.tensor([np.mean(of) for of in right.values()])),
)
keep("foreign.p", float(np.mean([BIG[name]["p"] for name in right])))
keep(
    "foreign.p_sibling", float(np.mean([BIG[name]["p_sibling"] for name in right]))
)
other = [name for name in NAMES if name not in right]
keep("foreign.p_nothing", float(np.mean([BIG[name]["p"] for name in other])))
keep(
    "foreign.p_sibling_nothing",
    float(np.mean([BIG[name]["p_sibling"] for name in other])),
)

# %% [markdown]
# FOREIGNTEXT
#
