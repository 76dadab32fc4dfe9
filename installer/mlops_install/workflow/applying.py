"""Approve a plan and apply exactly that one; follow, cancel and read the result of a run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import FileIO
from typing import Literal

from mlops_install.deployment.approve import approve
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.marker import read_marker
from mlops_install.deployment.runs.history import (
    list_runs,
    newest_planned,
    read_record,
    read_result,
    update_record,
    write_result,
)
from mlops_install.deployment.runs.record import Result
from mlops_install.deployment.secrets import secret_filter
from mlops_install.deployment.writing import writing
from mlops_install.engine import cancel as engine_cancel
from mlops_install.engine.events import Event
from mlops_install.engine.follow import follow
from mlops_install.engine.launch import detach, launch
from mlops_install.errors import UsageError
from mlops_install.targets.context import Context
from mlops_install.targets.registry import target
from mlops_install.workflow.planning import without_secrets


def start_apply(context: Context, deployment: Deployment, run: RunFolder) -> None:
    """Start a detached process that approves the run's plan and applies it, and a second one that keeps live evidence.

    Returns once the plan is approved, or the run has ended short of that; nothing is approved before the run holds the
    deployment's lock. Raises UsageError when the run has no plan, LockedError when another run goes on.
    """
    with _approval() as (approved, ready), writing(deployment, owner=f"run {run.id} is being started") as lock:
        _refuse_unplanned(deployment, run)
        environment = without_secrets(context.environment, deployment)
        launch(run, "apply", environment=environment, lock=lock, ready=ready.fileno())
        ready.close()
        log = run.path / "watch.log"
        watcher = target(read_marker(deployment).target).operation.watcher(context, deployment, run)
        if watcher is not None:
            detach(watcher.module, list(watcher.arguments), environment=environment, log=log)
        approved.read(1)


def settle_empty(deployment: Deployment, run: RunFolder) -> None:
    """Approve a plan that changes nothing: its answers become the deployment's, nothing is applied.

    Raises UsageError when the run has no plan, LockedError when another run goes on.
    """
    with writing(deployment, owner=f"run {run.id} is being approved"):
        _refuse_unplanned(deployment, run)
        approve(deployment, run)
        run.plan.unlink(missing_ok=True)
        record = update_record(run, state="done")
        now = datetime.now(UTC).isoformat(timespec="seconds")
        write_result(run, Result(0, "done", "plan", started=record.created, finished=now, seconds=0.0))


@contextmanager
def _approval() -> Iterator[tuple[FileIO, FileIO]]:
    """Yield both ends of a pipe: reading waits until the runner, which gets the other end, says that it approved."""
    reader, writer = os.pipe()
    with FileIO(reader, "r") as approved, FileIO(writer, "w") as ready:
        yield approved, ready


def _refuse_unplanned(deployment: Deployment, run: RunFolder) -> None:
    record = read_record(run)
    if record.state != "planned":
        raise UsageError(
            f"run {run.id} is {record.state}, not planned", hint=f"Make a new plan: `{deployment.command('plan')}`."
        )


def plan_to_apply(deployment: Deployment) -> RunFolder | None:
    """Return the newest plan that is neither applied nor stale; None when there is none."""
    return newest_planned(deployment)


def events(
    deployment: Deployment,
    run: RunFolder,
    phase: Literal["plan", "apply"] | None,
    *,
    stopped: Callable[[], bool] | None = None,
) -> Iterator[Event]:
    """Follow a phase of the run from its first event, or with None the whole run; secrets are redacted.

    Ends with the phase, or once `stopped` returns true: whoever looked has gone.
    """
    return follow(run, phase=phase, redactor=secret_filter(deployment), stopped=stopped)


def apply_failure(run: RunFolder) -> str | None:
    """Return the state in which the apply ended short of its end (`failed`, `cancelled`, `lost`); None when done."""
    state = read_record(run).state
    return None if state == "done" else state


def is_stale(run: RunFolder) -> bool:
    """Return whether the run was refused because its plan no longer fits the state or the secrets."""
    result = read_result(run)
    return result is not None and any(diagnostic.get("code") == "stale" for diagnostic in result.diagnostics)


def latest_run(deployment: Deployment) -> RunFolder:
    """Return the newest run; raises UsageError when there is none."""
    runs = list_runs(deployment)
    if not runs:
        raise UsageError(
            f"the deployment {deployment.name!r} has no run yet", hint=f"Start with `{deployment.command('plan')}`."
        )
    return runs[-1]


def cancel(run: RunFolder) -> bool:
    """Ask the run to end gracefully, once; returns False when it had ended already."""
    return engine_cancel.cancel(run)


def force_cancel(run: RunFolder) -> bool:
    """End the run at once: what it works on now is orphaned; returns False when it had ended already."""
    return engine_cancel.force(run)
