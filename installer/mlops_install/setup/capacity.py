"""Whether the target has room for the chosen modules."""

from __future__ import annotations

from typing import Literal

from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Catalogue, Footprint
from mlops_install.deployment.layout import Deployment
from mlops_install.setup.questions import Room
from mlops_install.targets.context import Context
from mlops_install.targets.kubernetes.cluster import look
from mlops_install.targets.kubernetes.findings import Installation


def measure_room(context: Context, answers: Answers, catalogue: Catalogue, deployment: Deployment) -> Room:
    """Return what complete answers take, at the modules' defaults, against what the target has.

    Of a cluster only cores and memory are known, as far as they aren't requested yet.
    """
    taken = [catalogue.modules[module].footprint for module in answers.modules if module in catalogue.modules]
    needed = Footprint(
        cpu=sum(footprint.cpu for footprint in taken),
        memory=sum(footprint.memory for footprint in taken),
        disk=sum(footprint.disk for footprint in taken),
    )
    if answers.target != "local":
        return _on_cluster(context, answers, catalogue, deployment, needed)
    from mlops_install.targets.local.capacity import measure
    from mlops_install.targets.local.preflight import needed_disk

    has = measure(deployment.folder)
    to_add = needed_disk(catalogue, answers, deployment)
    short: list[Literal["cpu", "memory", "disk"]] = []
    if needed.memory > has.memory:
        short.append("memory")
    if to_add > has.disk_free:
        short.append("disk")
    return Room(needed, to_add, Footprint(has.cpu, has.memory, has.disk_free), has.memory_free, tuple(short))


def _on_cluster(
    context: Context, answers: Answers, catalogue: Catalogue, deployment: Deployment, needed: Footprint
) -> Room:
    """Hold what is still to come to what the nodes' pods don't request; what is installed is among these."""
    facts = look(context, answers)
    if facts is None or facts.nodes is None:
        return Room(needed, needed.disk, None, None, ())
    approved = Installation.of(deployment, catalogue, answers).approved
    to_come = [
        catalogue.modules[module].footprint
        for module in answers.modules
        if module in catalogue.modules and not approved.get(f"install_{module}")
    ]
    cpu, memory = sum(node.cpu for node in facts.nodes), sum(node.memory for node in facts.nodes)
    short: list[Literal["cpu", "memory", "disk"]] = []
    if sum(footprint.cpu for footprint in to_come) > cpu:
        short.append("cpu")
    if sum(footprint.memory for footprint in to_come) > memory:
        short.append("memory")
    disk = sum(footprint.disk for footprint in to_come)
    return Room(needed, disk, Footprint(cpu, memory, 0), memory, tuple(short))
