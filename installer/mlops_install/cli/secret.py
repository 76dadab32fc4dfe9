"""`secret show`: one secret, because it was asked for by name."""

from __future__ import annotations

from typing import Annotated

import typer

from mlops_install.cli import options
from mlops_install.cli.session import Session
from mlops_install.cli.verb import verb
from mlops_install.errors import ExitCode

secret_app = typer.Typer(help="One secret.", no_args_is_help=True, rich_markup_mode=None)

Secret = Annotated[str, typer.Argument(help="The secret's parameter name.", show_default=False)]


@secret_app.command("show")
@verb("output")
def show(session: Session, secret: Secret, name: options.NameOption = None, directory: options.Directory = None) -> int:
    """Print one secret's value to stdout."""
    from mlops_install.console import documents
    from mlops_install.inspect import inspection

    deployment = session.deployment(name, directory)
    value = inspection.secret(session.context, deployment, secret)
    session.emit(documents.secret_document(deployment.name, secret, value), lambda: value)
    return ExitCode.OK
