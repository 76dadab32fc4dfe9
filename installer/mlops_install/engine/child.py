"""Terraform as the runner's child: a session of its own, output into the run's files, signals turned into requests."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Final

from mlops_install.engine.process import UMASK, open_append

STOP: Final = frozenset({signal.SIGHUP, signal.SIGINT, signal.SIGTERM})
"""What asks the runner to come to an end."""


class Signals:
    """Every signal to this process as a byte in a pipe, so that waiting has neither a race nor a pause.

    `signal.set_wakeup_fd` writes the byte; a child's end (SIGCHLD) wakes as a request to stop does.
    """

    def __init__(self) -> None:
        self._reader, writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        for number in (*STOP, signal.SIGCHLD):
            signal.signal(number, _nothing)
        # `launch` starts the runner with them blocked; Terraform must not inherit that.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP)

    def asked_to_stop(self) -> bool:
        """Return whether a request to stop came since the last look."""
        try:
            return not STOP.isdisjoint(os.read(self._reader, 4096))
        except BlockingIOError:
            return False

    def wait(self, child: subprocess.Popen[bytes], on_stop: Callable[[], object]) -> int:
        """Return the child's exit code; call `on_stop` for each request to stop that comes meanwhile."""
        import select

        while (code := child.poll()) is None:
            # A signal between the poll and here has left its byte: select returns at once.
            select.select([self._reader], [], [])
            if self.asked_to_stop():
                on_stop()
        return code


def spawn(
    argv: Sequence[str], folder: Path, environment: Mapping[str, str], *, stdout: Path, stderr: Path
) -> subprocess.Popen[bytes]:
    """Start Terraform in its own session, its output appended to two files (0600); raises OSError."""
    with open_append(stdout) as events, open_append(stderr) as errors:
        return subprocess.Popen(
            argv,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=events,
            stderr=errors,
            start_new_session=True,
            umask=UMASK,
        )


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """Exist: without a handler no byte is written."""
