"""`presets`, `preset show`: what can be installed in one line."""

from __future__ import annotations

from typing import Annotated

import typer

from mlops_install.cli.session import Session, titles
from mlops_install.cli.verb import verb
from mlops_install.errors import ExitCode

preset_app = typer.Typer(help="One preset.", no_args_is_help=True, rich_markup_mode=None)

Preset = Annotated[str, typer.Argument(help="A preset's name or a file.", show_default=False)]


@verb("output")
def presets(session: Session) -> int:
    """List the presets: what each holds and what it needs from you."""
    from mlops_install.console import documents, tables
    from mlops_install.inspect import inspection

    found = inspection.presets(session.context)
    names = {summary.target: titles(session.context.catalogue(summary.target)) for summary in found}
    session.emit(documents.presets_document(found), lambda: tables.presets_table(found, names))
    return ExitCode.OK


@preset_app.command("show")
@verb("output")
def show(session: Session, preset: Preset) -> int:
    """Show one preset: its modules, what it changes against the defaults, what it needs."""
    from mlops_install.console import documents, tables
    from mlops_install.inspect import inspection

    summary, held = inspection.preset_details(session.context, preset)
    names = titles(session.context.catalogue(summary.target))
    session.emit(documents.preset_document(summary, held), lambda: tables.preset_view(summary, held, names))
    return ExitCode.OK
