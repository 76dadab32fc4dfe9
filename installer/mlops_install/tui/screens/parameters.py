"""Parameters: a form for each module, checked while it is filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final
from weakref import WeakKeyDictionary

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.events import Resize
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from mlops_install.catalogue.model import Parameter
from mlops_install.errors import InstallerError, Problem
from mlops_install.setup.interview import Interview
from mlops_install.setup.questions import Form, Question
from mlops_install.tui.screens.step import StepScreen
from mlops_install.tui.steps import Status, Step
from mlops_install.tui.widgets.fields.about import about
from mlops_install.tui.widgets.fields.form import FoldTurned, ParameterForm
from mlops_install.tui.widgets.fields.row import FieldEntered, FieldLeft
from mlops_install.tui.widgets.fields.tabs import ROOMY, FormTabs, FormWanted, Tab
from mlops_install.words.wording import shown, told

CHECK_AFTER: Final = 0.7
"""Seconds after the last edit until Terraform is asked about the rules across parameters."""
TALL: Final = 32
"""Lines from which there is more room for the words below the form."""
_LAST: Final[WeakKeyDictionary[Interview, str]] = WeakKeyDictionary()
"""The field that the cursor was on last: coming back from another step leads there."""


@dataclass
class RulesChecked(Message):
    """Terraform said what it has against the answers as they were after so many edits."""

    problems: list[Problem]
    edits: int


@dataclass
class RulesUnchecked(Message):
    """Terraform couldn't be asked."""

    reason: str


class ParametersScreen(StepScreen):
    """The forms of the chosen modules, one at a time."""

    CSS_PATH = "../styles/parameters.tcss"
    STEP = Step.PARAMETERS
    HELP_TEXT = (
        "A form for each module: Tab, Enter and the arrows go from field to field, F5 and F6 from module to module, "
        "and Control-F finds any field. The lines below the form tell what the field is about, and its default. "
        "● must be given, ~ is not the default, ≠ is not what is installed, ■ can't be changed any more. "
        "Advanced fields are folded; F7 shows them. F9 puts a field back as it was. What is wrong with an answer is "
        "said below its field when you leave it, and the answer is kept all the same."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f6,ctrl+pagedown", "form(1)", "Module", id="parameters.next", tooltip="Show the next form"),
        Binding(
            "f5,ctrl+pageup",
            "form(-1)",
            "Module before",
            id="parameters.before",
            show=False,
            tooltip="Show the form before",
        ),
        Binding("f7", "advanced", "More", id="parameters.advanced", tooltip="Show or fold the advanced fields"),
        Binding(
            "f9",
            "put_back",
            "Put back",
            id="parameters.put_back",
            show=False,
            tooltip="Put the field back to what is installed, else to the default",
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._module = ""
        self._unfolded: set[str] = set()
        self._visited: set[str] = set()
        self._field = ""
        """The parameter that the cursor is on."""
        self._about = Text()
        self._strict = False
        """Whether what is missing is told of fields that were not visited yet."""
        self._rules: dict[str, str] = {}
        """What Terraform said last, by parameter; it stays until Terraform says something else."""
        self._checked = -1
        self._checking: Timer | None = None
        self._check_under_way = self._check_again = self._unchecked_told = False

    def compose_step(self) -> ComposeResult:
        """Show the modules, the form, and what the field under the cursor is about."""
        with Container(id="parameters"):
            yield FormTabs()
            with Vertical(id="form-side"):
                yield ParameterForm(self.guide.require())
                with VerticalScroll(id="field-about", can_focus=False):
                    yield Static("", id="field-about-text", markup=False)

    def on_mount(self) -> None:
        """Open the first form, or the one with the wanted field."""
        forms = self._forms()
        self._module = _id(forms[0]) if forms else ""
        wanted, self.guide.wanted_parameter = self.guide.wanted_parameter, ""
        last = _LAST.get(self.guide.require(), "")
        self.call_later(self._open, wanted or (last if self._find(last) else ""))

    def on_resize(self, event: Resize) -> None:
        """Put the modules beside the form, and more words below it, where there is room."""
        self.set_class(event.size.width >= ROOMY, "-roomy")
        self.set_class(event.size.height >= TALL, "-tall")

    def refresh_step(self) -> None:
        """Follow the answers; the fields that are there keep the cursor."""
        self.call_later(self._follow)

    @property
    def form(self) -> ParameterForm:
        """The form that is shown."""
        return self.query_one(ParameterForm)

    def _forms(self) -> tuple[Form, ...]:
        return self.guide.require().questions()

    def _current(self, forms: tuple[Form, ...]) -> Form | None:
        return next((form for form in forms if _id(form) == self._module), forms[0] if forms else None)

    async def _follow(self) -> None:
        if not self.is_attached:
            return
        forms = self._forms()
        form = self._current(forms)
        problems = self._problems()
        self.query_one(FormTabs).follow(self._tabs(forms, problems), self._module)
        if form is not None:
            self._module = _id(form)
            told_now = {name: text for name, text in problems.items() if self._is_told(name)}
            await self.form.follow(form, told_now, self._unfolded)
            self.call_after_refresh(self.form.reveal, self._field)
        self._tell_about(forms)
        self._want_check()

    def _is_told(self, name: str) -> bool:
        """Tell whether a field's problem is said by now: not while it is typed into for the first time."""
        if self._strict or name in self._visited or name in self._rules:
            return True
        if any(problem.subject == name for problem in self.guide.in_the_way()):
            return True
        given = self.guide.require().given
        return name != self._field and (name in given.parameters or name in given.secrets)

    def _problems(self) -> dict[str, str]:
        """Return what is wrong, by parameter: what was typed and is no value, the answers alone, then the rules."""
        found: dict[str, str] = {}
        for row in self.form.rows():
            if said := row.own_problem():
                found[row.parameter_name] = said
        for problem in self.guide.problems():
            found.setdefault(problem.subject, told(problem))
        for name, text in self._rules.items():
            found.setdefault(name, text)
        return found

    def _tabs(self, forms: tuple[Form, ...], problems: dict[str, str]) -> list[Tab]:
        tabs = []
        for form in forms:
            wrong = [q.parameter.name for q in form.questions() if q.parameter.name in problems]
            seen = any(self._is_told(name) for name in wrong)
            status: Status = "done" if not wrong else "problem" if seen else "open"
            tabs.append(Tab(_id(form), form.module.title if form.module else "Deployment", status, len(wrong)))
        return tabs

    async def _open(self, name: str) -> None:
        """Show a parameter's field with the cursor in it; without a name, the first field of the form."""
        found = self._find(name)
        if name and found is None:
            self._tell_why_not_asked(name)
            name = self._condition_of(name)
            found = self._find(name)
        if found is not None:
            form, question = found
            if _id(form) != self._module:
                await self._turn_to(_id(form))
            if question.parameter.advanced:
                self._unfolded.add(question.parameter.section)
            self._visited.add(name)
        await self._follow()
        row = self.form.row(name) if found else None
        if row is not None:
            row.enter()
        elif not self.form.has_focus_within:
            self._enter_form()

    def _find(self, name: str) -> tuple[Form, Question] | None:
        questions = ((form, question) for form in self._forms() for question in form.questions())
        return next((entry for entry in questions if entry[1].parameter.name == name), None)

    def _enter_form(self) -> None:
        rows = self.form.rows()
        if rows:
            rows[0].enter()
        else:
            self.query_one(FormTabs).focus()

    async def _turn_to(self, module: str) -> None:
        self._module = module
        self._field = ""
        await self.form.remove_children()
        self.form.scroll_home(animate=False)

    def _tell_why_not_asked(self, name: str) -> None:
        interview = self.guide.require()
        parameter = interview.catalogue.parameters.get(name)
        if parameter is None:
            return
        module = interview.catalogue.modules.get(parameter.module)
        label = parameter.label or parameter.name
        if module is not None and module.id not in interview.modules:
            reason = f"It belongs to {module.title}, which is not chosen: choose it on the step Modules."
        else:
            reason = f"It is asked only when {' and '.join(self._conditions(parameter))}."
        self.notify(reason, title=f"{label} is not asked now", severity="warning", markup=False)

    def _condition_of(self, name: str) -> str:
        """Return the parameter whose answer decides whether another one is asked; empty for none."""
        parameter = self.guide.require().catalogue.parameters.get(name)
        return next((other for condition in parameter.ask_when for other in condition), "") if parameter else ""

    def _conditions(self, parameter: Parameter) -> list[str]:
        known = self.guide.require().catalogue.parameters
        labels = {name: known[name].label or name for name in known}
        wanted = [pair for condition in parameter.ask_when for pair in condition.items()]
        return [f"“{labels.get(name, name)}” is {shown(value)}" for name, value in wanted]

    @on(FormWanted)
    async def _wanted(self, message: FormWanted) -> None:
        keep_focus = self.query_one(FormTabs).has_focus
        if message.module != self._module:
            await self._turn_to(message.module)
            await self._follow()
        if not keep_focus:
            self._enter_form()

    async def action_form(self, by: int) -> None:
        """Show a neighbouring module's form."""
        forms = self._forms()
        modules = [_id(form) for form in forms]
        if len(modules) > 1:
            place = modules.index(self._module) if self._module in modules else 0
            await self._turn_to(modules[(place + by) % len(modules)])
            await self._follow()
            self._enter_form()

    @on(FoldTurned)
    async def _turned(self, message: FoldTurned) -> None:
        self._unfolded ^= {message.section}
        await self._follow()

    async def action_advanced(self) -> None:
        """Show all advanced fields of the form, or fold them."""
        form = self._current(self._forms())
        if form is None:
            return
        sections = {q.parameter.section for q in form.questions() if q.parameter.advanced}
        if not sections:
            self.notify("This form has no advanced fields.")
        self._unfolded = self._unfolded - sections if sections <= self._unfolded else self._unfolded | sections
        await self._follow()

    def action_put_back(self) -> None:
        """Put the field under the cursor back to what is installed, else to its default."""
        row = self.form.row(self._field) if self._field else None
        if row is not None:
            row.put_back()

    @on(FieldEntered)
    def _entered(self, message: FieldEntered) -> None:
        self._field = message.name
        _LAST[self.guide.require()] = message.name
        self._tell_about(self._forms())
        self.call_after_refresh(self.form.reveal, message.name)

    @on(FieldLeft)
    async def _left(self, message: FieldLeft) -> None:
        self._visited.add(message.name)
        await self._follow()

    def _tell_about(self, forms: tuple[Form, ...]) -> None:
        found = self._find(self._field)
        row = self.form.row(self._field) if self._field else None
        text = about(found[1], self.guide.require(), row.hint if row else "") if found else Text()
        if text != self._about:
            self._about = text
            self.query_one("#field-about-text", Static).update(text)

    def action_next(self) -> None:
        """Go on; with something wrong or missing, go to its field instead."""
        self.call_later(self._next)

    async def _next(self) -> None:
        outside = {problem.subject for problem in self.guide.in_the_way()}
        problems = {name for name in self._problems() if name not in outside}
        asked = [q.parameter for form in self._forms() for q in form.questions() if q.parameter.name in problems]
        if not asked:
            super().action_next()
            return
        self._strict = True
        first = asked[0]
        await self._open(first.name)
        many = f"{len(asked)} answers need" if len(asked) > 1 else "An answer needs"
        self.notify(f"{many} attention; the cursor is on {first.label or first.name}.", markup=False, timeout=3)

    def _want_check(self) -> None:
        """Ask Terraform once the operator pauses; the same answers are asked about once."""
        if self._checked == self.guide.edits:
            return
        self._checked = self.guide.edits
        if self._checking:
            self._checking.stop()
        self._checking = self.set_timer(CHECK_AFTER, self._check)

    def _check(self) -> None:
        """Begin a check, unless one is under way: then the answers of now are checked after it."""
        self._check_again = self._check_under_way
        if not self._check_under_way:
            self._check_under_way = True
            self.check_rules(self.guide.edits)

    def _check_ended(self) -> None:
        self._check_under_way = False
        if self._check_again:
            self._check()

    @work(thread=True, exit_on_error=False, group="rules", description="Check the rules")
    def check_rules(self, edits: int) -> None:
        """Ask Terraform about the rules across parameters: it is a process, so this is a worker."""
        try:
            problems = self.guide.require().check_with_terraform()
        except (InstallerError, OSError) as error:
            self.post_message(RulesUnchecked(str(error)))
        else:
            self.post_message(RulesChecked(problems, edits))

    @on(RulesChecked)
    def _rules_checked(self, message: RulesChecked) -> None:
        self._check_ended()
        if self.guide.note_rule_problems(message.problems, edits=message.edits):
            self._rules = {problem.subject: told(problem) for problem in message.problems}
            self.answers_changed()

    @on(RulesUnchecked)
    def _rules_unchecked(self, message: RulesUnchecked) -> None:
        self._check_ended()
        self._rules = {}
        if self._unchecked_told:
            return
        self._unchecked_told = True
        self.notify(
            f"The rules across answers are checked only with the plan: {message.reason}",
            severity="warning",
            markup=False,
        )


def _id(form: Form) -> str:
    return form.module.id if form.module else ""
