"""What the live sampler and the pages reach in a browser here, into book/results.json.

    python tools/checks/browser_numbers.py                    after tools/book/build_book.py
    python tools/checks/browser_numbers.py --steps 500        a shorter look at memory

Times are those of this machine with nothing else running, so no test asks for them. Measured on the built pages: bytes
that a click loads; time from the click to the first step, each time in a browser that has nothing in store; time of
a step; the code after fifty steps against PyTorch's from the same code and noise; how memory grows over many steps;
serious findings of axe and requests to other hosts on all pages.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from dataclasses import asdict
from pathlib import Path

import pages
import torch
from playwright.sync_api import Browser, Page
from torch import Tensor
from tqdm import tqdm

from ppgn_lib import Eps, conditions, variants
from ppgn_lib.book.results import merge, read
from ppgn_lib.networks.zoo import load
from ppgn_lib.sampling.chain import evaluate, update

ROOT = Path(__file__).resolve().parents[2]
RESULTS, LIVE = ROOT / "book/results.json", ROOT / "book/_static/live"
OWNER = "tools/checks/browser_numbers.py"  # stands in book/results.json where others have their notebook
TRIES, TIMED, COMPARED, EPS = 5, 200, 50, Eps(0.1, 0.2, 0.1)
WARM = 500  # steps before memory is looked at first
FIRST_STEP = """() => new Promise(resolve => {
    const live = document.querySelector('.live'), began = performance.now();
    const look = () => { if (+live.dataset.step >= 1) resolve(performance.now() - began); };
    new MutationObserver(look).observe(live, { attributeFilter: ['data-step'] });
    document.querySelector('.live-go').click();
})"""
REPLAYED = """order => new Promise(resolve => {
    const live = document.querySelector('.live').live, began = performance.now();
    live.on_replayed = found => resolve([found.h, performance.now() - began]);
    live.worker.postMessage({ type: 'replay', ...order });
})"""
RUN_ON = """steps => {
    const root = document.querySelector('.live');
    root.live.run(steps - root.dataset.step);
}"""
PAUSED = "document.querySelector('.live-go').textContent === 'Run'"


def main(arguments: list[str] | None = None, html: Path = pages.HTML) -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description="The live sampler and the pages, in numbers.")
    parser.add_argument("--steps", type=int, default=10_000, help="over which memory is watched (default 10000)")
    parser.add_argument("--live", action="store_true", help="the live sampler only (pages take eight minutes)")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where they are written (book/results.json)")
    given = parser.parse_args(arguments)
    if pages.chromium() is None:
        print("nothing is measured: there is no Chromium (apt install chromium)")
        return 1
    if not (html / "book/live.html").exists():
        print(f"there is no page of the live sampler in {html}: python tools/book/build_book.py")
        return 1
    with pages.served(html) as address, pages.browser() as browser:
        found = {
            "live.megabytes": json.loads((LIVE / "live.json").read_text("utf-8"))["bytes"]["processor"] / 1e6,
            **live(browser, f"{address}/book/live.html", given.steps),
            **({} if given.live else looks(browser, address, pages.every(html))),
        }
    for key, value in found.items():
        print(f"{key:30} {value:.4g}")
    profile = {"notebook": OWNER, "profile": "browser"}
    kept = {key: of for key, of in read(given.results).items() if of["notebook"] == OWNER}
    merge(given.results, {**kept, **{key: {"value": value, **profile} for key, value in found.items()}}, OWNER)
    return 0


def live(browser: Browser, address: str, steps: int) -> dict[str, float]:
    """Of the live sampler: times, its error, and how memory grows."""
    waited = []
    for _ in tqdm(range(TRIES), desc="first steps", unit="try"):
        page = browser.new_context().new_page()  # with an empty cache
        page.goto(address)
        page.wait_for_selector(".live-strip canvas")
        waited.append(page.evaluate(FIRST_STEP) / 1000)
        page.context.close()
    page = browser.new_page()
    page.set_default_timeout(0)
    page.goto(f"{address}#live=1&chains=1")
    page.wait_for_selector(".live-strip canvas")
    page.evaluate(FIRST_STEP)
    pause(page)
    error, step_ms = compared(page)
    first, last = memory_after(page, WARM), memory_after(page, steps)
    page.close()
    return {
        "live.first_move_s": statistics.median(waited),
        "live.first_move_s_longest": max(waited),
        "live.step_ms": step_ms,
        "live.max_error": error,
        "live.memory_steps": steps,
        "live.memory_growth_megabytes": last - first,
    }


def pause(page: Page) -> None:
    """Stop the chain, and wait until it rests."""
    if page.inner_text(pages.GO) == "Pause":
        page.click(pages.GO)
    page.wait_for_function(PAUSED)


def replayed(page: Page, h: Tensor, noise: Tensor, asked: dict[str, int]) -> tuple[Tensor, float]:
    """A chain from a code (H,) with noise (T, H), in the browser: all its codes (T + 1, H), and how many ms it took."""
    order = {"h": h.tolist(), "noise": noise.tolist(), "steps": len(noise), "asked": asked, **asdict(EPS)}
    codes, waited = page.evaluate(REPLAYED, order)
    return torch.tensor(codes), waited


def compared(page: Page) -> tuple[float, float]:
    """The code after fifty steps of a chain that starts at a photograph, against PyTorch's, relative; and ms a step."""
    E, G = load("encoder"), load("generator")
    photograph = json.loads((LIVE / "live.json").read_text("utf-8"))["photographs"][8]
    asked = dict(zip(E.classes, photograph["labels"], strict=True))
    noise = torch.randn(TIMED, G.code, generator=torch.Generator().manual_seed(0))
    h, waited = replayed(page, torch.tensor(photograph["h"]), noise, asked)
    experts = variants.noiseless(G, E, *(conditions.classes(E, y, head) for head, y in asked.items()))
    state = evaluate(h[:1], *experts)
    for t in range(COMPARED):
        state = evaluate(update(state, EPS, noise[t : t + 1]), *experts)
    return float((h[COMPARED] - state.h[0]).norm() / state.h[0].norm()), waited / TIMED


def memory_after(page: Page, steps: int) -> float:
    """Resident memory of the browser's pages and workers in megabytes, after a chain has run so far on the page."""
    page.evaluate(RUN_ON, steps)
    with tqdm(total=steps, desc="memory", unit="step") as bar:
        while bar.n < steps:
            page.wait_for_timeout(500)
            bar.update(int(page.get_attribute(".live", "data-step") or 0) - bar.n)
    pause(page)
    page.context.new_cdp_session(page).send("HeapProfiler.collectGarbage")
    return resident()


def resident() -> float:
    """Resident memory of all of Chromium's renderers, in megabytes."""
    total = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"--type=renderer" in (process / "cmdline").read_bytes():
                total += int((process / "statm").read_text().split()[1]) * 4096
        except OSError:  # it has ended meanwhile
            continue
    return total / 1e6


def looks(browser: Browser, address: str, names: list[str]) -> dict[str, float]:
    """Serious findings of axe on all pages, light and dark, and requests to other hosts."""
    lines = [
        line
        for name in tqdm(names, desc="pages", unit="page")
        for scheme in ("light", "dark")
        for line in pages.found(browser, f"{address}/{name}", scheme)
    ]
    return {
        "pages.axe_serious": sum(any(f"({grave})" in line for grave in pages.GRAVE) for line in lines),
        "pages.third_party_requests": sum(line.startswith("asks ") for line in lines),
        "pages.pages": len(names),
    }


if __name__ == "__main__":
    sys.exit(main())
