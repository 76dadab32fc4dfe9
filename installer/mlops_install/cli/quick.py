"""`quick`: a preset becomes a working stack."""

from __future__ import annotations

from typing import Annotated

import typer

from mlops_install.cli import options
from mlops_install.cli.session import Session
from mlops_install.cli.verb import verb

Preset = Annotated[str, typer.Argument(help="A preset's name (see `presets`) or a file.", show_default=False)]
FromPreset = Annotated[bool, typer.Option("--from-preset", help="The preset wins over the earlier answers.")]
NoVerify = Annotated[bool, typer.Option("--no-verify", help="Leave the checks by real clients out at the end.")]


@verb(
    *options.CHANGES, *options.APPROVAL, "output", *options.CLUSTER, "adopt", "overwrite_terraform", streams_events=True
)
def quick(
    session: Session,
    preset: Preset,
    name: options.NameOption = None,
    directory: options.Directory = None,
    from_preset: FromPreset = False,
    no_verify: NoVerify = False,
) -> int:
    """Install a preset: fill in what is missing, show the plan, apply it, check the result with real clients."""
    from mlops_install.cli.asking import request_of, settle
    from mlops_install.cli.flow import carry_out

    request = request_of(session, preset=preset, name=name, directory=directory, from_preset=from_preset)
    return carry_out(session, settle(session, request), verify=not no_verify)
