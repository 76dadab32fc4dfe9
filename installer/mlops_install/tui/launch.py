"""How the verbs start the full-screen program."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from mlops_install.errors import ExitCode
from mlops_install.tui.app import WizardApp
from mlops_install.tui.following import calm_collector
from mlops_install.tui.steps import Step

if TYPE_CHECKING:
    from mlops_install.operations.context import Context
    from mlops_install.operations.interview import Interview


def run_tui(
    context: Context,
    interview: Interview | None = None,
    *,
    start_at: Step | None = None,
    no_color: bool = False,
) -> tuple[int, str]:
    """Run the guided setup until it is left; returns the exit code and a sentence for the terminal underneath.

    Without an interview the start screen makes one. `start_at` is a `Step`.
    """
    # A key waits this long at most for a thread that reads a run or looks at the disk (the usual 5 ms add up).
    sys.setswitchinterval(0.0005)
    calm_collector()
    app = WizardApp(context, interview, start_at=start_at, no_color=no_color)
    code = app.run()
    return (ExitCode.OK if code is None else code), app.farewell
