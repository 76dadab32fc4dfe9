"""What the cluster's watcher is told: where to look, whose the pods are, and which parameters decide about them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from mlops_install.catalogue.model import Module, Value
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.runs.history import list_runs, read_record, read_result
from mlops_install.targets.context import Context


def watched(context: Context, deployment: Deployment, run: RunFolder) -> dict[str, Value]:
    """Return the context, each release's module and namespace, and each module's parameters for its pods."""
    variables = json.loads(run.tfvars.read_bytes())
    modules = context.catalogue("kubernetes").modules.values()
    releases: dict[str, Value] = {
        release.name: [module.id, variables[release.namespace]]
        for module in modules
        for release in module.releases
        if variables.get(release.namespace)
    }
    before = _before(context, deployment, run)
    return {
        "kubeconfig": str(variables.get("kubeconfig") or ""),
        "context": str(variables.get("kube_context") or ""),
        "releases": releases,
        "settings": {module.id: _settings(context, module, variables, before) for module in modules},
    }


def _settings(
    context: Context, module: Module, variables: Mapping[str, Value], before: Mapping[str, Value]
) -> list[Value]:
    changed = [
        parameter.name
        for parameter in context.catalogue("kubernetes").settings()
        if parameter.module == module.id and variables.get(parameter.name) != before.get(parameter.name)
    ]
    return [[pods.names, {**pods.parameters, "changed": changed}] for pods in module.pods]


def _before(context: Context, deployment: Deployment, run: RunFolder) -> Mapping[str, Value]:
    """Return the values of the last apply that went well; the defaults where there was none."""
    for earlier in reversed(list_runs(deployment)):
        result = None if earlier == run else read_result(earlier)
        if result is not None and result.exit_code == 0 and read_record(earlier).kind == "apply":
            values: Mapping[str, Value] = json.loads(earlier.tfvars.read_bytes())
            return values
    return {name: parameter.default for name, parameter in context.catalogue("kubernetes").parameters.items()}
