"""Approval: what a plan was made from becomes the deployment's own, just before the apply."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from mlops_install.deployment.files import sync_folder, write_private
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.marker import Marker, read_marker, update_marker
from mlops_install.deployment.runs.history import read_record
from mlops_install.deployment.runs.record import RunRecord
from mlops_install.errors import UsageError

_APPROVING = "approving"
"""The marker's key for an approval that began and has not ended: `{run, secrets}`, earlier the run's id alone."""


class StaleError(UsageError):
    """A secret was approved anew after the run was planned."""


def approve(deployment: Deployment, run: RunFolder) -> None:
    """Put the run's answers, tfvars and secrets to the top and their revisions into the marker.

    For the holder of the deployment's lock. Running it again does the rest of an approval that was interrupted. Of a
    run that removes, only the kind of its binary is noted. Raises StaleError when a secret was approved anew after the
    run was planned.
    """
    record = read_record(run)
    marker = read_marker(deployment)
    family = record.binary_family or marker.binary
    if record.kind != "apply":
        if family != marker.binary:
            update_marker(deployment, binary=family)
        return
    _refuse_stale(record, marker)
    begun = _interrupted(marker)
    secrets = begun[1] if begun and begun[0] == run.id else _owns_draft(deployment, record, marker)
    # First the marker: it says what to do again, and were the new secrets on top before their counters, a crash in
    # between would leave the next plan with nothing to see, and the tools with the old secrets.
    update_marker(
        deployment,
        binary=family,
        secrets_revisions=dict(record.secrets_revisions if secrets else marker.secrets_revisions),
        extra={**marker.extra, _APPROVING: {"run": run.id, "secrets": secrets}},
    )
    if secrets:
        with suppress(FileNotFoundError):
            deployment.draft_secrets.replace(deployment.secrets)
            sync_folder(deployment.folder)
    _copy(run.tfvars, deployment.tfvars)
    _copy(run.answers, deployment.answers)
    _drop_draft(deployment, run)
    _end(deployment)


def finish_approval(deployment: Deployment) -> None:
    """Do the rest of an approval that was interrupted, if there is one; for the holder of the deployment's lock."""
    if not deployment.marker.is_file():
        return
    begun = _interrupted(read_marker(deployment))
    if begun is None:
        return
    run = deployment.run(begun[0])
    if run.record.is_file():
        approve(deployment, run)
    else:
        # Its folder was taken away by hand: there is nothing to finish it from.
        _end(deployment)


def _interrupted(marker: Marker) -> tuple[str, bool] | None:
    """Return the run whose approval began and has not ended, and whether its secrets belong to it."""
    found = marker.extra.get(_APPROVING)
    if isinstance(found, str):
        return found, True
    if isinstance(found, Mapping):
        return str(found.get("run")), bool(found.get("secrets"))
    return None


def _end(deployment: Deployment) -> None:
    extra = read_marker(deployment).extra
    update_marker(deployment, extra={key: value for key, value in extra.items() if key != _APPROVING})


def _refuse_stale(record: RunRecord, marker: Marker) -> None:
    approved = marker.secrets_revisions
    moved = sorted(name for name, count in approved.items() if record.secrets_revisions.get(name, 0) < count)
    if moved:
        raise StaleError(
            f"The plan of run {record.id} is stale: {', '.join(moved)} changed after it was made.",
            hint="Plan again.",
        )


def _owns_draft(deployment: Deployment, record: RunRecord, marker: Marker) -> bool:
    """Return whether the draft's secrets are those that the run was planned with, not those of another attempt."""
    return (
        dict(marker.secrets_revisions) != dict(record.secrets_revisions)
        or not deployment.secrets.exists()
        or _content(deployment.draft_secrets) == _content(deployment.secrets)
    )


def _drop_draft(deployment: Deployment, run: RunFolder) -> None:
    """Take away the draft of the answers when it is what was approved, and an empty draft folder."""
    if _content(deployment.draft_answers) == _content(run.answers):
        deployment.draft_answers.unlink(missing_ok=True)
    with suppress(OSError):
        deployment.draft.rmdir()


def _copy(source: Path, target: Path) -> None:
    content = _content(source)
    if content is not None and content != _content(target):
        write_private(target, content)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
