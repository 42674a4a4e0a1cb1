"""Pictures drawn from Fourier coefficients: generators G written by hand, whose codes the chain moves.

A step of the same size along a code's gradient changes slow waves more than fast ones, as photographs do, and colours
together as they go together in photographs. The prior is in the code's geometry; a decay of the code makes it a
Gaussian one with the spectrum of photographs. The library's chain needs no other call for it:

    G = FourierImage(224, colour_mixing(photographs))
    chain(G.code(x0), autoencoder(decay(0.01)), through(G, transformed(condition, seeds, ...)), Eps(1.0, eps2), ...)

``FixedMagnitude`` leaves the phases alone to be chosen: each wave's strength is that of photographs. The views that go
with both, and gradients of length 1, are in ``views``.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ppgn_lib.checks import count, not_negative

EDGE = 0.98  # pixels beyond are taken for this bright: tanh never reaches 1


class FourierImage(nn.Module):
    """Codes (B, 3, size, size // 2 + 1, 2), real and imaginary parts, -> pictures (B, 3, size, size) in (-1, 1).

    Coefficients are divided by the frequency to a power, transformed back, mixed to colours and squashed by tanh. A
    code of N(0, 1) makes a picture that has a variance of about 1 before tanh. Source: Olah et al. (2017).

    Parameters
    ----------
    size
        Pixels a side.
    colours
        (3, 3), from independent channels to red, green and blue (``colour_mixing``); without it they are these.
    power
        Of the frequency; 1 is that of photographs.

    Raises
    ------
    ValueError
        size is below 2, colours is no (3, 3) matrix, or power is negative.

    """

    def __init__(self, size: int, colours: Tensor | None = None, power: float = 1.0) -> None:
        super().__init__()
        self.size = _size(size)
        not_negative(power=power)
        scale = frequencies(self.size).clamp(min=1 / self.size) ** -power  # (H, W // 2 + 1); at 0 as one wave a side
        self.scale = nn.Buffer(scale / _over_all(scale, self.size).square().mean().sqrt() / 2**0.5)
        self.colours = nn.Buffer(_colours(colours))

    def forward(self, h: Tensor) -> Tensor:
        """Codes -> pictures."""
        return self.unsquashed(h).tanh()

    def unsquashed(self, h: Tensor) -> Tensor:
        """The picture before tanh, (B, 3, size, size); raises ``ValueError`` for codes of another shape."""
        _check_code(h, (3, self.size, self.size // 2 + 1, 2))
        spectrum = torch.view_as_complex(h.contiguous()) * self.scale.to(h.dtype)
        return _mixed(torch.fft.irfft2(spectrum, s=(self.size, self.size), norm="ortho"), self.colours)

    def code(self, x: Tensor) -> Tensor:
        """The code of pictures (B, 3, size, size) in [-1, 1], cut to what tanh reaches."""
        channels = _channels(x, self.size, self.colours)
        return torch.view_as_real(torch.fft.rfft2(channels, norm="ortho") / self.scale.to(x.dtype))


class FixedMagnitude(nn.Module):
    """Codes (B, 3, H, W // 2 + 1), phases, -> pictures (B, 3, H, W) in (-1, 1) of a given magnitude of each wave.

    The phases are ``h / magnitude^balance`` times a constant that makes a white code turn by 1 radian. On the first and
    last column of a spectrum, where opposite phases have to agree, the part on which they do counts: a magnitude there
    is at most the given one. Source: Fel et al. (2023), MACO.

    NOT IN PAPER: ``balance``. A fast wave is faint, so the gradient of its phase is small and plain steps would hardly
    turn it; the authors use Adam instead, which gives all phases steps of about one length.

    Parameters
    ----------
    magnitude
        (3, H, W // 2 + 1) of the channels that ``colours`` mixes (``mean_magnitude``); H = W is even.
    colours
        As in ``FourierImage``.
    balance
        0 is the phase itself, times a constant; with 1 a unit of the code changes all waves of the picture equally.

    Raises
    ------
    ValueError
        magnitude is of another shape or not positive, colours is no (3, 3) matrix, or balance is negative.

    """

    def __init__(self, magnitude: Tensor, colours: Tensor | None = None, balance: float = 0.5) -> None:
        super().__init__()
        shape = tuple(magnitude.shape)
        if len(shape) != 3 or shape[0] != 3 or shape[1] % 2 or shape[2] != shape[1] // 2 + 1:
            raise ValueError(f"magnitude must be (3, H, W // 2 + 1) with H = W even; got {shape}")
        if not bool((magnitude > 0).all() & magnitude.isfinite().all()):
            raise ValueError("magnitude must be finite and positive: take the mean of more images")
        not_negative(balance=balance)
        self.size = shape[1]
        turn = magnitude**-balance  # radians a unit of the code
        self.magnitude = nn.Buffer(magnitude)
        self.turn = nn.Buffer(turn / turn.square().mean().sqrt())
        self.colours = nn.Buffer(_colours(colours))

    def forward(self, h: Tensor) -> Tensor:
        """Codes -> pictures."""
        return self.unsquashed(h).tanh()

    def unsquashed(self, h: Tensor) -> Tensor:
        """The picture before tanh, (B, 3, H, W); raises ``ValueError`` for codes of another shape."""
        _check_code(h, tuple(self.magnitude.shape))
        phase = h * self.turn.to(h.dtype)
        spectrum = torch.polar(self.magnitude.to(h.dtype).expand_as(phase), phase)
        return _mixed(torch.fft.irfft2(spectrum, s=(self.size, self.size), norm="ortho"), self.colours)

    def code(self, x: Tensor) -> Tensor:
        """The phases of pictures (B, 3, H, W) in [-1, 1] as a code; their magnitudes are lost."""
        return torch.fft.rfft2(_channels(x, self.size, self.colours)).angle() / self.turn.to(x.dtype)


def frequencies(size: int) -> Tensor:
    """Of the coefficients of ``rfft2``, in waves a pixel, (size, size // 2 + 1)."""
    return torch.hypot(torch.fft.fftfreq(size)[:, None], torch.fft.rfftfreq(size)[None])


def colour_mixing(images: Tensor) -> Tensor:
    """(3, 3), M with ``M M^T`` the covariance of the colours of images (N, 3, H, W) in [-1, 1], their mean variance 1.

    M takes independent channels of variance 1, brightness first, to red, green and blue. The colours are those before
    tanh. Source: Olah et al. (2017), who give the matrix for ImageNet.

    Raises
    ------
    ValueError
        images are not (N, 3, H, W), or grey, so that there is no inverse.

    """
    colours = _before_tanh(images).transpose(0, 1).flatten(1).double()  # (3, N H W)
    variances, axes = torch.linalg.eigh(colours.cov())
    if variances[0] < 1e-9 * variances[2]:
        raise ValueError("images must have colours that vary in three directions; got grey or two-coloured ones")
    mixing = (axes * (variances / variances.mean()).sqrt()).flip(1)
    return (mixing * mixing.sum(0).sign()).to(images.dtype)


def mean_magnitude(images: Tensor, colours: Tensor | None = None, *, rings: bool = False) -> Tensor:
    """(3, H, W // 2 + 1): the magnitude of each wave (``rfft2``, orthonormal), mean over images (N, 3, H, W).

    Of the pictures before tanh, in the channels that ``colours`` mixes. NOT IN PAPER: with ``rings`` also the mean over
    all waves of about the same frequency, whatever their direction, for few images. Their borders, where left meets
    right, would else make a lattice of upright and level waves. Raises ``ValueError`` unless H = W.
    """
    if images.ndim != 4 or images.shape[2] != images.shape[3]:
        raise ValueError(f"images must be square, (N, 3, H, H); got {tuple(images.shape)}")
    size = images.shape[3]
    magnitude = torch.fft.rfft2(_channels(images, size, _colours(colours)), norm="ortho").abs().mean(0)
    if not rings:
        return magnitude
    ring = (frequencies(size) * size).round().long().flatten().to(images.device)
    total = magnitude.new_zeros(3, int(ring.max()) + 1).index_add(1, ring, magnitude.flatten(1))
    return (total / ring.bincount())[:, ring].view_as(magnitude)


def _size(size: int) -> int:
    if count(size, "size") < 2:
        raise ValueError(f"size must be at least 2 pixels; got {size}")
    return int(size)


def _colours(colours: Tensor | None) -> Tensor:
    colours = torch.eye(3) if colours is None else colours
    if tuple(colours.shape) != (3, 3):
        raise ValueError(f"colours must be a matrix (3, 3), such as colour_mixing makes; got {tuple(colours.shape)}")
    return colours


def _check_code(h: Tensor, shape: tuple[int, ...]) -> None:
    if tuple(h.shape[1:]) != shape:
        raise ValueError(f"codes must be (B, {', '.join(map(str, shape))}), as G.code makes; got {tuple(h.shape)}")


def _over_all(half: Tensor, size: int) -> Tensor:
    """What ``rfft2`` leaves out, since it is the same, beside what it gives: (size, size // 2 + 1) -> all."""
    return torch.cat([half, half[:, 1 : (size + 1) // 2].flip(1)], 1)


def _mixed(channels: Tensor, colours: Tensor) -> Tensor:
    return torch.einsum("ij,bjhw->bihw", colours.to(channels.dtype), channels)


def _before_tanh(x: Tensor) -> Tensor:
    if x.ndim != 4 or x.shape[1] != 3:
        raise ValueError(f"images must be (N, 3, H, W) in [-1, 1]; got {tuple(x.shape)}")
    return x.clamp(-EDGE, EDGE).atanh()


def _channels(x: Tensor, size: int, colours: Tensor) -> Tensor:
    """What ``_mixed`` and tanh make these pictures of."""
    if tuple(x.shape[2:]) != (size, size):
        raise ValueError(f"images must be (B, 3, {size}, {size}); got {tuple(x.shape)}")
    return _mixed(_before_tanh(x), torch.linalg.inv(colours).to(x.dtype))
