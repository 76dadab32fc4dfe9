"""What can't be changed once it is installed: on a form and on the command line alike, from a good end on."""

from __future__ import annotations

import pytest

from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.runs.history import create_run, list_runs, update_record
from mlops_install.errors import UsageError
from mlops_install.setup.interview import Interview
from mlops_install.setup.prepare import Request, prepare
from mlops_install.targets.context import Context
from tests.tui.kinds import KindsContext, approve

NAME, BEFORE, OTHER = "tool_data", "disk", "memory"


@pytest.fixture
def installed(kinds: KindsContext) -> Deployment:
    interview = Interview.new(kinds, "kinds", "sample")
    interview.toggle_module("tool")
    interview.set_value("tool_text", "x")
    interview.set_secret("tool_key", "typed", "a key")
    return approve(interview)


def locked(context: Context, deployment: Deployment) -> bool:
    interview = Interview.reconfigure(context, deployment)
    question = next(q for form in interview.questions() for q in form.questions() if q.parameter.name == NAME)
    problems = interview.set_value(NAME, OTHER)
    assert question.locked == bool(problems), "what can't be changed isn't offered"
    return question.locked


def changed(context: Context, deployment: Deployment) -> object:
    request = Request(name="sample", directory=deployment.folder, sets=(f"{NAME}={OTHER}",))
    return prepare(context, request).answers.parameters[NAME]


def test_after_a_good_end_it_is_locked_and_refused(kinds: KindsContext, installed: Deployment) -> None:
    assert locked(kinds, installed)
    with pytest.raises(UsageError) as caught:
        changed(kinds, installed)
    assert [problem.subject for problem in caught.value.problems] == [NAME]
    same = Request(name="sample", directory=installed.folder, sets=(f"{NAME}={BEFORE}", "tool_count=7"))
    assert prepare(kinds, same).answers.parameters["tool_count"] == 7


def test_after_a_first_apply_that_failed_it_can_be_mended(kinds: KindsContext, installed: Deployment) -> None:
    update_record(list_runs(installed)[-1], state="failed")
    assert not locked(kinds, installed)
    assert changed(kinds, installed) == OTHER


def test_once_it_was_removed_it_can_be_another(kinds: KindsContext, installed: Deployment) -> None:
    create_run(installed, kind="destroy", state="done", binary=("terraform",), binary_version="1.11.4")
    assert not locked(kinds, installed)
    assert changed(kinds, installed) == OTHER
