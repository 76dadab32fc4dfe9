"""How the verbs start the full-screen program."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, Final

from mlops_install.errors import ExitCode
from mlops_install.tui.app import WizardApp
from mlops_install.tui.steps import Step

if TYPE_CHECKING:
    from mlops_install.setup.interview import Interview
    from mlops_install.targets.context import Context

_COLLECT_AFTER: Final = (1_000, 10, 1_000)
"""New objects until the youngest are looked at, and how often that until the older ones are (gc.set_threshold)."""


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
    _calm_collector()
    app = WizardApp(context, interview, start_at=start_at, no_color=no_color)
    code = app.run()
    if code is None and app.return_code:
        app.save_now()
        kept = "The guided setup failed, by a mistake of its own: please report it. The answers are kept as a draft."
        return ExitCode.FAILED, app.farewell or kept
    return (ExitCode.OK if code is None else code), app.farewell


def _calm_collector() -> None:
    """Let Python look for unreachable cycles a little at once, and seldom among what lives long: it stops each key.

    Events, rows and lines are trees that go by their reference counts; with ten thousand of them a full look takes
    a third of a second. What is there already is never looked at again.
    """
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)
