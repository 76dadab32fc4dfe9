"""Each row for a cluster: a text of Kubernetes or Helm, and the cause and the parameter it becomes."""

from __future__ import annotations

import pytest

from mlops_install.deployment.record import Result
from mlops_install.diagnosis.diagnose import diagnose
from mlops_install.engine.events import Event


@pytest.mark.parametrize(
    ("detail", "cause", "parameter"),
    [
        (
            "Failed to query available provider packages: dial tcp 192.0.2.1:443: i/o timeout",
            "one of its providers",
            "",
        ),
        ('Back-off pulling image "r.example/mlflow:3"', "r.example/mlflow:3", "image_registry"),
        ("container mlflow: OOMKilled", "memory", ""),
        ("0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.", "volume", "storage_class"),
        ("0/3 nodes are available: 3 Insufficient cpu.", "enough cpu", ""),
        ("0/3 nodes are available: 3 Insufficient memory.", "enough memory", ""),
        ("back-off restarting failed container mlflow in pod mlflow-0", "again and again", ""),
        ('pods "x" is forbidden: exceeded quota: small, requested: cpu=2', "quota small", ""),
        (
            'secrets is forbidden: User "ada" cannot list resource "secrets" in API group "" in the namespace "jhub"',
            "ada may not list secrets (API group ``, namespace `jhub`)",
            "",
        ),
        ('admission webhook "policy.example" denied the request: no root', "policy.example", ""),
        ('failed calling webhook "v.example": no endpoints', "v.example", ""),
        ("another operation (install/upgrade/rollback) is in progress", "cut off", ""),
        ("cannot re-use a name that is still in use", "already belongs", ""),
        ('context "nosuch" does not exist', "nosuch", "kube_context"),
        ("dial tcp 192.0.2.1:6443: connect: connection refused", "can't be reached", "kube_context"),
        ("context deadline exceeded", "not ready in its time", ""),
        ("context deadline exceeded\n0/1 nodes are available: 1 Insufficient cpu.", "enough cpu", ""),
    ],
)
def test_a_text_of_the_cluster_becomes_its_cause(detail: str, cause: str, parameter: str) -> None:
    error = {"severity": "error", "summary": "installation failed", "detail": detail}
    (found,) = diagnose(Result(1, "failed", "apply", "", "", 1.0, diagnostics=(error,)), deployment="team")
    assert cause in found.cause
    assert found.parameter == parameter


@pytest.mark.parametrize(("module", "cause"), [("mlflow", "can't pull an image"), ("prefect", "not ready in its time")])
def test_a_time_out_is_explained_by_what_the_pods_of_its_module_said(module: str, cause: str) -> None:
    error = {
        "severity": "error",
        "summary": "context deadline exceeded",
        "address": "module.mlflow_release[0].helm_release.this",
    }
    said = Event(1, "", "live", "pod", module=module, message="mlflow-0: ImagePullBackOff")
    result = Result(1, "failed", "apply", "", "", 1.0, diagnostics=(error,))
    (found,) = diagnose(result, deployment="team", live=[said])
    assert found.module == "mlflow"
    assert cause in found.cause


def test_the_last_words_of_a_container_stand_in_the_evidence() -> None:
    error = {
        "severity": "error",
        "summary": "context deadline exceeded",
        "address": "module.mlflow_release[0].helm_release.this",
    }
    said = [
        Event(1, "", "live", "pod", module="mlflow", message="mlflow-0 CrashLoopBackOff: back-off 10s"),
        Event(2, "", "live", "pod_log", module="mlflow", message="mlflow-0 said: database is gone"),
    ]
    (found,) = diagnose(Result(1, "failed", "apply", "", "", 1.0, diagnostics=(error,)), deployment="team", live=said)
    assert "again and again" in found.cause
    assert "database is gone" in found.detail
