"""Prefect 3.8.8: the server with its page, and a process worker for one work pool.

The worker runs flows as the installing user, each in a process of its own, with Prefect's environment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from mlops_install.catalogue.model import Value
from mlops_install.targets.local.tool import EnvironmentSpec, Health, Program, ToolContext
from mlops_install.targets.local.tools._team import team_environment

_PROGRAMS = Path(__file__).resolve().parent / "programs"
_SERVER = "prefect_server.py"
_WORKER = "prefect_worker.py"
_FILES = (_SERVER, _WORKER, "sqlite_schema.py", "prefect_schema.sql")


class PrefectTool:
    """Server and worker.

    Settings: `port` and `worker_health_port` (TCP ports), `work_pool` (the pool's name, made where it is missing).
    """

    name = "prefect"
    title = "Prefect"
    version = "3.8.8"
    secret_names: Sequence[str] = ()

    def environments(self, settings: Mapping[str, Value]) -> tuple[EnvironmentSpec, ...]:
        return (EnvironmentSpec("environment", "prefect.txt"),)

    def render(self, context: ToolContext) -> Mapping[Path, str]:
        return {context.config / name: (_PROGRAMS / name).read_text(encoding="utf-8") for name in _FILES}

    def programs(self, context: ToolContext) -> tuple[Program, ...]:
        return (_server(context), _worker(context))


def _server(context: ToolContext) -> Program:
    port = int(context.settings["port"])
    environment = {
        **_client_environment(context),
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        # Prefect's default lets the page of any web site call this API.
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"http://127.0.0.1:{port},http://localhost:{port}",
    }
    return Program(
        name="prefect-server",
        argv=(str(context.python()), str(context.config / _SERVER), "--port", str(port)),
        environment=environment,
        ports=(port,),
        # `/api/health` is always true; this asks the database.
        health=Health(f"http://127.0.0.1:{port}/api/ready", r'\s*\{\s*"message"\s*:\s*"OK"\s*\}\s*'),
    )


def _worker(context: ToolContext) -> Program:
    port = int(context.settings["worker_health_port"])
    environment = {
        # Flow runs are the worker's children: they run in the team's environment, and find the other tools.
        **team_environment(context),
        **_client_environment(context),
        "PREFECT_WORKER_WEBSERVER_HOST": "127.0.0.1",
        "PREFECT_WORKER_WEBSERVER_PORT": str(port),
        # Prefect asks for work every 10 s; on one machine a shorter wait costs nothing.
        "PREFECT_WORKER_QUERY_SECONDS": "2",
    }
    return Program(
        name="prefect-worker",
        argv=(
            context.team_python(),
            str(context.config / _WORKER),
            "--pool",
            str(context.settings["work_pool"]),
            "--name",
            "local-worker",
        ),
        environment=environment,
        ports=(port,),
        health=Health(f"http://127.0.0.1:{port}/health", r'\s*\{\s*"message"\s*:\s*"OK"\s*\}\s*'),
        # At once, both would compile the same modules at the same time.
        after="prefect-server",
    )


def _client_environment(context: ToolContext) -> dict[str, str]:
    return {
        "PREFECT_HOME": str(context.data),
        "PREFECT_API_URL": f"http://127.0.0.1:{int(context.settings['port'])}/api",
        "DO_NOT_TRACK": "1",
    }


TOOL = PrefectTool()
