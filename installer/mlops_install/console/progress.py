"""How a run is shown while it goes on: one interface, three renderings."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from mlops_install.engine.events import Event
from mlops_install.engine.progress import RunState

if TYPE_CHECKING:
    from rich.console import Console


class RunProgress(ABC):
    """Shows a run from its first event to its last; enter it before the first `update`."""

    def __enter__(self) -> Self:
        return self

    @abstractmethod
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the showing; what is left on the screen is final."""

    @abstractmethod
    def update(self, event: Event, state: RunState) -> None:
        """Show one event and the state after it."""

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave the terminal alone for the length of a question."""
        yield


def utc_now() -> datetime:
    """Return the present, in UTC."""
    return datetime.now(UTC)


def open_progress(
    *,
    output: str,
    live: bool,
    stdout: TextIO,
    stderr: TextIO,
    console: Console | None,
    titles: Mapping[str, str],
    expected: Mapping[str, float],
) -> RunProgress:
    """Return the rendering that fits: NDJSON on stdout for `json`, a live view on a terminal, else lines on stderr.

    `live` comes from `output.is_live`; `console` writes to stderr and is needed for the live view alone.
    `expected`: seconds by module id from earlier runs.
    """
    if output == "json":
        from mlops_install.console.ndjson import NdjsonProgress

        return NdjsonProgress(stdout)
    if live and console is not None:
        from mlops_install.console.live import LiveProgress

        return LiveProgress(console, titles, expected)
    from mlops_install.console.lines import LineProgress

    return LineProgress(stderr, titles)
