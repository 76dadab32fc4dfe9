"""What this machine lacks for the chosen tools, found before anything is changed."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Catalogue
from mlops_install.deployment.layout import Deployment
from mlops_install.errors import Problem
from mlops_install.paths import Environment
from mlops_install.targets.local import ports
from mlops_install.targets.local.host import Host, read_host
from mlops_install.targets.local.programs import installed
from mlops_install.targets.local.registry import tool as find_tool
from mlops_install.targets.local.supervision import Supervisor

MACHINES = ("x86_64", "aarch64")
OLDEST_GLIBC = (2, 28)
BASE_DISK = 200
"""MiB beside the tools' own footprints: logs, data, supervisor."""
ENVIRONMENT_DISK = 1530
"""MiB of the team's environment, which is there whatever is chosen (measured, Python 3.11)."""
LONGEST_FOLDER = 512
"""Bytes of the deployment's path; sockets have a way out, other paths below it stay far from PATH_MAX (4096)."""
UNUSABLE = ":;#\"'\\[]*?`$\n\r\t"
"""Characters that PATH, supervisor's files or a shell line can't carry in a path."""
_ELSEWHERE = "Use the target kubernetes instead."


@dataclass(frozen=True, slots=True)
class PortConflict:
    """A chosen port that somebody else has, or that two parameters share."""

    parameter: str
    port: int
    pid: int | None
    """The holder; None when it is another user's process, or another parameter."""
    command: str
    """The holder's command; `also the value of PARAMETER` when two parameters share it."""
    next_free: int
    """The next port that nobody has."""
    holder: Deployment | None = None
    """The deployment that the holder is a service of; None when it is of none."""

    def problem(self) -> Problem:
        """Return it as a problem with the next free port as an option."""
        process = f"process {self.pid} ({self.command})."
        if self.holder is not None:
            what = f"taken by the deployment {self.holder.name}: {process}"
            hint = f"Stop it with `{self.holder.command('stop')}`, or choose another port"
        elif self.pid is not None:
            what, hint = f"taken by {process}", "End that process, or choose another port"
        elif self.command:
            what, hint = f"{self.command}.", "Choose another port"
        else:
            what, hint = "taken by a process of another user.", "Ask that user to end it, or choose another port"
        return Problem(
            subject=self.parameter,
            message=f"port {self.port} is {what}",
            hint=f"{hint}: --set {self.parameter}={self.next_free}",
        )


def find_problems(
    *, catalogue: Catalogue, answers: Answers, deployment: Deployment, environment: Environment
) -> list[Problem]:
    """Return everything that keeps the chosen tools from being installed here."""
    host = read_host(deployment.folder, environment.variables)
    conflicts = port_conflicts(catalogue=catalogue, answers=answers, deployment=deployment)
    return [
        *host_problems(host),
        *folder_problems(deployment),
        *disk_problems(host, needed_disk(catalogue, answers, deployment)),
        *(conflict.problem() for conflict in conflicts),
    ]


def warnings(*, deployment: Deployment, environment: Environment) -> list[Problem]:
    """Return what works but should be known before the installation."""
    if not read_host(deployment.folder, environment.variables).kills_user_processes:
        return []
    return [
        Problem(
            subject="host",
            message="this machine ends a user's processes at logout (KillUserProcesses=yes), the services among them.",
            hint="Run the command inside `systemd-run --user --scope`, or "
            f"`{deployment.command('start')}` after each login.",
        )
    ]


def host_problems(host: Host) -> list[Problem]:
    """Return what about the machine itself can't be helped."""
    found = []
    if host.system != "Linux" or host.machine not in MACHINES:
        what = f"the local target needs Linux on {' or '.join(MACHINES)}; this is {host.system} on {host.machine}."
        return [Problem("host", what, _ELSEWHERE)]
    if host.glibc is None:
        found.append(Problem("host", "the local target needs glibc; this system has another C library.", _ELSEWHERE))
    elif host.glibc < OLDEST_GLIBC:
        have, need = ".".join(map(str, host.glibc)), ".".join(map(str, OLDEST_GLIBC))
        found.append(
            Problem("host", f"the local target needs glibc {need} or later; this system has {have}.", _ELSEWHERE)
        )
    if not host.python:
        what = "the tools need Python 3.11 or 3.12; none is here and downloads of Python are turned off."
        found.append(Problem("host", what, "Install one, or allow uv to download it (UV_PYTHON_DOWNLOADS)."))
    return found


def folder_problems(deployment: Deployment) -> list[Problem]:
    """Return why the deployment can't be in this folder."""
    path = str(deployment.folder)
    hint = "Choose another folder with --dir."
    found = []
    if len(os.fsencode(path)) > LONGEST_FOLDER:
        found.append(Problem("host", f"the deployment's path is longer than {LONGEST_FOLDER} bytes.", hint))
    if bad := sorted({letter for letter in path if letter in UNUSABLE or not letter.isprintable()}):
        listed = " ".join(repr(letter)[1:-1] for letter in bad)
        found.append(Problem("host", f"the deployment's path has characters that tools can't use: {listed}", hint))
    return found


def needed_disk(catalogue: Catalogue, answers: Answers, deployment: Deployment) -> float:
    """Return the MiB that the chosen modules still need: what is there already needs none."""
    missing = [module for module in _chosen(catalogue, answers) if not _has_environments(deployment, module)]
    team = 0 if _has_environments(deployment, "environment") else ENVIRONMENT_DISK
    if not missing and not team:
        return 0.0
    return BASE_DISK + team + sum(catalogue.modules[module].footprint.disk for module in missing)


def _has_environments(deployment: Deployment, tool: str) -> bool:
    folder = deployment.services / tool
    return all((folder / spec.name / "bin" / "python").exists() for spec in find_tool(tool).environments({}))


def disk_problems(host: Host, needed: float) -> list[Problem]:
    """Return a problem when the deployment's file system has less than `needed` MiB."""
    if host.free >= needed:
        return []
    what = f"about {needed:.0f} MiB are needed where the deployment is, {host.free} MiB are free."
    return [Problem("host", what, "Make room, choose fewer modules, or another folder with --dir.")]


def port_conflicts(*, catalogue: Catalogue, answers: Answers, deployment: Deployment) -> list[PortConflict]:
    """Return the chosen modules' ports that others have or that are chosen twice; the deployment's own don't count."""
    chosen = _ports(catalogue, answers)
    if not chosen:
        return []
    found = ports.listeners()
    own = _own_pids(deployment)
    strangers = [item for item in found if item.pid is None or item.pid not in own]
    taken = {port for _, port in chosen} | {item.port for item in found}
    conflicts: list[PortConflict] = []
    first: dict[int, str] = {}
    for parameter, port in chosen:
        holder = ports.holder(port, strangers)
        if holder is None and port not in first:
            first[port] = parameter
            continue
        offer = ports.next_free(port, taken=taken, among=found)
        taken.add(offer)
        if holder is not None:
            other = deployment.sibling(holder.folder) if holder.folder else None
            conflicts.append(PortConflict(parameter, port, holder.pid, holder.command, offer, other))
        else:
            conflicts.append(PortConflict(parameter, port, None, f"also the value of {first[port]}", offer))
    return conflicts


def _own_pids(deployment: Deployment) -> Collection[int]:
    """Return every process that this deployment's supervisor runs."""
    if not installed(deployment.services):
        return frozenset()
    pid = Supervisor(deployment).pid()
    return ports.tree(pid) if pid is not None else frozenset()


def _chosen(catalogue: Catalogue, answers: Answers) -> Iterable[str]:
    return (module for module in catalogue.modules if module in answers.modules)


def _ports(catalogue: Catalogue, answers: Answers) -> list[tuple[str, int]]:
    """Return (parameter, port) of the chosen modules, in the catalogue's order."""
    wanted = set(_chosen(catalogue, answers))
    parameters = [item for item in catalogue.parameters.values() if item.widget.get("kind") == "port"]
    values = [
        (item.name, answers.parameters.get(item.name, item.default)) for item in parameters if item.module in wanted
    ]
    return [
        (name, int(value)) for name, value in values if isinstance(value, int | float) and not isinstance(value, bool)
    ]
