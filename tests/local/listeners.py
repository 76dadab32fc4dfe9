"""Who listens where: the processes of one deployment and their sockets."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

import psutil


def processes_of(folder: Path) -> list[psutil.Process]:
    """Return the live processes that belong to the deployment: its folder is in their environment or their argv."""
    needle = f"{folder}/".encode()
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        try:
            environ = Path(f"/proc/{process.pid}/environ").read_bytes()
            command = Path(f"/proc/{process.pid}/cmdline").read_bytes()
            if needle in environ + command and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (OSError, psutil.Error):
            continue
    return found


def listeners_of(folder: Path) -> set[tuple[str, int]]:
    """Return (address, port) of every TCP listener of the deployment's processes."""
    pids = {process.pid for process in processes_of(folder)}
    return {
        (connection.laddr.ip.removeprefix("::ffff:"), connection.laddr.port)
        for connection in psutil.net_connections("tcp")
        if connection.laddr and connection.status == psutil.CONN_LISTEN and connection.pid in pids
    }


@dataclass
class Sampler:
    """Samples the deployment's listeners in the background, three times a second."""

    folder: Path
    seen: set[tuple[str, int]] = field(default_factory=set)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Sampler:
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *details: object) -> None:
        self._stop.set()
        self._thread.join()
        self.seen |= listeners_of(self.folder)

    def _sample(self) -> None:
        while not self._stop.wait(0.3):
            self.seen |= listeners_of(self.folder)
