"""Start: a new deployment, a preset, a draft to go on with, a deployment to change, a run to watch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from mlops_install.errors import InstallerError
from mlops_install.tui.screens.confirm import ConfirmScreen
from mlops_install.tui.screens.step import StepScreen
from mlops_install.tui.steps import Step

if TYPE_CHECKING:
    from mlops_install.inspect.overview import DeploymentSummary, Overview
    from mlops_install.setup.interview import Interview

_NEW = "new"


@dataclass
class OverviewFound(Message):
    """What there is to begin with was looked up."""

    overview: Overview


@dataclass
class BeginningRefused(Message):
    """What was chosen can't be begun with."""

    message: str
    hint: str


@dataclass
class InterviewBegun(Message):
    """What was chosen is open."""

    interview: Interview
    step: Step
    left_out: tuple[str, ...] = ()
    """What of a draft the target doesn't know any more."""


@dataclass
class RunChosen(Message):
    """A run that goes on is to be watched."""

    summary: DeploymentSummary


class StartScreen(StepScreen):
    """One list of everything to begin with; the disk is looked at in a worker."""

    STEP = Step.START
    HELP_TEXT = (
        "Begin here. A preset is a set of answers to start from; everything can be changed on the next steps. "
        "A draft is what you left unfinished. An installed deployment opens on its installed answers."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("delete", "discard", "Discard draft", id="start.discard", tooltip="Forget the draft under the cursor"),
    ]
    overview: Overview | None = None

    def compose_step(self) -> ComposeResult:
        """Say what this is; the list is filled once the disk was looked at."""
        yield Static(
            "What do you want to do? Choose with the arrows, then Enter.", id="ask", classes="about", markup=False
        )
        yield OptionList(Option("Looking for deployments and presets …", disabled=True), id="beginnings")
        yield Static("", id="beginning", classes="about", markup=False)

    def on_mount(self) -> None:
        """Look at the disk once the screen is painted: a thread beside it would keep the paint waiting."""
        self.call_after_refresh(self.look)

    @work(thread=True, exit_on_error=False, group="overview", description="Look for deployments and presets")
    def look(self) -> None:
        """Find everything to begin with."""
        from mlops_install.inspect.overview import overview

        try:
            self.post_message(OverviewFound(overview(self.guide.context)))
        except (InstallerError, OSError) as error:
            self.post_message(BeginningRefused(str(error), getattr(error, "hint", "")))

    @on(OverviewFound)
    def _found(self, message: OverviewFound) -> None:
        self.overview = message.overview
        beginnings = self.query_one("#beginnings", OptionList)
        beginnings.clear_options()
        for heading, options in self._groups(message.overview):
            if options:
                beginnings.add_option(Option(Text(heading, "bold"), disabled=True))
                beginnings.add_options(options)
        beginnings.highlighted = next(
            (place for place, option in enumerate(beginnings.options) if not option.disabled), None
        )
        beginnings.focus()
        if self.guide.interview:
            told = f"F3 goes on with {self.guide.deployment_name}; Enter begins with what the cursor is on."
            self.query_one("#ask", Static).update(told)

    def _groups(self, overview: Overview) -> list[tuple[str, list[Option]]]:
        # What is found comes after the first paint, which needs none of this.
        from mlops_install.words.wording import count_told, state_told

        running = [d for d in overview.deployments if d.running]
        installed = [d for d in overview.deployments if d.installed]
        return [
            (
                "Watch a run that goes on",
                [_option(f"attach:{d.deployment.folder}", d.deployment.name) for d in running],
            ),
            (
                "Go on with a draft",
                [
                    _option(f"draft:{place}", d.name, d.problem or count_told(d.modules, "module"))
                    for place, d in enumerate(overview.drafts)
                ],
            ),
            (
                "Change what is installed",
                [
                    _option(f"reconfigure:{d.deployment.folder}", d.deployment.name, state_told(d.modules, d.last_run))
                    for d in installed
                ],
            ),
            (
                "Install something new",
                [_option(f"preset:{o.preset.id}", o.preset.id, o.preset.title) for o in overview.presets]
                + [_option(_NEW, "empty", "Choose every module yourself")],
            ),
        ]

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if event.option is not event.option_list.highlighted_option:
            # The list was made anew since: what this was about may be gone.
            return
        self.query_one("#beginning", Static).update(self._about(event.option_id or ""))
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to discard a draft where the cursor is on one."""
        return action != "discard" or self._under_cursor().startswith("draft:")

    def _under_cursor(self) -> str:
        beginnings = self.query("#beginnings").results(OptionList)
        option = next((found.highlighted_option for found in beginnings), None)
        return (option.id or "") if option else ""

    def _about(self, chosen: str) -> str:
        kind, _, what = chosen.partition(":")
        if self.overview is None:
            return ""
        if kind == "preset":
            offer = next(o for o in self.overview.presets if o.preset.id == what)
            needs = f" Asks for: {', '.join(offer.preset.needs)}." if offer.preset.needs else ""
            size = offer.footprint
            takes = (
                f"Takes about {size.cpu:g} CPU, {size.memory / 1024:.1f} GiB of memory and "
                f"{size.disk / 1024:.1f} GiB of disk."
            )
            return f"{offer.preset.description.strip()} {takes}{needs}"
        if kind == "draft":
            draft = self.overview.drafts[int(what)]
            about = "Changes the installed deployment." if draft.installed else "A new deployment, not installed yet."
            return f"{about} Delete discards the draft."
        if kind == "attach":
            return "It goes on in the background. Enter shows it, with its modules and logs; leaving it again is safe."
        if kind == "reconfigure":
            summary = next(d for d in self.overview.deployments if str(d.deployment.folder) == what)
            return f"{summary.target}: {', '.join(summary.modules)}. Its folder is {what}."
        return ""

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        if event.option_id:
            self.begin(event.option_id)

    @work(thread=True, exit_on_error=False, exclusive=True, group="begin", description="Open what was chosen")
    def begin(self, chosen: str) -> None:
        """Open what was chosen: files are read, so this is a worker."""
        try:
            self._begin(chosen)
        except InstallerError as error:
            self.post_message(BeginningRefused(error.message, error.hint))
        except OSError as error:
            self.post_message(BeginningRefused(str(error), ""))

    def _begin(self, chosen: str) -> None:
        from mlops_install.setup.interview import Interview

        kind, _, what = chosen.partition(":")
        context = self.guide.context
        assert self.overview is not None
        if kind == "preset":
            self.post_message(InterviewBegun(Interview.from_preset(context, what, self._free_name(what)), Step.TARGET))
        elif kind == "draft":
            interview = Interview.resume(context, self.overview.drafts[int(what)].draft)
            left = tuple(problem.subject for problem in interview.left_out)
            self.post_message(InterviewBegun(interview, Step.PARAMETERS if interview.modules else Step.MODULES, left))
        elif kind == "reconfigure":
            deployment = next(d.deployment for d in self.overview.deployments if str(d.deployment.folder) == what)
            self.post_message(InterviewBegun(Interview.reconfigure(context, deployment), Step.PARAMETERS))
        elif kind == "attach":
            summary = next(d for d in self.overview.deployments if str(d.deployment.folder) == what)
            self.post_message(RunChosen(summary))
        else:
            name = self._free_name("mlops")
            self.post_message(InterviewBegun(Interview.new(context, self.overview.targets[0], name), Step.TARGET))

    def _free_name(self, wanted: str) -> str:
        from mlops_install.inspect.overview import free_name

        assert self.overview is not None
        return free_name(self.overview, wanted)

    @on(RunChosen)
    def _watch(self, message: RunChosen) -> None:
        run = message.summary.running
        if run is not None:
            self.guide.attach(message.summary.deployment, run)
            self.wizard.go_to(Step.RUN)

    @on(InterviewBegun)
    def _begun(self, message: InterviewBegun) -> None:
        self.guide.begin(message.interview)
        if message.left_out:
            names = ", ".join(message.left_out)
            self.app.notify(f"The target doesn't know any more: {names}. They were left out.", timeout=10)
        self.wizard.go_to(message.step)

    @on(BeginningRefused)
    def _refused(self, message: BeginningRefused) -> None:
        self.notify("\n".join(filter(None, (message.message, message.hint))), severity="error", timeout=12)

    def action_discard(self) -> None:
        """Forget the draft under the cursor, after a question."""
        kind, _, what = self._under_cursor().partition(":")
        if kind != "draft" or self.overview is None:
            return
        draft = self.overview.drafts[int(what)]

        def decided(sure: bool | None) -> None:
            if sure:
                from mlops_install.deployment.draft import discard_draft

                discard_draft(draft.draft)
                self.look()

        self.app.push_screen(ConfirmScreen(f"Discard the draft of {draft.name}?", "What it answered is gone."), decided)

    def action_next(self) -> None:
        """Go on with what the cursor is on, or with what was begun already."""
        beginnings = self.query_one("#beginnings", OptionList)
        if self.guide.interview:
            self.wizard.go_to(Step.TARGET)
        elif beginnings.highlighted_option and beginnings.highlighted_option.id:
            self.begin(beginnings.highlighted_option.id)


def _option(identity: str, name: str, about: str = "") -> Option:
    return Option(Text.assemble(f"  {name}", (f"  {about}" if about else "", "dim")), id=identity)
