p="/work/main/notebooks/17_never_seen.py"; s=open(p).read()
new='''# ## A word that is no category
#
# That a pair never saw a thing may mean two things: $G$ saw no picture of it, or $E$ had no name for it. The paper says that a caption may name what is no category of $G$'s training, as long as it is in the pictures ("oranges", where the class is one of single fruit). Two more generators tell these apart: for the $E$ of A and for that of B a second $G$, which was taught with photographs of all ten items.

# %% tags=["hide-input"]
OF_ALL = {"a": "a, G of all", "b": "b, G of all"}


def half(item, category):
    """The pair, A or B, whose E has the item as a category, or the other one."""
    return next(pair for pair in OF_ALL if (item in seen_of[pair]) == category)


def over_halves(number):
    """A number of each item, three times: a category; in the pictures only; in neither: (3, 10)."""
    return torch.tensor(
        [
            [number(OF_ALL[half(item, True)], item) for item in ITEMS],
            [number(OF_ALL[half(item, False)], item) for item in ITEMS],
            [number(half(item, False), item) for item in ITEMS],
        ]
    ).double()


category, pictured, neither = over_halves(share_of)
keep("captions.accuracy_of_categories", metrics.by_student(category))
keep("captions.accuracy_of_no_category", metrics.by_student(pictured))
keep("captions.accuracy_not_in_pictures", metrics.by_student(neither))
keep(
    "captions.accuracy_twice_no_category_minus_category",
    metrics.by_student(2 * pictured - category),
)
keep(
    "captions.accuracy_in_pictures_minus_twice_not",
    metrics.by_student(pictured - 2 * neither),
)
far = over_halves(distance)
keep(
    "captions.kid_foreign_not_in_pictures_minus_in",
    metrics.by_student(far[2] - far[1]),
)
record("claim.C59", claims.decide("C59", keep))

# %% tags=["hide-input"] mystnb={"figure": {"caption": "One item a column, asked for by its caption: by the E that has it as a category, by the E that has not, both with a G that saw photographs of all; and by the latter with the G that never saw it. The first picture of each.", "name": "fig-captions-no-category"}, "image": {"alt": "ALTCATEGORY"}}
def first_of(name, item):
    """The first stored picture of an item of a pair's set."""
    every = sentences[f"{name}.first"].float() / 127.5 - 1
    return every[ITEMS.index(item) * len(every) // len(ITEMS)]


figures.image_grid(
    torch.stack(
        [
            first_of(name, item)
            for names in (
                [OF_ALL[half(item, True)] for item in ITEMS],
                [OF_ALL[half(item, False)] for item in ITEMS],
                [half(item, False) for item in ITEMS],
            )
            for name, item in zip(names, ITEMS, strict=True)
        ]
    ),
    len(ITEMS),
    rows=["a category", "in the pictures only", "in neither"],
    tops=[item.split()[0] for item in ITEMS],
    cell=0.7,
)
plt.show()

# %% [markdown]
# C59TEXT
#
'''
a="# ## Pictures that score high and show nothing\n"
assert s.count(a)==1
s=s.replace(a,new+a); open(p,"w").write(s)
