"""`unlock`: take away a state lock whose holder is gone."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from mlops_install.cli import options
from mlops_install.cli.session import Session
from mlops_install.cli.verb import verb
from mlops_install.errors import DeclinedError, ExitCode

LockId = Annotated[str | None, typer.Option("--id", help="The lock's id; without it, the one the last failure met.")]


@verb(*options.APPROVAL)
def unlock(
    session: Session, name: options.Name = None, directory: options.Directory = None, lock: LockId = None
) -> int:
    """Take away the lock of a Terraform state whose holder is gone; never that of a run that goes on."""
    from mlops_install.engine.state_lock import StateLock
    from mlops_install.prompts.confirmation import confirm
    from mlops_install.prompts.session import questions_on
    from mlops_install.workflow.unlock import stuck_lock
    from mlops_install.workflow.unlock import unlock as take_away

    deployment = session.deployment(name, directory)
    found = StateLock(lock, "") if lock else stuck_lock(deployment)
    session.say(f"The lock {found.id}{f': {found.told}' if found.told else ''}.")
    if not session.yes:
        if not session.interactive:
            raise DeclinedError("nobody can be asked whether its holder is gone", hint="Add --yes when it is.")
        with questions_on(sys.stderr):
            if not confirm("Is its holder gone for certain? Two at once can ruin the state.", default=False):
                raise DeclinedError("the lock is left alone")
    return ExitCode.OK if take_away(session.context, deployment, found.id) == 0 else ExitCode.FAILED
