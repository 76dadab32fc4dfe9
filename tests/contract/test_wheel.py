"""The built wheel works from an empty environment: data, locks and catalogues travel in it."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from tests.program import Program

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment with nothing but the wheel and what it requires; returns its program."""
    folder = tmp_path_factory.mktemp("wheel")
    build = ["-m", "pip", "wheel", "--quiet", "--no-build-isolation", "--no-deps", "--wheel-dir", str(folder), "."]
    subprocess.run([sys.executable, *build], cwd=ROOT, check=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "empty", with_pip=True)
    python = folder / "empty" / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "--require-hashes", "-r", str(ROOT / "requirements" / "terraform.txt")], check=True)
    subprocess.run([*install, "--no-deps", str(wheel)], check=True)
    return folder / "empty" / "bin" / "mlops-install"


def said(program: Path, root: Path, *arguments: str, code: int = 0) -> str:
    """Run the installed program away from the checkout and return its stdout."""
    done = subprocess.run(
        [program, *arguments],
        cwd=root,
        env=Program(root).environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_lists_presets_and_brings_its_catalogue(installed: Path, tmp_path: Path) -> None:
    document = json.loads(said(installed, tmp_path, "presets", "-o", "json"))
    assert {preset["id"] for preset in document["presets"]} >= {"laptop", "laptop-lite"}
    cached = tmp_path / "cache" / "mlops-install" / "catalogue"
    assert not cached.exists()


def test_the_wheel_plans_with_the_embedded_terraform(installed: Path, tmp_path: Path) -> None:
    from tests.local.conftest import PORTS, free_ports

    sets = [f"--set={name}={port}" for name, port in zip(PORTS, free_ports(len(PORTS)), strict=True)]
    arguments = ["quick", "laptop", "--non-interactive", "-o", "json", *sets]
    events = [json.loads(line) for line in said(installed, tmp_path, *arguments, code=4).splitlines()]
    assert events[-1]["data"]["run"]["changes"] == 7
    assert (tmp_path / "data" / "mlops-install" / "laptop" / "bin" / "service").is_file()
