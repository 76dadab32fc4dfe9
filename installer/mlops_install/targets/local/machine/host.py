"""What this machine is, as far as the local target cares; read once, judged elsewhere."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mlops_install.targets.local.environments import SUPPORTED

MIB = 1 << 20
_TIMEOUT = 20.0


@dataclass(frozen=True, slots=True)
class Host:
    """Facts about this machine."""

    system: str
    """`Linux`, `Darwin`, … (platform.system)."""
    machine: str
    """`x86_64`, `aarch64`, …"""
    glibc: tuple[int, int] | None
    """None where another C library runs (musl)."""
    python: bool
    """True when a Python that the locks cover runs, or uv finds or may download one."""
    free: int
    """MiB free for this user where the deployment is or will be."""
    kills_user_processes: bool = False
    """True when logging out ends what the user left running (logind.conf, KillUserProcesses)."""


def read_host(folder: Path, variables: Mapping[str, str]) -> Host:
    """Look at this machine, for a deployment in this folder (which need not exist yet)."""
    return Host(
        system=platform.system(),
        machine=platform.machine(),
        glibc=_glibc(),
        python=_has_python(variables),
        free=_free(folder),
        kills_user_processes=_kills_user_processes(),
    )


def _glibc() -> tuple[int, int] | None:
    try:
        name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
    except (ValueError, OSError):
        return None
    match = re.match(r"(\d+)\.(\d+)", version)
    return (int(match[1]), int(match[2])) if name == "glibc" and match else None


def _free(folder: Path) -> int:
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    return shutil.disk_usage(existing).free // MIB


def _has_python(variables: Mapping[str, str]) -> bool:
    if sys.version_info[:2] in SUPPORTED:
        return True
    if variables.get("UV_PYTHON_DOWNLOADS", "").lower() not in ("never", "manual") and not variables.get("UV_OFFLINE"):
        return True
    import uv

    command = [uv.find_uv_bin(), "python", "find", "--no-project", ">=3.11,<3.13"]
    return _run(command, variables) is not None


def _kills_user_processes() -> bool:
    """Ask logind; root is excluded from it by default (logind.conf(5), KillExcludeUsers)."""
    loginctl = shutil.which("loginctl")
    if os.geteuid() == 0 or loginctl is None:
        return False
    answer = _run([loginctl, "show-user", "--property=KillUserProcesses", "--value"], None)
    return (answer or "").strip() == "yes"


def _run(command: list[str], variables: Mapping[str, str] | None) -> str | None:
    try:
        result = subprocess.run(
            command,
            env=variables,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return result.stdout if result.returncode == 0 else None
