"""Parameters: what is said when there is nothing to ask, no Terraform to ask, or nothing wrong."""

from __future__ import annotations

from typing import NoReturn

import pytest
from textual.pilot import Pilot

from mlops_install.errors import PreflightError
from mlops_install.setup.interview import Interview
from mlops_install.tui.app import WizardApp
from mlops_install.tui.screens import parameters
from mlops_install.tui.screens.parameters import ParametersScreen, RulesUnchecked
from mlops_install.tui.screens.review import ReviewScreen
from mlops_install.tui.steps import Step
from mlops_install.tui.widgets.fields.row import FieldRow
from mlops_install.tui.widgets.fields.tabs import FormTabs
from tests.tui.conftest import Wizard, settled


def test_with_nothing_wrong_the_next_step_follows(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await pilot.press("f3")
        await pilot.pause()
        assert isinstance(app.screen, ReviewScreen)
        await settled(app, pilot)

    wizard.run(scene, lite, start_at=Step.PARAMETERS)


def test_without_a_module_only_what_is_always_there_is_asked(wizard: Wizard, lite: Interview) -> None:
    for module in lite.modules:
        lite.toggle_module(module)

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        assert [row.question.parameter.name for row in app.screen.query(FieldRow)] == ["singleuser_packages"]
        assert [tab.title for tab in app.screen.query_one(FormTabs)._tabs] == ["Deployment"]

    wizard.run(scene, lite, start_at=Step.PARAMETERS)


def test_without_terraform_it_is_said_once_and_everything_else_works(
    wizard: Wizard, lite: Interview, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking() -> NoReturn:
        raise PreflightError("There is no Terraform.")

    monkeypatch.setattr(parameters, "CHECK_AFTER", 0.001)
    monkeypatch.setattr(lite, "check_with_terraform", lacking)

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await settled(app, pilot)
        await pilot.press("1")
        while len(wizard.of(RulesUnchecked)) < 2:
            await settled(app, pilot)
        assert isinstance(app.screen, ParametersScreen)
        said = [note.message for note in app._notifications]
        assert said == ["The rules across answers are checked only with the plan: There is no Terraform."]
        assert lite.value_of("jupyterhub_port") != 8000

    wizard.run(scene, lite, start_at=Step.PARAMETERS)


def test_the_list_of_modules_keeps_the_cursor_while_it_is_gone_through(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        tabs = app.screen.query_one(FormTabs)
        tabs.focus()
        await pilot.press("right")
        await pilot.pause()
        assert tabs.has_focus
        assert [row.question.parameter.module for row in app.screen.query(FieldRow)] == ["mlflow", "mlflow"]
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen.query(FieldRow).first().has_focus_within

    wizard.run(scene, lite, start_at=Step.PARAMETERS)
