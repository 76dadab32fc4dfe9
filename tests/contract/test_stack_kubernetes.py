"""The Kubernetes stack, its overlay, the presets and the upstream charts' schemas agree with each other."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from tests.contract.running import run
from tests.contract.stack_values import (
    ROOT,
    TERRAFORM,
    data_only_root,
    misfits,
    outputs,
    releases,
    shared_charts,
    upstream,
)

from mlops_install.answers.check import complete, find_problems, missing
from mlops_install.answers.model import Answers
from mlops_install.answers.presets import load_preset
from mlops_install.catalogue.load import load_catalogue
from mlops_install.catalogue.model import Catalogue

STACK = TERRAFORM / "stacks" / "kubernetes"
PRESETS = ("kind", "small-cluster", "team-github", "production")
MODULES = ("jupyterhub", "prefect", "dask", "feast", "mlflow", "seldon", "postgresql", "object_store", "valkey")
SEED: dict[str, object] = {
    "jupyterhub_namespace": "jhub",
    "jhub_proxy_https_enabled": True,
    "jhub_proxy_https_hosts": [],
    "jhub_proxy_https_letsencrypt_contact_email": "",
    "oauth_github_enable": False,
    "oauth_github_client_id": "",
    "oauth_github_admin_users": [],
    "oauth_github_callback_url": "",
    "oauth_github_allowed_organizations": [],
    "singleuser_profile_list": [],
    "singleuser_image_pull_secrets": [],
    "singleuser_image_pull_policy": "Always",
    "singleuser_memory_guarantee": "1G",
    "singleuser_storage_capacity": "1G",
    "singleuser_storage_mount_path": "/home/jovyan/persistent",
}
"""The seed's fifteen parameters of JupyterHub that are no secrets, with its defaults (`[""]` and nil said as `[]`)."""
ASKED: dict[str, object] = {
    "kube_context": "somewhere",
    "jhub_proxy_https_hosts": ["hub.example.com"],
    "jhub_proxy_https_letsencrypt_contact_email": "ops@example.com",
    "oauth_github_client_id": "Iv1.0123456789abcdef",
    "domain": "mlops.example.com",
    "ingress_class": "traefik",
    "postgresql_external_host": "db.example.com",
    "object_store_external_endpoint": "https://s3.example.com",
}
"""What an operator would answer to the questions that a preset leaves open."""


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return load_catalogue("kubernetes", cache_home=tmp_path_factory.mktemp("cache"), terraform_root=TERRAFORM)


@pytest.fixture(scope="module")
def root(terraform: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = data_only_root(tmp_path_factory.mktemp("stack"))
    run([*terraform, "init", "-input=false", "-no-color"], folder)
    return folder


@pytest.fixture(scope="module")
def defaults(terraform: list[str], root: Path, catalogue: Catalogue) -> dict[str, Any]:
    answers = Answers(
        name="defaults", target="kubernetes", modules=MODULES, parameters={"jhub_proxy_https_enabled": False}
    )
    return outputs(terraform, root, answers, catalogue)


@pytest.fixture(scope="module")
def of_preset(terraform: list[str], root: Path, catalogue: Catalogue) -> Mapping[str, dict[str, Any]]:
    return {name: outputs(terraform, root, answered(name, catalogue), catalogue) for name in PRESETS}


def preset(name: str, catalogue: Catalogue) -> Answers:
    found = load_preset(name, root=ROOT / "presets", working_directory=ROOT, catalogue_of=lambda target: catalogue)
    return complete(found.answers, catalogue)


def answered(name: str, catalogue: Catalogue) -> Answers:
    """Return a preset with its open questions answered."""
    answers = preset(name, catalogue)
    given = {p.name: ASKED[p.name] for p in missing(answers, catalogue, secrets=answers.secrets) if not p.sensitive}
    if answers.parameters["oauth_github_enable"]:
        given["oauth_github_admin_users"] = ["octocat"]
    return replace(answers, parameters={**answers.parameters, **given})


def test_the_seeds_parameters_are_there_with_its_defaults(catalogue: Catalogue) -> None:
    assert {name: catalogue.parameters[name].default for name in SEED} == SEED
    assert {"jhub_proxy_secret_token", "oauth_github_client_secret"} <= {p.name for p in catalogue.secrets()}


def test_modules_are_in_the_order_they_are_shown_and_need_each_other(catalogue: Catalogue) -> None:
    assert tuple(catalogue.modules) == MODULES
    assert {m.id: {need.module for need in m.needs} for m in catalogue.modules.values() if m.needs} == {
        "jupyterhub": {"postgresql"},
        "prefect": {"postgresql"},
        "feast": {"postgresql", "valkey"},
        "mlflow": {"postgresql", "object_store"},
    }


def test_every_question_can_be_asked(catalogue: Catalogue) -> None:
    for parameter in catalogue.parameters.values():
        assert re.search(r"\.$|https://\S+$", parameter.description), parameter.name
        assert parameter.has_default, parameter.name
        if not parameter.internal:
            assert parameter.label, parameter.name
            assert parameter.section in catalogue.sections, parameter.name
            assert parameter.nullable == parameter.sensitive, parameter.name


def test_what_the_deployment_counts_is_internal(catalogue: Catalogue) -> None:
    internal = {p.name for p in catalogue.parameters.values() if p.internal}
    assert internal == {"secrets_revisions", "kept_namespaces", "release_failures", "environment_packages"}


def test_every_default_fits_its_own_rules(catalogue: Catalogue) -> None:
    for parameter in catalogue.settings():
        for rule in parameter.validations:
            if rule.schema is not None:
                Draft7Validator(dict(rule.schema)).validate(parameter.default)


def test_every_rule_has_a_run_that_breaks_it(catalogue: Catalogue) -> None:
    folders = [STACK, *(folder for folder in (TERRAFORM / "modules").iterdir()), TERRAFORM / "stacks" / "local"]
    tests = "\n".join(p.read_text(encoding="utf-8") for folder in folders for p in folder.glob("tests/*.tftest.hcl"))
    runs = re.findall(r'^run "(rejects_\w+|\w+)" \{(.*?)^\}', tests, re.DOTALL | re.MULTILINE)
    refused = [name for _, body in runs for name in re.findall(r"var\.(\w+)", body.partition("expect_failures")[2])]
    for parameter in catalogue.parameters.values():
        assert refused.count(parameter.name) >= len(parameter.validations), parameter.name


def test_the_overlay_knows_each_release_and_its_namespace(catalogue: Catalogue, defaults: dict[str, Any]) -> None:
    listed = {
        (module.id, release.name, catalogue.parameters[release.namespace].default)
        for module in catalogue.modules.values()
        for release in module.releases
    }
    assert listed == {
        (module, release["name"], release["namespace"])
        for module, found in defaults["releases"].items()
        for release in found
    }


def test_the_overlays_footprint_is_what_the_modules_request(catalogue: Catalogue, defaults: dict[str, Any]) -> None:
    for module in catalogue.modules.values():
        found = defaults["footprint"][module.id]
        said = (module.footprint.cpu, module.footprint.memory, module.footprint.disk)
        assert said == pytest.approx((found["cpu"], found["memory"], found["disk"]), abs=0.5), module.id


def test_rights_are_named_as_kubernetes_names_them(catalogue: Catalogue) -> None:
    verbs = {"get", "list", "watch", "create", "update", "patch", "delete"}
    for module in catalogue.modules.values():
        assert module.rights, module.id
        assert len({(r.group, r.resource, r.namespaced) for r in module.rights}) == len(module.rights), module.id
        for right in module.rights:
            assert set(right.verbs) <= verbs, module.id
            assert right.resource == right.resource.lower(), module.id


def test_every_secret_that_a_release_asks_for_is_one_of_the_stack(root: Path, defaults: dict[str, Any]) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(STACK.glob("*.tf")))
    for release in releases(defaults, root):
        for keys in release.secrets.values():
            for name in keys.values():
                assert re.search(rf"\b{name}\s*=", text), f"{release.name}: {name}"


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_asks_only_for_what_nobody_else_can_know(catalogue: Catalogue, name: str) -> None:
    answers = preset(name, catalogue)
    assert find_problems(answers, catalogue) == []
    open_questions = {p.name for p in missing(answers, catalogue, secrets=answers.secrets)}
    assert (
        open_questions
        == {"kube_context"}
        | {
            "kind": set(),
            "small-cluster": set(),
            "team-github": {
                "jhub_proxy_https_hosts",
                "jhub_proxy_https_letsencrypt_contact_email",
                "oauth_github_client_id",
                "oauth_github_client_secret",
            },
            "production": {
                "domain",
                "ingress_class",
                "oauth_github_client_id",
                "oauth_github_client_secret",
                "postgresql_external_host",
                "postgresql_external_password",
                "object_store_external_endpoint",
                "object_store_external_access_key",
                "object_store_external_secret_key",
            },
        }[name]
    )


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_states_its_footprint(name: str, of_preset: Mapping[str, dict[str, Any]]) -> None:
    description = yaml.safe_load((ROOT / "presets" / f"{name}.yaml").read_text(encoding="utf-8"))["description"]
    stated = re.search(r"Requests ([\d.]+) cores, ([\d.]+) GiB of memory and ([\d.]+) GiB of volumes", description)
    assert stated, description
    found = of_preset[name]["footprint"].values()
    sums = [sum(module[key] for module in found) / unit for key, unit in (("cpu", 1), ("memory", 1024), ("disk", 1024))]
    assert [float(text) for text in stated.groups()] == pytest.approx(sums, abs=0.1)


@pytest.mark.parametrize("name", ["kind", "small-cluster"])
def test_a_small_preset_pulls_images_only_if_absent(
    name: str, root: Path, of_preset: Mapping[str, dict[str, Any]]
) -> None:
    for release in releases(of_preset[name], root):
        # Values may hold JSON as a text, with its quotes escaped.
        assert not re.search(r'[pP]ull_?[pP]olicy\\*": ?\\*"Always', json.dumps(release.values)), release.name


@pytest.mark.parametrize("name", ["defaults", *PRESETS])
def test_values_pass_the_real_charts_schemas(
    name: str, root: Path, defaults: dict[str, Any], of_preset: Mapping[str, dict[str, Any]]
) -> None:
    found = list(releases(defaults if name == "defaults" else of_preset[name], root))
    charts = shared_charts()
    problems = [p for release in found if release.own for p in misfits(release, Path(release.chart))]
    if charts is not None:
        problems += [p for release in found if not release.own for p in misfits(release, upstream(release, charts))]
    assert problems == []
    if charts is None:
        pytest.skip("The upstream charts' schemas, ../shared/charts, are not beside the project.")
