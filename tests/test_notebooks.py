"""Regeneration: same bytes twice, failures that leave things as they were, committed notebooks that ran."""

import base64
import io
import json
import re
import shutil
import sys
from pathlib import Path

import browser_numbers
import chapter
import nbformat
import notebook_format
import numpy as np
import papermill
import pytest
import regenerate
import yaml
from notebook_format import normalised, records
from PIL import Image
from provenance import imported_modules, provenance, without_comments

from ppgn_lib.book import results
from ppgn_lib.metrics import protocol

ROOT = Path(__file__).parents[1]
COMMITTED = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_twice_on_one_machine_gives_the_same_bytes(tmp_path):
    for run in ("one", "two"):
        assert (
            regenerate.main(
                ["00", "--profile", "ci", "--out", str(tmp_path / run), "--results", str(tmp_path / f"{run}.json")]
            )
            == 0
        )
    name = "00_data_and_networks.ipynb"
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    assert "encoder.item_accuracy" in results.read(tmp_path / "one.json")


@pytest.fixture
def small_sources(tmp_path, monkeypatch):
    """Two sources of which the first fails, in place of the book's."""
    (tmp_path / "01_bad.py").write_text("# %% [markdown]\n# # Bad\n\n# %%\n1 / 0\n")
    (tmp_path / "02_good.py").write_text(
        '# %% tags=["parameters"]\nchains = None\n\n'
        '# %% tags=["set-up"]\nfrom ppgn_lib.book.record import record\n\n'
        '# %%\nrecord("good.number", 1.5)\nprint(profile, settings.chains)\n'
    )
    (tmp_path / "profiles").mkdir()
    for name in ("ci", "cpu"):
        settings = "01_bad: {time: a second}\n02_good: {time: a second, chains: 7}\n"
        (tmp_path / f"profiles/{name}.yaml").write_text(settings)
    monkeypatch.setattr(regenerate, "NOTEBOOKS", tmp_path)
    return tmp_path


def test_failing_notebook_leaves_the_old_one_and_ends_in_the_table(small_sources, capfd):
    old = small_sources / "out" / "01_bad.ipynb"
    old.parent.mkdir()
    old.write_text("as it was")
    found = small_sources / "results.json"
    status = regenerate.main(["--profile", "ci", "--out", str(old.parent), "--results", str(found)])
    printed, errors = capfd.readouterr()
    assert "WARNING" not in errors and "\r" not in printed + errors
    assert status == 1 and old.read_text() == "as it was"
    assert (
        "1 of 2 notebooks failed" in printed
        and "01_bad" in printed
        and "ZeroDivisionError" in printed
        and "cell 5" in printed
    )
    good = nbformat.read(old.parent / "02_good.ipynb", as_version=4)
    assert results.read(found) == {"good.number": {"value": 1.5, "notebook": "02_good", "profile": "ci"}}
    assert [c.execution_count for c in good.cells] == [1, 2, 3, 4] and good.cells[3].outputs[-1].text == "ci 7\n"
    assert re.search(r"^02_good +\[ci\] +\d+ s$", printed, re.MULTILINE), "one line a notebook"
    assert "papermill" not in json.dumps(good.metadata)


def test_unknown_notebook(small_sources, capsys):
    with pytest.raises(SystemExit):
        regenerate.main(["07"])
    assert "no notebook 07; there are 01_bad, 02_good" in capsys.readouterr().err


def test_papermill_with_a_misspelt_parameter(tmp_path):
    """papermill itself only logs it; the notebook's settings cell refuses and names the nearest."""
    out = tmp_path / "out.ipynb"
    with pytest.raises(papermill.PapermillExecutionError, match="did you mean 'chains'"):
        papermill.execute_notebook(
            str(ROOT / "notebooks/08_noiseless_joint_ppgn_h.ipynb"),
            str(out),
            {"profile": "ci", "chain": 3},
            cwd=str(ROOT / "notebooks"),
            progress_bar=False,
        )


def test_check_says_which_are_stale_and_why(tmp_path, capsys):
    shutil.copytree(ROOT / "notebooks", tmp_path / "out")
    (tmp_path / "out/00_data_and_networks.ipynb").unlink()
    path = tmp_path / "out/08_noiseless_joint_ppgn_h.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["ppgn"]["source"] = "another"
    nbformat.write(notebook, path)
    assert regenerate.main(["--check", "--out", str(tmp_path / "out")]) == 1
    printed = capsys.readouterr().out
    assert "it was never run" in printed and "stale: its source changed" in printed


def test_new_text_needs_no_run_and_new_code_does(small_sources, capsys):
    """Text is renewed with all outputs as they were; a notebook whose code differs stays as it is, and is named."""
    source, out = small_sources / "02_good.py", small_sources / "out"
    out.mkdir()
    assert regenerate.main(["02", "--out", str(out)]) == 0
    before = nbformat.read(out / "02_good.ipynb", as_version=4)
    source.write_text(source.read_text() + "\n# %% [markdown]\n# A sentence more.\n")
    assert regenerate.main(["02", "--prose", "--out", str(out)]) == 0
    after = nbformat.read(out / "02_good.ipynb", as_version=4)
    assert after.cells[-1].source == "A sentence more." and len(after.cells) == len(before.cells) + 1
    assert [c.outputs for c in after.cells[:-1] if c.cell_type == "code"] == [
        c.outputs for c in before.cells if c.cell_type == "code"
    ]
    assert regenerate.main(["02", "--check", "--out", str(out)]) == 0
    source.write_text(source.read_text().replace("1.5", "2.5"))
    assert regenerate.main(["02", "--prose", "--out", str(out)]) == 1
    assert "02_good                          has to be run: its source changed" in capsys.readouterr().out
    assert nbformat.read(out / "02_good.ipynb", as_version=4) == after


def test_committed_notebooks_are_fresh():
    assert regenerate.main(["--check"]) == 0


def test_large_pictures_are_stored_small():
    """Few colours stay exact, photographs become a JPEG that looks the same."""
    rng = np.random.default_rng(0)
    waves = np.sin(np.arange(600)[:, None, None] / 40 + np.arange(800)[None, :, None] / 60 + np.arange(3)) * 100 + 128
    pictures = {
        "image/png": (waves > 128).astype(np.uint8) * 255,
        "image/jpeg": (waves + rng.normal(0, 8, waves.shape)).clip(0, 255).astype(np.uint8),
    }
    for kind, pixels in pictures.items():
        stream = io.BytesIO()
        Image.fromarray(pixels).save(stream, "PNG", compress_level=0)
        found, content = notebook_format._small(base64.b64encode(stream.getvalue()).decode())
        back = np.asarray(Image.open(io.BytesIO(base64.b64decode(content))).convert("RGB")).astype(float)
        assert found == kind and len(content) < len(stream.getvalue()) / 3
        assert abs(back - pixels).mean() < (0.01 if kind == "image/png" else 6)


def test_a_picture_of_noise_is_stored_too():
    stream = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (240, 900, 3), dtype=np.uint8)).save(stream, "PNG")
    kind, content = notebook_format._small(base64.b64encode(stream.getvalue()).decode())
    assert Image.open(io.BytesIO(base64.b64decode(content))).size == (900, 240) and kind in ("image/png", "image/jpeg")


def test_cell_that_did_not_run_is_an_error():
    cell = nbformat.v4.new_code_cell("1", execution_count=None)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    with pytest.raises(ValueError, match="cell 1 did not run"):
        normalised(notebook)


def test_what_a_kernel_prints_in_parts_is_one_output():
    """Where a flush falls is chance; else a notebook would differ from run to run."""
    one, other, warning = (
        nbformat.v4.new_output("stream", name=name, text=text)
        for name, text in (("stdout", "a"), ("stdout", "b\n"), ("stderr", "w"))
    )
    shown = nbformat.v4.new_output("display_data", data={"text/plain": "x"})
    last = nbformat.v4.new_output("stream", name="stdout", text="c")
    cell = nbformat.v4.new_code_cell("1", execution_count=1, outputs=[one, warning, other, shown, last])
    notebook = nbformat.v4.new_notebook(
        cells=[cell], metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )
    (found,) = normalised(notebook).cells
    assert [output.get("text") for output in found.outputs] == ["ab\n", None, "c"]


def test_number_of_another_notebook_is_a_failure_of_the_table(small_sources, capsys):
    found = small_sources / "results.json"
    results.merge(found, {"good.number": {"value": 1, "notebook": "00_other"}}, "00_other")
    assert regenerate.main(["02", "--profile", "ci", "--out", str(small_sources / "out"), "--results", str(found)]) == 1
    assert "which 00_other records too" in capsys.readouterr().out
    assert not (small_sources / "out/02_good.ipynb").exists()


def test_provenance_follows_imports_and_ignores_comments():
    files = "networks/zoo.py", "networks/small.py", "data/files.py"
    found = imported_modules("from ppgn_lib.networks.zoo import load")
    assert {ROOT / "ppgn_lib" / name for name in files} <= found
    assert ROOT / "ppgn_lib/sampling/chain.py" not in found
    assert ROOT / "ppgn_lib/sampling/chain.py" in imported_modules("from ppgn_lib import Eps, chain")
    assert without_comments("a = 1  # one\n\n# two\nb = '#'\n") == "a = 1\nb = '#'"


def test_provenance_has_the_header_and_what_its_cells_and_the_set_up_import(small_sources, monkeypatch):
    source = small_sources / "02_good.py"
    names = {p.stem for p in imported_modules(chapter.code(source))}
    assert {"figures", "profiles", "precision", "record"} <= names
    before = provenance(source)
    header = small_sources / "header.py"
    header.write_text(chapter.HEADER.read_text().replace("figures.set_style()", "pass"))
    monkeypatch.setattr(chapter, "HEADER", header)
    monkeypatch.setattr("provenance.HEADER", header)
    assert {key for key, value in provenance(source).items() if value != before[key]} == {"header"}


def test_header_stands_below_the_title_and_takes_up_the_chapters_own_cells(small_sources):
    bad, good = (chapter.to_notebook(small_sources / f"{name}.py") for name in ("01_bad", "02_good"))
    assert [c.cell_type for c in bad.cells] == ["markdown", "code", "code", "code", "code"]
    colab, parameters, set_up, body = good.cells
    assert "google.colab" in colab.source and parameters.source.endswith("\nchains = None")
    assert 'profiles.load("02_good", globals())' in set_up.source and set_up.source.endswith("import record")
    assert body.source.startswith('record("good.number"')
    shown = [cell for cell in good.cells[:3] if "remove-input" not in cell.metadata.tags]
    assert shown == [set_up] and set_up.metadata.tags == ["hide-input"], "one folded box before the first picture"
    (small_sources / "02_good.py").write_text('# %% tags=["set-up"]\n1\n\n# %% tags=["set-up"]\n2\n')
    with pytest.raises(ValueError, match="one cell tagged 'set-up' at most; got 2"):
        chapter.to_notebook(small_sources / "02_good.py")


@pytest.mark.parametrize("source", sorted((ROOT / "notebooks").glob("[0-9]*.py")), ids=lambda p: p.stem)
def test_papermill_finds_the_parameters(source, tmp_path):
    """Those of the chapter's profile, and the profile itself."""
    path = tmp_path / "notebook.ipynb"
    nbformat.write(chapter.to_notebook(source), path)
    settings = yaml.safe_load((ROOT / "notebooks/profiles/ci.yaml").read_text())[source.stem]
    assert set(papermill.inspect_notebook(str(path))) == {"profile", *settings} - {"time"}


@pytest.mark.parametrize("path", COMMITTED, ids=lambda p: p.stem)
def test_every_cell_ran_and_what_nbval_checks_has_output(path):
    """nbval passes a cell without stored output vacuously."""
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    checked = [cell for cell in code if "nbval-check-output" in cell.metadata.get("tags", [])]
    assert checked and all(cell.outputs for cell in checked)
    assert path.stat().st_size < 1_000_000


@pytest.mark.parametrize("path", COMMITTED, ids=lambda p: p.stem)
def test_every_figure_has_alt_text(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if any({"image/png", "image/jpeg"} & output.get("data", {}).keys() for output in cell.get("outputs", [])):
            assert len(cell.metadata["mystnb"]["image"]["alt"]) > 20
            assert cell.metadata["mystnb"]["figure"]["caption"]


def test_results_have_a_cell_each_and_the_keys_asked_for():
    stored = results.read(ROOT / "book/results.json")
    asked = {
        "first.accuracy",
        "encoder.item_accuracy",
        "encoder.colour_accuracy",
        "encoder.background_accuracy",
        "evaluator.item_accuracy",
        "generator.reconstruction_item_accuracy",
        "generator.reconstruction_colour_accuracy",
        "generator.band_ratio_worst",
        "noiseless.accuracy",
        "noiseless.coverage_ratio",
        "noiseless.diversity_ratio",
        "noiseless.accuracy_from_images",
        "noiseless.coverage_ratio_from_images",
        "mcmc.mala_accept_rate_small_step",
        "mcmc.bias_ratio_half_step",
        "dae.smoothed_score_error",
        "dae.unsmoothed_score_error",
        "am.fooling_confidence",
        "am.evaluator_accuracy_no_prior",
        "am.evaluator_accuracy_best_prior",
        "am.grad_norm_softmax_over_log",
        *(
            f"{kind}.{measure}"
            for kind in ("noiseless", "noiseless_from_images", "reconstruction")
            for measure in ("kid", "kid_foreign", "two_sample_accuracy")
        ),
        *(f"real.{measure}" for measure in ("kid", "kid_foreign", "two_sample_accuracy")),
        "real_half_size.kid",
        "noiseless.luminance_diversity_ratio",
        "noiseless.accuracy_spread",
        "noiseless.kid_spread",
        *(
            f"{variant}.{measure}"
            for variant in ("ppgn_x", "joint_ppgn_x", "dgn_am", "ppgn_h", "joint")
            for measure in ("accuracy", "coverage_ratio", "luminance_diversity_ratio", "kid", "unclear_share")
        ),
        *(
            f"{variant}.clusters_per_1000"
            for variant in ("ppgn_x", "joint_ppgn_x", "dgn_am", "ppgn_h", "joint", "noiseless")
        ),
        *(
            f"ablation.{row}.kid"
            for row in (
                *("three", "four", "four_with_noise", "without_gan", "without_h1", "without_image", "gan_alone"),
                *("noise_on_x", "noise_on_h1", "noise_on_h", "noise_ten_times"),
            )
        ),
        *(f"claim.C{number:02}" for number in (*range(1, 28), *range(30, 40), 48, 50, 51, 52, 53, 54, 55, 57, 59, 63)),
        *("neuron.activation_ratio", "neuron.facets", "several.both_hold"),
        *(f"inpaint.{key}" for key in ("accuracy", "accuracy_original", "accuracy_best_classical")),
        *("inpaint.border_ppgn", "inpaint.border_context"),
        *(
            f"table3.{model}.{measure}"
            for model in ("real", "dgn_am", "joint", "noiseless", "noiseless_resized")
            for measure in (
                *("accuracy", "score", "msssim", "diverse_classes", "kid", "two_sample_accuracy"),
                *("precision", "recall", "coverage", "memorisation"),
            )
        ),
    }
    assert asked <= stored.keys()
    for key, entry in stored.items():
        if entry["notebook"] == browser_numbers.OWNER:  # measured on the built pages
            assert key.startswith(("live.", "pages.")) and entry["profile"] == "browser"
            continue
        notebook = nbformat.read(ROOT / f"notebooks/{entry['notebook']}.ipynb", as_version=4)
        assert entry == records(notebook, entry["notebook"], "cpu")[key]


def test_all_notebooks_are_committed():
    assert [p.stem for p in COMMITTED] == [p.stem for p in sorted((ROOT / "notebooks").glob("[0-9]*.py"))]


def test_first_cells_run_as_on_colab_and_settings_may_be_run_again(tmp_path, monkeypatch):
    """With google.colab there, the clone in place: the settings cell sees the parameters and nothing else."""
    for source in sorted((ROOT / "notebooks").glob("[0-9]*.py")):
        cells = [c.source for c in chapter.to_notebook(source).cells if c.cell_type == "code"]
        namespace: dict = {"In": [], "Out": {}}
        monkeypatch.chdir(ROOT / "notebooks")
        monkeypatch.setitem(sys.modules, "google.colab", object())
        monkeypatch.setattr("os.path.isdir", lambda path: path == "/content/book" or Path(path).is_dir())
        monkeypatch.setattr("os.chdir", lambda path: None)
        monkeypatch.setenv("PPGN_DATA", str(tmp_path))
        monkeypatch.setenv("PPGN_PROFILE", "ci")
        set_up = cells[2].partition("print(profiles.describe")[0]
        for code in (*cells[:2], set_up):
            exec(code, namespace)
        namespace["something_else"] = 3
        exec(set_up, namespace)
        assert namespace["settings"].profile == "ci"


def test_first_samples_are_nearly_as_accurate_as_photographs():
    """Chapter 8's first chains reach the share of it that the book calls accurate; photographs' is on the card."""
    card = json.loads((ROOT / "data/weights/evaluator.json").read_text())
    mark = protocol.ACCURATE * card["figures"]["test item accuracy"]
    assert results.read(ROOT / "book/results.json")["first.accuracy"]["value"] >= mark


@pytest.mark.parametrize("source", sorted((ROOT / "notebooks").glob("[0-9]*.py")), ids=lambda path: path.stem)
def test_a_chapter_begins_with_a_picture_and_ends_with_solutions_that_run(source):
    """No open code stands before its first figure; two exercises or more have a folded cell that runs the solution."""
    cells = chapter.to_notebook(source).cells
    figures = [i for i, cell in enumerate(cells) if "figure" in cell.metadata.get("mystnb", {})]
    folded = {"hide-input", "hide-cell", "remove-input"}
    before = [
        c.source for c in cells[: figures[0]] if c.cell_type == "code" and not folded & set(c.metadata.get("tags", []))
    ]
    assert not before
    solved = [cell for cell in cells if cell.source.startswith("# Solution of exercise")]
    assert len(solved) >= 2 and all("hide-cell" in cell.metadata["tags"] for cell in solved)


@pytest.mark.parametrize("source", sorted((ROOT / "notebooks").glob("[0-9]*.py")), ids=lambda path: path.stem)
def test_nothing_is_left_to_be_written(source):
    """Names in capitals stand in a chapter's draft for what results have to say."""
    assert not re.search(
        r"\b[A-Z0-9]+TEXT\b|\"ALT[A-Z]*\"|^# SUMMARY$|\bTODO\b", source.read_text("utf-8"), re.MULTILINE
    )
