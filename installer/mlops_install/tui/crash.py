"""What the terminal shows when the program fails by a mistake of its own."""

from __future__ import annotations

from mlops_install.tui.clean import CleanApp, Visible


class DiscreetApp(CleanApp):
    """An app whose crash shows where it happened, not what was typed."""

    def _fatal_error(self) -> None:
        # It is needed by nobody else, and takes its time.
        from rich.traceback import Traceback

        # Textual's own report (app.py of 8.2.8) shows the local variables of each frame, secrets among them.
        self.panic(Visible(Traceback(show_locals=False)))
