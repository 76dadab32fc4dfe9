"""What ends a run and what doesn't, with a real Terraform."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.engine.support import ADDRESS, Stage, end, gated, open_gate, until

from mlops_install.deployment.process_mark import alive
from mlops_install.deployment.runs.history import read_record, update_record
from mlops_install.engine.cancel import cancel, force
from mlops_install.engine.follow import follow
from mlops_install.engine.launch import launch

FRONT_END = """
import sys, os
from pathlib import Path
from mlops_install.deployment.layout import RunFolder
from mlops_install.engine.follow import follow
from mlops_install.engine.launch import launch
from tests.engine.support import environment
run = RunFolder(Path(sys.argv[1]))
launch(run, "apply", environment=environment(Path(sys.argv[2])))
for event in follow(run, phase="apply"):
    if "at the gate" in event.message:
        print("following", flush=True)
"""


def _interrupts(text: str) -> tuple[bool, bool]:
    return "Interrupt received" in text, "Two interrupts" in text


def test_cancel_is_one_interrupt(any_stage: Stage, tmp_path: Path) -> None:
    command, _ = gated(tmp_path)
    any_stage.write(command)
    run = any_stage.planned()
    events = any_stage.start(run, "apply")
    until(events, "waiting at the gate")
    assert cancel(run)
    assert cancel(run)
    rest = list(events)
    record, result = end(run)
    assert (record.state, result.state, result.exit_code) == ("cancelled", "cancelled", 130)
    assert record.cancel_requested
    assert _interrupts(run.events.read_text()) == (True, False)
    assert rest[-1].data["phase"] == "cancelled"
    assert not run.plan.exists()
    assert not cancel(run)
    # The state's lock is free and what was interrupted is made anew.
    any_stage.write("true")
    assert [change.address for change in read_record(any_stage.planned()).changes] == [ADDRESS]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_signal_to_the_runner_is_passed_on_once(stage: Stage, tmp_path: Path, number: signal.Signals) -> None:
    command, _ = gated(tmp_path)
    stage.write(command)
    run = stage.planned()
    events = stage.start(run, "apply")
    until(events, "waiting at the gate")
    runner = read_record(run).runner
    assert runner is not None
    os.kill(runner.pid, number)
    os.kill(runner.pid, number)
    list(events)
    record, result = end(run)
    assert (record.state, result.exit_code) == ("cancelled", 130)
    assert _interrupts(run.events.read_text()) == (True, False)


def test_signal_to_a_runner_that_has_just_been_started(stage: Stage) -> None:
    stage.write()
    run = stage.new_run()
    runner = launch(run, "plan", environment=stage.environment)
    os.kill(runner.pid, signal.SIGTERM)
    list(follow(run, phase="plan"))
    assert end(run)[1].exit_code == 130


def test_cancel_before_terraform_lives(stage: Stage) -> None:
    stage.write()
    run = stage.new_run()
    update_record(run, cancel_requested=True)
    events = stage.perform(run, "plan")
    assert end(run)[1].exit_code == 130
    assert not any(event.type == "version" for event in events)


def test_cancel_of_a_run_that_is_over(stage: Stage) -> None:
    stage.write()
    run = stage.planned()
    assert not cancel(run)
    assert not read_record(run).cancel_requested


def test_front_end_killed_changes_nothing(stage: Stage, tmp_path: Path, cache: Path) -> None:
    command, gate = gated(tmp_path)
    stage.write(command)
    run = stage.planned()
    with subprocess.Popen(
        [sys.executable, "-c", FRONT_END, str(run.path), str(cache)],
        cwd=Path(__file__).parent.parent.parent,
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as front_end:
        assert front_end.stdout is not None
        assert front_end.stdout.readline() == b"following\n"
        os.killpg(front_end.pid, signal.SIGKILL)
    attached = follow(run)
    until(attached, "waiting at the gate")
    open_gate(gate)
    list(attached)
    assert end(run)[1].exit_code == 0


def test_runner_killed_leaves_terraform_at_work_and_then_a_lost_run(stage: Stage, tmp_path: Path) -> None:
    command, gate = gated(tmp_path)
    stage.write(command)
    run = stage.planned()
    events = stage.start(run, "apply")
    until(events, "waiting at the gate")
    record = read_record(run)
    assert record.runner is not None
    os.kill(record.runner.pid, signal.SIGKILL)
    assert read_record(run).state == "applying"
    open_gate(gate)
    last = list(events)[-1]
    assert last.data == {"phase": "lost"}
    assert read_record(run).state == "lost"
    assert not alive(record.terraform)
    # Terraform had written its state: nothing is left to do.
    stage.write(command)
    assert read_record(stage.planned()).changes == ()


def test_cancel_reaches_terraform_without_its_runner(stage: Stage, tmp_path: Path) -> None:
    command, _ = gated(tmp_path)
    stage.write(command)
    run = stage.planned()
    events = stage.start(run, "apply")
    until(events, "waiting at the gate")
    record = read_record(run)
    assert record.runner is not None
    os.kill(record.runner.pid, signal.SIGKILL)
    assert cancel(run)
    list(events)
    assert _interrupts(run.events.read_text()) == (True, False)
    assert not alive(record.terraform)


def test_force_ends_at_once(stage: Stage, tmp_path: Path) -> None:
    command, _ = gated(tmp_path)
    # A shell that is deaf to the first interrupt, as a Helm wait is.
    stage.write(f"trap '' INT TERM; {command}")
    run = stage.planned()
    events = stage.start(run, "apply")
    until(events, "waiting at the gate")
    assert cancel(run)
    force(run)
    list(events)
    assert end(run)[1].exit_code == 130


def test_terraform_and_runner_have_no_terminal_and_their_own_sessions(stage: Stage, tmp_path: Path) -> None:
    command, gate = gated(tmp_path)
    stage.write(command)
    run = stage.planned()
    events = stage.start(run, "apply")
    until(events, "waiting at the gate")
    record = read_record(run)
    assert record.runner is not None
    assert record.terraform is not None
    sessions = {os.getsid(0), os.getsid(record.runner.pid), os.getsid(record.terraform.pid)}
    assert len(sessions) == 3
    for process in (record.runner, record.terraform):
        assert Path(f"/proc/{process.pid}/fd/0").resolve() == Path("/dev/null")
    open_gate(gate)
    list(events)
    assert end(run)[1].exit_code == 0
