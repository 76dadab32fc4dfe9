"""What the processes that watch a run share: how long they live, and the lines of live.jsonl."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TextIO

from mlops_install.catalogue.model import Value
from mlops_install.deployment.layout import RunFolder
from mlops_install.deployment.process_mark import alive
from mlops_install.deployment.runs.history import read_record
from mlops_install.errors import InstallerError

_WELL = ("Ready", "Starting", "Terminating", "Completed")
_PATIENCE = 20.0
"""Seconds the run may take to write down its processes."""


def live_event(kind: str, module: str, message: str, data: Mapping[str, Value]) -> dict[str, Value]:
    """Return a line of live.jsonl as an object, with the present time."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"v": 1, "time": now, "source": "live", "type": kind, "module": module, "message": message, "data": data}


def in_trouble(state: str) -> bool:
    """Return whether the word in a pod's event says that it doesn't come by itself."""
    return state not in _WELL


def is_over(run: RunFolder, started: float) -> bool:
    """Return whether the run has its result, or none of its processes lives any more.

    `started` is when the watching began, by the monotonic clock.
    """
    if run.result.is_file():
        return True
    try:
        record = read_record(run)
    except (OSError, InstallerError):
        return time.monotonic() - started > _PATIENCE
    if alive(record.runner) or alive(record.terraform):
        return False
    return time.monotonic() - started > _PATIENCE or record.terraform is not None


def watch_to_the_end(run: RunFolder, turn: Callable[[], Iterable[Mapping[str, Value]]], *, pause: float) -> None:
    """Append what each turn yields to live.jsonl, `pause` seconds apart, until the run is over; then once more."""
    started = time.monotonic()
    with run.live.open("a", encoding="utf-8") as stream:
        run.live.chmod(0o600)
        over = False
        while not over:
            over = is_over(run, started)
            _append(stream, turn())
            if not over:
                time.sleep(pause)


def _append(stream: TextIO, events: Iterable[Mapping[str, Value]]) -> None:
    """Write events to live.jsonl, one a line, and let readers see them."""
    for event in events:
        stream.write(json.dumps(event, ensure_ascii=False) + "\n")
    stream.flush()
