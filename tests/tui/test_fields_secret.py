"""Secrets on a form: each way they can come, masked, shown only when asked for."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from mlops_install.setup.interview import Interview
from mlops_install.tui.app import WizardApp
from mlops_install.tui.steps import Step
from mlops_install.tui.widgets.fields.choice import Menu
from mlops_install.tui.widgets.fields.row import FieldRow
from mlops_install.tui.widgets.fields.secret import SecretField
from tests.tui.conftest import Wizard
from tests.tui.kinds import KindsContext, approve

CANARY = "Canary-93-of-the-mine"


@pytest.fixture
def asked(kinds: KindsContext) -> Interview:
    interview = Interview.new(kinds, "kinds", "sample")
    interview.toggle_module("tool")
    interview.set_value("tool_text", "x")
    return interview


@pytest.fixture
def form(kinds: KindsContext) -> Wizard:
    return Wizard(kinds)


def _row(app: WizardApp, name: str) -> FieldRow:
    return next(row for row in app.screen.query(FieldRow) if row.parameter_name == name)


async def _take(app: WizardApp, pilot: Pilot[Any], name: str, way: str) -> FieldRow:
    """Go to a secret and choose a way in its menu."""
    row = _row(app, name)
    row.enter()
    await pilot.pause()
    row.query_one(Menu).value = way
    await pilot.pause()
    await pilot.pause()
    return row


def _words(app: WizardApp) -> str:
    """Return every word that the screen shows now."""
    strips = [strip.text for strip in app.screen._compositor.render_strips()]
    return "\n".join(strips)


def _state(row: FieldRow) -> str:
    return str(row.query_one(".secret-state", Static).render())


def _ways(row: FieldRow) -> list[str]:
    return [str(value) for _, value in row.query_one(Menu)._options if isinstance(value, str)]


def test_a_typed_secret_is_masked_rated_and_shown_by_a_key(form: Wizard, asked: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await pilot.press("f7")
        await pilot.pause()
        row = await _take(app, pilot, "tool_key", "typed")
        assert row.query_one(Input).has_focus
        await pilot.press(*CANARY)
        await pilot.pause()
        assert asked.reveal("tool_key") == CANARY
        assert _state(row) == "Strength: strong"
        assert CANARY not in _words(app)
        await pilot.press("f4")
        await pilot.pause()
        await pilot.pause()
        assert CANARY in _words(app)
        await pilot.press("shift+tab", "shift+tab")
        await pilot.pause()
        await pilot.pause()
        assert not row.has_focus_within
        assert CANARY not in _words(app), "leaving hides it"

    form.run(scene, asked, start_at=Step.PARAMETERS, size=(120, 40))
    ours = [message for message in form.messages if type(message).__module__.startswith("mlops_install")]
    assert ours
    assert CANARY not in repr(ours)


def test_a_secret_from_a_variable_or_a_file_is_a_reference(form: Wizard, asked: Interview, kinds: KindsContext) -> None:
    (kinds.environment.home / "key.txt").write_text(CANARY, encoding="utf-8")

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await pilot.press("f7")
        await pilot.pause()
        row = await _take(app, pilot, "tool_key", "env")
        assert row.own_problem() == "The variable's name is needed here."
        await pilot.press(*"9X")
        await pilot.pause()
        assert "doesn't begin with a digit" in row.own_problem()
        assert "tool_key" not in asked.given.secrets
        await pilot.press("backspace", "backspace", *"MY_KEY", "tab")
        await pilot.pause()
        await pilot.pause()
        assert asked.given.secrets["tool_key"] == "env:MY_KEY"
        assert row.problem == "It comes from the environment variable MY_KEY, which is not set."
        row = await _take(app, pilot, "tool_key", "file")
        await pilot.press(*"key.txt")
        await pilot.pause()
        assert asked.given.secrets["tool_key"] == "file:key.txt"
        assert asked.reveal("tool_key") == CANARY
        assert row.problem == ""
        assert CANARY not in _words(app)

    form.run(scene, asked, start_at=Step.PARAMETERS, size=(120, 40))


def test_a_secret_that_is_put_back_is_open_again(form: Wizard, asked: Interview) -> None:
    asked.set_secret("tool_key", "env:MY_KEY")

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await pilot.press("f7")
        await pilot.pause()
        row = _row(app, "tool_key")
        assert row.query_one(Menu).value == "env"
        assert row.query_one(Input).value == "MY_KEY"
        row.enter()
        await pilot.press("f9")
        await pilot.pause()
        await pilot.pause()
        assert row.query_one(Menu).is_blank()
        assert not row.query_one(Input).display
        assert "tool_key" not in asked.given.secrets

    form.run(scene, asked, start_at=Step.PARAMETERS)


def test_a_generated_secret_needs_nothing_and_can_be_shown(form: Wizard, asked: Interview) -> None:
    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        row = _row(app, "tool_token")
        row.enter()
        await pilot.pause()
        assert _ways(row) == ["generated", "typed", "env", "file"]
        value = asked.reveal("tool_token")
        assert value not in _words(app)
        await pilot.press("f4")
        await pilot.pause()
        await pilot.pause()
        assert value in _words(app)

    form.run(scene, asked, start_at=Step.PARAMETERS, size=(120, 40))


def test_an_installed_secret_is_kept_unless_rotated_or_replaced(
    form: Wizard, asked: Interview, kinds: KindsContext
) -> None:
    asked.set_secret("tool_key", "typed", CANARY)
    again = Interview.reconfigure(kinds, approve(asked))
    before = again.held_secret("tool_token")

    async def scene(app: WizardApp, pilot: Pilot[int]) -> None:
        await pilot.press("f7")
        await pilot.pause()
        row = _row(app, "tool_token")
        assert _ways(row) == ["keep", "rotate", "typed", "env", "file"]
        assert row.query_one(Menu).value == "keep"
        await _take(app, pilot, "tool_token", "rotate")
        assert again.reveal("tool_token") not in ("", before)
        assert [change.name for change in again.secret_changes()] == ["tool_token"]
        assert _state(row) == "made by the installer, new"
        await pilot.press("f9")
        await pilot.pause()
        await pilot.pause()
        assert row.query_one(Menu).value == "keep"
        assert again.reveal("tool_token") == before
        key = _row(app, "tool_key")
        assert _ways(key) == ["keep", "typed", "env", "file"]
        assert CANARY not in _words(app)
        await _take(app, pilot, "tool_key", "typed")
        assert again.secret_changes() == (), "an empty line keeps the installed one"

    form.run(scene, again, start_at=Step.PARAMETERS, size=(120, 40))


def test_what_the_field_has_is_never_in_its_repr(asked: Interview) -> None:
    asked.set_secret("tool_key", "typed", CANARY)
    question = next(q for form in asked.questions() for q in form.questions() if q.parameter.name == "tool_key")
    assert CANARY not in repr(SecretField(asked, question))
