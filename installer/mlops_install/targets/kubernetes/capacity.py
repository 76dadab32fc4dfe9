"""Whether a cluster's nodes have room for the chosen modules."""

from __future__ import annotations

from typing import Literal

from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Catalogue, Footprint
from mlops_install.deployment.layout import Deployment
from mlops_install.targets.base import total
from mlops_install.targets.context import Context
from mlops_install.targets.kubernetes.cluster import look
from mlops_install.targets.kubernetes.preflight.findings import Installation
from mlops_install.targets.records import Capacity


def capacity(context: Context, answers: Answers, catalogue: Catalogue, deployment: Deployment) -> Capacity:
    """Hold what is still to come to what the nodes' pods don't request; what is installed is among these.

    Only cores and memory are known of a cluster.
    """
    needed = total(catalogue, answers.modules)
    facts = look(context, answers)
    if facts is None or facts.nodes is None:
        return Capacity(needed, needed.disk, None, None, ())
    approved = Installation.of(deployment, catalogue, answers).approved
    to_come = total(catalogue, [module for module in answers.modules if not approved.get(f"install_{module}")])
    cpu, memory = sum(node.cpu for node in facts.nodes), sum(node.memory for node in facts.nodes)
    short: list[Literal["cpu", "memory", "disk"]] = []
    if to_come.cpu > cpu:
        short.append("cpu")
    if to_come.memory > memory:
        short.append("memory")
    return Capacity(needed, to_come.disk, Footprint(cpu, memory, 0), memory, tuple(short))
