"""The one way to write into a deployment: under its lock, after what a killed process left was finished or undone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mlops_install.deployment.approve import finish_approval
from mlops_install.deployment.files import make_private
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.lock import Lock, hold
from mlops_install.deployment.runs.history import list_runs, read_record, refuse_while_busy

_TEMPORARY = ".*.tmp"
"""What `write_private` had not put in its place; such files are made under the lock alone, but for the draft's."""


@contextmanager
def writing(deployment: Deployment, *, owner: str) -> Iterator[Lock]:
    """Hold the deployment's lock for the block; `owner` says what for, and the folder is made if it isn't there.

    Raises LockedError, with nothing changed, while another process holds the lock or a run goes on.
    """
    if not deployment.folder.is_dir():
        make_private(deployment.folder)
    with hold(deployment.lock, owner=owner, deployment=deployment) as lock:
        # A Terraform may have outlived its runner, and with it the lock.
        refuse_while_busy(deployment)
        _tidy(deployment)
        yield lock


def _tidy(deployment: Deployment) -> None:
    """Finish an interrupted approval, and take away unfinished files and the plan of a run that was killed."""
    finish_approval(deployment)
    for run in list_runs(deployment)[-1:]:
        if read_record(run).state == "lost":
            # It holds the variables and the earlier state in clear.
            run.plan.unlink(missing_ok=True)
            _sweep(run.path.glob(_TEMPORARY))
    for folder in (deployment.folder, deployment.binaries):
        _sweep(folder.glob(_TEMPORARY))
    _sweep((deployment.folder / "modules").rglob(_TEMPORARY))
    # Beside it in the draft, front ends write without the lock.
    _sweep(deployment.draft.glob(f".{deployment.draft_secrets.name}.*.tmp"))


def _sweep(unfinished: Iterable[Path]) -> None:
    for path in unfinished:
        path.unlink(missing_ok=True)
