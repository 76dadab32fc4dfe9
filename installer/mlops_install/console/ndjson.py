"""A run as NDJSON: one event an object a line, then one `result` (schemas/run.schema.json)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from types import TracebackType
from typing import TextIO

from mlops_install.catalogue.model import Value
from mlops_install.console.documents import event_line, result_line
from mlops_install.console.progress import RunProgress, utc_now
from mlops_install.engine.events import Event
from mlops_install.engine.progress import RunState


class NdjsonProgress(RunProgress):
    """Writes every event as it comes, each line flushed; `result` must be the last call."""

    def __init__(self, stream: TextIO, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._stream = stream
        self._clock = clock
        self._seq = -1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to end: every line is written whole."""

    def update(self, event: Event, state: RunState) -> None:
        """Write one event; `seq` goes on rising when a second phase of the run is followed."""
        self._seq = max(self._seq + 1, event.seq)
        self._write(event_line(event, seq=self._seq))

    def result(self, data: Mapping[str, Value], *, message: str = "") -> None:
        """Write the final object; `data` as `documents.result_data` makes it."""
        self._seq += 1
        time = self._clock().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self._write(result_line(data, seq=self._seq, time=time, message=message))

    def _write(self, document: Mapping[str, Value]) -> None:
        self._stream.write(json.dumps(document, separators=(",", ":")) + "\n")
        self._stream.flush()
