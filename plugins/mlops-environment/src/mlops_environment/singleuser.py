"""Start a user's server: `python -P -m mlops_environment.singleuser ARGS` (`-P`: nothing is imported from the home).

The one place, on both targets, for what a notebook finds besides the environment's variables.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from mlops_environment import example_files, own_packages

FIRST_PAGE = "examples/loop/loop.ipynb"
"""What a new user's server opens with, in the folder that outlives it."""


def main() -> None:
    """Prepare the home and become jupyterhub-singleuser; a home that can't be prepared still gets its server."""
    home = own_packages.lasting_home(os.environ)
    try:
        os.environ.update(own_packages.prepare(home, os.environ))
        is_new = not (home / FIRST_PAGE).exists()
        kept = example_files.copy(example_files.SHIPPED, home) if example_files.SHIPPED.is_dir() else []
        if is_new and (home / FIRST_PAGE).is_file():
            # Who comes for the first time sees the example at once; from then on the page is the user's own.
            os.environ["JUPYTERHUB_DEFAULT_URL"] = f"/lab/tree/{_below_home(home / FIRST_PAGE)}"
        if kept:
            print(f"Left alone, because they were changed: {', '.join(map(str, kept))}", file=sys.stderr)
    except OSError as error:
        print(f"{home} can't be prepared ({error}): no examples, and %pip won't keep packages.", file=sys.stderr)
    # Not with -m: that would put the current folder, the user's home, in front of what the server imports.
    script = Path(sys.executable).parent / "jupyterhub-singleuser"
    os.execv(sys.executable, [sys.executable, str(script), *sys.argv[1:]])  # noqa: S606  # it becomes the server


def _below_home(path: Path) -> str:
    """Return the path as JupyterLab names it, whose root is the home."""
    return path.relative_to(Path.home()).as_posix() if path.is_relative_to(Path.home()) else FIRST_PAGE


if __name__ == "__main__":
    main()
