"""The command line: verbs put together, exceptions turned into messages and exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import typer
from typer.exceptions import TyperException

from mlops_install import __version__
from mlops_install.cli import options
from mlops_install.errors import ExitCode, InstallerError

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
        return int(_application()(_by_hand(list(arguments)), standalone_mode=False) or ExitCode.OK)
    except InstallerError as error:
        from mlops_install.cli.reporting import report_error

        return report_error(error)
    except TyperException as error:
        return _usage(error)
    except (KeyboardInterrupt, typer.Abort):
        sys.stderr.write("\nInterrupted; nothing goes on.\n")
        return ExitCode.CANCELLED


def _by_hand(arguments: list[str]) -> list[str]:
    """Return the command line with what follows `terraform … --` as options, so that none of it is taken for a NAME."""
    if arguments[:1] != ["terraform"] or "--" not in arguments:
        return arguments
    split = arguments.index("--")
    return [*arguments[:split], *(f"--argument={argument}" for argument in arguments[split + 1 :])]


def _usage(error: TyperException) -> int:
    """Say what is wrong with the command line; an empty one gets the help, which is no error."""
    context = getattr(error, "ctx", None)
    usage = f"{context.get_usage()}\n" if context is not None else ""
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stdout.write(f"{error.format_message()}\n")
        return ExitCode.OK
    sys.stderr.write(f"{usage}\n! {error.format_message()}\n")
    return error.exit_code


def _application() -> typer.Typer:
    from mlops_install.cli.verbs import GROUPS, VERBS

    application = typer.Typer(
        help=_HELP,
        invoke_without_command=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    application.callback()(_root)
    for name, verb in VERBS.items():
        application.command(name)(verb)
    for name, group in GROUPS.items():
        application.add_typer(group, name=name)
    return application


def _version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"mlops-install {__version__}\n")
        raise typer.Exit


def _root(
    context: typer.Context,
    ui: options.Ui = options.UserInterface.AUTO,
    no_color: options.NoColor = False,
    terraform_bin: options.TerraformBin = None,
    version: bool = typer.Option(False, "--version", "-V", callback=_version, is_eager=True, help="Print the version."),
) -> int:
    """Open the guided setup where there is no verb; in a pipe, say what verbs there are."""
    if context.invoked_subcommand is not None:
        return ExitCode.OK
    from mlops_install.cli.guided import start

    code = start(ui, no_color=no_color, terraform_bin=terraform_bin)
    if code is None:
        sys.stdout.write(f"{context.get_help()}\n")
        return ExitCode.OK
    return code
