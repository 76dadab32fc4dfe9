"""Whether the server on this machine works: processor time of the process that listens at an address (Linux)."""

from __future__ import annotations

import urllib.parse
from pathlib import Path

_LISTENS = "0A"
"""State of a listening socket in /proc/net/tcp (proc(5))."""


def processor_time(url: str) -> int | None:
    """Return the clock ticks that the listener at a loopback URL has used; None where it can't be found."""
    port = urllib.parse.urlsplit(url).port
    if port is None:
        return None
    pid = _owner(_inodes(port))
    if pid is None:
        return None
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[11]) + int(fields[12])  # utime and stime, counted from the state


def _inodes(port: int) -> set[str]:
    """Return the socket inodes that listen on a TCP port."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for fields in map(str.split, lines):
            if fields[3] == _LISTENS and int(fields[1].rpartition(":")[2], 16) == port:
                found.add(f"socket:[{fields[9]}]")
    return found


def _owner(sockets: set[str]) -> str | None:
    """Return the process that has one of the sockets open; those of other users can't be seen."""
    if not sockets:
        return None
    for process in Path("/proc").glob("[0-9]*"):
        try:
            descriptors = list((process / "fd").iterdir())
        except OSError:
            continue
        for descriptor in descriptors:
            try:
                if str(descriptor.readlink()) in sockets:
                    return process.name
            except OSError:
                continue
    return None
