"""The Terraform code: formatted, valid, and its own tests pass, with the Terraform that the engine finds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mlops_install.engine.binary import find_binary
from mlops_install.engine.process import child_environment
from mlops_install.paths import Environment

ROOT = Path(__file__).parents[2] / "terraform"
FOLDERS = sorted(path.parent.parent for path in ROOT.rglob("*.tftest.hcl") if "modules/modules" not in str(path))


@pytest.fixture(scope="module")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    home = tmp_path_factory.mktemp("home")
    environment = Environment(
        variables=dict(os.environ),
        working_directory=home,
        home=home,
        data_home=home,
        state_home=home,
        cache_home=home,
        python=Path(sys.executable),
        uid=os.getuid(),
    )
    return list(find_binary(environment, explicit=None).argv)


def run(argv: list[str], folder: Path) -> str:
    done = subprocess.run(
        argv,
        cwd=folder,
        env=child_environment(os.environ, secrets={}),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_everything_is_formatted(terraform: list[str]) -> None:
    run([*terraform, "fmt", "-check", "-recursive", "-diff"], ROOT)


@pytest.mark.parametrize("folder", dict.fromkeys(FOLDERS), ids=lambda folder: str(folder.relative_to(ROOT)))
def test_terraform_tests_pass(terraform: list[str], folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "terraform"
    shutil.copytree(ROOT, copy, symlinks=True, ignore=shutil.ignore_patterns(".terraform*"))
    place = copy / folder.relative_to(ROOT)
    run([*terraform, "init", "-input=false", "-no-color"], place)
    run([*terraform, "validate", "-no-color"], place)
    said = run([*terraform, "test", "-no-color"], place)
    assert "Success!" in said
