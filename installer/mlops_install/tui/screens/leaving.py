"""The question asked before leaving: nothing is ever lost by it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from mlops_install.errors import ExitCode
from mlops_install.tui.guide import Guide
from mlops_install.words import commands

if TYPE_CHECKING:
    from mlops_install.deployment.layout import RunFolder
    from mlops_install.tui.app import WizardApp


class LeaveScreen(ModalScreen[None]):
    """Leave and keep the draft; of a run: stay, detach or cancel."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.pop_screen", "Stay"),
        Binding("up,left", "app.focus_previous", show=False),
        Binding("down,right", "app.focus_next", show=False),
    ]

    def __init__(self, guide: Guide) -> None:
        super().__init__()
        self.guide = guide

    def compose(self) -> ComposeResult:
        """Offer what can be done; staying comes first."""
        with Vertical(classes="dialog"):
            yield Static("Leave?", classes="dialog-title", markup=False)
            yield Static(self._told(), classes="dialog-text", markup=False)
            yield Button("Stay", id="stay", variant="primary")
            if self.guide.in_flight:
                yield Button("Detach: leave it running", id="detach")
                yield Button("Cancel the run", id="cancel")
            else:
                yield Button("Leave", id="leave")

    def _told(self) -> str:
        deployment = self.guide.deployment
        if self.guide.in_flight and deployment:
            return (
                f"The run of {deployment.name} goes on in the background; `{deployment.command('attach')}` "
                "shows it again. Cancelling lets Terraform end what it works on now; what is done stays."
            )
        if self.guide.interview and not self.guide.applied:
            return f"What you answered is kept as a draft; `{commands.command()}` offers to go on with it."
        return "Nothing is under way."

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        app = cast("WizardApp", self.app)
        deployment = self.guide.deployment
        self.dismiss()
        if event.button.id == "leave":
            app.leave(*self._ending())
        elif event.button.id == "detach" and deployment:
            app.leave(ExitCode.CANCELLED, f"The run goes on: `{deployment.command('attach')}` shows it again.")
        elif event.button.id == "cancel":
            self._cancel()

    def _ending(self) -> tuple[ExitCode, str]:
        """Return the exit code of leaving now, and what is said then."""
        guide = self.guide
        kept = guide.interview is not None and not guide.applied and guide.edits > 0
        told = f"The draft is kept: `{commands.command()}` offers to go on with it." if kept else ""
        if guide.failed:
            failed = f"The run failed: `{guide.command('attach')}` says why, and what to do."
            return ExitCode.FAILED, f"{failed} {told}".rstrip()
        return (ExitCode.CANCELLED if kept else ExitCode.OK), told

    def _cancel(self) -> None:
        run = self.guide.run
        if run is not None:
            self.app.run_worker(partial(_cancel, run), thread=True, exit_on_error=False, description="Cancel the run")
            self.app.notify("Terraform ends what it works on now, and starts nothing more.", title="Cancelling")


def _cancel(run: RunFolder) -> None:
    from mlops_install.workflow import applying

    applying.cancel(run)
