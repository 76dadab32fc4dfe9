"""Each row of the table: a text as it was seen, and the cause, the parameter and the next step it becomes."""

from __future__ import annotations

from typing import Any

import pytest

from mlops_install.deployment.record import Result
from mlops_install.diagnosis.diagnose import diagnose
from mlops_install.diagnosis.records import Diagnosis

ADDRESS = "module.environment_service.terraform_data.service"


def diagnosed(**diagnostic: Any) -> Diagnosis:
    """Return the one diagnosis of a run that failed with this diagnostic."""
    result = Result(
        1, "failed", "apply", "", "", 1.0, diagnostics=({"severity": "error", "address": ADDRESS, **diagnostic},)
    )
    (found,) = diagnose(result, deployment="laptop")
    return found


@pytest.mark.parametrize(
    ("detail", "cause", "action"),
    [
        ("write: No space left on device (os error 28)", "the disk is full", "doctor"),
        ("error: Failed to fetch: `http://127.0.0.1:9/simple/`\n  Caused by: tcp connect error", "index", "network"),
        ("npm error code SELF_SIGNED_CERT_IN_CHAIN", "not trusted", "SSL_CERT_FILE"),
        ("npm error code EAI_AGAIN", "index", "network"),
        ("Hash mismatch for `numpy==2.4.0`", "broken or tampered download", "again"),
    ],
)
def test_known_texts(detail: str, cause: str, action: str) -> None:
    found = diagnosed(summary="local-exec provisioner error", detail=detail)
    assert cause in found.cause
    assert action in found.action
    assert found.module == "environment"


def test_a_package_that_does_not_exist_names_its_parameter() -> None:
    found = diagnosed(
        summary="local-exec provisioner error",
        detail="Error running command './bin/service up environment': exit status 1. Output: x No solution found when "
        "resolving dependencies:\n Because nosuch was not found in the package registry",
    )
    assert found.parameter == "singleuser_packages"
    assert "laptop" in found.action


def test_a_lock_names_its_owner() -> None:
    found = diagnosed(
        summary="Error acquiring the state lock",
        detail="Error message: resource temporarily unavailable\nLock Info:\n  ID:        3fd0\n  Path:      x\n"
        "  Operation: OperationTypeApply\n  Who:       ada@host\n",
    )
    assert "ada@host" in found.cause
    assert "3fd0" in found.cause


def test_a_lock_behind_http_is_not_said_to_be_ones_own() -> None:
    found = diagnosed(
        summary="Error acquiring the state lock",
        detail="Error message: HTTP remote state already locked: ID=abc-1\nLock Info:\n  ID:        69e9\n"
        "  Path:      \n  Operation: OperationTypePlan\n  Who:       ada@host\n",
    )
    assert found.cause == "Terraform's state is locked by another Terraform (lock abc-1)"


def test_a_variable_points_at_itself() -> None:
    found = diagnosed(
        summary="Invalid value for variable",
        detail="dask_workers must be between 1 and 64.",
        address="",
        snippet={"context": 'variable "dask_workers"', "code": "x"},
    )
    assert found.parameter == "dask_workers"
    assert "between 1 and 64" in found.cause


def test_unknown_texts_are_shown_as_they_are() -> None:
    found = diagnosed(summary="Something new", detail="line one\nline two")
    assert found.cause == "Something new"
    assert found.detail == "line one\nline two"


def test_equal_errors_are_told_once_and_warnings_not_at_all() -> None:
    error = {"severity": "error", "summary": "x", "detail": ""}
    warning = {"severity": "warning", "summary": "y", "detail": ""}
    result = Result(1, "failed", "apply", "", "", 1.0, diagnostics=(error, error, warning))
    assert [found.cause for found in diagnose(result, deployment="laptop")] == ["x"]
