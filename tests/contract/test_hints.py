"""Texts of the program name commands that exist, by the one place that knows how they are typed here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests import hints
from typer.exceptions import TyperException

from mlops_install import __file__ as package
from mlops_install.cli.verbs import GROUPS, VERBS
from mlops_install.deployment.layout import Deployment
from mlops_install.errors import Problem
from mlops_install.words import commands

SOURCES = sorted(Path(package).parent.rglob("*.py"))
WRITTEN_DOWN = {
    ("__main__.py", "mlops-install "),
    ("cli/main.py", "mlops-install "),
    ("deployment/root/render.py", "mlops-install terraform --dir . -- ARGS"),
    ("setup/preset_edit.py", "mlops-install quick "),
    ("workflow/planning.py", "mlops-install quick answers.yaml "),
}
"""The version, the help, and files that are read elsewhere: in them stands no path of this machine."""
SPELT = re.compile(rf"mlops-install (?:(?:{'|'.join((*VERBS, *GROUPS))})\b|$)|`(?:{'|'.join((*VERBS, *GROUPS))}) --")
PLACES = (Deployment(Path("/x/team")), Deployment(Path("/x/my stack"), elsewhere=True))


@dataclass(frozen=True)
class Call:
    """A call that makes a command line."""

    where: str
    words: tuple[str, ...]
    of_deployment: bool


def texts(path: Path) -> Iterator[str]:
    """Yield the texts of a source that aren't docstrings: whole ones, and the constant parts of the others."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value


def calls() -> Iterator[Call]:
    """Yield every call of `command` whose verb is written in the source, of the deployment's and of the module's."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called, words = ast.unparse(node.func), tuple(word for argument in node.args for word in said(argument))
            if called in ("command", "commands.command"):
                yield Call(f"{path.name}:{node.lineno}", words, of_deployment=False)
            elif called == "about" or called.endswith(("deployment.command", "guide.command", ".holder.command")):
                yield Call(f"{path.name}:{node.lineno}", words, of_deployment=True)


def said(argument: ast.expr) -> list[str]:
    """Return the words that an argument stands for; `X` for one that is known when the program runs."""
    if isinstance(argument, ast.Starred):
        listed = next((node for node in ast.walk(argument) if isinstance(node, ast.List) and node.elts), None)
        return [word for element in (listed.elts if listed else ()) for word in said(element)]
    if isinstance(argument, ast.Constant):
        return [str(argument.value)]
    if isinstance(argument, ast.JoinedStr):
        return ["".join(said(part)[0] for part in argument.values)]
    return ["X"]


CALLS = [call for call in calls() if call.words[0] in (*VERBS, *GROUPS)]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.where)
def test_each_command_that_the_source_names_can_be_typed(call: Call) -> None:
    for deployment in PLACES if call.of_deployment else ():
        line = deployment.command(*call.words)
        (words,) = hints.commands_in(f"`{line}`")
        given = hints.parsed(words)
        assert (given["name"], given["directory"]) == (
            (None, deployment.folder) if deployment.elsewhere else (deployment.name, None)
        ), line
    if not call.of_deployment:
        (words,) = hints.commands_in(f"`{commands.command(*call.words)}`")
        hints.parsed(words)


def test_there_are_such_calls_and_each_names_its_verb() -> None:
    assert len(CALLS) > 50
    unknown = {call.words[0] for call in calls()} - {*VERBS, *GROUPS}
    # Chosen while it runs: the verb of a run's kind, for one.
    assert unknown == {"X"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_text_spells_a_command_out_by_itself(path: Path) -> None:
    name = path.relative_to(Path(package).parent).as_posix()
    for text in texts(path):
        if SPELT.search(text):
            assert any(name == file and words in text for file, words in WRITTEN_DOWN), text


def test_a_record_with_a_command_that_is_none_is_noticed() -> None:
    with pytest.raises(AssertionError, match="no such command: aply team"):
        Problem("x", "y", "Run `mlops-install aply team`.")
    with pytest.raises(AssertionError, match="No such option: --nosuch"):
        Problem("x", "y", "Run `'/my tools/mlops-install' apply --nosuch`.")
    Problem("x", "y", "Run `mlops-install` or `./bin/mlops-install apply team --set a=…`, or `kubectl nosuch`.")
    with pytest.raises(TyperException):
        hints.parsed(["secret", "rotate", "x", "team"])
