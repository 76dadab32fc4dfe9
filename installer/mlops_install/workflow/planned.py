"""Planning from the first step to the summary, as a guided setup does it beside the operator's reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.prepared import Prepared
from mlops_install.deployment.runs.history import read_record
from mlops_install.errors import InstallerError, PreflightError, Problem
from mlops_install.setup import drafts
from mlops_install.targets.base import MayRepair
from mlops_install.targets.context import Context
from mlops_install.targets.records import Diagnosis, PlanSummary
from mlops_install.targets.registry import target
from mlops_install.words.wording import capital
from mlops_install.workflow import applying, planning
from mlops_install.workflow.failure import explain


class PlanFailedError(InstallerError):
    """Terraform could not make the plan; its diagnoses say why."""

    def __init__(self, run: RunFolder, deployment: Deployment, how: str) -> None:
        super().__init__(f"Planning {deployment.name} ended: {how}.", hint="Nothing was changed.")
        self.run = run
        self.diagnoses: tuple[Diagnosis, ...] = tuple(explain(deployment, run))


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan that waits for approval."""

    run: RunFolder
    summary: PlanSummary
    warnings: tuple[str, ...]
    """What a first installation means for others on the machine; sentences."""


def make_plan(
    context: Context,
    prepared: Prepared,
    *,
    former: RunFolder | None = None,
    begun: Callable[[RunFolder], None],
    told: Callable[[str], object],
    may_repair: MayRepair | None = None,
) -> Planned:
    """Check the target, plan, and wait for the end; what goes on is told in plain words. Blocks: for a worker.

    `former` is the plan that this one replaces: if it is still being made, it is cancelled first. `begun` gets the run
    as soon as there is one; `may_repair` is asked about releases that an interrupted apply left half-made, and may wait
    for a person. Raises PreflightError with all that is in the way, UsageError for answers that the stack
    refuses, LockedError when another run goes on, PlanFailedError when Terraform fails.
    """
    deployment = prepared.deployment
    if former is not None and read_record(former).state == "planning":
        told("Ending the plan that doesn't fit any more")
        applying.cancel(former)
        for _ in applying.events(deployment, former, "plan"):
            pass
    told("Looking at the target")
    try:
        known = target(prepared.answers.target).planning.refuse_unfit(context, prepared, may_repair)
    except PreflightError as error:
        raise _at_its_field(context, prepared, error) from error
    told("Checking the answers against the stack's own rules")
    run = planning.start_plan(context, prepared)
    begun(run)
    told("Terraform is planning")
    for event in applying.events(deployment, run, "plan"):
        if event.type == "init_output":
            told("Terraform is preparing its folder")
    how = planning.plan_failure(run)
    if how is not None:
        raise PlanFailedError(run, deployment, how)
    return Planned(run, planning.summarise_plan(context, deployment, run), _warnings(context, prepared, known))


def _at_its_field(context: Context, prepared: Prepared, error: PreflightError) -> PreflightError:
    """Return the error with the parameter to change, where it is of a cluster that can't be asked and names none."""
    subject = target(prepared.answers.target).questions.locating_parameter(context, prepared.answers)
    if error.problems or not subject:
        return error
    problem = Problem(subject, capital(error.message), error.hint)
    return PreflightError("this cluster is not ready, nothing was changed", problems=[problem])


def _warnings(context: Context, prepared: Prepared, known: Sequence[Problem]) -> tuple[str, ...]:
    first = prepared.approved is None
    told = [*known, *(target(prepared.answers.target).planning.warnings(context) if first else ())]
    return tuple(f"{problem.message}. {problem.hint}".strip() for problem in told)


def carry_out(context: Context, deployment: Deployment, run: RunFolder, *, empty: bool) -> list[str]:
    """Approve the plan and start applying it; an empty one is settled at once. Blocks: for a worker.

    Returns the names of the local services that were down and were started again, only ever with an empty plan.
    Raises UsageError when the run has no plan, LockedError when another run goes on.
    """
    if not empty:
        applying.start_apply(context, deployment, run)
        drafts.settle(context, deployment)
        return []
    applying.settle_empty(deployment, run)
    drafts.settle(context, deployment)
    return bring_back(context, deployment)


def bring_back(context: Context, deployment: Deployment) -> list[str]:
    """Start local services that are down although Terraform sees nothing to do: it doesn't watch processes."""
    from mlops_install.workflow.services import start_what_is_down

    return start_what_is_down(context, deployment)


def difference(before: set[tuple[str, str]], summary: PlanSummary) -> tuple[str, ...]:
    """Return what a new plan has more or less than the one approved before, a line each; empty when it is the same."""
    now = {(change.action, change.address) for change in summary.changes}
    more = [f"now also: {action} {address}" for action, address in sorted(now - before)]
    less = [f"no longer: {action} {address}" for action, address in sorted(before - now)]
    return (*more, *less)
