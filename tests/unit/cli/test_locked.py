"""Every verb that changes a deployment, while another process holds it; and what an interrupt says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.local.conftest import free_ports
from tests.unit.conftest import Install
from tests.unit.workflow.conftest import traces

from mlops_install.answers.document import dump_answers
from mlops_install.catalogue.model import Catalogue
from mlops_install.cli.environment import snapshot
from mlops_install.cli.main import run as run_program
from mlops_install.cli.reporting import RunReport
from mlops_install.cli.session import Session
from mlops_install.deployment.files import write_private
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.lock import hold
from mlops_install.deployment.process_mark import mark
from mlops_install.deployment.runs.history import create_run
from mlops_install.deployment.runs.record import State
from mlops_install.errors import CancelledError, ExitCode
from mlops_install.setup.interview import Interview
from mlops_install.targets.context import Context

PORTS = ("jupyterhub_port", "jupyterhub_hub_port", "jupyterhub_proxy_api_port", "mlflow_port")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("DATA", "STATE", "CACHE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def installed(home: Path, catalogues: dict[str, Catalogue], install: Install) -> Deployment:
    """The smallest preset on free ports, applied once."""
    context = Context(snapshot(), _catalogues=dict(catalogues))
    interview = Interview.from_preset(context, "laptop-lite")
    for name, port in zip(PORTS, free_ports(len(PORTS)), strict=True):
        interview.set_value(name, port)
    prepared = interview.prepared()
    deployment = install(prepared)
    run, _ = create_run(deployment, kind="apply", binary=("terraform",), binary_version="1", state="done")
    write_private(run.answers, dump_answers(prepared.answers, comment=""))
    return deployment


@pytest.mark.parametrize(
    "arguments",
    [
        ["plan", "laptop-lite"],
        ["apply", "laptop-lite", "--yes"],
        ["quick", "laptop-lite", "--set", "singleuser_packages=[]", "--yes"],
        ["secret", "rotate", "jupyterhub_shared_password", "--yes"],
        ["undo", "1", "--yes"],
        ["destroy", "laptop-lite", "--yes"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_held_deployment_is_refused_with_nothing_changed(
    installed: Deployment, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with hold(installed.lock, owner="run 0009 is applying"):
        before = traces(installed.folder)
        assert run_program([*arguments, "--non-interactive"] if "--yes" in arguments else arguments) == ExitCode.LOCKED
        assert traces(installed.folder) == before
    assert "run 0009 is applying" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("applying", "Run 0002 goes on without you. `mlops-install attach laptop-lite` shows it again."),
        ("planning", "Run 0002 goes on without you. `mlops-install attach laptop-lite` shows it again."),
        ("planned", "The plan of run 0002 is kept: `mlops-install apply laptop-lite` asks again."),
        ("done", "Interrupted after run 0002 was done; what it changed stays."),
        ("failed", "Interrupted; nothing is going on."),
    ],
)
def test_an_interrupt_between_two_steps_says_what_goes_on(
    installed: Deployment, catalogues: dict[str, Catalogue], state: State, told: str
) -> None:
    session = Session(Context(snapshot(), _catalogues=dict(catalogues)))
    run, _ = create_run(
        installed, kind="apply", binary=("t",), binary_version="1", state=state, runner=mark(os.getpid())
    )
    with pytest.raises(CancelledError) as caught:
        _interrupt(RunReport(session, installed, catalogues["local"]), run)
    assert told in f"{caught.value.message} {caught.value.hint}"
    assert caught.value.exit_code == ExitCode.CANCELLED


def _interrupt(report: RunReport, run: RunFolder) -> None:
    with report:
        report.run = run
        raise KeyboardInterrupt
