"""`quick`: a preset becomes a working stack."""

from __future__ import annotations

from typing import Annotated

import typer

from mlops_install.cli import options
from mlops_install.cli.session import open_session

Preset = Annotated[str, typer.Argument(help="A preset's name (see `presets`) or a file.", show_default=False)]
FromPreset = Annotated[bool, typer.Option("--from-preset", help="The preset wins over the earlier answers.")]
NoVerify = Annotated[bool, typer.Option("--no-verify", help="Leave the checks by real clients out at the end.")]


def quick(
    preset: Preset,
    sets: options.Sets = None,
    modules: options.Modules = None,
    without: options.Without = None,
    name: options.NameOption = None,
    directory: options.Directory = None,
    from_preset: FromPreset = False,
    no_verify: NoVerify = False,
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
    """Install a preset: fill in what is missing, show the plan, apply it, check the result with real clients."""
    from mlops_install.cli.asking import request_of, settle
    from mlops_install.cli.flow import carry_out

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
    request = request_of(sets, modules, without, preset=preset, name=name, directory=directory, from_preset=from_preset)
    return carry_out(session, settle(session, request), verify=not no_verify)
