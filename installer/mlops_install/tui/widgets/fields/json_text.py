"""Any other value: as JSON."""

from __future__ import annotations

import json
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from mlops_install.catalogue.model import Value
from mlops_install.tui.widgets.fields.field import Facts, Field
from mlops_install.tui.widgets.fields.words import read


class JsonField(TextArea, Field):
    """Lines of JSON; what is no JSON is kept as it was typed, and refused by the parameter's type."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+f", "app.search", "Find", show=False),
        Binding("tab", "screen.focus_next", "Next field", show=False),
    ]

    def __init__(self, facts: Facts, value: Value) -> None:
        self._text = _written(value)
        super().__init__(self._text, compact=True, highlight_cursor_line=False, placeholder="JSON")
        self.facts = facts

    def given_value(self) -> Value:
        """Return the value that the JSON means."""
        return read(self.facts.spec, self.text) if self.text.strip() else self.facts.empty

    def take_value(self, value: Value) -> None:
        """Show another value, unless the lines say it already."""
        if value != self.given_value():
            self._text = _written(value)
            self.text = self._text

    def own_problem(self) -> str:
        """Say where the JSON breaks off."""
        text = self.text.strip()
        if not text:
            return ""
        try:
            json.loads(text)
        except ValueError as error:
            if self.facts.spec.kind == "any":
                return ""
            place = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
            return f"This is no JSON yet{place}."
        except RecursionError:
            return "This is nested too deep."
        return ""

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Tell what was typed."""
        event.stop()
        if self.text != self._text:
            self._text = self.text
            self.tell(self.given_value())


def _written(value: Value) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False, indent=2)
