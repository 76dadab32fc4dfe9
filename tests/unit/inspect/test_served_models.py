"""How served models are counted, and where `status` says it."""

from __future__ import annotations

import pytest
from tests.unit.conftest import Install

from mlops_install.environment.served import ServedModel
from mlops_install.errors import InstallerError, UsageError
from mlops_install.inspect.models import served
from mlops_install.setup.interview import Interview
from mlops_install.targets.context import Context
from mlops_install.targets.records import ServiceState
from mlops_install.targets.served import counted, with_models

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


def test_a_deployment_without_seldon_says_how_it_gets_one(context: Context, install: Install) -> None:
    deployment = install(Interview.from_preset(context, "laptop-lite").prepared())
    with pytest.raises(UsageError, match="Seldon isn't part of it"):
        served(context, deployment)


def test_models_of_the_operators_own_folder_are_named(context: Context, install: Install) -> None:
    folder = context.environment.home / "own"
    (folder / "wine").mkdir(parents=True)
    (folder / "wine" / "model-settings.json").write_text('{"name": "wine"}')
    interview = Interview.from_preset(context, "laptop")
    interview.set_value("seldon_models_directory", str(folder))
    deployment = install(interview.prepared())
    assert [(model.name, model.state) for model in served(context, deployment)] == [("wine", "down")]
