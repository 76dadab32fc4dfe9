"""One parameter on a form: its label, its field, its marks, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import DescendantBlur, DescendantFocus
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, Static

from mlops_install.catalogue.model import Value
from mlops_install.setup.interview import Interview
from mlops_install.setup.questions import Question
from mlops_install.tui.messages import AnswersChanged
from mlops_install.tui.widgets.fields.field import Facts, Field, FieldEdited
from mlops_install.tui.widgets.fields.make import make_field
from mlops_install.tui.widgets.fields.oauth import WIDGET, OAuthHelper
from mlops_install.tui.widgets.fields.secret import SecretEdited, SecretField, SecretShown
from mlops_install.tui.widgets.fields.text import TextField
from mlops_install.words.wording import shown


@dataclass
class FieldEntered(Message):
    """The cursor came to a parameter."""

    name: str


@dataclass
class FieldLeft(Message):
    """The cursor left a parameter."""

    name: str


@dataclass
class ChoicesFound(Message):
    """What the target has for a parameter."""

    choices: tuple[str, ...]


class LockedField(Static, can_focus=True):
    """A value that can't be changed any more; it can be gone to, to read what it is about."""

    def __init__(self, value: Value) -> None:
        super().__init__(shown(value), markup=False)

    def entry(self) -> Widget:
        """Return the widget itself."""
        return self


class FieldRow(Vertical):
    """A parameter's line, with its problem below it."""

    def __init__(self, interview: Interview, question: Question) -> None:
        super().__init__(classes="row")
        self.interview = interview
        self.question = question
        self.key = row_key(question.parameter.name)
        self.problem = ""
        self._known = question.value
        """The answer as the field last took or gave it."""
        label = question.parameter.label or question.parameter.name
        self._label = Static(label, classes="row-label", markup=False)
        self._marks = Static("", classes="row-marks", markup=False)
        self._said = Static("", classes="problem row-problem", markup=False)
        self.field = self._make()
        self._there: tuple[str, ...] = ()
        """What the target has for this parameter, once it was asked."""
        helps = question.parameter.widget.get("kind") == WIDGET
        self._helper = OAuthHelper(interview, question.parameter.name) if helps else None

    @property
    def parameter_name(self) -> str:
        """The parameter's name."""
        return self.question.parameter.name

    @property
    def hint(self) -> str:
        """The keys that the field has of its own, and what the target has for it."""
        known = f"There: {', '.join(self._there)}. → takes the one that is shown." if self._there else ""
        return " ".join(filter(None, (getattr(self.field, "HINT", ""), known)))

    def _make(self) -> Field | SecretField | LockedField:
        question, environment = self.question, self.interview.context.environment
        if question.secret:
            return SecretField(self.interview, question)
        if question.locked and not question.changed_since_install:
            return LockedField(question.value)
        facts = Facts.of(question.parameter)
        return make_field(facts, question.value, base=environment.working_directory, home=environment.home)

    def compose(self) -> ComposeResult:
        """Show label, field and marks on a line, the rest below."""
        with Horizontal(classes="row-line"):
            yield self._label
            self.field.add_class("field")
            yield self.field
            yield self._marks
        if self.question.secret:
            yield Static("", classes="secret-value", markup=False)
        if self._helper:
            yield self._helper

    def on_mount(self) -> None:
        """Show the marks."""
        self._draw()
        for place in self.query(".secret-value"):
            place.display = False
        if self.question.parameter.choices_from and isinstance(self.field, TextField):
            self.find_choices()

    @work(thread=True, exit_on_error=False, description="Ask the target what there is to choose")
    def find_choices(self) -> None:
        """Ask the target, which may take its time or not answer at all."""
        from mlops_install.setup.choices import choices

        kind = self.question.parameter.choices_from or ""
        self.post_message(ChoicesFound(choices(self.interview.context, self.interview.answers, kind)))

    def on_choices_found(self, event: ChoicesFound) -> None:
        """Complete what is typed by what is there."""
        event.stop()
        if isinstance(self.field, TextField) and event.choices:
            self._there = event.choices
            self.field.suggester = SuggestFromList(event.choices)

    def follow(self, question: Question, problem: str) -> None:
        """Show the question as it is now, with what is wrong with it; empty for nothing."""
        changed = (question, problem) != (self.question, self.problem)
        self.question, self.problem = question, problem
        if isinstance(self.field, SecretField):
            self.field.follow(question)
        elif isinstance(self.field, Field) and not self.has_focus_within:
            # While somebody types, the field is ahead of the answers: taking them would take keys back.
            self.field.take_value(question.value)
        if self._helper:
            self._helper.follow()
        if changed:
            self._draw()

    def _take_value(self, field: Field) -> None:
        """Show a value that was set elsewhere; what is typed ahead of the answers is left alone."""
        value = self.interview.value_of(self.parameter_name)
        if value != self._known:
            self._known = value
            field.take_value(value)

    def own_problem(self) -> str:
        """Return what is wrong with what was typed and is no value yet."""
        return "" if isinstance(self.field, LockedField) else self.field.own_problem()

    def put_back(self) -> None:
        """Go back to the installed value, else to the default."""
        if isinstance(self.field, SecretField):
            self.field.put_back()
        else:
            self.interview.reset(self.parameter_name)
            if isinstance(self.field, Field):
                self.field.take_value(self.interview.value_of(self.parameter_name))
            self.post_message(AnswersChanged())

    def enter(self) -> None:
        """Put the cursor into the field."""
        self.field.entry().focus()

    def _draw(self) -> None:
        """Show marks and problem; a text that stays the same is left alone, since each update lays the screen out."""
        if self.problem and not self._said.is_attached and self.children:
            self.mount(self._said, after=0)
        for place, text in ((self._marks, _short(marks(self.question))), (self._said, _wrong(self.problem))):
            if text != str(place.content):
                place.update(text)
        self._said.display = bool(self.problem)
        self.set_class(bool(self.problem), "-wrong")

    def on_field_edited(self, event: FieldEdited) -> None:
        """Keep the answer as it is typed: nothing typed is lost."""
        event.stop()
        self._known = event.value
        self.interview.set_value(self.parameter_name, event.value)
        self.post_message(AnswersChanged())

    def on_secret_edited(self, event: SecretEdited) -> None:
        """Let the draft follow."""
        event.stop()
        self.post_message(AnswersChanged())

    def on_secret_shown(self, event: SecretShown) -> None:
        """Show the secret's value on a line of its own, where it isn't broken; or take it away."""
        event.stop()
        place = self.query_one(".secret-value", Static)
        place.display = event.shown
        place.update(self.interview.reveal(self.parameter_name) or "It has no value yet." if event.shown else "")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the next field by Enter."""
        event.stop()
        self.screen.focus_next()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Tell that the cursor is here."""
        self.post_message(FieldEntered(self.parameter_name))

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """Tell when the cursor went elsewhere, not only to another part of the field."""
        self.call_after_refresh(self._left)

    def _left(self) -> None:
        if not self.has_focus_within and self.is_attached:
            if isinstance(self.field, SecretField):
                self.field.hide()
            self.post_message(FieldLeft(self.parameter_name))


def row_key(name: str) -> str:
    """Return the key of a parameter's row among what a form shows."""
    return f"row:{name}"


def marks(question: Question) -> list[str]:
    """Return what is to be noted of a question, symbol and word each."""
    found = []
    if question.locked:
        found.append("■ locked")
    if question.required:
        found.append("● required")
    if question.changed_since_install:
        found.append("≠ installed")
    if question.changed_from_default and question.parameter.has_default:
        found.append("~ changed")
    return found


def _short(found: list[str]) -> str:
    """Return the first mark in full and the symbols of the others, which fit beside it; the lines below say all."""
    return " ".join([*found[:1], *(mark[:1] for mark in found[1:])])


def _wrong(problem: str) -> str:
    return f"! {problem}" if problem else ""
