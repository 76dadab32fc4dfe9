"""What every check script shares: its payload, named steps, and the one line it answers with.

Runs in the notebook environment: the standard library only.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, TextIO

SHORT = 400
"""Characters of an exception's text that go into a step's detail."""
SCRATCH: list[str] = []
"""Folders that `main` removes at its end."""


class CheckError(Exception):
    """What a client met is not what it should be; the message says both."""


@dataclass(slots=True)
class Note:
    """What a step found out, shown beside its name."""

    detail: str = ""


@dataclass(slots=True)
class Steps:
    """The steps so far; each is announced when it begins, so that a script that hangs shows where."""

    answer: TextIO
    done: list[dict[str, Any]] = field(default_factory=list)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[Note]:
        """Run one step; an exception marks it failed and goes on."""
        self._say({"step": name})
        note, started = Note(), time.monotonic()
        try:
            yield note
        except BaseException as error:  # SystemExit too: the caller's time limit ends a step this way
            self._end(name, ok=False, detail=describe(error), started=started)
            raise
        self._end(name, ok=True, detail=note.detail, started=started)

    def hold(self) -> dict[str, Any]:
        """Tell the caller that what it waits for is there, and wait for its word: what it adds to the payload."""
        self._say({"held": True})
        told = json.loads(sys.stdin.readline())
        return dict(told)

    def finish(self, message: str) -> None:
        """Write the result; empty message: nothing went wrong."""
        failed = bool(message) or not all(step["ok"] for step in self.done)
        self._say({"ok": not failed, "steps": self.done, "message": message})

    def _end(self, name: str, *, ok: bool, detail: str, started: float) -> None:
        seconds = round(time.monotonic() - started, 2)
        self.done.append({"name": name, "ok": ok, "detail": detail, "seconds": seconds})

    def _say(self, value: Mapping[str, Any]) -> None:
        self.answer.write(json.dumps(value) + "\n")
        self.answer.flush()


def describe(error: BaseException) -> str:
    """Return an exception as one short line."""
    text = " ".join(str(error).split())
    named = text if isinstance(error, CheckError) else f"{type(error).__name__}: {text}".rstrip(": ")
    return named if len(named) <= SHORT else named[: SHORT - 1] + "…"


def address(payload: Mapping[str, Any], module: str, variable: str = "") -> str:
    """Return a service's address as a notebook finds it (environment variable), else the deployment's own.

    Raises CheckError when there is neither.
    """
    found = os.environ.get(variable) or str(payload.get("addresses", {}).get(module, ""))
    if not found:
        known = f"neither {variable} nor the deployment's outputs name" if variable else "the outputs don't name"
        raise CheckError(f"no address: {known} one")
    if variable:
        os.environ[variable] = found
    return found


def _stop(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)
    raise SystemExit("ended by its time limit")


def main(check: Callable[[Mapping[str, Any], Steps], None]) -> None:
    """Run a check: payload (one JSON object) from stdin, progress and result as JSON lines on stdout.

    Everything that libraries print goes to stderr. SIGTERM ends the step in hand and lets the check clean up.
    """
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    signal.signal(signal.SIGTERM, _stop)
    steps = Steps(answer)
    message = ""
    try:
        check(json.load(sys.stdin), steps)
    except (Exception, SystemExit) as error:  # whatever a client raises is the finding of the check
        failed = next((step["name"] for step in steps.done if not step["ok"]), "")
        message = f"{failed}: {describe(error)}" if failed else describe(error)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # Before the result: the caller may be gone as soon as it has it.
    for folder in SCRATCH:
        shutil.rmtree(folder, ignore_errors=True)
    steps.finish(message)
    answer.close()
    # Clients leave threads behind (Dask, Prefect) whose end takes seconds and means nothing here.
    os._exit(0)
