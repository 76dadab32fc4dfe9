"""What goes wrong on real machines: each failure is explained, what works stays, a second run carries on."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.local.conftest import Laptop, free_ports
from tests.program import Program


def test_without_a_package_index_the_cause_is_named_and_a_second_run_carries_on(short_root: Path) -> None:
    names = ("jupyterhub_port", "jupyterhub_hub_port", "jupyterhub_proxy_api_port", "mlflow_port")
    sets = [f"--set={name}={port}" for name, port in zip(names, free_ports(len(names)), strict=True)]
    quick = ("quick", "laptop-lite", "--yes", "--non-interactive", "--no-verify", *sets)
    nowhere = {
        "UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple",
        "UV_CACHE_DIR": str(short_root / "empty"),
        "UV_HTTP_RETRIES": "0",
    }
    (short_root / "lite").mkdir()
    cut_off = Program(short_root / "lite", nowhere)
    events = cut_off.lines(*quick, code=1)
    problems = events[-1]["data"]["problems"]
    assert problems
    assert all("index can't be reached" in problem["message"] for problem in problems)
    assert all("apply laptop-lite" in problem["hint"] for problem in problems)

    connected = Program(short_root / "lite")
    events = connected.lines("apply", "laptop-lite", "--yes", "--non-interactive")
    assert events[-1]["data"]["exit_code"] == 0
    connected.run("destroy", "laptop-lite", "--yes", "--non-interactive", "--purge-data")


def test_a_model_that_does_not_load_is_explained_and_the_others_are_served(laptop: Laptop, tmp_path: Path) -> None:
    served = laptop.folder / "services" / "seldon" / "data" / "models" / "iris"
    shutil.copytree(served, tmp_path / "iris")
    model = tmp_path / "broken"
    model.mkdir()
    (model / "model-settings.json").write_text('{"name": "broken", "implementation": "no.such.Runtime"}')
    quick = ("quick", "laptop", "--yes", "--non-interactive", "--no-verify")
    laptop.program.lines(*quick, "--set", f"seldon_models_directory={tmp_path}")
    models = {entry["name"]: entry for entry in laptop.program.document("models", "laptop", code=1)["models"]}
    status = laptop.program.document("status", "laptop")
    verified = laptop.program.document("verify", "laptop", "--quick", code=1)
    laptop.program.lines(*quick, "--set", "seldon_models_directory=")

    assert models["iris"]["state"] == "healthy"
    assert models["broken"]["state"] == "down"
    assert "No module named 'no'" in models["broken"]["detail"]
    [seldon] = [module for module in status["modules"] if module["module"] == "seldon"]
    assert seldon["detail"] == "2 models served, 1 not healthy"
    assert {entry["module"] for entry in verified["modules"] if entry["status"] == "failed"} == {"seldon"}
    assert "not ready: broken" in str(verified)
    assert laptop.program.document("status", "laptop")["healthy"] is True
