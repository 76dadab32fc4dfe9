"""Start a run's phase as a process of its own, which outlives whoever started it (DESIGN §6)."""

from __future__ import annotations

import os
import subprocess
from typing import Literal

from mlops_install.deployment.history import read_record, update_record
from mlops_install.deployment.layout import RunFolder
from mlops_install.deployment.process_mark import mark
from mlops_install.deployment.record import ProcessMark, State
from mlops_install.engine.process import UMASK, open_append
from mlops_install.errors import InstallerError
from mlops_install.paths import Environment

Phase = Literal["plan", "apply"]


def launch(run: RunFolder, phase: Phase, *, environment: Environment) -> ProcessMark:
    """Start the runner of one phase in its own session, without a terminal, and return its mark.

    From here on the run is in flight. Raises InstallerError when the runner can't be started.
    """
    state: State = "planning" if phase == "plan" else "applying"
    # Until the runner has signed, the run is ours: no moment in which it looks lost.
    ours = mark(os.getpid())
    before = read_record(run)
    update_record(run, state=state, runner=ours, terraform=None)
    # -P: the deployment's folder, the working folder, must not offer modules.
    argv = [str(environment.python), "-P", "-m", "mlops_install.engine.runner", str(run.path), phase]
    try:
        with open_append(run.stderr) as stderr:
            child = subprocess.Popen(
                argv,
                cwd=run.path.parent.parent,
                env=dict(environment.variables),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                start_new_session=True,
                umask=UMASK,
            )
    except OSError as error:
        update_record(run, state=before.state, runner=None)
        raise InstallerError(f"{argv[0]} can't be started: {error.strerror or error}.") from error
    return _signed(run, child.pid, ours)


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
