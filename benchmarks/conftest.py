"""Options of the benchmarks, and what they record: `benchmarks/results.json`.

Run by `make benchmark`. Nothing here asserts a time: targets are compared in benchmarks/README.md.
"""

from pathlib import Path

import pytest
import torch
from measure import machine

from ppgn_lib.book import results

RECORDED = pytest.StashKey[dict]()
PASSED = pytest.StashKey[bool]()


def pytest_addoption(parser):
    group = parser.getgroup("ppgn")
    group.addoption("--quick", action="store_true", help="few rounds, to see that it runs; nothing is recorded")
    group.addoption("--results", type=Path, default=None, help="record here (default: benchmarks/results.json)")
    group.addoption("--threads", type=int, default=2, help="CPU threads (2)")


def pytest_configure(config):
    config.stash[RECORDED] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.stash[PASSED] = report.passed
    return report


@pytest.fixture(scope="session")
def quick(request):
    return request.config.getoption("quick")


@pytest.fixture(scope="session", autouse=True)
def threads(request):
    torch.set_num_threads(request.config.getoption("threads"))
    return torch.get_num_threads()


@pytest.fixture(scope="session")
def this_machine(threads):
    return machine()


@pytest.fixture
def record(request, this_machine, quick):
    """record(key, what, figures): merged into the results once the test has passed, in place of all it had before."""
    fresh = {}

    def keep(key, what, figures, unit="ratio"):
        fresh[key] = {**figures, "what": what, "unit": unit, "notebook": request.node.nodeid, "machine": this_machine}

    yield keep
    if not request.node.stash.get(PASSED, False):
        return  # half of its figures would replace the whole of the last run's
    request.config.stash[RECORDED].update(fresh)
    path = request.config.getoption("results") or (None if quick else Path(__file__).with_name("results.json"))
    if path and fresh:
        results.merge(path, fresh, request.node.nodeid)


def pytest_terminal_summary(terminalreporter, config):
    for key, entry in config.stash[RECORDED].items():
        spread = f"  [{entry['low']:.4g}, {entry['high']:.4g}]" if "low" in entry else ""
        terminalreporter.write_line(f"{key:40} {entry['value']:10.4g}{spread}")
