"""What notebooks and flow runs have besides libraries, in the real environment: own packages by %pip, code of flows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.plugins.conftest import Site
from tests.plugins.test_deploying import checks

CASES = [(program, name) for program in ("packages.py", "flow_code.py", "files.py") for name in checks(program)]


@pytest.fixture(scope="session")
def found(site: Site) -> Callable[[str], dict[str, str]]:
    came: dict[str, dict[str, str]] = {}

    def ask(program: str) -> dict[str, str]:
        if program not in came:
            # Files are prepared where models are served: the object store's client is there.
            python = site.environments.serving if program == "files.py" else None
            came[program] = site.run(program, python=python)
        return came[program]

    return ask


@pytest.mark.parametrize(("program", "name"), CASES)
def test_in_the_environment(found: Callable[[str], dict[str, str]], program: str, name: str) -> None:
    assert found(program)[name] == ""
