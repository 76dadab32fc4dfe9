"""What every step's screen has: the head line, the step list, its body and the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Footer, Static

from mlops_install.tui.guide import Guide
from mlops_install.tui.steps import Step, after, before
from mlops_install.tui.widgets.step_list import WIDE, StepList

if TYPE_CHECKING:
    from mlops_install.errors import InstallerError
    from mlops_install.tui.app import WizardApp
    from mlops_install.workflow.run_ending import RunEnding


class StepScreen(Screen[None]):
    """One step. A subclass fills the body and says what the step is about."""

    AUTO_FOCUS = "#body *"
    """Keys go to what the step is about from the first one on, not to the step list, where Enter would lead away."""
    STEP: ClassVar[Step]
    HELP_TEXT: ClassVar[str] = ""
    """What F1 says about the step, in a few plain sentences."""
    NEXT: ClassVar[str] = "Next"
    """What the key for the next step is called."""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - Textual declares it as a plain attribute
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="step.back", tooltip="Go back to the step before this one"),
        Binding("f3", "next", "Next", id="step.next", tooltip="Go on to the next step"),
        Binding("f2", "steps", "Steps", id="step.list", tooltip="Choose any step from the list"),
    ]

    @property
    def guide(self) -> Guide:
        """The setup that all screens share."""
        return self.wizard.guide

    @property
    def wizard(self) -> WizardApp:
        """The app, by its own type."""
        return cast("WizardApp", self.app)

    def compose(self) -> ComposeResult:
        """Lay out what all steps have, around the body."""
        yield Static(self._headline(), id="head", markup=False)
        with Container(id="frame"):
            yield StepList(self.guide, self.STEP)
            with Container(id="body"):
                yield from self.compose_step()
        yield Footer(show_command_palette=False)

    def compose_step(self) -> ComposeResult:
        """Yield the step's own widgets."""
        raise NotImplementedError

    def refresh_step(self) -> None:
        """Show the state as it is now; called on each visit and after each edit."""

    def answers_changed(self) -> None:
        """Follow an edit: the head line, the step list and the step itself are shown anew."""
        if not self.query(StepList):
            # What the screen holds isn't there yet: it shows the state as it is once it comes.
            return
        # Both have a fixed size: laying the screen out anew would cost more than all the rest of a key.
        self.query_one("#head", Static).update(self._headline(), layout=False)
        self.query_one(StepList).refresh()
        self.refresh_step()

    def checked(self, error: InstallerError | None = None) -> None:
        """Follow the checks by real clients, which go on whatever step is shown."""
        for steps in self.query(StepList):
            steps.refresh()

    def run_ended(self, ending: RunEnding, *, news: bool) -> None:
        """Follow the end of a run, which comes whatever step is shown."""
        if not news:
            return
        self.answers_changed()
        step = "Review plans it again" if ending.stale else "Run says why" if ending.ended_short else "Done is next"
        told = f"The run has ended: {ending.state}. {step} (F2 leads to the steps)."
        self.notify(told, severity="warning" if ending.ended_short else "information", timeout=10)

    def on_screen_resume(self) -> None:
        """Show the state as it is now."""
        if self.query(StepList):
            self.answers_changed()
        else:
            # It comes before what the screen holds is there, when a step is left as soon as it was begun.
            self.call_after_refresh(self.on_screen_resume)

    def action_back(self) -> None:
        """Go to the step before."""
        step = before(self.STEP)
        if step is None:
            self.wizard.action_quit_dialog()
        else:
            self.wizard.go_to(step)

    def action_next(self) -> None:
        """Go to the step after this one."""
        step = after(self.STEP)
        if step is not None:
            self.wizard.go_to(step)

    def action_steps(self) -> None:
        """Put the cursor on the step list."""
        self.query_one(StepList).focus()

    def _headline(self) -> str:
        deployment, interview = self.guide.deployment, self.guide.interview
        parts = ["mlops-install"]
        if deployment:
            parts.append(deployment.name)
        if interview:
            parts.append(interview.target)
        parts.append(self.STEP.label)
        return "  ·  ".join(parts)
