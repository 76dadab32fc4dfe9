"""Real supervisord, real guards, small programs in the tools' place."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from mlops_install.catalogue.model import Value
from mlops_install.deployment.files import make_private
from mlops_install.deployment.layout import Deployment
from mlops_install.targets.local.service import Service
from mlops_install.targets.local.supervision import control
from mlops_install.targets.local.tool import EnvironmentSpec, Health, Program, ToolContext

PROGRAM = Path(__file__).parent / "fake_program.py"


@dataclass
class FakeTool:
    """A tool whose programs are `fake_program.py` with the arguments that a test gives."""

    name: str = "alpha"
    title: str = "Alpha"
    version: str = "1"
    secret_names: Sequence[str] = ()
    programs_of: Callable[[ToolContext], tuple[Program, ...]] = lambda context: ()
    texts: Mapping[str, str] = field(default_factory=dict)

    def environments(self, settings: Mapping[str, Value]) -> tuple[EnvironmentSpec, ...]:
        return ()

    def render(self, context: ToolContext) -> Mapping[Path, str]:
        return {context.config / name: text for name, text in self.texts.items()}

    def programs(self, context: ToolContext) -> tuple[Program, ...]:
        return self.programs_of(context)


def program(name: str, port: int, *options: str, ports: tuple[int, ...] = (), **other: object) -> Program:
    """Return a program that serves `fine` on the port."""
    health = Health(f"http://127.0.0.1:{port}/", "fine", timeout=20)
    argv = (sys.executable, str(PROGRAM), str(port), *options)
    return Program(name=name, argv=argv, ports=ports or (port,), health=health, **other)  # type: ignore[arg-type]


def fake_service(deployment: Deployment) -> list[str]:
    """Return the command that stands for `bin/service` with fake tools."""
    repository = PROGRAM.parents[2]
    path = f"PYTHONPATH={repository}:{repository / 'installer'}"
    script = str(PROGRAM.with_name("fake_service.py"))
    return ["/usr/bin/env", path, sys.executable, script, "--deployment", str(deployment.folder)]


def eventually(condition: Callable[[], bool], *, seconds: float = 20.0) -> bool:
    """Return whether the condition comes true; asks it again and again."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def processes_of(folder: Path) -> list[psutil.Process]:
    """Return every living process that carries a marker in the folder."""
    found = []
    for process in psutil.process_iter():
        try:
            environment = Path(f"/proc/{process.pid}/environ").read_bytes()
        except OSError:
            continue
        if f"MLOPS_INSTALL_SERVICE={folder}".encode() in environment:
            found.append(process)
    return found


def listening(port: int) -> bool:
    """Return whether anything accepts connections on the port."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    """Return an empty deployment; whatever a test leaves running ends with it."""
    made = Deployment(tmp_path / "demo 100%")
    make_private(made.folder)
    yield made
    control.end_all(made)
    assert processes_of(made.services) == []


@pytest.fixture
def free_ports() -> list[int]:
    """Return ports that were free a moment ago."""
    sockets = [socket.socket() for _ in range(4)]
    for item in sockets:
        item.bind(("127.0.0.1", 0))
    numbers = [item.getsockname()[1] for item in sockets]
    for item in sockets:
        item.close()
    return numbers


@dataclass
class Bench:
    """Brings fake tools up and down and keeps what they print."""

    deployment: Deployment
    lines: list[str] = field(default_factory=list)

    def service(self, tool: FakeTool, *, digest: str = "1") -> Service:
        return Service(self.deployment, tool, digest=digest, variables={}, say=self.lines.append)

    def up(self, tool: FakeTool, settings: Mapping[str, Value] | None = None, *, digest: str = "1") -> None:
        self.service(tool, digest=digest).up(settings or {})

    def down(self, tool: FakeTool) -> None:
        self.service(tool).down()


@pytest.fixture
def bench(deployment: Deployment) -> Bench:
    return Bench(deployment)
