"""supervisord of one deployment: its configuration, its start and its XML-RPC interface over a unix socket."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import xmlrpc.client
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlops_install.deployment.files import make_private, read_json, write_json, write_private
from mlops_install.deployment.layout import Deployment
from mlops_install.errors import InstallerError
from mlops_install.targets.local.supervision.guard import MARKER
from mlops_install.targets.local.supervision.locking import locked

LONGEST_SOCKET_PATH = 100
"""Bytes; sun_path holds 107 (unix(7)), and supervisord first binds a name a few bytes longer."""
_POLL = 0.05
_START_TIMEOUT = 20.0
_STOP_TIMEOUT = 30.0
"""Seconds: longer than supervisor waits for the slowest guard."""
_GONE = {6, 10, 70}
"""supervisor 4.3 xmlrpc.Faults: SHUTDOWN_STATE, BAD_NAME, NOT_RUNNING: what was to be ended has ended."""
_ALREADY = {60, 90}
"""ALREADY_STARTED, ALREADY_ADDED."""


@dataclass(frozen=True, slots=True)
class ProcessState:
    """What supervisor says of one program (its API, getProcessInfo)."""

    name: str
    state: str
    """STOPPED, STARTING, RUNNING, BACKOFF, STOPPING, EXITED, FATAL or UNKNOWN."""
    pid: int
    """The guard's pid; 0 when nothing runs."""
    started: float
    """Seconds since the epoch; 0 when it never ran."""
    exit_code: int
    problem: str
    """Why it couldn't be spawned; empty mostly."""


class _Connection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=30)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(30)
        self.sock.connect(self._path)


class _Transport(xmlrpc.client.Transport):
    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path

    def make_connection(self, host: Any) -> _Connection:
        connection = _Connection(self._path)
        # Where the base class looks for what it closes.
        self._connection = (host, connection)
        return connection


_SHUTDOWN_STATE = 6
"""supervisor.xmlrpc.Faults.SHUTDOWN_STATE (4.3): every call is refused from then on."""


class Supervisor:
    """The supervisord of a deployment; it may or may not run."""

    def __init__(self, deployment: Deployment) -> None:
        self.folder = deployment.services / "supervisor"
        self.services = deployment.services
        self.programs = self.folder / "conf.d"
        """One file a tool; supervisord ends with the last one."""
        self._lock = self.folder / "lock"
        self._record = self.folder / "socket.json"

    def prepare(self) -> None:
        """Make the folders."""
        make_private(self.programs)

    def call(self, method: str, *arguments: object) -> Any:
        """Call `supervisor.<method>`; raises OSError when nobody answers, xmlrpc.client.Fault when it is refused."""
        with xmlrpc.client.ServerProxy("http://localhost", transport=_Transport(str(self._socket()))) as server:
            try:
                return getattr(server.supervisor, method)(*arguments)
            except (http.client.HTTPException, xmlrpc.client.ProtocolError) as error:
                raise ConnectionError(f"supervisord did not answer {method}") from error
            except xmlrpc.client.Fault as fault:
                if fault.faultCode == _SHUTDOWN_STATE:
                    raise ConnectionError("supervisord is shutting down") from fault
                raise

    def alive(self) -> bool:
        """Return whether supervisord answers."""
        try:
            return bool(self.call("getState")["statename"] == "RUNNING")
        except OSError:
            return False

    def states(self) -> dict[str, ProcessState]:
        """Return the state of every program it knows, by name; empty when supervisord doesn't answer."""
        try:
            infos = self.call("getAllProcessInfo")
        except OSError:
            return {}
        return {
            info["name"]: ProcessState(
                name=info["name"],
                state=info["statename"],
                pid=int(info["pid"]),
                started=float(info["start"]),
                exit_code=int(info["exitstatus"]),
                problem=str(info["spawnerr"]),
            )
            for info in infos
        }

    def add(self, tool: str, text: str, names: Iterable[str]) -> None:
        """Make the tool's programs known, starting supervisord when needed; none of them is started."""
        self.prepare()
        with locked(self._lock):
            write_private(self.programs / f"{tool}.conf", text)
            if not self.alive():
                self._start()
            self.call("reloadConfig")
        for name in names:
            self._tolerate(_ALREADY, "addProcessGroup", name)

    def start_program(self, name: str) -> None:
        """Start one program without waiting for it."""
        self._tolerate(_ALREADY, "startProcess", name, False)

    def remove(self, tool: str, names: Iterable[str]) -> None:
        """Stop the tool's programs, forget them, and end supervisord when nothing is left for it. Idempotent."""
        known = set(names) | self._configured(tool)
        # A supervisord that ends meanwhile (the last tool's `down`) takes its programs along.
        with suppress(OSError):
            self.stop_programs(known)
            for name in known:
                self._tolerate(_GONE, "removeProcessGroup", name)
        if not self.folder.is_dir():
            return
        with locked(self._lock):
            (self.programs / f"{tool}.conf").unlink(missing_ok=True)
            if not any(self.programs.glob("*.conf")):
                self._shutdown()
            elif self.alive():
                self.call("reloadConfig")

    def stop_programs(self, names: Iterable[str]) -> None:
        """Stop programs side by side and wait until none of them runs, at the latest after the guards' grace."""
        wanted = set(names)
        with suppress(OSError):
            for name in wanted:
                self._tolerate(_GONE, "stopProcess", name, False)
        while any(state.pid and state.name in wanted for state in self.states().values()):
            time.sleep(_POLL)

    def shutdown(self) -> None:
        """End supervisord and all programs, and keep their configuration. Idempotent."""
        if self.folder.is_dir():
            with locked(self._lock):
                self._shutdown()

    def pid(self) -> int | None:
        """Return supervisord's pid when one of this deployment runs, whether it answers or not."""
        with suppress(FileNotFoundError, ValueError):
            pid = int((self.folder / "supervisord.pid").read_text())
            return pid if self._is_mine(pid) else None
        return None

    def _is_mine(self, pid: int) -> bool:
        """Return whether the process lives and is this deployment's supervisord: pids are used again."""
        with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
            marker = os.fsencode(f"{MARKER}={self.folder}")
            return marker in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        return False

    def temporary(self, tool: str) -> Path:
        """Return the tool's TMPDIR, made: in its folder, or in a short path where sockets in it would not fit."""
        path = self.services / tool / "tmp"
        # multiprocessing puts sockets of about 40 characters below TMPDIR.
        if len(os.fsencode(path)) > LONGEST_SOCKET_PATH - 40:
            self.prepare()
            with locked(self._lock):
                path = self._short(make=True) / tool
        make_private(path)
        return path

    def short_folder(self) -> Path | None:
        """Return the folder outside the deployment that long paths need; None when there is none."""
        return self._short() if self._record.is_file() else None

    def _tolerate(self, codes: set[int], method: str, *arguments: object) -> None:
        try:
            self.call(method, *arguments)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode not in codes:
                raise InstallerError(
                    f"supervisord refused {method} of {arguments[0]}: {fault.faultString}.",
                    hint=f"See {self.folder / 'supervisord.log'}.",
                ) from None

    def _configured(self, tool: str) -> set[str]:
        try:
            text = (self.programs / f"{tool}.conf").read_text()
        except FileNotFoundError:
            return set()
        return {line[9:-1] for line in text.splitlines() if line.startswith("[program:")}

    def _socket(self, *, make: bool = False) -> Path:
        """Return the socket's path: in the deployment when it is short enough, else in a recorded temporary folder."""
        usual = self.folder / "supervisor.sock"
        if len(os.fsencode(usual)) <= LONGEST_SOCKET_PATH:
            return usual
        return self._short(make=make) / "supervisor.sock"

    def _short(self, *, make: bool = False) -> Path:
        """Return the recorded temporary folder (0700, ours); `make` makes it anew where a reboot took it away."""
        recorded = Path(read_json(self._record)["folder"]) if self._record.is_file() else None
        if not make:
            return recorded or self.folder
        if recorded is not None:
            with suppress(FileExistsError):
                recorded.mkdir(mode=0o700)
            if _is_ours(recorded):
                return recorded
        folder = Path(tempfile.mkdtemp(prefix="mlops-"))
        write_json(self._record, {"folder": str(folder)})
        return folder

    def _start(self) -> None:
        """Start supervisord as a daemon with a built environment; called with the lock held."""
        # One that lives but can't be reached (its socket was deleted) would keep programs and ports.
        self._shutdown()
        address = self._socket(make=True)
        config = self.folder / "supervisord.conf"
        write_private(config, _supervisord_text(self.folder, address))
        result = subprocess.run(
            [sys.executable, "-m", "supervisor.supervisord", "-c", str(config)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=_environment(self.folder),
            umask=0o077,
            check=False,
        )
        deadline = time.monotonic() + _START_TIMEOUT
        while result.returncode == 0 and time.monotonic() < deadline:
            if self.alive():
                return
            time.sleep(_POLL)
        # Its usage hint, which comes last, helps nobody here.
        said = [
            line for line in (result.stdout + result.stderr).splitlines() if line and not line.startswith("For help")
        ]
        raise InstallerError(
            f"supervisord, which keeps the services running, did not start: {said[-1] if said else 'no reason given'}.",
            hint=f"See {self.folder / 'supervisord.log'}, then run the same command again.",
        )

    def _shutdown(self) -> None:
        """End supervisord, by signal where it doesn't answer; the guards end their programs when it is killed."""
        pid = self.pid()
        if pid is None:
            return
        try:
            self.call("shutdown")
        except (OSError, xmlrpc.client.Fault):
            _send(pid, signal.SIGTERM)
        deadline = time.monotonic() + _STOP_TIMEOUT
        while self._is_mine(pid):
            if time.monotonic() > deadline:
                _send(pid, signal.SIGKILL)
            time.sleep(_POLL)


def _send(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _is_ours(folder: Path) -> bool:
    with suppress(FileNotFoundError):
        status = folder.lstat()
        return status.st_uid == os.geteuid() and status.st_mode & 0o077 == 0
    return False


def _environment(folder: Path) -> Mapping[str, str]:
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(folder), MARKER: str(folder)}


def _supervisord_text(folder: Path, address: Path) -> str:
    """Return supervisord.conf; paths are relative to the working directory where supervisor splits or cuts them."""
    quoted = str(address).replace("%", "%%")
    return f"""[unix_http_server]
file={quoted}
chmod=0700

[supervisord]
logfile=supervisord.log
logfile_maxbytes=1MB
logfile_backups=1
pidfile=supervisord.pid
directory={str(folder).replace("%", "%%")}
umask=077
minfds=256
minprocs=64
nocleanup=true

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[include]
files=conf.d/*.conf
"""
