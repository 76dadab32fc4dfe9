from __future__ import annotations

from pathlib import Path

import pytest

from mlops_install.deployment.approve import approve
from mlops_install.deployment.files import make_private, write_private
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.marker import Marker, read_marker, write_marker
from mlops_install.deployment.runs.history import create_run, newest_planned, update_record
from mlops_install.deployment.secrets import read_secrets, write_secrets
from mlops_install.deployment.writing import writing
from mlops_install.errors import UsageError


@pytest.fixture
def run(deployment: Deployment) -> RunFolder:
    """A planned run that changes a secret of a deployment that was approved before."""
    write_marker(deployment, Marker("local", secrets_revisions={"token": 1}, extra={"later": 1}))
    write_secrets(deployment.secrets, {"token": "old"})
    write_private(deployment.answers, "old answers")
    make_private(deployment.draft)
    write_secrets(deployment.draft_secrets, {"token": "new"})
    write_private(deployment.draft_answers, "new answers")
    return _plan(deployment, token=2)


def _plan(deployment: Deployment, **revisions: int) -> RunFolder:
    run, _ = create_run(deployment, kind="apply", binary=("t",), binary_version="1", secrets_revisions=revisions)
    for path, text in ((run.plan, "plan"), (run.answers, "new answers"), (run.tfvars, "{}")):
        write_private(path, text)
    update_record(run, state="planned")
    return run


def _assert_approved(deployment: Deployment) -> None:
    assert deployment.answers.read_text() == "new answers"
    assert deployment.tfvars.read_text() == "{}"
    assert read_secrets(deployment.secrets) == {"token": "new"}
    assert read_marker(deployment) == Marker("local", secrets_revisions={"token": 2}, extra={"later": 1})
    assert not deployment.draft.exists()
    for path in (deployment.answers, deployment.tfvars, deployment.secrets, deployment.marker):
        assert path.stat().st_mode & 0o777 == 0o600


def test_everything_moves_to_the_top(deployment: Deployment, run: RunFolder) -> None:
    approve(deployment, run)
    _assert_approved(deployment)
    approve(deployment, run)
    _assert_approved(deployment)


@pytest.mark.parametrize("step", range(8))
def test_an_interrupted_approval_is_completed_by_the_next_writer(
    deployment: Deployment, run: RunFolder, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stop at the n-th replacement of a file: every crash leaves the folder as one of them does."""
    replaced, before = 0, deployment.marker.read_text()
    original = Path.replace

    def replace(self: Path, target: Path) -> Path:
        nonlocal replaced
        replaced += 1
        if replaced > step:
            raise KeyboardInterrupt
        return original(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        try:
            approve(deployment, run)
        except KeyboardInterrupt:
            assert newest_planned(deployment) == run
        else:
            assert step >= replaced
    begun = deployment.marker.read_text() != before
    with writing(deployment, owner="the next"):
        pass
    if begun:
        _assert_approved(deployment)
    approve(deployment, run)
    _assert_approved(deployment)


def test_a_first_approval(deployment: Deployment) -> None:
    write_marker(deployment, Marker("local"))
    make_private(deployment.draft)
    write_secrets(deployment.draft_secrets, {"token": "first"})
    approve(deployment, _plan(deployment, token=1))
    assert read_secrets(deployment.secrets) == {"token": "first"}
    assert read_marker(deployment).secrets_revisions == {"token": 1}


def test_another_attempts_draft_stays_a_draft(deployment: Deployment, run: RunFolder) -> None:
    """The run was planned with the approved secrets; the draft holds those of a later, unfinished change."""
    unchanged = _plan(deployment, token=1)
    write_private(deployment.draft_answers, "newer answers")
    approve(deployment, unchanged)
    assert read_secrets(deployment.secrets) == {"token": "old"}
    assert read_secrets(deployment.draft_secrets) == {"token": "new"}
    assert deployment.draft_answers.read_text() == "newer answers"


def test_an_interrupted_approval_takes_no_other_attempts_secrets(
    deployment: Deployment, run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    unchanged = _plan(deployment, token=1)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("mlops_install.deployment.approve.write_private", killed)
        with pytest.raises(KeyboardInterrupt):
            approve(deployment, unchanged)
    with writing(deployment, owner="the next"):
        assert deployment.answers.read_text() == "new answers"
    assert read_secrets(deployment.secrets) == {"token": "old"}
    assert read_secrets(deployment.draft_secrets) == {"token": "new"}


def test_a_stale_plan_is_refused(deployment: Deployment, run: RunFolder) -> None:
    write_marker(deployment, Marker("local", secrets_revisions={"token": 3}))
    with pytest.raises(UsageError, match=r"run 0001 is stale: token changed"):
        approve(deployment, run)
    assert deployment.answers.read_text() == "old answers"
