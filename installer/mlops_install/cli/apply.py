"""`apply`: the newest plan that isn't stale, or a new one."""

from __future__ import annotations

from mlops_install.cli import options
from mlops_install.cli.session import open_session


def apply(
    name: options.Name = None,
    directory: options.Directory = None,
    sets: options.Sets = None,
    modules: options.Modules = None,
    without: options.Without = None,
    yes: options.Yes = False,
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
    """Apply a deployment: the newest plan if it still holds, else a new one; carries on after a failure."""
    from mlops_install.cli.asking import request_of, settle
    from mlops_install.cli.flow import carry_out
    from mlops_install.workflow.applying import plan_to_apply

    session = open_session(
        output=output,
        non_interactive=non_interactive,
        yes=yes,
        no_color=no_color,
        ui=ui,
        terraform_bin=terraform_bin,
        kubeconfig=kubeconfig,
        kube_context=kube_context,
        adopt=adopt,
        overwrite_terraform=overwrite_terraform,
        streams_events=True,
    )
    changes = bool(sets or modules or without or kubeconfig or kube_context)
    deployment = session.deployment(name, directory)
    request = request_of(sets, modules, without, name=name, directory=deployment.folder)
    prepared = settle(session, request)
    return carry_out(session, prepared, run=None if changes else plan_to_apply(deployment))
