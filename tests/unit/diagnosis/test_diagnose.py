"""Each row of the table: a text as it was seen, and the cause, the parameter and the next step it becomes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.runs.record import Result
from mlops_install.diagnosis.diagnose import diagnose
from mlops_install.diagnosis.records import Diagnosis
from mlops_install.environment.uv import ProgramError

ADDRESS = "module.environment_service.terraform_data.service"
LAPTOP = Deployment(Path("/x/laptop"))
LOCAL_EXEC = "local-exec provisioner error"
LOCKED = "phase: installing 214 packages of environment.txt\n"
MISSING = (
    "Because nosuch was not found in the package registry and you require nosuch==1.0, we can conclude that your "
    "requirements are unsatisfiable."
)


def diagnosed(*, deployment: Deployment = LAPTOP, secrets: tuple[str, ...] = (), **diagnostic: Any) -> Diagnosis:
    """Return the one diagnosis of a run that failed with this diagnostic."""
    result = Result(
        1, "failed", "apply", "", "", 1.0, diagnostics=({"severity": "error", "address": ADDRESS, **diagnostic},)
    )
    (found,) = diagnose(result, deployment=deployment, secrets=secrets)
    return found


def service(output: str) -> Diagnosis:
    """Return the diagnosis of what `service up environment` printed before it failed."""
    before = "Error running command './bin/service up environment': exit status 1. Output: "
    return diagnosed(summary=LOCAL_EXEC, detail=before + output)


def packages(program: str, said: str, phase: str = LOCKED) -> Diagnosis:
    """Return the diagnosis of what uv or npm said, as `service` passes it on."""
    error = ProgramError(program, 1, said.splitlines())
    return service(f"{phase}Team environment is not running. {error.message}\n{error.hint}\n")


@pytest.mark.parametrize(
    ("program", "said", "cause", "action"),
    [
        (
            "uv",
            "error: Failed to write\n  cause: No space left on device (os error 28)",
            "the disk is full",
            "Free some space",
        ),
        (
            "uv",
            "error: Failed to fetch: `http://127.0.0.1:9/simple/`\n  Caused by: tcp connect error",
            "index",
            "network",
        ),
        ("npm", "npm error code SELF_SIGNED_CERT_IN_CHAIN", "not trusted", "SSL_CERT_FILE"),
        ("npm", "npm error code EAI_AGAIN", "index", "network"),
        (
            "uv",
            "error: Failed to download `x`\n  cause: Hash mismatch for `x`",
            "broken or tampered download",
            "operator",
        ),
        ("uv", "error: Required uv version `>=99` does not match the running version `0.13.9`.", "settings", "uv.toml"),
        ("uv", "  cause: HTTP status client error (407 Proxy Authentication Required) for url", "login", ".netrc"),
    ],
)
def test_what_uv_and_npm_say_has_a_cause_and_never_blames_the_teams_packages(
    program: str, said: str, cause: str, action: str
) -> None:
    found = packages(program, said)
    assert cause in found.cause
    assert action in found.action
    assert "`mlops-install apply laptop`" in found.action
    assert found.module == "environment"
    assert found.parameter == ""


def test_a_mirror_that_lacks_a_locked_package_is_not_blamed_on_the_teams_packages() -> None:
    found = packages("uv", f"error: No solution found when resolving dependencies\n  cause: {MISSING}")
    assert found.cause == "the package index doesn't have nosuch, which the tool is locked to"
    assert "mirror" in found.action
    assert found.parameter == ""


def test_a_package_of_the_team_that_the_index_lost_names_its_parameter() -> None:
    said = f"error: No solution found when resolving dependencies\n  cause: {MISSING}"
    found = packages("uv", said, f"{LOCKED}phase: installing the team's packages: nosuch 1.0\n")
    assert found.cause == "the package index doesn't have nosuch, which the team added"
    assert found.parameter == "singleuser_packages"
    assert "`mlops-install apply laptop --set singleuser_packages=…`" in found.action


HOLDERS = [
    ("process 7 (nginx -g)", "End that process", ""),
    ("a process of another user", "ask the other user", "End that process"),
    ("the deployment in /x/other: process 7 (python a)", "Stop that one with `mlops-install stop other`", "End that"),
    ("the deployment in /y/o p: process 7 (python a)", "`mlops-install stop --dir '/y/o p'`", "End that"),
]


@pytest.mark.parametrize(("holder", "said", "never"), HOLDERS)
@pytest.mark.parametrize(
    "text", ["Port 5000 of mlflow is taken by {}.", "The program x did not start: its port 5000 is taken by {}."]
)
def test_a_taken_port_has_the_remedy_of_its_holder(text: str, holder: str, said: str, never: str) -> None:
    found = service(f"phase: configuring\nMLflow is not running. {text.format(holder)}\nCorrect that.\n")
    assert "port 5000 is taken by " in found.cause
    assert said in found.action
    assert not never or never not in found.action
    assert "`mlops-install reconfigure laptop`" in found.action


@pytest.mark.parametrize(
    ("why", "cause"),
    [
        ("it was not healthy in time: nothing answers", "mlflow started but did not answer as it should: nothing ans"),
        ("it ended 3 times while starting (exit status 1)", "mlflow ended right after each of its 3 starts"),
        ("supervisord has ended or lost it", "mlflow did not start: supervisord has ended or lost it"),
    ],
)
def test_what_a_tool_logged_is_shown_and_not_interpreted(why: str, cause: str) -> None:
    log = "  x studied\n  interrupted system call\n  Stale file handle\n"
    found = service(f"MLflow is not running. The program mlflow did not start: {why}.\nIts log says:\n{log}Mend it.\n")
    assert found.cause.startswith(cause)
    assert "Stale file handle" in found.detail


@pytest.mark.parametrize("said", ["x studied", "Stale file handle", "interrupted system call", "Connection refused"])
def test_what_only_sounds_like_a_row_is_shown_as_it_is(said: str) -> None:
    assert diagnosed(summary="Something new", detail=said).cause == "Something new"
    assert diagnosed(summary="Something new", detail=said, address="").cause == "Something new"


@pytest.mark.parametrize("detail", [f"MLflow is not running. The program x did not start: it died.\n{'x' * 9}", "what"])
def test_no_text_says_where_the_lines_stand(detail: str) -> None:
    # The terminal shows them above what to do, the guided setup below it.
    assert "below" not in service(detail).action
    assert "above" not in service(detail).action


def test_a_lock_names_its_owner() -> None:
    found = diagnosed(
        summary="Error acquiring the state lock",
        address="",
        detail="Error message: resource temporarily unavailable\nLock Info:\n  ID:        3fd0\n  Path:      x\n"
        "  Operation: OperationTypeApply\n  Who:       ada@host\n",
    )
    assert "ada@host" in found.cause
    assert "3fd0" in found.cause


def test_a_lock_behind_http_is_not_said_to_be_ones_own() -> None:
    found = diagnosed(
        summary="Error acquiring the state lock",
        address="",
        detail="Error message: HTTP remote state already locked: ID=abc-1\nLock Info:\n  ID:        69e9\n"
        "  Path:      \n  Operation: OperationTypePlan\n  Who:       ada@host\n",
    )
    assert found.cause == "Terraform's state is locked by another Terraform (lock abc-1)"


def test_a_run_that_found_the_deployment_held_names_it_as_it_was_given() -> None:
    locked = "The deployment ml is locked: run 0003 is applying, pid 7."
    elsewhere = Deployment(Path("/work/ml"), elsewhere=True)
    found = diagnosed(
        deployment=elsewhere,
        summary=locked,
        detail="Follow it with `mlops-install attach ml`.",
        address="",
        code="locked",
    )
    assert found.cause == "The deployment ml is locked: run 0003 is applying, pid 7"
    assert "`mlops-install attach --dir /work/ml`" in found.action
    assert "attach ml" not in found.detail + found.action


def test_a_variable_points_at_itself() -> None:
    found = diagnosed(
        summary="Invalid value for variable",
        detail="dask_workers must be between 1 and 64.",
        address="",
        snippet={"context": 'variable "dask_workers"', "code": "x"},
    )
    assert found.parameter == "dask_workers"
    assert found.action == "Correct it with `mlops-install apply laptop --set dask_workers=…`."
    assert "between 1 and 64" in found.cause


def test_a_variable_that_is_a_secret_is_not_typed_on_the_command_line() -> None:
    found = diagnosed(
        summary="Invalid value for variable",
        detail="must be longer",
        address="",
        secrets=("valkey_password",),
        snippet={"context": 'variable "valkey_password"', "code": "x"},
    )
    assert "`mlops-install apply laptop --set valkey_password=env:NAME` (or `file:PATH`)" in found.action


def test_unknown_texts_are_shown_as_they_are() -> None:
    found = diagnosed(summary="Something new", detail="line one\nline two")
    assert found.cause == "Something new"
    assert found.detail == "line one\nline two"


def test_equal_errors_are_told_once_and_warnings_not_at_all() -> None:
    error = {"severity": "error", "summary": "x", "detail": ""}
    warning = {"severity": "warning", "summary": "y", "detail": ""}
    result = Result(1, "failed", "apply", "", "", 1.0, diagnostics=(error, error, warning))
    assert [found.cause for found in diagnose(result, deployment=LAPTOP)] == ["x"]
