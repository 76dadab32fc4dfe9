"""A run, followed beside the event loop: events in, one picture at a time out, never more than the screen can take."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Condition
from time import monotonic
from typing import Final, Literal

from mlops_install.engine.events import Event
from mlops_install.engine.progress import QUIET, ResourceState, RunState, reduce
from mlops_install.words.terminal import plain
from mlops_install.workflow.changes import is_service, short_address
from mlops_install.workflow.rows import Row, count_word, rows_of, verb_of

LOG_LINES: Final = 20_000
"""Lines kept in memory; the run's files have all of them."""
PAUSE: Final = 1 / 10
"""Seconds between two pictures at least: more would only take time from the keys."""

_PROVISIONER: Final = "(local-exec):"
Level = Literal["info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a log."""

    text: str
    level: Level
    module: str
    """The module it belongs to; empty for none."""
    live: bool
    """Whether it comes from what runs (a service, a pod), not from Terraform."""
    short: str
    """The text without the resource it begins with, for where that is clear."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Where a run stands, with the log lines since the picture before."""

    state: RunState
    rows: tuple[Row, ...]
    resources: Mapping[str, tuple[ResourceState, ...]]
    """By module, what changes, in the order it was first heard of."""
    lines: tuple[LogLine, ...]
    begun: str
    """When the run, or its apply, began: UTC, ISO 8601; empty before the first event."""
    ended: bool
    word: str
    """What it does, as `Installing`: looked for among all resources, so not by whoever draws."""
    done_word: str
    """The same once it is done, as `Installed`."""
    count_word: str
    """What is said of a row that is done."""


def line_of(event: Event) -> LogLine | None:
    """Return what an event writes into a log; None for one that only moves rows."""
    text = plain(event.message)
    if not text.strip() or event.type in QUIET:
        return None
    return LogLine(text, _level(event), event.module, event.source == "live", _short(text, event.resource))


def _short(text: str, resource: str) -> str:
    if not resource:
        return text
    words = text.removeprefix(f"{resource}: ").removeprefix(_PROVISIONER).lstrip()
    return words if is_service(resource) else f"{short_address(resource)}: {words}"


def _level(event: Event) -> Level:
    said = event.data.get("@level") or event.data.get("level")
    if event.type == "diagnostic":
        found = event.data.get("diagnostic")
        said = found.get("severity") if isinstance(found, Mapping) else "error"
    if event.type == "apply_errored":
        said = "error"
    if said == "error":
        return "error"
    return "warning" if said in ("warn", "warning") else "info"


def under_way(picture: Picture | None) -> tuple[str, ...]:
    """Return the addresses of what is being worked on: what a run ended by force leaves half done."""
    if picture is None:
        return ()
    working = (resource for found in picture.resources.values() for resource in found if resource.status == "working")
    return tuple(plain(resource.address) for resource in working)


class Follower:
    """Folds the events of one run in a thread (`read`), and shows pictures from another (`show`)."""

    def __init__(self, events: Callable[[Callable[[], bool]], Iterable[Event]], titles: Mapping[str, str]) -> None:
        """Follow what `events` returns, which is told how to ask whether anybody still wants them."""
        self._events = events(lambda: self._stopped)
        self._titles = titles
        self._news = Condition()
        self._state = RunState()
        self._lines: deque[LogLine] = deque(maxlen=LOG_LINES)
        self._begun = ""
        self._dirty = False
        self._ended = False
        self._taken = True
        self._watched = True
        self._stopped = False
        self.broken = False
        """Whether the events ended because they can't be read: the run itself may go on."""

    def read(self) -> None:
        """Take in the events until there are no more, or nobody wants them any longer."""
        self.broken = True
        try:
            for event in self._events:
                line = line_of(event)
                with self._news:
                    if self._stopped:
                        return
                    self._state = reduce(self._state, event)
                    if not self._begun or event.data.get("phase") == "apply":
                        self._begun = event.time or self._begun
                    if line is not None:
                        self._lines.append(line)
                    if not self._dirty:
                        # Who waits for a picture is woken for its first news, not for each of thousands.
                        self._dirty = True
                        self._news.notify_all()
            self.broken = False
        finally:
            with self._news:
                self._ended = self._dirty = True
                self._news.notify_all()

    def show(self, publish: Callable[[Picture], object], wait: Callable[[float], object]) -> None:
        """Hand out pictures, the next one only when the last was taken.

        Returns after the one that says `ended`, or when nobody looks any longer.
        """
        while True:
            with self._news:
                self._news.wait_for(lambda: not self._watched or (self._dirty and self._taken))
                if not self._watched:
                    return
                state, lines, begun, ended = self._state, tuple(self._lines), self._begun, self._ended
                self._lines.clear()
                self._dirty = self._taken = False
            since = monotonic()
            publish(self._picture(state, lines, begun, ended=ended))
            if ended:
                return
            # Of ten thousand resources a picture takes its time: it may take a fifth of a core, not more.
            wait(max(PAUSE, 4 * (monotonic() - since)))

    def _picture(self, state: RunState, lines: tuple[LogLine, ...], begun: str, *, ended: bool) -> Picture:
        word, done_word = verb_of(state)
        return Picture(
            state=state,
            rows=rows_of(state, self._titles),
            resources=_by_module(state),
            lines=lines,
            begun=begun,
            ended=ended,
            word=word,
            done_word=done_word,
            count_word=count_word(state),
        )

    def taken(self) -> None:
        """Say that the last picture is on the screen."""
        with self._news:
            self._taken = True
            self._news.notify_all()

    def wait(self) -> bool:
        """Wait for the last event; returns whether the run has ended, as far as its files can be read."""
        with self._news:
            self._news.wait_for(lambda: self._ended or self._stopped)
            return self._ended and not self._stopped and not self.broken

    def look_away(self) -> None:
        """Hand out no more pictures; the events are still read, to notice the end."""
        with self._news:
            self._watched = False
            self._news.notify_all()

    def stop(self) -> None:
        """End both threads: another one follows, or nobody does."""
        with self._news:
            self._watched, self._stopped = False, True
            self._news.notify_all()


def _by_module(state: RunState) -> dict[str, tuple[ResourceState, ...]]:
    groups: dict[str, list[ResourceState]] = {}
    for resource in state.resources.values():
        if resource.status != "unchanged" and resource.action not in ("no-op", "read"):
            groups.setdefault(resource.module, []).append(resource)
    return {module: tuple(found) for module, found in groups.items()}
