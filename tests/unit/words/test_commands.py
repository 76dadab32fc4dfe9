"""Commands in texts: what is typed finds the program, and the deployment that the text is about."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import pytest

from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.store import at
from mlops_install.paths import Environment
from mlops_install.words import commands


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "_program", commands.NAME)


@pytest.fixture
def bin_folder(tmp_path: Path) -> Path:
    """A folder with a program of our name, such as an environment's `bin`."""
    folder = tmp_path / "my tools" / "bin"
    folder.mkdir(parents=True)
    (folder / commands.NAME).write_text("#!/bin/sh\n")
    (folder / commands.NAME).chmod(0o755)
    return folder


def test_the_name_is_enough_where_the_shell_finds_this_program_by_it(bin_folder: Path) -> None:
    commands.called_as(str(bin_folder / commands.NAME), f"/usr/bin{os.pathsep}{bin_folder}")
    assert commands.command("doctor") == "mlops-install doctor"


def test_a_link_on_the_path_is_this_program_too(bin_folder: Path, tmp_path: Path) -> None:
    (tmp_path / commands.NAME).symlink_to(bin_folder / commands.NAME)
    commands.called_as(str(bin_folder / commands.NAME), str(tmp_path))
    assert commands.command("doctor") == "mlops-install doctor"


def test_elsewhere_it_is_the_path_that_was_typed(bin_folder: Path, tmp_path: Path) -> None:
    commands.called_as(str(bin_folder / commands.NAME), "/usr/bin")
    assert commands.command("doctor") == f"'{bin_folder}/mlops-install' doctor"
    # Another installation is found by the name: it is another program.
    (tmp_path / commands.NAME).write_text("#!/bin/sh\n")
    (tmp_path / commands.NAME).chmod(0o755)
    commands.called_as("./.venv/bin/mlops-install", str(tmp_path))
    assert commands.command("doctor") == "./.venv/bin/mlops-install doctor"


def test_a_module_is_started_by_the_program_beside_its_python() -> None:
    commands.called_as("/somewhere/mlops_install/__main__.py", "/nonexistent")
    own = Path(sys.executable).with_name(commands.NAME)
    assert commands.command("doctor") == f"{own} doctor"
    commands.called_as("/somewhere/mlops_install/__main__.py", str(own.parent))
    assert commands.command("doctor") == "mlops-install doctor"


def test_a_module_without_such_a_program_is_started_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python3"))
    commands.called_as("/somewhere/mlops_install/__main__.py", "")
    assert commands.command("doctor") == f"{tmp_path}/python3 -m mlops_install doctor"


def environment(root: Path) -> Environment:
    return Environment({}, root, root, root / "data", root / "state", root / "cache", Path(sys.executable), 0)


@pytest.mark.parametrize("folder", ["work/ml", "work/my stack", "data/ML_Ops", "work/it's"])
def test_a_deployment_that_its_name_does_not_find_is_named_by_its_folder(tmp_path: Path, folder: str) -> None:
    deployment = at(environment(tmp_path), tmp_path / folder)
    words = shlex.split(deployment.command("apply", "--set", "a=…"))
    assert words == ["mlops-install", "apply", "--dir", str(tmp_path / folder), "--set", "a=…"]
    words = shlex.split(deployment.command("secret", "rotate", "x"))
    assert words == ["mlops-install", "secret", "rotate", "x", "--dir", str(tmp_path / folder)]


def test_a_deployment_in_the_usual_place_is_named(tmp_path: Path) -> None:
    deployment = at(environment(tmp_path), tmp_path / "data" / "team")
    assert deployment.command("apply", "--yes") == "mlops-install apply team --yes"
    assert deployment.command("terraform", "--", "output") == "mlops-install terraform team -- output"
    assert deployment.command("undo", "3") == "mlops-install undo 3 --name team"


def test_placeholders_stay_readable_and_values_are_quoted() -> None:
    deployment = Deployment(Path("/x/team"))
    assert deployment.command("apply", "--set", "dask_workers=…") == "mlops-install apply team --set dask_workers=…"
    assert commands.command("quick", "it's mine.yaml") == "mlops-install quick 'it'\"'\"'s mine.yaml'"
