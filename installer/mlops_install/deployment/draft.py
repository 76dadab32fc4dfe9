"""Drafts: what is being answered now and not planned yet, apart from everything approved.

The typed secrets have a file of their own, `typed.tfvars.json`: `secrets.tfvars.json` beside it holds the candidate
secrets of a plan, which must stay as they were planned until they are approved, whatever is typed meanwhile.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mlops_install.catalogue.model import Value
from mlops_install.deployment.files import make_private, read_json, write_json, write_private
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.secrets import read_secrets, write_secrets
from mlops_install.deployment.store import all_deployments, at
from mlops_install.errors import InstallerError
from mlops_install.paths import Environment

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Draft:
    """The place of a deployment's draft; nothing here touches the disk."""

    deployment: Deployment
    folder: Path
    """`draft/` of an installed deployment; a folder under the state folder for one that isn't."""

    @property
    def answers(self) -> Path:
        """Partial answers, which may be wrong: they are being written."""
        return self.folder / "answers.yaml"

    @property
    def secrets(self) -> Path:
        """The secrets that were typed or made anew, 0600."""
        return self.folder / "typed.tfvars.json"

    @property
    def note(self) -> Path:
        """Which deployment it is of: `{format, folder}`; only outside the deployment's folder."""
        return self.folder / "draft.json"


def draft_of(environment: Environment, deployment: Deployment) -> Draft:
    """Return where the deployment's draft is or will be."""
    if deployment.answers.is_file():
        return Draft(deployment, deployment.draft)
    name = deployment.name
    if deployment.folder.parent != environment.data_home:
        # Several folders may have one name.
        name += "-" + hashlib.sha256(str(deployment.folder).encode(errors="surrogateescape")).hexdigest()[:12]
    return Draft(deployment, _outside(environment) / name)


def save_draft(draft: Draft, *, answers: str, secrets: Mapping[str, str]) -> None:
    """Write the answers' text and the typed secrets, each atomically and only where it changed.

    Raises OSError when the disk refuses; then the earlier draft stays.
    """
    make_private(draft.folder)
    if draft.folder != draft.deployment.draft and not draft.note.is_file():
        write_json(draft.note, {"format": FORMAT, "folder": str(draft.deployment.folder)})
    if secrets:
        if typed_secrets(draft) != dict(secrets):
            write_secrets(draft.secrets, secrets)
    else:
        draft.secrets.unlink(missing_ok=True)
    if not draft.answers.is_file() or draft.answers.read_text(encoding="utf-8") != answers:
        write_private(draft.answers, answers)


def typed_secrets(draft: Draft) -> dict[str, str]:
    """Return the draft's secrets by parameter name; empty where there are none, or none that can be read."""
    try:
        return read_secrets(draft.secrets)
    except InstallerError:
        # A damaged file costs typing them again; it must not keep the draft from being resumed.
        return {}


def discard_draft(draft: Draft) -> None:
    """Remove the draft; the candidate secrets of a plan stay."""
    if draft.folder != draft.deployment.draft:
        shutil.rmtree(draft.folder, ignore_errors=True)
        return
    for path in (draft.answers, draft.secrets):
        path.unlink(missing_ok=True)
    with suppress(OSError):
        draft.folder.rmdir()


def list_drafts(environment: Environment) -> list[Draft]:
    """Return the drafts of the known deployments and of those to come, the newest first."""
    found = [Draft(deployment, deployment.draft) for deployment in all_deployments(environment)]
    outside = _outside(environment)
    if outside.is_dir():
        found += [draft for folder in outside.iterdir() if (draft := _noted(environment, folder)) is not None]
    return sorted(
        (draft for draft in found if draft.answers.is_file()),
        key=lambda draft: draft.answers.stat().st_mtime_ns,
        reverse=True,
    )


def kept_secrets(deployment: Deployment) -> dict[str, str]:
    """Return the secrets that a `generated` or `typed` reference keeps: approved ones, else a plan's candidates."""
    return read_secrets(deployment.draft_secrets) | read_secrets(deployment.secrets)


def _outside(environment: Environment) -> Path:
    return environment.state_home / "drafts"


def _noted(environment: Environment, folder: Path) -> Draft | None:
    note = folder / "draft.json"
    document: Value = None
    with suppress(OSError, InstallerError):
        document = read_json(note)
    place = document.get("folder") if isinstance(document, dict) and document.get("format") == FORMAT else None
    return Draft(at(environment, Path(place)), folder) if isinstance(place, str) else None
