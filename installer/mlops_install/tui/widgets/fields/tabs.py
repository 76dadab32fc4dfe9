"""The list of forms: one for each module, with how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.message import Message
from textual.widget import Widget

from mlops_install.tui.steps import SYMBOLS, WORDS, Status

ROOMY = 140
"""Columns from which the list is a column of its own, beside the form; below it is a line above it."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One form of the list."""

    module: str
    """The module's id; empty for the deployment's own form."""
    title: str
    status: Status
    count: int = 0
    """How many answers need attention."""


@dataclass
class FormWanted(Message):
    """Another module's form is to be shown."""

    module: str


class FormTabs(Widget, can_focus=True):
    """A line of modules, or a column where there is room; the arrows go from form to form."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "Form before", show=False),
        Binding("right", "move(1)", "Form after", show=False),
        Binding("up", "across(-1)", "Up", show=False),
        Binding("down", "across(1)", "Down", show=False),
        Binding("enter", "into", "Into the form", tooltip="Go to the form's first field"),
    ]

    def __init__(self) -> None:
        super().__init__(id="forms")
        self._tabs: tuple[Tab, ...] = ()
        self._here: str | None = None
        """None until it is known what is asked."""

    @property
    def upright(self) -> bool:
        """Whether the modules stand below each other."""
        return self.screen.size.width >= ROOMY

    @property
    def place(self) -> int:
        """The place of the form that is shown."""
        return next((place for place, tab in enumerate(self._tabs) if tab.module == self._here), 0)

    def follow(self, tabs: Sequence[Tab], here: str) -> None:
        """Show the forms, and which of them is open."""
        if (tuple(tabs), here) != (self._tabs, self._here):
            self._tabs, self._here = tuple(tabs), here
            self.refresh(layout=True)

    def render(self) -> RenderResult:
        """Show the modules, with the open one marked."""
        if not self._tabs:
            nothing = "Nothing is asked: no module is chosen. Esc leads to the modules."
            return Text("" if self._here is None else nothing)
        return self._column() if self.upright else self._line()

    def _column(self) -> Text:
        text = Text()
        for tab in self._tabs:
            word = f" ({_word(tab)})" if tab.status not in ("done", "locked") else ""
            text.append(
                f"{'>' if tab.module == self._here else ' '} {SYMBOLS[tab.status]} {tab.title}", self._style(tab)
            )
            text.append(f"{word}\n")
        text.rstrip()
        return text

    def _line(self) -> Text:
        text = Text(no_wrap=True, overflow="ellipsis")
        first = self._first()
        if first:
            text.append("< ")
        for tab in self._tabs[first:]:
            text.append(_short(tab), self._style(tab))
            text.append("  ")
        return text

    def _first(self) -> int:
        """Return the first module to show, so that the open one is on the line."""
        widths = [cell_len(_short(tab)) + 2 for tab in self._tabs]
        first = 0
        while first < self.place and sum(widths[first : self.place + 1]) + (2 if first else 0) > self.size.width:
            first += 1
        return first

    def _style(self, tab: Tab) -> str:
        if tab.module != self._here:
            return ""
        return "bold reverse" if self.has_focus else "bold underline"

    def action_move(self, by: int) -> None:
        """Go to a neighbouring form."""
        place = self.place + by
        if 0 <= place < len(self._tabs):
            self.post_message(FormWanted(self._tabs[place].module))

    def action_across(self, by: int) -> None:
        """In a column go to the neighbour; from the line go into the form, or out of it upwards."""
        if self.upright:
            self.action_move(by)
        elif by > 0:
            self.action_into()
        else:
            self.screen.focus_previous()

    def action_into(self) -> None:
        """Go to the first field."""
        self.screen.focus_next()

    def on_click(self, event: Click) -> None:
        """Show the clicked form."""
        place = event.y if self.upright else self._place_at(event.x)
        if place is not None and 0 <= place < len(self._tabs):
            self.post_message(FormWanted(self._tabs[place].module))

    def _place_at(self, x: int) -> int | None:
        first = self._first()
        column = 2 if first else 0
        for place, tab in enumerate(self._tabs[first:], start=first):
            width = cell_len(_short(tab))
            if column <= x < column + width:
                return place
            column += width + 2
        return None


def _short(tab: Tab) -> str:
    return f"{SYMBOLS[tab.status]} {tab.title}"


def _word(tab: Tab) -> str:
    return f"{tab.count} {'to fix' if tab.status == 'problem' else WORDS[tab.status]}"
