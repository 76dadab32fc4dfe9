"""What Prefect's tool renders and starts."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from mlops_install.environment.lockfile import LOCKS
from mlops_install.targets.local.tool import ToolContext
from mlops_install.targets.local.tools.prefect import TOOL


def context(folder: Path) -> ToolContext:
    settings = {"port": 4200, "worker_health_port": 4201, "work_pool": "local-pool"}
    return ToolContext("prefect", folder / "prefect", folder, settings, secrets={}, root=False)


def test_rendering_twice_gives_the_same_text_and_writes_nothing(tmp_path: Path) -> None:
    assert TOOL.render(context(tmp_path)) == TOOL.render(context(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_the_rendered_scripts_are_python(tmp_path: Path) -> None:
    for path, text in TOOL.render(context(tmp_path)).items():
        if path.suffix == ".py":
            ast.parse(text)


def test_the_worker_waits_for_the_server_and_serves_the_chosen_pool(tmp_path: Path) -> None:
    server, worker = TOOL.programs(context(tmp_path))
    assert worker.after == server.name
    assert worker.argv[worker.argv.index("--pool") + 1] == "local-pool"
    assert (server.ports, worker.ports) == ((4200,), (4201,))


def test_both_keep_everything_in_the_data_folder_and_talk_over_loopback(tmp_path: Path) -> None:
    rendered = context(tmp_path)
    for program in TOOL.programs(rendered):
        assert program.environment["PREFECT_HOME"] == str(rendered.data)
        assert program.environment["PREFECT_API_URL"] == "http://127.0.0.1:4200/api"
        assert program.health is not None
        assert re.fullmatch(program.health.expect, '{"message":"OK"}')
        assert not re.fullmatch(program.health.expect, '{"message":"Worker may be unresponsive at this time"}')
    server, worker = TOOL.programs(rendered)
    assert server.environment["PREFECT_SERVER_API_HOST"] == worker.environment["PREFECT_WORKER_WEBSERVER_HOST"]


def test_no_other_web_site_may_call_the_server(tmp_path: Path) -> None:
    server, _ = TOOL.programs(context(tmp_path))
    assert "*" not in server.environment["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"]


def test_the_lock_and_the_schema_are_of_the_version_shown(tmp_path: Path) -> None:
    rendered = context(tmp_path)
    (environment,) = TOOL.environments(rendered.settings)
    assert f"\nprefect=={TOOL.version} " in (LOCKS / environment.lock).read_text()
    schema = TOOL.render(rendered)[rendered.config / "prefect_schema.sql"]
    assert schema.startswith(f"-- prefect {TOOL.version}\n")
