"""Which cluster is meant: the kubeconfig files to look in, and a context that is named or the only one."""

from __future__ import annotations

from pathlib import Path

from mlops_install.errors import PreflightError, Problem
from mlops_install.paths import Environment
from mlops_install.targets.kubernetes.kubeconfig import Access, Kubeconfig, read_kubeconfig


def kubeconfig_files(named: str, environment: Environment) -> tuple[Path, ...]:
    """Return the files to look in: the named one, else those of KUBECONFIG, else ~/.kube/config.

    Of several in KUBECONFIG those that aren't there are left out, as kubectl does.
    """
    if named:
        return (_absolute(named, environment),)
    listed = [_absolute(part, environment) for part in environment.variables.get("KUBECONFIG", "").split(":") if part]
    there = [path for path in listed if path.is_file()]
    return tuple(there or listed[:1] or [environment.home / ".kube" / "config"])


def contexts(named: str, environment: Environment) -> dict[str, Kubeconfig]:
    """Return every context and the file that has it, the first file winning; raises PreflightError for a bad file."""
    found: dict[str, Kubeconfig] = {}
    for path in kubeconfig_files(named, environment):
        kubeconfig = read_kubeconfig(path)
        found = dict.fromkeys(kubeconfig.contexts, kubeconfig) | found
    return found


def choose(kubeconfig: str, context: str, environment: Environment) -> Access:
    """Return how the cluster is reached: through `context`, or through the only one that there is.

    The file's current context is never followed: it may be another cluster tomorrow. Raises PreflightError that lists
    the contexts when none is named and there are several, or the named one isn't there.
    """
    found = contexts(kubeconfig, environment)
    files = ", ".join(str(path) for path in kubeconfig_files(kubeconfig, environment))
    name = context or (next(iter(found)) if len(found) == 1 else "")
    if name in found:
        return found[name].access(name)
    if not found:
        raise PreflightError(f"{files} has no context.", hint="Name another file with --kubeconfig.")
    known = ", ".join(sorted(found))
    if name:
        message = f"{files} has no context {name!r}."
    else:
        message = "it isn't said which cluster to install into, and the current context is never taken silently."
    raise PreflightError(
        message,
        hint="Name one with --context.",
        problems=[Problem("kube_context", f"there are: {known}", source=files)],
    )


def _absolute(name: str, environment: Environment) -> Path:
    if name == "~" or name.startswith("~/"):
        return environment.home / name[2:]
    return environment.working_directory / name
