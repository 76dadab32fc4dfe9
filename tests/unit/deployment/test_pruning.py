"""A deployment forgets old runs, and none that later ones go by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.runs.history import create_run, list_runs, update_record, write_result
from mlops_install.deployment.runs.pruning import KEPT_FOR, KEPT_RUNS, prune_runs
from mlops_install.deployment.runs.record import Result

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
OLD = NOW - KEPT_FOR - timedelta(days=1)


def _run(deployment: Deployment, created: datetime, state: Any = "done", kind: Any = "apply") -> RunFolder:
    run, _ = create_run(deployment, kind=kind, state=state, binary=("x",), binary_version="1")
    update_record(run, created=created.isoformat(timespec="seconds"))
    if state in ("done", "failed", "cancelled"):
        write_result(run, Result(0 if state == "done" else 1, state, "apply", "", "", 1.0))
    run.events.write_text("evidence")
    return run


def _ids(deployment: Deployment) -> list[str]:
    return [run.id for run in list_runs(deployment)]


def test_the_last_fifty_stay_however_old(deployment: Deployment) -> None:
    for _ in range(KEPT_RUNS + 7):
        _run(deployment, OLD, "planned")
    prune_runs(deployment, NOW)
    assert _ids(deployment) == [f"{number:04d}" for number in range(8, KEPT_RUNS + 8)]
    assert sorted(path.name for path in deployment.runs.iterdir()) == _ids(deployment)
    prune_runs(deployment, NOW)
    assert len(_ids(deployment)) == KEPT_RUNS
    assert _run(deployment, NOW).id == f"{KEPT_RUNS + 8:04d}", "numbers go on"


def test_ninety_days_stay_however_many(deployment: Deployment) -> None:
    for _ in range(KEPT_RUNS + 20):
        _run(deployment, NOW - KEPT_FOR + timedelta(hours=1), "planned")
    prune_runs(deployment, NOW)
    assert len(_ids(deployment)) == KEPT_RUNS + 20


def test_what_later_runs_go_by_stays(deployment: Deployment) -> None:
    forgotten = [_run(deployment, OLD, "failed"), _run(deployment, OLD, "done")]
    destroyed = _run(deployment, OLD, "done", "destroy")
    first = _run(deployment, OLD, "failed")
    forgotten += [_run(deployment, OLD, "done"), _run(deployment, OLD, "failed")]
    done = _run(deployment, OLD, "done")
    failed = _run(deployment, OLD, "failed")
    for _ in range(KEPT_RUNS):
        _run(deployment, OLD, "planned")
    prune_runs(deployment, NOW)
    assert _ids(deployment)[:-KEPT_RUNS] == [run.id for run in (destroyed, first, done, failed)]
    assert failed.events.read_text() == "evidence"
    assert not any(run.path.exists() for run in forgotten)


def test_what_is_under_way_or_cannot_be_read_stays(deployment: Deployment) -> None:
    running, damaged, undated = (_run(deployment, OLD, "planned") for _ in range(3))
    update_record(running, state="planning", created=datetime.now(UTC).isoformat(timespec="seconds"))
    damaged.record.write_text("{")
    update_record(undated, created="once")
    for _ in range(KEPT_RUNS):
        _run(deployment, OLD, "planned")
    prune_runs(deployment, NOW + timedelta(days=200))
    assert _ids(deployment)[:3] == [running.id, damaged.id, undated.id]


def test_what_a_killed_pruning_left_is_removed(deployment: Deployment) -> None:
    run = _run(deployment, NOW)
    left = deployment.runs / ".gone-0007"
    left.mkdir()
    (left / "plan").write_text("")
    prune_runs(deployment, NOW)
    assert [path.name for path in deployment.runs.iterdir()] == [run.id]
