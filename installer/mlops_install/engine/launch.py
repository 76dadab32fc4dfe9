"""Start a run's phase as a process of its own, which outlives whoever started it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from mlops_install.deployment.layout import RunFolder
from mlops_install.deployment.lock import Lock
from mlops_install.deployment.process_mark import mark
from mlops_install.deployment.runs.history import read_record, update_record
from mlops_install.deployment.runs.record import ProcessMark, State
from mlops_install.engine.child import STOP
from mlops_install.engine.process import UMASK, open_append
from mlops_install.errors import InstallerError
from mlops_install.paths import Environment

Phase = Literal["plan", "apply"]


def launch(
    run: RunFolder, phase: Phase, *, environment: Environment, lock: Lock | None = None, ready: int | None = None
) -> ProcessMark:
    """Start the runner of one phase in its own session, without a terminal, and return its mark.

    From here on the run is in flight. The runner takes over `lock`, the deployment's; without one it takes its own. It
    writes a byte to the descriptor `ready` once the run is approved, and closes it in any case. Raises InstallerError
    when the runner can't be started; then the lock stays with the caller.
    """
    state: State = "planning" if phase == "plan" else "applying"
    # Until the runner has signed, the run is ours: no moment in which it looks lost.
    ours = mark(os.getpid())
    before = read_record(run)
    update_record(run, state=state, runner=ours, terraform=None)
    # The runner begins with these held back, and takes them once it can pass them on: none ends it before.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
    arguments = [str(run.path), phase]
    arguments += ["--lock", str(lock.descriptor)] if lock else []
    arguments += ["--ready", str(ready)] if ready is not None else []
    inherited = [descriptor for descriptor in (lock.descriptor if lock else None, ready) if descriptor is not None]
    if lock:
        lock.handed_over = True
    try:
        pid = detach(
            "mlops_install.engine.runner", arguments, environment=environment, log=run.stderr, inherited=inherited
        )
    except InstallerError:
        if lock:
            lock.handed_over = False
        update_record(run, state=before.state, runner=None)
        raise
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    return _signed(run, pid, ours)


def detach(
    module: str, arguments: Sequence[str], *, environment: Environment, log: Path, inherited: Sequence[int] = ()
) -> int:
    """Start `python -m module` in its own session, without a terminal, its stderr appended to `log`; returns its pid.

    `inherited` are the descriptors that it gets, by the same numbers. Raises InstallerError when it can't be started.
    """
    # -P: the working folder must not offer modules.
    argv = [str(environment.python), "-P", "-m", module, *arguments]
    try:
        with open_append(log) as stderr:
            child = subprocess.Popen(
                argv,
                cwd=log.parent,
                env=dict(environment.variables),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                start_new_session=True,
                umask=UMASK,
                pass_fds=tuple(inherited),
            )
    except OSError as error:
        raise InstallerError(f"{argv[0]} can't be started: {error.strerror or error}.") from error
    return child.pid


def _signed(run: RunFolder, pid: int, ours: ProcessMark) -> ProcessMark:
    try:
        runner = mark(pid)
    except ProcessLookupError:
        # It is over already: a mark that matches no process, so that the run isn't taken for ours.
        runner = ProcessMark(pid=pid, started=0, boot_id=ours.boot_id)
        if update_record(run).runner != ours:
            return runner
    update_record(run, runner=runner)
    return runner
