"""Each row for a cluster: a text of Kubernetes or Helm, and the cause and the parameter it becomes."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.runs.record import Kind, Result
from mlops_install.diagnosis.diagnose import diagnose
from mlops_install.diagnosis.records import Diagnosis
from mlops_install.engine.events import Event

TEAM = Deployment(Path("/x/team"))
RELEASE = 'module.mlflow_release["mlflow"].helm_release.this'
URL = 'Get "https://192.0.2.1:6443/api": '


def explained(*live: Event, kind: Kind = "apply", deployment: Deployment = TEAM, **error: str) -> Diagnosis:
    """Return the one diagnosis of a run that failed with this error."""
    result = Result(1, "failed", "apply", "", "", 1.0, diagnostics=({"severity": "error", **error},))
    (found,) = diagnose(result, deployment=deployment, live=live, kind=kind)
    return found


@pytest.mark.parametrize(
    ("detail", "cause", "parameter"),
    [
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
        (f"{URL}EOF", "can't be reached", "kube_context"),
        ("ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no", "a policy of the cluster (p)", ""),
        (
            'x.y is forbidden: User "ada" cannot create resource "x" in API group "y" at the cluster scope',
            "ada may not create x at the cluster scope",
            "",
        ),
        ('Internal error occurred: failed calling webhook "v.example": no endpoints', "v.example", ""),
        ('"mlflow" has no deployed releases', "cut off", ""),
        ("another operation (install/upgrade/rollback) is in progress", "cut off", ""),
        ("cannot re-use a name that is still in use", "already belongs", "mlflow_namespace"),
        ('context "nosuch" does not exist', "nosuch", "kube_context"),
        ("invalid configuration: context was not found for specified context: prod", "prod", "kube_context"),
        (f"{URL}dial tcp 192.0.2.1:6443: connect: connection refused", "can't be reached", "kube_context"),
        ("context deadline exceeded", "not ready in its time", ""),
    ],
)
def test_a_text_of_helm_or_the_api_server_becomes_its_cause(detail: str, cause: str, parameter: str) -> None:
    found = explained(summary="installation failed", detail=detail, address=RELEASE)
    assert cause in found.cause
    assert found.parameter == parameter


@pytest.mark.parametrize(
    "detail",
    [
        'Failed to get state: Get "http://192.0.2.1:8080/state": dial tcp 192.0.2.1:8080: connect: connection refused',
        'Get "https://index.example/repository/charts.yaml": net/http: TLS handshake timeout',
        "Proxy Authentication Required",
        "close /nfs/x/terraform.tfstate: stale NFS file handle",
        "read /x: interrupted system call",
    ],
)
def test_what_is_not_the_clusters_is_not_blamed_on_it(detail: str) -> None:
    found = explained(summary="Failed", detail=detail)
    assert found.cause == "Failed"
    assert found.detail == detail


@pytest.mark.parametrize(("module", "cause"), [("mlflow", "can't pull an image"), ("prefect", "not ready in its time")])
def test_a_time_out_is_explained_by_what_the_pods_of_its_module_said(module: str, cause: str) -> None:
    said = Event(1, "", "live", "pod", module=module, message="mlflow-0 ImagePullBackOff")
    found = explained(said, summary="context deadline exceeded", address=RELEASE)
    assert found.module == "mlflow"
    assert cause in found.cause


def test_the_last_words_of_a_container_stand_in_the_evidence() -> None:
    said = [
        Event(1, "", "live", "pod", module="mlflow", message="mlflow-0 CrashLoopBackOff: back-off 10s"),
        Event(2, "", "live", "pod_log", module="mlflow", message="mlflow-0 said: database is gone"),
    ]
    found = explained(*said, summary="context deadline exceeded", address=RELEASE)
    assert "again and again" in found.cause
    assert "database is gone" in found.detail


ADDRESS = 'module.dask_release_cluster["x"].helm_release.this'
SETTINGS = {"image": "dask_worker_image_tag", "memory": "dask_worker_memory", "cpu": "dask_worker_cpu"}
SETTINGS |= {"timeout": "dask_timeout", "service": "dask_service_type"}


def said(kind: str, message: str, module: str = "dask", **data: object) -> Event:
    return Event(1, "", "live", kind, module=module, message=message, data={"settings": SETTINGS, **data})


def told(*live: Event, detail: str = "job dask-cluster-ready failed: DeadlineExceeded") -> Diagnosis:
    return explained(*live, summary="Error upgrading chart", detail=detail, address=ADDRESS)


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


LIBPQ = 'connection to server at "db.example.com" (10.0.0.1), port 5432 failed: '
BUCKET = "Bucket b at https://s3.example.com: "
DBA = f'psql: error: {LIBPQ}FATAL:  password authentication failed for user "dba"'


def ended(module: str, *words: str) -> Diagnosis:
    """Return the diagnosis of a module whose one container said these lines before it ended."""
    crash = said("pod", "w CrashLoopBackOff: back-off", module, pod="w", state="CrashLoopBackOff")
    lines = [said("pod_log", f"w said: {line}", module, pod="w") for line in (*words, "the end")]
    address = f'module.{module}_release["x"].helm_release.this'
    return explained(crash, *lines, summary="timed out waiting for the condition", address=address)


@pytest.mark.parametrize(
    ("module", "words", "cause", "parameter"),
    [
        (
            "mlflow",
            f"{LIBPQ}server does not support SSL, but SSL was required",
            "encrypt",
            "postgresql_external_ssl_mode",
        ),
        (
            "postgresql",
            "No PostgreSQL server answers at db.example.com:5432",
            "at db.example.com:5432",
            "postgresql_external_host",
        ),
        ("mlflow", BUCKET + "make it (NoSuchBucket)", "bucket b isn't in the store", "mlflow_artifact_root"),
        ("mlflow", BUCKET + "Could not connect to it", "Could not connect", "object_store_external_endpoint"),
    ],
)
def test_the_last_words_of_a_container_name_the_server_and_the_parameter(
    module: str, words: str, cause: str, parameter: str
) -> None:
    found = ended(module, words)
    assert cause in found.cause
    assert found.parameter == parameter
    assert f"`mlops-install apply team --set {parameter}=…`" in found.action


@pytest.mark.parametrize(
    ("module", "words", "cause", "parameter"),
    [
        ("postgresql", DBA, "administrator dba", "postgresql_external_password"),
        (
            "prefect",
            'asyncpg.exceptions.InvalidPasswordError: password authentication failed for user "prefect"',
            "password of the role prefect",
            "prefect_database_password",
        ),
        (
            "feast",
            "redis.exceptions.AuthenticationError: invalid username-password pair or user is disabled.",
            "Redis",
            "valkey_external_password",
        ),
        ("mlflow", BUCKET + "it doesn't know (InvalidAccessKeyId)", "access key", "object_store_external_access_key"),
        ("mlflow", BUCKET + "another (SignatureDoesNotMatch)", "secret key", "object_store_external_secret_key"),
    ],
)
def test_no_hint_has_a_secret_typed_on_the_command_line(module: str, words: str, cause: str, parameter: str) -> None:
    found = ended(module, words)
    assert cause in found.cause
    assert found.parameter == parameter
    assert "--set" not in found.action
    assert f"`mlops-install secret rotate {parameter} --name team`" in found.action
    assert "`--from env:NAME` or `--from file:PATH`" in found.action


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("jupyterhub", "HTTPError: HTTP 407: Proxy Authentication Required"),
        ("jupyterhub", "Authentication required"),
        ("mlflow", "Stale file handle"),
        ("postgresql", 'FATAL:  password authentication failed for user "stranger"'),
        ("prefect", "OSError: [Errno 4] interrupted system call"),
    ],
)
def test_what_a_container_says_of_something_else_is_shown_and_not_interpreted(module: str, line: str) -> None:
    found = ended(module, line)
    assert "ends again and again" in found.cause
    assert line in found.detail


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
    kinds: tuple[Kind, ...] = ("apply", "destroy")
    for kind in kinds:
        # A module that is dropped leaves a namespace to be removed too.
        found = explained(*live, kind=kind, summary=summary)
        assert cause in found.cause
        assert f"mlops-install {kind} team" in found.action


SEEN = (
    "produced an unexpected new value: .metadata.",
    "Failed to install provider",
    'pods "x" is forbidden: exceeded quota: small, requested: cpu=2',
    'x is forbidden: User "ada" cannot delete resource "x" in API group "y" at the cluster scope',
    'admission webhook "v.example" denied the request',
    'Internal error occurred: failed calling webhook "v.example": no endpoints',
    "another operation (install/upgrade/rollback) is in progress",
    '"mlflow" has no deployed releases',
    "cannot re-use a name that is still in use",
    'context "nosuch" does not exist',
    f"{URL}dial tcp 192.0.2.1:6443: connect: connection refused",
    "context deadline exceeded",
    "Error acquiring the state lock\nLock Info:\n  ID:  3fd0\n  Who:  ada@host",
    "HTTP remote state already locked: ID=abc",
    "Saved plan is stale",
    "write: no space left on device",
    "execution halted",
    "something that no row knows",
)


@pytest.mark.parametrize("address", ["", RELEASE])
@pytest.mark.parametrize("text", SEEN)
def test_no_hint_of_a_destroy_would_install_again(text: str, address: str) -> None:
    found = explained(summary=text, address=address, kind="destroy")
    assert "`mlops-install destroy team" in found.action
    assert "apply" not in found.action
    assert "--set" not in found.action
    assert "rotate" not in found.action
    assert found.parameter == ""


@pytest.mark.parametrize("live", [said("pod", "w OOMKilled", pod="w", state="OOMKilled"), said("event", "x y: z")])
def test_nor_does_one_that_rests_on_what_the_pods_said(live: Event) -> None:
    found = explained(live, summary="context deadline exceeded", address=ADDRESS, kind="destroy")
    assert "`mlops-install destroy team`" in found.action
    assert "apply" not in found.action


def test_commands_find_a_deployment_that_was_given_by_its_folder() -> None:
    elsewhere = Deployment(Path("/work/my stack"), elsewhere=True)
    found = explained(summary="context deadline exceeded", address=RELEASE, kind="destroy", deployment=elsewhere)
    assert "`mlops-install destroy --dir '/work/my stack'`" in found.action
    found = explained(summary="execution halted", deployment=elsewhere)
    assert "`mlops-install apply --dir '/work/my stack'`" in found.action
