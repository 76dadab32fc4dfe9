""".mlops-install.json: what makes a folder a deployment, and what the installer wrote into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from mlops_install.catalogue.model import Value
from mlops_install.deployment.files import read_json, write_json
from mlops_install.deployment.layout import Deployment
from mlops_install.errors import UsageError
from mlops_install.words.commands import command

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Marker:
    """The installer's own notes about one deployment; no secret."""

    target: str
    format: int = FORMAT
    stamp: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 (hexadecimal) of each Terraform file as the installer wrote it, by path relative to the folder."""
    version: str = ""
    """The version of mlops-install that wrote the Terraform files last."""
    secrets_revisions: Mapping[str, int] = field(default_factory=dict)
    """How often each secret's approved value changed, by the secret's name; of earlier versions also by module id."""
    binary: str | None = None
    """The kind of the binary of the last apply: `terraform`, `tofu` or `embedded`; None before the first."""
    cluster: str = ""
    """UID of the cluster that the last plan is for; once something is approved, the only one."""
    extra: Mapping[str, Value] = field(default_factory=dict)
    """Every other key, kept as it is."""


_KNOWN = frozenset(f.name for f in fields(Marker)) - {"extra"}


def read_marker(deployment: Deployment) -> Marker:
    """Return the deployment's marker.

    Raises UsageError when the folder is no deployment, or one of a format that this version doesn't read.
    """
    try:
        document = read_json(deployment.marker)
    except (FileNotFoundError, NotADirectoryError):
        document = None
    if document is None:
        raise UsageError(
            f"{deployment.folder} holds no deployment ({deployment.marker.name} isn't there).",
            hint=f"`{command('quick', 'laptop')}` makes one; --dir names the folder of another one.",
        )
    found = document.get("format") if isinstance(document, dict) else None
    if found != FORMAT:
        raise UsageError(
            f"{deployment.marker} has format {found!r}; this version reads format {FORMAT}.",
            hint="Use the version of mlops-install that made the deployment.",
        )
    known = {key: value for key, value in document.items() if key in _KNOWN}
    return Marker(**known, extra={key: value for key, value in document.items() if key not in _KNOWN})


def write_marker(deployment: Deployment, marker: Marker) -> None:
    """Write the marker atomically; its counters outlive a loss of power, as the secrets do that they stand for."""
    document = asdict(marker)
    extra = document.pop("extra")
    write_json(deployment.marker, {**extra, **document}, durable=True)


def update_marker(deployment: Deployment, **changes: Any) -> Marker:
    """Change fields of the marker and return the new one; for whoever holds the deployment's lock."""
    marker = replace(read_marker(deployment), **changes)
    write_marker(deployment, marker)
    return marker
