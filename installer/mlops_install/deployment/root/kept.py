"""What a deployment keeps from one plan to the next: namespaces with data, and how often releases failed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from mlops_install.answers.model import Answers
from mlops_install.answers.rules import value_of
from mlops_install.catalogue.model import Catalogue, Value
from mlops_install.deployment.layout import Deployment


def kept_namespaces(deployment: Deployment, catalogue: Catalogue, answers: Answers) -> list[str]:
    """Return the namespaces to keep beside those of the chosen modules, sorted.

    They are what was kept before, and those of installed modules' volumes: removing such a namespace would remove the
    volumes with it. What is installed is read from the approved `terraform.tfvars.json`.
    """
    approved = _approved(deployment)
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


def release_failures(deployment: Deployment, found: Iterable[str] = ()) -> dict[str, Value]:
    """Return the count that was approved for each release, one more for those that are found failed now."""
    counts = dict(_approved(deployment).get("release_failures") or {})
    for name in found:
        counts[name] = int(counts.get(name, 0)) + 1
    return counts


def _approved(deployment: Deployment) -> dict[str, Any]:
    try:
        return dict(json.loads(deployment.tfvars.read_bytes()))
    except FileNotFoundError:
        return {}
