"""Parameters asked one by one."""

from __future__ import annotations

import re

import pytest
from tests.unit.prompts.conftest import CTRL_C, CTRL_D, CTRL_U, DOWN, ENTER, Keyboard

from mlops_install.catalogue.model import Parameter, TypeSpec, Value
from mlops_install.errors import CancelledError
from mlops_install.prompts.ask import ask_parameters, problem_of, split
from mlops_install.prompts.secret import SecretAnswer

STRINGS = TypeSpec("list", TypeSpec("string"))


def parameter(name: str, kind: TypeSpec, **given: Value) -> Parameter:
    """Return a parameter of MLflow's."""
    return Parameter(name, kind, given.pop("description", "What it is."), "mlflow", **given)


def fine(_parameter: Parameter, _value: Value) -> str | None:
    """Accept everything."""
    return None


def one(asked: Parameter, known: dict[str, Value] | None = None) -> Value:
    """Ask for one parameter that has no rules."""
    return ask_parameters([asked], known or {}, check=fine)[asked.name]


def test_enter_takes_the_default(keyboard: Keyboard) -> None:
    keyboard.type(ENTER)
    assert one(parameter("port", TypeSpec("number"), default=5000)) == 5000


def test_a_known_value_stands_before_the_default(keyboard: Keyboard) -> None:
    keyboard.type(ENTER)
    assert one(parameter("port", TypeSpec("number"), default=5000), {"port": 5001}) == 5001


def test_the_question_shows_name_label_and_description(keyboard: Keyboard) -> None:
    keyboard.type(ENTER)
    one(parameter("port", TypeSpec("number"), default=5000, label="MLflow port", description="Where it listens."))
    drawn = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", keyboard.screen.getvalue())
    for text in ("1 of 1  port", "Where it listens.", "MLflow port:", "5000"):
        assert text in drawn


def test_a_wrong_value_is_refused_until_it_is_right(keyboard: Keyboard) -> None:
    def check(_parameter: Parameter, value: Value) -> str | None:
        return None if value >= 1024 else "The port must be 1024 or higher."

    keyboard.type(CTRL_U, "none", ENTER, CTRL_U, "80", ENTER, CTRL_U, "8080", ENTER)
    asked = parameter("port", TypeSpec("number"), default=5000)
    assert ask_parameters([asked], {}, check=check) == {"port": 8080}
    assert problem_of(asked, "none", check) == "This must be a number."
    assert problem_of(asked, "80", check) == "The port must be 1024 or higher."
    assert problem_of(asked, "8080", check) == ""


@pytest.mark.parametrize(("keys", "value"), [("y", True), ("n", False), (ENTER, True)])
def test_yes_or_no(keyboard: Keyboard, keys: str, value: bool) -> None:
    keyboard.type(keys)
    assert one(parameter("enable", TypeSpec("bool"), default=True)) is value


def test_a_choice(keyboard: Keyboard) -> None:
    keyboard.type(DOWN, ENTER)
    asked = parameter("level", TypeSpec("string"), default="info", choices=("debug", "info", "warning"))
    assert one(asked) == "warning"


@pytest.mark.parametrize(
    ("typed", "value"), [("a, b", ["a", "b"]), ('["a,b"]', ["a,b"]), ("", [])], ids=["commas", "JSON", "empty"]
)
def test_a_list(keyboard: Keyboard, typed: str, value: list[str]) -> None:
    keyboard.type(CTRL_U, typed, ENTER)
    assert one(parameter("names", STRINGS, default=["x"])) == value


def test_a_map_as_json(keyboard: Keyboard) -> None:
    keyboard.type(ENTER)
    assert one(parameter("labels", TypeSpec("map", TypeSpec("string")), default={"a": "b"})) == {"a": "b"}


def test_a_required_value_can_not_be_left_empty(keyboard: Keyboard) -> None:
    keyboard.type(ENTER, "me", ENTER)
    asked = parameter("client", TypeSpec("string"), default="", required_when=())
    assert one(asked) == "me"
    assert problem_of(asked, " ", fine) == "A value is needed here."


def test_an_empty_text_is_null_only_where_null_is_the_default(keyboard: Keyboard) -> None:
    keyboard.type(ENTER, ENTER)
    assert one(parameter("folder", TypeSpec("string"), default=None)) is None
    assert one(parameter("folder", TypeSpec("string"), default="")) == ""


def secret(**given: Value) -> Parameter:
    """Return a secret parameter."""
    return parameter("token", TypeSpec("string"), default=None, sensitive=True, **given)


def test_a_secret_that_is_generated(keyboard: Keyboard) -> None:
    keyboard.type(ENTER)
    assert one(secret(generate="hex32")) == SecretAnswer("generated")


def test_a_typed_secret_is_seen_nowhere(keyboard: Keyboard) -> None:
    keyboard.type("1", ENTER, ENTER, "canary-1234", ENTER)
    answers = ask_parameters([secret()], {}, check=fine)
    assert answers["token"] == SecretAnswer("typed", "canary-1234")
    assert "canary" not in keyboard.screen.getvalue()
    assert "canary" not in repr(answers)
    assert "canary" not in repr(split(answers))


def test_a_secret_from_a_variable(keyboard: Keyboard) -> None:
    keyboard.type("2", ENTER, "not a name", ENTER, CTRL_U, "TOKEN", ENTER)
    assert one(secret()) == SecretAnswer("env:TOKEN")


def test_a_secret_from_a_file(keyboard: Keyboard) -> None:
    keyboard.type("3", ENTER, "secrets/token", ENTER)
    assert one(secret()) == SecretAnswer("file:secrets/token")


def test_answers_come_apart_by_kind() -> None:
    answers = {"port": 1, "a": SecretAnswer("generated"), "b": SecretAnswer("typed", "x"), "c": SecretAnswer("env:C")}
    parts = split(answers)
    assert parts.values == {"port": 1}
    assert parts.references == {"a": "generated", "b": "typed", "c": "env:C"}
    assert parts.typed == {"b": "x"}


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
def test_leaving_a_question_cancels(keyboard: Keyboard, key: str) -> None:
    keyboard.type(key)
    with pytest.raises(CancelledError):
        one(parameter("folder", TypeSpec("string"), default=""))
