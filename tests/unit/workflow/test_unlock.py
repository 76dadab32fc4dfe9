"""A lock is taken away only when a failure told of it, or when it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlops_install.deployment.files import make_private
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.runs.history import create_run, update_record, write_result
from mlops_install.deployment.runs.record import Result
from mlops_install.errors import UsageError
from mlops_install.workflow.unlock import stuck_lock

TOLD = """Error message: the state is already locked by another terraform client
Lock Info:
  ID:        9c1b1f5d-53a6-4d3a-8e1e-1f6b0f3a7c55
  Path:
  Operation: OperationTypeApply
  Who:       ada@host
  Created:   2026-11-25 02:00:00 +0000 UTC"""

# As Terraform 1.11 says it of the backend `http`: the holder's is the first id, the second that of the one who asked.
TOLD_BY_HTTP = """Error message: HTTP remote state already locked: ID=abc-1
Lock Info:
  ID:        69e9b230-a5ed-140e-ad60-a935a1efec1b
  Path:
  Operation: OperationTypePlan
  Who:       ada@host
  Created:   2026-11-26 04:17:08 +0000 UTC"""


def failed(deployment: Deployment, detail: str) -> None:
    run, _ = create_run(deployment, kind="apply", binary=("terraform",), binary_version="1.11.4")
    update_record(run, state="failed")
    diagnostic = {"severity": "error", "summary": "Error acquiring the state lock", "detail": detail}
    write_result(run, Result(1, "failed", "plan", "", "", 1.0, 1, (diagnostic,)))


def test_the_lock_of_the_last_failure_is_named_with_its_holder(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path / "one")
    make_private(deployment.folder)
    failed(deployment, TOLD)
    found = stuck_lock(deployment)
    assert found.id == "9c1b1f5d-53a6-4d3a-8e1e-1f6b0f3a7c55"
    assert "who ada@host" in found.told


def test_a_lock_behind_http_is_named_by_its_holders_id_and_not_by_who_asked(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path / "one")
    make_private(deployment.folder)
    failed(deployment, TOLD_BY_HTTP)
    found = stuck_lock(deployment)
    assert found.id == "abc-1"
    assert "ada@host" not in found.told


def test_without_such_a_failure_the_id_is_asked_for(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path / "one")
    make_private(deployment.folder)
    failed(deployment, "something else")
    with pytest.raises(UsageError, match="no run"):
        stuck_lock(deployment)
