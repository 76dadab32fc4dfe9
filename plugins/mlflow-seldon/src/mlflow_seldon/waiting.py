"""How long to wait: for as long as something moves."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from mlflow_seldon.words import refused

PAUSE = 0.25
"""Seconds between two looks."""


class Patience:
    """Counts the seconds since anything moved.

    `still` seconds without a change are too long; `limit` seconds in all, if given. `clock` gives seconds.
    """

    def __init__(self, still: float, limit: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._still, self._limit, self._clock = still, limit, clock
        self._began = self._moved = clock()
        self._seen: Any = None

    def look(self, state: Any) -> str | None:
        """Take note of what is seen now; return why to give up, if it is time to."""
        now = self._clock()
        if state != self._seen:
            self._seen, self._moved = state, now
        if self._limit is not None and now - self._began > self._limit:
            return f"the limit of {self._limit:g} seconds is over"
        if now - self._moved > self._still:
            return f"nothing moved for {self._still:g} seconds"
        return None


def patience(config: Mapping[str, Any], still: float) -> Patience:
    """Return the patience that a deployment's config asks for; `still`: seconds without a change, if it doesn't say."""
    return Patience(_seconds(config, "patience", still) or 0.0, _seconds(config, "timeout", None))


def _seconds(config: Mapping[str, Any], key: str, default: float | None) -> float | None:
    value = config.get(key)
    if value is None or value == "":
        return default
    try:
        return float(value)
    except (TypeError, ValueError):
        raise refused(f"{key} is {value!r}.", "It is a number of seconds.") from None
