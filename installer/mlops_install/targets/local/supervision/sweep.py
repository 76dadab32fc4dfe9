"""End what still lives of a deployment's services without a supervisor that knows it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from mlops_install.targets.local.supervision.guard import MARKER

if TYPE_CHECKING:
    import psutil

_GRACE = 3.0
"""Seconds between SIGTERM and SIGKILL."""


def end_marked(folder: Path) -> None:
    """End every process whose marker lies in the folder (`services/<tool>`, or `services` for all of them)."""
    _end(process for process in _others() if _is_marked(process, folder))


def end_everything(services: Path) -> None:
    """End every process of the deployment: marked ones, and those that run a program or stand in its services.

    A process that merely stands there with a terminal (an operator's shell) is left alone.
    """
    _end(process for process in _others() if _is_marked(process, services) or _runs_in(process, services))


def _others() -> Iterable[psutil.Process]:
    """Yield every process but this one and those that started it."""
    import psutil

    own = psutil.Process()
    kept = {own.pid, *(parent.pid for parent in own.parents())}
    return (process for process in psutil.process_iter() if process.pid not in kept)


def _is_marked(process: psutil.Process, folder: Path) -> bool:
    try:
        environment = Path(f"/proc/{process.pid}/environ").read_bytes()
    except OSError:
        return False
    prefix = os.fsencode(f"{MARKER}={folder}")
    return any(item == prefix or item.startswith(prefix + b"/") for item in environment.split(b"\0"))


def _runs_in(process: psutil.Process, services: Path) -> bool:
    import psutil

    inside = f"{services}/"
    try:
        if any(word.startswith(inside) for word in process.cmdline()[:1]) or process.exe().startswith(inside):
            return True
        return f"{process.cwd()}/".startswith(inside) and process.terminal() is None
    except (psutil.Error, OSError):
        return False


def _end(found: Iterable[psutil.Process]) -> None:
    import psutil

    processes = list(found)
    for process in processes:
        _send(process, kill=False)
    for process in psutil.wait_procs(processes, timeout=_GRACE)[1]:
        _send(process, kill=True)
    psutil.wait_procs(processes, timeout=_GRACE)


def _send(process: psutil.Process, *, kill: bool) -> None:
    import psutil

    try:
        if kill:
            process.kill()
        else:
            process.terminate()
    except psutil.Error:
        # Gone by itself, or another user's: neither is ours to end.
        return
