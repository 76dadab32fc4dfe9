"""Dask 2026.8.0: a scheduler with its dashboard, and workers of one thread each under their nannies.

Both run in the team's environment, so that what imports in a cell imports in a task. Whoever reaches the scheduler's
port runs code as the installing user; loopback only, the workers' dashboards too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from mlops_install.catalogue.model import Value
from mlops_install.targets.local.tool import EnvironmentSpec, Health, Program, ToolContext
from mlops_install.targets.local.tools._team import team_environment

_PROGRAMS = Path(__file__).resolve().parent / "programs"
_WORKERS = "dask_workers.py"


class DaskTool:
    """Scheduler and workers.

    Settings: `scheduler_port` and `dashboard_port` (TCP ports), `workers` (how many), `worker_memory` (of one worker,
    as Dask reads it: `1GiB`), `environment` (the variables by which tasks find the other tools), `environment_key`
    (unused here: another team environment re-creates the service).
    """

    name = "dask"
    title = "Dask"
    version = "2026.8.0"
    secret_names: Sequence[str] = ()

    def environments(self, settings: Mapping[str, Value]) -> tuple[EnvironmentSpec, ...]:
        return ()

    def render(self, context: ToolContext) -> Mapping[Path, str]:
        return {context.config / _WORKERS: (_PROGRAMS / _WORKERS).read_text(encoding="utf-8")}

    def programs(self, context: ToolContext) -> tuple[Program, ...]:
        return (_scheduler(context), _workers(context))


def _scheduler(context: ToolContext) -> Program:
    port, dashboard = int(context.settings["scheduler_port"]), int(context.settings["dashboard_port"])
    return Program(
        name="dask-scheduler",
        argv=(
            context.team_python(),
            "-m",
            "distributed.cli.dask_scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--dashboard-address",
            f"127.0.0.1:{dashboard}",
        ),
        environment=team_environment(context),
        ports=(port, dashboard),
        health=Health(f"http://127.0.0.1:{dashboard}/health", r"ok\s*"),
    )


def _workers(context: ToolContext) -> Program:
    port, dashboard = int(context.settings["scheduler_port"]), int(context.settings["dashboard_port"])
    count = int(context.settings["workers"])
    return Program(
        name="dask-workers",
        argv=(
            context.team_python(),
            str(context.config / _WORKERS),
            f"tcp://127.0.0.1:{port}",
            "--workers",
            str(count),
            "--memory",
            str(context.settings["worker_memory"]),
            "--directory",
            str(context.data / "scratch"),
        ),
        environment=team_environment(context),
        # The scheduler's own count: healthy means that all of them are there.
        health=Health(f"http://127.0.0.1:{dashboard}/json/counts.json", rf'.*"workers"\s*:\s*{count}\s*[,}}].*'),
        # At once, both would compile the same modules at the same time: 1 s more of processor time.
        after="dask-scheduler",
    )


TOOL = DaskTool()
