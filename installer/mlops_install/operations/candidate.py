"""The values that a plan gets: the answers as Terraform reads them, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping

from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Catalogue, Value
from mlops_install.deployment.kept import kept_namespaces, release_failures
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.marker import read_marker
from mlops_install.deployment.secrets import next_revisions, read_secrets
from mlops_install.deployment.store import exists
from mlops_install.deployment.tfvars import render_tfvars


def internal_values(deployment: Deployment, catalogue: Catalogue, answers: Answers) -> dict[str, Value]:
    """Return what the installer itself gives to the target's stack."""
    values: dict[str, Value] = {}
    if answers.target == "local" and "service_digests" in catalogue.parameters:
        from mlops_install.local.digests import runtime_digests

        values["service_digests"] = runtime_digests()
    if "kept_namespaces" in catalogue.parameters:
        values["kept_namespaces"] = kept_namespaces(deployment, catalogue, answers)
    if "release_failures" in catalogue.parameters:
        values["release_failures"] = release_failures(deployment)
    return values


def candidate_tfvars(
    deployment: Deployment, catalogue: Catalogue, answers: Answers, secrets: Mapping[str, str]
) -> dict[str, Value]:
    """Return the `terraform.tfvars.json` that a plan of complete answers with these secrets would have."""
    approved = read_secrets(deployment.secrets)
    before = read_marker(deployment).secrets_revisions if exists(deployment) else {}
    revisions = next_revisions(approved, approved | dict(secrets), catalogue, before)
    internal = internal_values(deployment, catalogue, answers)
    return render_tfvars(answers, catalogue, revisions=revisions, internal=internal)
