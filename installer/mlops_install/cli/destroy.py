"""`destroy`: remove the installation, keep its data unless told otherwise."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from mlops_install.cli import options
from mlops_install.cli.session import Session
from mlops_install.cli.verb import verb
from mlops_install.errors import DeclinedError, ExitCode

if TYPE_CHECKING:
    from mlops_install.cli.session import Session
    from mlops_install.deployment.layout import Deployment

PurgeData = Annotated[
    bool, typer.Option("--purge-data", help="Delete the data too: notebooks, databases, artifacts. No way back.")
]


_CUT_OFF = "Removed too, as an apply that was cut off made it without Terraform's state knowing:"


@verb(*options.APPROVAL, "output", *options.CLUSTER, streams_events=True)
def destroy(
    session: Session, name: options.Name = None, directory: options.Directory = None, purge_data: PurgeData = False
) -> int:
    """Remove what is installed; data stay unless --purge-data is given, and what stays is said."""
    _carry_out(session, session.deployment(name, directory), purge_data=purge_data)
    return ExitCode.OK


def _carry_out(session: Session, deployment: Deployment, *, purge_data: bool) -> None:
    from mlops_install.cli.flow import apply_run, make_plan
    from mlops_install.cli.reporting import RunReport, report_left, report_plan
    from mlops_install.workflow.planning import summarise_plan
    from mlops_install.workflow.removal import (
        clean_up,
        left_in_cluster,
        left_over,
        prepare_destroy,
        purge_in_cluster,
        removing,
        state_left,
    )

    prepared = prepare_destroy(session.context, deployment)
    with RunReport(session, deployment, prepared.catalogue) as report:
        run = make_plan(report, prepared, kind="destroy", purge_data=purge_data)
        summary = summarise_plan(session.context, deployment, run)
        with report.progress.paused():
            report_plan(session, summary, prepared.catalogue, purge_data=purge_data)
        left_by_apply = left_over(session.context, prepared, run)
        if left_by_apply.told():
            report.note("\n".join([_CUT_OFF, *(f"  {line}" for line in left_by_apply.told())]))
        with report.progress.paused():
            _approve(session, deployment, purge_data=purge_data)
        behind = left_in_cluster(session.context, deployment, run, purge_data=purge_data)
        with removing(session.context, prepared, left_by_apply):
            apply_run(report, run)
        if purge_data:
            behind = purge_in_cluster(session.context, prepared, behind)
        left = [*state_left(session.context, deployment), *behind, *clean_up(deployment, purge_data=purge_data)]
    report_left(session, left)


def _approve(session: Session, deployment: Deployment, *, purge_data: bool) -> None:
    if session.yes:
        return
    if not session.interactive:
        raise DeclinedError("nobody can be asked whether to destroy", hint="Add --yes to approve it.")
    from mlops_install.prompts.confirmation import confirm, typed_confirmation
    from mlops_install.prompts.session import questions_on

    with questions_on(sys.stderr):
        if purge_data:
            agreed = typed_confirmation(deployment.name)
        else:
            agreed = confirm("Remove all this? The data stay.", default=False)
    if not agreed:
        raise DeclinedError("nothing was removed")
