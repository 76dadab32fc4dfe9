"""The guided setup without a screen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.conftest import Install

from mlops_install.answers.document import dump_answers
from mlops_install.errors import UsageError
from mlops_install.setup.interview import Interview
from mlops_install.setup.prepare import Request, prepare
from mlops_install.setup.questions import Question
from mlops_install.targets.context import Context

TOKEN = "0123456789abcdef" * 4


def ask(interview: Interview, name: str) -> Question | None:
    every = [question for form in interview.questions() for question in form.questions()]
    return next((question for question in every if question.parameter.name == name), None)


def asked(interview: Interview, name: str) -> Question:
    question = ask(interview, name)
    assert question is not None
    return question


@pytest.mark.parametrize("preset", ["laptop", "laptop-lite"])
def test_ends_where_the_preset_ends(context: Context, preset: str) -> None:
    """The same answers whichever way they came: byte for byte."""
    from mlops_install.setup.candidate import candidate_tfvars

    guided = Interview.from_preset(context, preset).prepared()
    quick = prepare(context, Request(preset=preset))
    assert dump_answers(guided.answers, comment="") == dump_answers(quick.answers, comment="")
    written = [candidate_tfvars(p.deployment, p.catalogue, p.answers, p.secrets.values) for p in (guided, quick)]
    assert json.dumps(written[0]) == json.dumps(written[1])
    assert guided.deployment == quick.deployment


_PORTS = ["jupyterhub_port", "mlflow_port", "dask_scheduler_port", "prefect_port"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    modules=st.sets(st.sampled_from(["jupyterhub", "prefect", "dask", "feast", "mlflow", "seldon"]), min_size=1),
    ports=st.dictionaries(st.sampled_from(_PORTS), st.integers(1024, 65535)),
    packages=st.lists(st.sampled_from(["lightgbm", "polars==1.0", "pandas[excel]>=2"]), max_size=3),
)
def test_ends_where_the_command_line_ends(
    context: Context, modules: set[str], ports: dict[str, int], packages: list[str]
) -> None:
    interview = Interview.from_preset(context, "laptop-lite")
    for module in {*interview.modules} ^ modules:
        interview.toggle_module(module)
    values = {**ports, "singleuser_packages": packages}
    for name, value in values.items():
        assert interview.set_value(name, value) == []
    request = Request(
        preset="laptop-lite",
        sets=tuple(
            f"{name}={value if isinstance(value, int) else json.dumps(value)}" for name, value in values.items()
        ),
        modules=tuple(modules - {"jupyterhub", "mlflow"}),
        without=tuple({"jupyterhub", "mlflow"} - modules),
    )
    expected = prepare(context, request).answers
    assert dump_answers(interview.prepared().answers, comment="") == dump_answers(expected, comment="")


def test_modules_pull_in_what_they_need_and_take_along_what_needs_them(context: Context) -> None:
    interview = Interview.new(context, "sample", "demo")
    assert interview.toggle_module("hub") == ()
    assert ", ".join(interview.modules) == "hub, store"
    pulled = {choice.module.id: choice for choice in interview.module_choices()}["store"]
    assert (pulled.chosen, pulled.needed_by, pulled.reason) == (True, "hub", "It keeps the users.")
    (orphan,) = interview.departures("hub")
    assert (orphan.module, orphan.why, orphan.other) == ("store", "needed by", "hub")
    gone = interview.toggle_module("store")
    (dependent,) = gone
    assert (dependent.module, dependent.why, dependent.other) == ("hub", "needs", "store")
    assert not interview.modules


def test_a_module_chosen_itself_stays_when_what_needed_it_goes(context: Context) -> None:
    interview = Interview.new(context, "sample", "demo")
    interview.toggle_module("store")
    interview.toggle_module("hub")
    assert interview.toggle_module("hub") == ()
    assert interview.modules == ("store",)


def test_questions_follow_their_conditions_live(context: Context) -> None:
    interview = Interview.from_preset(context, "laptop-lite")
    assert ask(interview, "oauth_github_client_id") is None
    assert ask(interview, "prefect_port") is None
    interview.set_value("oauth_github_enable", True)
    assert asked(interview, "oauth_github_client_id").required
    assert asked(interview, "oauth_github_client_secret").required
    assert ask(interview, "jupyterhub_shared_password") is None
    titles = [section.section.title for section in interview.questions()[0].sections]
    assert titles == ["JupyterHub", "Signing in to JupyterHub"]
    assert [form.module.id for form in interview.questions() if form.module] == ["jupyterhub", "mlflow"]


def test_nothing_typed_is_lost_and_everything_wrong_is_said_at_once(context: Context) -> None:
    interview = Interview.from_preset(context, "laptop-lite")
    (problem,) = interview.set_value("jupyterhub_port", "80x")
    assert "must be a" in problem.message
    assert interview.value_of("jupyterhub_port") == "80x"
    assert interview.set_value("mlflow_port", 80)
    interview.set_value("oauth_github_enable", True)
    subjects = {problem.subject for problem in interview.problems()}
    assert subjects == {"jupyterhub_port", "mlflow_port", "oauth_github_client_id", "oauth_github_client_secret"}
    with pytest.raises(UsageError) as caught:
        interview.prepared()
    assert {problem.subject for problem in caught.value.problems} == subjects
    interview.reset("jupyterhub_port")
    assert interview.value_of("jupyterhub_port") == 8000


def test_marks_what_changed(context: Context, install: Install) -> None:
    first = Interview.from_preset(context, "laptop-lite")
    first.set_value("mlflow_port", 5001)
    deployment = install(first.prepared())
    again = Interview.reconfigure(context, deployment)
    assert again.diff() == ()
    assert again.tfvars_diff() == ()
    assert again.secret_changes() == ()
    port = asked(again, "mlflow_port")
    assert (port.changed_from_default, port.changed_since_install) == (True, False)
    again.set_value("mlflow_port", 5000)
    port = asked(again, "mlflow_port")
    assert (port.changed_from_default, port.changed_since_install) == (False, True)
    assert again.diff() == (("mlflow_port", 5001, 5000),)
    assert again.tfvars_diff() == (("mlflow_port", 5001, 5000),)
    again.reset("mlflow_port")
    assert again.value_of("mlflow_port") == 5001


def test_a_module_added_later_and_removed_again(context: Context, install: Install) -> None:
    deployment = install(Interview.from_preset(context, "laptop-lite").prepared())
    again = Interview.reconfigure(context, deployment)
    again.toggle_module("dask")
    assert again.diff() == (("modules", ["jupyterhub", "mlflow"], ["jupyterhub", "dask", "mlflow"]),)
    assert ("install_dask", False, True) in again.tfvars_diff()
    again.toggle_module("dask")
    assert again.diff() == ()


def test_installed_secrets_are_kept_unless_replaced(context: Context, install: Install) -> None:
    deployment = install(Interview.from_preset(context, "laptop-lite").prepared())
    again = Interview.reconfigure(context, deployment)
    before = again.prepared().secrets.values
    state = again.secret_state("jhub_proxy_secret_token")
    assert (state.reference, state.kept, state.fresh, state.strength) == ("generated", True, False, None)
    again.rotate("jhub_proxy_secret_token")
    assert again.set_secret("jupyterhub_shared_password", "typed", "short")
    assert again.secret_state("jupyterhub_shared_password").strength == "weak"
    assert "jupyterhub_shared_password" in {problem.subject for problem in again.problems()}
    assert again.set_secret("jupyterhub_shared_password", "typed", "correct horse battery") == []
    after = again.prepared().secrets
    changed = {name for name, value in after.values.items() if value != before[name]}
    assert changed == {"jhub_proxy_secret_token", "jupyterhub_shared_password"}
    assert after.references["jupyterhub_shared_password"] == "typed"
    assert {change.name for change in again.secret_changes()} == changed
    assert set(again.tfvars_diff()) == {(f"secrets_revisions.{name}", 1, 2) for name in changed}
    assert asked(again, "jhub_proxy_secret_token").changed_since_install
    for name in changed:
        again.keep_secret(name)
    assert again.prepared().secrets.values == before
    assert again.secret_changes() == ()


def test_a_generated_secret_is_the_one_that_was_revealed(context: Context) -> None:
    interview = Interview.from_preset(context, "laptop-lite")
    shown = interview.reveal("jupyterhub_shared_password")
    assert len(shown) == 24
    assert interview.prepared().secrets.values["jupyterhub_shared_password"] == shown


def test_a_secret_to_be_typed_lacks_its_value_although_one_was_made_before(context: Context) -> None:
    interview = Interview.from_preset(context, "laptop-lite")
    assert interview.problems() == []
    assert interview.reveal("jupyterhub_shared_password"), "one is made"
    interview.set_secret("jupyterhub_shared_password", "typed", "")
    assert [problem.subject for problem in interview.problems()] == ["jupyterhub_shared_password"]
    interview.set_secret("jupyterhub_shared_password", "generated")
    assert interview.problems() == []


def test_a_secret_typed_where_its_reference_belongs_is_not_kept(context: Context) -> None:
    interview = Interview.from_preset(context, "laptop-lite")
    (problem,) = interview.set_secret("jhub_proxy_secret_token", TOKEN)
    assert TOKEN not in str(problem)
    assert interview.secret_state("jhub_proxy_secret_token").reference == "generated"


def test_references_are_read_for_the_plan(context: Context, tmp_path: Path) -> None:
    interview = Interview.from_preset(context, "laptop-lite")
    assert interview.set_secret("jhub_proxy_secret_token", "file:token") == []
    assert [problem.subject for problem in interview.problems()] == ["jhub_proxy_secret_token"]
    (tmp_path / "token").write_text(TOKEN)
    assert interview.problems() == []
    assert interview.reveal("jhub_proxy_secret_token") == TOKEN


def test_what_a_typed_secret_becomes_generated_again_is_a_new_value(context: Context, install: Install) -> None:
    first = Interview.from_preset(context, "laptop-lite")
    first.set_secret("jhub_proxy_secret_token", "typed", TOKEN)
    again = Interview.reconfigure(context, install(first.prepared()))
    with pytest.raises(UsageError):
        again.rotate("jhub_proxy_secret_token")
    again.set_secret("jhub_proxy_secret_token", "generated")
    prepared = again.prepared()
    assert prepared.secrets.values["jhub_proxy_secret_token"] != TOKEN
    assert prepared.answers.secrets["jhub_proxy_secret_token"] == "generated"


def test_search_finds_by_name_label_and_text_over_all_modules(context: Context) -> None:
    interview = Interview.from_preset(context, "laptop-lite")
    assert interview.search("callback")[0].parameter.name == "oauth_github_callback_url"
    scheduler = interview.search("scheduler port")[0]
    assert (scheduler.parameter.name, scheduler.module_chosen, scheduler.asked) == ("dask_scheduler_port", False, False)
    assert interview.search("pip requirements")[0].parameter.name == "singleuser_packages"
    assert interview.search(" ") == []
    assert all(not match.parameter.internal for match in interview.search("revision"))


def test_footprint_is_summed_against_this_machine(context: Context, install: Install) -> None:
    interview = Interview.from_preset(context, "laptop-lite")
    taken = [interview.catalogue.modules[module].footprint for module in ("jupyterhub", "mlflow")]
    room = interview.footprint()
    assert room.needed.memory == sum(footprint.memory for footprint in taken)
    assert room.available is not None
    assert room.available.cpu >= 1
    assert room.available.memory > 0
    assert room.disk_to_add >= room.needed.disk
    assert Interview.new(context, "sample", "demo").footprint().available is None


def test_another_target_keeps_what_it_knows_too(context: Context) -> None:
    interview = Interview.from_preset(context, "laptop-lite")
    interview.set_value("mlflow_port", 5005)
    interview.change_target("sample")
    assert interview.modules == ()
    assert interview.given.parameters == {}
    interview.rename("other")
    assert (interview.name, interview.answers.name) == ("other", "other")


def test_an_installed_deployment_keeps_its_name_and_target(context: Context, install: Install) -> None:
    deployment = install(Interview.from_preset(context, "laptop-lite").prepared())
    again = Interview.reconfigure(context, deployment)
    with pytest.raises(UsageError):
        again.change_target("sample")
    with pytest.raises(UsageError):
        again.rename("other")
    with pytest.raises(UsageError, match="already"):
        Interview.new(context, "local", deployment.name)


def test_earlier_answers_win_over_the_preset(context: Context, install: Install) -> None:
    first = Interview.from_preset(context, "laptop-lite")
    first.set_value("mlflow_port", 5001)
    install(first.prepared())
    again = Interview.from_preset(context, "laptop", "laptop-lite")
    assert again.value_of("mlflow_port") == 5001
    assert again.modules == ("jupyterhub", "mlflow")


@pytest.mark.parametrize("name", ["nowhere", "install_mlflow", "jhub_proxy_secret_token", "service_digests"])
def test_only_settings_are_set(context: Context, name: str) -> None:
    with pytest.raises(UsageError):
        Interview.from_preset(context, "laptop-lite").set_value(name, "x")


def test_terraform_answers_the_rules_across_parameters(context: Context) -> None:
    interview = Interview.from_preset(context, "laptop-lite")
    assert interview.check_with_terraform() == []
    interview.set_value("oauth_github_enable", True)
    interview.set_value("oauth_github_client_id", "id")
    interview.set_secret("oauth_github_client_secret", "typed", "hush")
    interview.set_value("mlflow_port", 8000)
    assert interview.problems() == []
    found = {problem.subject: problem.message for problem in interview.check_with_terraform()}
    assert set(found) == {"oauth_github_admin_users", "mlflow_port"}
    assert "nobody could sign in" in found["oauth_github_admin_users"]
