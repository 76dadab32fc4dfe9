"""`verify`: act as a user would, through real clients."""

from __future__ import annotations

from typing import Annotated

import typer

from mlops_install.cli import options
from mlops_install.cli.session import Session
from mlops_install.cli.verb import verb


@verb("output", *options.CLUSTER)
def verify(
    session: Session,
    name: options.Name = None,
    directory: options.Directory = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out the whole way from features to a served model.")
    ] = False,
) -> int:
    """Check each module with a real client, then go the whole way: features, training, registry, flow, served model."""
    from mlops_install.cli.reporting import run_checks

    return run_checks(session, session.deployment(name, directory), loop=not quick)
