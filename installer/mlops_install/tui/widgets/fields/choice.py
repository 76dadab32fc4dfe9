"""One of several values."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Select

from mlops_install.catalogue.model import Value
from mlops_install.tui.widgets.fields.field import Facts, Field
from mlops_install.words.wording import shown


class Menu(Select[str], inherit_bindings=False):
    """A menu on one line; the arrows go on to the next field until it is opened."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "show_overlay", "Choose", tooltip="Open the list of choices"),
    ]


class ChoiceField(Menu, Field):
    """The values that the parameter allows, to choose one of."""

    def __init__(self, facts: Facts, value: Value) -> None:
        self.facts = facts
        self._values = {str(place): choice for place, choice in enumerate(facts.choices)}
        if facts.nullable and None not in facts.choices:
            self._values["none"] = None
        if all(value != choice for choice in self._values.values()):
            self._values["other"] = value
        options = [(self._told(key), key) for key in self._values]
        super().__init__(options, allow_blank=False, value=self._key(value), compact=True)
        self._said = value

    def _told(self, key: str) -> str:
        words = shown(self._values[key])
        return f"{words} (not one of the choices)" if key == "other" and self._values[key] not in (None, "") else words

    def _key(self, value: Value) -> str:
        return next((key for key, choice in self._values.items() if choice == value), next(iter(self._values)))

    def given_value(self) -> Value:
        """Return what is chosen."""
        return self._said

    def take_value(self, value: Value) -> None:
        """Show another value."""
        if value != self._said:
            self._said = value
            self.value = self._key(value)

    def on_select_changed(self, event: Select.Changed) -> None:
        """Tell what was chosen."""
        event.stop()
        chosen = self._values.get(str(event.value), self._said)
        if chosen != self._said:
            self._said = chosen
            self.tell(chosen)
