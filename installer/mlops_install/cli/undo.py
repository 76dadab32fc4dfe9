"""`undo`: back to the answers of an earlier run."""

from __future__ import annotations

from typing import Annotated

import typer

from mlops_install.cli import options
from mlops_install.cli.session import Session
from mlops_install.cli.verb import verb

Run = Annotated[str, typer.Argument(metavar="N", help="The run's number (see `runs`).", show_default=False)]


@verb(*options.APPROVAL, "output", "overwrite_terraform", streams_events=True)
def undo(session: Session, run: Run, name: options.NameOption = None, directory: options.Directory = None) -> int:
    """Go back to the answers of run N: plan them, show what changes, apply; secrets and data stay as they are."""
    from mlops_install.cli.asking import refuse_unfit
    from mlops_install.cli.flow import carry_out
    from mlops_install.workflow.undo import prepare_undo

    deployment = session.deployment(name, directory)
    prepared, left_out = prepare_undo(session.context, deployment, run)
    for problem in left_out:
        session.say(f"{problem.subject} {problem.message}")
    refuse_unfit(session, prepared)
    return carry_out(session, prepared)
