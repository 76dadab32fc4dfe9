"""`wizard` and `reconfigure`: the guided setup on a preset, and on what is installed."""

from __future__ import annotations

from typing import Annotated

import typer

from mlops_install.cli import options
from mlops_install.cli.formats import UserInterface
from mlops_install.cli.guided import begin, guide, require_terminal
from mlops_install.cli.session import Session
from mlops_install.cli.verb import verb
from mlops_install.errors import UsageError
from mlops_install.words.commands import command

Preset = Annotated[
    str | None, typer.Argument(metavar="[PRESET]", help="A preset's name or file to begin with; asked for without one.")
]
Ui = Annotated[UserInterface, typer.Option("--ui", help="`tui` fills the terminal, `plain` asks in lines.")]


@verb(*options.CLUSTER, "overwrite_terraform")
def wizard(
    session: Session, preset: Preset = None, name: options.NameOption = None, directory: options.Directory = None
) -> int:
    """Choose what to install and answer what it needs, see what will happen, and watch it happen."""
    require_terminal(f"`{command('quick', 'PRESET')}` installs without one.")
    if preset is None and (name or directory):
        raise UsageError("a name is for a preset", hint=f"`{command('wizard', 'PRESET', '--name', 'NAME')}`.")
    if preset is None:
        return begin(session)
    from mlops_install.setup.interview import Interview

    interview = Interview.from_preset(session.context, preset, name, directory=directory)
    return guide(session, interview, straight_to_review=False)


@verb(*options.CLUSTER, "overwrite_terraform")
def reconfigure(session: Session, name: options.Name = None, directory: options.Directory = None) -> int:
    """Open the guided setup on the installed answers: change some, review what differs, apply."""
    from mlops_install.setup.interview import Interview

    require_terminal(f"`{command('apply', 'NAME', '--set', 'KEY=VALUE')}` changes an installation without one.")
    deployment = session.deployment(name, directory)
    return guide(session, Interview.reconfigure(session.context, deployment), straight_to_review=True)
