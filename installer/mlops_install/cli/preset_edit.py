"""`preset save`, `preset diff`: a deployment's answers as a preset, and what differs between two."""

from __future__ import annotations

from typing import Annotated

import typer

from mlops_install.cli import options
from mlops_install.cli.session import Session
from mlops_install.cli.verb import verb
from mlops_install.errors import ExitCode

Target = Annotated[
    str, typer.Argument(metavar="NAME|FILE", help="The preset's name, or a .yaml file.", show_default=False)
]
Title = Annotated[str, typer.Option("--title", help="One line that says what it is.", show_default=False)]
Description = Annotated[str, typer.Option("--description", help="What it is for.", show_default=False)]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace a preset that is there.")]
Side = Annotated[
    str,
    typer.Argument(
        help="A preset's name or file, or a deployment; deployment:NAME where both have the name.", show_default=False
    ),
]


@verb("output")
def save(
    session: Session,
    target: Target,
    name: options.NameOption = None,
    directory: options.Directory = None,
    title: Title = "",
    description: Description = "",
    overwrite: Overwrite = False,
) -> int:
    """Save a deployment's answers as a preset: what differs from the defaults, without secrets."""
    from mlops_install.console import documents_presets, preset_view
    from mlops_install.setup.preset_edit import save_preset

    deployment = session.deployment(name, directory)
    saved = save_preset(session.context, deployment, target, title=title, description=description, overwrite=overwrite)
    document = documents_presets.saved_document(deployment.name, saved)
    session.emit(document, lambda: preset_view.saved_view(deployment.name, saved))
    return ExitCode.OK


@verb("output")
def diff(session: Session, first: Side, second: Side) -> int:
    """Show what differs between two presets or deployments, defaults included."""
    from mlops_install.console import documents_presets, preset_view
    from mlops_install.setup.preset_edit import compare

    left, right, differences = compare(session.context, first, second)
    document = documents_presets.diff_document(left, right, differences)
    session.emit(document, lambda: preset_view.diff_view(left, right, differences))
    return ExitCode.OK
