"""A secret: how it comes, masked, shown only when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Select, Static

from mlops_install.errors import UsageError
from mlops_install.setup.interview import Interview
from mlops_install.setup.questions import Question, SecretState
from mlops_install.tui.widgets.fields.choice import Menu
from mlops_install.tui.widgets.fields.path import PathSuggester
from mlops_install.tui.widgets.fields.words import secret_words
from mlops_install.words.wording import told

_WAYS = {
    "keep": "Keep the installed one",
    "rotate": "Make a new one (rotate)",
    "generated": "Let the installer make it",
    "typed": "Type it",
    "env": "From an environment variable",
    "file": "From a file",
}
_PLACEHOLDERS = {
    "typed": "the secret, not shown",
    "env": "name of the variable",
    "file": "path of the file; → completes it",
}


@dataclass
class SecretEdited(Message):
    """How a secret comes was changed; carries no value."""

    name: str


@dataclass
class SecretShown(Message):
    """A secret's value is to be shown, or hidden again; carries no value."""

    shown: bool


class SecretField(Vertical):
    """A menu of the ways that a secret can come, with a line where the way needs one."""

    HINT = "F4: show its value, until you leave the field."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "show_secret", "Show secret", tooltip="Show the secret's value, or hide it again"),
    ]

    def __init__(self, interview: Interview, question: Question) -> None:
        super().__init__()
        self.interview = interview
        self.parameter = question.parameter
        self._locked = question.locked
        self._way = self._way_of(question)
        self._problem = ""
        self._shown = False
        self._text = self._text_of(self._way)

    @property
    def _state(self) -> SecretState:
        return self.interview.secret_state(self.parameter.name)

    def _installed_reference(self) -> str:
        """Return how the installed one comes; empty when there is none."""
        installed = self.interview.installed
        if installed is None or not self._state.kept:
            return ""
        return installed.secrets.get(self.parameter.name, "generated")

    def _way_of(self, question: Question) -> str:
        state = question.secret or self._state
        before = self._installed_reference()
        if before and not question.changed_since_install:
            return "keep"
        if state.reference == "generated":
            return "rotate" if before == "generated" and state.fresh else "generated"
        return state.reference.partition(":")[0]

    def _ways(self) -> list[str]:
        before, generate = self._installed_reference(), self.parameter.generate
        if self._locked:
            return ["keep"]
        ways = ["keep"] if before else []
        if generate:
            ways.append("rotate" if before == "generated" and not self.parameter.immutable else "generated")
        return [*ways, "typed", "env", "file"]

    def _text_of(self, way: str) -> str:
        if way == "typed":
            return self.interview.fresh_secrets.get(self.parameter.name, "")
        reference = self._state.reference
        return reference.removeprefix(f"{way}:") if reference.startswith(f"{way}:") else ""

    def compose(self) -> ComposeResult:
        """Show the menu, the line, and what is known of the value."""
        ways = self._ways()
        if self._way and self._way not in ways:
            ways.append(self._way)
        yield Menu(
            [(_WAYS[way], way) for way in ways],
            prompt="Choose how it comes",
            allow_blank=not ({"keep", "generated"} & set(ways)),
            value=self._way or Select.NULL,
            compact=True,
        )
        yield Input(self._text, compact=True, password=True, select_on_focus=False)
        yield Static("", classes="secret-state", markup=False)

    def on_mount(self) -> None:
        """Show only what the way needs."""
        self._lay_out()

    def entry(self) -> Widget:
        """Return the menu."""
        return self.query_one(Menu)

    def own_problem(self) -> str:
        """Return what is wrong with a reference that was not kept."""
        return self._problem

    def follow(self, question: Question) -> None:
        """Show how it comes now, where that was changed elsewhere."""
        way = self._way_of(question)
        pending = self._problem or (self._way in ("typed", "env", "file") and not self._text)
        if way != self._way and not pending and self.is_mounted:
            self._turn_to(way)
        elif self.is_mounted:
            self._tell_state()

    def _turn_to(self, way: str) -> None:
        """Show another way, without taking it."""
        self._way, self._text = way, self._text_of(way)
        if way in self._ways():
            self.query_one(Menu).value = way
        elif not way:
            self.query_one(Menu).clear()
        with self.prevent(Input.Changed):
            self.query_one(Input).value = self._text
        self._lay_out()

    def put_back(self) -> None:
        """Keep the installed one, or what holds without an answer."""
        self.interview.keep_secret(self.parameter.name)
        self._problem = ""
        generated = "generated" if self.parameter.generate else ""
        self._turn_to("keep" if self._installed_reference() else generated)
        self._edited()

    def hide(self) -> None:
        """Mask the value again."""
        if self._shown:
            self.action_show_secret()

    def action_show_secret(self) -> None:
        """Show the value, or hide it again."""
        self._shown = not self._shown
        self._lay_out()
        self.post_message(SecretShown(self._shown and not self._is_typed))

    @property
    def _is_typed(self) -> bool:
        """Whether the value stands in the line itself."""
        return self._way == "typed" and bool(self._text)

    def on_select_changed(self, event: Select.Changed) -> None:
        """Take the chosen way."""
        event.stop()
        way = event.value if isinstance(event.value, str) else ""
        if way == self._way:
            return
        self.hide()
        self._way, self._problem = way, ""
        self._text = self._text_of(way)
        with self.prevent(Input.Changed):
            self.query_one(Input).value = self._text
        self._take(way)
        self._lay_out()
        if way in _PLACEHOLDERS:
            self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Take what was typed."""
        event.stop()
        if event.value != self._text and self._way in _PLACEHOLDERS:
            self._text = event.value
            self._take(self._way)
            self._tell_state()

    def _take(self, way: str) -> None:
        name, text = self.parameter.name, self._text
        self._problem = ""
        if way in ("keep", "rotate", ""):
            self.interview.keep_secret(name)
        if way == "rotate":
            try:
                self.interview.rotate(name)
            except UsageError as error:
                self._problem = f"{error.message} {error.hint}".rstrip()
        elif way == "generated":
            self.interview.set_secret(name, "generated")
        elif way == "typed":
            self.interview.set_secret(name, "typed", text)
        elif way in ("env", "file"):
            self._refer(way)
        self._edited()

    def _refer(self, way: str) -> None:
        if not self._text.strip():
            self._problem = "The variable's name is needed here." if way == "env" else "The file's path is needed here."
            return
        wrong = self.interview.set_secret(self.parameter.name, f"{way}:{self._text.strip()}")
        if wrong:
            name = "A variable's name has letters, digits and underscores, and doesn't begin with a digit."
            self._problem = name if way == "env" else told(wrong[0])

    def _edited(self) -> None:
        self.post_message(SecretEdited(self.parameter.name))

    def _lay_out(self) -> None:
        line = self.query_one(Input)
        line.display = self._way in _PLACEHOLDERS
        line.placeholder = _PLACEHOLDERS.get(self._way, "")
        if self._way == "typed" and self._installed_reference():
            line.placeholder = "a new one, not shown; empty keeps the installed one"
        line.password = self._way == "typed" and not self._shown
        environment = self.interview.context.environment
        there = PathSuggester(environment.working_directory, environment.home)
        line.suggester = there if self._way == "file" else None
        self._tell_state()

    def _tell_state(self) -> None:
        state, said = self._state, self.query_one(".secret-state", Static)
        words = []
        if self._way == "typed" and state.strength:
            words.append(f"Strength: {state.strength}")
        elif state.fresh or self._way == "keep":
            words.append(secret_words(state))
        text = " · ".join(words)
        if text != str(said.content):
            # Each update lays the whole screen out.
            said.update(text)
        said.display = bool(text)
