"""The live sampler: its graph computes what the library does, and in a browser the page does what it says."""

import gzip
import hashlib
import json
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlparse

import browser_numbers
import export
import nbformat
import numpy as np
import onnxruntime
import pages
import pytest
import torch
from conftest import live_page

from ppgn_lib import conditions, variants
from ppgn_lib.book import figures
from ppgn_lib.book.live import random_codes
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.chain import evaluate, update
from ppgn_lib.sampling.densities import Banana
from ppgn_lib.sampling.mcmc import MALA, Draws, MALAApprox, MCMCState, MetropolisHastings
from ppgn_lib.sampling.starts import rectified_normal

CHROMIUM = pages.chromium()
in_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt install chromium")
GO = pages.GO
FALLBACK = "Ten chains that were computed before"


@pytest.fixture(scope="module")
def session():
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    graph = gzip.decompress((export.FOLDER / "step.onnx.gz").read_bytes())
    return onnxruntime.InferenceSession(graph, options)


def weights_of(asked):
    E = load("encoder")
    return {
        head: np.eye(len(E.classes[head]), dtype=np.float32)[[asked[head]]]
        if head in asked
        else np.zeros((1, len(E.classes[head])), np.float32)
        for head in export.HEADS
    }


def rounded(name):
    """A network with weights as they are stored for the browser."""
    net = load(name)
    for weight in net.parameters():
        if weight.numel() >= export.LARGE:
            weight.data = weight.data.half().float()
    return net


@pytest.mark.parametrize("asked", [{"item": 9}, {"item": 0, "colour": 3, "background": 5}, {"colour": 1}])
def test_the_graph_is_a_step_of_the_library(session, asked):
    """With weights of 16 bits that is the same but for rounding; with the shipped ones nearly so."""
    h = torch.cat([rectified_normal(range(4), 256), torch.tensor([export.photographs()[4]["h"]])])
    found = [session.run(None, {"h": row[None].numpy(), **weights_of(asked)}) for row in h]
    found = [torch.from_numpy(np.concatenate(part)) for part in zip(*found, strict=True)]
    for round_off, most in ((True, 1e-3), (False, 0.1)):
        E, G = ((rounded if round_off else load)(name) for name in ("encoder", "generator"))
        condition = conditions.product(*(conditions.classes(E, y, head) for head, y in asked.items()))
        state = evaluate(h, *variants.noiseless(G, E, condition))
        for name, ours, true in zip(export.OUTPUTS, found, (G(h), state.prior, state.log_p, state.grad), strict=True):
            off = (ours - true).flatten(1).norm(dim=1) if true.ndim > 1 else (ours - true).abs()
            size = true.flatten(1).norm(dim=1) if true.ndim > 1 else true.abs().clamp(min=1)
            # A code at the edge of a ReLU may have another gradient.
            worst = (off / size).median() if name in ("grad", "prior") else (off / size).max()
            assert worst < most, (name, round_off, off / size)


def test_it_belongs_to_the_shipped_networks_and_files():
    assert export.main(["--check"]) == 0
    about = json.loads((export.FOLDER / "live.json").read_text("utf-8"))
    sizes = {name: len((export.FOLDER / name).read_bytes()) for name in about["files"]}
    for name, digest in about["files"].items():
        assert hashlib.sha256(gzip.decompress((export.FOLDER / name).read_bytes())).hexdigest() == digest
    assert set(sizes) == {export.GRAPH, *export.RUNTIMES.values()} and sizes[export.GRAPH] < 6e6
    assert about["bytes"] == {kind: sizes[export.GRAPH] + sizes[name] for kind, name in export.RUNTIMES.items()}
    assert about["bytes"]["processor"] < 9e6 and about["bytes"]["gpu"] < 11e6
    for stored, now in zip(about["photographs"], export.photographs(), strict=True):
        assert {**stored, "h": 0} == {**now, "h": 0}
        np.testing.assert_allclose(stored["h"], now["h"], atol=0.0101)  # the last of two digits


def test_other_networks_make_it_stale(monkeypatch, capsys):
    monkeypatch.setattr(export, "digest", lambda net: "other")
    assert export.main(["--check"]) == 1 and "stale" in capsys.readouterr().out


def test_the_backward_passes_that_are_written_out_are_pytorchs():
    torch.manual_seed(0)
    for transposed, stride, padding in ((False, 1, 1), (False, 2, 1), (True, 2, 1), (True, 1, 1)):
        f = torch.nn.functional.conv_transpose2d if transposed else torch.nn.functional.conv2d
        x, weight = (
            torch.randn(2, 4, 9, 9, requires_grad=True),
            torch.randn(4, 4, 4 if stride == 2 else 3, 3 + (stride == 2)),
        )
        y = f(x, weight, stride=stride, padding=padding)
        grad = torch.randn_like(y)
        y.backward(grad)
        twice = [stride, stride], [padding, padding], [1, 1]
        found, _, _ = export.convolution_backward(
            grad, x.detach(), weight, None, *twice, transposed, [0, 0], 1, [True, False, False]
        )
        torch.testing.assert_close(found, x.grad, atol=1e-4, rtol=1e-4)
    x = torch.randn(2, 3, 8, 8, requires_grad=True)
    y = torch.nn.functional.max_pool2d(x, 2)
    grad = torch.randn_like(y)
    y.backward(grad)
    torch.testing.assert_close(export.max_pool_backward(grad, x.detach(), [2, 2], []), x.grad)
    with pytest.raises(ValueError, match="only pooling of 2 by 2"):
        export.max_pool_backward(grad, x.detach(), [3, 3], [])


# In a browser


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A page with the sampler as it stands in the book, on a local server that can slow down or damage files."""
    folder = live_page(tmp_path_factory.mktemp("site"))

    class Handler(pages.Silent):
        damaged = slow = ""

        def do_GET(self):  # noqa: N802 (the standard library calls it so)
            name = Path(urlparse(self.path).path).name
            if self.damaged and name == self.damaged:
                content = (export.FOLDER / name).read_bytes()
                self.send_response(200)
                self.end_headers()
                self.wfile.write(content[:-9] + bytes(9))
            elif self.slow and name == self.slow:
                content = (export.FOLDER / name).read_bytes()
                self.send_response(200)
                self.end_headers()
                for first in range(0, len(content), 2**18):
                    self.wfile.write(content[first : first + 2**18])
                    time.sleep(0.1)
            else:
                super().do_GET()

    with pages.served(folder, Handler) as address:
        yield f"{address}/book/live.html", Handler, folder


@pytest.fixture(scope="module")
def browser():
    with pages.browser() as opened:
        yield opened


@pytest.fixture
def page(browser):
    opened = browser.new_page(viewport={"width": 820, "height": 900})
    opened.errors, opened.asked = [], []
    opened.on("pageerror", lambda error: opened.errors.append(str(error)))
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.set_default_timeout(60_000)
    yield opened
    assert not opened.errors
    opened.close()


def at_step(page, step):
    page.wait_for_function(f"+document.querySelector('.live').dataset.step >= {step}")


def each_step_off(page, steps):
    """How far each step of a chain from a random code is from PyTorch's, over the length of the step."""
    asked = dict(zip(export.HEADS, export.photographs()[8]["labels"], strict=True))
    noise = torch.randn(steps, 256, generator=torch.Generator().manual_seed(0))
    h, _ = browser_numbers.replayed(page, rectified_normal([5], 256)[0], noise, asked)
    E, G = rounded("encoder"), rounded("generator")
    experts = variants.noiseless(G, E, *(conditions.classes(E, y, head) for head, y in asked.items()))
    there = update(evaluate(h[:-1], *experts), browser_numbers.EPS, noise)
    return (h[1:] - there).norm(dim=1) / (there - h[:-1]).norm(dim=1)


@in_browser
def test_nothing_is_loaded_before_a_click_and_nothing_from_elsewhere(page, site):
    page.goto(site[0])
    page.wait_for_selector(".live-strip canvas")
    page.wait_for_function("document.querySelector('.live-count').textContent.includes('computed before: ankle boot')")
    page.select_option(".live label:has-text('Colour') select", "2")
    assert page.inner_text(".live-status") == "That is seen once it runs here."
    assert not [url for url in page.asked if re.search(r"worker|ort|onnx", url)]
    page.click(GO)
    at_step(page, 3)
    assert {urlparse(url).netloc for url in page.asked} == {urlparse(site[0]).netloc}
    assert sum("step.onnx.gz" in url for url in page.asked) == 1


@in_browser
def test_the_chain_in_the_browser_is_pytorchs(page, site, monkeypatch):
    """From the same code with the same noise.

    A chain that starts far from pictures amplifies the last digit within a few steps, so of one from a random code
    every single step is compared; of one from a photograph, which does not, all fifty together.
    """
    page.goto(site[0])
    page.click(GO)
    at_step(page, 1)
    browser_numbers.pause(page)
    monkeypatch.setattr(browser_numbers, "TIMED", browser_numbers.COMPARED)
    assert browser_numbers.COMPARED == 50 and browser_numbers.compared(page)[0] < 5e-3
    assert each_step_off(page, 50).median() < 1e-3


@in_browser
def test_on_a_graphics_card_the_chain_is_pytorchs_too(browser, site):
    """On one that the processor plays, which the page takes only if it is told to."""
    options = ["--no-sandbox", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"]
    other = browser.browser_type.launch(executable_path=CHROMIUM, args=options)
    try:
        page = other.new_page()
        page.set_default_timeout(120_000)
        page.goto(site[0])
        if not page.evaluate("navigator.gpu?.requestAdapter().then(Boolean)"):
            pytest.skip("this Chromium has no WebGPU")
        page.click(GO)
        at_step(page, 1)
        assert page.get_attribute(".live", "data-runs") == "processor"
        page.goto("about:blank")
        page.goto(site[0])
        page.wait_for_selector(".live-strip canvas")
        page.evaluate("document.querySelector('.live').dataset.gpu = 'always'")
        page.click(GO)
        at_step(page, 1)
        assert page.get_attribute(".live", "data-runs") == "gpu"
        browser_numbers.pause(page)
        assert each_step_off(page, 3).median() < 1e-3
    finally:
        other.close()


@in_browser
def test_a_browser_that_never_answers_about_its_graphics_card_is_not_waited_for(page, site):
    silent = "Object.defineProperty(navigator.gpu, 'requestAdapter', { value: () => new Promise(() => {}) });\n"
    worker = (export.FOLDER / "worker.js").read_text("utf-8")
    page.route("**/worker.js", lambda route: route.fulfill(body=silent + worker, content_type="text/javascript"))
    page.goto(site[0])
    page.click(GO)
    at_step(page, 1)
    assert page.get_attribute(".live", "data-runs") == "processor"


@in_browser
def test_the_address_holds_the_settings_and_the_python_code_runs(page, site):
    page.goto(f"{site[0]}#live=1&item=bag&colour=red&background=any&eps1=0.2&eps3=0.05&seed=7&start=random&prior=false")
    assert page.get_attribute(".live-items button:nth-child(9)", "aria-pressed") == "true"
    assert page.input_value(".live-sliders label:nth-child(1) input") == "0.2"
    assert page.input_value(".live input[type=number]") == "7"
    page.click(".live-items button:nth-child(1)")
    page.wait_for_url(lambda url: all(part in url for part in ("item=t-shirt", "eps1=0.2", "colour=red")))
    codes = [page.text_content(".live details code")]
    for start in ("3", "random"):
        page.select_option(".live label:has-text('Start') select", start)
        page.click(".live-items button[aria-pressed=true]")  # asks for no item
        codes.append(page.text_content(".live details code"))
        page.click(".live-items button:nth-child(2)")
    page.select_option(".live label:has-text('Colour') select", "-1")
    page.click(".live-items button[aria-pressed=true]")
    codes.append(page.text_content(".live details code"))
    assert len(set(codes)) == 4 and "Eps(0, 0.2, 0.05)" in codes[0]
    assert page.text_content(".live details summary").startswith("Such a chain"), "its noise is another one"
    page.fill(".live-sliders label:nth-child(3) input", "0")
    assert page.text_content(".live details summary") == "The same chain in Python"
    script = "\n".join(code.replace("steps=250", "steps=1") for code in codes) + "\nprint(x.shape)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout == "torch.Size([1, 3, 32, 32])\n", done.stderr


@in_browser
def test_what_is_damaged_on_the_way_is_said_and_can_be_loaded_again(page, site):
    url, handler, _ = site
    handler.damaged = "step.onnx.gz"
    try:
        page.goto(url)
        page.click(GO)
        page.wait_for_function("document.querySelector('.live-status').textContent.includes('damaged')")
        assert page.inner_text(GO) == "Try again"
    finally:
        handler.damaged = ""
    page.click(GO)
    at_step(page, 1)


@in_browser
def test_on_a_slow_network_one_sees_how_far_it_is_and_the_page_can_be_used(page, site, monkeypatch):
    url, handler, _ = site
    monkeypatch.setattr(handler, "slow", "step.onnx.gz")
    page.goto(url)
    page.wait_for_selector(".live-strip canvas")
    page.click(GO)
    page.wait_for_function("0.2 < document.querySelector('.live progress').value")
    assert page.get_attribute(".live", "data-step") in (None, "", "0") and page.is_disabled(GO)
    page.click(".live-items button:nth-child(9)")
    page.wait_for_function("document.querySelector('.live-count').textContent.includes('computed before: bag')")
    assert page.evaluate("document.querySelector('.live progress').value") < 1, "still loading"
    at_step(page, 1)
    assert page.is_hidden(".live progress")


@in_browser
def test_by_keyboard_alone_on_a_small_screen(page, site):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(site[0])
    page.wait_for_selector(".live-strip canvas")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    names = []
    for _ in range(40):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.className || document.activeElement.textContent"))
        if names[-1] == "live-go":
            break
    assert names[-1] == "live-go" and "bag" in names
    page.keyboard.press("Enter")
    at_step(page, 2)
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.live-go').textContent === 'Run'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@in_browser
def test_many_steps_leave_the_page_as_large_as_it_was(page, site):
    page.goto(f"{site[0]}#live=1&chains=3&eps3=0.1")
    page.click(GO)
    at_step(page, 5)
    page.click(GO)
    page.wait_for_function("document.querySelector('.live-go').textContent === 'Run'")
    page.evaluate(
        """() => {
            const live = document.querySelector('.live').live;
            const one = { pixels: new Uint8ClampedArray(4096), logP: -1, off: 1 };
            for (let step = 6; step < 1500; step++)
                live.on_states({ era: live.era, step, left: 0, chains: [one, one, one] });
        }"""
    )
    assert 30 < len(page.query_selector_all(".live-strip canvas")) <= 3 * 21
    assert 250 < page.evaluate("document.querySelector('.live').live.history.length") <= 501
    # A chain that runs away says so.
    page.evaluate("document.querySelector('.live').live.change({eps2: 1e6})")
    page.wait_for_function("document.querySelector('.live-status').textContent.includes('run away')")


@in_browser
def test_the_samplers_on_the_banana_are_the_librarys(page, site):
    banana, sigma = Banana(), 0.7
    kernels = {
        "Metropolis–Hastings": MetropolisHastings(banana.log_prob, sigma),
        "MALA": MALA(banana.log_prob, sigma),
        "MALA-approx": MALAApprox.langevin(banana.log_prob, sigma),
    }
    draw = torch.Generator().manual_seed(0)
    x = torch.randn(200, 2, generator=draw, dtype=torch.float64) * 3
    z = torch.randn(200, 2, generator=draw, dtype=torch.float64)
    log_u = torch.rand(200, generator=draw, dtype=torch.float64).log()
    page.goto(site[0])
    found = page.evaluate(
        """async ([x, z, logU, sigma]) => {
            const { SAMPLERS } = await import(new URL("../_static/live/banana.js", location));
            return Object.fromEntries(Object.entries(SAMPLERS).map(([name, step]) =>
                [name, x.map((row, i) => step(row, z[i], logU[i], sigma))]));
        }""",
        [x.tolist(), z.tolist(), log_u.tolist(), sigma],
    )
    assert list(found) == list(kernels)
    for name, kernel in kernels.items():
        state = MCMCState(x, *kernel.evaluate(x, x[:, :0]))
        wanted, info = kernel(state, Draws(z, log_u, x[:, :0]))
        torch.testing.assert_close(torch.tensor([row for row, _ in found[name]], dtype=torch.float64), wanted.x)
        assert [accepted for _, accepted in found[name]] == info.accepted.tolist()
        assert name == "MALA-approx" or 20 < info.accepted.sum() < 180


# A chain may have gone on by the time somebody asks for its step: every step is looked at.
LEAST_STEP = """() => {
    const live = document.querySelector('.live');
    const look = () => { window.least = Math.min(window.least, +live.dataset.step); };
    window.least = Infinity;
    new MutationObserver(look).observe(live, { attributeFilter: ['data-step'] });
}"""


@in_browser
def test_start_again_while_a_chain_runs_and_a_link_that_is_pasted(page, site):
    page.goto(f"{site[0]}#live=1&chains=3")
    page.click(GO)
    at_step(page, 5)
    page.select_option(".live label:has-text('Chains') select", "1")
    page.wait_for_function("document.querySelectorAll('.live-pictures canvas').length === 1")
    page.evaluate(LEAST_STEP)
    page.click(".live button:has-text('Start again')")
    page.wait_for_function("window.least < 4")
    at_step(page, 8)
    assert page.inner_text(GO) == "Pause"
    page.click(GO)
    page.wait_for_function("document.querySelector('.live-go').textContent === 'Run'")
    page.click(".live button:has-text('One step')")
    page.wait_for_function("document.querySelector('.live-go').textContent === 'Run'")
    # What is changed at rest is seen at once.
    before = int(page.get_attribute(".live", "data-step"))
    page.fill(".live-sliders label:nth-child(2) input", "1.5")
    at_step(page, before + 2)
    page.evaluate("location.hash = 'live=1&item=bag&chains=3&seed=4&start=length&toString=1'")
    page.wait_for_function("document.querySelectorAll('.live-pictures canvas').length === 3")
    assert page.get_attribute(".live-items button:nth-child(9)", "aria-pressed") == "true"
    assert page.evaluate("document.querySelector('.live').live.set.start") == "random"
    at_step(page, 2)


@in_browser
def test_as_it_is_begins_where_the_chain_is(page, site):
    page.goto(f"{site[0]}#live=1&chains=1&start=now")
    page.click(GO)
    at_step(page, 20)
    page.click(GO)
    page.wait_for_function("document.querySelector('.live-go').textContent === 'Run'")
    last = "(document.querySelector('.live').live.history.at(-1)[0])"
    before = page.evaluate(f"{last}.logP")
    page.evaluate(
        """() => {
            const live = document.querySelector('.live').live;
            const on = live.on_states;
            live.on_states = function (data) { window.first ??= data; on.call(live, data); };
        }"""
    )
    page.click(".live button:has-text('Start again')")
    page.wait_for_function("window.first && +document.querySelector('.live').dataset.step >= 2")
    step, log_p = page.evaluate("[window.first.step, window.first.chains[0].logP]")
    assert step == 0 and log_p == pytest.approx(before, abs=1e-4)


@in_browser
def test_an_arrow_that_is_switched_off_by_keyboard_changes_the_chain(page, site):
    """Followed by the condition alone, by the prior alone, by both: three other pictures from one start."""
    ends = {}
    for off in ("", "prior", "condition"):
        page.goto("about:blank")
        page.goto(site[0])
        page.wait_for_selector(".live-strip canvas")
        if off:
            page.focus(f".live label:has-text('follow the {off}') input")
            page.keyboard.press("Space")
        page.focus(".live-sliders label:nth-child(2) input")
        page.keyboard.press("ArrowRight")
        assert page.evaluate("document.querySelector('.live').live.set.eps2") == pytest.approx(0.21)
        page.click(GO)
        at_step(page, 30)
        ends[off] = page.evaluate("document.querySelector('.live').live.history[30].map(c => [c.logP, c.off])")[0]
    assert len({tuple(end) for end in ends.values()}) == 3
    assert ends["prior"][1] > ends[""][1], "without the prior a code is farther from where the round trip leads"
    assert ends["condition"][0] < ends[""][0], "without the condition the class is less likely"


@in_browser
def test_without_webassembly_the_page_says_so_and_keeps_its_chains(browser, site):
    page = browser.new_page()
    page.add_init_script("delete window.WebAssembly")
    page.goto(site[0])
    page.wait_for_selector(".live-strip canvas")
    page.click(GO)
    assert "needs WebAssembly" in page.inner_text(".live-status")
    page.click(".live-items button:nth-child(9)")
    page.wait_for_function("document.querySelector('.live-count').textContent.includes('computed before: bag')")
    page.close()


@in_browser
def test_random_codes_in_python_are_those_of_the_page(page, site):
    page.goto(site[0])
    found = page.evaluate(
        """async () => {
            const { rectifiedNormal } = await import(new URL("../_static/live/random.js", location));
            return [0, 7, 99999].map(seed => [...rectifiedNormal(seed, 255)]);
        }"""
    )
    torch.testing.assert_close(random_codes([0, 7, 99_999], 255), torch.tensor(found), atol=1e-5, rtol=0)


def test_seeds_that_the_page_does_not_have_are_refused():
    with pytest.raises(ValueError, match="0 to 99999; got 100000"):
        random_codes([100_000], 4)


def test_the_notebook_for_colab_runs(tmp_path, monkeypatch):
    """Its code, as it is: the first cell does nothing here, the second draws a chain's pictures."""
    notebook = nbformat.read(export.FOLDER / "chain.ipynb", 4)
    nbformat.validate(notebook)
    seen = {}
    monkeypatch.setattr(figures, "image_grid", lambda x, columns, **_: seen.update(x=x, columns=columns))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            source = cell.source.replace("steps=250", "steps=25").replace(
                '"any"  # @param ["any", "red"', '"red"  # @param ["any", "red"'
            )
            exec(compile(source, "chain.ipynb", "exec"), seen)
    assert seen["x"].shape == (2, 3, 32, 32) and seen["columns"] == 2
    assert seen["E"].classes["item"] == tuple(
        re.findall(r'"([^"]+)"', re.search(r"item = .*# @param (.*)", source)[1])[1:]
    )


@in_browser
def test_start_and_noise_are_other_numbers(page, site):
    page.goto(site[0])
    start, noise = page.evaluate(
        """async () => {
            const r = await import(new URL("../_static/live/random.js", location));
            return [r.rectifiedNormal(3, 4000), r.normals(r.draw(3), 4000)].map(v => [...v]);
        }"""
    )
    start, noise = torch.tensor(start), torch.tensor(noise)
    assert abs(torch.corrcoef(torch.stack([start, noise]))[0, 1]) < 0.1
    assert abs(noise.mean()) < 0.08 and abs(noise.std() - 1) < 0.05
    true = rectified_normal(range(20), 256)
    assert (
        abs(start.mean() - true.mean()) < 0.15 and abs((start == 0).float().mean() - (true == 0).float().mean()) < 0.04
    )


@in_browser
def test_the_race_finds_the_variance(page, site):
    page.goto(site[0])
    true, found = page.evaluate(
        """async () => {
            const { SAMPLERS, VARIANCE, advance, varianceOf } = await import(
                new URL("../_static/live/banana.js", location));
            const { draw } = await import(new URL("../_static/live/random.js", location));
            return [VARIANCE, Object.entries(SAMPLERS).slice(0, 2).map(([name, step]) => {
                const c = { step, random: draw(1), x: [0, 0], path: [], steps: 0, accepted: 0, sum: 0, squares: 0 };
                for (let t = 0; t < 400_000; t++) advance(c, 1);
                return varianceOf(c);
            })];
        }"""
    )
    assert true == Banana().variances()[1] and found == pytest.approx([true] * 2, rel=0.1)


@in_browser
def test_the_race_says_who_ran_away(page, site):
    page.goto(site[0])
    page.click(".banana .live-go")
    page.wait_for_function("document.querySelector('.banana').race.chains.every(c => c.steps > 300)")
    page.evaluate(
        """() => {
            const race = document.querySelector('.banana').race;
            race.toggle();
            race.slider.value = 3;
            race.slider.dispatchEvent(new Event('input'));
            race.toggle();
        }"""
    )
    page.wait_for_function("document.querySelector('.banana').race.chains[2].lost")
    page.wait_for_function("document.querySelector('.banana tbody').textContent.includes('ran away')")
    assert page.evaluate("document.querySelector('.banana').race.chains.slice(0, 2).every(c => !c.lost)")


@in_browser
def test_a_page_that_is_opened_as_a_file_says_why_nothing_runs(browser, site):
    page = browser.new_page()
    page.goto((site[2] / "book/live.html").as_uri())
    assert FALLBACK in page.inner_text(".live") and "make serve" in page.inner_text(".live")
    heights = []
    for row in (0, 8):
        page.get_by_role("radio").nth(row).check()
        boxes = [page.locator(f".live-still {name}").bounding_box() for name in ("img", "div")]
        heights.append((boxes[1]["y"] - boxes[0]["y"]) / boxes[0]["height"])
    assert heights == pytest.approx([0, 0.8], abs=0.01), "the row of the item that was chosen"
    page.close()
