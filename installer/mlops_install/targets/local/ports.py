"""Who listens where: TCP listeners by process, the holder of a port, the next free one (psutil, /proc/net/tcp)."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from mlops_install.targets.local.guard import MARKER

_LONGEST_COMMAND = 80
"""Characters of a stranger's command that are shown: enough to know it by, and seldom its arguments' values."""


@dataclass(frozen=True, slots=True)
class Listener:
    """One listening TCP socket."""

    host: str
    port: int
    pid: int | None
    """None when it belongs to a process of another user."""

    @property
    def loopback(self) -> bool:
        """True when only this machine reaches it."""
        address = ipaddress.ip_address(self.host.partition("%")[0])
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        return (mapped or address).is_loopback

    def blocks(self) -> bool:
        """Return whether a bind to the same port of 127.0.0.1 fails because of it."""
        return self.host in ("127.0.0.1", "0.0.0.0", "::", "::ffff:127.0.0.1")  # noqa: S104 - compared, not bound


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that has a port."""

    pid: int | None
    command: str
    folder: Path | None = None
    """The deployment that the process is a service of; None when it is of none."""

    def __str__(self) -> str:
        if self.pid is None:
            return "a process of another user"
        process = f"process {self.pid} ({self.command})"
        return process if self.folder is None else f"the deployment in {self.folder}: {process}"


def listeners() -> tuple[Listener, ...]:
    """Return all listening TCP sockets of this machine (of this network namespace)."""
    import psutil

    return tuple(
        Listener(connection.laddr.ip, connection.laddr.port, connection.pid)
        for connection in psutil.net_connections(kind="tcp")
        if connection.status == psutil.CONN_LISTEN and connection.laddr
    )


def holder(port: int, among: Sequence[Listener] | None = None) -> Holder | None:
    """Return who keeps the port of 127.0.0.1 from being bound; None when it is free."""
    found = [item for item in (listeners() if among is None else among) if item.port == port and item.blocks()]
    if not found:
        return None
    pid = next((item.pid for item in found if item.pid is not None), None)
    return Holder(pid, command_of(pid), deployment_of(pid)) if pid is not None else Holder(None, "")


def deployment_of(pid: int) -> Path | None:
    """Return the folder of the deployment whose guard started the process, by its marker; None for any other."""
    try:
        environment = Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return None
    for entry in environment.split(b"\0"):
        name, _, value = entry.partition(b"=")
        if name == MARKER.encode():
            # FOLDER/services/TOOL/PROGRAM
            return Path(os.fsdecode(value)).parent.parent.parent
    return None


def command_of(pid: int) -> str:
    """Return a process's program and the first words after it; `ended` when it is gone."""
    import psutil

    try:
        process = psutil.Process(pid)
        program, *words = process.cmdline()[:3] or [process.name()]
        return " ".join([program.rpartition("/")[2], *words])[:_LONGEST_COMMAND]
    except psutil.NoSuchProcess:
        return "ended"
    except psutil.AccessDenied:
        return "another user's"


def tree(pid: int) -> frozenset[int]:
    """Return the pids of a process and all its descendants; empty when it is gone."""
    import psutil

    try:
        process = psutil.Process(pid)
        return frozenset({pid, *(child.pid for child in process.children(recursive=True))})
    except psutil.NoSuchProcess:
        return frozenset()


def next_free(port: int, *, taken: Collection[int] = (), among: Sequence[Listener] | None = None) -> int:
    """Return the first port above `port` that nobody listens on, that isn't in `taken`, and that can be bound.

    Raises OSError when there is none up to 65535.
    """
    busy = {item.port for item in (listeners() if among is None else among)} | set(taken)
    for candidate in range(port + 1, 65536):
        if candidate not in busy and _can_bind(candidate):
            return candidate
    raise OSError(f"no free port above {port}")


def _can_bind(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
