"""What each service does now: supervisor, health reply and listening sockets compared."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from mlops_install.deployment.layout import Deployment
from mlops_install.targets.local import ports
from mlops_install.targets.local.health import Reply, ask
from mlops_install.targets.local.locking import is_locked
from mlops_install.targets.local.programs import ProgramRecord, installed
from mlops_install.targets.local.supervision import ProcessState, Supervisor

State = Literal["healthy", "starting", "down", "stranger"]
_WORST_FIRST: tuple[State, ...] = ("stranger", "down", "starting", "healthy")


@dataclass(frozen=True, slots=True)
class ProgramStatus:
    """One program of a tool."""

    name: str
    state: State
    pid: int
    """The pid of its guard; 0 when it doesn't run."""
    detail: str
    """One plain clause: why it is so."""


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """One installed tool."""

    tool: str
    module: str
    """The catalogue's module id; the tool's name."""
    state: State
    """The worst of its programs; `stranger`: somebody else has one of its ports."""
    address: str
    """Of its first program's first port: http where health is asked on that port, else tcp; empty without programs."""
    detail: str
    programs: tuple[ProgramStatus, ...] = ()


@dataclass(frozen=True, slots=True)
class _View:
    """One look at the machine, shared by all tools."""

    states: Mapping[str, ProcessState]
    listeners: tuple[ports.Listener, ...]


def inspect(deployment: Deployment) -> list[ServiceStatus]:
    """Return the state of every installed tool; works whether or not supervisord runs."""
    supervisor = Supervisor(deployment)
    tools = installed(deployment.services)
    busy = {path.parent.name for path in deployment.services.glob("*/lock") if is_locked(path)} - {"supervisor"}
    found = [ServiceStatus(tool, tool, "starting", "", "being set up") for tool in sorted(busy - tools.keys())]
    if not tools:
        return found
    view = _View(supervisor.states(), ports.listeners())
    replies = _ask_all([record for records in tools.values() for record in records])
    for tool, records in tools.items():
        status = _tool_status(tool, records, view, replies)
        if status.state == "down" and tool in busy:
            status = ServiceStatus(tool, tool, "starting", status.address, "being set up", status.programs)
        found.append(status)
    return sorted(found, key=lambda status: status.tool)


def inspect_tool(supervisor: Supervisor, tool: str, records: Sequence[ProgramRecord]) -> ServiceStatus:
    """Return the state of one tool with these programs."""
    view = _View(supervisor.states(), ports.listeners() if records else ())
    return _tool_status(tool, records, view, _ask_all(records))


def address_of(records: Sequence[ProgramRecord]) -> str:
    """Return where the tool is reached, from its first program."""
    if not records or not records[0].ports:
        return ""
    port, health = records[0].ports[0], records[0].health
    scheme = "http" if health is not None and urlsplit(health.url).port == port else "tcp"
    return f"{scheme}://127.0.0.1:{port}"


def _ask_all(records: Sequence[ProgramRecord]) -> dict[str, Reply]:
    asked = [(record.name, record.health) for record in records if record.health is not None]
    if not asked:
        return {}
    with ThreadPoolExecutor(max_workers=len(asked)) as pool:
        return dict(zip((name for name, _ in asked), pool.map(lambda item: ask(item[1]), asked), strict=True))


def _tool_status(
    tool: str, records: Sequence[ProgramRecord], view: _View, replies: Mapping[str, Reply]
) -> ServiceStatus:
    if not records:
        return ServiceStatus(tool, tool, "healthy", "", "installed; it has no program of its own")
    programs = tuple(_program_status(record, view, replies.get(record.name)) for record in records)
    worst = min(programs, key=lambda program: _WORST_FIRST.index(program.state))
    return ServiceStatus(tool, tool, worst.state, address_of(records), worst.detail, programs)


def _program_status(record: ProgramRecord, view: _View, reply: Reply | None) -> ProgramStatus:
    process = view.states.get(record.name)
    pid = process.pid if process else 0
    family = ports.tree(pid) if pid else frozenset()
    own = {item.port for item in view.listeners if item.pid in family}
    for port in record.ports:
        stranger = None if port in own else ports.holder(port, view.listeners)
        if stranger is not None:
            return ProgramStatus(record.name, "stranger", pid, f"port {port} is answered by {stranger}")
    public = next((item for item in view.listeners if item.pid in family and not item.loopback), None)
    if public is not None:
        return ProgramStatus(
            record.name, "down", pid, f"it listens on {public.host}:{public.port}, open to the network"
        )
    if process is None or not pid:
        said = f"supervisor says {process.state}" if process else "it does not run"
        waits = process is not None and process.state in ("STARTING", "BACKOFF")
        return ProgramStatus(record.name, "starting" if waits else "down", 0, said)
    missing = sorted(set(record.ports) - own)
    runs = process.state == "RUNNING" or (process.state == "STARTING" and reply is not None)
    if runs and not missing and (reply is None or reply.healthy):
        return ProgramStatus(record.name, "healthy", pid, reply.detail if reply else "it runs")
    patience = record.health.timeout if record.health else 30.0
    young = time.time() - process.started < patience
    detail = f"it does not listen on port {missing[0]} yet" if missing else reply.detail if reply else process.state
    return ProgramStatus(record.name, "starting" if young else "down", pid, detail)
