"""What Seldon's tool renders and starts."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from mlops_install.environment.lockfile import LOCKS
from mlops_install.errors import PreflightError
from mlops_install.targets.local.tool import ToolContext
from mlops_install.targets.local.tools.seldon import TOOL


def context(folder: Path, models: str = "") -> ToolContext:
    settings = {"port": 8080, "grpc_port": 8082, "metrics_port": 8083, "models_directory": models}
    return ToolContext("seldon", folder / "seldon", folder, settings, secrets={}, root=False)


def test_rendering_twice_gives_the_same_text_and_writes_nothing(tmp_path: Path) -> None:
    assert TOOL.render(context(tmp_path)) == TOOL.render(context(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_everything_listens_on_loopback_in_one_process(tmp_path: Path) -> None:
    rendered = context(tmp_path)
    settings = json.loads(TOOL.render(rendered)[rendered.config / "settings.json"])
    assert settings["host"] == "127.0.0.1"
    assert settings["parallel_workers"] == 0
    (server,) = TOOL.programs(rendered)
    assert (
        server.ports == (settings["http_port"], settings["grpc_port"], settings["metrics_port"]) == (8080, 8082, 8083)
    )


def test_the_sample_model_is_served_when_no_folder_is_given(tmp_path: Path) -> None:
    rendered = context(tmp_path)
    files = TOOL.render(rendered)
    sample = rendered.data / "models" / "iris"
    ast.parse(files[rendered.config / "seldon_server.py"])
    (server,) = TOOL.programs(rendered)
    assert server.argv[-2:] == (str(sample.parent), str(sample))
    assert server.health is not None
    assert server.health.url.endswith(":8080/v2/models/iris/ready")


def test_a_given_folder_is_served_as_it_is(tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    rendered = context(tmp_path / "services", str(models))
    assert all(path.is_relative_to(rendered.config) for path in TOOL.render(rendered))
    (server,) = TOOL.programs(rendered)
    assert server.argv[-1] == str(models)
    assert server.health is not None
    assert server.health.url.endswith("/v2/health/ready")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    rendered = context(tmp_path, str(tmp_path / "nowhere"))
    with pytest.raises(PreflightError, match="nowhere") as caught:
        TOOL.render(rendered)
    assert "seldon_models_directory" in caught.value.hint


def test_the_version_is_the_locked_one() -> None:
    (environment,) = TOOL.environments({})
    assert f"\nmlserver=={TOOL.version} " in (LOCKS / environment.lock).read_text(encoding="utf-8")
