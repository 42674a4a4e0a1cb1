"""Small networks for series (B, coefficients, moments), such as sounds: a prior, a condition, and one that chooses."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class SeriesDenoiser(nn.Module):
    """R: series with noise -> series, both (B, C, T). Three convolutions over time say what has to be taken away."""

    def __init__(self, coefficients: int, width: int = 64) -> None:
        super().__init__()
        self.correction = nn.Sequential(
            *(nn.Conv1d(coefficients, width, 5, padding=2), nn.GELU()),
            *(nn.Conv1d(width, width, 5, padding=2), nn.GELU()),
            nn.Conv1d(width, coefficients, 5, padding=2),
        )

    def forward(self, x: Tensor) -> Tensor:
        """As said."""
        clean: Tensor = x + self.correction(x)
        return clean


class SeriesClassifier(nn.Module):
    """C: series (B, C, T) -> logits (B, classes), by two convolutions over time."""

    def __init__(self, coefficients: int, moments: int, classes: int, width: int = 32) -> None:
        super().__init__()
        self.read = nn.Sequential(
            *(nn.Conv1d(coefficients, width, 3, padding=1), nn.ReLU()),
            *(nn.Conv1d(width, width, 3, stride=2, padding=1), nn.ReLU()),
            *(nn.Flatten(), nn.Dropout(0.3)),
        )
        self.say = nn.Linear(width * -(-moments // 2), classes)

    def forward(self, x: Tensor) -> Tensor:
        """As said."""
        logits: Tensor = self.say(self.read(x))
        return logits


class RecurrentClassifier(nn.Module):
    """The same by a gated recurrent unit, whose last state are the features: one that only chooses settings."""

    def __init__(self, coefficients: int, classes: int, width: int = 48) -> None:
        super().__init__()
        self.read = nn.GRU(coefficients, width, batch_first=True)
        self.say = nn.Linear(width, classes)

    def features(self, x: Tensor) -> Tensor:
        """(B, width)."""
        state: Tensor = self.read(x.mT)[1][0]
        return state

    def forward(self, x: Tensor) -> Tensor:
        """As said."""
        logits: Tensor = self.say(self.features(x))
        return logits


def best_linear(x: Tensor, sigma: float) -> Tensor:
    """W (D, D), the linear map for which ``|(x + noise) W - x|^2`` is smallest on series x (N, D), flat.

    ``W = (S + sigma^2 I)^-1 S`` with ``S = x'x / N`` (Wiener's filter); noise ~ N(0, sigma^2 I).
    """
    covariance = x.T @ x / len(x)
    return torch.linalg.solve(covariance + sigma**2 * torch.eye(x.shape[1], dtype=x.dtype), covariance)
