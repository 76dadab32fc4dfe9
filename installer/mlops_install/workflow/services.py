"""Services that don't start by themselves, without a run: start what is down, stop all."""

from __future__ import annotations

from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.marker import read_marker
from mlops_install.deployment.runs.history import refuse_while_busy
from mlops_install.errors import UsageError
from mlops_install.inspect.inspection import status
from mlops_install.targets.base import Services
from mlops_install.targets.context import Context
from mlops_install.targets.registry import target


def start_what_is_down(context: Context, deployment: Deployment) -> list[str]:
    """Start the chosen modules' services that don't answer; returns their modules, empty when all were up.

    Empty too on a target that keeps its services running itself.
    """
    if target(read_marker(deployment).target).services is None:
        return []
    down = [state.module for state in status(context, deployment) if state.state in ("down", "starting")]
    if down:
        start(context, deployment)
    return down


def start(context: Context, deployment: Deployment) -> None:
    """Start the supervisor and every installed service, and wait until they are healthy.

    Raises UsageError on a target that does that itself, LockedError while a run goes on, InstallerError naming what
    stays down.
    """
    services = _services(deployment)
    refuse_while_busy(deployment)
    services.start(deployment)


def stop(context: Context, deployment: Deployment) -> None:
    """Stop every service and the supervisor; data and configuration stay.

    Raises UsageError on a target that does that itself, LockedError while a run goes on.
    """
    services = _services(deployment)
    refuse_while_busy(deployment)
    services.stop(deployment)


def _services(deployment: Deployment) -> Services:
    name = read_marker(deployment).target
    services = target(name).services
    if services is None:
        raise UsageError(
            f"{deployment.name!r} is installed on {name}, which keeps its services running itself",
            hint="`start` and `stop` are for targets whose services don't start by themselves.",
        )
    return services
