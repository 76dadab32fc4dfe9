"""The local target's services without a run: start what is down, stop all (after a reboot, before one)."""

from __future__ import annotations

from mlops_install.deployment.history import refuse_while_busy
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.marker import read_marker
from mlops_install.errors import UsageError
from mlops_install.inspect.inspection import status
from mlops_install.targets.context import Context


def start_what_is_down(context: Context, deployment: Deployment) -> list[str]:
    """Start the chosen modules' services that don't answer; returns their modules, empty when all were up."""
    down = [state.module for state in status(context, deployment) if state.state in ("down", "starting")]
    if down:
        start(context, deployment)
    return down


def start(context: Context, deployment: Deployment) -> None:
    """Start the supervisor and every installed service, and wait until they are healthy.

    Raises UsageError on another target, LockedError while a run goes on, InstallerError naming what stays down.
    """
    _require_local(deployment)
    refuse_while_busy(deployment)
    from mlops_install.targets.local import control

    control.start(deployment)


def stop(context: Context, deployment: Deployment) -> None:
    """Stop every service and the supervisor; data and configuration stay.

    Raises UsageError on another target, LockedError while a run goes on.
    """
    _require_local(deployment)
    refuse_while_busy(deployment)
    from mlops_install.targets.local import control

    control.stop(deployment)


def _require_local(deployment: Deployment) -> None:
    target = read_marker(deployment).target
    if target != "local":
        raise UsageError(
            f"{deployment.name!r} is installed on {target}, which keeps its services running itself",
            hint="`start` and `stop` are for the target `local`.",
        )
