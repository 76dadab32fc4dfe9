"""The fields: one for each kind of value, by what is typed and clicked."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input, Static

from mlops_install.setup.interview import Interview
from mlops_install.tui.app import WizardApp
from mlops_install.tui.messages import AnswersChanged
from mlops_install.tui.screens import parameters
from mlops_install.tui.screens.object import ObjectScreen
from mlops_install.tui.screens.parameters import RulesChecked
from mlops_install.tui.steps import Step
from mlops_install.tui.widgets.fields.choice import ChoiceField
from mlops_install.tui.widgets.fields.items import ItemsField
from mlops_install.tui.widgets.fields.json_text import JsonField
from mlops_install.tui.widgets.fields.objects import ObjectsField
from mlops_install.tui.widgets.fields.path import complete
from mlops_install.tui.widgets.fields.row import FieldRow, LockedField, marks
from tests.tui.conftest import Wizard, settled
from tests.tui.kinds import KindsContext, approve, rules_checked

PROFILES = [
    {"display_name": "Small", "default": True, "override": {"image": "a:1"}},
    {"display_name": "Big", "override": {"image": "b:2"}},
]


@pytest.fixture
def asked(kinds: KindsContext) -> Interview:
    """A new deployment with the module whose parameters are of every kind."""
    interview = Interview.new(kinds, "kinds", "sample")
    interview.toggle_module("tool")
    return interview


@pytest.fixture
def form(kinds: KindsContext) -> Wizard:
    return Wizard(kinds)


async def _at(app: WizardApp, pilot: Pilot[Any], name: str) -> FieldRow:
    row = next(row for row in app.screen.query(FieldRow) if row.parameter_name == name)
    row.enter()
    await pilot.pause()
    return row


def _lines(row: FieldRow) -> list[str]:
    return [line.value for line in row.query(Input)]


def test_a_text_and_a_number_that_may_be_left_out(form: Wizard, asked: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        row = await _at(app, pilot, "tool_text")
        assert marks(row.question) == ["● required"]
        await pilot.press(*"Ada's", "space", "enter", *"4", "enter", *"1.5")
        await pilot.pause()
        assert asked.value_of("tool_text") == "Ada's"
        assert asked.value_of("tool_count") == 24
        assert asked.value_of("tool_limit") == 1.5
        await pilot.press("backspace", "backspace", "backspace")
        await pilot.pause()
        assert asked.value_of("tool_limit") is None

    form.run(scene, asked, start_at=Step.PARAMETERS)


def test_a_choice_is_opened_by_enter_and_passed_by_the_arrows(form: Wizard, asked: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        row = await _at(app, pilot, "tool_mode")
        assert isinstance(row.field, ChoiceField)
        await pilot.press("enter", "down", "enter")
        await pilot.pause()
        assert asked.value_of("tool_mode") == "safe"
        await pilot.press("f9")
        await pilot.pause()
        assert asked.value_of("tool_mode") == "fast"
        assert row.field.given_value() == "fast"
        await pilot.press("down")
        await pilot.pause()
        assert not row.has_focus_within

    form.run(scene, asked, start_at=Step.PARAMETERS)


def test_a_value_that_is_no_choice_is_shown_and_refused(form: Wizard, asked: Interview) -> None:
    asked.set_value("tool_mode", "slow")

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        row = await _at(app, pilot, "tool_mode")
        assert row.field.given_value() == "slow"  # type: ignore[union-attr] # it is a choice
        await pilot.press("tab")
        await pilot.pause()
        assert row.problem == "The mode is fast or safe."

    form.run(scene, asked, start_at=Step.PARAMETERS)


def test_items_are_added_changed_moved_and_removed(form: Wizard, asked: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        row = await _at(app, pilot, "tool_names")
        assert isinstance(row.field, ItemsField)
        assert _lines(row) == ["a", "b", ""]
        await pilot.press("x", "enter", "enter", *"c")
        await pilot.pause()
        assert _lines(row) == ["ax", "b", "c", ""]
        assert asked.value_of("tool_names") == ["ax", "b", "c"]
        await pilot.press("alt+up")
        await pilot.pause()
        assert asked.value_of("tool_names") == ["ax", "c", "b"]
        await pilot.press("f8")
        await pilot.pause()
        assert asked.value_of("tool_names") == ["ax", "b"]
        assert row.has_focus_within, "the cursor stays in the list"
        await pilot.press("f9")
        await pilot.pause()
        await pilot.pause()
        assert _lines(row) == ["a", "b", ""]

    form.run(scene, asked, start_at=Step.PARAMETERS)


def test_a_map_has_a_key_and_a_value_a_line(form: Wizard, asked: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await pilot.press("f6")
        await pilot.pause()
        row = await _at(app, pilot, "labels")
        await pilot.press(*"team", "enter", *"ml", "enter", *"team")
        await pilot.pause()
        assert row.own_problem() == "The key team is there twice; the later one counts."
        await pilot.press("2", "enter", *"ops")
        await pilot.pause()
        assert asked.value_of("labels") == {"team": "ml", "team2": "ops"}
        assert row.own_problem() == ""
        await pilot.press("f8")
        await pilot.pause()
        assert asked.value_of("labels") == {"team": "ml"}

    form.run(scene, asked, start_at=Step.PARAMETERS)


def test_objects_have_one_default_and_are_opened_moved_and_removed(form: Wizard, asked: Interview) -> None:
    asked.set_value("tool_profiles", PROFILES)

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        row = await _at(app, pilot, "tool_profiles")
        assert isinstance(row.field, ObjectsField)
        assert "(x) Small · a:1" in str(row.field.render())
        await pilot.press("down", "d")
        await pilot.pause()
        assert [item.get("default") for item in asked.value_of("tool_profiles")] == [False, True]
        await pilot.press("alt+up")
        await pilot.pause()
        assert [item["display_name"] for item in asked.value_of("tool_profiles")] == ["Big", "Small"]
        await pilot.press("f8")
        await pilot.pause()
        assert [item["display_name"] for item in asked.value_of("tool_profiles")] == ["Small"]

    form.run(scene, asked, start_at=Step.PARAMETERS)


def test_an_object_is_edited_in_a_form_of_its_attributes(form: Wizard, asked: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        row = await _at(app, pilot, "tool_profiles")
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, ObjectScreen)
        labels = [str(label.render()) for label in app.screen.query(".row-label").results(Static)]
        assert labels == ["display name", "description", "default", "override, image"]
        await pilot.press(*"Small", "enter", "enter", "tab", *"a:1")
        await pilot.pause()
        first = {"display_name": "Small", "default": True, "override": {"image": "a:1"}}
        assert asked.value_of("tool_profiles") == [first], "kept while it is typed"
        await pilot.press("escape")
        await pilot.pause()
        assert row.has_focus_within
        assert asked.value_problems("tool_profiles") == []
        await pilot.press("enter", *"er")
        await pilot.pause()
        app.screen.query_one("#undo", Button).press()
        await pilot.pause()
        assert asked.value_of("tool_profiles") == [first]

    form.run(scene, asked, start_at=Step.PARAMETERS)


def test_anything_else_is_json_and_said_where_it_breaks_off(form: Wizard, asked: Interview) -> None:
    asked.set_value("tool_profiles", "not a list")

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        row = await _at(app, pilot, "tool_profiles")
        assert isinstance(row.field, JsonField)
        row.field.text = '[{"display_name": "Small",\n "override": '
        await pilot.pause()
        await pilot.press("tab")
        await pilot.pause()
        assert row.problem == "This is no JSON yet in line 2."
        row.field.text = '[{"display_name": "Small", "override": {"image": "a:1"}}]'
        await pilot.pause()
        assert row.problem == ""
        assert asked.value_of("tool_profiles") == [{"display_name": "Small", "override": {"image": "a:1"}}]
        extra = await _at(app, pilot, "tool_extra")
        assert isinstance(extra.field, JsonField)
        extra.field.text = '{"a": [1, 2]}'
        await pilot.pause()
        assert asked.value_of("tool_extra") == {"a": [1, 2]}

    form.run(scene, asked, start_at=Step.PARAMETERS)


def test_a_path_is_completed_from_the_disk(form: Wizard, asked: Interview, kinds: KindsContext) -> None:
    home = kinds.environment.home
    (home / "models").mkdir()
    (home / "models" / "iris.bin").touch()

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await _at(app, pilot, "tool_folder")
        await pilot.press(*"mod")
        await settled(app, pilot)
        await pilot.press("right", *"i")
        await settled(app, pilot)
        await pilot.press("right")
        await pilot.pause()
        assert asked.value_of("tool_folder") == "models/iris.bin"

    form.run(scene, asked, start_at=Step.PARAMETERS)
    assert complete("~/mod", home, home) == "~/models/"
    assert complete("models/", home, home, folders_only=True) is None
    assert complete("nowhere/x", home, home) is None


def test_a_rule_of_the_stack_is_said_at_the_parameter_that_declares_it(
    form: Wizard, asked: Interview, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parameters, "CHECK_AFTER", 0.001)
    asked.set_value("tool_text", "x")
    asked.set_secret("tool_key", "typed", "a key")

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await _at(app, pilot, "tool_deep")
        await pilot.press("space")
        await _at(app, pilot, "tool_count")
        await pilot.press("backspace", "9")
        await pilot.pause()
        await rules_checked(app, pilot, form)
        row = next(row for row in app.screen.query(FieldRow) if row.parameter_name == "tool_depth")
        assert row.problem == "The depth is more than the count."
        assert not row.has_focus_within, "the cursor stays where it is"

    form.run(scene, asked, start_at=Step.PARAMETERS)
    assert form.of(RulesChecked)


def test_an_installed_immutable_value_is_shown_and_locked(form: Wizard, asked: Interview, kinds: KindsContext) -> None:
    asked.set_value("tool_text", "x")
    asked.set_secret("tool_key", "typed", "a key")
    again = Interview.reconfigure(kinds, approve(asked))

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        row = await _at(app, pilot, "tool_data")
        assert isinstance(row.field, LockedField)
        assert marks(row.question) == ["■ locked"]
        await pilot.press(*"xyz")
        row = await _at(app, pilot, "tool_count")
        await pilot.press("1")
        await pilot.pause()
        assert marks(row.question) == ["≠ installed", "~ changed"]
        about = str(app.screen.query_one("#field-about-text", Static).render())
        assert "Installed: 2." in about
        assert again.value_of("tool_data") == "disk"

    form.run(scene, again, start_at=Step.PARAMETERS)
    assert form.of(AnswersChanged)
