"""Ask a run to end: exactly one SIGINT to Terraform's own process, never to its group."""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from mlops_install.deployment.layout import RunFolder
from mlops_install.deployment.process_mark import alive
from mlops_install.deployment.runs.history import read_record, update_record
from mlops_install.deployment.runs.record import ProcessMark
from mlops_install.engine.events import installer_line
from mlops_install.engine.process import open_append

IN_FLIGHT: Final = frozenset({"planning", "applying"})


def cancel(run: RunFolder) -> bool:
    """Ask the run to end gracefully; a second call changes nothing. Returns False when the run isn't in flight.

    run.json says so first. The runner reads that flag after it has recorded Terraform's process, this function reads
    that process after it has recorded the flag: so one of the two, and only one, sends the signal.
    """
    with _one_at_a_time(run):
        record = read_record(run)
        if record.state not in IN_FLIGHT:
            return False
        if record.cancel_requested:
            return True
        record = update_record(run, cancel_requested=True)
        append_event(run, installer_line("cancel", "Cancelling: waiting for what is under way to come to an end."))
        interrupt(record.terraform)
        return True


def force(run: RunFolder) -> bool:
    """Send Terraform its second SIGINT: it stops at once and forgets what it was making.

    A run that was not asked to end before is only asked. Returns False when no Terraform of the run lives.
    """
    if not read_record(run).cancel_requested:
        return cancel(run)
    with _one_at_a_time(run):
        append_event(run, installer_line("cancel", "Ending at once: what was under way is left behind."))
        return interrupt(read_record(run).terraform)


def interrupt(terraform: ProcessMark | None) -> bool:
    """Send one SIGINT to exactly this process; returns False when it is gone."""
    if terraform is None or not alive(terraform):
        return False
    try:
        os.kill(terraform.pid, signal.SIGINT)
    except ProcessLookupError:
        return False
    return True


def append_event(run: RunFolder, line: str) -> None:
    """Append one whole line to events.jsonl beside Terraform: both write with O_APPEND, a line at a time."""
    with open_append(run.events) as stream:
        stream.write(line.encode())


@contextmanager
def _one_at_a_time(run: RunFolder) -> Iterator[None]:
    descriptor = os.open(run.path / ".cancel.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
