"""Namespaces that a deployment keeps because they hold data of modules which aren't chosen any more."""

from __future__ import annotations

import json

from mlops_install.answers.model import Answers
from mlops_install.answers.rules import value_of
from mlops_install.catalogue.model import Catalogue
from mlops_install.deployment.layout import Deployment


def kept_namespaces(deployment: Deployment, catalogue: Catalogue, answers: Answers) -> list[str]:
    """Return the namespaces to keep beside those of the chosen modules, sorted.

    They are what was kept before, and those of installed modules' volumes: removing such a namespace would remove the
    volumes with it. What is installed is read from the approved `terraform.tfvars.json`.
    """
    try:
        approved = json.loads(deployment.tfvars.read_bytes())
    except FileNotFoundError:
        return []
    modules = catalogue.modules.values()
    kept = set(approved.get("kept_namespaces", ()))
    for module in modules:
        if approved.get(f"install_{module.id}"):
            kept |= {approved[name] for name in module.volumes if name in approved}
    used = {
        value_of(release.namespace, answers, catalogue)
        for module in modules
        if module.id in answers.modules
        for release in module.releases
    }
    return sorted(kept - used)
