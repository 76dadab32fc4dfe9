"""What this machine or a cluster has and lacks for an installation, all findings at once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from mlops_install.answers.model import Answers
from mlops_install.deployment.history import in_flight
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.prepared import Prepared
from mlops_install.deployment.store import all_deployments
from mlops_install.errors import InstallerError, PreflightError, Problem
from mlops_install.targets.context import Context
from mlops_install.targets.records import Finding

if TYPE_CHECKING:
    from mlops_install.targets.kubernetes.releases import HelmRelease, MadeObject

SHARED_MACHINE = (
    "every user of this machine can reach the tools on loopback, and some of them (Dask, Prefect, MLServer) run code "
    "as the user who installed them"
)


def doctor(context: Context) -> Iterator[Finding]:
    """Check the program itself, Terraform, this machine, clusters and every deployment."""
    yield Finding("python", "ok", f"Python {sys.version.split()[0]} at {context.environment.python}")
    yield _terraform(context)
    yield _cli_configuration(context)
    catalogue = context.catalogue("local")
    everything = Answers(name="doctor", target="local", modules=tuple(catalogue.modules))
    everything = _with_defaults(everything, context)
    from mlops_install.targets.local import preflight

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
    for warning in machine_warnings(context):
        yield Finding(warning.subject or "machine", "warning", warning.message, warning.hint)
    from mlops_install.targets.kubernetes.doctor import clusters

    yield from clusters(context)
    for deployment in all_deployments(context.environment):
        yield _deployment(deployment)


def machine_warnings(context: Context) -> list[Problem]:
    """Return what an operator of the local target must know before installing, none of it in the way."""
    from mlops_install.targets.local import preflight

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


def refuse_unfit_machine(
    context: Context,
    prepared: Prepared,
    *,
    may_repair: Callable[[Sequence[HelmRelease | MadeObject]], bool] | None = None,
) -> tuple[Problem, ...]:
    """Return what an operator should know of a cluster that is in the way of nothing.

    Raises PreflightError with everything that is in the way of installing `prepared` where it is to be. Nothing is
    changed, but for a cluster's half-made releases of this deployment when `may_repair` says so.
    """
    if prepared.answers.target == "kubernetes":
        from mlops_install.targets.kubernetes.preflight import refuse_unfit_cluster

        return refuse_unfit_cluster(context, prepared, may_repair)
    from mlops_install.targets.local import preflight

    found = preflight.find_problems(
        catalogue=prepared.catalogue,
        answers=prepared.answers,
        deployment=prepared.deployment,
        environment=context.environment,
    )
    if found:
        raise PreflightError("this machine is not ready, nothing was changed", problems=found)
    return ()


def _with_defaults(answers: Answers, context: Context) -> Answers:
    from mlops_install.answers.check import complete

    return complete(answers, context.catalogue(answers.target))


def _probe(context: Context) -> Deployment:
    """Return a deployment that doesn't exist, where a new one would be."""
    return Deployment(context.environment.data_home / "doctor")


def _terraform(context: Context) -> Finding:
    try:
        binary = context.binary()
    except InstallerError as error:
        return Finding("terraform", "problem", error.message, error.hint)
    return Finding("terraform", "ok", f"{binary.kind} {binary.version}: {binary.why}")


def _cli_configuration(context: Context) -> Finding:
    from pathlib import Path

    name = context.environment.variables.get("TF_CLI_CONFIG_FILE")
    if name and not Path(name).is_file():
        return Finding(
            "terraform configuration",
            "warning",
            f"TF_CLI_CONFIG_FILE names a missing file ({name}); it is left out when Terraform is started",
            "Unset the variable, or make the file.",
        )
    return Finding("terraform configuration", "ok", "no broken CLI configuration")


def _deployment(deployment: Deployment) -> Finding:
    subject = f"deployment {deployment.name}"
    if not deployment.answers.is_file():
        return Finding(subject, "warning", "never installed", f"Its folder is {deployment.folder}.")
    run = in_flight(deployment)
    if run:
        return Finding(subject, "ok", f"run {run.id} goes on", f"`{deployment.command('attach')}` shows it.")
    if (deployment.folder / "errored.tfstate").is_file():
        return Finding(
            subject,
            "problem",
            "the last apply could not save its state: errored.tfstate holds it",
            f"`{deployment.command('terraform', '--', 'state', 'push', 'errored.tfstate')}`, then remove the file.",
        )
    return Finding(subject, "ok", f"in {deployment.folder}")
