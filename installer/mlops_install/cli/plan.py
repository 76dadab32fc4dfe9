"""`plan`: what an apply would do, saved to be applied exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlops_install.cli import options
from mlops_install.cli.session import Session
from mlops_install.cli.verb import verb
from mlops_install.errors import ExitCode

if TYPE_CHECKING:
    from mlops_install.deployment.prepared import Prepared


@verb(
    *options.CHANGES, "non_interactive", "output", "detailed_exitcode", *options.CLUSTER, "adopt", "overwrite_terraform"
)
def plan(session: Session, name: options.Name = None, directory: options.Directory = None) -> int:
    """Plan a deployment and show the plan; `apply` takes exactly this one."""
    from mlops_install.cli.asking import request_of, settle

    prepared = settle(session, request_of(session, name=name, directory=directory))
    return _carry_out(session, prepared)


def _carry_out(session: Session, prepared: Prepared) -> int:
    from mlops_install.cli.flow import make_plan
    from mlops_install.cli.reporting import RunReport
    from mlops_install.cli.session import titles
    from mlops_install.console.documents import plan_document
    from mlops_install.console.plan_view import plan_view
    from mlops_install.workflow.planning import summarise_plan

    deployment = prepared.deployment
    with RunReport(session, deployment, prepared.catalogue) as report:
        run = make_plan(report, prepared)
    summary = summarise_plan(session.context, deployment, run)
    names = titles(prepared.catalogue)
    session.emit(plan_document(deployment.name, summary), lambda: plan_view(summary, names))
    return 2 if session.detailed_exitcode and not summary.empty else ExitCode.OK
