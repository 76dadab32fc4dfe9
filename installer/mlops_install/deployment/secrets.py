"""secrets.tfvars.json: the sensitive parameters' values, 0600, and the counters that stand for them (DESIGN §5)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mlops_install.catalogue.model import Catalogue
from mlops_install.deployment.files import read_json, write_json
from mlops_install.errors import InstallerError


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
    """Write the secrets, sorted by name, atomically and 0600."""
    write_json(path, dict(sorted(values.items())))


def next_revisions(
    old: Mapping[str, str], new: Mapping[str, str], catalogue: Catalogue, revisions: Mapping[str, int]
) -> dict[str, int]:
    """Return each module's counter after its secrets went from `old` to `new`.

    A module's counter is raised by one when a secret of it was added, changed or removed, so its first secrets
    make it 1; modules that never had a secret have no counter.
    """
    result = dict(revisions)
    modules = {parameter.module for parameter in catalogue.secrets()}
    for module in sorted(modules):
        names = [parameter.name for parameter in catalogue.secrets() if parameter.module == module]
        before = {name: old[name] for name in names if name in old}
        after = {name: new[name] for name in names if name in new}
        if before != after or (after and module not in revisions):
            result[module] = revisions.get(module, 0) + 1
    return result
