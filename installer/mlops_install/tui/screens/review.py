"""Review: what differs, what Terraform would do, and the approval of exactly that."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from queue import Queue
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import OptionList, Static, TabbedContent, TabPane
from textual.widgets.option_list import Option

from mlops_install.errors import InstallerError
from mlops_install.tui.messages import RepairWanted
from mlops_install.tui.screens.confirm import ConfirmScreen
from mlops_install.tui.screens.step import StepScreen
from mlops_install.tui.steps import Step
from mlops_install.tui.widgets.plan_view import dangers, diff_text, plan_sum, plan_text, secrets_text
from mlops_install.tui.widgets.step_list import StepList
from mlops_install.words.wording import at_a_form, capital

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlops_install.catalogue.model import Value
    from mlops_install.errors import Problem
    from mlops_install.setup.questions import SecretChange
    from mlops_install.targets.kubernetes.releases import HelmRelease, MadeObject
    from mlops_install.workflow.planned import Planned

    Diff = tuple[tuple[str, Value, Value], ...]


@dataclass
class DiffsFound(Message):
    """What differs from what is installed, else from the defaults."""

    answers: Diff
    variables: Diff
    secrets: tuple[SecretChange, ...]
    edits: int


@dataclass
class PlanGoesOn(Message):
    """What planning does now, in plain words."""

    told: str
    edits: int


@dataclass
class PlanMade(Message):
    """The plan is there."""

    planned: Planned
    edits: int


@dataclass
class PlanRefused(Message):
    """There is no plan, and why."""

    error: InstallerError
    edits: int


@dataclass
class ApplyBegun(Message):
    """The approved plan is being applied; an empty one is settled already."""

    empty: bool
    started: tuple[str, ...]


@dataclass
class ApplyRefused(Message):
    """The approved plan could not be begun with."""

    error: InstallerError


class ReviewScreen(StepScreen):
    """The plan is made while the differences are read; applying takes exactly that plan."""

    CSS_PATH = "../styles/review.tcss"
    STEP = Step.REVIEW
    HELP_TEXT = (
        "Nothing has been changed so far. Terraform plans in the background; F3 applies exactly the plan that is "
        "shown. What would lose data is marked and asks for a word to be typed. The other tabs show what differs from "
        "what is installed (or from the defaults): your answers, and the variables that Terraform gets."
    )
    NEXT = "Apply"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f3", "next", "Apply", id="step.next", tooltip="Apply exactly the plan that is shown"),
        Binding("f5", "plan", "Plan again", id="review.plan", tooltip="Make the plan anew"),
    ]

    def compose_step(self) -> ComposeResult:
        """Show a line on the plan, and the three differences."""
        yield Static("", id="plan-state", markup=False)
        yield OptionList(id="problems")
        with TabbedContent(id="differences"):
            for title, name in (("Plan", "plan"), ("Answers", "answers"), ("Variables", "variables")):
                with TabPane(title, id=f"tab-{name}"), VerticalScroll(can_focus=True):
                    yield Static("", id=f"{name}-text", markup=False)

    def on_mount(self) -> None:
        """Begin planning at once when the answers are complete."""
        self.query_one("#problems").display = False
        if self.guide.refused:
            # What was in the way may be gone: it was settled outside, or who comes back wants to see it again.
            self.guide.refused, self.guide.planning_edits = False, -1

    def refresh_step(self) -> None:
        """Look at the answers again; a plan that doesn't fit them any more is made anew."""
        problems = self.guide.own_problems()
        if problems:
            self._show_problems(problems)
            return
        if self.guide.planned is not None and self.guide.plan_fits:
            self._show_plan(self.guide.planned)
        elif self.guide.approved_stands:
            self._show_approved()
        elif not self.guide.in_flight and self.guide.planning_edits != self.guide.edits:
            self.action_plan()
        self.find_differences(self.guide.edits)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no other plan while one is being applied."""
        return action != "plan" or not self.guide.in_flight

    @property
    def _titles(self) -> dict[str, str]:
        return {module.id: module.title for module in self.guide.require().catalogue.modules.values()}

    @property
    def _labels(self) -> dict[str, str]:
        return {name: parameter.label for name, parameter in self.guide.require().catalogue.parameters.items()}

    @work(thread=True, exit_on_error=False, exclusive=True, group="differences", description="Compare the answers")
    def find_differences(self, edits: int) -> None:
        """Compare with what is installed: reads files, so this is a worker."""
        interview = self.guide.require()
        self.post_message(DiffsFound(interview.diff(), interview.tfvars_diff(), interview.secret_changes(), edits))

    @on(DiffsFound)
    def _compared(self, message: DiffsFound) -> None:
        if message.edits != self.guide.edits:
            return
        against = "what is installed" if self.guide.require().installed else "the defaults"
        answers = diff_text(message.answers, self._labels)
        secrets = secrets_text(message.secrets, self._labels)
        told = Text(f"Against {against}:\n", "dim") if answers or secrets else Text(f"Nothing differs from {against}.")
        gap = "\n" if answers and secrets else ""
        self.query_one("#answers-text", Static).update(Text.assemble(told, answers, gap, secrets))
        variables = diff_text(message.variables, {}, raw=True) or Text("The variables are as approved.")
        self.query_one("#variables-text", Static).update(variables)

    def action_plan(self) -> None:
        """Make the plan, anew if there is one."""
        if self.guide.in_flight or self.guide.own_problems():
            return
        self.guide.note_in_the_way([])
        self._tell("● Making the plan …")
        self.query_one("#problems").display = False
        self.guide.planned = None
        self.guide.planning_edits = self.guide.edits
        self.make_plan(self.guide.edits)

    @work(thread=True, exit_on_error=False, group="plan", description="Make the plan")
    def make_plan(self, edits: int) -> None:
        """Plan in a detached process and wait for its end; another plan waits until this one is out of the way."""
        from mlops_install.workflow import planned

        guide = self.guide
        with guide.planning:
            if edits != guide.edits:
                return
            try:
                prepared = guide.require().prepared()
                made = planned.make_plan(
                    guide.context,
                    prepared,
                    former=guide.run,
                    begun=guide.plan_begun,
                    told=lambda text: self.post_message(PlanGoesOn(text, edits)),
                    may_repair=self._ask_to_repair,
                )
            except InstallerError as error:
                self.post_message(PlanRefused(error, edits))
            else:
                self.post_message(PlanMade(made, edits))

    def _ask_to_repair(self, releases: Sequence[HelmRelease | MadeObject]) -> bool:
        """Wait in the worker for what the operator says; the question stays whatever step is shown."""
        names = ", ".join(it.told for it in releases)
        told = (
            f"It left half-made: {names}. Every later apply is refused until that is removed; what runs stays and is "
            "taken over. Be sure that nobody else is installing this moment."
        )
        answer: Queue[bool] = Queue(1)
        self.app.post_message(RepairWanted(told, answer))
        return answer.get()

    @on(PlanGoesOn)
    def _goes_on(self, message: PlanGoesOn) -> None:
        if message.edits == self.guide.edits:
            self._tell(f"● {message.told} …")

    @on(PlanMade)
    def _made(self, message: PlanMade) -> None:
        if message.edits == self.guide.edits:
            self.guide.take_plan(message.planned, message.edits)
            self._show_plan(message.planned)

    @on(PlanRefused)
    def _no_plan(self, message: PlanRefused) -> None:
        if message.edits != self.guide.edits:
            return
        error = message.error
        self.guide.refused = True
        if error.problems:
            self.guide.note_in_the_way(list(error.problems))
            self.query_one(StepList).refresh()
            self._show_problems(list(error.problems), error.message)
            return
        self._tell(f"! {capital(error.message)}")
        told = [error.hint, *_diagnoses(error), "F5 plans again."]
        self.query_one("#plan-text", Static).update(Text("\n\n".join(filter(None, told))))

    def _show_problems(self, problems: list[Problem], message: str = "") -> None:
        count = len(problems)
        told = message.rstrip(".") or "The answers are not complete"
        self._tell(f"! {capital(told)}: {count} to settle. Enter goes there.")
        beside = self.query_one("#problems", OptionList)
        beside.clear_options()
        for place, problem in enumerate(problems):
            label = self._labels.get(problem.subject, problem.subject)
            about = at_a_form(f"{problem.message} {problem.hint}".strip())
            beside.add_option(Option(Text.assemble((f"! {label}: ", "bold"), about), id=f"{place}:{problem.subject}"))
        beside.display = True
        beside.highlighted = 0
        beside.focus()
        self.query_one("#plan-text", Static).update("No plan yet.")

    @on(OptionList.OptionSelected, "#problems")
    def _settle(self, event: OptionList.OptionSelected) -> None:
        subject = (event.option_id or "").partition(":")[2]
        if subject in self._labels:
            self.wizard.show_parameter(subject)
        elif not self.guide.require().modules:
            self.wizard.go_to(Step.MODULES)
        else:
            self.notify("Settle it outside, then F5 plans again.")

    def _show_plan(self, planned: Planned) -> None:
        summary = planned.summary
        self.query_one("#problems").display = False
        lost = dangers(summary, self._titles)
        mark = "!" if lost else "✓"
        more = " It loses data." if lost else ""
        self._tell(f"{mark} The plan: {plan_sum(summary)}.{more} F3 applies exactly this.".replace("..", "."))
        parts = [plan_text(summary, self._titles)]
        if lost:
            parts.insert(0, Text("\n".join(f"! {line}" for line in lost), "bold"))
        if self.guide.replaced_difference is not None:
            lines = self.guide.replaced_difference or ("It is the plan you approved.",)
            parts.insert(0, Text("\n".join(["Against the plan you approved:", *lines])))
        parts += [Text(f"Note: {warning}", "dim") for warning in planned.warnings]
        self.query_one("#plan-text", Static).update(Text("\n\n").join(part for part in parts if part))

    def _show_approved(self) -> None:
        assert self.guide.approved is not None
        self._show_plan(self.guide.approved)
        said = "✓ This was applied. F5 plans again." if self.guide.applied else "● This is being applied. F3 shows it."
        self._tell(said)

    def _tell(self, text: str) -> None:
        self.query_one("#plan-state", Static).update(text)

    def action_next(self) -> None:
        """Ask for the approval of the plan that is shown."""
        planned = self.guide.planned
        if self.guide.in_flight or (self.guide.applied and planned is None):
            self.wizard.go_to(Step.RUN if self.guide.in_flight else Step.DONE)
            return
        if planned is None or not self.guide.plan_fits:
            self.notify("There is no plan yet." if not self.guide.problems() else "Settle what is listed first.")
            return
        lost = dangers(planned.summary, self._titles)
        name = self.guide.require().name
        warnings = [capital(text) for text in planned.warnings[-1:]]
        told = "\n".join([plan_sum(planned.summary) + ".", *lost, *warnings]).replace("..", ".")
        screen = ConfirmScreen(
            "Apply exactly this plan?", told, yes="Apply", word=name if lost else "", prefer_yes=not lost
        )
        self.app.push_screen(screen, partial(self._decided, planned))

    def _decided(self, planned: Planned, sure: bool | None) -> None:
        if sure:
            self._tell("● Starting …")
            self.apply(planned)

    @work(thread=True, exit_on_error=False, exclusive=True, group="apply", description="Apply the plan")
    def apply(self, planned: Planned) -> None:
        """Approve the plan and start the detached process that applies it."""
        from mlops_install.workflow.planned import carry_out

        guide = self.guide
        try:
            empty = planned.summary.empty
            started = carry_out(guide.context, guide.require().deployment, planned.run, empty=empty)
        except InstallerError as error:
            self.post_message(ApplyRefused(error))
        else:
            self.post_message(ApplyBegun(empty, tuple(started)))

    @on(ApplyBegun)
    def _begun(self, message: ApplyBegun) -> None:
        self.guide.approve(empty=message.empty)
        if not message.empty:
            self.wizard.go_to(Step.RUN)
            return
        again = f" Started again: {', '.join(message.started)}." if message.started else ""
        self.app.notify(f"Nothing to change: all is as planned.{again}", timeout=8)
        self.wizard.go_to(Step.DONE)

    @on(ApplyRefused)
    def _not_begun(self, message: ApplyRefused) -> None:
        self._tell(f"! {message.error.message} {message.error.hint}".rstrip())


def _diagnoses(error: InstallerError) -> list[str]:
    return [
        "\n".join(filter(None, (found.cause, found.action, found.detail))) for found in getattr(error, "diagnoses", ())
    ]
