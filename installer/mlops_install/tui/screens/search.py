"""Find: a parameter by its name or by words about it, over all modules."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from mlops_install.setup.interview import Interview
from mlops_install.setup.questions import Match

_MOST = 100
"""Matches that are listed; more would only mean that another word is needed."""


class SearchScreen(ModalScreen[str | None]):
    """A line to type into and the matches; dismisses with a parameter's name, or None."""

    CSS_PATH = "../styles/parameters.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Close"),
        Binding("up", "step(-1)", "Up", show=False),
        Binding("down", "step(1)", "Down", show=False),
    ]

    def __init__(self, interview: Interview) -> None:
        super().__init__()
        self.interview = interview
        self.matches: list[Match] = []

    def compose(self) -> ComposeResult:
        """Show the line, the matches, and what the one under the cursor is about."""
        with Vertical(classes="dialog wide", id="search"):
            yield Static("Find a parameter", classes="dialog-title", markup=False)
            yield Input(placeholder="words of its name, its label or its description", id="search-words", compact=True)
            yield OptionList(id="search-matches")
            yield Static("", id="search-about", markup=False)
            yield Static("Enter goes there. ↑ ↓ choose. Esc closes this.", classes="dialog-foot", markup=False)

    def on_mount(self) -> None:
        """Begin with the line; the matches have no focus of their own."""
        self.query_one(OptionList).can_focus = False
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self.matches = self.interview.search(event.value)[:_MOST]
        found = self.query_one(OptionList)
        found.clear_options()
        found.add_options([Option(self._line(match), id=match.parameter.name) for match in self.matches])
        if self.matches:
            found.highlighted = 0
        else:
            self.query_one("#search-about", Static).update("Nothing has these words." if event.value.strip() else "")

    def _line(self, match: Match) -> Text:
        parameter = match.parameter
        module = self.interview.catalogue.modules.get(parameter.module)
        text = Text(no_wrap=True, overflow="ellipsis")
        text.append(f"{module.title if module else 'This deployment'}: {parameter.label or parameter.name}")
        text.append(f"  {parameter.name}", "dim")
        if not match.module_chosen:
            text.append("  (module not chosen)", "italic")
        elif not match.asked:
            text.append("  (not asked now)", "italic")
        return text

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        # Typed quickly, the words have led to other matches already when this comes.
        about = next((m.parameter.description for m in self.matches if m.parameter.name == event.option_id), None)
        if about is not None:
            self.query_one("#search-about", Static).update(about)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        option = self.query_one(OptionList).highlighted_option
        if option:
            self.dismiss(option.id)

    def action_step(self, by: int) -> None:
        """Move the cursor in the matches."""
        found = self.query_one(OptionList)
        if by < 0:
            found.action_cursor_up()
        else:
            found.action_cursor_down()

    def action_leave(self) -> None:
        """Close without going anywhere."""
        self.dismiss(None)
