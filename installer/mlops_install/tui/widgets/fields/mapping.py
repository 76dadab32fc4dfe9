"""A map of texts or numbers: a key and its value on each line, and an empty line to add."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Input, Static

from mlops_install.catalogue.model import TypeSpec, Value
from mlops_install.tui.widgets.fields.field import Facts, Field
from mlops_install.tui.widgets.fields.words import read, typed

_TEXT = TypeSpec("string")


class Entry(Horizontal):
    """One key and its value."""

    def __init__(self, key: str = "", value: str = "") -> None:
        super().__init__(classes="entry")
        self._key, self._value = key, value

    def compose(self) -> ComposeResult:
        """Show both, with what stands between them."""
        yield Input(self._key, placeholder="key", compact=True, select_on_focus=False, classes="key")
        yield Static("=", classes="equals", markup=False)
        yield Input(self._value, placeholder="value", compact=True, select_on_focus=False, classes="value")

    def typed(self) -> tuple[str, str]:
        """Return key and value as they are typed."""
        lines = list(self.query(Input))
        return (lines[0].value.strip(), lines[1].value) if lines else (self._key, self._value)


class MapField(Vertical, Field):
    """The entries below each other; they can be added, changed and removed."""

    HINT = "Enter: next. F8: remove the entry."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f8", "remove_entry", "Remove", tooltip="Remove the entry under the cursor"),
    ]

    def __init__(self, facts: Facts, value: Value) -> None:
        super().__init__()
        self.facts = facts
        self._said: dict[str, Value] = dict(value or {})

    def compose(self) -> ComposeResult:
        """Show a line for each entry, and one to add."""
        for key, value in self._said.items():
            yield Entry(key, typed(value))
        yield Entry()

    def given_value(self) -> Value:
        """Return the entries that have a key."""
        return dict(self._said)

    def take_value(self, value: Value) -> None:
        """Show other entries."""
        entries = dict(value or {})
        if entries != self._said:
            self._said = entries
            self.call_later(self._show_anew)

    async def _show_anew(self) -> None:
        await self.remove_children()
        await self.mount(*(Entry(key, typed(value)) for key, value in self._said.items()), Entry())

    def entry(self) -> Widget:
        """Return the first key."""
        return self.query(Input).first()

    def own_problem(self) -> str:
        """Say which key stands there twice, or lacks."""
        seen: set[str] = set()
        for key, value in self._typed():
            if key in seen:
                return f"The key {key} is there twice; the later one counts."
            if not key and value.strip():
                return "A value has no key yet."
            if key:
                seen.add(key)
        return ""

    def _typed(self) -> list[tuple[str, str]]:
        return [entry.typed() for entry in self.query(Entry)]

    def on_input_changed(self, event: Input.Changed) -> None:
        """Take in what was typed; the empty line became an entry by its first character."""
        event.stop()
        if event.value and event.input in self.query(Entry).last().query(Input):
            self.mount(Entry())
        self._follow()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to what follows in the map; from the empty line at the end, to the next field."""
        lines = list(self.query(Input))
        place = lines.index(event.input)
        if place < len(lines) - 2:
            event.stop()
            lines[place + 1].focus()

    def action_remove_entry(self) -> None:
        """Remove the entry under the cursor."""
        entries = list(self.query(Entry))
        place = next((place for place, entry in enumerate(entries) if entry.has_focus_within), -1)
        if 0 <= place < len(entries) - 1:
            entries[place + 1].query(Input).first().focus()
            for line in entries[place].query(Input):
                line.value = ""
            entries[place].remove()
            self._follow()

    def _follow(self) -> None:
        element = self.facts.spec.element or _TEXT
        entries = {key: read(element, value) for key, value in self._typed() if key}
        if entries != self._said:
            self._said = entries
            self.tell(dict(entries))
