"""How the modules in a cluster are, and whether each answers a call that means something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Catalogue
from mlops_install.deployment.layout import Deployment
from mlops_install.targets.context import Context
from mlops_install.targets.kubernetes.cluster import connect, refuse_other_cluster
from mlops_install.targets.records import ServiceState

if TYPE_CHECKING:
    from mlops_install.targets.kubernetes.api import Cluster


def cluster_states(
    context: Context, deployment: Deployment, catalogue: Catalogue, answers: Answers, published: Mapping[str, Any]
) -> list[ServiceState]:
    """Return the state of every chosen module; a server of the operator's own isn't asked and so isn't listed.

    Raises PreflightError when the context isn't there or leads to another cluster, ClusterError when it can't be asked.
    """
    from mlops_install.targets.kubernetes.facts import cluster_uid
    from mlops_install.targets.kubernetes.models import served_models
    from mlops_install.targets.served import with_models

    cluster = connect(context, answers)
    refuse_other_cluster(deployment, cluster_uid(cluster), cluster.access.context)
    chosen = [module for module in catalogue.modules if module in answers.modules]
    states = module_states(cluster, deployment, chosen, published)
    return with_models(states, lambda: served_models(cluster, str(answers.parameters.get("seldon_namespace") or "")))


def module_states(
    cluster: Cluster, deployment: Deployment, modules: Iterable[str], published: Mapping[str, Any]
) -> list[ServiceState]:
    """Return the states of modules in a cluster that is known to be the deployment's, in their order."""
    from mlops_install.targets.kubernetes.health import ask

    health, addresses = dict(published.get("health") or {}), dict(published.get("addresses") or {})
    states: list[ServiceState] = []
    for module in modules:
        address = str(addresses.get(module, ""))
        if module not in addresses:
            hint = f"never came up; `{deployment.command('apply')}` carries on"
            states.append(ServiceState(module, module, "down", "", hint))
        elif module in health:
            state, detail = ask(cluster, health[module])
            states.append(ServiceState(module, module, state, address, detail))
    return states
