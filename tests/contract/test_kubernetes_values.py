"""Whatever an operator answers: values that the rules let through pass the real charts' schemas."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.contract.running import run
from tests.contract.stack_values import (
    TERRAFORM,
    data_only_root,
    given_values,
    misfits,
    outputs,
    releases,
    shared_charts,
    upstream,
)

from mlops_install.answers.check import complete
from mlops_install.answers.model import Answers
from mlops_install.answers.rules import closed
from mlops_install.catalogue.load import load_catalogue
from mlops_install.catalogue.model import Catalogue, Parameter
from mlops_install.engine.binary import Binary
from mlops_install.engine.process import child_environment
from mlops_install.engine.variables import variable_problems

TEXTS: Mapping[str, list[Any]] = {
    "domain": ["", "mlops.example.com"],
    "ingress_class": ["", "traefik"],
    "gateway_name": ["", "public"],
    "gateway_namespace": ["", "gateways"],
    "tls_secret": ["", "wildcard"],
    "cert_manager_issuer": ["", "letsencrypt"],
    "image_registry": ["", "registry.example.com/mirror"],
    "storage_class": ["", "fast"],
    "jhub_proxy_https_hosts": [[], ["hub.example.com"]],
    "jhub_proxy_https_letsencrypt_contact_email": ["", "ops@example.com"],
    "jupyterhub_letsencrypt_server": ["", "https://acme-staging-v02.api.letsencrypt.org/directory"],
    "oauth_github_client_id": ["Iv1.0123456789abcdef"],
    "oauth_github_admin_users": [[], ["octocat"]],
    "oauth_github_allowed_organizations": [[], ["example", "example:data"]],
    "singleuser_memory_limit": ["", "4G"],
    "singleuser_image_pull_secrets": [[], [{"name": ""}], [{"name": "registry"}]],
    "singleuser_profile_list": [
        [],
        [
            {
                "display_name": "Small",
                "description": "One core",
                "default": True,
                "kubespawner_override": {"image": "a/b"},
            }
        ],
    ],
    "prefect_work_queues": [[], ["default"]],
    "mlflow_image_pull_secrets": [[], ["registry"]],
    "mlflow_artifact_root": ["s3://mlflow", "s3://company-artifacts/mlflow"],
    "mlflow_allowed_hosts": [[], ["mlflow.example.com"]],
    "postgresql_external_host": ["", "db.example.com"],
    "object_store_external_endpoint": ["", "https://s3.example.com"],
    "valkey_external_host": ["", "cache.example.com"],
}
"""Values of parameters whose rules leave more than a choice; the rest of them keep their defaults."""


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return load_catalogue("kubernetes", cache_home=tmp_path_factory.mktemp("cache"), terraform_root=TERRAFORM)


@pytest.fixture(scope="module")
def root(terraform: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = data_only_root(tmp_path_factory.mktemp("stack"))
    run([*terraform, "init", "-input=false", "-no-color"], folder)
    return folder


def values_of(parameter: Parameter) -> st.SearchStrategy[Any] | None:
    if parameter.name in TEXTS:
        return st.sampled_from(TEXTS[parameter.name])
    if parameter.type.kind == "bool":
        return st.booleans()
    return st.sampled_from(parameter.choices) if parameter.choices else None


@settings(max_examples=6, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_the_rules_let_through_passes_the_charts_schemas(
    data: st.DataObject, terraform: list[str], binary: Binary, root: Path, catalogue: Catalogue
) -> None:
    charts = shared_charts()
    if charts is None:
        pytest.skip("The upstream charts' schemas, ../shared/charts, are not beside the project.")
    chosen = data.draw(st.sets(st.sampled_from(list(catalogue.modules)), min_size=1), label="modules")
    drawn = {
        parameter.name: data.draw(strategy, label=parameter.name)
        for parameter in catalogue.settings()
        if (strategy := values_of(parameter)) is not None
    }
    modules = closed(chosen, catalogue)
    answers = complete(Answers(name="any", target="kubernetes", modules=modules, parameters=drawn), catalogue)
    answers = _without_what_the_rules_refuse(answers, binary, root, catalogue)
    found = list(releases(outputs(terraform, root, answers, catalogue), root))
    assert [
        problem
        for release in found
        for problem in misfits(release, Path(release.chart) if release.own else upstream(release, charts))
    ] == []


def _without_what_the_rules_refuse(answers: Answers, binary: Binary, root: Path, catalogue: Catalogue) -> Answers:
    """Put the refused values back to their defaults; what the defaults then lack is given."""
    for _ in range(len(answers.parameters)):
        tfvars, secrets = given_values(answers, catalogue)
        problems = variable_problems(
            binary,
            folder_of_tf=root,
            tfvars=tfvars,
            secrets=secrets,
            variables=child_environment(os.environ, secrets={}),
            catalogue=catalogue,
        )
        names = {problem.subject for problem in problems}
        if not names:
            return answers
        fixed = {
            name: HARMLESS.get(name, catalogue.parameters[name].default) for name in names & set(answers.parameters)
        }
        answers = replace(answers, parameters={**answers.parameters, **fixed})
    raise AssertionError(f"No values are right: {problems}")


HARMLESS: Mapping[str, Any] = {
    "jhub_proxy_https_hosts": ["hub.example.com"],
    "jhub_proxy_https_letsencrypt_contact_email": "ops@example.com",
    "oauth_github_admin_users": ["octocat"],
    "domain": "mlops.example.com",
    "jhub_proxy_https_enabled": False,
    "jupyterhub_https_type": "offload",
    "jupyterhub_shared_password_exposed": True,
    "postgresql_external_host": "db.example.com",
    "object_store_external_endpoint": "https://s3.example.com",
    "valkey_external_host": "cache.example.com",
    "seldon_version": "1.17.1",
}
"""What satisfies a rule whose parameter's default doesn't."""
