"""`wizard` and `reconfigure`: the guided setup on a preset, and on what is installed."""

from __future__ import annotations

from typing import Annotated

import typer

from mlops_install.cli import options
from mlops_install.cli.formats import UserInterface
from mlops_install.cli.guided import begin, guide, require_terminal
from mlops_install.cli.session import open_session
from mlops_install.errors import UsageError
from mlops_install.words.commands import command

Preset = Annotated[
    str | None, typer.Argument(metavar="[PRESET]", help="A preset's name or file to begin with; asked for without one.")
]
Ui = Annotated[UserInterface, typer.Option("--ui", help="`tui` fills the terminal, `plain` asks in lines.")]


def wizard(
    preset: Preset = None,
    name: options.NameOption = None,
    directory: options.Directory = None,
    ui: Ui = UserInterface.AUTO,
    no_color: options.NoColor = False,
    terraform_bin: options.TerraformBin = None,
    overwrite_terraform: options.OverwriteTerraform = False,
    kubeconfig: options.Kubeconfig = None,
    kube_context: options.KubeContext = None,
) -> int:
    """Choose what to install and answer what it needs, see what will happen, and watch it happen."""
    session = open_session(
        ui=ui,
        no_color=no_color,
        terraform_bin=terraform_bin,
        overwrite_terraform=overwrite_terraform,
        kubeconfig=kubeconfig,
        kube_context=kube_context,
    )
    require_terminal(f"`{command('quick', 'PRESET')}` installs without one.")
    if preset is None and (name or directory):
        raise UsageError("a name is for a preset", hint=f"`{command('wizard', 'PRESET', '--name', 'NAME')}`.")
    if preset is None:
        return begin(session)
    from mlops_install.setup.interview import Interview

    interview = Interview.from_preset(session.context, preset, name, directory=directory)
    return guide(session, interview, straight_to_review=False)


def reconfigure(
    name: options.Name = None,
    directory: options.Directory = None,
    ui: Ui = UserInterface.AUTO,
    no_color: options.NoColor = False,
    terraform_bin: options.TerraformBin = None,
    overwrite_terraform: options.OverwriteTerraform = False,
    kubeconfig: options.Kubeconfig = None,
    kube_context: options.KubeContext = None,
) -> int:
    """Open the guided setup on the installed answers: change some, review what differs, apply."""
    from mlops_install.setup.interview import Interview

    session = open_session(
        ui=ui,
        no_color=no_color,
        terraform_bin=terraform_bin,
        overwrite_terraform=overwrite_terraform,
        kubeconfig=kubeconfig,
        kube_context=kube_context,
    )
    require_terminal(f"`{command('apply', 'NAME', '--set', 'KEY=VALUE')}` changes an installation without one.")
    deployment = session.deployment(name, directory)
    return guide(session, Interview.reconfigure(session.context, deployment), straight_to_review=True)
