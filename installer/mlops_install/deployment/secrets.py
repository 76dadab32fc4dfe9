"""secrets.tfvars.json: the sensitive parameters' values, 0600, and the counters that stand for them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mlops_install.catalogue.model import Catalogue, Parameter
from mlops_install.deployment.files import read_json, write_json
from mlops_install.deployment.layout import Deployment
from mlops_install.errors import InstallerError
from mlops_install.words.foreign import ForeignText


def read_secrets(path: Path) -> dict[str, str]:
    """Return the secrets by parameter name; empty when the file isn't there.

    Raises InstallerError, never quoting the content, when it isn't an object of strings.
    """
    try:
        document = read_json(path)
    except FileNotFoundError:
        return {}
    if not isinstance(document, dict) or not all(isinstance(value, str) for value in document.values()):
        raise InstallerError(
            f"{path} must be one JSON object of strings.",
            hint="Put back a copy of it, or move the file away and plan again.",
        )
    return dict(document)


def write_secrets(path: Path, values: Mapping[str, str]) -> None:
    """Write the secrets, sorted by name, atomically and 0600; they outlive a loss of power from here on."""
    write_json(path, dict(sorted(values.items())), durable=True)


def secret_filter(deployment: Deployment) -> ForeignText:
    """Return the filter of foreign text that knows the deployment's secrets, approved ones and those of a plan.

    Raises InstallerError when a secrets file is damaged.
    """
    files = (deployment.secrets, deployment.draft_secrets)
    return ForeignText(value for path in files for value in read_secrets(path).values())


def next_revisions(
    old: Mapping[str, str], new: Mapping[str, str], catalogue: Catalogue, revisions: Mapping[str, int]
) -> dict[str, int]:
    """Return each secret's counter after the secrets went from `old` to `new`.

    A counter is raised by one when its secret was added, changed or removed; what was never set has none.
    """
    result = dict(revisions)
    for parameter in catalogue.secrets():
        name, before = parameter.name, secret_revision(parameter, revisions)
        if old.get(name) != new.get(name) or (name in new and not before):
            result[name] = before + 1
    return result


def secret_revision(parameter: Parameter, revisions: Mapping[str, int]) -> int:
    """Return a secret's counter; 0 when it was never set.

    Older markers count the secrets of a module together, by the module's id. A secret's own counter goes on from there,
    because a Helm release takes a value only with a higher count than the last.
    """
    return revisions.get(parameter.name, revisions.get(parameter.module, 0))
