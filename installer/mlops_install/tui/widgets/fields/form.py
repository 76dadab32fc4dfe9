"""The form of one module: its sections with their fields, the advanced ones folded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.events import Click
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from mlops_install.setup.interview import Interview
from mlops_install.setup.questions import AskedSection, Form, Question
from mlops_install.tui.widgets.fields.row import FieldRow, row_key


@dataclass
class FoldTurned(Message):
    """The advanced fields of a section are to be shown or folded."""

    section: str


class Heading(Static):
    """A section's title."""

    def __init__(self, key: str, title: str) -> None:
        super().__init__(title, classes="section", markup=False)
        self.key = key


class Fold(Widget, can_focus=True):
    """The line that stands for a section's advanced fields."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "turn", "Advanced", tooltip="Show the advanced fields, or fold them"),
    ]

    def __init__(self, key: str, section: str) -> None:
        super().__init__(classes="fold")
        self.key, self.section = key, section
        self._text = ""

    def follow(self, text: str) -> None:
        """Show what is folded."""
        if text != self._text:
            self._text = text
            self.refresh()

    def render(self) -> RenderResult:
        """Show the line."""
        return Text(f"{'>' if self.has_focus else ' '} {self._text}", "reverse" if self.has_focus else "")

    def action_turn(self) -> None:
        """Show or fold."""
        self.post_message(FoldTurned(self.section))

    def on_click(self, event: Click) -> None:
        """Show or fold by the mouse."""
        event.stop()
        self.action_turn()


@dataclass(frozen=True, slots=True)
class _Entry:
    """One thing to be shown on the form."""

    key: str
    section: AskedSection
    question: Question | None = None
    text: str = ""


class ParameterForm(VerticalScroll, can_focus=False):
    """The fields of one module. What is there stays as it is when the form follows an answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "neighbour(-1)", "Field above", show=False),
        Binding("down", "neighbour(1)", "Field below", show=False),
    ]

    def __init__(self, interview: Interview) -> None:
        super().__init__(id="form")
        self.interview = interview

    def row(self, name: str) -> FieldRow | None:
        """Return the row of a parameter; None when it isn't on the form."""
        return next((row for row in self.rows() if row.parameter_name == name), None)

    def rows(self) -> list[FieldRow]:
        """Return the rows of the form, in order."""
        return [child for child in self.children if isinstance(child, FieldRow)]

    def reveal(self, name: str) -> None:
        """Scroll so that all of the row that has the cursor is seen, where there is room for it."""
        row = self.row(name)
        if row is not None and row.has_focus_within and row.size.height <= self.size.height:
            self.scroll_to_widget(row, animate=False)

    async def follow(self, form: Form, problems: Mapping[str, str], unfolded: set[str]) -> None:
        """Show the form as it is asked now; `problems` by parameter, `unfolded` the open sections."""
        wanted = list(_entries(form, problems, unfolded))
        keys = {entry.key for entry in wanted}
        there = {_key(child): child for child in self.children}
        gone = [child for key, child in there.items() if key not in keys]
        if gone:
            await self.remove_children(gone)
        fresh: list[Widget] = []
        for entry in wanted:
            child = there.get(entry.key)
            if child is None:
                child = self._made(entry)
                fresh.append(child)
            elif fresh:
                await self.mount(*fresh, before=child)
                fresh = []
            if isinstance(child, FieldRow) and entry.question:
                child.follow(entry.question, problems.get(child.parameter_name, ""))
            elif isinstance(child, Fold):
                child.follow(entry.text)
        if fresh:
            await self.mount(*fresh)

    def _made(self, entry: _Entry) -> Widget:
        if entry.question:
            return FieldRow(self.interview, entry.question)
        if entry.text:
            return Fold(entry.key, entry.section.section.id)
        return Heading(entry.key, entry.section.section.title)

    def action_neighbour(self, by: int) -> None:
        """Go to the field above or below; at the ends of the form, out of it."""
        if by < 0:
            self.screen.focus_previous()
        else:
            self.screen.focus_next()


def _key(child: Widget) -> str:
    return str(getattr(child, "key", ""))


def _entries(form: Form, problems: Mapping[str, str], unfolded: set[str]) -> Iterator[_Entry]:
    alone = len(form.sections) == 1 and (not form.module or form.sections[0].section.title == form.module.title)
    for section in form.sections:
        name = section.section.id
        if section.section.title and not alone:
            yield _Entry(f"section:{name}", section)
        for question in section.questions:
            if not question.parameter.advanced:
                yield _Entry(row_key(question.parameter.name), section, question)
        advanced = [question for question in section.questions if question.parameter.advanced]
        if advanced:
            yield _Entry(f"fold:{name}", section, text=_fold(advanced, problems, opened=name in unfolded))
        if name in unfolded:
            yield from (_Entry(row_key(question.parameter.name), section, question) for question in advanced)


def _fold(advanced: list[Question], problems: Mapping[str, str], *, opened: bool) -> str:
    if opened:
        return "▾ Advanced"
    changed = sum(q.changed_since_install or (q.changed_from_default and q.parameter.has_default) for q in advanced)
    wrong = sum(question.parameter.name in problems for question in advanced)
    open_ones = sum(question.required for question in advanced)
    parts = [f"▸ Advanced: {len(advanced)} more"]
    parts += [f"! {wrong} wrong"] if wrong else []
    parts += [f"● {open_ones} required"] if open_ones else []
    parts += [f"~ {changed} changed"] if changed else []
    return ", ".join(parts)
