"""The small questions."""

from __future__ import annotations

import io

import pytest
from tests.unit.prompts.conftest import CTRL_C, CTRL_U, DOWN, ENTER, Keyboard

from mlops_install.errors import CancelledError
from mlops_install.prompts.confirmation import ask_port, choose, confirm, interrupt_choice, typed_confirmation
from mlops_install.prompts.session import questions_on


@pytest.mark.parametrize(("default", "keys", "value"), [(False, ENTER, False), (True, ENTER, True), (False, "y", True)])
def test_confirm(keyboard: Keyboard, default: bool, keys: str, value: bool) -> None:
    keyboard.type(keys)
    assert confirm("Go on?", default) is value


def test_choose_by_number_by_arrow_and_by_default(keyboard: Keyboard) -> None:
    options = [("a", "First"), ("b", "Second"), ("c", "Third")]
    keyboard.type("3", ENTER, DOWN, ENTER, ENTER)
    assert [choose("Which?", options), choose("Which?", options), choose("Which?", options, default="b")] == [
        "c",
        "b",
        "b",
    ]


def test_ask_port_names_the_conflict_and_offers_the_next_one(keyboard: Keyboard) -> None:
    keyboard.type(ENTER, CTRL_U, "70000", ENTER, CTRL_U, "5005", ENTER)
    assert ask_port("Port 5000 is taken by pid 1.", 5001) == 5001
    assert ask_port("Port 5000 is taken by pid 1.", 5001) == 5005
    assert "Port 5000 is taken by pid 1." in keyboard.screen.getvalue()


@pytest.mark.parametrize(("typed", "value"), [("delete", True), ("delet", False), ("", False)])
def test_typed_confirmation(keyboard: Keyboard, typed: str, value: bool) -> None:
    keyboard.type(typed, ENTER)
    assert typed_confirmation("delete") is value


@pytest.mark.parametrize(
    ("keys", "value"), [(ENTER, "stay"), ("2" + ENTER, "detach"), ("3" + ENTER, "cancel"), (CTRL_C, "detach")]
)
def test_what_an_interrupt_does(keyboard: Keyboard, keys: str, value: str) -> None:
    keyboard.type(keys)
    assert interrupt_choice("mlops-install attach") == value


def test_an_interrupt_in_a_question_cancels(keyboard: Keyboard) -> None:
    keyboard.type(CTRL_C)
    with pytest.raises(CancelledError):
        confirm("Go on?", True)


def test_questions_are_drawn_where_they_are_wanted(keyboard: Keyboard) -> None:
    stream = io.StringIO()
    keyboard.type("y")
    with questions_on(stream):
        assert confirm("Go on?", False)
    assert "Go on?" in stream.getvalue()
    assert "Go on?" not in keyboard.screen.getvalue()
