"""The check on a machine like Colab's: what it changes about a notebook before it runs it."""

import ast

import address
import colab
import pytest
import yaml

ROOT = colab.ROOT


@pytest.mark.parametrize("source", sorted((ROOT / "notebooks").glob("[0-9]*.py")), ids=lambda path: path.stem)
def test_first_cell_fetches_this_checkout_and_nothing_else_is_changed(source, tmp_path):
    plain, small = colab.cells(source, tmp_path), colab.cells(source, tmp_path, small=True)
    there, _ = address.addresses(ROOT)
    assert ROOT.as_uri() in plain[0] and f"{tmp_path}/book" in plain[0]
    assert there not in plain[0] and colab.PLACE + "/book" not in plain[0].replace(str(tmp_path), "")
    assert plain[2:] == small[2:] and plain[0] == small[0]
    given = {
        target.id: ast.literal_eval(node.value)
        for node in ast.parse(small[1].removeprefix(plain[1])).body
        for target in node.targets
    }
    wanted = yaml.safe_load((ROOT / "notebooks/profiles/ci.yaml").read_text("utf-8"))[source.stem]
    assert given == {key: value for key, value in wanted.items() if key != "time" and not isinstance(value, bool)}


def test_refuses_a_notebook_that_fetches_from_elsewhere(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(colab.address, "addresses", lambda root: ("https://example.org/other", ""))
    source = ROOT / "notebooks/00_data_and_networks.py"
    with pytest.raises(SystemExit, match=r"must fetch https://example\.org/other into /content; it does not"):
        colab.cells(source, tmp_path)
    with pytest.raises(SystemExit, match="2"):
        colab.main(["99"])
    assert "no notebook 99; there are 00_data_and_networks, " in capsys.readouterr().err


def test_cells_run_in_order_in_one_process_and_a_failing_one_is_named(tmp_path, monkeypatch, capfd):
    """With this environment in place of a new one, and a first cell that installs nothing."""
    ran = tmp_path / "ran"
    first = "import subprocess, sys\nassert 'google.colab' in sys.modules"
    picture = "import matplotlib.pyplot as plt\nplt.plot([0, 1])\nplt.show()"
    monkeypatch.setattr(
        colab, "cells", lambda *_, small: [first, "x = 1", picture, f"open({str(ran)!r}, 'w').write(str(x))"]
    )
    python, source = colab.Path(colab.sys.executable), ROOT / "notebooks/00_data_and_networks.py"
    assert colab.run(python, source, tmp_path / "good", "ci", small=False) == 0
    printed = capfd.readouterr().out
    assert ran.read_text() == "1" and "installed after" in printed
    assert "first picture after" in printed and "at cell 3 of 4" in printed and "all 4 cells" in printed
    monkeypatch.setattr(colab, "cells", lambda *_, small: [first, "1 / 0", "print('went on')"])
    assert colab.run(python, source, tmp_path / "bad", "ci", small=False) == 1
    printed, errors = capfd.readouterr()
    assert "went on" not in printed and "ZeroDivisionError" in printed + errors
