from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops_install.deployment.files import make_private, read_json, write_json, write_private
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.marker import Marker, write_marker
from mlops_install.deployment.process_mark import mark
from mlops_install.deployment.runs.history import (
    create_run,
    in_flight,
    list_runs,
    newest_planned,
    read_record,
    read_result,
    update_record,
    write_record,
    write_result,
)
from mlops_install.deployment.runs.record import Action, Change, Kind, ProcessMark, Result, RunRecord, State
from mlops_install.errors import InstallerError, UsageError

_WORDS = st.text(max_size=8)
_MARKS = st.builds(ProcessMark, pid=st.integers(1), started=st.integers(0), boot_id=_WORDS)
_CHANGES = st.builds(Change, _WORDS, _WORDS, st.sampled_from(get_args(Action)), _WORDS)
_SETTLED = st.sampled_from(["planned", "done", "failed", "cancelled"])
_RECORDS = st.builds(
    RunRecord,
    id=st.just("0001"),
    kind=st.sampled_from(get_args(Kind)),
    state=_SETTLED,
    binary=st.lists(_WORDS).map(tuple),
    binary_version=_WORDS,
    secret_names=st.lists(_WORDS).map(tuple),
    secrets_revisions=st.dictionaries(_WORDS, st.integers(0)),
    created=_WORDS,
    runner=st.none() | _MARKS,
    terraform=st.none() | _MARKS,
    cancel_requested=st.booleans(),
    plan_arguments=st.lists(_WORDS).map(tuple),
    parallelism=st.integers(1, 64),
    changes=st.lists(_CHANGES, max_size=3).map(tuple),
    state_serial=st.none() | st.integers(0),
)
_DEAD = ProcessMark(pid=1, started=1, boot_id="an earlier boot")


def _new(deployment: Deployment, state: State = "planning", **revisions: int) -> RunFolder:
    run, _ = create_run(
        deployment, kind="apply", binary=("terraform",), binary_version="1.11.4", secrets_revisions=revisions
    )
    if state == "planned":
        write_private(run.plan, b"plan")
    update_record(run, state=state)
    return run


@given(_RECORDS)
def test_record_round_trip(record: RunRecord) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = RunFolder(Path(folder))
        write_record(run, record)
        assert read_record(run) == record


@given(
    st.builds(
        Result,
        exit_code=st.sampled_from([0, 1, 130]),
        state=_SETTLED,
        phase=st.sampled_from(["init", "plan", "apply"]),
        started=_WORDS,
        finished=_WORDS,
        seconds=st.floats(0, 1e6),
        terraform_exit=st.none() | st.integers(0, 255),
        diagnostics=st.lists(st.dictionaries(_WORDS, _WORDS | st.integers() | st.lists(_WORDS)), max_size=3).map(tuple),
    )
)
def test_result_round_trip(result: Result) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = RunFolder(Path(folder))
        assert read_result(run) is None
        write_result(run, result)
        assert read_result(run) == result


def test_runs_are_numbered(deployment: Deployment) -> None:
    assert list_runs(deployment) == []
    run, record = create_run(deployment, kind="destroy", binary=("tofu",), binary_version="1.11.0")
    assert (run.id, record.id, record.state, record.state_serial) == ("0001", "0001", "planning", None)
    assert run.path.stat().st_mode & 0o777 == 0o700
    assert run.record.stat().st_mode & 0o777 == 0o600
    assert read_record(run) == record
    (deployment.runs / "0002").mkdir()  # a creation that was killed half-way
    (deployment.runs / "notes").mkdir()
    assert _new(deployment).id == "0003"
    assert [run.id for run in list_runs(deployment)] == ["0001", "0003"]


def test_many_at_once_get_different_numbers(deployment: Deployment) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda _: _new(deployment).id, range(24)))
    assert sorted(ids) == [f"{number:04d}" for number in range(1, 25)]


def test_after_9999_the_order_is_by_number(deployment: Deployment) -> None:
    make_private(deployment.runs / "9999")
    assert _new(deployment).id == "10000"
    assert _new(deployment).id == "10001"
    assert [run.id for run in list_runs(deployment)] == ["10000", "10001"]


def test_a_live_run_is_in_flight_and_a_dead_one_lost(deployment: Deployment) -> None:
    run = _new(deployment)
    assert read_record(run).state == "planning", "its runner is being started"
    assert in_flight(deployment) == run
    update_record(run, created="2020-01-01T00:00:00+00:00")
    assert read_record(run).state == "lost", "its runner never started"
    update_record(run, state="applying", runner=_DEAD, terraform=mark(os.getpid()))
    assert read_record(run).state == "applying", "Terraform outlives its runner"
    update_record(run, terraform=_DEAD)
    assert read_record(run).state == "lost"
    assert in_flight(deployment) is None
    write_result(run, Result(1, "failed", "apply", "", "", 1.0))
    assert read_record(run).state == "failed", "the runner died after the result"


def test_lost_is_derived_never_written(deployment: Deployment) -> None:
    run = _new(deployment)
    update_record(run, state="applying", runner=_DEAD)
    update_record(run, cancel_requested=True)
    assert read_json(run.record)["state"] == "applying"


def test_another_format_an_unknown_run_and_a_damaged_one_are_refused(deployment: Deployment) -> None:
    with pytest.raises(UsageError, match="no run 0042"):
        read_record(deployment.run("0042"))
    run = _new(deployment)
    write_json(run.record, {"format": 0, "number": 1})
    with pytest.raises(UsageError, match="format 0; this version reads format 1"):
        read_record(run)
    write_json(run.record, {"format": 1, "id": "0001"})
    with pytest.raises(InstallerError, match="damaged"):
        read_record(run)


def test_a_key_of_a_later_version_is_passed_over(deployment: Deployment) -> None:
    run = _new(deployment)
    record = read_record(run)
    write_json(run.record, {**read_json(run.record), "novelty": 1})
    assert read_record(run) == record


_UPDATE = """
import sys
from pathlib import Path
from mlops_install.deployment.runs.history import update_record
from mlops_install.deployment.layout import RunFolder
for number in range(100):
    update_record(RunFolder(Path(sys.argv[1])), **{sys.argv[2]: number + 1})
"""


def test_updates_of_several_processes_lose_nothing(deployment: Deployment) -> None:
    run = _new(deployment)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    names = ("parallelism", "state_serial", "binary_version")
    children = [
        subprocess.Popen([sys.executable, "-c", _UPDATE, str(run.path), name], env=environment) for name in names
    ]
    while any(child.poll() is None for child in children):
        assert read_record(run).kind == "apply", "a reader always meets a whole record"
    assert [child.returncode for child in children] == [0, 0, 0]
    written = asdict(read_record(run))
    assert [written[name] for name in names] == [100, 100, 100]
    assert sorted(entry.name for entry in run.path.iterdir()) == ["run.json"]


class TestNewestPlanned:
    def test_the_newest_of_kind_apply(self, deployment: Deployment) -> None:
        assert newest_planned(deployment) is None
        _new(deployment, "planned")
        second = _new(deployment, "planned")
        _new(deployment, "failed")
        update_record(_new(deployment, "planned"), kind="destroy")
        assert newest_planned(deployment) == second

    def test_without_its_plan_file_it_is_none(self, deployment: Deployment) -> None:
        _new(deployment, "planned").plan.unlink()
        assert newest_planned(deployment) is None

    def test_a_moved_state_makes_it_stale(self, deployment: Deployment) -> None:
        write_json(deployment.state, {"version": 4, "serial": 7})
        run = _new(deployment, "planned")
        assert read_record(run).state_serial == 7
        assert newest_planned(deployment) == run
        write_json(deployment.state, {"version": 4, "serial": 8})
        assert newest_planned(deployment) is None

    def test_moved_secrets_make_it_stale(self, deployment: Deployment) -> None:
        run = _new(deployment, "planned", jupyterhub=1)
        write_marker(deployment, Marker("local", secrets_revisions={"jupyterhub": 1}))
        assert newest_planned(deployment) == run
        write_marker(deployment, Marker("local", secrets_revisions={"jupyterhub": 2}))
        assert newest_planned(deployment) is None

    def test_new_secrets_need_their_draft(self, deployment: Deployment) -> None:
        write_marker(deployment, Marker("local", secrets_revisions={"jupyterhub": 1}))
        run = _new(deployment, "planned", jupyterhub=2)
        assert newest_planned(deployment) is None
        make_private(deployment.draft)
        write_json(deployment.draft_secrets, {"jhub_proxy_secret_token": "new"})
        assert newest_planned(deployment) == run
        _new(deployment, "failed", jupyterhub=2)  # it may have put other secrets into the draft
        assert newest_planned(deployment) is None


def test_write_record_replaces_everything(deployment: Deployment) -> None:
    run, record = create_run(deployment, kind="apply", binary=("x",), binary_version="1")
    changed: dict[str, Any] = {"state": "cancelled", "changes": (Change("a.b", "", "create"),)}
    write_record(run, replace(record, **changed))
    assert read_record(run) == replace(record, **changed)
