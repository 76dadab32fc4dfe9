"""What all tests share: which of them may run side by side, and at the end of a run what was skipped, and why."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests import hints

# How long an example takes says how busy the machine is.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

_LONG = ("tests/cluster/", "tests/local/", "tests/plugins/")
"""Folders whose tests share a cluster, or this machine's services, and take minutes."""


class ByWhatTheyShare(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """Gives one process all tests of one cluster, of a folder that installs on this machine, or of another file."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        if file.startswith("tests/cluster/"):
            # In the brackets stands what it ran on, beside its other parameters.
            return "real node" if "-real-node" in test.partition("[")[2] else "cluster"
        return next((folder for folder in _LONG if file.startswith(folder)), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByWhatTheyShare:
    """Say how tests are handed out (pytest-xdist 3.8, "customizing the scheduler")."""
    # The queue is in the order of collection: it is by the number of tests otherwise, not by how long they take.
    config.option.loadscopereorder = False
    return ByWhatTheyShare(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, where tests run side by side: nothing is left to wait for at the end."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: not item.nodeid.startswith(_LONG))


def pytest_configure() -> None:
    """Prepare what every test relies on."""
    hints.watch()
    _hear_interrupts()


def _hear_interrupts() -> None:
    """Let ^C reach what is started here, although a shell that starts us in the background has it ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def reasons(reports: Iterable[pytest.TestReport]) -> dict[str, list[str]]:
    """Return the skipped tests by the reason they were skipped for."""
    found: dict[str, list[str]] = {}
    for report in reports:
        if isinstance(report.longrepr, tuple):
            found.setdefault(report.longrepr[2].removeprefix("Skipped: "), []).append(report.nodeid)
    return found


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List each reason with its tests; pytest's own list names the line that skipped, not the tests."""
    skipped = reasons(terminalreporter.stats.get("skipped", []))
    if not skipped:
        return
    terminalreporter.section("what was skipped, and why")
    for reason, tests in skipped.items():
        terminalreporter.line(f"{reason} ({len(tests)})")
        for test in tests:
            terminalreporter.line(f"  {test}")
