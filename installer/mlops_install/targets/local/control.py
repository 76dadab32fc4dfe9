"""Start and stop all services of a deployment, and end or delete what is left of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from mlops_install.deployment.layout import Deployment
from mlops_install.errors import InstallerError, Problem
from mlops_install.targets.local.locking import locked
from mlops_install.targets.local.programs import ProgramRecord, installed, read_records
from mlops_install.targets.local.service import bring_up
from mlops_install.targets.local.starting import check_ports_free
from mlops_install.targets.local.status import inspect, inspect_tool
from mlops_install.targets.local.supervision import Supervisor
from mlops_install.targets.local.sweep import end_everything, end_marked

REMADE = ("environment", "config", "tmp")
"""Folders of a tool that the next installation makes again."""


def _silent(line: str) -> None:
    return None


def start(deployment: Deployment, say: Callable[[str, str], None] | None = None) -> None:
    """Start every installed tool that isn't healthy and return when all are; nothing is installed or configured anew.

    `say` gets (tool, line). Raises InstallerError with one problem for each tool that did not come up.
    """
    supervisor = Supervisor(deployment)
    down = {status.tool for status in inspect(deployment) if status.state != "healthy"}
    tools = {tool: records for tool, records in installed(deployment.services).items() if tool in down}
    if not tools:
        return
    with ThreadPoolExecutor(max_workers=len(tools)) as pool:
        results = list(pool.map(lambda tool: _start_tool(supervisor, tool, tools[tool], say), tools))
    problems = [problem for problem in results if problem is not None]
    if problems:
        names = ", ".join(problem.subject for problem in problems)
        raise InstallerError(f"Not running: {names}.", hint="What did start stays.", problems=problems)


def _start_tool(
    supervisor: Supervisor, tool: str, records: tuple[ProgramRecord, ...], say: Callable[[str, str], None] | None
) -> Problem | None:
    try:
        with locked(supervisor.services / tool / "lock"):
            # Whoever held the lock may have removed it or brought it up.
            gone = read_records(supervisor.services / tool) is None
            if gone or inspect_tool(supervisor, tool, records).state == "healthy":
                return None
            names = [record.name for record in records]
            supervisor.stop_programs(names)
            end_marked(supervisor.services / tool)
            supervisor.temporary(tool)
            check_ports_free(records)
            bring_up(supervisor, tool, records, (lambda line: say(tool, line)) if say else _silent)
    except InstallerError as error:
        return Problem(subject=tool, message=error.message, hint=error.hint)
    return None


def stop(deployment: Deployment) -> None:
    """Stop all services and supervisord; `start` brings them back. Idempotent."""
    Supervisor(deployment).shutdown()
    end_everything(deployment.services)


def end_all(deployment: Deployment) -> None:
    """End whatever lives under services/ and forget the programs; environments and data stay. Idempotent."""
    if not deployment.services.is_dir():
        return
    supervisor = Supervisor(deployment)
    supervisor.shutdown()
    end_everything(deployment.services)
    short = supervisor.short_folder()
    if short is not None:
        shutil.rmtree(short, ignore_errors=True)
    for path in (*supervisor.programs.glob("*.conf"), *deployment.services.glob("*/programs.json")):
        path.unlink(missing_ok=True)


def remove_environments(deployment: Deployment) -> None:
    """Delete what an installation makes again: environments, configuration, scratch; data, homes and logs stay."""
    for tool in deployment.services.glob("*/"):
        for name in REMADE:
            shutil.rmtree(tool / name, ignore_errors=True)


def purge(deployment: Deployment) -> None:
    """End all services and delete their folders: environments, configuration, data and logs."""
    end_all(deployment)
    if deployment.services.is_dir():
        shutil.rmtree(deployment.services)
