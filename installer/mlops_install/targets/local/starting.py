"""Start a tool's programs in order and wait until each works and owns its ports."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from mlops_install.errors import InstallerError
from mlops_install.targets.local import ports
from mlops_install.targets.local.health import ask
from mlops_install.targets.local.programs import ProgramRecord, log_of, telling_lines
from mlops_install.targets.local.supervision import ProcessState, Supervisor

_POLL = 0.12
"""Seconds between health calls."""
_STATES_EVERY = 4
"""Health calls between two questions to supervisor, which cost more."""
_MOST_STARTS = 3
"""Starts after which a program that keeps ending counts as failed."""
_BUSY_CPU = 1.0
"""Seconds of processor time, less than which within a program's patience means that it stands still."""
_LONGEST = 10
"""Times its patience a program may be busy before it counts as never healthy."""


@dataclass(slots=True)
class _Wait:
    """One program on its way."""

    record: ProgramRecord
    started: float = 0.0
    pids: set[int] = field(default_factory=set)
    waited_for: str = ""
    answers: bool = False
    """True when its last health call got the expected reply; it may still be a stranger's."""
    healthy: bool = False
    moved: float = 0.0
    """When it was last seen to have got on: a busy machine makes every start slow, and slow is not dead."""
    cpu: float = 0.0
    """Processor time, in seconds, that its processes had used then."""
    logged: int = 0
    """Bytes of its log then."""
    before: int = 0
    """Bytes that its log had before it was started: what earlier runs said."""

    @property
    def patience(self) -> float:
        """Seconds for which it may stand still."""
        return self.record.health.timeout if self.record.health else 30.0

    def gives_up(self, pid: int, folder: Path, now: float) -> bool:
        """Take note of whether it gets on; return whether it has stood still, or been busy, for too long."""
        cpu, logged = _cpu_seconds(pid), _size(log_of(folder, self.record.name))
        # Processes that ended take their time with them.
        if cpu >= self.cpu + _BUSY_CPU or cpu < self.cpu or logged != self.logged:
            self.moved, self.cpu, self.logged = now, cpu, logged
        return now > max(self.started, self.moved) + self.patience or now > self.started + _LONGEST * self.patience


def check_ports_free(records: Iterable[ProgramRecord]) -> None:
    """Raise InstallerError naming the holder of each port that the programs need and somebody else has."""
    wanted = [(record, port) for record in records for port in record.ports]
    if not wanted:
        return
    found = ports.listeners()
    taken = [(record.name, port, ports.holder(port, found)) for record, port in wanted]
    held = [f"port {port} of {name} is taken by {holder}" for name, port, holder in taken if holder is not None]
    if held:
        text = "; ".join(held)
        raise InstallerError(f"{text[0].upper()}{text[1:]}.", hint="Free the port, or choose another one with --set.")


def start_all(
    supervisor: Supervisor, folder: Path, records: Sequence[ProgramRecord], say: Callable[[str], None]
) -> None:
    """Start the programs (each after the one it names) and return when all are healthy.

    `say` gets `waiting for URL` lines. Raises InstallerError with the last log lines of the program that failed.
    """
    waits = {record.name: _Wait(record) for record in records}
    turn = 0
    while not all(wait.healthy for wait in waits.values()):
        for wait in waits.values():
            if not wait.started and _may_start(wait, waits):
                wait.before = _size(log_of(folder, wait.record.name))
                supervisor.start_program(wait.record.name)
                wait.started = time.monotonic()
                if wait.record.health:
                    say(f"waiting for {wait.record.health.url}")
        going = [wait for wait in waits.values() if wait.started and not wait.healthy]
        for wait in going:
            _ask(wait)
        if turn % _STATES_EVERY == 0 or any(wait.answers for wait in going):
            states = supervisor.states()
            for wait in going:
                _look(wait, states, folder)
        turn += 1
        if not all(wait.healthy or not wait.started for wait in waits.values()):
            time.sleep(_POLL)


def _may_start(wait: _Wait, waits: dict[str, _Wait]) -> bool:
    before = waits.get(wait.record.after)
    return before is None or before.healthy


def _ask(wait: _Wait) -> None:
    if wait.record.health is not None:
        reply = ask(wait.record.health)
        wait.answers, wait.waited_for = reply.healthy, reply.detail


def _look(wait: _Wait, states: dict[str, ProcessState], folder: Path) -> None:
    """Take one look at a started program: healthy, on its way, or failed (InstallerError)."""
    state = states.get(wait.record.name)
    if state is None:
        raise _failed(wait, folder, "supervisord has ended or lost it")
    if state.pid:
        wait.pids.add(state.pid)
    ended = state.state in ("FATAL", "EXITED", "BACKOFF")
    if state.state == "FATAL" or (ended and len(wait.pids) >= _MOST_STARTS) or len(wait.pids) > _MOST_STARTS:
        code = f" (exit status {state.exit_code})" if state.state in ("EXITED", "FATAL", "BACKOFF") else ""
        raise _failed(wait, folder, state.problem or f"it ended {max(1, len(wait.pids))} times while starting{code}")
    # Supervisor calls a program STARTING for its first second; a right answer says more.
    runs = state.state == "RUNNING" or (state.state == "STARTING" and wait.record.health is not None)
    if runs and (wait.record.health is None or wait.answers):
        wait.healthy = owns_ports(wait, state.pid, folder)
    if not wait.healthy and wait.gives_up(state.pid, folder, time.monotonic()):
        raise _failed(wait, folder, f"it was not healthy in time: {wait.waited_for or 'a port is missing'}")


def _cpu_seconds(pid: int) -> float:
    """Return the processor time that a process and all below it have used; 0 when there is none."""
    import psutil

    total = 0.0
    for member in ports.tree(pid) if pid else ():
        with suppress(psutil.Error):
            times = psutil.Process(member).cpu_times()
            total += times.user + times.system
    return total


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def owns_ports(wait: _Wait, pid: int, folder: Path) -> bool:
    """Return whether the program's processes listen on all its ports, and only on loopback.

    Raises InstallerError when one listens for the network, or when a stranger has a port.
    """
    found = ports.listeners()
    family = ports.tree(pid)
    own = [item for item in found if item.pid in family]
    if public := [item for item in own if not item.loopback]:
        raise _failed(wait, folder, f"it listens on {public[0].host}:{public[0].port}, open to the network")
    missing = set(wait.record.ports) - {item.port for item in own}
    for port in sorted(missing):
        if (holder := ports.holder(port, found)) is not None:
            raise _failed(wait, folder, f"its port {port} is taken by {holder}")
    return not missing


def _failed(wait: _Wait, folder: Path, why: str) -> InstallerError:
    name = wait.record.name
    lines = telling_lines(folder, name, since=wait.before)
    said = "\n".join(["Its log says:", *(f"  {line}" for line in lines)]) if lines else "Its log is empty."
    return InstallerError(
        f"The program {name} did not start: {why}.\n{said}",
        hint=f"The whole log is {log_of(folder, name)}. Correct the cause and run the same command again;"
        " what is installed stays.",
    )
