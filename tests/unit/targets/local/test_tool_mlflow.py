"""What MLflow's tool renders and starts."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from mlops_install.environment.lockfile import LOCKS
from mlops_install.targets.local.tool import ToolContext
from mlops_install.targets.local.tools.mlflow import TOOL


def context(folder: Path, artifact_root: str = "") -> ToolContext:
    settings = {"port": 5000, "artifact_root": artifact_root}
    return ToolContext("mlflow", folder / "mlflow", folder, settings, secrets={}, root=False)


def test_rendering_twice_gives_the_same_text_and_writes_nothing(tmp_path: Path) -> None:
    assert TOOL.render(context(tmp_path)) == TOOL.render(context(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_the_rendered_scripts_are_python(tmp_path: Path) -> None:
    for path, text in TOOL.render(context(tmp_path)).items():
        if path.suffix == ".py":
            ast.parse(text)


@pytest.mark.parametrize("root", ["", "/srv/artifacts", "s3://bucket/mlflow"])
def test_artifacts_go_where_the_operator_said_else_into_the_data_folder(tmp_path: Path, root: str) -> None:
    (server,) = TOOL.programs(context(tmp_path, root))
    assert server.argv[-2:] == ("--artifacts", root or "./artifacts")
    assert server.directory is None


def test_a_bucket_brings_the_client_of_its_kind() -> None:
    assert TOOL.environments({"port": 5000, "artifact_root": "s3://bucket"})[0].extra_packages == ("boto3",)
    assert TOOL.environments({"port": 5000, "artifact_root": "/srv"})[0].extra_packages == ()


def test_the_health_call_takes_a_list_of_experiments_only(tmp_path: Path) -> None:
    (server,) = TOOL.programs(context(tmp_path))
    assert server.ports == (5000,)
    assert server.health is not None
    expect = re.compile(server.health.expect, re.DOTALL)
    assert expect.fullmatch('{\n  "experiments": [\n    {"experiment_id": "0", "name": "Default"}\n  ]\n}')
    for stranger in ("OK", "{}", '{"experiments": []}', "<html></html>"):
        assert not expect.fullmatch(stranger)


def test_the_lock_and_the_schema_are_of_the_version_shown(tmp_path: Path) -> None:
    rendered = context(tmp_path)
    (environment,) = TOOL.environments(rendered.settings)
    assert f"\nmlflow=={TOOL.version} " in (LOCKS / environment.lock).read_text()
    schema = TOOL.render(rendered)[rendered.config / "mlflow_schema.sql"]
    assert schema.startswith(f"-- mlflow {TOOL.version}\n")
