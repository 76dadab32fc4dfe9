"""Back to an earlier run's answers, and one secret made anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.conftest import Install

from mlops_install.answers.document import dump_answers
from mlops_install.answers.model import Backend
from mlops_install.deployment.files import write_private
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.prepared import Prepared
from mlops_install.deployment.root.backend import note_backend
from mlops_install.deployment.runs.history import create_run
from mlops_install.deployment.runs.record import Kind, State
from mlops_install.errors import InstallerError, UsageError
from mlops_install.setup.interview import Interview
from mlops_install.targets.context import Context
from mlops_install.workflow.rotation import begin_rotation, needs_value, rotate
from mlops_install.workflow.undo import prepare_undo

TOKEN = "0123456789abcdef" * 4


def record(prepared: Prepared, state: State = "done", kind: Kind = "apply") -> None:
    run, _ = create_run(prepared.deployment, kind=kind, binary=("terraform",), binary_version="1.11.4", state=state)
    write_private(run.answers, dump_answers(prepared.answers, comment=""))


@pytest.fixture
def deployment(context: Context, install: Install) -> Deployment:
    """Installed twice: with MLflow's own port, then with another and Dask."""
    first = Interview.from_preset(context, "laptop-lite").prepared()
    install(first)
    record(first)
    again = Interview.reconfigure(context, first.deployment)
    again.set_value("mlflow_port", 5001)
    again.toggle_module("dask")
    second = again.prepared()
    install(second)
    record(second)
    return first.deployment


@pytest.mark.parametrize("number", ["1", "0001"])
def test_undo_plans_the_answers_of_that_run(context: Context, deployment: Deployment, number: str) -> None:
    installed = Interview.reconfigure(context, deployment).prepared()
    prepared, left_out = prepare_undo(context, deployment, number)
    assert left_out == ()
    assert prepared.answers.modules == ("jupyterhub", "mlflow")
    assert prepared.answers.parameters["mlflow_port"] == 5000
    assert prepared.secrets.values == installed.secrets.values
    assert prepared.approved == installed.answers


def test_undo_leaves_the_state_where_it_is(context: Context, deployment: Deployment) -> None:
    moved = Backend("s3", {"bucket": "states", "key": "laptop"})
    note_backend(deployment, moved)
    assert prepare_undo(context, deployment, "1")[0].answers.backend == moved


def test_undo_leaves_out_what_the_target_lost(context: Context, deployment: Deployment) -> None:
    answers = deployment.run("0001").answers
    write_private(answers, answers.read_text().replace("parameters:\n", "parameters:\n  gone_port: 1\n"))
    prepared, left_out = prepare_undo(context, deployment, "1")
    assert [problem.subject for problem in left_out] == ["gone_port"]
    assert "gone_port" not in prepared.answers.parameters


@pytest.mark.parametrize("number", ["3", "x", "-1", "", "²"])
def test_undo_refuses_a_run_that_is_not_there(context: Context, deployment: Deployment, number: str) -> None:
    with pytest.raises(UsageError, match="has no run"):
        prepare_undo(context, deployment, number)


def test_undo_refuses_a_run_that_removed_everything(context: Context, deployment: Deployment) -> None:
    record(prepare_undo(context, deployment, "1")[0], kind="destroy")
    with pytest.raises(UsageError, match="removed"):
        prepare_undo(context, deployment, "3")


def test_undo_names_the_secrets_that_the_run_needs(context: Context, deployment: Deployment) -> None:
    run = deployment.run("0001")
    oauth = "\n".join(
        (
            run.answers.read_text().replace("oauth_github_enable: false", "oauth_github_enable: true"),
            "",
        )
    ).replace("oauth_github_client_id: ''", "oauth_github_client_id: id")
    write_private(run.answers, oauth)
    with pytest.raises(UsageError) as caught:
        prepare_undo(context, deployment, "1")
    assert [problem.subject for problem in caught.value.problems] == ["oauth_github_client_secret"]


def test_rotation_changes_one_secret_and_nothing_else(context: Context, deployment: Deployment) -> None:
    interview = begin_rotation(context, deployment, "jupyterhub_shared_password")
    before = Interview.reconfigure(context, deployment).prepared()
    assert not needs_value(interview, "jupyterhub_shared_password")
    after = rotate(interview, "jupyterhub_shared_password")
    assert after.answers == before.answers
    changed = {name for name, value in after.secrets.values.items() if value != before.secrets.values[name]}
    assert changed == {"jupyterhub_shared_password"}
    assert interview.tfvars_diff() == (("secrets_revisions.jupyterhub_shared_password", 1, 2),)


def test_rotation_reads_a_reference_again(context: Context, deployment: Deployment, tmp_path: Path) -> None:
    file, name = tmp_path / "token", "jhub_proxy_secret_token"
    file.write_text(TOKEN)
    interview = begin_rotation(context, deployment, name)
    assert rotate(interview, name, reference="file:token").secrets.values[name] == TOKEN
    assert interview.prepared().answers.secrets[name] == "file:token"


def test_rotation_refuses_the_same_value(context: Context, deployment: Deployment, tmp_path: Path) -> None:
    name = "jhub_proxy_secret_token"
    interview = begin_rotation(context, deployment, name)
    (tmp_path / "token").write_text(interview.held_secret(name))
    with pytest.raises(UsageError, match="already") as caught:
        rotate(interview, name, reference="file:token")
    assert interview.held_secret(name) not in str(caught.value)


def test_rotation_takes_a_typed_value_that_fits(context: Context, deployment: Deployment) -> None:
    interview = begin_rotation(context, deployment, "jupyterhub_shared_password")
    with pytest.raises(UsageError):
        rotate(interview, "jupyterhub_shared_password", value="short")
    prepared = rotate(interview, "jupyterhub_shared_password", value="long enough")
    assert prepared.answers.secrets["jupyterhub_shared_password"] == "typed"


@pytest.mark.parametrize("name", ["oauth_github_client_secret", "mlflow_port", "nothing"])
def test_rotation_refuses_what_is_no_secret_in_use(context: Context, deployment: Deployment, name: str) -> None:
    with pytest.raises(InstallerError):
        begin_rotation(context, deployment, name)
