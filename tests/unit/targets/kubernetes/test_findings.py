"""What is found in the way on a cluster, from facts alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_install.answers.check import complete
from mlops_install.answers.model import Answers
from mlops_install.catalogue.load import load_catalogue
from mlops_install.catalogue.model import Catalogue, Value
from mlops_install.engine.described import Chart, Needs
from mlops_install.errors import Problem
from mlops_install.targets.kubernetes.preflight import findings
from mlops_install.targets.kubernetes.preflight.facts import Facts, NodeRoom
from mlops_install.targets.kubernetes.preflight.findings import Installation
from mlops_install.targets.kubernetes.preflight.rights import Action
from mlops_install.targets.kubernetes.preflight.warnings import purpose_warnings, unseen_warnings
from mlops_install.targets.kubernetes.releases.helm import HelmRelease

FACTS = Facts(
    version=(1, 33),
    version_text="v1.33.1",
    uid="u",
    namespaces={"default": "Active", "kube-system": "Active"},
    storage_classes=("standard",),
    default_storage_class="standard",
    ingress_classes=("traefik",),
    gateways=(("gw", "public"),),
    nodes=(NodeRoom("a", 2, 4096), NodeRoom("b", 1, 2048)),
)
MLFLOW = Needs((Chart("mlflow", "1.11.5"),), 0.1, 512, 0, 0.1, 512)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return load_catalogue("kubernetes", cache_home=tmp_path_factory.mktemp("cache"))


def installation(catalogue: Catalogue, approved: dict[str, Value] | None = None, **parameters: Value) -> Installation:
    answers = complete(Answers("t", "kubernetes", ("mlflow", "jupyterhub"), parameters), catalogue)
    return Installation(catalogue, answers, approved or {})


def subjects(problems: Iterable[Problem]) -> list[str]:
    return [problem.subject for problem in problems]


def test_a_cluster_that_has_everything_has_no_findings(catalogue: Catalogue) -> None:
    here = installation(catalogue)
    for check in (findings.version_problems, findings.namespace_problems, findings.class_problems):
        assert list(check(here, FACTS)) == []
    assert list(findings.room_problems(FACTS, {"mlflow": MLFLOW})) == []


def test_an_old_kubernetes_is_refused_by_the_chart_that_needs_a_newer_one(catalogue: Catalogue) -> None:
    old = replace(FACTS, version=(1, 27), version_text="v1.27.9+k3s1")
    (problem,) = findings.version_problems(installation(catalogue), old)
    assert problem.subject == "jupyterhub"
    assert "1.28" in problem.message
    assert "v1.27.9" in problem.message


def test_foreign_namespaces_are_told_together_with_the_parameter_that_takes_them(catalogue: Catalogue) -> None:
    facts = replace(FACTS, namespaces={"mlflow": "Active", "jhub": "Active", "data": "Terminating"})
    found = list(findings.namespace_problems(installation(catalogue), facts))
    assert "still being removed" in found[0].message
    assert found[-1].subject == "namespaces"
    assert 'existing_namespaces=["jhub","mlflow"]' in found[-1].hint


def test_a_namespace_is_used_when_it_is_ours_kept_or_said_to_be_there(catalogue: Catalogue) -> None:
    facts = replace(FACTS, namespaces={"mlflow": "Active", "jhub": "Active", "data": "Active"})
    approved: dict[str, Value] = {"install_mlflow": True, "mlflow_namespace": "mlflow", "kept_namespaces": ["data"]}
    here = installation(catalogue, approved, existing_namespaces=["jhub"])
    assert list(findings.namespace_problems(here, facts)) == []
    gone = replace(facts, namespaces={})
    assert subjects(findings.namespace_problems(here, gone)) == ["existing_namespaces"]


def test_volumes_need_a_default_class_or_a_named_one(catalogue: Catalogue) -> None:
    none = replace(FACTS, default_storage_class=None)
    assert subjects(findings.class_problems(installation(catalogue), none)) == ["storage_class"]
    assert list(findings.class_problems(installation(catalogue, storage_class="standard"), none)) == []
    assert subjects(findings.class_problems(installation(catalogue, storage_class="fast"), FACTS)) == ["storage_class"]


def test_what_publishes_the_tools_must_be_there(catalogue: Catalogue) -> None:
    nginx = installation(catalogue, domain="x.example.com", ingress_class="nginx")
    assert subjects(findings.class_problems(nginx, FACTS)) == ["ingress_class"]
    for place, expected in (("gw", []), ("", []), ("other", ["gateway_name"])):
        here = installation(catalogue, domain="x.example.com", gateway_name="public", gateway_namespace=place)
        assert subjects(findings.class_problems(here, FACTS)) == expected


def test_a_release_of_another_hand_is_not_taken_over(catalogue: Catalogue) -> None:
    release = HelmRelease("mlflow", "mlflow", "deployed", 1, "s")
    foreign = installation(catalogue, existing_namespaces=["mlflow"])
    assert subjects(findings.foreign_releases(foreign, [release])) == ["mlflow"]
    ours = installation(catalogue, {"install_mlflow": True, "mlflow_namespace": "mlflow"})
    assert list(findings.foreign_releases(ours, [release])) == []


def test_missing_rights_are_told_by_namespace(catalogue: Catalogue) -> None:
    refused = [
        Action("", "secrets", "create", "ml"),
        Action("", "secrets", "get", "ml"),
        Action("apiextensions.k8s.io", "customresourcedefinitions", "create"),
    ]
    found = [problem.message for problem in findings.right_problems(refused)]
    assert found == [
        "your credentials may not, in the namespace ml: create, get secrets",
        "your credentials may not, in the whole cluster: create customresourcedefinitions.apiextensions.k8s.io",
    ]


def test_what_may_not_be_looked_at_is_told_where_something_depends_on_it(catalogue: Catalogue) -> None:
    blind = replace(FACTS, uid="", refused=("nodes", "ingressclasses.networking.k8s.io"))
    here = installation(catalogue)
    told = [problem.message for problem in unseen_warnings(here, blind, ["data"])]
    assert "may not list nodes" in told[0]
    assert "may not get the namespace kube-system" in told[1]
    assert "half-made in data" in told[2]
    assert list(unseen_warnings(here, FACTS, [])) == []
    nginx = installation(catalogue, domain="x.example.com", ingress_class="nginx")
    assert any("ingressclasses" in problem.message for problem in unseen_warnings(nginx, blind, []))


def test_rights_that_only_a_later_verb_needs_are_told_once_for_all_namespaces(catalogue: Catalogue) -> None:
    purposes = {
        Action("", "services/proxy", "get", "ml"): "status",
        Action("", "services/proxy", "get", "jhub"): "status",
        Action("", "pods/exec", "create", "jhub"): "verify",
    }
    found = [problem.message for problem in purpose_warnings(list(purposes), purposes)]
    assert len(found) == 2
    assert "in the namespaces jhub, ml: get services/proxy" in found[0]
    assert "in the namespace jhub: create pods/exec" in found[1]
    wanted = {(right.resource, right.purpose) for right in catalogue.modules["jupyterhub"].rights if right.purpose}
    assert ("pods/exec", "verify") in wanted


def test_the_folder_of_charts_must_hold_each(tmp_path: Path) -> None:
    assert subjects(findings.chart_problems(tmp_path / "absent", {"mlflow": MLFLOW})) == ["charts_directory"]
    (problem,) = findings.chart_problems(tmp_path, {"mlflow": MLFLOW})
    assert "mlflow-1.11.5.tgz" in problem.message
    (tmp_path / "mlflow-1.11.5.tgz").touch()
    assert list(findings.chart_problems(tmp_path, {"mlflow": MLFLOW})) == []
    assert list(findings.chart_problems(None, {"mlflow": MLFLOW})) == []


def test_room_is_measured_in_sum_and_for_the_largest_pod() -> None:
    sum_too_large = {str(number): replace(MLFLOW, cpu=0.4, memory=1024) for number in range(8)}
    assert subjects(findings.room_problems(FACTS, sum_too_large)) == ["cpu", "memory"]
    large = replace(MLFLOW, memory=5000, largest_memory=5000)
    assert subjects(findings.room_problems(FACTS, {"mlflow": large})) == ["mlflow"]
    assert subjects(findings.room_problems(replace(FACTS, nodes=()), {"mlflow": MLFLOW})) == ["nodes"]


def test_what_may_not_be_read_is_no_finding(catalogue: Catalogue) -> None:
    blind = replace(FACTS, namespaces=None, storage_classes=None, ingress_classes=None, gateways=None, nodes=None)
    here = installation(catalogue, domain="x.example.com", ingress_class="nginx", storage_class="fast")
    assert list(findings.namespace_problems(here, blind)) == []
    assert list(findings.class_problems(here, blind)) == []
    assert list(findings.room_problems(blind, {"mlflow": MLFLOW})) == []
