"""Each row for a cluster: a text of Kubernetes or Helm, and the cause and the parameter it becomes."""

from __future__ import annotations

import pytest

from mlops_install.deployment.record import Result
from mlops_install.diagnosis.diagnose import diagnose
from mlops_install.diagnosis.records import Diagnosis
from mlops_install.engine.events import Event


@pytest.mark.parametrize(
    ("detail", "cause", "parameter"),
    [
        (
            "Failed to query available provider packages: dial tcp 192.0.2.1:443: i/o timeout",
            "one of its providers",
            "",
        ),
        ("provider produced an unexpected new value: .metadata.revision: was 4, but now 5.", "lost count", ""),
        ("provider produced an unexpected new value: .metadata.values: was cty.StringVal(1).", "lost count", ""),
        ('Back-off pulling image "r.example/mlflow:3"', "r.example/mlflow:3", "image_registry"),
        ("container mlflow: OOMKilled", "memory", ""),
        ("0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.", "volume", "storage_class"),
        ("0/3 nodes are available: 3 Insufficient cpu.", "enough cpu", ""),
        ("0/3 nodes are available: 3 Insufficient memory.", "enough memory", ""),
        ("back-off restarting failed container mlflow in pod mlflow-0", "again and again", ""),
        ('pods "x" is forbidden: exceeded quota: small, requested: cpu=2', "quota small leaves no cpu", ""),
        ('"x" is forbidden: exceeded quota: small, requested: requests.storage=2Gi', "leaves no storage", ""),
        (
            'secrets is forbidden: User "ada" cannot list resource "secrets" in API group "" in the namespace "jhub"',
            'ada may not list secrets in the namespace "jhub"',
            "",
        ),
        ('admission webhook "policy.example" denied the request: no root', "policy.example", ""),
        (
            'pods "x" is forbidden: failed quota: tight: must specify requests.memory for: feast-redis-init',
            "quota tight wants each container to ask for requests.memory, and feast-redis-init doesn't",
            "",
        ),
        ('Post "https://192.0.2.1:6443/api/v1/namespaces": EOF', "can't be reached", "kube_context"),
        (
            'Get "https://192.0.2.1:6443/api": read tcp 192.0.2.9:1->192.0.2.1:6443: read: connection reset by peer',
            "can't be reached",
            "kube_context",
        ),
        ("ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no", "a policy of the cluster (p)", ""),
        (
            'x.y is forbidden: User "ada" cannot create resource "x" in API group "y" at the cluster scope',
            "ada may not create x at the cluster scope",
            "",
        ),
        ('failed calling webhook "v.example": no endpoints', "v.example", ""),
        ('"mlflow" has no deployed releases', "cut off", ""),
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


ERROR = {"severity": "error", "summary": "Error upgrading chart", "address": 'module.dask_release_cluster["x"].y.z'}
SETTINGS = {"image": "dask_worker_image_tag", "memory": "dask_worker_memory", "cpu": "dask_worker_cpu"}
SETTINGS |= {"timeout": "dask_timeout", "service": "dask_service_type"}


def said(kind: str, message: str, **data: object) -> Event:
    return Event(1, "", "live", kind, module="dask", message=message, data={"settings": SETTINGS, **data})


def told(*live: Event, detail: str = "job dask-cluster-ready failed: DeadlineExceeded") -> Diagnosis:
    result = Result(1, "failed", "apply", "", "", 1.0, diagnostics=({**ERROR, "detail": detail},))
    (found,) = diagnose(result, deployment="team", live=live)
    return found


@pytest.mark.parametrize(
    ("kind", "state", "message", "cause", "parameter"),
    [
        (
            "pod",
            "ErrImagePull",
            'w ErrImagePull: failed to pull and unpack image "r/dask:no"',
            "r/dask:no",
            "dask_worker_image_tag",
        ),
        ("pod", "OOMKilled", "w OOMKilled: exit code 137", "more memory than its limit", "dask_worker_memory"),
        (
            "pod",
            "Unschedulable",
            "w Unschedulable: 0/1 nodes are available: 1 Insufficient cpu.",
            "cpu",
            "dask_worker_cpu",
        ),
        ("service", "Pending", "Service s waits for a load balancer's address", "no address", "dask_service_type"),
        ("pod", "Ready", "w Ready", "not ready in its time", "dask_timeout"),
    ],
)
def test_what_held_a_release_up_names_the_modules_parameter(
    kind: str, state: str, message: str, cause: str, parameter: str
) -> None:
    found = told(said(kind, message, **{kind: "w", "state": state}))
    assert cause in found.cause
    assert found.parameter == parameter
    assert f"mlops-install apply team --set {parameter}=…" in found.action


def test_a_crash_names_what_was_changed() -> None:
    settings = {**SETTINGS, "changed": ["dask_worker_command"]}
    crash = said("pod", "w CrashLoopBackOff: back-off", pod="w", state="CrashLoopBackOff", settings=settings)
    found = told(
        crash, said("pod_log", "w said: no such command", pod="w"), said("pod", "w Ready", pod="w", state="Ready")
    )
    assert found.parameter == "dask_worker_command"
    assert "no such command" in found.detail


SERVER = 'psql: error: connection to server at "db.example.com" (10.0.0.1), port 5432 failed: FATAL:  '
ROLE = (
    'connection to server at "db" (10.0.0.1), port 5432 failed: FATAL:  password authentication failed for user "dask"'
)
BUCKET = "Bucket b at https://s3.example.com: "


@pytest.mark.parametrize(
    ("words", "cause", "parameter"),
    [
        (SERVER + 'password authentication failed for user "dba"', "administrator dba", "postgresql_external_password"),
        ("psql: error: server does not support SSL, but SSL was required", "encrypt", "postgresql_external_ssl_mode"),
        ("No PostgreSQL server answers at db.example.com:5432", "at db.example.com:5432", "postgresql_external_host"),
        (ROLE, "password of the role dask", "dask_database_password"),
        ("redis.exceptions.AuthenticationError: invalid username-password pair", "Redis", "valkey_external_password"),
        (BUCKET + "make it (NoSuchBucket)", "bucket b isn't in the store", "mlflow_artifact_root"),
        (BUCKET + "it doesn't know (InvalidAccessKeyId)", "access key", "object_store_external_access_key"),
        (BUCKET + "another (SignatureDoesNotMatch)", "secret key", "object_store_external_secret_key"),
        (BUCKET + "Could not connect to it", "Could not connect", "object_store_external_endpoint"),
    ],
)
def test_the_last_words_of_a_container_name_the_server_and_the_parameter(
    words: str, cause: str, parameter: str
) -> None:
    crash = said("pod", "w CrashLoopBackOff: back-off", pod="w", state="CrashLoopBackOff")
    found = told(crash, said("pod_log", f"w said: {words}", pod="w"), said("pod_log", "w said: the end", pod="w"))
    assert cause in found.cause
    assert found.parameter == parameter
    assert f"mlops-install apply team --set {parameter}=…" in found.action


def test_pods_of_earlier_attempts_count_only_where_no_new_one_is_held_up() -> None:
    old = said(
        "pod", "o ImagePullBackOff", pod="o", state="ImagePullBackOff", earlier=True, created="2026-11-25T10:00:00Z"
    )
    new = said("pod", "n OOMKilled", pod="n", state="OOMKilled", earlier=False, created="2026-11-25T11:00:00Z")
    again = said("pod", "n OOMKilled", pod="n", state="OOMKilled", earlier=True, created="2026-11-25T11:00:00Z")
    assert told(old, new).parameter == "dask_worker_memory"
    assert told(old, again).parameter == "dask_worker_memory"
    assert told(old).parameter == "dask_worker_image_tag"
    gone = said("pod", "n Terminating", pod="n", state="Terminating", created="2026-11-25T11:00:00Z")
    assert told(new, gone).parameter == "dask_worker_memory"


GONE = "timeout while waiting for resource to be gone (last state: 'Terminating', timeout: 5m0s)"


@pytest.mark.parametrize("summary", [GONE, "context deadline exceeded"])
@pytest.mark.parametrize(
    ("said", "cause"),
    [
        (["Namespace ml is being removed and is held by jobs.batch a (finalizer x)"], "the namespace ml doesn't go"),
        ([], "a namespace is being removed and doesn't go"),
    ],
)
def test_a_namespace_that_stays_is_no_release_that_was_not_ready(said: list[str], cause: str, summary: str) -> None:
    live = [Event(1, "", "live", "namespace", message=message, data={"namespace": "ml"}) for message in said]
    result = Result(1, "failed", "apply", "", "", 1.0, diagnostics=({"severity": "error", "summary": summary},))
    for kind in ("apply", "destroy"):
        # A module that is dropped leaves a namespace to be removed too.
        (found,) = diagnose(result, deployment="team", live=live, kind=kind)
        assert cause in found.cause
        assert f"mlops-install {kind} team" in found.action


SEEN = (
    "produced an unexpected new value: .metadata.",
    "Namespace data is being removed and is held by pods x",
    "Failed to install provider",
    "OOMKilled",
    "0/1 nodes are available: 1 Insufficient cpu.",
    'User "ada" cannot delete resource "x" in API group "y" at the cluster scope',
    'admission webhook "v.example" denied the request',
    'failed calling webhook "v.example": no endpoints',
    "another operation (install/upgrade/rollback) is in progress",
    '"mlflow" has no deployed releases',
    'context "nosuch" does not exist',
    "dial tcp 192.0.2.1:6443: connect: connection refused",
    "context deadline exceeded",
    "Error acquiring the state lock\nLock Info:\n  ID:  3fd0\n  Who:  ada@host",
    "HTTP remote state already locked: ID=abc",
    "Saved plan is stale",
    "No space left on device",
    "execution halted",
    "something that no row knows",
)


@pytest.mark.parametrize("detail", SEEN)
def test_no_hint_of_a_destroy_would_install_again(detail: str) -> None:
    error = {"severity": "error", "summary": "uninstallation failed", "detail": detail}
    result = Result(1, "failed", "apply", "", "", 1.0, diagnostics=(error,))
    (found,) = diagnose(result, deployment="team", kind="destroy")
    assert "`mlops-install destroy team`" in found.action
    assert "apply" not in found.action
    assert "--set" not in found.action
    assert found.parameter == ""
