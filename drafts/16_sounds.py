# %% [markdown]
# # Sounds
#
# **Question.** The paper calls its method agnostic of the kind of data: a prior that can be exchanged, a condition that can be exchanged, a chain. Is that so? Does the very function that drew clothes also draw vowels?
#
# Below are two vowels, said one after the other by three men, as twelve coefficients of the sound over time: on the left recordings, on the right ends of chains that were asked for the same speakers.

# %% tags=["parameters"]
# None: the profile's value
seeds = None  # trainings of all networks anew
training_steps = None  # of each network
steps = None  # updates of a chain

# %% tags=["set-up"]
import itertools

from sklearn.decomposition import PCA
from sklearn.linear_model import RidgeClassifierCV
from torch import nn
from torch.nn import functional as F

from ppgn_lib import Eps, chain, conditions, metrics
from ppgn_lib.book import claims
from ppgn_lib.book.record import Kept, record
from ppgn_lib.data.vowels import COEFFICIENTS, MOMENTS, SPEAKERS, vowels
from ppgn_lib.experts.known_pixels import measured
from ppgn_lib.experts.priors import autoencoder
from ppgn_lib.metrics import protocol

keep = Kept("sounds.")
train, tuned, test = (vowels(split) for split in ("train", "validation", "test"))
SHAPE = (COEFFICIENTS, MOMENTS)
# The condition's network learns from one half, the one that reports from the other.
HALF = torch.arange(len(train.y)) % 2 == 0


def fitted(net, loss_of, seed):
    """A small network after Adam on all series at once, in eval mode and frozen."""
    draw = torch.Generator().manual_seed(seed)
    adam = torch.optim.Adam(net.parameters(), 2e-3)
    for _ in range(settings.training_steps):
        adam.zero_grad()
        loss_of(net, draw).backward()
        adam.step()
    return net.eval().requires_grad_(False)


# %% [markdown]
# ## The data
#
# Nine men say two vowels, `/a/` and `/e/`, one after the other. A recording is cut into frames; of each frame twelve numbers describe the spectrum (cepstral coefficients of a linear prediction). A series is a matrix of twelve by time, which is no picture: neighbouring rows have nothing to do with each other. There are 640 of them {cite}`kudo1999`. Each was brought to sixteen moments, so what is lost is how long it took.
#
# ## A prior and a condition
#
# The prior is a denoising autoencoder, as in [PPGN-x](04_ppgn_x.ipynb): a network $R$ that was given series with noise and had to return them without. Here is all of it:

# %%
NOISE = 0.5


def autoencoder_of(seed):
    """R: series with noise -> series (B, 12, 16)."""
    torch.manual_seed(seed)
    size = COEFFICIENTS * MOMENTS
    net = nn.Sequential(
        *(nn.Flatten(), nn.Linear(size, 256), nn.ReLU()),
        *(nn.Linear(256, 64), nn.ReLU(), nn.Linear(64, 256), nn.ReLU()),
        *(nn.Linear(256, size), nn.Unflatten(1, SHAPE)),
    )

    def loss(R, draw):
        noisy = train.x + NOISE * torch.randn(train.x.shape, generator=draw)
        return F.mse_loss(R(noisy), train.x)

    return fitted(net, loss, seed)


# %% [markdown]
# The condition is a small convnet that was taught who is speaking:

# %%


def speaker_net(seed):
    """Series -> logits of the nine speakers."""
    torch.manual_seed(seed)
    net = nn.Sequential(
        *(nn.Conv1d(COEFFICIENTS, 32, 3, padding=1), nn.ReLU()),
        *(nn.Conv1d(32, 32, 3, stride=2, padding=1), nn.ReLU()),
        *(nn.Flatten(), nn.Dropout(0.3), nn.Linear(32 * MOMENTS // 2, SPEAKERS)),
    )

    def loss(C, draw):
        noisy = train.x[HALF] + 0.3 * torch.randn(
            train.x[HALF].shape, generator=draw
        )
        return F.cross_entropy(C(noisy), train.y[HALF])

    return fitted(net, loss, seed)


# %% [markdown]
# And this is the sampler, the same as for clothes:

# %%
R, C = autoencoder_of(0), speaker_net(0)
y = torch.arange(SPEAKERS).repeat_interleave(20)
x0 = torch.randn(len(y), *SHAPE, generator=torch.Generator().manual_seed(0))
experts = autoencoder(R), conditions.classes(C, y)
*_, last = chain(x0, *experts, Eps(0.3, 0.3, 0.05), steps=settings.steps, seeds=range(len(y)))


# %% tags=["hide-input"] mystnb={"figure": {"caption": "Recordings of the first three speakers (left), and ends of chains that were asked for them (right): twelve coefficients (rows of a panel) at sixteen moments (columns), from -3 (blue) to 3 (red) deviations.", "name": "fig-sounds-shown"}, "image": {"alt": "Three rows of coloured panels; recordings and chains of a speaker have the same bands."}}
def panels(ax, x):
    """A few series side by side."""
    ax.imshow(torch.cat([F.pad(one, (0, 1), value=0) for one in x], 1), cmap="RdBu_r", vmin=-3, vmax=3)
    ax.set_axis_off()


fig, axes = plt.subplots(3, 2, figsize=(9, 4), layout="constrained")
for c, row in enumerate(axes):
    panels(row[0], test.x[test.y == c][:5])
    panels(row[1], last.h[y == c][:5])
axes[0, 0].set_title("recordings")
axes[0, 1].set_title("chains")
plt.show()

# %% [markdown]
# ## Other priors, other conditions
#
# $R$ may be any function that returns a series to what series look like. The projection onto the first principal components is one, and takes no training at all. Beside them stands the plainest prior that there is, one Gaussian, for which $R(x) - x = -x$, since the data have mean 0:

# %%
pca = PCA(20).fit(train.x.flatten(1).numpy())
axes_of = torch.from_numpy(pca.components_).float()
mean = torch.from_numpy(pca.mean_).float()


def projected(x):
    """Onto the first principal components of the training series."""
    centred = x.flatten(1) - mean
    return (mean + centred @ axes_of.T @ axes_of).view_as(x)


# %% [markdown]
# And a condition may be any function with a gradient. Here the first half of a series is known, and the chain has to say how it goes on. That is [inpainting](15_inpainting.ipynb), word by word:

# %%
KNOWN = MOMENTS // 2


def beginning(x):
    """The first half of series."""
    return x[:, :, :KNOWN]


def completion(x_known, std=0.1):
    """log p of the known half, for any series."""
    return measured(beginning, beginning(x_known), std)

# %% [markdown]
# ## Who judges
#
# Not the network that was climbed. The *report* is a ridge classifier on a thousand random convolutions of a series: for each the share of moments at which it is positive. It was fitted to the other half of the training series. The *selector*, which chose the step sizes, is a recurrent network.

# %% tags=["hide-input"]
WEIGHT = torch.randn(1000, COEFFICIENTS, 5, generator=torch.Generator().manual_seed(0))
BIAS = torch.randn(1000, generator=torch.Generator().manual_seed(1))


def random_features(x):
    """Shares of positive values of random convolutions, (N, 1000)."""
    weight = WEIGHT - WEIGHT.mean((1, 2), keepdim=True)
    return (F.conv1d(x, weight, BIAS, padding=2) > 0).double().mean(2)


varying = random_features(train.x).std(0) > 0


def features(x):
    """Those that are not constant over the training series."""
    return random_features(x)[:, varying]


class Recurrent(nn.Module):
    """The selector: series -> logits; its last state is what it makes of them."""

    def __init__(self):
        super().__init__()
        self.read, self.say = nn.GRU(COEFFICIENTS, 48, batch_first=True), nn.Linear(48, SPEAKERS)

    def forward(self, x):
        """(B, 9)."""
        return self.say(self.state(x))

    def state(self, x):
        """(B, 48)."""
        return self.read(x.mT)[1][0]


def selector_of(seed):
    """Taught with all training series."""
    torch.manual_seed(seed + 100)

    def loss(net, draw):
        noisy = train.x + 0.3 * torch.randn(train.x.shape, generator=draw)
        return F.cross_entropy(net(noisy), train.y)

    return fitted(Recurrent(), loss, seed)


reporter = RidgeClassifierCV(np.logspace(-3, 3, 10)).fit(features(train.x[~HALF]), train.y[~HALF])
named_real = torch.from_numpy(reporter.predict(features(test.x))) == test.y
of_speaker = [named_real[test.y == c].double().mean() for c in range(SPEAKERS)]
keep("accuracy_real", metrics.by_student(torch.stack(of_speaker)))
