"""How the modules in a cluster are, and whether each answers a call that means something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Catalogue
from mlops_install.deployment.layout import Deployment
from mlops_install.operations.cluster import connect, refuse_other_cluster
from mlops_install.operations.context import Context
from mlops_install.operations.records import ServiceState


def cluster_states(
    context: Context, deployment: Deployment, catalogue: Catalogue, answers: Answers, published: Mapping[str, Any]
) -> list[ServiceState]:
    """Return the state of every chosen module; a server of the operator's own isn't asked and so isn't listed.

    Raises PreflightError when the context isn't there or leads to another cluster, ClusterError when it can't be asked.
    """
    from mlops_install.live.facts import cluster_uid
    from mlops_install.live.health import ask

    cluster = connect(context, answers)
    refuse_other_cluster(deployment, cluster_uid(cluster), cluster.access.context)
    health, addresses = dict(published.get("health") or {}), dict(published.get("addresses") or {})
    states: list[ServiceState] = []
    for module in (name for name in catalogue.modules if name in answers.modules):
        address = str(addresses.get(module, ""))
        if module not in addresses:
            hint = f"never came up; `mlops-install apply {deployment.name}` carries on"
            states.append(ServiceState(module, module, "down", "", hint))
        elif module in health:
            state, detail = ask(cluster, health[module])
            states.append(ServiceState(module, module, state, address, detail))
    return states
