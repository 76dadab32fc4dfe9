"""Whether the target has room for the chosen modules."""

from __future__ import annotations

from typing import Literal

from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Catalogue, Footprint
from mlops_install.deployment.layout import Deployment
from mlops_install.operations.questions import Room


def measure_room(answers: Answers, catalogue: Catalogue, deployment: Deployment) -> Room:
    """Return what complete answers take against what the target has."""
    taken = [catalogue.modules[module].footprint for module in answers.modules if module in catalogue.modules]
    needed = Footprint(
        cpu=sum(footprint.cpu for footprint in taken),
        memory=sum(footprint.memory for footprint in taken),
        disk=sum(footprint.disk for footprint in taken),
    )
    if answers.target != "local":
        return Room(needed, needed.disk, None, None, ())
    from mlops_install.local.capacity import measure
    from mlops_install.local.preflight import needed_disk

    has = measure(deployment.folder)
    to_add = needed_disk(catalogue, answers, deployment)
    short: list[Literal["cpu", "memory", "disk"]] = []
    if needed.memory > has.memory:
        short.append("memory")
    if to_add > has.disk_free:
        short.append("disk")
    return Room(needed, to_add, Footprint(has.cpu, has.memory, has.disk_free), has.memory_free, tuple(short))
