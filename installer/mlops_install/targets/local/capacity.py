"""What this machine has for the tools: cores, memory and disk."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Capacity:
    """What there is, and what of it is free now."""

    cpu: float
    """Cores that this process may use (sched_getaffinity(2))."""
    memory: float
    """MiB of physical memory."""
    memory_free: float
    """MiB that programs can get without swapping (proc_meminfo(5), MemAvailable)."""
    disk_free: float
    """MiB free for this user where the deployment is or will be."""


def measure(folder: Path) -> Capacity:
    """Look at this machine, for a deployment in this folder (which need not exist yet)."""
    import psutil

    memory = psutil.virtual_memory()
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    return Capacity(
        cpu=float(len(os.sched_getaffinity(0))),
        memory=memory.total / _MIB,
        memory_free=memory.available / _MIB,
        disk_free=shutil.disk_usage(existing).free / _MIB,
    )
