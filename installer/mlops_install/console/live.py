"""A run in a terminal: a row a module, redrawn in place a few times a second."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live

from mlops_install.console.live_view import Frame, render, summary_line
from mlops_install.console.progress import RunProgress, utc_now
from mlops_install.engine.events import Event
from mlops_install.engine.progress import RunState
from mlops_install.words.terminal import plain
from mlops_install.workflow.rows import rows_of, share_done
from mlops_install.workflow.stopwatch import Stopwatch

_REFRESHES = 5
"""Redraws a second: the spinner moves, the seconds tick, nothing flickers."""
_KEPT_LINES = 12
_TERRAFORM_NOISE = ("phase:", "Executing:", "Still creating", "Still destroying")


class LiveProgress(RunProgress):
    """Redraws the whole run in place, ticks the seconds itself, and leaves a final table behind."""

    def __init__(
        self,
        console: Console,
        titles: Mapping[str, str],
        expected: Mapping[str, float],
        *,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """`titles`: by module id; `expected`: seconds by module id."""
        self._console, self._titles, self._expected, self._clock = console, titles, expected, clock
        self._state = RunState()
        self._watch = Stopwatch()
        self._log: deque[tuple[str, str]] = deque(maxlen=_KEPT_LINES)
        self._furthest = 0.0
        self._final = False
        self._lock = threading.RLock()
        self._live: Live | None = None

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._final = True
        self._stop(keep=True)

    def update(self, event: Event, state: RunState) -> None:
        """Take the event in; the next redraw shows it."""
        with self._lock:
            self._watch.see(event, state)
            self._state = state
            line = log_line(event)
            if line:
                self._log.append((event.module, line))

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Take the view off the screen, leaving one line that says where things stand."""
        self._stop(keep=False)
        self._console.print(summary_line(self.frame()))
        try:
            yield
        finally:
            self._start()

    def frame(self) -> Frame:
        """Return everything the view shows now."""
        with self._lock:
            now = self._clock()
            rows = rows_of(self._state, self._titles)
            self._furthest = max(self._furthest, share_done(rows, self._expected, now))
            ended = self._state.stage in {"planned", "done", "failed", "cancelled"}
            return Frame(
                state=self._state,
                rows=rows,
                titles=self._titles,
                expected=self._expected,
                now=now,
                total=self._watch.total(None if ended else now),
                share=self._furthest,
                log=tuple(self._log),
                final=self._final,
            )

    def _start(self) -> None:
        self._live = Live(
            console=self._console,
            get_renderable=lambda: render(self.frame(), self._console.size),
            refresh_per_second=_REFRESHES,
            vertical_overflow="crop",
        )
        self._live.start(refresh=True)

    def _stop(self, *, keep: bool) -> None:
        if self._live is not None:
            self._live.transient = not keep
            self._live.stop()
            self._live = None


def log_line(event: Event) -> str:
    """Return the line worth showing as the last thing said, or nothing.

    Phases stand in the rows already and Terraform's own ticking says nothing new.
    """
    if event.source != "live" and event.type not in {"log", "provision_progress"}:
        return ""
    line = plain(event.message.strip().rsplit("\n", 1)[-1])
    line = line.partition("(local-exec): ")[2] or line
    return "" if line.startswith(_TERRAFORM_NOISE) else line
