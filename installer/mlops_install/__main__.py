"""What the console script starts."""

from __future__ import annotations

import sys

from mlops_install import __version__


def main() -> int:
    """Run the program on the process's arguments; returns its exit code.

    `--version` is answered before anything else is imported: it is what scripts call most.
    """
    arguments = sys.argv[1:]
    if arguments in (["--version"], ["-V"]):
        sys.stdout.write(f"mlops-install {__version__}\n")
        return 0
    from mlops_install.cli.main import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
