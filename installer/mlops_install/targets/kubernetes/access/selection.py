"""Which cluster is meant: the kubeconfig files to look in, and a context that is named or the only one."""

from __future__ import annotations

from functools import reduce
from pathlib import Path

from mlops_install.errors import PreflightError, Problem
from mlops_install.paths import Environment
from mlops_install.targets.kubernetes.access.kubeconfig import Kubeconfig, read_kubeconfig
from mlops_install.targets.kubernetes.access.model import Access
from mlops_install.targets.kubernetes.access.rules import access_of

_NO_FILE = "Name one with --kubeconfig."


def kubeconfig_files(named: str, environment: Environment) -> tuple[Path, ...]:
    """Return the files to look in: the named ones, else those of KUBECONFIG, else ~/.kube/config.

    Both may list several files, separated by colons; a file is looked at once.
    """
    if named:
        listed = [_expanded(part, environment) for part in named.split(":") if part]
    elif variable := environment.variables.get("KUBECONFIG", ""):
        listed = [environment.working_directory / part for part in variable.split(":") if part]
    else:
        listed = [environment.home / ".kube" / "config"]
    return tuple(dict.fromkeys(listed))


def contexts(named: str, environment: Environment) -> dict[str, tuple[Path, ...]]:
    """Return every context, with the files that its context, cluster and user are in, in the order of the reading.

    These files alone give the same way to the cluster as all of them do. Raises PreflightError for a bad file.
    """
    files = kubeconfig_files(named, environment)
    merged = _read(files)
    return {name: _files_of(merged, name, files) for name in merged.contexts}


def choose(kubeconfig: str, context: str, environment: Environment) -> Access:
    """Return how the cluster is reached: through `context`, or through the only one that there is.

    The file's current context is never followed: it may be another cluster tomorrow. Raises PreflightError that lists
    the contexts when none is named and there are several, or the named one isn't there.
    """
    paths = kubeconfig_files(kubeconfig, environment)
    found = _read(paths)
    files = ", ".join(str(path) for path in paths)
    name = context or (next(iter(found.contexts)) if len(found.contexts) == 1 else "")
    if name in found.contexts:
        return access_of(found, name)
    if not found.contexts:
        raise PreflightError(f"{files} has no context.", hint="Name another file with --kubeconfig.")
    known = ", ".join(sorted(found.contexts))
    if name:
        message = f"{files} has no context {name!r}."
    else:
        message = "it isn't said which cluster to install into, and the current context is never taken silently."
    raise PreflightError(
        message,
        hint="Name one with --context.",
        problems=[Problem("kube_context", f"there are: {known}", source=files)],
    )


def _read(paths: tuple[Path, ...]) -> Kubeconfig:
    """Return all files in one, the first that has a name winning; of several, missing ones are left out."""
    read: list[Kubeconfig] = []
    for path in paths:
        try:
            read.append(read_kubeconfig(path))
        except FileNotFoundError:
            continue
        except ValueError:  # a zero byte, which no path can hold
            continue
    if not read:
        files = " or ".join(str(path) for path in paths) or "the empty path"
        raise PreflightError(f"there is no kubeconfig at {files}.", hint=_NO_FILE)
    return reduce(lambda first, later: later.under(first), read)


def _files_of(merged: Kubeconfig, name: str, files: tuple[Path, ...]) -> tuple[Path, ...]:
    context = merged.contexts[name]
    parts = (
        context,
        merged.clusters.get(context.fields["cluster"]),
        merged.users.get(context.fields["user"]),
    )
    needed = {part.path for part in parts if part is not None}
    return tuple(path for path in files if path in needed)


def _expanded(name: str, environment: Environment) -> Path:
    if name == "~" or name.startswith("~/"):
        return environment.home / name[2:]
    return environment.working_directory / name
