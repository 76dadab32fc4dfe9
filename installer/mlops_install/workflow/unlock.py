"""Take away the lock of a state whose holder is gone."""

from __future__ import annotations

from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.runs.history import read_result, refuse_while_busy
from mlops_install.engine.state_lock import StateLock, lock_in
from mlops_install.errors import UsageError
from mlops_install.targets.context import Context
from mlops_install.workflow.by_hand import run_terraform
from mlops_install.workflow.failure import last_failed_run


def stuck_lock(deployment: Deployment) -> StateLock:
    """Return the lock that the newest failed run met; raises UsageError when it met none."""
    run = last_failed_run(deployment)
    result = read_result(run) if run else None
    for diagnostic in result.diagnostics if result else ():
        if lock := lock_in(str(diagnostic.get("detail") or "")):
            return lock
    raise UsageError(
        f"no run of {deployment.name!r} failed on a lock",
        hint=f"Give the lock's id: `{deployment.command('unlock', '--id', 'ID')}`.",
    )


def unlock(context: Context, deployment: Deployment, lock: str) -> int:
    """Have Terraform take the lock away; returns its exit code.

    Raises LockedError when a run of the deployment goes on: that one holds the lock rightly.
    """
    refuse_while_busy(deployment)
    return run_terraform(context, deployment, ["force-unlock", "-force", lock])
