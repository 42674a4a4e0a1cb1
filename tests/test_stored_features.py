"""Features of states on the way, as bytes."""

import pytest
import torch

from ppgn_lib.metrics.stored_features import UNIT, features_as_bytes, features_of


def test_features_lie_as_bytes_and_come_back_within_half_a_step():
    features = torch.rand(3, 4, 5, generator=torch.Generator().manual_seed(0)) * 10
    found = features_of({"a.features": features_as_bytes(features)}, "a")
    assert found.dtype == torch.float32 and (found - features).abs().max() <= UNIT / 2 + 1e-6
    for wrong in (-1.0, 11.0):
        with pytest.raises(ValueError, match=r"features must be from 0 to 10.2; got"):
            features_as_bytes(torch.full((2,), wrong))
