"""The guided setup in plain lines: any step can be gone back to, any line changed, and nothing wrong is planned."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output
from tests.unit.conftest import catalogues, context

from mlops_install.errors import CancelledError, PreflightError, Problem
from mlops_install.prompts import guided
from mlops_install.prompts.beginning import ask_beginning
from mlops_install.prompts.guided import ask_again, ask_all
from mlops_install.prompts.review_list import list_items
from mlops_install.setup.interview import Interview
from mlops_install.targets.context import Context

__all__ = ["catalogues", "context"]


@pytest.fixture
def typed() -> Iterator[Callable[..., io.StringIO]]:
    """Type lines ahead at a terminal that can't move its cursor; returns what is written there."""
    with create_pipe_input() as pipe:
        screen = io.StringIO()
        output = Vt100_Output(screen, lambda: Size(rows=40, columns=100), term="dumb", enable_cpr=False)
        with create_app_session(input=pipe, output=output):

            def type_lines(*lines: str) -> io.StringIO:
                for line in lines:
                    pipe.send_text(f"{line}\n")
                return screen

            yield type_lines


def number(interview: Interview, key: str) -> str:
    return str([item.key for item in list_items(interview)].index(key) + 1)


def test_back_leads_to_the_question_before(context: Context, typed: Callable[..., io.StringIO]) -> None:
    interview = Interview.from_preset(context, "laptop-lite")
    screen = typed("mine", "<", "yours", ">", "")
    ask_all(interview, lambda: None)
    assert interview.name == "yours"
    assert screen.getvalue().count("What is the deployment called?") == 2


def test_every_answer_is_saved_and_a_problem_keeps_one_from_planning(
    context: Context, typed: Callable[..., io.StringIO]
) -> None:
    interview = Interview.from_preset(context, "laptop-lite")
    port = number(interview, "mlflow_port")
    saved: list[object] = []
    screen = typed(">", port, "80", ">", "", port, "15000", "")
    ask_all(interview, lambda: saved.append(interview.value_of("mlflow_port")))
    assert 80 in saved, "what was typed is kept, wrong as it is"
    assert interview.value_of("mlflow_port") == 15000
    assert "Problem:" in screen.getvalue()


def test_a_module_that_goes_says_what_goes_along(context: Context, typed: Callable[..., io.StringIO]) -> None:
    interview = Interview.from_preset(context, "laptop-lite")
    screen = typed(">", number(interview, "the modules"), "3", "", "")
    ask_all(interview, lambda: None)
    assert "dask" in interview.modules
    assert "Together they take about" in screen.getvalue()


def test_no_secret_is_written_unasked(context: Context, typed: Callable[..., io.StringIO]) -> None:
    interview = Interview.from_preset(context, "laptop-lite")
    screen = typed(">", "")
    ask_all(interview, lambda: None)
    for name in interview.answers.secrets or interview.prepared().secrets.values:
        value = interview.reveal(name)
        assert not value or value not in screen.getvalue()


def test_what_to_begin_with_is_chosen_by_number(context: Context, typed: Callable[..., io.StringIO]) -> None:
    screen = typed("9999", "1")
    beginning = ask_beginning(context)
    assert beginning.way == "preset"
    assert "Problem: Type a number" in screen.getvalue()


def test_leaving_is_an_error_of_its_own(context: Context) -> None:
    interview = Interview.from_preset(context, "laptop-lite")
    output = Vt100_Output(io.StringIO(), lambda: Size(rows=40, columns=100), term="dumb", enable_cpr=False)
    with create_pipe_input() as pipe:
        pipe.close()
        with create_app_session(input=pipe, output=output), pytest.raises(CancelledError):
            ask_all(interview, lambda: None)


def test_what_is_in_the_way_of_the_plan_leads_back_to_the_list_until_its_line_was_gone_to(
    context: Context, typed: Callable[..., io.StringIO]
) -> None:
    interview = Interview.from_preset(context, "laptop-lite")
    taken = Problem("mlflow_port", "port 5000 is taken.", "Choose another port: --set mlflow_port=5001")
    screen = typed(number(interview, "mlflow_port"), "15001", "")
    ask_again(interview, lambda: None, PreflightError("this machine is not ready.", problems=[taken]))
    assert interview.value_of("mlflow_port") == 15001
    before, _, after = screen.getvalue().partition("MLflow: Port")
    assert "Problem: This machine is not ready." in before
    assert "Problem: Port 5000 is taken. Choose another port: 5001" in before
    assert "taken" not in after
    assert "Port: 15001 (not the default)" in after


def test_a_long_list_is_not_written_anew_for_one_line(
    context: Context, typed: Callable[..., io.StringIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guided, "_LONG", 5)
    interview = Interview.from_preset(context, "laptop-lite")
    port = number(interview, "mlflow_port")
    screen = typed(">", port, "15001", port, "80", ">", "0", port, "15002", "")
    ask_all(interview, lambda: None)
    first, second, third, fourth, fifth = screen.getvalue().split("Review of laptop-lite:")[1:]
    assert "Artifact root" in first
    assert "Port: 15001 (not the default)" in second
    assert "Problem: A port is from 1024" in third
    assert "Artifact root" not in second + third + fifth
    assert "Artifact root" in fourth
    assert interview.value_of("mlflow_port") == 15002
