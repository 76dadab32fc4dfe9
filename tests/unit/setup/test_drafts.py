"""Drafts: nothing typed is lost, nothing approved is touched."""

from __future__ import annotations

import stat
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.conftest import Install

from mlops_install.deployment.files import write_private
from mlops_install.deployment.layout import Deployment
from mlops_install.setup import drafts
from mlops_install.setup.interview import Interview
from mlops_install.targets.context import Context

TOKEN = "0123456789abcdef" * 4


def resumed(context: Context) -> Interview:
    (summary,) = drafts.found(context)
    assert summary.problem == ""
    return Interview.resume(context, summary.draft)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_new_deployment_is_resumed_as_it_was_left(context: Context) -> None:
    interview = Interview.new(context, "local", "demo")
    interview.toggle_module("mlflow")
    interview.set_value("mlflow_port", "80x")
    drafts.save(interview)
    assert not interview.deployment.folder.exists()
    again = resumed(context)
    assert again.given == interview.given
    assert again.deployment == interview.deployment
    assert [problem.subject for problem in again.problems()] == ["mlflow_port"]
    (summary,) = drafts.found(context)
    assert (summary.name, summary.target, summary.modules, summary.installed) == ("demo", "local", ("mlflow",), False)


_TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9999, 99999) | _TEXTS, lambda inner: st.lists(inner, max_size=3)
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(st.sampled_from(["mlflow_port", "singleuser_packages", "feast_project"]), _VALUES))
def test_whatever_was_typed_comes_back(context: Context, values: dict[str, object]) -> None:
    interview = Interview.new(context, "local", "demo")
    for name, value in values.items():
        interview.set_value(name, value)
    drafts.save(interview)
    assert resumed(context).given == interview.given


def test_a_deployment_in_a_folder_of_its_own_is_found_again(context: Context, tmp_path: Path) -> None:
    for place in ("here", "there"):
        drafts.save(Interview.from_preset(context, "laptop-lite", directory=tmp_path / place / "demo"))
    folders = {summary.draft.deployment.folder for summary in drafts.found(context)}
    assert folders == {tmp_path / "here" / "demo", tmp_path / "there" / "demo"}


def test_typed_secrets_are_in_a_private_file_only(context: Context) -> None:
    interview = Interview.from_preset(context, "laptop-lite")
    interview.set_secret("jhub_proxy_secret_token", "typed", TOKEN)
    drafts.save(interview)
    draft = interview.draft
    assert TOKEN not in draft.answers.read_text()
    assert stat.S_IMODE(draft.secrets.stat().st_mode) == 0o600
    assert stat.S_IMODE(draft.folder.stat().st_mode) == 0o700
    again = resumed(context)
    assert again.secret_state("jhub_proxy_secret_token").fresh
    assert again.prepared().secrets.values["jhub_proxy_secret_token"] == TOKEN
    again.set_secret("jhub_proxy_secret_token", "generated")
    drafts.save(again)
    assert not draft.secrets.exists()


def test_nothing_approved_and_no_planned_secret_is_touched(context: Context, install: Install) -> None:
    """The candidate secrets of a plan stay what they were planned as, whatever is typed meanwhile."""
    deployment = install(Interview.from_preset(context, "laptop-lite").prepared())
    deployment.draft.mkdir(mode=0o700)
    write_private(deployment.draft_secrets, '{"jhub_proxy_secret_token": "planned"}')
    before = contents(deployment.folder)
    interview = Interview.reconfigure(context, deployment)
    interview.set_value("mlflow_port", 5001)
    interview.set_secret("jhub_proxy_secret_token", "typed", TOKEN)
    interview.rotate("jupyterhub_shared_password")
    drafts.save(interview)
    after = contents(deployment.folder)
    assert {path: after[path] for path in before} == before
    again = resumed(context)
    assert again.prepared().secrets.values == interview.prepared().secrets.values
    drafts.discard(again)
    assert contents(deployment.folder) == before


def test_an_unchanged_draft_is_not_written_again(context: Context) -> None:
    interview = Interview.from_preset(context, "laptop-lite")
    interview.set_secret("jhub_proxy_secret_token", "typed", TOKEN)
    drafts.save(interview)
    before = {path: path.stat().st_ino for path in interview.draft.folder.iterdir()}
    drafts.save(interview)
    assert {path: path.stat().st_ino for path in interview.draft.folder.iterdir()} == before


def test_a_renamed_setup_takes_its_draft_along(context: Context) -> None:
    interview = Interview.new(context, "local", "demo")
    drafts.save(interview)
    interview.rename("other")
    drafts.save(interview)
    assert [summary.name for summary in drafts.found(context)] == ["other"]


def test_approval_ends_the_draft_that_was_approved(context: Context, install: Install) -> None:
    interview = Interview.from_preset(context, "laptop-lite")
    interview.set_secret("jhub_proxy_secret_token", "typed", TOKEN)
    drafts.save(interview)
    deployment = install(interview.prepared())
    drafts.settle(context, deployment)
    assert not interview.draft.folder.exists()


def test_approval_leaves_another_draft(context: Context, install: Install) -> None:
    deployment = install(Interview.from_preset(context, "laptop-lite").prepared())
    interview = Interview.reconfigure(context, deployment)
    interview.rotate("jhub_proxy_secret_token")
    drafts.save(interview)
    drafts.settle(context, deployment)
    assert [summary.name for summary in drafts.found(context)] == [deployment.name]


def test_a_draft_that_says_what_is_installed_is_not_offered(context: Context, install: Install) -> None:
    interview = Interview.from_preset(context, "laptop-lite")
    drafts.save(interview)
    install(interview.prepared())
    assert drafts.found(context) == []
    assert not interview.draft.folder.exists()


def test_what_the_target_lost_is_left_out_and_said(context: Context) -> None:
    interview = Interview.from_preset(context, "laptop-lite")
    drafts.save(interview)
    text = interview.draft.answers.read_text()
    interview.draft.answers.write_text(text.replace("parameters: {}", "parameters: {gone_port: 1, mlflow_port: 5005}"))
    again = resumed(context)
    assert [problem.subject for problem in again.left_out] == ["gone_port"]
    assert again.value_of("mlflow_port") == 5005


def test_a_damaged_draft_is_told_not_raised(context: Context) -> None:
    interview = Interview.new(context, "local", "demo")
    drafts.save(interview)
    interview.draft.answers.write_text("format: [")
    (summary,) = drafts.found(context)
    assert summary.problem
    drafts.discard(interview)
    assert drafts.found(context) == []


def test_a_damaged_secrets_file_costs_the_secrets_only(context: Context) -> None:
    interview = Interview.from_preset(context, "laptop-lite")
    interview.set_secret("jhub_proxy_secret_token", "typed", TOKEN)
    drafts.save(interview)
    interview.draft.secrets.write_text("{")
    again = resumed(context)
    assert [problem.subject for problem in again.problems()] == ["jhub_proxy_secret_token"]
    assert isinstance(again.deployment, Deployment)
