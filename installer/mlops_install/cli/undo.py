"""`undo`: back to the answers of an earlier run."""

from __future__ import annotations

from typing import Annotated

import typer

from mlops_install.cli import options
from mlops_install.cli.session import open_session

Run = Annotated[str, typer.Argument(metavar="N", help="The run's number (see `runs`).", show_default=False)]


def undo(
    run: Run,
    name: options.NameOption = None,
    directory: options.Directory = None,
    yes: options.Yes = False,
    non_interactive: options.NonInteractive = False,
    output: options.Output = options.OutputFormat.TABLE,
    ui: options.Ui = options.UserInterface.AUTO,
    no_color: options.NoColor = False,
    terraform_bin: options.TerraformBin = None,
    overwrite_terraform: options.OverwriteTerraform = False,
) -> int:
    """Go back to the answers of run N: plan them, show what changes, apply; secrets and data stay as they are."""
    from mlops_install.cli.asking import refuse_unfit
    from mlops_install.cli.flow import carry_out
    from mlops_install.workflow.undo import prepare_undo

    session = open_session(
        output=output,
        non_interactive=non_interactive,
        yes=yes,
        no_color=no_color,
        ui=ui,
        terraform_bin=terraform_bin,
        overwrite_terraform=overwrite_terraform,
        streams_events=True,
    )
    deployment = session.deployment(name, directory)
    prepared, left_out = prepare_undo(session.context, deployment, run)
    for problem in left_out:
        session.say(f"{problem.subject} {problem.message}")
    refuse_unfit(session, prepared)
    return carry_out(session, prepared)
