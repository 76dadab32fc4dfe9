"""A program in a pseudo-terminal of its own: what it paints, and when."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

_CONTROL = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


class Screen:
    """One process and the master side of its terminal."""

    def __init__(self, argv: Sequence[str], *, env: Mapping[str, str], cwd: Path, size: tuple[int, int]) -> None:
        """Start it in a terminal of `size` columns and lines."""
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            argv, env={**env, "TERM": "xterm-256color"}, cwd=cwd, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True, preexec_fn=_take_terminal,
        )  # fmt: skip
        os.close(slave)
        self._painted = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def wait_for(self, text: str, *, since: float | None = None, timeout: float = 60) -> float:
        """Return the seconds from `since` (its start) until it paints a text; raises TimeoutError."""
        wanted = text.encode()
        end = time.perf_counter() + timeout
        while wanted not in _CONTROL.sub(b"", self._painted):
            if time.perf_counter() > end or not self._read(end):
                raise TimeoutError(f"{text!r} was not painted: {self._painted[-2000:]!r}")
        self._painted = b""
        return time.perf_counter() - (self.started if since is None else since)

    def drain(self, seconds: float) -> None:
        """Take in what it paints for a while."""
        end = time.perf_counter() + seconds
        while self._read(end):
            self._painted = self._painted[-65536:]

    def _read(self, end: float) -> bool:
        ready, _, _ = select.select([self.master], [], [], max(0.0, end - time.perf_counter()))
        if not ready:
            return False
        try:
            self._painted += os.read(self.master, 65536)
        except OSError:  # the other side is closed
            return False
        return True

    def press(self, keys: str) -> float:
        """Type keys; returns the moment before: whoever types may lose its core to whoever answers."""
        self._painted = b""
        moment = time.perf_counter()
        os.write(self.master, keys.encode())
        return moment

    def waited(self) -> float:
        """Return the seconds its main thread was ready to run and had no core (schedstat of proc(5)), so far."""
        return int(Path(f"/proc/{self.process.pid}/schedstat").read_text().split()[1]) / 1e9

    def peak_memory(self) -> float:
        """Return the MiB of memory it held at most (VmHWM of proc(5))."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        raise ValueError("the kernel doesn't tell")

    def close(self) -> None:
        """End it."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        os.close(self.master)


def _take_terminal() -> None:
    """Make stdin the controlling terminal: a program whose terminal goes away, with us, is then told by SIGHUP.

    Without one it would outlive a bench that was killed, and Textual reads a closed terminal in a busy loop.
    """
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
