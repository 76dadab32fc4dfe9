"""One environment: what imports in a cell imports in a flow, on Dask and in a served model, at the same version."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.local.conftest import MODULES, Laptop, started

PROBE = Path(__file__).with_name("probe.py")
PLACES = {"cell", "flow run", "Dask worker", "Dask scheduler", "served model"}
SAME = ("python", "cloudpickle", "numpy", "pandas", "scikit-learn", "mlflow")


def team_environment(laptop: Laptop) -> dict[str, str]:
    """Return the variables that a notebook of the deployment finds."""
    published: dict[str, str] = laptop.program.document("outputs", "laptop")["environment"]
    models = laptop.folder / "services" / "seldon" / "data" / "models"
    return {
        **published,
        "SELDON_MODELS_DIRECTORY": str(models),
        "PATH": f"{laptop.folder}/services/environment/environment/bin:/usr/bin:/bin",
        "HOME": str(laptop.folder.parent),
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "1",
    }


def team_python(laptop: Laptop, *arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the team's Python as a notebook's kernel would be run, and return how it ended."""
    python = laptop.folder / "services/environment/environment/bin/python"
    return subprocess.run(
        [str(python), *arguments],
        env=team_environment(laptop),
        cwd=folder or laptop.folder.parent,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=900,
    )


def probed(laptop: Laptop, folder: Path, *packages: str) -> dict[str, dict[str, str]]:
    """Return place → package → version, as told from inside each place."""
    done = team_python(laptop, str(PROBE), *packages, folder=folder)
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    found: dict[str, dict[str, str]] = json.loads(done.stdout.splitlines()[-1])
    return found


def quick(laptop: Laptop, *arguments: str, code: int = 0) -> list[Any]:
    return laptop.program.lines(
        "quick", "laptop", "--yes", "--non-interactive", "--no-verify", *arguments, timeout=1200, code=code
    )


def test_every_place_has_the_same_versions(laptop: Laptop, tmp_path: Path) -> None:
    found = probed(laptop, tmp_path)
    assert set(found) == PLACES
    assert {name: {versions[name] for versions in found.values()} for name in SAME} == {
        name: {found["cell"][name]} for name in SAME
    }


def test_a_package_of_the_team_is_everywhere_and_what_there_was_stays(laptop: Laptop, tmp_path: Path) -> None:
    before = laptop.program.document("models", "laptop")["models"]
    quick(laptop, "--set", "singleuser_packages=polars")
    found = probed(laptop, tmp_path, "polars")
    assert {versions["polars"] for versions in found.values()} == {found["cell"]["polars"]}
    after = laptop.program.document("models", "laptop")["models"]
    assert {model["name"] for model in before} <= {model["name"] for model in after}
    assert all(model["state"] == "healthy" for model in after)


def test_what_does_not_fit_is_refused_before_anything_is_changed(laptop: Laptop) -> None:
    before = started(laptop)
    for package, said in (
        ("fastapi>=0.139,<0.150", "serving environment"),
        ("pandas>=3", "environment of notebooks"),
        ("no-such-package-for-mlops-install", "no-such-package"),
    ):
        events = quick(laptop, "--set", f"singleuser_packages=[{json.dumps(package)}]", code=2)
        [problem] = events[-1]["data"]["problems"]
        assert problem["subject"] == "singleuser_packages"
        assert said in json.dumps(events[-1])
    assert started(laptop) == before


def test_models_outlive_stop_and_start(laptop: Laptop, tmp_path: Path) -> None:
    served = {model["name"] for model in laptop.program.document("models", "laptop")["models"]}
    assert "probe" in served
    laptop.program.run("stop", "laptop")
    laptop.program.run("start", "laptop")
    again = laptop.program.document("models", "laptop")["models"]
    assert {model["name"] for model in again} == served
    assert {model["state"] for model in again} == {"healthy"}


def test_verify_goes_the_whole_way_and_leaves_nothing(laptop: Laptop) -> None:
    before = laptop.program.document("models", "laptop")["models"]
    document = laptop.program.document("verify", "laptop", timeout=1200)
    found = {module["module"]: module for module in document["modules"]}
    assert {name: entry["status"] for name, entry in found.items()} == dict.fromkeys((*MODULES, "loop"), "passed")
    assert found["loop"]["steps"][-1]["name"] == "clean up"
    assert laptop.program.document("models", "laptop")["models"] == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can play another user's part")
def test_the_environment_belongs_to_its_user(laptop: Laptop) -> None:
    assert (laptop.folder / "services" / "environment").stat().st_mode & 0o077 == 0
