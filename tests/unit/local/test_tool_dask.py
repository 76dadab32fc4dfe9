"""What Dask's tool renders and starts, and that its lock agrees with the notebooks'."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from mlops_install.local.digests import LOCKS
from mlops_install.local.tool import ToolContext
from mlops_install.local.tools.dask import TOOL

COMPARED = ("dask", "distributed", "cloudpickle", "lz4", "msgpack", "numpy", "pandas", "toolz", "tornado")
"""What Dask's client compares with the workers (distributed.versions, 2026.8.0), and lz4."""


def context(folder: Path, workers: int = 2) -> ToolContext:
    settings = {"scheduler_port": 8786, "dashboard_port": 8787, "workers": workers, "worker_memory": "1GiB"}
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


def test_workers_have_the_versions_that_notebooks_have() -> None:
    workers, notebooks = (_pins(LOCKS / name) for name in ("dask.txt", "notebook.txt"))
    assert {name: workers[name] for name in COMPARED} == {name: notebooks[name] for name in COMPARED}
    assert workers["dask"] == TOOL.version


def _pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock.read_text(), re.MULTILINE))
