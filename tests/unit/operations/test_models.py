"""How served models are counted, and where `status` says it."""

from __future__ import annotations

import pytest

from mlops_install.environment.served import ServedModel
from mlops_install.errors import InstallerError
from mlops_install.operations.models import counted, with_models
from mlops_install.operations.records import ServiceState

GOOD = ServedModel("wine", "wine", "3", "", "", "", "healthy", "")
ILL = ServedModel("beer", "beer", "1", "", "", "", "down", "it is not loaded")
SELDON = ServiceState("seldon", "seldon", "healthy", "http://x", "it answers")
MLFLOW = ServiceState("mlflow", "mlflow", "healthy", "http://y", "it answers")


@pytest.mark.parametrize(
    ("models", "words"),
    [
        ([], "no model served"),
        ([GOOD], "1 model served"),
        ([GOOD, GOOD, ILL], "3 models served, 1 not healthy"),
    ],
)
def test_models_are_counted_in_a_few_words(models: list[ServedModel], words: str) -> None:
    assert counted(models) == words


def test_a_healthy_seldon_says_how_many_it_serves() -> None:
    found = with_models([MLFLOW, SELDON], lambda: [GOOD, ILL])
    assert [state.detail for state in found] == ["it answers", "2 models served, 1 not healthy"]


def test_a_seldon_that_is_down_says_why_and_nothing_else_is_asked() -> None:
    down = ServiceState("seldon", "seldon", "down", "http://x", "nothing answers")

    def asked() -> list[ServedModel]:
        raise AssertionError("asked")

    assert with_models([down], asked) == [down]


def test_models_that_cannot_be_counted_leave_the_state_as_it_is() -> None:
    def refused() -> list[ServedModel]:
        raise InstallerError("may not list")

    assert with_models([SELDON], refused) == [SELDON]
