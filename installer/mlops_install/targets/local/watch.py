"""Write what the services say while a run lives: `python -m mlops_install.targets.local.watch RUN_DIR`.

New lines of every service's log and changes of supervisor's states go to the run's live.jsonl, one object a line.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from mlops_install.catalogue.model import Value
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.runs.watching import live_event, watch_to_the_end
from mlops_install.deployment.secrets import secret_filter
from mlops_install.errors import InstallerError
from mlops_install.targets.local.supervision.supervisor import Supervisor
from mlops_install.words.foreign import ForeignText

_POLL = 0.5
_CHUNK = 256 * 1024
"""Bytes of one log that are read a turn: a flood can't fill memory."""
_LONGEST_LINE = 4096
"""Characters of a log line that are passed on; the log has all."""


@dataclass(slots=True)
class _Tail:
    """One log file, read from where the last turn ended."""

    path: Path
    inode: int = 0
    offset: int = 0
    rest: bytes = b""

    def new_lines(self) -> list[str]:
        """Return complete lines written since the last call; starts over when supervisor began a new file."""
        try:
            with self.path.open("rb") as stream:
                status = os.fstat(stream.fileno())
                if (self.inode and status.st_ino != self.inode) or status.st_size < self.offset:
                    self.offset, self.rest = 0, b""
                self.inode = status.st_ino
                if status.st_size == self.offset:
                    return []
                stream.seek(self.offset)
                data = stream.read(_CHUNK)
        except OSError:
            return []
        self.offset += len(data)
        *lines, self.rest = (self.rest + data).split(b"\n")
        if len(self.rest) > _CHUNK:
            lines, self.rest = [*lines, self.rest], b""
        return [line.decode(errors="replace").rstrip("\r")[:_LONGEST_LINE] for line in lines if line.strip()]

    def skip(self) -> None:
        """Go to the end: what was there before the run is not the run's."""
        try:
            status = self.path.stat()
        except OSError:
            return
        self.inode, self.offset = status.st_ino, status.st_size


@dataclass(slots=True)
class Watch:
    """Follows the services of one deployment."""

    deployment: Deployment
    _tails: dict[Path, _Tail] = field(default_factory=dict)
    _states: dict[str, str] = field(default_factory=dict)
    _clean: ForeignText = field(default_factory=lambda: ForeignText(()))
    _secrets_seen: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for path in self._logs():
            self._tails[path] = tail = _Tail(path)
            tail.skip()
        self._states = self._current_states()

    def turn(self) -> list[dict[str, Value]]:
        """Return what is new since the last call, as live.jsonl objects."""
        self._read_secrets()
        return [*self._log_events(), *self._state_events()]

    def _logs(self) -> Iterable[Path]:
        return self.deployment.services.glob("*/logs/*.log")

    def _log_events(self) -> Iterable[dict[str, Value]]:
        for path in sorted(self._logs()):
            tail = self._tails.setdefault(path, _Tail(path))
            module, data = path.parent.parent.name, {"program": path.stem}
            for line in tail.new_lines():
                yield live_event("service_log", module, self._clean(line), data)

    def _current_states(self) -> dict[str, str]:
        supervisor = Supervisor(self.deployment)
        return {name: state.state for name, state in supervisor.states().items()}

    def _state_events(self) -> Iterable[dict[str, Value]]:
        states, before = self._current_states(), self._states
        self._states = states
        for name in sorted(states.keys() | before.keys()):
            state = states.get(name, "GONE")
            if state != before.get(name):
                module = self._module_of(name)
                yield live_event("service_state", module, f"{name} {state}", {"program": name, "state": state})

    def _module_of(self, program: str) -> str:
        found = next(self.deployment.services.glob(f"*/guard/{program}.json"), None)
        return found.parent.parent.name if found else ""

    def _read_secrets(self) -> None:
        files = (self.deployment.secrets, self.deployment.draft_secrets)
        seen = tuple(path.stat().st_mtime_ns if path.is_file() else 0 for path in files)
        if seen == self._secrets_seen:
            return
        try:
            self._clean = secret_filter(self.deployment)
            self._secrets_seen = seen
        except InstallerError:
            # Damaged or just being replaced: the values known so far still count, the next turn reads again.
            return


def watch(run: RunFolder) -> None:
    """Append to live.jsonl until the run is over, and what was said until then."""
    watch_to_the_end(run, Watch(Deployment(run.path.parent.parent)).turn, pause=_POLL)


def main(argv: list[str] | None = None) -> int:
    """Watch the run whose folder is the only argument."""
    os.umask(0o077)
    (folder,) = sys.argv[1:] if argv is None else argv
    watch(RunFolder(Path(folder).resolve()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
