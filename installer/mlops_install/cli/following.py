"""Follow a run on the screen: events in, progress out, ^C in between."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from mlops_install.engine.events import Event
from mlops_install.engine.progress import RunState, reduce
from mlops_install.workflow import applying
from mlops_install.workflow.interrupted import detached

if TYPE_CHECKING:
    from mlops_install.cli.reporting import RunReport
    from mlops_install.deployment.layout import RunFolder

_WAIT = 0.5
"""Seconds one wait for an event lasts at most, so that ^C is seen soon wherever waits can't be interrupted."""


def follow_run(report: RunReport, run: RunFolder, phase: Literal["plan", "apply"] | None) -> RunState:
    """Show a phase of the run (None: the whole run) to its end and return its final state.

    ^C asks an operator to detach, cancel or stay; without one it cancels once, gracefully, and a second ^C detaches.
    Raises DetachedError when the operator leaves.
    """
    state = report.state
    events = _in_background(applying.events(report.deployment, run, phase))
    cancelled = False
    while True:
        try:
            event = events.get(timeout=_WAIT)
            if event is None:
                return state
            if isinstance(event, BaseException):
                raise event
            state = reduce(state, event)
            report.progress.update(event, state)
        except queue.Empty:
            continue
        except KeyboardInterrupt:
            cancelled = _interrupted(report, run, cancelled=cancelled)


def _in_background(events: Iterator[Event]) -> queue.Queue[Event | BaseException | None]:
    """Read the events in a thread, so that ^C reaches the waiting main thread and breaks no read."""
    out: queue.Queue[Event | BaseException | None] = queue.Queue()

    def read() -> None:
        try:
            for event in events:
                out.put(event)
        except BaseException as error:  # handed to the waiting thread, which raises it
            out.put(error)
        else:
            out.put(None)

    threading.Thread(target=read, name="follow", daemon=True).start()
    return out


def _interrupted(report: RunReport, run: RunFolder, *, cancelled: bool) -> bool:
    choice = "detach" if cancelled else "cancel"
    if report.session.interactive:
        from mlops_install.prompts.confirmation import interrupt_choice
        from mlops_install.prompts.session import questions_on

        with questions_on(sys.stderr), report.progress.paused():
            choice = interrupt_choice(report.deployment.command("attach"))
    if choice == "detach":
        raise detached(report.deployment, run)
    if choice == "cancel" and not cancelled:
        applying.cancel(run)
        report.say("Cancelling: Terraform ends what it works on now, and starts nothing more.")
        return True
    return cancelled
