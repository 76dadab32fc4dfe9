"""What this machine, its targets and its deployments have and lack for an installation, all findings at once."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.runs.history import in_flight
from mlops_install.deployment.store import all_deployments
from mlops_install.errors import InstallerError
from mlops_install.targets.context import Context
from mlops_install.targets.records import Finding
from mlops_install.targets.registry import target, target_names


def doctor(context: Context) -> Iterator[Finding]:
    """Check the program itself, Terraform, every target and every deployment."""
    yield Finding("python", "ok", f"Python {sys.version.split()[0]} at {context.environment.python}")
    yield _terraform(context)
    yield _cli_configuration(context)
    for name in target_names(context.terraform_root):
        yield from target(name).doctor(context)
    for deployment in all_deployments(context.environment):
        yield _deployment(deployment)


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
