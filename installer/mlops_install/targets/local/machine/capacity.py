"""What this machine has for the tools: cores, memory and disk."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Literal

from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Catalogue, Footprint
from mlops_install.deployment.layout import Deployment
from mlops_install.targets.base import total
from mlops_install.targets.local.machine.preflight import needed_disk
from mlops_install.targets.records import Capacity

_MIB = 1 << 20


def capacity(answers: Answers, catalogue: Catalogue, deployment: Deployment) -> Capacity:
    """Return what complete answers take, against this machine's memory and what of its disk is free.

    Cores are those that this process may use (sched_getaffinity(2)), free memory is what programs can get without
    swapping (proc_meminfo(5), MemAvailable), disk what this user can write where the deployment is or will be.
    """
    import psutil

    needed = total(catalogue, answers.modules)
    to_add = needed_disk(catalogue, answers, deployment)
    memory = psutil.virtual_memory()
    has = Footprint(
        cpu=float(len(os.sched_getaffinity(0))), memory=memory.total / _MIB, disk=_free_disk(deployment.folder)
    )
    short: list[Literal["cpu", "memory", "disk"]] = []
    if needed.memory > has.memory:
        short.append("memory")
    if to_add > has.disk:
        short.append("disk")
    return Capacity(needed, to_add, has, memory.available / _MIB, tuple(short))


def _free_disk(folder: Path) -> float:
    """Return the MiB free for a folder, which need not exist yet."""
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    return shutil.disk_usage(existing).free / _MIB
