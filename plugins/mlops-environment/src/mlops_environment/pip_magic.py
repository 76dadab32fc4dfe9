"""`%pip` in notebooks: what IPython's does, and a word on whose the package is now."""

from __future__ import annotations

import importlib
import os
import shlex
import site
from typing import Any

from IPython.core.magics.packaging import PackagingMagics

from mlops_environment import own_packages

_EVERYBODY = (
    "For everybody, flows and served models too: mlops-install quick NAME --set "
    "'singleuser_packages=[\"{package}\"]' (with those that are there), or ask the administrator."
)


def load_ipython_extension(shell: Any) -> None:
    """Put our `%pip` in the place of IPython's; called by IPython."""
    packages = own_packages.site_packages(own_packages.lasting_home(os.environ))
    if packages.is_dir():
        # For .pth files, which PYTHONPATH doesn't read: packages installed with --editable.
        site.addsitedir(str(packages))
    original = PackagingMagics(shell)

    def pip(line: str) -> None:
        """Run pip for this user's own packages: `%pip install X`."""
        original.pip(line)
        importlib.invalidate_caches()
        for words in said(line, shell.user_ns.get("_exit_code", 0), os.environ):
            print(words)

    shell.register_magic_function(pip, "line", "pip")


def said(line: str, code: int, environment: Any) -> list[str]:
    """Return what to say after pip ran with a line of arguments and ended with a code."""
    try:
        arguments = shlex.split(line)
    except ValueError:
        return []
    if not arguments or arguments[0] != "install" or "PIP_PYTHON" not in environment:
        return []
    if code:
        return ["The shared environment's packages keep their versions, so that notebooks, flows and Dask agree."]
    named = [argument for argument in arguments[1:] if not argument.startswith("-")]
    return [
        "What was installed is yours alone and stays when the server is started anew.",
        _EVERYBODY.format(package=named[0] if named else "PACKAGE"),
    ]
