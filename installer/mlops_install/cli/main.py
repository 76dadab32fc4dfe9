"""The command line: verbs put together, exceptions turned into messages and exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import typer
from typer.exceptions import TyperException

from mlops_install import __version__
from mlops_install.cli.verb import root
from mlops_install.errors import ExitCode, InstallerError
from mlops_install.words.terminal import visible

_HELP = """A working MLOps stack from one command.

Without a verb, in a terminal: the guided setup. In one line: mlops-install quick laptop
"""


def run(arguments: Sequence[str]) -> int:
    """Run the verb that the arguments name and return the exit code.

    A reader that goes away (`| head`) ends it quietly with 1. SIGPIPE stays ignored, as Python has it: a server that
    hangs up is an error to be met, not our end.
    """
    code = _run(arguments)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still buffered would be tried again at exit, and complained about.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FAILED
    return code


def _run(arguments: Sequence[str]) -> int:
    try:
        return int(_application()(list(arguments), standalone_mode=False) or ExitCode.OK)
    except InstallerError as error:
        from mlops_install.cli.reporting import report_error

        return report_error(error)
    except TyperException as error:
        return _usage(error)
    except (KeyboardInterrupt, typer.Abort):
        sys.stderr.write("\nInterrupted; nothing goes on.\n")
        return ExitCode.CANCELLED


def _usage(error: TyperException) -> int:
    """Say what is wrong with the command line; an empty one gets the help, which is no error."""
    context = getattr(error, "ctx", None)
    usage = f"{context.get_usage()}\n" if context is not None else ""
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stdout.write(f"{error.format_message()}\n")
        return ExitCode.OK
    sys.stderr.write(visible(f"{usage}\n! {error.format_message()}\n"))
    return error.exit_code


def _application() -> typer.Typer:
    from mlops_install.cli.verbs import GROUPS, PARSERS, VERBS

    application = typer.Typer(
        help=_HELP,
        invoke_without_command=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    application.callback()(_root)
    for name, function in VERBS.items():
        application.command(name, cls=PARSERS.get(name))(function)
    for name, group in GROUPS.items():
        application.add_typer(group, name=name)
    return application


def _for_each_verb(command: Any, flags: Mapping[str, Any]) -> dict[str, Any]:
    """Return the flags as every verb's defaults: what stands before a verb holds unless it stands after it too."""
    verbs = getattr(command, "commands", {})
    return {name: _for_each_verb(verb, flags) for name, verb in verbs.items()} if verbs else dict(flags)


def _version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"mlops-install {__version__}\n")
        raise typer.Exit


@root
def _root(
    context: typer.Context,
    flags: Mapping[str, Any],
    version: bool = typer.Option(False, "--version", "-V", callback=_version, is_eager=True, help="Print the version."),
) -> int:
    """Open the guided setup where there is no verb; in a pipe, say what verbs there are."""
    if context.invoked_subcommand is not None:
        context.default_map = _for_each_verb(context.command, flags)
        return ExitCode.OK
    from mlops_install.cli.guided import start

    code = start(flags)
    if code is None:
        sys.stdout.write(f"{context.get_help()}\n")
        return ExitCode.OK
    return code
