"""Deployments in a cluster, against the stand-in of programs/world.py, which says what it doesn't do.

The way through is shown on a real cluster by tests/cluster; here are the failures that can't be had there at will.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.plugins.conftest import Site
from tests.plugins.test_deploying import checks


@pytest.fixture(scope="session")
def found(site: Site) -> Callable[[], dict[str, str]]:
    came: dict[str, str] = {}

    def ask() -> dict[str, str]:
        if not came:
            came.update(site.run("cluster.py"))
        return came

    return ask


@pytest.mark.parametrize("name", checks("cluster.py"))
def test_in_a_cluster(found: Callable[[], dict[str, str]], name: str) -> None:
    assert found()[name] == ""
