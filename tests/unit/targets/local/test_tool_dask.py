"""What Dask's tool renders and starts."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from mlops_install.catalogue.model import Value
from mlops_install.environment.lockfile import ENVIRONMENT, shipped
from mlops_install.targets.local.tool import ToolContext
from mlops_install.targets.local.tools.dask import TOOL

ADDRESSES = {"MLFLOW_TRACKING_URI": "http://127.0.0.1:5000", "SELDON_URL": "http://127.0.0.1:8080"}


def context(folder: Path, workers: int = 2) -> ToolContext:
    settings: dict[str, Value] = {
        "scheduler_port": 8786,
        "dashboard_port": 8787,
        "workers": workers,
        "worker_memory": "1GiB",
    }
    settings |= {"environment": ADDRESSES}
    return ToolContext("dask", folder / "dask", folder, settings, secrets={}, root=False)


def test_rendering_twice_gives_the_same_text_and_writes_nothing(tmp_path: Path) -> None:
    assert TOOL.render(context(tmp_path)) == TOOL.render(context(tmp_path))
    assert list(tmp_path.iterdir()) == []
    for text in TOOL.render(context(tmp_path)).values():
        ast.parse(text)


def test_scheduler_and_dashboard_listen_on_loopback(tmp_path: Path) -> None:
    scheduler, workers = TOOL.programs(context(tmp_path))
    assert scheduler.ports == (8786, 8787)
    assert scheduler.argv[scheduler.argv.index("--host") + 1] == "127.0.0.1"
    assert scheduler.argv[scheduler.argv.index("--dashboard-address") + 1] == "127.0.0.1:8787"
    assert workers.after == scheduler.name


def test_healthy_means_that_all_workers_are_there(tmp_path: Path) -> None:
    _, workers = TOOL.programs(context(tmp_path, workers=3))
    assert workers.argv[workers.argv.index("--workers") + 1] == "3"
    assert workers.health is not None
    expect = re.compile(workers.health.expect, re.DOTALL)
    assert expect.fullmatch('{"bytes": 0, "workers": 3, "idle": 0}')
    assert expect.fullmatch('{"workers": 3}')
    for other in ('{"workers": 2, "idle": 3}', '{"workers": 30}', "ok"):
        assert not expect.fullmatch(other)


def test_tasks_run_in_the_teams_environment_and_find_the_other_tools(tmp_path: Path) -> None:
    assert TOOL.environments({}) == ()
    team = tmp_path / "environment" / "environment" / "bin"
    for program in TOOL.programs(context(tmp_path)):
        assert program.argv[0] == str(team / "python")
        assert program.environment["PATH"].startswith(f"{team}:")
        assert program.environment["MLFLOW_TRACKING_URI"] == "http://127.0.0.1:5000"
        assert program.environment["SELDON_MODELS_DIRECTORY"] == str(tmp_path / "seldon/data/models")


def test_the_version_is_the_locked_one() -> None:
    assert {entry.name: entry.version for entry in shipped(ENVIRONMENT)}["dask"] == TOOL.version
