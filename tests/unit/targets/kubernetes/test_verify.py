"""Who is checked by what in a cluster, and what is ended when nobody listens any more; the pods here are scripted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from mlops_install.answers.model import Answers
from mlops_install.catalogue.load import load_catalogue
from mlops_install.catalogue.model import Catalogue
from mlops_install.checks.run import CheckResult, Step
from mlops_install.deployment.layout import Deployment
from mlops_install.targets.context import Context
from mlops_install.targets.kubernetes import verify as cluster_verify
from mlops_install.targets.kubernetes.errors import ClusterError
from mlops_install.targets.kubernetes.pods import checks as pod_checks
from mlops_install.targets.kubernetes.pods.checks import Place
from mlops_install.targets.records import CheckReport, ServiceState

PUBLISHED = {"addresses": {"jupyterhub": "https://hub.example.org", "mlflow": "http://m"}}
MODULES = ("jupyterhub", "mlflow", "seldon", "postgresql")


@dataclass
class Scripted:
    """What pods do here, and what was done with them."""

    held: bool = True
    refusal: ClusterError | None = None
    details: dict[str, str] = field(default_factory=dict)
    """Module → why its check fails."""
    payloads: dict[str, Any] = field(default_factory=dict)
    added: dict[str, Any] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    script = Scripted()

    class PodCheck:
        def __init__(self, cluster: object, place: Place, module: str, payload: object, **_: object) -> None:
            if script.refusal:
                raise script.refusal
            self.module, script.payloads[module] = module, payload

        def wait_until_held(self) -> bool:
            return script.held

        def keep(self) -> None:
            pass

        def go(self, added: object) -> None:
            script.added[self.module] = added

        def end(self) -> None:
            script.ended.append(self.module)

        def result(self) -> CheckResult:
            detail = script.details.get(self.module, "")
            step = Step("connect", not detail, detail, 1.0)
            return CheckResult(self.module, "failed" if detail else "passed", 9.0, (step,), detail)

    def states(_: object, __: object, modules: tuple[str, ...], ___: object) -> list[ServiceState]:
        return [ServiceState(module, module, "healthy", "", "GET /: 200") for module in modules]

    monkeypatch.setattr(pod_checks, "PodCheck", PodCheck)
    monkeypatch.setattr(pod_checks, "find_place", lambda *_, **__: Place("jhub", "p", "c"))
    monkeypatch.setattr(cluster_verify, "module_states", states)
    monkeypatch.setattr(cluster_verify, "refuse_other_cluster", lambda *_: None)
    monkeypatch.setattr("mlops_install.targets.kubernetes.preflight.facts.cluster_uid", lambda _: "")
    return script


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return load_catalogue("kubernetes", cache_home=tmp_path_factory.mktemp("cache"))


@pytest.fixture
def verify(context: Context, catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    class Cluster:
        class access:
            context = "here"

    monkeypatch.setattr(cluster_verify, "connect", lambda *_: Cluster())

    def run(*modules: str, **parameters: Any) -> Iterator[CheckReport]:
        answers = Answers("t", "kubernetes", modules, parameters)
        return cluster_verify.cluster_checks(context, Deployment(tmp_path / "t"), catalogue, answers, PUBLISHED)

    return run


def by_module(reports: Iterator[CheckReport]) -> dict[str, CheckReport]:
    return {report.module: report for report in reports if report.status != "not installed"}


def step_of(report: CheckReport) -> str:
    return report.steps[0].name


def test_tools_are_checked_by_clients_and_jupyterhub_last(scripted: Scripted, verify: Any) -> None:
    reports = list(verify(*MODULES))
    assert {r.module for r in reports if r.status == "not installed"} == {
        "prefect",
        "dask",
        "feast",
        "object_store",
        "valkey",
    }
    found = by_module(iter(reports))
    assert next(iter(found)) == "postgresql"
    assert list(found)[-1] == "jupyterhub"
    assert step_of(found["postgresql"]) == "answers a call through the API server"
    assert [step_of(found[name]) for name in ("mlflow", "seldon", "jupyterhub")] == ["connect"] * 3
    assert set(scripted.added["jupyterhub"]["modules"]) == {"mlflow", "seldon"}
    # Its own steps: the others' time while it waits isn't its.
    assert found["jupyterhub"].seconds == 1.0


@pytest.mark.parametrize(
    ("https", "address"),
    [
        ({"jhub_proxy_https_enabled": False}, "http://proxy-public.lab.svc.cluster.local"),
        ({"jupyterhub_https_type": "offload"}, "http://proxy-public.lab.svc.cluster.local"),
        ({"jupyterhub_https_type": "letsencrypt"}, "http://proxy-http.lab.svc.cluster.local:8000"),
    ],
)
def test_the_hub_is_reached_where_it_speaks_http(
    scripted: Scripted, verify: Any, https: dict[str, Any], address: str
) -> None:
    list(verify(*MODULES, jupyterhub_namespace="lab", **({"jhub_proxy_https_enabled": True} | https)))
    assert scripted.payloads["jupyterhub"]["addresses"]["jupyterhub"] == address
    assert "through" not in scripted.payloads["jupyterhub"]


def test_with_a_certificate_of_ones_own_it_is_entered_by_its_name_through_the_proxys_service(
    scripted: Scripted, verify: Any
) -> None:
    list(verify(*MODULES, jupyterhub_namespace="lab", jhub_proxy_https_enabled=True, jupyterhub_https_type="secret"))
    told = scripted.payloads["jupyterhub"]
    assert told["addresses"]["jupyterhub"] == "https://hub.example.org"
    assert told["through"] == "proxy-public.lab.svc.cluster.local"


def test_a_server_of_ones_own_is_not_said_to_have_passed(scripted: Scripted, verify: Any) -> None:
    reports = {report.module: report for report in verify(*MODULES, postgresql_external=True)}
    assert reports["postgresql"].status == "not installed"
    assert step_of(reports["postgresql"]) == "a server of your own: what uses it is checked"
    assert reports["mlflow"].status == "passed"


def test_checks_read_defaults_too_and_the_hubs_lends_its_server(scripted: Scripted, verify: Any) -> None:
    list(verify(*MODULES))
    hub = scripted.payloads["jupyterhub"]
    assert (hub["hold"], hub["facts"]["shared_folder"]) == (True, False)
    assert hub["settings"]["prefect_work_pool"] == "kubernetes-pool"
    assert scripted.payloads["mlflow"]["secrets"] == {}


def test_without_jupyterhub_each_is_asked_by_a_call_and_the_step_says_so(scripted: Scripted, verify: Any) -> None:
    found = by_module(verify("mlflow", "postgresql"))
    assert scripted.payloads == {}
    assert "without JupyterHub there is no notebook" in step_of(found["mlflow"])


def test_what_has_nothing_for_a_client_is_asked_by_a_call(scripted: Scripted, verify: Any) -> None:
    found = by_module(verify(*MODULES, "prefect", seldon_sample_model=False, prefect_worker_enabled=False))
    assert "the sample model isn't installed" in step_of(found["seldon"])
    assert "there is no worker to run a flow" in step_of(found["prefect"])
    assert set(scripted.payloads) == {"jupyterhub", "mlflow"}


def test_an_image_without_a_client_is_no_failure_but_told(scripted: Scripted, verify: Any) -> None:
    scripted.details["mlflow"] = "ModuleNotFoundError: No module named 'mlflow'"
    found = by_module(verify(*MODULES))
    assert found["mlflow"].status == "passed"
    assert "the notebook's image has no client: ModuleNotFoundError" in step_of(found["mlflow"])
    assert scripted.added["jupyterhub"]["modules"] == ["seldon"]


def test_a_client_that_fails_fails(scripted: Scripted, verify: Any) -> None:
    scripted.details["mlflow"] = "expected 1, read 2"
    found = by_module(verify(*MODULES))
    assert (found["mlflow"].status, found["mlflow"].message) == ("failed", "expected 1, read 2")


@pytest.mark.parametrize(
    ("resource", "rule"),
    [
        ("pods/exec", 'resources: ["pods/exec"], verbs: ["create", "get"]'),
        ("pods", 'resources: ["pods"], verbs: ["get", "list"]'),
    ],
)
def test_the_missing_right_is_named(scripted: Scripted, verify: Any, resource: str, rule: str) -> None:
    scripted.refusal = ClusterError(403, "Forbidden", f'User "u" cannot create resource "{resource}"')
    found = by_module(verify(*MODULES))
    assert found["jupyterhub"].status == "failed"
    assert rule in found["jupyterhub"].message
    assert "no program can be run in JupyterHub's pod" in step_of(found["mlflow"])


def test_a_hub_that_starts_no_notebook_fails_alone(scripted: Scripted, verify: Any) -> None:
    scripted.held, scripted.details["jupyterhub"] = False, "POST /hub/login answered 500"
    found = by_module(verify(*MODULES))
    assert found["jupyterhub"].status == "failed"
    assert found["mlflow"].status == "passed"
    assert "JupyterHub started no notebook" in step_of(found["mlflow"])


def test_one_that_nobody_listens_to_any_more_ends_what_it_began(scripted: Scripted, verify: Any) -> None:
    reports = verify("jupyterhub", "mlflow")
    while next(reports).module != "mlflow":
        pass
    reports.close()
    assert "jupyterhub" in scripted.ended
