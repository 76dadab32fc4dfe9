"""A deployment that was given by its folder is named by it in what to do next."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from mlops_install.cli.main import run
from mlops_install.deployment.files import make_private
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.marker import Marker, write_marker
from mlops_install.deployment.process_mark import mark
from mlops_install.deployment.runs.history import create_run, update_record
from mlops_install.errors import ExitCode


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a deployment that nothing was installed from yet; the data folder has none."""
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    folder = tmp_path / "my stack"
    make_private(folder)
    write_marker(Deployment(folder), Marker("local"))
    return folder


@pytest.mark.parametrize("verb", ["outputs", "status", "verify"])
def test_what_is_not_installed_is_installed_by_its_folder(
    stack: Path, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    assert run([verb, "--dir", str(stack)]) == ExitCode.USAGE
    said = " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert f"`mlops-install apply --dir {shlex.quote(str(stack))}`" in said


def test_a_run_that_goes_on_is_followed_and_cancelled_by_its_folder(
    stack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found, _ = create_run(Deployment(stack), kind="apply", binary=("terraform",), binary_version="1.11.4")
    update_record(found, state="applying", runner=mark(1))
    assert run(["unlock", "--dir", str(stack), "--id", "x", "--yes"]) == ExitCode.LOCKED
    said = " ".join(capsys.readouterr().err.split())
    for verb in ("attach", "cancel"):
        assert f"`mlops-install {verb} --dir {shlex.quote(str(stack))}`" in said
