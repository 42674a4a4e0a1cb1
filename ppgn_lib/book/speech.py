"""Vowels from cepstral coefficients, to be seen and heard: their spectrum, and a sound with a voice that is made up."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from ppgn_lib.checks import positive

RATE = 10_000  # samples a second, those of the recordings
RINGING = 300  # samples after which a pulse has died away


def spectrum(cepstra: Tensor, bins: int = 64) -> Tensor:
    """Cepstral coefficients c_1 ... c_C, (B, C, T) -> decibels (B, bins, T) from 0 Hz to half the ``RATE``.

    ``log |H(w)| = sum_n c_n cos(n w)``: the loudness c_0 is not among the coefficients, so each moment has mean 0.
    """
    n = torch.arange(1, cepstra.shape[1] + 1, dtype=cepstra.dtype)
    w = torch.linspace(0, math.pi, bins, dtype=cepstra.dtype)
    return 20 / math.log(10) * torch.einsum("bct,cf->bft", cepstra, torch.cos(n[:, None] * w))


def ringing(cepstrum: np.ndarray, length: int = RINGING) -> np.ndarray:
    """What follows a pulse, (length,): the minimum-phase answer h of a filter with coefficients c_1 ... c_C.

    ``h_0 = 1``, ``h_m = sum_n (n / m) c_n h_(m - n)`` (Oppenheim & Schafer, Discrete-Time Signal Processing).
    """
    n = np.arange(1, len(cepstrum) + 1)
    h = np.zeros(length)
    h[0] = 1.0
    for m in range(1, length):
        k = n[: min(m, len(n))]
        h[m] = (k * cepstrum[k - 1] * h[m - k]).sum() / m
    return h


def spoken(cepstra: Tensor, *, seconds: float = 0.5, pitch: float = 120.0) -> np.ndarray:
    """A sound (samples,) in [-1, 1] of coefficients (C, T): pulses of a made-up voice through their filters.

    ``seconds`` is how long it takes, ``pitch`` is in hertz and falls by a tenth; neither is in the data.
    """
    positive(seconds=seconds, pitch=pitch)
    c, length = cepstra.double().numpy(), round(seconds * RATE)
    sound, moments = np.zeros(length + RINGING), np.arange(c.shape[1])
    at = 0.0
    while at < length:
        done = at / length
        now = np.array([np.interp(done * (c.shape[1] - 1), moments, row) for row in c])
        sound[int(at) : int(at) + RINGING] += ringing(now)
        at += RATE / (pitch * (1.05 - 0.1 * done))
    fade = np.minimum(1, np.minimum(np.arange(length), np.arange(length)[::-1]) / (0.03 * RATE))
    sound = sound[:length] * fade
    return sound / np.abs(sound).max()
