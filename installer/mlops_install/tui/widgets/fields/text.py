"""Text and numbers: one line."""

from __future__ import annotations

from textual.widgets import Input

from mlops_install.catalogue.model import Value
from mlops_install.tui.widgets.fields.field import Facts, Field
from mlops_install.tui.widgets.fields.words import read, typed


class TextField(Input, Field):
    """A line of text."""

    def __init__(self, facts: Facts, value: Value, *, placeholder: str = "") -> None:
        self._text = typed(value)
        super().__init__(self._text, placeholder or "(empty)", compact=True, select_on_focus=False)
        self.facts = facts

    def given_value(self) -> Value:
        """Return the line without the blanks around it; an empty one is the type's empty value."""
        return self.value.strip() or self.facts.empty

    def take_value(self, value: Value) -> None:
        """Show another value, unless the line says it already."""
        if value != self.given_value():
            self._text = typed(value)
            self.value = self._text

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell what was typed."""
        event.stop()
        if self.value != self._text:
            self._text = self.value
            self.tell(self.given_value())


class NumberField(TextField):
    """A number; what is none is kept as it was typed, and refused by the parameter's type."""

    def given_value(self) -> Value:
        """Return the number, or the text that is none."""
        return read(self.facts.spec, self.value) if self.value.strip() else self.facts.empty
