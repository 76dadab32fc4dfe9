"""What all tests share: at the end of a run stands what was skipped, and why."""

from __future__ import annotations

import signal
from collections.abc import Iterable

import pytest


def pytest_configure() -> None:
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
