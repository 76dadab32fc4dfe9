"""The laptop preset, installed once for all tests of this folder."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from tests.local.listeners import Sampler, processes_of
from tests.program import Program

PORTS = (
    "jupyterhub_port",
    "jupyterhub_hub_port",
    "jupyterhub_proxy_api_port",
    "prefect_port",
    "prefect_worker_health_port",
    "dask_scheduler_port",
    "dask_dashboard_port",
    "feast_port",
    "mlflow_port",
    "seldon_port",
    "seldon_grpc_port",
    "seldon_metrics_port",
)
MODULES = ("jupyterhub", "prefect", "dask", "feast", "mlflow", "seldon")


def free_ports(count: int) -> list[int]:
    """Return that many distinct free TCP ports on loopback."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()


@dataclass(frozen=True)
class Laptop:
    """The installed laptop preset and what its installation said."""

    program: Program
    folder: Path
    ports: dict[str, int]
    events: list[dict[str, Any]]
    listeners: set[tuple[str, int]]

    @property
    def result(self) -> dict[str, Any]:
        data: dict[str, Any] = self.events[-1]["data"]
        return data

    def secrets(self) -> dict[str, str]:
        """Return the deployment's secrets by name."""
        values: dict[str, str] = json.loads((self.folder / "secrets.tfvars.json").read_text())
        return values


def started(laptop: Laptop) -> dict[str, set[tuple[int, float]]]:
    """Return (pid, start time) of the processes of each tool, by the folder that their environment names."""
    found: dict[str, set[tuple[int, float]]] = {module: set() for module in MODULES}
    for process in processes_of(laptop.folder):
        environ = Path(f"/proc/{process.pid}/environ").read_bytes()
        for module in MODULES:
            if f"MLOPS_INSTALL_SERVICE={laptop.folder}/services/{module}/".encode() in environ:
                found[module].add((process.pid, process.create_time()))
    return found


@pytest.fixture(scope="session")
def short_root() -> Iterator[Path]:
    """A folder with a short path: sockets below it must fit into 107 bytes."""
    root = Path(tempfile.mkdtemp(prefix="mlops-"))
    yield root
    left = processes_of(root)
    for process in left:
        # Ended by itself meanwhile.
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, timeout=30)
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
def laptop(short_root: Path) -> Laptop:
    """`quick laptop`, once; every port is one that was free."""
    program = Program(short_root)
    folder = program.folder("laptop")
    ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
    sets = [f"--set={name}={port}" for name, port in ports.items()]
    with Sampler(folder) as sampler:
        events = program.lines("quick", "laptop", "--yes", "--non-interactive", "--no-verify", *sets, timeout=900)
    return Laptop(program, folder, ports, events, set(sampler.seen))
