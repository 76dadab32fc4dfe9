"""Run one program and leave nothing of it behind: `python -I -S guard.py CONFIG.json`.

A stand-alone script of the standard library, started by supervisord once a program. It adopts every descendant
(PR_SET_CHILD_SUBREAPER, prctl(2)), ends all of them when the program ends, when it gets SIGTERM and when
supervisord dies (PR_SET_PDEATHSIG), and exits with the program's own code. What outlived a killed guard is
ended before the program starts again: it carries the marker in its environment.

CONFIG.json (0600): `argv`, `directory`, `environment` (complete, marker included), `secrets` (environment variable →
value), `redact` (values never to reach the log), `marker`, `grace` (seconds between SIGTERM and SIGKILL).
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import sys
import threading
import time
from typing import Any, NoReturn

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
MARKER = "MLOPS_INSTALL_SERVICE"
STOP_SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT})
LEFTOVER_GRACE = 2.0
"""Seconds that descendants get to end after the program itself has."""
LONGEST_LINE = 65536
"""Bytes of one log line that are looked at together for secrets."""
_FILTER = "../../words/secrets.py"
"""Where the filter is, seen from here."""

_LIBC = ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, value: int) -> None:
    if _LIBC.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl failed")


def _read(path: str) -> bytes:
    """Return a file's content; empty when it is gone or not ours to read."""
    try:
        with open(path, "rb") as stream:  # noqa: PTH123 - pathlib would double this script's start
            return stream.read()
    except OSError:
        return b""


def _pids() -> list[int]:
    with os.scandir("/proc") as entries:
        return [int(entry.name) for entry in entries if entry.name.isdigit()]


def _descendants() -> list[int]:
    """Return every living descendant of this process, zombies left out."""
    children: dict[int, list[int]] = {}
    for pid in _pids():
        fields = _read(f"/proc/{pid}/stat").rpartition(b")")[2].split()
        if len(fields) > 1 and fields[0] not in (b"Z", b"X", b"x"):
            children.setdefault(int(fields[1]), []).append(pid)
    found: list[int] = []
    queue = [os.getpid()]
    while queue:
        below = children.get(queue.pop(), [])
        found += below
        queue += below
    return found


def _signal(pids: list[int], number: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def _sweep(marker: str) -> None:
    """End what an earlier, killed guard of this program left behind."""
    wanted = f"{MARKER}={marker}".encode()
    deadline = time.monotonic() + 5.0
    while time.monotonic() < deadline:
        left = [p for p in _pids() if p != os.getpid() and wanted in _read(f"/proc/{p}/environ").split(b"\0")]
        if not left:
            return
        _signal(left, signal.SIGKILL)
        time.sleep(0.02)


def _execute(config: dict[str, Any], guard: int, output: int | None) -> NoReturn:
    """Become the program; only ever called in the forked child."""
    os.setpgid(0, 0)
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != guard:
        os._exit(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    if output is not None:
        os.dup2(output, 1)
        os.dup2(output, 2)
    os.chdir(config["directory"])
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
    environment = {**config["environment"], **config["secrets"]}
    os.execvpe(config["argv"][0], config["argv"], environment)  # noqa: S606 - a shell is what must not be there


def _start(config: dict[str, Any], output: int | None) -> int:
    """Fork the program and return its pid; it gets SIGKILL when this guard dies."""
    guard = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        _execute(config, guard, output)
    except OSError as error:
        os.write(2, f"guard: can't start {config['argv'][0]}: {error.strerror}\n".encode())
    finally:
        os._exit(127)


def _secret_filter(values: list[str]) -> Any:
    """Return a stream of the package's one filter: loaded by its path, as this script runs apart from the package."""
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("secrets_filter", os.path.join(os.path.dirname(__file__), _FILTER))  # noqa: PTH118, PTH120
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module.SecretFilter(values).stream()


def _pump(source: int, secrets: Any) -> None:
    """Copy the program's output to ours, whole lines at a time, with secrets taken out."""
    with os.fdopen(source, "rb", buffering=0) as stream:
        pending = b""
        while chunk := stream.read(LONGEST_LINE):
            lines, newline, pending = (pending + chunk).rpartition(b"\n")
            if len(pending) >= LONGEST_LINE:
                lines, newline, pending = lines + newline + pending, b"", b""
            _write(secrets.feed((lines + newline).decode(errors="surrogateescape")))
        _write(secrets.feed(pending.decode(errors="surrogateescape")) + secrets.end())


def _write(said: str) -> None:
    text = said.encode(errors="surrogateescape")
    # supervisord may be gone already: the program's end matters more than its last words.
    with contextlib.suppress(OSError):
        while text:
            text = text[os.write(1, text) :]


def _reap(program: int) -> int | None:
    """Collect whatever ended; return the program's exit code if it was among them (128 + signal when killed)."""
    code = None
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            if ended[0] == program:
                number = os.waitstatus_to_exitcode(ended[1])
                code = number if number >= 0 else 128 - number
    return code


def _watch(program: int, grace: float) -> int:
    """Wait for the program; pass a stop signal on, and kill it once its grace is over. Return its exit code."""
    waited = {*STOP_SIGNALS, signal.SIGCHLD}
    deadline: float | None = None
    while True:
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        got = signal.sigwaitinfo(waited) if left is None else signal.sigtimedwait(waited, left)
        code = _reap(program)
        if code is not None:
            return code
        if got is None:
            _signal([program], signal.SIGKILL)
            deadline = time.monotonic() + 5.0
        elif got.si_signo in STOP_SIGNALS and deadline is None:
            deadline = time.monotonic() + grace
            _signal([program], signal.SIGTERM)


def _end_descendants(program: int) -> None:
    """End everything the program left: SIGTERM once, SIGKILL after a short grace."""
    started = time.monotonic()
    asked: set[int] = set()
    while left := _descendants():
        late = time.monotonic() - started > LEFTOVER_GRACE
        if late and time.monotonic() - started > LEFTOVER_GRACE + 5.0:
            return
        _signal(left if late else [pid for pid in left if pid not in asked], signal.SIGKILL if late else signal.SIGTERM)
        asked.update(left)
        signal.sigtimedwait({signal.SIGCHLD}, 0.05)
        _reap(program)
    _reap(program)


def main(config_file: str) -> int:
    """Run the program that the file names and return its exit code."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {*STOP_SIGNALS, signal.SIGCHLD})
    parent = os.getppid()
    _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    if os.getppid() != parent:
        return 1
    config: dict[str, Any] = json.loads(_read(config_file))
    _sweep(config["marker"])
    source, output = os.pipe() if config["redact"] else (None, None)
    program = _start(config, output)
    pump = None
    if source is not None and output is not None:
        os.close(output)
        pump = threading.Thread(target=_pump, args=(source, _secret_filter(config["redact"])), daemon=True)
        pump.start()
    code = _watch(program, float(config["grace"]))
    _end_descendants(program)
    if pump is not None:
        pump.join(2.0)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
