"""The live sampler and the pages in numbers; by itself, since one process drives one browser at a time."""

import json
from pathlib import Path

import browser_numbers
import pages
import pytest
from conftest import live_page

from ppgn_lib.book import results

ROOT = Path(__file__).parents[1]


@pytest.mark.skipif(pages.chromium() is None, reason="no Chromium here: apt install chromium")
def test_what_is_measured_is_recorded(tmp_path, monkeypatch):
    for name, few in (("TRIES", 1), ("TIMED", 4), ("COMPARED", 3), ("WARM", 4)):
        monkeypatch.setattr(browser_numbers, name, few)
    (tmp_path / "site").mkdir()
    path = tmp_path / "results.json"
    path.write_text('{"other": {"value": 1, "notebook": "00", "profile": "cpu"}}')
    assert browser_numbers.main(["--steps", "8", "--results", str(path)], live_page(tmp_path / "site")) == 0
    found = {key: entry["value"] for key, entry in json.loads(path.read_text()).items()}
    assert found.pop("other") == 1 and set(found) == {
        *(f"live.{name}" for name in ("megabytes", "max_error", "step_ms", "first_move_s", "first_move_s_longest")),
        *(f"live.memory_{name}" for name in ("steps", "growth_megabytes")),
        *(f"pages.{name}" for name in ("axe_serious", "third_party_requests", "pages")),
    }
    assert 0 < found["live.max_error"] < 5e-3 and found["live.step_ms"] > 0.1 and found["pages.pages"] == 1
    assert found["pages.third_party_requests"] == 0 and found["live.memory_steps"] == 8


def test_what_was_recorded_keeps_what_the_page_promises():
    """On the machine of ``make measure``: soon, without jerks, as in PyTorch, level in memory; for everybody; of this host alone."""
    found = {key: entry["value"] for key, entry in results.read(ROOT / "book/results.json").items()}
    assert found["live.first_move_s_longest"] <= 3 and found["live.step_ms"] <= 25 and found["live.max_error"] < 5e-3
    assert found["live.memory_steps"] >= 10_000 and found["live.memory_growth_megabytes"] < 20
    assert found["pages.axe_serious"] == found["pages.third_party_requests"] == 0
    assert found["pages.pages"] >= len(list((ROOT / "notebooks").glob("[0-9]*.ipynb")))
