"""A run's own clock."""

from __future__ import annotations

from datetime import datetime

from mlops_install.engine.events import Event
from mlops_install.engine.progress import RunState
from mlops_install.words.wording import instant

_BEFORE_APPLY = ("starting", "init", "plan", "planned")


class Stopwatch:
    """The run's own clock: event times where there are any, so that a replay tells the times it had."""

    def __init__(self) -> None:
        self.first: datetime | None = None
        self.applied: datetime | None = None
        """When the apply began; the whole is counted from here once it has."""
        self.last: datetime | None = None

    def see(self, event: Event, state: RunState) -> None:
        """Take one event's time into account; the clock never runs backwards."""
        time = instant(event.time)
        if time is None:
            return
        self.first = self.first or time
        if state.stage not in _BEFORE_APPLY:
            self.applied = self.applied or time
        self.last = max(self.last, time) if self.last else time

    def total(self, at: datetime | None) -> float:
        """Return the seconds from the start of the apply, or of the run before it, to `at` or the last event."""
        start, end = self.applied or self.first, at or self.last
        return max(0.0, (end - start).total_seconds()) if start and end else 0.0
