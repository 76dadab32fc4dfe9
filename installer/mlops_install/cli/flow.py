"""The main job as every applying verb does it: plan, show, approve, apply, check, tell."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

from mlops_install.cli.following import follow_run
from mlops_install.cli.reporting import RunReport, report_plan, report_warnings
from mlops_install.deployment.runs.history import read_record
from mlops_install.errors import DeclinedError, ExitCode, InstallerError
from mlops_install.workflow import applying, planning
from mlops_install.workflow.changes import loses_data
from mlops_install.workflow.planned import bring_back, difference

if TYPE_CHECKING:
    from mlops_install.cli.session import Session
    from mlops_install.deployment.layout import Deployment, RunFolder
    from mlops_install.deployment.prepared import Prepared
    from mlops_install.deployment.runs.record import Kind
    from mlops_install.targets.records import PlanSummary


_REPLANNED: Mapping[Kind, str] = {"apply": "plan", "destroy": "destroy"}
"""The verb that plans a run of that kind anew."""


class RunFailedError(InstallerError):
    """A run failed or was cancelled; its diagnoses say why."""

    def __init__(self, run: RunFolder, deployment: Deployment, *, cancelled: bool) -> None:
        word = "was cancelled" if cancelled else "failed"
        again = deployment.command(read_record(run).kind)
        hint = f"Nothing is lost: `{again}` carries on from here." if cancelled else ""
        super().__init__(f"Run {run.id} of {deployment.name} {word}.", hint=hint)
        self.exit_code = ExitCode.CANCELLED if cancelled else ExitCode.FAILED
        self.run = run
        self.deployment = deployment


class StalePlanError(InstallerError):
    """The state or a secret moved since the plan was made: it is not applied."""

    def __init__(self, run: RunFolder, deployment: Deployment) -> None:
        super().__init__(
            f"The plan of run {run.id} is stale: the state or a secret changed since.",
            hint=f"Make a new one: `{deployment.command(_REPLANNED[read_record(run).kind])}`.",
        )
        self.run = run


def carry_out(
    session: Session,
    prepared: Prepared,
    *,
    run: RunFolder | None = None,
    verify: bool = False,
) -> int:
    """Plan (unless `run` is planned already), show, ask, apply, verify and tell; returns the exit code.

    Raises DeclinedError, RunFailedError, Detached and what planning raises.
    """
    with RunReport(session, prepared.deployment, prepared.catalogue) as report:
        try:
            _plan_and_apply(report, prepared, run)
        except StalePlanError as stale:
            report.say(f"{stale.message} Planning again.")
            _plan_and_apply(report, prepared, None, replaced=stale.run)
        report.end_display()
        report.installed()
        passed = report.verify() if verify else True
        if passed:
            report.first_step()
        return ExitCode.OK if passed else ExitCode.FAILED


def _plan_and_apply(
    report: RunReport, prepared: Prepared, run: RunFolder | None, *, replaced: RunFolder | None = None
) -> None:
    session, deployment = report.session, prepared.deployment
    run = run or make_plan(report, prepared)
    summary = planning.summarise_plan(session.context, deployment, run)
    if summary.empty:
        applying.settle_empty(deployment, run)
        _bring_back(report, prepared)
        return
    with report.progress.paused():
        report_plan(session, summary, prepared.catalogue)
        if prepared.approved is None:
            report_warnings(session, prepared)
        if replaced is not None:
            session.say(_difference(planning.approved_changes(replaced), summary))
        approve(session, deployment, summary)
    apply_run(report, run)


def _difference(before: set[tuple[str, str]], summary: PlanSummary) -> str:
    """Return what the new plan has more or less than the one approved before."""
    lines = difference(before, summary)
    return "\n".join(["Against the plan you approved:", *lines]) if lines else "It is the plan you approved."


def make_plan(report: RunReport, prepared: Prepared, *, kind: Kind = "apply", purge_data: bool = False) -> RunFolder:
    """Plan and follow the planning; raises RunFailedError when it fails or is cancelled."""
    run = planning.start_plan(report.session.context, prepared, kind=kind, purge_data=purge_data)
    return _followed(report, run, "plan", planning.plan_failure)


def apply_run(report: RunReport, run: RunFolder) -> None:
    """Apply the planned run and follow it; raises RunFailedError when it fails or is cancelled."""
    applying.start_apply(report.session.context, report.deployment, run)
    _followed(report, run, "apply", applying.apply_failure)


def _followed(
    report: RunReport, run: RunFolder, phase: Literal["plan", "apply"], failure: Callable[[RunFolder], str | None]
) -> RunFolder:
    report.run = run
    report.state = follow_run(report, run, phase)
    how = failure(run)
    if how is not None and applying.is_stale(run):
        raise StalePlanError(run, report.deployment)
    if how is not None:
        raise RunFailedError(run, report.deployment, cancelled=how == "cancelled")
    return run


def approve(session: Session, deployment: Deployment, summary: PlanSummary) -> None:
    """Get the operator's yes for the plan just shown; raises DeclinedError without one.

    What would lose data needs the deployment's name typed, or `--yes`.
    """
    if session.yes:
        return
    if not session.interactive:
        raise DeclinedError(
            "The plan waits for approval, and nobody can be asked.",
            hint=f"`{deployment.command('apply', '--yes')}` applies exactly this plan.",
        )
    from mlops_install.prompts.confirmation import confirm, typed_confirmation
    from mlops_install.prompts.session import questions_on

    lost = [change for change in summary.changes if loses_data(change)]
    if lost:
        session.say(f"Data will be lost: {', '.join(change.address for change in lost)}.")
    with questions_on(sys.stderr):
        agreed = typed_confirmation(deployment.name) if lost else confirm("Apply exactly this plan?", default=True)
    if not agreed:
        raise DeclinedError(
            "Nothing was changed.", hint=f"The plan is kept: `{deployment.command('apply')}` asks again."
        )


def _bring_back(report: RunReport, prepared: Prepared) -> None:
    started = bring_back(report.session.context, prepared.deployment)
    again = f" Started again: {', '.join(started)}." if started else ""
    report.say(f"Nothing to change: all is as planned.{again}")
