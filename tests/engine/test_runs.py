"""Runs from plan to result, with a real Terraform."""

from __future__ import annotations

import dataclasses
import functools
import json
import stat
from collections.abc import Iterable
from pathlib import Path

from tests.engine.support import ADDRESS, WORDS, Stage, end

from mlops_install.deployment.lock import hold, is_held
from mlops_install.deployment.marker import update_marker
from mlops_install.deployment.runs.history import read_record
from mlops_install.deployment.secrets import write_secrets
from mlops_install.engine.events import Event
from mlops_install.engine.follow import follow
from mlops_install.engine.outputs import read_outputs
from mlops_install.engine.progress import RunState, reduce
from mlops_install.words.foreign import ForeignText

CANARY = "canary7c1f0e"
SECRET = """
variable "token" {
  type      = string
  ephemeral = true
  sensitive = true
  default   = null
  validation {
    condition     = var.token != null
    error_message = "A token is needed."
  }
}
"""


def _fold(events: Iterable[Event]) -> RunState:
    return functools.reduce(reduce, events, RunState())


def test_plan_then_apply(any_stage: Stage) -> None:
    any_stage.write()
    run = any_stage.new_run()

    planning = _fold(any_stage.perform(run, "plan"))
    record = read_record(run)
    assert (record.state, planning.stage) == ("planned", "planned")
    assert [(change.address, change.module, change.action) for change in record.changes] == [
        (ADDRESS, "dask", "create")
    ]
    assert planning.resources[ADDRESS].status == "waiting"

    applying = _fold(any_stage.perform(run, "apply"))
    record, result = end(run)
    assert (record.state, result.state, result.exit_code, result.terraform_exit) == ("done", "done", 0, 0)
    assert applying.stage == "done"
    row = applying.resources[ADDRESS]
    assert (row.status, row.phase, row.module) == ("done", "starting", "dask")
    assert read_outputs(any_stage.binary, any_stage.deployment, variables=any_stage.environment.variables) == {
        "addresses": {"dask": "tcp://127.0.0.1:8786/a"}
    }
    assert not run.plan.exists()
    assert not is_held(any_stage.deployment.lock)


def test_second_plan_has_nothing_to_do(stage: Stage) -> None:
    stage.write()
    stage.applied()
    record = read_record(stage.planned())
    assert record.changes == ()
    assert record.outputs_changed is False


def test_changed_output_alone_is_a_change(stage: Stage) -> None:
    stage.write()
    stage.applied()
    main = stage.deployment.folder / "main.tf"
    main.write_text(main.read_text().replace("8786", "9786"))
    record = read_record(stage.planned())
    assert (record.changes, record.outputs_changed) == ((), True)


def test_second_plan_skips_init_until_the_configuration_changes(stage: Stage) -> None:
    stage.write()
    assert "init_output" in stage.planned().events.read_text()
    assert "init_output" not in stage.planned().events.read_text()
    stage.write(
        extra='\nmodule "more" {\n source = "./modules/service"\n tool = "x"\n digest = "x"\n command = "true"\n}\n'
    )
    assert "init_output" in stage.planned().events.read_text()


def test_replacement_is_one_row_through_both_halves(stage: Stage) -> None:
    stage.write()
    stage.applied()
    variables = stage.deployment.folder / "candidate.tfvars.json"
    variables.write_text(json.dumps({"digest": "b"}))
    run = stage.planned(plan_arguments=(f"-var-file={variables}",))
    assert [change.action for change in read_record(run).changes] == ["replace"]
    state = _fold(stage.perform(run, "apply"))
    assert [(row.action, row.status, row.phase) for row in state.resources.values()] == [
        ("replace", "done", "starting")
    ]


def test_exactly_the_saved_plan_is_applied(stage: Stage) -> None:
    stage.write()
    variables = stage.deployment.folder / "candidate.tfvars.json"
    variables.write_text(json.dumps({"digest": "planned"}))
    run = stage.planned(plan_arguments=(f"-var-file={variables}",))
    variables.write_text(json.dumps({"digest": "later"}))
    stage.perform(run, "apply")
    outputs = read_outputs(stage.binary, stage.deployment, variables=stage.environment.variables)
    assert outputs == {"addresses": {"dask": "tcp://127.0.0.1:8786/planned"}}


def test_destroy_is_an_applied_plan(stage: Stage) -> None:
    stage.write()
    stage.applied()
    run = stage.applied(kind="destroy", plan_arguments=("-destroy",))
    assert [change.action for change in read_record(run).changes] == ["delete"]
    assert end(run)[1].exit_code == 0


def test_plan_is_stale_after_another_apply(any_stage: Stage) -> None:
    any_stage.write()
    first, second = any_stage.planned(), any_stage.planned()
    any_stage.perform(first, "apply")
    any_stage.perform(second, "apply")
    record, result = end(second)
    assert (record.state, result.exit_code) == ("failed", 1)
    assert [diagnostic["code"] for diagnostic in result.diagnostics] == ["stale"]


def test_plan_is_stale_after_a_secret_moved(stage: Stage) -> None:
    stage.write()
    run = stage.planned(secrets_revisions={"token": 1})
    update_marker(stage.deployment, secrets_revisions={"token": 2})
    events = stage.perform(run, "apply")
    record, result = end(run)
    assert (record.state, [d["code"] for d in result.diagnostics]) == ("failed", ["stale"])
    assert not any(event.type == "version" for event in events)
    assert _fold(events).diagnostics[0].summary == "The plan is stale"


def test_failing_provisioner_leaves_what_worked(stage: Stage) -> None:
    stage.write("echo 'phase: starting'; exit 3", extra='\nresource "terraform_data" "fine" {}\n')
    run = stage.planned()
    state = _fold(stage.perform(run, "apply"))
    record, result = end(run)
    assert (record.state, result.exit_code, result.phase) == ("failed", 1, "apply")
    assert state.resources[ADDRESS].status == "failed"
    assert state.resources["terraform_data.fine"].status == "done"
    assert "exit status 3" in str(result.diagnostics[0]["detail"])
    assert state.diagnostics[0].module == "dask"
    # What is left tainted is what the next plan repairs.
    assert [change.action for change in read_record(stage.planned()).changes] == ["replace"]


def test_wrong_configuration_fails_in_the_plan(stage: Stage) -> None:
    stage.write(extra='\noutput "x" { value = var.nothing }\n')
    run = stage.new_run()
    stage.perform(run, "plan")
    record, result = end(run)
    assert (record.state, result.exit_code) == ("failed", 1)
    assert result.diagnostics[0]["summary"] == "Reference to undeclared input variable"
    assert not run.plan.exists()


def test_held_lock_ends_the_run_with_its_holder(stage: Stage) -> None:
    stage.write()
    run = stage.new_run()
    with hold(stage.deployment.lock, owner="a test"):
        stage.perform(run, "plan")
    record, result = end(run)
    assert (record.state, result.exit_code) == ("failed", 5)
    assert "a test" in str(result.diagnostics[0]["summary"])


def test_terraform_that_is_not_there(stage: Stage) -> None:
    stage.write()
    run = stage.new_run(binary=("no-such-terraform",))
    stage.perform(run, "plan")
    _, result = end(run)
    assert (result.exit_code, result.state) == (1, "failed")
    assert result.diagnostics[0]["code"] == "no-terraform"


def test_secret_reaches_terraform_and_no_file(any_stage: Stage) -> None:
    any_stage.write('test "$TF_VAR_token" = "$(cat expected)"', extra=SECRET)
    deployment = any_stage.deployment
    (deployment.folder / "expected").write_text(CANARY)
    write_secrets(deployment.secrets, {"token": CANARY, "other": "not asked for"})
    run = any_stage.applied(secret_names=("token",))
    assert end(run)[1].exit_code == 0
    known = {deployment.secrets, deployment.folder / "expected"}
    for path in _files(deployment.folder):
        assert path in known or CANARY not in path.read_text(errors="replace"), path
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 or path.suffix == ".tf" or path in known, path


def test_printed_secret_is_redacted_for_every_reader(stage: Stage) -> None:
    stage.write("echo phase: saying $TF_VAR_token; exit 1", extra=SECRET)
    write_secrets(stage.deployment.secrets, {"token": CANARY})
    run = stage.planned(secret_names=("token",))
    stage.perform(run, "apply")
    events = list(follow(run, redactor=ForeignText([CANARY])))
    assert any("saying (hidden)" in event.message for event in events)
    assert CANARY not in repr(events)
    assert CANARY not in run.result.read_text()
    assert CANARY not in run.record.read_text()


def test_draft_secrets_are_for_the_plan_only(stage: Stage) -> None:
    stage.write("true", extra=SECRET)
    stage.deployment.draft.mkdir(mode=0o700)
    write_secrets(stage.deployment.draft_secrets, {"token": CANARY})
    run = stage.planned(secret_names=("token",))
    stage.deployment.draft_secrets.unlink()
    stage.perform(run, "apply")
    assert end(run)[1].diagnostics[0]["code"] == "secrets-missing"


def test_environment_of_the_caller_changes_nothing(stage: Stage, tmp_path: Path) -> None:
    variables = {"TF_CLI_ARGS": "-nonsense", "TF_VAR_digest": "z", "TF_WORKSPACE": "other", "TF_LOG": "TRACE"}
    variables["TF_CLI_CONFIG_FILE"] = str(tmp_path / "none")
    stage = dataclasses.replace(
        stage,
        environment=dataclasses.replace(stage.environment, variables={**stage.environment.variables, **variables}),
    )
    stage.write(WORDS)
    run = stage.applied()
    assert end(run)[1].exit_code == 0
    assert run.stderr.read_text() == ""
    outputs = read_outputs(stage.binary, stage.deployment, variables=stage.environment.variables)
    assert outputs["addresses"]["dask"].endswith("/a")


def test_follow_replays_the_whole_run(stage: Stage) -> None:
    stage.write()
    run = stage.applied()
    live = {"time": "2020-01-01T00:00:00.000Z", "source": "live", "type": "log", "module": "dask", "message": "early"}
    run.live.write_text(json.dumps(live) + "\n")
    events = list(follow(run))
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert events[0].source == "live"
    assert [e.data["phase"] for e in events if e.type == "phase"] == ["init", "plan", "planned", "apply", "done"]
    applying = list(follow(run, phase="apply"))
    assert [e.data["phase"] for e in applying if e.type == "phase"] == ["apply", "done"]


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
