"""The program in a real terminal: tmux draws, keys are typed, the screen is read."""

from __future__ import annotations

import re
import shlex
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Terminal:
    """One tmux server with one pane, in surroundings of its own."""

    socket: Path

    def _tmux(self, *arguments: str) -> str:
        command = ["tmux", "-S", str(self.socket), "-f", "/dev/null", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names (`Enter`, `F3`, `C-c`, `Space`)."""
        self._tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type a text as it is."""
        self._tmux("send-keys", "-l", text)

    def resize(self, width: int, height: int) -> None:
        """Give the terminal another size."""
        self._tmux("resize-window", "-x", str(width), "-y", str(height))

    def screen(self) -> str:
        """Return what stands on the screen now."""
        return self._tmux("capture-pane", "-p")

    def everything(self) -> str:
        """Return the screen and all that scrolled off it, wrapped lines joined."""
        return self._tmux("capture-pane", "-p", "-J", "-S", "-")

    def wait_for(self, *texts: str, timeout: float = 60) -> str:
        """Return the screen once one of the texts stands on it; fails with the screen when none comes."""
        end = time.monotonic() + timeout
        while True:
            shown = self.screen()
            if any(text in shown for text in texts):
                return shown
            if time.monotonic() > end:
                raise AssertionError(f"none of {texts} within {timeout} s:\n{shown}")
            time.sleep(0.05)

    def wait_match(self, pattern: str, timeout: float = 60) -> str:
        """Return the screen once a regular expression fits a part of it; fails with the screen when it never does."""
        end = time.monotonic() + timeout
        while not re.search(pattern, shown := self.screen()):
            if time.monotonic() > end:
                raise AssertionError(f"nothing like {pattern!r} within {timeout} s:\n{shown}")
            time.sleep(0.05)
        return shown

    def kill(self) -> None:
        """Close the terminal as a lost connection does: everything in it gets SIGHUP."""
        subprocess.run(["tmux", "-S", str(self.socket), "kill-server"], check=False, capture_output=True)


@contextmanager
def terminal(
    argv: list[str], *, folder: Path, environment: Mapping[str, str], size: tuple[int, int] = (80, 24)
) -> Iterator[Terminal]:
    """Start a command in a terminal of `size` columns and lines; what it exited with is said under its output."""
    command = f"{shlex.join(argv)}; echo exited with $?; exec sleep 600"
    own = Terminal(folder / "t")
    pane = {k: v for k, v in environment.items() if k != "TERM"}
    line = ["env", "-i", *(f"{k}={v}" for k, v in pane.items()), "TERM=screen-256color", "sh", "-c", command]
    start = [
        "tmux",
        "-S",
        str(own.socket),
        "-f",
        "/dev/null",
        "new-session",
        "-d",
        "-x",
        str(size[0]),
        "-y",
        str(size[1]),
    ]
    subprocess.run([*start, "-c", str(folder), shlex.join(line)], check=True, env={"PATH": environment["PATH"]})
    try:
        yield own
    finally:
        own.kill()
