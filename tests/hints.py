"""Each command that a text for people names is read by the program's own parser: all that the tests provoke.

Texts leave by a few records, whatever front end shows them: those are looked at as they are made, in every test, and
what child processes print is looked at as it comes.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from functools import cache, wraps
from pathlib import Path
from typing import Any

from typer.exceptions import TyperException
from typer.main import get_command

from mlops_install.cli.main import _application
from mlops_install.diagnosis.records import Diagnosis
from mlops_install.errors import InstallerError, Problem
from mlops_install.targets.records import Finding, ServiceState
from mlops_install.words.commands import NAME

_QUOTED = re.compile(r"`([^`]*)`", re.DOTALL)
RECORDS: Sequence[type] = (InstallerError, Problem, Diagnosis, Finding, ServiceState)


@cache
def _program() -> Any:
    return get_command(_application())


def parsed(words: Sequence[str]) -> Mapping[str, Any]:
    """Return the parameters of the verb that a command line (without the program) calls; raises TyperException."""
    command = _program()
    context = command.make_context(NAME, list(words))
    while getattr(command, "commands", None):
        name, command, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        context = command.make_context(name, rest, parent=context)
    return dict(context.params)


def commands_in(text: str) -> list[list[str]]:
    """Return the words of each command of ours that stands in backticks; terminals may have broken it into lines."""
    found = []
    for quoted in _QUOTED.findall(text):
        try:
            program, *words = shlex.split(re.sub(r"\s*\n\s*(?:│\s*)?", " ", quoted))
        except ValueError:
            continue
        if Path(program).name == NAME:
            found.append(words)
    return found


def check(text: str) -> None:
    """Fail for a command of ours in the text that the program's parser refuses."""
    for words in commands_in(text):
        if not words:
            continue
        try:
            parsed(words)
        except TyperException as error:
            raise AssertionError(f"no such command: {' '.join(words)}: {error.format_message()} ({text})") from error


def watch() -> None:
    """Have every record that carries a text for people looked at from now on."""
    for record in RECORDS:
        _watch(record)


def _watch(record: Any) -> None:
    made = record.__init__

    @wraps(made)
    def looked_at(self: Any, *args: Any, **named: Any) -> None:
        made(self, *args, **named)
        for text in (*args, *named.values()):
            if isinstance(text, str):
                check(text)

    record.__init__ = looked_at
