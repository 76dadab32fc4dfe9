"""What the console script starts."""

from __future__ import annotations

import sys

from mlops_install import __version__


def main() -> int:
    """Run the program on the process's arguments; returns its exit code.

    `--version` is answered before anything else is imported: it is what scripts call most. Without a verb, in a
    terminal, the start screen is what is waited for: the parser of the command line isn't needed for it.
    """
    arguments = sys.argv[1:]
    if arguments in (["--version"], ["-V"]):
        sys.stdout.write(f"mlops-install {__version__}\n")
        return 0
    from mlops_install.cli.environment import note_program

    note_program()
    if not arguments and sys.stdin.isatty() and sys.stderr.isatty():
        from mlops_install.cli.guided import start_alone

        return start_alone()
    from mlops_install.cli.main import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
