"""Where the deployments are, and which one is meant."""

from __future__ import annotations

import difflib
import os.path
import re
from pathlib import Path

from mlops_install.deployment.layout import Deployment
from mlops_install.errors import UsageError
from mlops_install.paths import Environment
from mlops_install.words.commands import command

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")


def locate(environment: Environment, *, name: str | None, directory: Path | None) -> Deployment:
    """Return the deployment that is meant; it needn't exist when it is named.

    `directory` picks any folder (relative to the working directory), else `name` picks one under the data folder, else
    it is the only one there is. Raises UsageError for an invalid name, and listing the names when neither is given and
    there isn't exactly one.
    """
    if name is not None:
        _check_name(name)
    if directory is not None:
        return at(environment, _absolute(environment.working_directory / directory))
    if name is not None:
        return Deployment(environment.data_home / name)
    found = all_deployments(environment)
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError("There is no deployment yet.", hint=f"`{command('quick', 'laptop')}` makes one.")
    names = ", ".join(deployment.name for deployment in found)
    raise UsageError(f"There are several deployments: {names}.", hint="Name the one you mean.")


def at(environment: Environment, folder: Path) -> Deployment:
    """Return the deployment of a folder (an absolute path), which needn't exist."""
    found_by_name = folder.parent == environment.data_home and _NAME.fullmatch(folder.name)
    return Deployment(folder, elsewhere=not found_by_name)


def locate_existing(environment: Environment, *, name: str | None, directory: Path | None) -> Deployment:
    """Return the deployment that is meant, as `locate` does; raises UsageError when it doesn't exist."""
    deployment = locate(environment, name=name, directory=directory)
    if exists(deployment):
        return deployment
    if directory is not None:
        raise UsageError(
            f"{deployment.folder} holds no deployment.", hint=f"A deployment has a file {deployment.marker.name}."
        )
    names = [other.name for other in all_deployments(environment)]
    if not names:
        raise UsageError(f"There is no deployment {name}.", hint=f"`{command('quick', 'laptop')}` makes one.")
    nearest = difflib.get_close_matches(deployment.name, names, n=1)
    hint = f"Did you mean {nearest[0]}?" if nearest else f"There are: {', '.join(names)}."
    raise UsageError(f"There is no deployment {name}.", hint=hint)


def all_deployments(environment: Environment) -> list[Deployment]:
    """Return the deployments in the data folder, sorted by name; those that `--dir` put elsewhere aren't known."""
    try:
        folders = sorted(environment.data_home.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [deployment for folder in folders if exists(deployment := at(environment, folder))]


def exists(deployment: Deployment) -> bool:
    """Return whether the folder holds a deployment: its marker is there."""
    return deployment.marker.is_file()


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} can't be a deployment's name.",
            hint="Use 1 to 40 lower-case letters, digits and hyphens, beginning and ending with a letter or digit.",
        )


def _absolute(path: Path) -> Path:
    """Return the path without `..`; links stay, so that a moved target of one is found again."""
    return Path(os.path.normpath(path))
