"""Which front end is shown, and what happens where nobody can be asked."""

from __future__ import annotations

import pytest
from tests.program import Program

from mlops_install.cli.formats import UserInterface
from mlops_install.cli.guided import fills_the_terminal
from mlops_install.cli.session import Session
from mlops_install.paths import Environment
from mlops_install.targets.context import Context


@pytest.mark.parametrize(
    ("ui", "term", "screens"),
    [
        (UserInterface.PLAIN, "xterm-256color", False),
        (UserInterface.TUI, "dumb", True),
        (UserInterface.AUTO, "dumb", False),
        (UserInterface.AUTO, "", False),
    ],
)
def test_the_terminal_decides_unless_it_is_said(
    ui: UserInterface, term: str, screens: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("home")
    environment = Environment({"TERM": term}, home, home, home, home, home, home, 1000)
    assert fills_the_terminal(Session(Context(environment), ui=ui)) is screens


def test_without_a_terminal_there_is_help_and_a_hint(tmp_path_factory: pytest.TempPathFactory) -> None:
    program = Program(tmp_path_factory.mktemp("p"))
    assert "wizard" in program.run().stdout
    for verb in (("wizard", "laptop-lite"), ("reconfigure",)):
        said = program.run(*verb, code=2).stderr
        assert "needs a terminal" in said
        assert "without one" in said
