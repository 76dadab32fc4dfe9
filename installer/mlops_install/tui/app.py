"""The full-screen guided setup: which step is shown, drafts, leaving."""

from __future__ import annotations

import asyncio
import signal
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.filter import LineFilter, Monochrome
from textual.screen import Screen
from textual.timer import Timer

from mlops_install.errors import ExitCode, InstallerError
from mlops_install.tui.crash import DiscreetApp
from mlops_install.tui.guide import Guide
from mlops_install.tui.keys import own_keys
from mlops_install.tui.messages import (
    AnswersChanged,
    Checked,
    ChecksEnded,
    DraftRefused,
    DraftSaved,
    RepairWanted,
    RunEnded,
    StepWanted,
)
from mlops_install.tui.screens.step import StepScreen
from mlops_install.tui.steps import Step
from mlops_install.tui.threads import DaemonThreads

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mlops_install.setup.interview import Interview
    from mlops_install.targets.context import Context

SAVE_AFTER: Final = 0.3
"""Seconds after the last edit until the draft is saved."""
LIGHT, DARK = "textual-light", "textual-dark"


class WizardApp(DiscreetApp):
    """The guided setup; returns the exit code."""

    TITLE = "mlops-install"
    CSS_PATH: ClassVar[str | PurePath] = "styles/base.tcss"
    """The other styles come with the screens that need them: reading them takes a part of the first paint."""
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1,question_mark", "help", "Help", id="app.help", tooltip="What this step is about, and its keys"),
        Binding("ctrl+f", "search", "Find", id="app.search", priority=True, tooltip="Find a parameter by name or text"),
        Binding(
            "ctrl+q,ctrl+c", "quit_dialog", "Leave", id="app.quit", priority=True, tooltip="Leave; nothing is lost"
        ),
    ]

    def __init__(
        self,
        context: Context,
        interview: Interview | None = None,
        *,
        start_at: Step | None = None,
        no_color: bool = False,
    ) -> None:
        super().__init__()
        self.guide = Guide(context, interview)
        self.farewell = ""
        """What to say in the terminal underneath once the app is gone."""
        self._start_at = start_at or (Step.MODULES if interview else Step.START)
        self._saving: Timer | None = None
        self._monochrome = no_color and not self.no_color
        """Textual looks at NO_COLOR itself; this is `--no-color`."""

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Take the colours out when the flag says so."""
        filters = super().get_line_filters()
        return [*filters, Monochrome()] if self._monochrome else filters

    def on_mount(self) -> None:
        """Show the first step, and save the draft when the terminal goes away."""
        asyncio.get_running_loop().set_default_executor(DaemonThreads())
        self.theme = DARK
        for number in (signal.SIGHUP, signal.SIGTERM):
            self._on_signal(number)
        self.push_screen(self._screen_of(self._start_at))

    def _on_signal(self, number: signal.Signals) -> None:
        import threading

        if threading.current_thread() is threading.main_thread():
            asyncio.get_running_loop().add_signal_handler(number, self._terminated)

    def _terminated(self) -> None:
        """Save what was typed and go: the terminal is closed, or somebody ends the program. A run goes on."""
        self.save_now()
        self.exit(ExitCode.CANCELLED)

    @staticmethod
    def _screen_of(step: Step) -> StepScreen:
        """Return a fresh screen of a step; its module is loaded only now, to keep the first paint early."""
        module = import_module(f"mlops_install.tui.screens.{step.value}")
        screen: StepScreen = getattr(module, f"{step.label}Screen")()
        return screen

    def go_to(self, step: Step) -> None:
        """Show a step; one that can't be reached yet says why instead."""
        if self.guide.status(step) == "locked":
            self.notify(self._why_locked(step), title=step.label, severity="warning")
            return
        while len(self.screen_stack) > 2:
            self.pop_screen()
        self.switch_screen(self._screen_of(step))

    def _why_locked(self, step: Step) -> str:
        if self.guide.interview is None and not self.guide.attached:
            return "Choose first what to set up."
        return "It comes once a plan is applied." if step in (Step.RUN, Step.DONE) else "This only watches a run."

    def show_parameter(self, name: str) -> None:
        """Go to the field of a parameter."""
        self.guide.wanted_parameter = name
        self.go_to(Step.PARAMETERS)

    def _step_screens(self) -> list[StepScreen]:
        return [screen for screen in self.screen_stack if isinstance(screen, StepScreen)]

    @on(StepWanted)
    def _wanted(self, message: StepWanted) -> None:
        self.go_to(message.step)

    @on(AnswersChanged)
    def _changed(self) -> None:
        self.guide.touch()
        if self._saving:
            self._saving.stop()
        self._saving = self.set_timer(SAVE_AFTER, self._save_in_background)
        for screen in self._step_screens():
            screen.answers_changed()

    @work(thread=True, exit_on_error=False, group="draft", description="Save the draft")
    def _save_in_background(self) -> None:
        try:
            self.guide.save()
        except OSError as error:
            self.post_message(DraftRefused(str(error)))
        else:
            self.post_message(DraftSaved())

    @on(Checked)
    def _checked(self, message: Checked) -> None:
        self.guide.verified.append(message.check)
        self._show_checks()

    @on(ChecksEnded)
    def _checks_ended(self, message: ChecksEnded) -> None:
        self.guide.verifying = "ended"
        self._show_checks(message.error)

    def _show_checks(self, error: InstallerError | None = None) -> None:
        """Checks go on while one looks at another step: they belong to the app, whoever shows them."""
        for screen in self._step_screens():
            screen.checked(error)

    @on(RunEnded)
    def _run_ended(self, message: RunEnded) -> None:
        news = self.guide.note_ending(message.run, message.ending)
        for screen in self._step_screens():
            screen.run_ended(message.ending, news=news)

    @on(RepairWanted)
    def _repair(self, message: RepairWanted) -> None:
        from mlops_install.tui.screens.confirm import ConfirmScreen

        screen = ConfirmScreen("An apply was interrupted", message.told, yes="Remove what is half-made")
        self.push_screen(screen, lambda sure: message.answer.put(bool(sure)))

    @on(DraftRefused)
    def _refused(self, message: DraftRefused) -> None:
        self.notify(f"The draft can't be saved: {message.reason}", severity="error", timeout=10)

    def save_now(self) -> None:
        """Save the draft before leaving; a disk that refuses is told in the farewell."""
        if self._saving is None:
            return
        if self.is_running:
            self._saving.stop()
        try:
            self.guide.save()
        except OSError as error:
            self.farewell = f"The draft could not be saved: {error}"

    def leave(self, code: int, farewell: str = "") -> None:
        """End the app; `farewell` is said in the terminal underneath."""
        self.save_now()
        self.farewell = "\n".join(filter(None, (farewell, self.farewell)))
        self.exit(code)

    def action_quit_dialog(self) -> None:
        """Ask how to leave: the draft is kept, a run can go on."""
        from mlops_install.tui.screens.leaving import LeaveScreen

        if not isinstance(self.screen, LeaveScreen):
            self.push_screen(LeaveScreen(self.guide))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the search only where there is something to search."""
        return action != "search" or self.guide.interview is not None

    def action_help(self) -> None:
        """Explain the step and its keys."""
        from mlops_install.tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def action_search(self) -> None:
        """Find a parameter over all modules."""
        from mlops_install.tui.screens.search import SearchScreen

        if self.guide.interview and not isinstance(self.screen, SearchScreen):
            self.push_screen(SearchScreen(self.guide.interview), self._found)

    def _found(self, name: str | None) -> None:
        if name:
            self.show_parameter(name)

    def action_toggle_theme(self) -> None:
        """Change between the light and the dark theme."""
        self.theme = LIGHT if self.theme == DARK else DARK

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every step and every action of the screen in the command palette."""
        for step in Step:
            if self.guide.status(step) != "locked":
                yield SystemCommand(f"Go to {step.label}", f"Show the step {step.label}", lambda s=step: self.go_to(s))
        for binding, tooltip in own_keys(screen):
            action = binding.action
            text = tooltip or f"Key: {binding.key}"
            yield SystemCommand(binding.description, text, lambda a=action: self.call_later(self._act, a))
        yield SystemCommand("Light or dark", "Change between the light and the dark theme", self.action_toggle_theme)

    async def _act(self, action: str) -> None:
        await self.run_action(action, self.screen)
