"""Commands of this program in texts for people: as they must be typed here, for the deployment they are about."""

from __future__ import annotations

import os
import re
import shlex
import sys
from pathlib import Path

NAME = "mlops-install"
BY_OPTION = ("preset", "quick", "secret", "undo", "wizard")
"""Verbs whose first argument isn't the deployment: they take its name as `--name`."""
_PLACEHOLDER = re.compile(r"(\w+=)?…")
"""What the reader is to put in; left unquoted, so that it doesn't look like a value."""
_program = NAME


def called_as(argv0: str, path: str) -> None:
    """Note how this process was started, once and before anything is said.

    `argv0` is `sys.argv[0]`, `path` the variable PATH. Where the shell finds this very program by its name, commands
    begin with the name; else with the path that it was started by.
    """
    global _program
    _program = _typed(argv0, path)


def command(*words: str) -> str:
    """Return a command line of this program, quoted for the shell."""
    return " ".join([_program, *(word if _PLACEHOLDER.fullmatch(word) else shlex.quote(word) for word in words)])


def about(name: str, folder: Path | None, verb: str, *words: str) -> str:
    """Return the command line of a verb about one deployment: by `folder` where there is one, else by `name`."""
    where = ("--dir", str(folder)) if folder is not None else (name,)
    if verb not in BY_OPTION:
        return command(verb, *where, *words)
    return command(verb, *words, *(where if folder is not None else ("--name", name)))


def _typed(argv0: str, path: str) -> str:
    import shutil

    own = Path(sys.executable).with_name(NAME)
    found = shutil.which(NAME, path=path)
    if found is not None and os.path.realpath(found) in (os.path.realpath(argv0), os.path.realpath(own)):
        return NAME
    if Path(argv0).name == NAME:
        return shlex.quote(argv0)
    return shlex.quote(str(own)) if own.is_file() else f"{shlex.quote(sys.executable)} -m mlops_install"
