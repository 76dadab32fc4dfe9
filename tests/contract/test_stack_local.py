"""The local stack, its overlay, the tools and the presets agree with each other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mlops_install.answers.check import complete, find_problems, missing
from mlops_install.answers.presets import list_presets, load_preset
from mlops_install.catalogue.load import load_catalogue
from mlops_install.catalogue.model import Catalogue
from mlops_install.targets.local.registry import TOOLS, tool

ROOT = Path(__file__).resolve().parents[2]
STACK = ROOT / "terraform" / "stacks" / "local"
PRESETS = ROOT / "presets"
MODULES = ("jupyterhub", "prefect", "dask", "feast", "mlflow", "seldon")
DEFAULTS = {
    "jupyterhub_port": 8000,
    "jupyterhub_hub_port": 8081,
    "jupyterhub_proxy_api_port": 8001,
    "singleuser_packages": [],
    "oauth_github_enable": False,
    "oauth_github_client_id": "",
    "oauth_github_admin_users": [],
    "oauth_github_callback_url": "",
    "oauth_github_allowed_organizations": [],
    "prefect_port": 4200,
    "prefect_worker_health_port": 4201,
    "prefect_work_pool": "local-pool",
    "dask_scheduler_port": 8786,
    "dask_dashboard_port": 8787,
    "dask_workers": 2,
    "dask_worker_memory": "1GiB",
    "feast_port": 6566,
    "feast_project": "demo",
    "mlflow_port": 5000,
    "mlflow_artifact_root": "",
    "seldon_port": 8080,
    "seldon_grpc_port": 8082,
    "seldon_metrics_port": 8083,
    "seldon_models_directory": "",
}
GENERATED = {
    "jhub_proxy_secret_token": "hex32",
    "jupyterhub_shared_password": "password24",
    "jupyterhub_admin_password": "password40",
    "jupyterhub_verify_token": "hex32",
    "oauth_github_client_secret": None,
}


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return load_catalogue("local", cache_home=tmp_path_factory.mktemp("cache"), terraform_root=ROOT / "terraform")


def presets(catalogue: Catalogue) -> list[str]:
    return [preset.id for preset in list_presets(PRESETS) if preset.answers.target == catalogue.target]


def test_every_setting_and_its_default_is_there(catalogue: Catalogue) -> None:
    assert {p.name: p.default for p in catalogue.settings()} == DEFAULTS
    assert {p.name: p.generate for p in catalogue.secrets()} == GENERATED
    assert {p.name for p in catalogue.parameters.values() if p.internal} == {
        "service_digests",
        "secrets_revisions",
        "environment_packages",
    }
    # All of them count for JupyterHub's service.
    assert {p.module for p in catalogue.secrets()} == {"jupyterhub"}


def test_modules_are_tools_of_the_same_version(catalogue: Catalogue) -> None:
    assert tuple(catalogue.modules) == MODULES
    assert set(TOOLS) == {*MODULES, "environment"}
    assert {m.id: m.version for m in catalogue.modules.values()} == {m: tool(m).version for m in MODULES}


def test_every_question_can_be_asked(catalogue: Catalogue) -> None:
    for parameter in catalogue.parameters.values():
        assert parameter.description.endswith("."), parameter.name
        assert parameter.has_default, parameter.name
        if parameter.internal:
            continue
        assert parameter.label, parameter.name
        assert parameter.section in catalogue.sections, parameter.name
        # What is of no module is the whole stack's: the environment is everybody's.
        assert parameter.module in catalogue.modules or parameter.name == "singleuser_packages"
        assert parameter.nullable == parameter.sensitive, parameter.name


def test_every_port_is_a_port_field_and_no_two_have_one_default(catalogue: Catalogue) -> None:
    ports = [p for p in catalogue.settings() if p.name.endswith("_port")]
    assert all(p.widget.get("kind") == "port" for p in ports)
    assert len({p.default for p in ports}) == len(ports)


def test_widgets_name_parameters_that_are_there(catalogue: Catalogue) -> None:
    for parameter in catalogue.parameters.values():
        arguments = {key: value for key, value in parameter.widget.items() if key not in ("kind", "host")}
        assert set(arguments.values()) <= set(catalogue.parameters), parameter.name


def test_every_default_fits_its_own_rules(catalogue: Catalogue, tmp_path: Path) -> None:
    from jsonschema import Draft202012Validator

    for parameter in catalogue.settings():
        for rule in parameter.validations:
            if rule.schema is not None:
                Draft202012Validator(rule.schema).validate(parameter.default)


def test_rules_on_one_parameter_are_checked_without_terraform(catalogue: Catalogue) -> None:
    alone = [
        (parameter.name, rule.condition)
        for parameter in catalogue.parameters.values()
        for rule in parameter.validations
        if rule.schema is None and set(re.findall(r"(?:var|local)\.(\w+)", rule.condition)) == {parameter.name}
    ]
    assert alone == [("prefect_work_pool", '!startswith(lower(var.prefect_work_pool), "prefect")')]


def test_every_rule_has_a_run_that_breaks_it(catalogue: Catalogue) -> None:
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (STACK / "tests").glob("*.tftest.hcl"))
    for parameter in catalogue.parameters.values():
        runs = len(re.findall(rf"expect_failures = \[var\.{parameter.name}\]", tests))
        assert runs >= len(parameter.validations), parameter.name


@pytest.mark.parametrize("name", ["laptop", "laptop-lite"])
def test_a_shipped_preset_asks_nothing(catalogue: Catalogue, name: str) -> None:
    preset = load_preset(name, root=PRESETS, working_directory=ROOT, catalogue_of=lambda target: catalogue)
    answers = complete(preset.answers, catalogue)
    assert find_problems(answers, catalogue) == []
    assert missing(answers, catalogue, secrets=answers.secrets) == []
    assert preset.title
    assert preset.description


def test_laptop_holds_all_and_laptop_lite_two(catalogue: Catalogue) -> None:
    modules = {preset.id: preset.answers.modules for preset in list_presets(PRESETS)}
    assert modules["laptop"] == MODULES
    assert modules["laptop-lite"] == ("jupyterhub", "mlflow")
    assert {"laptop", "laptop-lite"} <= set(presets(catalogue))
