"""Take away the lock of a state whose holder is gone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mlops_install.deployment.history import read_result
from mlops_install.deployment.layout import Deployment
from mlops_install.errors import UsageError
from mlops_install.operations.by_hand import run_terraform
from mlops_install.operations.context import Context
from mlops_install.operations.failure import last_failed_run
from mlops_install.operations.planning import refuse_while_busy

_LINE = re.compile(r"^\s*(ID|Who|Created|Operation):\s+(.+?)\s*$", re.MULTILINE)
"""Of the text that Terraform 1.11 writes about a lock it could not get (`Lock Info:`)."""


@dataclass(frozen=True, slots=True)
class StateLock:
    """A lock as Terraform told of it."""

    id: str
    told: str
    """Who holds it, since when, for what; empty when nothing is known."""


def stuck_lock(deployment: Deployment) -> StateLock:
    """Return the lock that the newest failed run met; raises UsageError when it met none."""
    run = last_failed_run(deployment)
    result = read_result(run) if run else None
    for diagnostic in result.diagnostics if result else ():
        text = str(diagnostic.get("detail") or "")
        found = dict(_LINE.findall(text)) if "Lock Info" in text else {}
        if "ID" in found:
            return StateLock(found.pop("ID"), ", ".join(f"{key.lower()} {value}" for key, value in found.items()))
    raise UsageError(
        f"no run of {deployment.name!r} failed on a lock",
        hint="Give the lock's id: `mlops-install unlock NAME --id ID`.",
    )


def unlock(context: Context, deployment: Deployment, lock: str) -> int:
    """Have Terraform take the lock away; returns its exit code.

    Raises LockedError when a run of the deployment goes on: that one holds the lock rightly.
    """
    refuse_while_busy(deployment)
    return run_terraform(context, deployment, ["force-unlock", "-force", lock])
