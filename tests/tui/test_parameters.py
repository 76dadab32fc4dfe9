"""Parameters: the forms follow the answers, and problems stand at the field to change."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input, Static

from mlops_install.deployment.draft import list_drafts
from mlops_install.setup.interview import Interview
from mlops_install.tui.app import WizardApp
from mlops_install.tui.messages import AnswersChanged
from mlops_install.tui.screens import parameters
from mlops_install.tui.screens.parameters import ParametersScreen, RulesChecked
from mlops_install.tui.steps import Step
from mlops_install.tui.widgets.fields.form import Fold, ParameterForm
from mlops_install.tui.widgets.fields.row import FieldEntered, FieldLeft, FieldRow
from mlops_install.tui.widgets.fields.tabs import FormTabs
from tests.tui.conftest import Wizard, settled
from tests.tui.kinds import rules_checked


def _screen(app: WizardApp) -> ParametersScreen:
    assert isinstance(app.screen, ParametersScreen)
    return app.screen


def _row(app: WizardApp, name: str) -> FieldRow:
    row = app.screen.query_one(ParameterForm).row(name)
    assert row is not None, f"{name} is not on the form"
    return row


def _names(app: WizardApp) -> list[str]:
    return [row.parameter_name for row in app.screen.query_one(ParameterForm).children if isinstance(row, FieldRow)]


def _here(app: WizardApp) -> str:
    return next((row.parameter_name for row in app.screen.query(FieldRow) if row.has_focus_within), "")


def _about(app: WizardApp) -> str:
    return str(app.screen.query_one("#field-about-text", Static).render())


async def _at(app: WizardApp, pilot: Pilot[Any], name: str) -> FieldRow:
    row = _row(app, name)
    row.enter()
    await pilot.pause()
    return row


def test_the_first_form_opens_with_its_first_field_explained(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        first = lite.questions()[0].questions()[0].parameter
        assert _here(app) == first.name
        assert first.description in _about(app)
        assert "Default: 8000." in _about(app)
        assert not any(row.question.parameter.advanced for row in app.screen.query(FieldRow))
        assert [tab.title for tab in app.screen.query_one(FormTabs)._tabs] == ["JupyterHub", "MLflow", "Deployment"]

    wizard.run(scene, lite, start_at=Step.PARAMETERS)
    assert {message.name for message in wizard.of(FieldEntered) if isinstance(message, FieldEntered)} == {
        "jupyterhub_port"
    }
    assert wizard.of(AnswersChanged) == []


def test_every_key_is_kept_and_the_problem_is_said_on_leaving(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        row = await _at(app, pilot, "jupyterhub_port")
        await pilot.press("backspace", "backspace")
        await pilot.pause()
        assert lite.value_of("jupyterhub_port") == 80
        assert row.problem == "", "not while it is typed"
        await pilot.press("tab")
        await pilot.pause()
        assert row.problem == "A port is from 1024 to 65535."
        assert row.has_class("-wrong")
        await pilot.press("shift+tab", "0", "0")
        await pilot.pause()
        assert row.problem == "", "a told problem goes with its cause"
        await pilot.press("x", "tab")
        await pilot.pause()
        assert row.problem == "It is a text; it must be a whole number."
        assert lite.value_of("jupyterhub_port") == "8000x", "nothing typed is lost"

    wizard.run(scene, lite, start_at=Step.PARAMETERS)
    assert wizard.of(AnswersChanged)
    assert wizard.of(FieldLeft)


def test_the_form_follows_its_conditions_without_moving_the_cursor(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        assert "jupyterhub_shared_password" in _names(app)
        await _at(app, pilot, "oauth_github_enable")
        await pilot.press("space")
        await pilot.pause()
        assert _here(app) == "oauth_github_enable"
        assert "jupyterhub_shared_password" not in _names(app)
        places = [_names(app).index(name) for name in ("oauth_github_enable", "oauth_github_client_id")]
        assert places[1] == places[0] + 1
        await pilot.press("n")
        await pilot.pause()
        assert "oauth_github_client_id" not in _names(app)
        assert "jupyterhub_shared_password" in _names(app)

    wizard.run(scene, lite, start_at=Step.PARAMETERS)


def test_a_rule_across_parameters_stands_at_the_field_to_change(
    wizard: Wizard, lite: Interview, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parameters, "CHECK_AFTER", 0.001)

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        lite.set_value("mlflow_port", lite.value_of("jupyterhub_port"))
        app.guide.touch()
        screen = _screen(app)
        screen.refresh_step()
        await rules_checked(app, pilot, wizard)
        tabs = {tab.module: tab for tab in screen.query_one(FormTabs)._tabs}
        assert (tabs["mlflow"].status, tabs["mlflow"].count) == ("problem", 1)
        assert app.guide.status(Step.PARAMETERS) == "problem"
        await pilot.press("f3")
        await pilot.pause()
        assert _here(app) == "mlflow_port", "going on leads to what is wrong"
        said = "Another service of this deployment has this port; choose one of its own."
        assert _row(app, "mlflow_port").problem == said

    wizard.run(scene, lite, start_at=Step.PARAMETERS)
    assert wizard.of(RulesChecked)


def test_going_on_with_a_missing_answer_leads_to_it(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        lite.set_value("oauth_github_enable", True)
        lite.set_value("oauth_github_admin_users", ["octocat"])
        app.guide.touch()
        await pilot.press("f6")
        await pilot.press("f3")
        await pilot.pause()
        assert isinstance(app.screen, ParametersScreen)
        assert _here(app) == "oauth_github_client_id"
        assert _row(app, "oauth_github_client_id").problem == "It is required and has no value."
        assert _row(app, "oauth_github_client_secret").problem

    wizard.run(scene, lite, start_at=Step.PARAMETERS)


def test_the_wanted_field_is_unfolded_and_gets_the_cursor(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        app.show_parameter("jupyterhub_hub_port")
        await pilot.pause()
        assert _here(app) == "jupyterhub_hub_port"

    wizard.run(scene, lite, start_at=Step.MODULES)


def test_advanced_fields_are_folded_and_say_what_they_hide(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        lite.set_value("jupyterhub_hub_port", 9001)
        _screen(app).refresh_step()
        await pilot.pause()
        fold = app.screen.query(Fold).first()
        assert str(fold.render()).strip() == "▸ Advanced: 4 more, ~ 1 changed"
        fold.focus()
        await pilot.press("enter")
        await pilot.pause()
        assert "jupyterhub_hub_port" in _names(app)
        await pilot.press("f7", "f7")
        await pilot.pause()
        assert "jupyterhub_hub_port" not in _names(app)

    wizard.run(scene, lite, start_at=Step.PARAMETERS)


def test_a_field_is_put_back(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        row = await _at(app, pilot, "jupyterhub_port")
        await pilot.press("1")
        await pilot.pause()
        assert "~ not the default" in _about(app)
        await pilot.press("f9")
        await pilot.pause()
        assert lite.value_of("jupyterhub_port") == 8000
        assert row.query_one(Input).value == "8000"

    wizard.run(scene, lite, start_at=Step.PARAMETERS)


def test_leaving_the_step_brings_one_back_to_the_same_field(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await pilot.press("f6")
        await pilot.pause()
        assert _here(app) == "mlflow_port"
        await pilot.press("x", "escape")
        await pilot.pause()
        assert not isinstance(app.screen, ParametersScreen)
        await pilot.press("f3")
        await pilot.pause()
        assert _here(app) == "mlflow_port"
        assert _row(app, "mlflow_port").query_one(Input).value == "5000x"
        assert _row(app, "mlflow_port").problem

    wizard.run(scene, lite, start_at=Step.PARAMETERS)


def test_the_oauth_helper_shows_and_copies_the_addresses(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        row = await _at(app, pilot, "oauth_github_enable")
        assert not row.query_one(".oauth").display
        await pilot.press("space")
        await pilot.pause()
        assert row.query_one(".oauth").display
        callback = "http://127.0.0.1:8000/hub/oauth_callback"
        assert callback in str(row.query_one(".oauth-callback", Static).render())
        words = " ".join(str(static.render()) for static in row.query(Static))
        assert "read:org" in words
        assert "with nobody named, the plan is refused" in words
        row.query_one(".copy-callback", Button).press()
        await pilot.pause()
        assert app.clipboard == callback
        lite.set_value("jupyterhub_port", 8123)
        _screen(app).refresh_step()
        await pilot.pause()
        assert "Homepage URL: http://127.0.0.1:8123" in str(row.query_one(".oauth-homepage", Static).render())

    wizard.run(scene, lite, start_at=Step.PARAMETERS, size=(120, 40))


def test_what_was_typed_is_in_the_draft(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await pilot.press("1")
        await pilot.pause()
        app.save_now()

    app = wizard.run(scene, lite, start_at=Step.PARAMETERS)
    [draft] = list_drafts(app.guide.context.environment)
    assert Interview.resume(app.guide.context, draft).value_of("jupyterhub_port") == 80001


def test_keys_that_come_faster_than_the_form_follows_are_all_kept(wizard: Wizard, lite: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        app.show_parameter("mlflow_port")
        await settled(app, pilot)
        field = app.focused
        assert isinstance(field, Input)
        field.value = ""
        for key in "15432":
            # Typed ahead: nothing waits for what a key does.
            app.simulate_key(key)
        await settled(app, pilot)
        assert field.value == "15432"

    wizard.run(scene, lite, start_at=Step.PARAMETERS)
    assert lite.value_of("mlflow_port") == 15432


def test_a_field_that_is_gone_to_because_it_is_wrong_says_why(wizard: Wizard, lite: Interview) -> None:
    lite.set_value("mlflow_port", None)

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        app.show_parameter("mlflow_port")
        await settled(app, pilot)
        said = _row(app, "mlflow_port").query_one(".row-problem", Static)
        assert said.display
        assert str(said.render()) == "! It is empty; it must be a whole number."

    wizard.run(scene, lite, start_at=Step.MODULES)
