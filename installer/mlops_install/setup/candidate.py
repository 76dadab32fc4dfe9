"""The values that a plan gets: the answers as Terraform reads them, before anything is written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress

from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Catalogue, Value
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.marker import read_marker
from mlops_install.deployment.root.tfvars import render_tfvars
from mlops_install.deployment.secrets import next_revisions, read_secrets
from mlops_install.deployment.store import exists
from mlops_install.environment.packages import PARAMETER, Pins, key_of, pin
from mlops_install.targets.context import Context
from mlops_install.targets.registry import target

PACKAGES = "environment_packages"
"""The stack's variable for what `singleuser_packages` came to."""


def internal_values(deployment: Deployment, catalogue: Catalogue, answers: Answers) -> dict[str, Value]:
    """Return what the installer itself gives to the target's stack, without asking anybody.

    Packages that are new to the deployment are not in it: `pinned_packages` resolves them.
    """
    values = target(answers.target).planning.internal_values(deployment, catalogue, answers)
    if PACKAGES in catalogue.parameters:
        values[PACKAGES] = _as_value(_known_pins(deployment, _packages(answers)) or Pins())
    return values


def pinned_packages(context: Context, deployment: Deployment, catalogue: Catalogue, answers: Answers) -> Value:
    """Return what the team's packages come to: as approved while they and the locks are the same, else resolved now.

    None for a stack without them. Raises UsageError for packages that don't fit, InstallerError when the index can't
    be reached.
    """
    if PACKAGES not in catalogue.parameters:
        return None
    packages = _packages(answers)
    known = _known_pins(deployment, packages)
    return _as_value(known or pin(packages, context.environment.variables))


def _packages(answers: Answers) -> list[str]:
    return [str(package) for package in answers.parameters.get(PARAMETER) or ()]


def _known_pins(deployment: Deployment, packages: list[str]) -> Pins | None:
    """Return the approved pins when they were made for these packages and these locks, else None."""
    if not packages:
        return Pins()
    with suppress(FileNotFoundError, ValueError, TypeError, AttributeError):
        known = json.loads(deployment.tfvars.read_text(encoding="utf-8")).get(PACKAGES)
        pins = Pins(**known)
        return pins if pins.key == key_of(packages) else None
    return None


def _as_value(pins: Pins) -> dict[str, Value]:
    return {"environment": pins.environment, "serving": pins.serving, "key": pins.key}


def candidate_tfvars(
    deployment: Deployment, catalogue: Catalogue, answers: Answers, secrets: Mapping[str, str]
) -> dict[str, Value]:
    """Return the `terraform.tfvars.json` that a plan of complete answers with these secrets would have."""
    approved = read_secrets(deployment.secrets)
    before = read_marker(deployment).secrets_revisions if exists(deployment) else {}
    revisions = next_revisions(approved, approved | dict(secrets), catalogue, before)
    internal = internal_values(deployment, catalogue, answers)
    return render_tfvars(answers, catalogue, revisions=revisions, internal=internal)
