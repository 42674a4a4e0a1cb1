"""Sounds: the series of two vowels by nine speakers."""

import pytest
import torch
import vowels as importer

from ppgn_lib.data.vowels import MOMENTS, SHARES, resampled, vowels


def test_a_line_stays_a_line_and_both_ends_are_kept():
    line = torch.stack([torch.linspace(0, 1, 9), torch.linspace(3, -1, 9)])
    torch.testing.assert_close(resampled(line, 5), torch.stack([torch.linspace(0, 1, 5), torch.linspace(3, -1, 5)]))
    same = torch.rand(12, MOMENTS, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(resampled(same), same)
    with pytest.raises(ValueError, match=r"at least two frames; got \(2, 1\)"):
        resampled(line[:, :1])


def test_every_utterance_is_in_one_split_and_every_speaker_in_all():
    splits = {name: vowels(name) for name in SHARES}
    assert sum(len(of.y) for of in splits.values()) == 640
    series = torch.cat([of.x for of in splits.values()])
    assert len(series.flatten(1).unique(dim=0)) == 640, "none twice"
    total = torch.cat([of.y for of in splits.values()]).bincount()
    for name, of in splits.items():
        assert (of.y.bincount() - SHARES[name] * total).abs().max() <= 1
    train = splits["train"].x
    torch.testing.assert_close(train.mean((0, 2)), torch.zeros(12), atol=1e-5, rtol=0)
    torch.testing.assert_close(train.std((0, 2)), torch.ones(12))
    with pytest.raises(ValueError, match="split must be one of train, validation, test; got 'all'"):
        vowels("all")


def test_what_is_no_such_file_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(importer, "OUT", tmp_path / "out.safetensors")
    monkeypatch.setattr(importer, "FILES", {"a.ts": 2})
    series = ":".join(["1.0,2.0,3.0"] * 12)
    (tmp_path / "a.ts").write_text(f"#text\n@data\n{series}:9\n{series}:1\n")
    assert [speaker for _, speaker in importer.read(tmp_path / "a.ts")] == [8, 0]
    assert importer.main([str(tmp_path)]) == 0 and importer.OUT.exists()
    (tmp_path / "a.ts").write_text(f"{series}:9\n")
    with pytest.raises(SystemExit, match="must have 2 utterances; got 1"):
        importer.main([str(tmp_path)])
    (tmp_path / "a.ts").write_text("1.0,2.0:3\n")
    with pytest.raises(ValueError, match="line 1: not 12 series of one length and a speaker"):
        importer.read(tmp_path / "a.ts")
