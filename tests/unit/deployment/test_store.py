from __future__ import annotations

from pathlib import Path

import pytest

from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.marker import Marker, write_marker
from mlops_install.deployment.store import all_deployments, exists, locate, locate_existing
from mlops_install.errors import UsageError
from mlops_install.paths import Environment


def _make(environment: Environment, *names: str) -> None:
    for name in names:
        folder = environment.data_home / name
        folder.mkdir(parents=True)
        write_marker(Deployment(folder), Marker("local"))


def test_a_name_lies_in_the_data_folder(environment: Environment) -> None:
    deployment = locate(environment, name="laptop", directory=None)
    assert deployment.folder == environment.data_home / "laptop"
    assert not exists(deployment)


def test_a_folder_is_relative_to_the_working_directory(environment: Environment) -> None:
    assert locate(environment, name=None, directory=Path("x/../y")).folder == environment.working_directory / "y"
    assert locate(environment, name="other", directory=Path("/srv/mlops")).folder == Path("/srv/mlops")


def test_the_only_one_needs_no_name(environment: Environment) -> None:
    with pytest.raises(UsageError, match="no deployment yet"):
        locate(environment, name=None, directory=None)
    _make(environment, "laptop")
    (environment.data_home / "not-one").mkdir()
    assert locate(environment, name=None, directory=None).name == "laptop"
    _make(environment, "demo")
    assert [deployment.name for deployment in all_deployments(environment)] == ["demo", "laptop"]
    with pytest.raises(UsageError, match=r"several deployments: demo, laptop"):
        locate(environment, name=None, directory=None)


@pytest.mark.parametrize("name", ["", "..", "a/b", "A", "-a", "a-", "a" * 41, "a\n", "ä", "a b"])
def test_an_invalid_name(environment: Environment, name: str) -> None:
    with pytest.raises(UsageError, match="can't be a deployment's name"):
        locate(environment, name=name, directory=None)


@pytest.mark.parametrize("name", ["a", "0", "a-b", "a" * 40])
def test_a_valid_name(environment: Environment, name: str) -> None:
    assert locate(environment, name=name, directory=None).name == name


def test_a_missing_one_names_the_nearest(environment: Environment) -> None:
    _make(environment, "laptop")
    with pytest.raises(UsageError) as caught:
        locate_existing(environment, name="latop", directory=None)
    assert caught.value.hint == "Did you mean laptop?"
    with pytest.raises(UsageError, match="holds no deployment"):
        locate_existing(environment, name=None, directory=Path("nowhere"))
    assert locate_existing(environment, name="laptop", directory=None).name == "laptop"
