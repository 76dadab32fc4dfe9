"""Target: where it is installed, and what the deployment is called."""

from __future__ import annotations

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from mlops_install.answers.backend_text import EXPLANATION
from mlops_install.errors import InstallerError
from mlops_install.inspect.overview import targets
from mlops_install.targets.registry import target
from mlops_install.tui.messages import AnswersChanged
from mlops_install.tui.screens.step import StepScreen
from mlops_install.tui.steps import Step
from mlops_install.words.wording import told


class TargetScreen(StepScreen):
    """The target and the name; both stay once something is installed."""

    STEP = Step.TARGET
    HELP_TEXT = (
        "The target is where the stack is installed. The name is the deployment's: its folder, and the word by which "
        "the other commands know it. Both stay as they are once something is installed.\n\nTerraform's state: "
        f"{EXPLANATION}"
    )

    def compose_step(self) -> ComposeResult:
        """Show the targets and the name."""
        interview = self.guide.require()
        fixed = interview.installed is not None
        yield Static(
            "Where is it installed?" + (" It is installed: this stays." if fixed else ""), classes="about", markup=False
        )
        known = targets(self.guide.context)
        beside = OptionList(*(Option(self._told(name), id=name, disabled=fixed) for name in known), id="targets")
        beside.styles.height = len(known) + 1
        yield beside
        yield Static("What is the deployment called?", classes="about", markup=False)
        yield Input(interview.name, id="name", disabled=fixed, max_length=40)
        yield Static("", id="name-problem", classes="problem", markup=False)
        yield Static(f"Its folder: {interview.deployment.folder}", id="folder", classes="muted", markup=False)
        yield Static("Advanced: where is Terraform's state kept?", classes="about", markup=False)
        yield Input(interview.backend, id="state", disabled=fixed)
        yield Static("", id="state-problem", classes="problem", markup=False)

    def on_mount(self) -> None:
        """Put the cursor on the target in force."""
        chosen = self.query_one("#targets", OptionList)
        chosen.highlighted = targets(self.guide.context).index(self.guide.require().target)

    def _told(self, name: str) -> Text:
        mark = "(x)" if name == self.guide.require().target else "( )"
        return Text.assemble(f"{mark} {name}", (f"  {target(name).summary}", "dim"))

    @on(OptionList.OptionSelected, "#targets")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        interview = self.guide.require()
        if not event.option_id or event.option_id == interview.target:
            return
        try:
            interview.change_target(event.option_id)
        except InstallerError as error:
            self.notify(error.message, severity="error")
            return
        beside = event.option_list
        for name in targets(self.guide.context):
            beside.replace_option_prompt(name, self._told(name))
        self.post_message(AnswersChanged())

    @on(Input.Blurred, "#name")
    @on(Input.Submitted, "#name")
    def _named(self, event: Input.Blurred | Input.Submitted) -> None:
        interview = self.guide.require()
        said = self.query_one("#name-problem", Static)
        if (name := event.value.strip()) != interview.name:
            try:
                interview.rename(name)
            except InstallerError as error:
                said.update(f"! {error.message} {error.hint}".rstrip())
                return
            self.query_one("#folder", Static).update(f"Its folder: {interview.deployment.folder}")
            self.post_message(AnswersChanged())
        said.update("")
        if isinstance(event, Input.Submitted):
            self.action_next()

    @on(Input.Blurred, "#state")
    @on(Input.Submitted, "#state")
    def _kept(self, event: Input.Blurred | Input.Submitted) -> None:
        interview = self.guide.require()
        before = interview.backend
        if found := interview.set_backend(event.value):
            self.query_one("#state-problem", Static).update(f"! {told(found[0])}")
            return
        self.query_one("#state-problem", Static).update("")
        if interview.backend != before:
            self.post_message(AnswersChanged())
        if isinstance(event, Input.Submitted):
            self.action_next()
