"""A run as sober lines, for logs and for terminals that can't redraw: no colour, no carriage return."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import Self, TextIO

from mlops_install.console.progress import RunProgress, utc_now
from mlops_install.deployment.runs.watching import in_trouble
from mlops_install.engine.events import Event
from mlops_install.engine.progress import ResourceState, RunState
from mlops_install.words.terminal import plain
from mlops_install.words.wording import duration, instant, title_of
from mlops_install.workflow.changes import is_service
from mlops_install.workflow.rows import STAGES, Row, count_word, detail_of, rows_of, verb_of
from mlops_install.workflow.stopwatch import Stopwatch

HEARTBEAT = 15.0
"""Seconds of silence after which a line says what is still going on."""

_LONGEST = 300
"""Characters of what a pod says that a line shows."""
_STARTED = {
    "create": "started",
    "update": "updating",
    "replace": "installing again",
    "delete": "removing",
}


class LineProgress(RunProgress):
    """Writes `  12.3s  mlflow      starting: waiting for …`: a line for each phase, each end and each failure."""

    def __init__(
        self,
        stream: TextIO,
        titles: Mapping[str, str],
        *,
        clock: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stream, self._titles, self._clock, self._monotonic = stream, titles, clock, monotonic
        self._watch = Stopwatch()
        self._state = RunState()
        self._said: dict[str, str] = {}
        self._spoke = monotonic()
        self._lock = threading.RLock()
        self._ended = threading.Event()
        self._quiet = False
        self._ticker: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._ticker = threading.Thread(target=self._tick, name="heartbeat", daemon=True)
        self._ticker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._ticker is not None:
            self._ticker.join()

    def update(self, event: Event, state: RunState) -> None:
        """Say what is new in the state since the last event."""
        with self._lock:
            self._watch.see(event, state)
            before, self._state = self._state, state
            at = instant(event.time) or self._watch.last
            self._live(event, at)
            self._stage(before, state, at)
            for resource in state.resources.values():
                self._resource(resource, at)
            if state.cancel_requested and not before.cancel_requested:
                self._say(at, "", "cancelling: what is under way comes to its end first")
            for diagnostic in state.diagnostics[len(before.diagnostics) :]:
                text = ": ".join(filter(None, (plain(diagnostic.summary), plain(diagnostic.detail)[:400])))
                self._say(at, diagnostic.module, f"{diagnostic.severity}: {text}")
            if state.stage != before.stage and state.stage in {"done", "failed", "cancelled"}:
                self._end(state, at)

    def heartbeat(self) -> None:
        """Say what is still under way, if nothing was said for a while."""
        with self._lock:
            if self._quiet or self._monotonic() - self._spoke < HEARTBEAT:
                return
            now = self._clock()
            busy = [_busy(row, now) for row in rows_of(self._state, self._titles) if row.status == "working"]
            stage = STAGES.get(self._state.stage, "Terraform is at work")
            self._say(now, "", f"still working: {'; '.join(busy) or stage.lower()}")

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Keep the heartbeat silent for the length of a question."""
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False

    def _tick(self) -> None:
        while not self._ended.wait(1.0):
            self.heartbeat()

    def _stage(self, before: RunState, state: RunState, at: datetime | None) -> None:
        if state.stage == before.stage and self._said.get("stage"):
            return
        self._said["stage"] = state.stage
        rows = len(rows_of(state, self._titles))
        if state.stage in {"starting", "init", "plan"}:
            self._say(at, "", STAGES[state.stage].lower())
        elif state.stage == "planned":
            self._say(at, "", f"planned: {rows} to change" if rows else "planned: nothing to change")
        elif state.stage == "apply":
            self._say(at, "", f"{verb_of(state)[0].lower()} {rows}" if rows else "applying")

    def _live(self, event: Event, at: datetime | None) -> None:
        """Say what holds a release up while it does: a pod that doesn't come, its last words, its coming at last."""
        name, state = str(event.data.get("pod") or event.data.get("service") or ""), str(event.data.get("state") or "")
        if event.source != "live" or not name:
            return
        troubled = f"troubled {name}" in self._said
        news = event.type == "pod_log" or in_trouble(state) or (troubled and state == "Ready")
        if in_trouble(state):
            self._said[f"troubled {name}"] = state
        text = f"{name} {state}, as before" if event.data.get("earlier") and in_trouble(state) else ""
        text = text or plain(event.message)[:_LONGEST]
        if news and f"{name} {text}" not in self._said:
            self._said[f"{name} {text}"] = state
            self._say(at, event.module, text)

    def _resource(self, resource: ResourceState, at: datetime | None) -> None:
        text = self._news(resource)
        key = f"{resource.status} {resource.phase}"
        if text and self._said.get(resource.address) != key:
            self._said[resource.address] = key
            self._say(at, resource.module or resource.address, text)

    def _news(self, resource: ResourceState) -> str:
        if resource.status == "working":
            if resource.phase:
                detail = detail_of(resource)
                joint = " " if detail.startswith("for ") else ": "
                return joint.join(filter(None, (plain(resource.phase), detail)))
            speaks = resource.action == "create" and is_service(resource.address)
            return "" if speaks else _STARTED.get(resource.action, "")
        if resource.status in {"done", "failed"} and resource.action not in {"read", "no-op"}:
            start, end = instant(resource.started), instant(resource.finished)
            took = f" after {(end - start).total_seconds():.1f}s" if start and end else ""
            if resource.status == "failed":
                return ": ".join(filter(None, (f"failed{took}", detail_of(resource))))
            return ("removed" if resource.action == "delete" else "ready") + took
        return ""

    def _end(self, state: RunState, at: datetime | None) -> None:
        rows = rows_of(state, self._titles)
        ready = sum(row.status == "done" for row in rows)
        names = ", ".join(title_of(row.module, self._titles) for row in rows if row.status == "failed")
        count = f": {ready} of {len(rows)} {count_word(state)}" if rows else ""
        self._say(at, "", f"{state.stage}{count}" + (f", failed: {names}" if names else ""))

    def _say(self, at: datetime | None, who: str, text: str) -> None:
        self._spoke = self._monotonic()
        line = f"{self._watch.total(at):7.1f}s  {who:<11} {text}" if who else f"{self._watch.total(at):7.1f}s  {text}"
        self._stream.write(plain(line) + "\n")
        self._stream.flush()


def _busy(row: Row, now: datetime) -> str:
    elapsed = row.elapsed(now)
    since = f" for {duration(elapsed)}" if elapsed is not None else ""
    return f"{row.module or row.title} {row.word}{since}" + (f" ({row.detail})" if row.detail else "")
