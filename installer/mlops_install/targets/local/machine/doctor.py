"""What `doctor` says of this machine, and what an operator must know before installing on it."""

from __future__ import annotations

from collections.abc import Iterator

from mlops_install.answers.check import complete
from mlops_install.answers.model import Answers
from mlops_install.deployment.layout import Deployment
from mlops_install.errors import Problem
from mlops_install.targets.context import Context
from mlops_install.targets.local.machine import preflight
from mlops_install.targets.local.target import SHARED_MACHINE, TARGET
from mlops_install.targets.records import Finding


def findings(context: Context) -> Iterator[Finding]:
    """Check this machine with all modules at their defaults."""
    catalogue = context.catalogue(TARGET.name)
    everything = complete(Answers(name="doctor", target=TARGET.name, modules=tuple(catalogue.modules)), catalogue)
    found = preflight.find_problems(
        catalogue=catalogue, answers=everything, deployment=_probe(context), environment=context.environment
    )
    ours = {conflict.parameter: conflict for conflict in preflight.port_conflicts(
        catalogue=catalogue, answers=everything, deployment=_probe(context)
    ) if conflict.holder}  # fmt: skip
    in_the_way = [problem for problem in found if problem.subject not in ours]
    yield from (Finding(p.subject or "machine", "problem", p.message, p.hint) for p in in_the_way)
    if not in_the_way:
        yield Finding("machine", "ok", "platform, disk, ports and paths fit all six tools at their defaults")
    for name in dict.fromkeys(conflict.holder.name for conflict in ours.values() if conflict.holder):
        hint = "A second deployment needs other ports; `quick` offers the next free ones."
        yield Finding("ports", "ok", f"the deployment {name} holds its ports", hint)
    for warning in warnings(context):
        yield Finding(warning.subject or "machine", "warning", warning.message, warning.hint)


def warnings(context: Context) -> list[Problem]:
    """Return what an operator must know before installing, none of it in the way."""
    found = list(preflight.warnings(deployment=_probe(context), environment=context.environment))
    found.append(
        Problem("shared machine", SHARED_MACHINE, "On a machine with other users, think of what that lets them do.")
    )
    if context.environment.uid == 0:
        found.append(
            Problem(
                "root",
                "the tools run as root, notebooks included, without isolation between JupyterHub's users",
                "Install as an ordinary user unless this machine is yours alone.",
            )
        )
    return found


def _probe(context: Context) -> Deployment:
    """Return a deployment that doesn't exist, where a new one would be."""
    return Deployment(context.environment.data_home / "doctor")
