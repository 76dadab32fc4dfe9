"""What Feast's tool renders and starts."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from mlops_install.environment.lockfile import LOCKS
from mlops_install.targets.local.tool import ToolContext
from mlops_install.targets.local.tools.feast import TOOL


def context(folder: Path, **settings: object) -> ToolContext:
    return ToolContext(
        "feast", folder / "feast", folder, {"port": 6566, "project": "demo", **settings}, secrets={}, root=False
    )


def test_rendering_twice_gives_the_same_text_and_writes_nothing(tmp_path: Path) -> None:
    assert TOOL.render(context(tmp_path)) == TOOL.render(context(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_stores_lie_in_the_data_folder_and_the_project_is_the_chosen_one(tmp_path: Path) -> None:
    folder = tmp_path / "a folder: with 'quotes' #"
    rendered = context(folder, project="rides")
    settings = json.loads(TOOL.render(rendered)[rendered.config / "feature_store.yaml"])
    assert settings["project"] == "rides"
    assert Path(settings["registry"]["path"]).parent == rendered.data
    assert Path(settings["online_store"]["path"]).parent == rendered.data


def test_the_sample_repository_is_beside_the_server_that_imports_it(tmp_path: Path) -> None:
    rendered = context(tmp_path)
    files = TOOL.render(rendered)
    assert set(files) == {rendered.config / name for name in ("feature_store.yaml", "features.py", "feast_server.py")}
    for path, text in files.items():
        if path.suffix == ".py":
            ast.parse(text)
    (server,) = TOOL.programs(rendered)
    assert str(rendered.config / "feast_server.py") in server.argv
    assert all(name in files[rendered.config / "features.py"] for name in ("driver_activity_push", "trips_today"))


def test_one_program_owns_the_port_and_its_reply_names_the_project(tmp_path: Path) -> None:
    (server,) = TOOL.programs(context(tmp_path, port=7000, project="rides"))
    assert server.ports == (7000,)
    assert server.health is not None
    assert server.health.url == "http://127.0.0.1:7000/ready"
    assert re.fullmatch(server.health.expect, '{"project":"rides","online_store":"read"}')
    assert not re.fullmatch(server.health.expect, '{"project":"demo","online_store":"read"}')
    assert not re.fullmatch(server.health.expect, "")


@pytest.mark.parametrize("lock", ["feast", "serving"])
def test_locks_are_hashed_and_name_no_index(lock: str) -> None:
    text = (LOCKS / f"{lock}.txt").read_text(encoding="utf-8")
    entries = re.findall(r"^[a-z0-9][^\n]*\\\n(?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n?)+", text, re.MULTILINE)
    assert len(entries) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)) > 50
    assert not re.search(r"://|--(extra-)?index|find-links", text)


def test_the_version_is_the_locked_one() -> None:
    (environment,) = TOOL.environments({})
    assert f"\nfeast=={TOOL.version} " in (LOCKS / environment.lock).read_text(encoding="utf-8")
