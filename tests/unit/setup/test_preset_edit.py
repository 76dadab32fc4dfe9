"""A deployment's answers as a preset, and what two differ in."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tests.unit.conftest import Install

from mlops_install.answers.presets import list_presets
from mlops_install.console import documents_presets
from mlops_install.deployment.files import read_json
from mlops_install.deployment.layout import Deployment
from mlops_install.errors import UsageError
from mlops_install.setup.interview import Interview
from mlops_install.setup.preset_edit import compare, save_preset
from mlops_install.setup.preset_places import preset_roots, saved_presets
from mlops_install.targets.context import Context

TOKEN = "0123456789abcdef" * 4


def schema(name: str) -> Draft202012Validator:
    path = Path(documents_presets.__file__).parent / "schemas" / f"{name}.schema.json"
    document = read_json(path)
    Draft202012Validator.check_schema(document)
    return Draft202012Validator(document)


@pytest.fixture
def deployment(context: Context, install: Install) -> Deployment:
    interview = Interview.from_preset(context, "laptop-lite")
    interview.set_value("mlflow_port", 5001)
    interview.set_value("dask_workers", 7)
    interview.set_value("singleuser_packages", ["polars==1.0", "on"])
    interview.set_secret("jhub_proxy_secret_token", "typed", TOKEN)
    return install(interview.prepared())


def test_a_saved_preset_installs_the_same(context: Context, deployment: Deployment) -> None:
    saved = save_preset(context, deployment, "mine", title="Mine: ours")
    assert saved.left_open == ("jhub_proxy_secret_token",)
    assert TOKEN not in Path(saved.path).read_text()
    again = Interview.from_preset(context, saved.name, "other")
    again.set_secret("jhub_proxy_secret_token", "typed", TOKEN)
    left, right = again.answers, Interview.reconfigure(context, deployment).answers
    assert left.modules == right.modules
    assert {**left.parameters, "dask_workers": 7} == dict(right.parameters)
    assert left.secrets == right.secrets
    schema("preset-save").validate(documents_presets.saved_document(deployment.name, saved))


def test_only_what_differs_from_the_defaults_is_saved(context: Context, deployment: Deployment) -> None:
    saved = save_preset(context, deployment, "mine.yaml")
    preset = next(found for found in list_presets(context.environment.working_directory) if found.id == "mine")
    assert dict(preset.answers.parameters) == {"mlflow_port": 5001, "singleuser_packages": ["polars==1.0", "on"]}
    assert saved.path == str(context.environment.working_directory / "mine.yaml")


def test_saved_presets_are_listed_with_the_shipped_ones(context: Context, deployment: Deployment) -> None:
    save_preset(context, deployment, "mine")
    assert {"mine", "laptop", "laptop-lite"} <= {preset.id for preset in list_presets(preset_roots(context))}
    assert saved_presets(context).parent == context.environment.data_home


@pytest.mark.parametrize("name", ["laptop", "Mine", "a_b", "none/mine.yaml", "mine.txt/x", "..", "./mine.json"])
def test_a_name_that_cannot_be_one_is_refused(context: Context, deployment: Deployment, name: str) -> None:
    with pytest.raises(UsageError):
        save_preset(context, deployment, name)


def test_a_preset_is_replaced_only_when_asked(context: Context, deployment: Deployment) -> None:
    save_preset(context, deployment, "mine")
    with pytest.raises(UsageError, match="already"):
        save_preset(context, deployment, "mine")
    save_preset(context, deployment, "mine", overwrite=True)


def test_differences_of_a_deployment_and_its_preset(context: Context, deployment: Deployment) -> None:
    left, right, differences = compare(context, "laptop-lite", "deployment:laptop-lite")
    assert (left.kind, right.kind) == ("preset", "deployment")
    assert [(found.kind, found.name, found.first, found.second) for found in differences] == [
        ("parameter", "singleuser_packages", [], ["polars==1.0", "on"]),
        ("parameter", "mlflow_port", 5000, 5001),
        ("secret", "jhub_proxy_secret_token", "generated", "typed"),
    ]
    schema("preset-diff").validate(documents_presets.diff_document(left, right, differences))


def test_a_deployment_may_be_given_by_its_folder(context: Context, deployment: Deployment) -> None:
    _, right, differences = compare(context, f"deployment:{deployment.name}", str(deployment.folder))
    assert (right.kind, differences) == ("deployment", ())


def test_differences_of_two_presets_name_the_modules(context: Context) -> None:
    _, _, differences = compare(context, "laptop-lite", "laptop")
    assert [(found.kind, found.first) for found in differences] == [("modules", ["jupyterhub", "mlflow"])]
    assert compare(context, "laptop", "laptop")[2] == ()


@pytest.mark.parametrize("name", ["laptopp", "deployment:nowhere", "nowhere.yaml"])
def test_what_is_neither_is_refused(context: Context, name: str) -> None:
    with pytest.raises(UsageError):
        compare(context, "laptop", name)
