"""Diagnosis: why a run failed, and the keys that do something about it."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from mlops_install.tui.guide import Guide
from mlops_install.words.wording import title_of
from mlops_install.workflow.run_ending import RunEnding, report_of

_UNEXPLAINED = {
    "failed": "It failed without a word of why. Its log says how far it came.",
    "cancelled": "It was cancelled before its end. What is ready stays; another plan says what is left to do.",
    "lost": "Its processes are gone and left no result. Another plan says what was done.",
}
"""What is said where no cause was found."""


class DiagnosisScreen(ModalScreen[str]):
    """Cause, remedy, evidence; dismisses with `again`, `log`, or the parameter to change."""

    CSS_PATH = "../styles/run.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close"),
        Binding("r", "say('again')", "Plan again"),
        Binding("l", "say('log')", "Show the log"),
        Binding("c", "copy", "Copy the report"),
        Binding("up,left", "app.focus_previous", show=False),
        Binding("down,right", "app.focus_next", show=False),
    ]

    def __init__(self, guide: Guide, ending: RunEnding, *, said: str = "") -> None:
        """Explain an ending; `said` is what the run itself told of it, where no cause was found."""
        super().__init__()
        self.guide = guide
        self.ending = ending
        self.said = said

    def compose(self) -> ComposeResult:
        """Show every diagnosis, then what can be done."""
        word = "was cancelled" if self.ending.state == "cancelled" else "failed"
        with Vertical(classes="dialog wide"):
            yield Static(f"! Run {self.ending.run} {word}", classes="dialog-title", markup=False)
            with VerticalScroll(can_focus=False):
                yield Static(self._told(), id="causes", markup=False)
            for name, label in self._parameters().items():
                yield Button(Content(f"Change {label}"), id=f"parameter-{name}")
            if self._plans:
                yield Button("Plan again (r)", id="do-again")
            yield Button("Show the log (l)", id="do-log")
            yield Button("Copy the report (c)", id="do-copy")
            yield Button("Close (Esc)", id="do-close")

    @property
    def _plans(self) -> bool:
        """Whether it can be planned again from here: a run that is only watched goes on by a command."""
        return self.guide.interview is not None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer another plan only where one can be made."""
        return self._plans or (action, parameters) != ("say", ("again",))

    def _told(self) -> Text:
        titles = {}
        if self.guide.interview:
            titles = {module.id: module.title for module in self.guide.interview.catalogue.modules.values()}
        text = Text()
        for found in self.ending.diagnoses:
            name = title_of(found.module, titles) if found.module else ""
            text.append(f"{name}: {found.cause}\n" if name else f"{found.cause}\n", "bold")
            text.append(f"What to do: {found.action}\n" if found.action else "")
            text.append(f"{found.detail}\n\n" if found.detail else "\n", "dim")
        if not self.ending.diagnoses:
            text.append(f"{self.said or _UNEXPLAINED.get(self.ending.state, '')}\n\n", "bold")
        if not self._plans:
            verb = self.ending.kind
            text.append(f"`{self.guide.command(verb)}` carries on from here")
            text.append(f", `{self.guide.command('reconfigure')}` changes the answers." if verb == "apply" else ".")
        text.rstrip()
        return text

    def _parameters(self) -> dict[str, str]:
        """Return the parameters that would do it, with their labels."""
        if self.guide.interview is None:
            return {}
        known = self.guide.interview.catalogue.parameters
        named = dict.fromkeys(found.parameter for found in self.ending.diagnoses)
        return {name: known[name].label for name in named if name in known and not known[name].internal}

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        chosen = event.button.id or ""
        if chosen == "do-copy":
            self.action_copy()
        elif chosen == "do-close":
            self.action_close()
        else:
            self.dismiss(chosen.removeprefix("parameter-").removeprefix("do-"))

    def action_say(self, what: str) -> None:
        """Answer with what is to be done."""
        self.dismiss(what)

    def action_close(self) -> None:
        """Go back to the run."""
        self.dismiss("")

    def action_copy(self) -> None:
        """Put the report on the terminal's clipboard (OSC 52)."""
        assert self.guide.deployment is not None
        self.app.copy_to_clipboard(report_of(self.guide.deployment, self.ending))
        self.notify("The report is on the clipboard, as far as the terminal allows.")
