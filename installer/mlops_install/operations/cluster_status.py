"""How the modules in a cluster are, and whether each answers a call that means something."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Catalogue
from mlops_install.deployment.layout import Deployment
from mlops_install.operations.cluster import connect, refuse_other_cluster
from mlops_install.operations.context import Context
from mlops_install.operations.records import CheckReport, ServiceState, StepReport


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


def cluster_checks(
    context: Context, deployment: Deployment, catalogue: Catalogue, answers: Answers, published: Mapping[str, Any]
) -> Iterator[CheckReport]:
    """Ask each module the call that means something, through the API server; what is not chosen is `not installed`."""
    for module in catalogue.modules:
        if module not in answers.modules:
            yield CheckReport(module, "not installed", 0.0, (), "")
            continue
        begun = time.monotonic()
        alone = Answers(answers.name, answers.target, (module,), answers.parameters)
        for state in cluster_states(context, deployment, catalogue, alone, published):
            good = state.state == "healthy"
            step = StepReport("answers a call that needs all it stands on", good, state.detail)
            seconds = time.monotonic() - begun
            yield CheckReport(module, "passed" if good else "failed", seconds, (step,), "" if good else state.detail)
