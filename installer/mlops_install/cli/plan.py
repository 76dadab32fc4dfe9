"""`plan`: what an apply would do, saved to be applied exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from mlops_install.cli import options
from mlops_install.cli.session import open_session
from mlops_install.errors import ExitCode

if TYPE_CHECKING:
    from mlops_install.cli.session import Session
    from mlops_install.deployment.prepared import Prepared

DetailedExitcode = Annotated[
    bool, typer.Option("--detailed-exitcode", help="0: no changes, 2: changes, 1: anything that went wrong.")
]


def plan(
    name: options.Name = None,
    directory: options.Directory = None,
    sets: options.Sets = None,
    modules: options.Modules = None,
    without: options.Without = None,
    detailed_exitcode: DetailedExitcode = False,
    non_interactive: options.NonInteractive = False,
    output: options.Output = options.OutputFormat.TABLE,
    ui: options.Ui = options.UserInterface.AUTO,
    no_color: options.NoColor = False,
    terraform_bin: options.TerraformBin = None,
    kubeconfig: options.Kubeconfig = None,
    kube_context: options.KubeContext = None,
    adopt: options.Adopt = False,
    overwrite_terraform: options.OverwriteTerraform = False,
) -> int:
    """Plan a deployment and show the plan; `apply` takes exactly this one."""
    from mlops_install.cli.asking import request_of, settle

    session = open_session(
        output=output,
        non_interactive=non_interactive,
        no_color=no_color,
        ui=ui,
        terraform_bin=terraform_bin,
        kubeconfig=kubeconfig,
        kube_context=kube_context,
        adopt=adopt,
        overwrite_terraform=overwrite_terraform,
        usage_exit=ExitCode.FAILED if detailed_exitcode else ExitCode.USAGE,
    )
    prepared = settle(session, request_of(sets, modules, without, name=name, directory=directory))
    return _carry_out(session, prepared, detailed_exitcode=detailed_exitcode)


def _carry_out(session: Session, prepared: Prepared, *, detailed_exitcode: bool) -> int:
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
    return 2 if detailed_exitcode and not summary.empty else ExitCode.OK
