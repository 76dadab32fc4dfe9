"""What an interrupt between two steps leaves going on, and how to see it."""

from __future__ import annotations

from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.runs.history import in_flight, read_record
from mlops_install.errors import CancelledError


class DetachedError(CancelledError):
    """The operator left; the run goes on."""


def detached(deployment: Deployment, run: RunFolder) -> DetachedError:
    """Return the error of who leaves a run that goes on."""
    return DetachedError(f"Run {run.id} goes on without you.", hint=f"`{deployment.command('attach')}` shows it again.")


def interrupted(deployment: Deployment, run: RunFolder | None) -> CancelledError:
    """Return the error of an interrupt: it says what goes on, what is kept, or that nothing does.

    `run` is the one that was begun or taken up; None before there was one.
    """
    going_on = in_flight(deployment)
    if going_on is not None:
        return detached(deployment, going_on)
    state = read_record(run).state if run is not None and run.record.is_file() else None
    if run is not None and state == "planned":
        kept = f"The plan of run {run.id} is kept: `{deployment.command('apply')}` asks again."
        return CancelledError("Interrupted; nothing was changed.", hint=kept)
    if run is not None and state == "done":
        hint = f"`{deployment.command('status')}` shows what is installed."
        return CancelledError(f"Interrupted after run {run.id} was done; what it changed stays.", hint=hint)
    return CancelledError("Interrupted; nothing is going on.")
