"""Tell a process from a later one that got the same pid: proc(5), /proc/PID/stat and the boot id."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from mlops_install.deployment.runs.record import ProcessMark

_PROC = Path("/proc")


def mark(pid: int) -> ProcessMark:
    """Return the mark of a process that runs now; raises ProcessLookupError when there is none (a zombie is none)."""
    started = _started(pid)
    if started is None:
        raise ProcessLookupError(f"no process {pid} is running")
    return ProcessMark(pid=pid, started=started, boot_id=_boot_id())


def alive(process: ProcessMark | None) -> bool:
    """Return whether exactly this process still runs; False for None and for a zombie."""
    return process is not None and process.boot_id == _boot_id() and _started(process.pid) == process.started


def _started(pid: int) -> int | None:
    """Return the start time in clock ticks after boot (field 22); None when the process is gone or a zombie."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    # Field 2, the command's name, may hold spaces and parentheses: the last one ends it.
    fields = text.rpartition(")")[2].split()
    return None if fields[0] in "ZXx" else int(fields[19])


@cache
def _boot_id() -> str:
    return (_PROC / "sys/kernel/random/boot_id").read_text().strip()
