"""Deployments on this machine, against a real MLServer: life, switches under load, failures that change nothing."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest
from tests.plugins.conftest import PROGRAMS, Site

Matrix = Callable[[str], dict[str, str]]


def checks(program: str) -> list[str]:
    """Return the names of a program's checks, in words."""
    functions = (node for node in ast.parse((PROGRAMS / program).read_text()).body if isinstance(node, ast.FunctionDef))
    return [
        node.name.replace("_", " ")
        for node in functions
        if any(ast.unparse(decorator) == "check" for decorator in node.decorator_list)
    ]


@pytest.mark.parametrize("name", checks("deploying.py"))
def test_on_this_machine(matrix: Matrix, name: str) -> None:
    assert matrix("deploying.py")[name] == ""


def test_clients_over_grpc_are_answered(served: Site) -> None:
    version = served.run("serve_texts.py")
    assert served.run("grpc_client.py", "texts", python=served.environments.serving) == [version, [["yes", "yes"]]]


def test_mlflows_own_command_line_finds_the_plugin(served: Site) -> None:
    assert served.run("command_line.py") == ""
