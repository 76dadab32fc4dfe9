"""Every write of a plan and its approval under the lock; what a killed process left is finished or undone."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.workflow.conftest import traces

from mlops_install.answers.document import read_answers
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.lock import hold, is_held
from mlops_install.deployment.marker import read_marker
from mlops_install.deployment.prepared import Prepared
from mlops_install.deployment.runs.history import list_runs, newest_planned, read_record, update_record
from mlops_install.deployment.secrets import read_secrets
from mlops_install.errors import InstallerError, LockedError
from mlops_install.setup.interview import Interview
from mlops_install.targets.context import Context
from mlops_install.workflow import applying, planning
from mlops_install.workflow.removal import prepare_destroy
from mlops_install.workflow.rotation import begin_rotation, rotate

SECRET = "jupyterhub_shared_password"


def killed_at(step: int, act: Callable[[], object]) -> bool:
    """Do it in a process that is killed before its n-th change of the disk; returns whether it came that far."""
    child = os.fork()
    if child == 0:
        left = [step]

        def counted(change: Callable[..., object]) -> Callable[..., object]:
            def before(*given: object, **named: object) -> object:
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)
                left[0] -= 1
                return change(*given, **named)

            return before

        for name in ("replace", "unlink", "mkdir", "rmdir"):
            setattr(os, name, counted(getattr(os, name)))
        try:
            act()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def planned(context: Context, prepared: Prepared) -> RunFolder:
    run = planning.start_plan(context, prepared)
    assert not list(filter(lambda event: event.type == "diagnostic", applying.events(prepared.deployment, run, "plan")))
    assert read_record(run).state == "planned"
    return run


def applied(context: Context, prepared: Prepared, run: RunFolder) -> None:
    applying.start_apply(context, prepared.deployment, run)
    for _ in applying.events(prepared.deployment, run, "apply"):
        pass
    assert read_record(run).state == "done", run.events.read_text()


def holds(deployment: Deployment, prepared: Prepared, context: Context) -> bool:
    """Tell whether answers, tfvars, secrets and their counters on top are those that were prepared."""
    given = prepared.secrets.values
    answers = read_answers(deployment.answers, context.catalogue("local"))
    return answers == prepared.answers and read_secrets(deployment.secrets).items() >= given.items()


def with_a_new_secret(context: Context, deployment: Deployment) -> Prepared:
    return rotate(begin_rotation(context, deployment, SECRET), SECRET)


def test_a_plan_is_applied_and_its_answers_are_on_top(context: Context, installed: Deployment) -> None:
    prepared = with_a_new_secret(context, installed)
    applied(context, prepared, planned(context, prepared))
    assert holds(installed, prepared, context)
    assert read_marker(installed).secrets_revisions[SECRET] == 2
    assert not is_held(installed.lock)


@pytest.mark.parametrize("step", [0, 1, 2, 3, 4, 9, 21, *range(40, 62, 2)])
def test_a_plan_that_was_killed_anywhere_is_no_plan(
    context: Context, quick_terraform: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first one, which writes most: the folder, its Terraform, the secrets."""
    prepared = Interview.from_preset(context, "laptop-lite").prepared()
    monkeypatch.setattr(planning, "launch", lambda *_, **__: os._exit(0))
    killed_at(step, lambda: planning.start_plan(context, prepared))
    monkeypatch.undo()
    assert newest_planned(prepared.deployment) is None
    applied(context, prepared, planned(context, prepared))
    assert holds(prepared.deployment, prepared, context)
    assert not list(prepared.deployment.folder.glob("**/.*.tmp"))


@pytest.mark.parametrize("step", range(8))
def test_a_killed_plan_takes_no_earlier_plan_along(context: Context, installed: Deployment, step: int) -> None:
    """The draft's secrets are replaced by those of the later plan: the earlier one isn't applied with them."""
    first = with_a_new_secret(context, installed)
    run = planned(context, first)
    second = with_a_new_secret(context, installed)
    killed_at(step, lambda: planning.start_plan(context, second))
    kept = newest_planned(installed)
    if kept == run:
        assert read_secrets(installed.draft_secrets)[SECRET] == first.secrets.values[SECRET]
    elif kept is None:
        applied(context, second, planned(context, second))


def test_a_run_that_never_began_leaves_no_run(
    context: Context, installed: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise InstallerError("there is no process left.")

    monkeypatch.setattr(planning, "launch", refuse)
    with pytest.raises(InstallerError):
        planning.start_plan(context, with_a_new_secret(context, installed))
    assert list_runs(installed) == []
    assert not is_held(installed.lock)


def test_a_runner_that_is_killed_after_the_approval_leaves_it_whole(
    context: Context, installed: Deployment, quick_terraform: Path
) -> None:
    prepared = with_a_new_secret(context, installed)
    run = planned(context, prepared)
    terraform = quick_terraform / "kill-the-runner"
    terraform.write_text("#!/bin/sh\nkill -9 $PPID\n")
    terraform.chmod(0o700)
    update_record(run, binary=(str(terraform),))
    applying.start_apply(context, installed, run)
    for _ in applying.events(installed, run, "apply"):
        pass
    assert read_record(run).state == "lost"
    assert holds(installed, prepared, context)
    again = Interview.reconfigure(context, installed).prepared()
    next_run = planned(context, again)
    assert not run.plan.exists()
    applied(context, again, next_run)


@pytest.mark.parametrize("what", ["plan", "apply", "settle", "destroy", "first"])
def test_held_by_another_nothing_is_written(context: Context, installed: Deployment, what: str) -> None:
    prepared = with_a_new_secret(context, installed)
    run = planned(context, prepared)
    if what == "first":
        prepared = Interview.from_preset(context, "laptop", "other").prepared()
        prepared.deployment.folder.mkdir()
    acts: dict[str, Callable[[], object]] = {
        "plan": lambda: planning.start_plan(context, prepared),
        "first": lambda: planning.start_plan(context, prepared),
        "apply": lambda: applying.start_apply(context, installed, run),
        "settle": lambda: applying.settle_empty(installed, run),
        "destroy": lambda: planning.start_plan(context, prepare_destroy(context, installed), kind="destroy"),
    }
    with hold(prepared.deployment.lock, owner="another"):
        before = traces(prepared.deployment.folder)
        with pytest.raises(LockedError):
            acts[what]()
        assert traces(prepared.deployment.folder) == before
