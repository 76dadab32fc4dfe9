"""The wizard's shell: steps, leaving, drafts, help, palette, colours."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input, OptionList, Static

from mlops_install.errors import ExitCode
from mlops_install.setup import drafts
from mlops_install.setup.interview import Interview
from mlops_install.targets.context import Context
from mlops_install.tui import launch
from mlops_install.tui.app import WizardApp
from mlops_install.tui.keys import own_keys
from mlops_install.tui.messages import AnswersChanged, DraftSaved
from mlops_install.tui.screens.confirm import ConfirmScreen
from mlops_install.tui.screens.help import HelpScreen
from mlops_install.tui.screens.leaving import LeaveScreen
from mlops_install.tui.screens.modules import ModulesScreen, RoomMeasured
from mlops_install.tui.screens.start import InterviewBegun, StartScreen
from mlops_install.tui.screens.target import TargetScreen
from mlops_install.tui.steps import Step
from mlops_install.tui.widgets.step_list import StepList
from tests.tui.conftest import Wizard, settled
from tests.tui.kinds import approve
from tests.tui.runs import begin_run, end_run


def test_the_start_offers_presets_and_begins_with_the_one_under_the_cursor(wizard: Wizard) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        assert isinstance(app.screen, StartScreen)
        await settled(app, pilot)
        beginnings = app.screen.query_one("#beginnings", OptionList)
        beginnings.highlighted = beginnings.get_option_index("preset:laptop-lite")
        await pilot.press("enter")
        await settled(app, pilot)
        assert isinstance(app.screen, TargetScreen)

    app = wizard.run(scene)
    assert wizard.of(InterviewBegun)
    assert app.guide.require().modules == ("jupyterhub", "mlflow")


def test_a_second_deployment_of_a_preset_gets_a_name_of_its_own(wizard: Wizard, lite: Interview) -> None:
    lite.deployment.folder.mkdir(parents=True)
    drafts.save(lite)

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await settled(app, pilot)
        beginnings = app.screen.query_one("#beginnings", OptionList)
        beginnings.highlighted = beginnings.get_option_index("preset:laptop-lite")
        await pilot.press("enter")
        await settled(app, pilot)

    assert wizard.run(scene).guide.require().name == "laptop-lite-2"


def test_a_draft_is_resumed_or_discarded_from_the_start(wizard: Wizard, lite: Interview) -> None:
    lite.set_value("mlflow_port", 15555)
    drafts.save(lite)

    async def resume(app: WizardApp, pilot: Pilot[int]) -> None:
        await settled(app, pilot)
        assert app.screen.query_one("#beginnings", OptionList).highlighted_option.id == "draft:0"  # type: ignore[union-attr]  # one is highlighted, or the test fails
        await pilot.press("enter")
        await settled(app, pilot)

    async def discard(app: WizardApp, pilot: Pilot[int]) -> None:
        await settled(app, pilot)
        await pilot.press("delete")
        await pilot.pause()
        assert isinstance(app.screen, ConfirmScreen)
        await pilot.press("down", "enter")
        await settled(app, pilot)

    assert wizard.run(resume).guide.require().value_of("mlflow_port") == 15555
    wizard.run(discard)
    assert drafts.found(wizard.context) == []


def test_the_name_is_checked_where_it_is_typed(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        field = app.screen.query_one("#name", Input)
        field.focus()
        field.value = "Not A Name"
        await pilot.press("enter")
        await pilot.pause()
        assert str(app.screen.query_one("#name-problem", Static).render()).startswith("!")
        assert lite.name == "laptop-lite"
        field.value = "mine"
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, ModulesScreen)

    wizard.run(scene, lite, start_at=Step.TARGET)
    assert lite.name == "mine"


def test_a_module_is_chosen_with_the_space_key_and_the_room_is_measured_again(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await settled(app, pilot)
        modules = app.screen.query_one("#modules", OptionList)
        modules.highlighted = modules.get_option_index("dask")
        await pilot.press("space")
        await settled(app, pilot)
        assert "[x] Dask" in str(modules.get_option("dask").prompt)

    wizard.run(scene, lite, start_at=Step.MODULES)
    assert "dask" in lite.modules
    assert wizard.of(AnswersChanged)
    assert len(wizard.of(RoomMeasured)) >= 2


def test_every_step_is_reached_and_the_list_says_what_is_not_yet(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        for step in (Step.START, Step.TARGET, Step.MODULES, Step.PARAMETERS, Step.REVIEW):
            app.go_to(step)
            await pilot.pause()
            assert getattr(app.screen, "STEP", None) is step
        app.go_to(Step.DONE)
        await settled(app, pilot)
        assert getattr(app.screen, "STEP", None) is Step.REVIEW, "Done comes once a plan is applied"
        await pilot.press("escape")
        await pilot.pause()
        assert getattr(app.screen, "STEP", None) is Step.PARAMETERS

    wizard.run(scene, lite, start_at=Step.MODULES)


def test_resizing_at_any_moment_moves_the_step_list(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        steps = app.screen.query_one("#steps")
        assert steps.size.height == 1
        await pilot.resize_terminal(160, 50)
        await pilot.pause()
        assert steps.size.height > 10
        await pilot.resize_terminal(40, 10)
        await pilot.pause()
        assert steps.size.height == 1

    wizard.run(scene, lite, start_at=Step.MODULES)


def test_help_and_palette_list_our_keys_and_only_those(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        names = {binding.description for binding, _ in own_keys(app.screen)}
        assert {"Choose", "Back", "Next", "Find", "Help", "Leave"} <= names
        assert not names & {"Focus Next", "Copy selected text", "Page Down"}
        commands = {command.title for command in app.get_system_commands(app.screen)}
        assert {"Go to Review", "Light or dark", "Choose"} <= commands
        assert "Go to Done" not in commands
        for key in ("f1", "question_mark"):
            await pilot.press(key)
            await pilot.pause()
            assert isinstance(app.screen, HelpScreen)
            await pilot.press("escape")
            await pilot.pause()

    wizard.run(scene, lite, start_at=Step.MODULES)


def test_leaving_keeps_the_draft_and_says_so(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        lite.set_value("mlflow_port", 15555)
        app.screen.post_message(AnswersChanged())
        await pilot.pause()
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert isinstance(app.screen, LeaveScreen)
        assert isinstance(app.focused, Button)
        await pilot.press("down", "enter")
        await pilot.pause()

    app = wizard.run(scene, lite, start_at=Step.MODULES)
    assert app.return_value == ExitCode.CANCELLED
    assert "draft is kept" in app.farewell
    [draft] = drafts.found(wizard.context)
    assert Interview.resume(wizard.context, draft.draft).value_of("mlflow_port") == 15555


def test_a_hang_up_saves_what_was_typed(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        lite.set_value("mlflow_port", 15556)
        app.screen.post_message(AnswersChanged())
        await pilot.pause()
        os.kill(os.getpid(), signal.SIGHUP)
        await pilot.pause()

    app = wizard.run(scene, lite, start_at=Step.MODULES)
    assert app.return_value == ExitCode.CANCELLED
    [draft] = drafts.found(wizard.context)
    assert Interview.resume(wizard.context, draft.draft).value_of("mlflow_port") == 15556


def test_the_draft_is_saved_shortly_after_the_last_edit_without_leaving(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        lite.set_value("mlflow_port", 15557)
        app.screen.post_message(AnswersChanged())
        while not wizard.of(DraftSaved):
            await pilot.pause(0.05)

    wizard.run(scene, lite, start_at=Step.MODULES)
    assert [draft.name for draft in drafts.found(wizard.context)] == ["laptop-lite"]


def test_no_color_leaves_only_grey(context: Context, wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        strips = app.screen.query_one("#steps").render_lines(app.screen.query_one("#steps").region.reset_offset)
        for segment in (segment for strip in strips for segment in strip):
            for color in (segment.style.color, segment.style.bgcolor) if segment.style else ():
                if color is not None and color.triplet is not None:
                    assert len(set(color.triplet)) == 1, "red, green and blue are alike in grey"

    wizard.run(scene, lite, start_at=Step.MODULES, no_color=True)


def test_a_preset_with_a_name_of_its_own_keeps_the_context(context: Context) -> None:
    named = Interview.from_preset(context, "laptop-lite", "mine")
    assert replace(named.answers, name="laptop-lite") == Interview.from_preset(context, "laptop-lite").answers


@pytest.mark.parametrize("step", [Step.START, Step.TARGET, Step.MODULES, Step.PARAMETERS, Step.REVIEW])
def test_the_first_key_on_a_step_is_for_the_step_and_not_for_the_list_of_steps(
    wizard: Wizard, lite: Interview, step: Step
) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        assert app.focused is not None
        assert not isinstance(app.focused, StepList)
        await settled(app, pilot)
        assert not isinstance(app.focused, StepList)

    wizard.run(scene, lite, start_at=step)


def test_enter_on_a_name_that_stays_goes_on(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        app.screen.query_one("#name", Input).focus()
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, ModulesScreen)

    wizard.run(scene, lite, start_at=Step.TARGET)
    assert lite.name == "laptop-lite"


def test_a_line_too_short_for_all_steps_names_the_one_that_is_shown(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        steps = app.screen.query_one(StepList)
        assert str(steps.render()).split("  ")[:7] == ["✓", "✓", "✓ Modules", "✓", "●", "·", "·"]
        await pilot.click(StepList, offset=(4, 0))
        await pilot.pause()
        assert isinstance(app.screen, TargetScreen), "a click finds the step where it stands"

    wizard.run(scene, lite, start_at=Step.MODULES, size=(60, 20))


def test_the_start_says_what_goes_on_and_what_begins_anew(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        app.go_to(Step.START)
        await settled(app, pilot)
        assert "F3 goes on with laptop-lite" in str(app.screen.query_one("#ask", Static).render())

    wizard.run(scene, lite, start_at=Step.MODULES)


def test_a_crash_shows_nothing_that_was_typed_and_keeps_the_draft(
    context: Context, lite: Interview, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = "-".join(("typed", "canary", "Zq7"))  # a traceback quotes lines of the source

    def fail(value: str) -> None:
        raise LookupError(len(value))

    class Failing(WizardApp):
        CSS_PATH = Path(launch.__file__).parent / "styles/base.tcss"

        async def scene(self, pilot: Pilot[Any]) -> None:
            lite.set_value("mlflow_port", 15558)
            self.screen.post_message(AnswersChanged())
            await pilot.pause()
            self.call_later(fail, canary)

        def run(self, **_: Any) -> int | None:
            return super().run(headless=True, auto_pilot=self.scene)

    monkeypatch.setattr(launch, "WizardApp", Failing)
    code, farewell = launch.run_tui(context, lite)
    said = capsys.readouterr()
    assert (code, "kept as a draft" in farewell) == (ExitCode.FAILED, True)
    assert "LookupError" in said.out + said.err
    assert canary not in said.out + said.err
    assert [draft.name for draft in drafts.found(context)] == ["laptop-lite"]


def test_a_deployment_says_what_became_of_it(wizard: Wizard, lite: Interview) -> None:
    approve(lite)
    end_run(begin_run(lite), "")
    told: list[str] = []

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await settled(app, pilot)
        beginnings = app.screen.query_one("#beginnings", OptionList)
        told.append(str(beginnings.get_option(f"reconfigure:{lite.deployment.folder}").prompt))

    wizard.run(scene)
    end_run(begin_run(lite, kind="destroy"), "")
    wizard.run(scene)
    assert [text.split("  ")[-1] for text in told] == ["2 modules, last run done", "2 modules, removed"]
