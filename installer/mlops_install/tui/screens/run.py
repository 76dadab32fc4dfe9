"""Run: the modules as they come up, what each says, and Terraform's own words."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, Static

from mlops_install.errors import ExitCode, InstallerError
from mlops_install.tui.following import Follower, LogLine, Picture, under_way
from mlops_install.tui.messages import RunEnded
from mlops_install.tui.screens.confirm import ConfirmScreen
from mlops_install.tui.screens.step import StepScreen
from mlops_install.tui.steps import Step
from mlops_install.tui.widgets.run_head import RunHead
from mlops_install.tui.widgets.run_log import RunLog
from mlops_install.tui.widgets.run_rows import RunRows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlops_install.workflow.run_ending import RunEnding

_LEVELS = ("all", "warnings", "errors")
_NAMED = 6
"""Resources that a question names; of more it says how many."""


@dataclass
class RunMoved(Message):
    """The run came on."""

    picture: Picture


@dataclass
class RunOpened(Message):
    """The run's earlier ones were looked at."""

    expected: Mapping[str, float]


@dataclass
class RunRefused(Message):
    """The run can't be followed, or not be cancelled."""

    error: InstallerError


@dataclass
class RunTold(Message):
    """The run was asked to end, or had nothing left to ask."""

    heard: bool


class RunScreen(StepScreen):
    """Left the modules, right the chosen one's words over Terraform's; one of the two in a small terminal."""

    CSS_PATH = "../styles/run.tcss"
    STEP = Step.RUN
    HELP_TEXT = (
        "The run is a process of its own: it goes on whatever happens to this terminal. Cancelling lets Terraform end "
        "what it works on and start nothing more; detaching leaves it running. The arrows choose a module, Enter shows "
        "its resources; on the right is what it says, and Terraform's log with search and levels."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="step.back", show=False, tooltip="Leave the search, or go back a step"),
        Binding("f3", "next", "Go on", id="step.next", tooltip="To the addresses, or to why it failed"),
        Binding("f4", "other_pane", "Log", id="run.pane", tooltip="Terraform's log or what the module says"),
        Binding("slash", "find", "Search", id="run.find", tooltip="Show only the lines of the log with a text"),
        Binding("l", "level", "Level", id="run.level", tooltip="All of the log, warnings and errors, or errors alone"),
        Binding("d", "detach", "Detach", id="run.detach", tooltip="Leave it running and go"),
        Binding("x", "cancel", "Cancel", id="run.cancel", tooltip="Let Terraform end what it works on, and stop"),
        Binding("e", "explain", "Why", id="run.explain", tooltip="Why it failed, and what to do"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.follower: Follower | None = None
        """Its own: on the way from one run's screen to the next, `guide.follower` is the other's already."""
        self.ending: RunEnding | None = None
        self._level = 0
        self._filtered = ("all", "")
        """The level and the text of the filter in force."""
        self._asked_to_cancel = False
        self._shown = self._left = False

    def compose_step(self) -> ComposeResult:
        """Lay out head, modules, detail and log."""
        yield RunHead("run-head")
        with Vertical(id="run-panes"):
            yield RunRows("run-rows")
            with Vertical(id="run-words"):
                with Vertical(id="detail-pane"):
                    yield Static("", id="detail-title", classes="pane-title", markup=False)
                    yield RunLog("detail", empty="It has said nothing yet.", short=True)
                with Vertical(id="log-pane"):
                    yield Static("Terraform", id="log-title", classes="pane-title", markup=False)
                    yield RunLog("log", empty="Nothing yet.")
                    yield Input(placeholder="Text to look for; Enter keeps it, Esc shows all", id="find")

    def on_mount(self) -> None:
        """Begin to follow the run."""
        self.query_one("#find").display = False
        self.query_one("#run-rows").focus()
        self.set_interval(0.5, self._tick)
        if self.guide.run is not None and self.guide.deployment is not None:
            self.read_run()

    def on_unmount(self) -> None:
        """Look away: the run goes on, and its end is noticed."""
        self._left = True
        if self.follower is not None:
            self.follower.look_away()

    def _tick(self) -> None:
        if not self.guide.in_flight:
            return
        self.query_one(RunHead).refresh()
        self.query_one(RunRows).refresh()

    @work(thread=True, exit_on_error=False, group="read-run", description="Read the run's events")
    def read_run(self) -> None:
        """Read the run's files to their end."""
        from mlops_install.deployment.marker import read_marker
        from mlops_install.inspect import inspection
        from mlops_install.workflow import applying
        from mlops_install.workflow.run_ending import ending_of

        guide, app = self.guide, self.app
        assert guide.run is not None
        assert guide.deployment is not None
        if guide.follower is not None:
            guide.follower.stop()
        deployment, run = guide.deployment, guide.run
        try:
            catalogue = guide.context.catalogue(read_marker(guide.deployment).target)
            titles = {module.id: module.title for module in catalogue.modules.values()}
            follower = self.follower = guide.follower = Follower(
                lambda stopped: applying.events(deployment, run, None, stopped=stopped), titles
            )
            self.post_message(RunOpened(inspection.expected_seconds(deployment)))
            follower.read()
            if self._left and not self._shown and follower.wait():
                # Who left at once began to show nothing, and so nobody else notices the end.
                app.post_message(RunEnded(run, ending_of(deployment, run)))
        except InstallerError as error:
            self.post_message(RunRefused(error))
        except OSError as error:
            self.post_message(RunRefused(InstallerError(f"The run can't be followed any longer: {error}.")))

    @on(RunOpened)
    def _opened(self, message: RunOpened) -> None:
        self.query_one(RunHead).expected = message.expected
        self._shown = True
        self.show_run()

    @work(thread=True, exit_on_error=False, group="show-run", description="Show the run")
    def show_run(self) -> None:
        """Hand pictures of the run to the screen, and its ending when it has come."""
        from mlops_install.workflow.run_ending import ending_of

        follower, deployment, run = self.follower, self.guide.deployment, self.guide.run
        assert follower is not None
        assert run is not None
        assert deployment is not None
        # It may be about another step by then.
        app = self.app
        follower.show(lambda picture: self.post_message(RunMoved(picture)), time.sleep)
        if follower.wait():
            try:
                ended = RunEnded(run, ending_of(deployment, run))
            except InstallerError as error:
                self.post_message(RunRefused(error))
            else:
                # By way of the screen, so that the last picture is there first; one that was left takes nothing.
                if not self.post_message(ended):
                    app.post_message(ended)

    @on(RunMoved)
    def _moved(self, message: RunMoved) -> None:
        picture = message.picture
        self.query_one(RunHead).show(picture)
        self.query_one(RunRows).show(picture)
        self.query_one("#log", RunLog).add(line for line in picture.lines if not line.live)
        self.query_one("#detail", RunLog).add(line for line in picture.lines if line.live or line.module)
        if self.follower is not None:
            self.call_after_refresh(self.follower.taken)

    @on(RunRows.Chosen)
    def _chosen(self, message: RunRows.Chosen) -> None:
        def wanted(line: LogLine) -> bool:
            return line.module == message.module

        self.query_one("#detail-title", Static).update(message.title, layout=False)
        self.query_one("#detail", RunLog).show_only(wanted)

    def run_ended(self, ending: RunEnding, *, news: bool) -> None:
        """Show how it ended; who comes back to look at it isn't sent on a second time."""
        self.ending = ending
        if news and ending.stale:
            self.app.notify("The state or a secret changed since the plan was made: it is planned again.", timeout=10)
            self.wizard.go_to(Step.REVIEW)
            return
        self.answers_changed()
        self.refresh_bindings()
        if news:
            self._tell_end(ending)

    def _tell_end(self, ending: RunEnding) -> None:
        if ending.state == "planned":
            self.notify(f"The plan waits: `{self.guide.command('apply')}` asks for its approval.")
        elif ending.state == "cancelled":
            # Somebody wanted that: no reason to explain it unasked.
            self.notify("Cancelled: what is ready stays. F3 says how it goes on.")
        elif ending.ended_short:
            self.action_explain()
        elif ending.kind == "destroy":
            self.notify(f"Removed. `{self.guide.command('destroy')}` says what stays.")
        elif self.app.screen is self:
            self.wizard.go_to(Step.DONE)

    @on(RunRefused)
    def _refused(self, message: RunRefused) -> None:
        self.notify(f"{message.error.message} {message.error.hint}".strip(), severity="error", timeout=12)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense now: no cancelling of what has ended, no reason before there is a failure."""
        if action in ("detach", "cancel"):
            return self.ending is None
        if action == "explain":
            return self.ending is not None and self.ending.ended_short
        if action == "next":
            return self.ending is not None and (self.guide.applied or self.guide.failed)
        return True

    def action_next(self) -> None:
        """Go to the addresses, or to why it failed."""
        if self.guide.applied:
            self.wizard.go_to(Step.DONE)
        elif self.guide.failed:
            self.action_explain()

    def action_back(self) -> None:
        """Leave the search; without one, go back a step."""
        if self.query_one("#find").display:
            self._search_for("")
        else:
            super().action_back()

    def action_other_pane(self) -> None:
        """Show Terraform's log instead of the module's words, or the other way round."""
        self.query_one("#run-words").toggle_class("-log")

    def action_find(self) -> None:
        """Ask for the text to look for in the log."""
        self.query_one("#run-words").add_class("-log")
        field = self.query_one("#find", Input)
        field.display = True
        field.focus()

    @on(Input.Changed, "#find")
    def _typed(self) -> None:
        self._filter()

    @on(Input.Submitted, "#find")
    def _kept(self) -> None:
        self.query_one("#log").focus()

    def _search_for(self, text: str) -> None:
        field = self.query_one("#find", Input)
        field.value, field.display = text, bool(text)
        self.query_one("#run-rows").focus()
        self._filter()

    def action_level(self) -> None:
        """Show all of Terraform's log, warnings and errors, or errors alone."""
        self.query_one("#run-words").add_class("-log")
        self._level = (self._level + 1) % len(_LEVELS)
        self._filter()

    def _filter(self) -> None:
        text, level = self.query_one("#find", Input).value, _LEVELS[self._level]
        folded = text.casefold()

        def wanted(line: LogLine) -> bool:
            loud = level == "all" or line.level == "error" or (level == "warnings" and line.level == "warning")
            return loud and folded in line.text.casefold()

        log = self.query_one("#log", RunLog)
        log.show_only(wanted, text, narrower=level == self._filtered[0] and text.startswith(self._filtered[1]))
        self._filtered = (level, text)
        told = [] if level == "all" else [f"{level} only"]
        told += [f"{log.count} with {text!r}"] if text else []
        # One line high, whatever it says: the screen needn't be laid out for it.
        self.query_one("#log-title", Static).update("  ".join(["Terraform", *told]), layout=False)

    def action_detach(self) -> None:
        """Leave the run running and go."""
        again = self.guide.command("attach")
        self.wizard.leave(ExitCode.CANCELLED, f"The run goes on: `{again}` shows it again.")

    def action_cancel(self) -> None:
        """Ask before cancelling; after that, before forcing."""
        picture = self.query_one(RunHead).picture
        found = under_way(picture)
        named = ", ".join(found[:_NAMED]) or "nothing"
        if len(found) > _NAMED:
            named += f" and {len(found) - _NAMED} more"
        asked = self._asked_to_cancel or (picture is not None and picture.state.cancel_requested)
        if not asked:
            told = f"Terraform ends what it works on now ({named}) and starts nothing more. What is ready stays."
            self.app.push_screen(ConfirmScreen("Cancel the run?", told, yes="Cancel the run"), self._cancel)
            return
        told = (
            f"It is ending already, and waits for {named}. Forcing ends Terraform at once: that is left half done, "
            "Terraform forgets it, and the next plan has to repair it."
        )
        self.app.push_screen(ConfirmScreen("Force it to end?", told, word="force"), self._force)

    def _cancel(self, sure: bool | None) -> None:
        if sure:
            self._asked_to_cancel = True
            self.end_run(force=False)

    def _force(self, sure: bool | None) -> None:
        if sure:
            self.end_run(force=True)

    @work(thread=True, exit_on_error=False, group="cancel", description="End the run")
    def end_run(self, *, force: bool) -> None:
        """Send Terraform its one interrupt, or end it at once."""
        from mlops_install.workflow import applying

        assert self.guide.run is not None
        try:
            self.post_message(RunTold((applying.force_cancel if force else applying.cancel)(self.guide.run)))
        except InstallerError as error:
            self.post_message(RunRefused(error))
        except OSError as error:
            self.post_message(RunRefused(InstallerError(f"The run can't be asked to end: {error}.")))

    @on(RunTold)
    def _told(self, message: RunTold) -> None:
        if not message.heard and self.ending is None:
            self.notify("Nothing of it works any longer: its end is being written down.")

    def action_explain(self) -> None:
        """Show why it failed and what to do."""
        from mlops_install.tui.screens.diagnosis import DiagnosisScreen

        if self.ending is not None and not isinstance(self.app.screen, DiagnosisScreen):
            picture = self.query_one(RunHead).picture
            said = picture.state.message if picture and self.ending.state == "lost" else ""
            self.app.push_screen(DiagnosisScreen(self.guide, self.ending, said=said), self._remedied)

    def _remedied(self, what: str | None) -> None:
        """Do what the diagnosis offered."""
        if what == "again":
            self.guide.plan_again()
            self.wizard.go_to(Step.REVIEW)
        elif what == "log":
            self._level = 1
            self.action_level()
            self.query_one("#log").focus()
        elif what:
            self.wizard.show_parameter(what)
