"""A list of texts or numbers: a line each, and an empty one at the end to add another."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Input

from mlops_install.catalogue.model import TypeSpec, Value
from mlops_install.tui.widgets.fields.field import Facts, Field
from mlops_install.tui.widgets.fields.words import read, typed

_ADD = "add one"
_TEXT = TypeSpec("string")


class ItemsField(Vertical, Field):
    """The items below each other; they can be added, changed, removed and moved."""

    HINT = "Enter: next item. F8: remove it. Alt+↑, Alt+↓: move it."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f8", "remove_item", "Remove", tooltip="Remove the item under the cursor"),
        Binding("alt+up,ctrl+up", "move_item(-1)", "Move up", show=False, tooltip="Move the item up"),
        Binding("alt+down,ctrl+down", "move_item(1)", "Move down", show=False, tooltip="Move the item down"),
    ]

    def __init__(self, facts: Facts, value: Value) -> None:
        super().__init__()
        self.facts = facts
        self._said: list[Value] = list(value or [])

    def compose(self) -> ComposeResult:
        """Show a line for each item, and one to add."""
        for item in self._said:
            yield _line(typed(item))
        yield _line("")

    def given_value(self) -> Value:
        """Return the items that aren't empty, in order."""
        return list(self._said)

    def take_value(self, value: Value) -> None:
        """Show other items."""
        items = list(value or [])
        if items != self._said:
            self._said = items
            self.call_later(self._show_anew)

    async def _show_anew(self) -> None:
        await self.remove_children()
        await self.mount(*(_line(typed(item)) for item in self._said), _line(""))

    def entry(self) -> Widget:
        """Return the first line."""
        return self.query(Input).first()

    @property
    def lines(self) -> list[Input]:
        """The lines, the one to add included."""
        return list(self.query(Input))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Take in what was typed; the line to add became an item by its first character."""
        event.stop()
        lines = self.lines
        if event.input is lines[-1] and event.value:
            event.input.placeholder = ""
            self.mount(_line(""))
        self._follow()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the next line; from the empty one at the end, to the next field."""
        lines = self.lines
        place = lines.index(event.input)
        if place + 1 < len(lines):
            event.stop()
            lines[place + 1].focus()

    def action_remove_item(self) -> None:
        """Remove the item under the cursor."""
        lines = self.lines
        place = next((place for place, line in enumerate(lines) if line.has_focus), -1)
        if 0 <= place < len(lines) - 1:
            lines[place + 1].focus()
            lines[place].value = ""
            lines[place].remove()
            self._follow()

    def action_move_item(self, by: int) -> None:
        """Change places with the neighbour."""
        lines = self.lines
        place = next((place for place, line in enumerate(lines) if line.has_focus), -1)
        other = place + by
        if place < 0 or not 0 <= min(place, other) <= max(place, other) < len(lines) - 1:
            return
        with self.prevent(Input.Changed):
            lines[place].value, lines[other].value = lines[other].value, lines[place].value
        lines[other].focus()
        self._follow()

    def _follow(self) -> None:
        element = self.facts.spec.element or _TEXT
        items = [read(element, line.value.strip()) for line in self.lines if line.value.strip()]
        if items != self._said:
            self._said = items
            self.tell(list(items))


def _line(text: str) -> Input:
    return Input(text, placeholder="" if text else _ADD, compact=True, select_on_focus=False)
