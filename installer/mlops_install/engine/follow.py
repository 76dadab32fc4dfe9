"""Follow a run from its files: Terraform's lines and the live ones, as one row of events."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal

from mlops_install.deployment.layout import RunFolder
from mlops_install.deployment.process_mark import alive
from mlops_install.deployment.runs.history import read_record
from mlops_install.engine.cancel import IN_FLIGHT
from mlops_install.engine.events import Event, now, parse_line
from mlops_install.words.foreign import ForeignText

MAX_LINE: Final = 16 * 1024 * 1024
"""Bytes of the longest line that is read; a longer one is named, not kept."""
_CHUNK: Final = 1024 * 1024
_PAUSE: Final = 0.01
"""Seconds between looks: a file has no means to tell of new lines that works on every file system."""
_LOOK_AFTER: Final = 50
"""Quiet looks between two checks that the run's processes are there."""

Phase = Literal["plan", "apply"]
Stopped = Callable[[], bool]


def follow(
    run: RunFolder, *, phase: Phase | None = None, redactor: ForeignText | None = None, stopped: Stopped | None = None
) -> Iterator[Event]:
    """Yield the run's events as they come, from the first one on, until the phase has ended or `stopped` returns true.

    `plan` ends with the plan (or its failure), `apply` begins where the apply does and ends with result.json; None is
    all there is until nothing goes on. A run whose processes vanished ends with an installer event `phase` `lost`.
    """
    for seq, event in enumerate(_wanted(_events(run, phase, redactor, stopped), phase), start=1):
        yield replace(event, seq=seq)


def _wanted(events: Iterator[Event], phase: Phase | None) -> Iterator[Event]:
    begun = phase != "apply"
    for event in events:
        entered = event.data.get("phase") if event.source == "installer" and event.type == "phase" else None
        begun = begun or entered in ("apply", "lost")
        if phase == "plan" and entered == "apply":
            return
        if begun:
            yield event


def _events(
    run: RunFolder, phase: Phase | None, redactor: ForeignText | None, stopped: Stopped | None
) -> Iterator[Event]:
    tails = (Tail(run.events, redactor), Tail(run.live, redactor))
    watch = _Watch(run, phase)
    while True:
        # Asked before the reading: what was written before the end is read after it was seen.
        ended = watch.ended()
        batches = [tail.read() for tail in tails]
        watch.heard = any(batches)
        yield from heapq.merge(*batches, key=lambda event: event.time)
        if not any(batches):
            if ended:
                break
            if stopped is not None and stopped():
                return
            time.sleep(_PAUSE)
    yield from heapq.merge(*(tail.rest() for tail in tails), key=lambda event: event.time)
    if watch.lost:
        message = "The run's processes are gone and left no result: plan again, Terraform's state tells what was done."
        yield Event(seq=0, time=now(), source="installer", type="phase", message=message, data={"phase": "lost"})


class _Watch:
    """Whether the followed phase is over."""

    def __init__(self, run: RunFolder, phase: Phase | None) -> None:
        self._run = run
        self._phase = phase
        self._quiet = 0
        self._seen: tuple[int, int] | None = None
        self._over = False
        self.heard = True
        self.lost = False

    def ended(self) -> bool:
        """Return whether nothing more will be written; a look costs one `stat` unless run.json changed."""
        if self._over:
            return True
        self._quiet = 0 if self.heard else self._quiet + 1
        status = self._run.record.stat()
        seen = (status.st_ino, status.st_mtime_ns)
        if self._run.result.exists():
            self._over = True
        elif seen != self._seen or self._quiet % _LOOK_AFTER == 0:
            self._seen = seen
            self._over = self._look()
        return self._over

    def _look(self) -> bool:
        record = read_record(self._run)
        if self._phase == "plan" and record.state not in ("planning", "failed", "cancelled"):
            self.lost = record.state == "lost"
            return True
        if record.state in IN_FLIGHT:
            return False
        self.lost = record.state == "lost"
        # The state is recorded a moment before result.json, which says how it ended.
        return record.state in ("planned", "lost") or not alive(record.runner)


class Tail:
    """The new lines of a file that grows, as events."""

    def __init__(self, path: Path, redactor: ForeignText | None) -> None:
        self._path = path
        self._redactor = redactor
        self._offset = 0
        self._partial = bytearray()
        self._dropped = 0
        self._time = ""

    def read(self) -> list[Event]:
        """Return the events of the next whole lines, about a MiB at once; empty when there is no new one."""
        found: list[Event] = []
        try:
            with self._path.open("rb") as stream:
                stream.seek(self._offset)
                while not found and (chunk := stream.read(_CHUNK)):
                    self._offset += len(chunk)
                    *lines, last = chunk.split(b"\n")
                    for line in lines:
                        self._keep(line)
                        found += self.rest()
                    self._keep(last)
        except FileNotFoundError:
            pass
        return found

    def rest(self) -> list[Event]:
        """Return what has been read of the last line as an event."""
        line, self._partial = bytes(self._partial), bytearray()
        dropped, self._dropped = self._dropped, 0
        if dropped:
            return [self._event(f"A line of {dropped + len(line)} bytes was left out.")]
        return [self._event(line.decode(errors="replace"))] if line.strip() else []

    def _keep(self, part: bytes) -> None:
        if self._dropped or len(self._partial) + len(part) > MAX_LINE:
            self._dropped += len(self._partial) + len(part)
            self._partial.clear()
        else:
            self._partial += part

    def _event(self, line: str) -> Event:
        event = parse_line(line, seq=0, redactor=self._redactor)
        self._time = event.time or self._time or now()
        return event if event.time else replace(event, time=self._time)
