"""The whole table against what is said in earnest, and against what is said where nothing failed."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlops_install.diagnosis.diagnose import TABLE
from mlops_install.diagnosis.rules import Rule, Source

HEALTHY = Path(__file__).parents[2] / "fixtures" / "healthy"
LINES = [(path.stem, line) for path in sorted(HEALTHY.glob("*.txt")) for line in path.read_text().splitlines() if line]
SAYING = [source for source in Source if source is not Source.NAMESPACE]
"""NAMESPACE is no voice of its own: it is what a failed removal of a namespace is read as."""

ID = "\nLock Info:\n  ID:        3fd0\n  Path:      \n  Operation: OperationTypeApply\n  Who:       ada@host\n"
URL = 'Get "https://192.0.2.1:6443/api/v1/namespaces/data": '
LIBPQ = 'connection to server at "db.example.com" (192.0.2.7), port 5432 failed: '
UV = "Using Python 3.11.7 environment at: v\n"
FETCH = "error: Failed to fetch: https://index.example/simple/foo/\n  cause: "
SENDING = f"{FETCH}error sending request for url (https://index.example/simple/foo/)\n  cause: client error (Connect)\n"
UNSOLVED = "error: No solution found when resolving dependencies\n  cause: "
MISSING = (
    "Because foo was not found in the package registry and you require foo==1.0, we can conclude that your "
    "requirements are unsatisfiable."
)
BEGAN = "MLflow is not running. The program mlflow did not start: "

T, R, S, K, L, N = (
    Source.TERRAFORM,
    Source.RELEASE,
    Source.SERVICE,
    Source.CLUSTER,
    Source.CONTAINER,
    Source.NAMESPACE,
)
P, TEAM, LOG = Source.PACKAGES, Source.TEAM_PACKAGES, Source.PROGRAM

REAL = [
    # What a container said last.
    (L, f'psql: error: {LIBPQ}FATAL:  password authentication failed for user "dba"', "administrator {role}"),
    (L, f"psycopg2.OperationalError: {LIBPQ}server does not support SSL, but SSL was required", "doesn't encrypt"),
    (L, 'ConnectionError: PostgreSQL server at "db.example.com:5432" rejected SSL upgrade', "doesn't encrypt"),
    (L, "No PostgreSQL server answers at db.example.com:5432", "no PostgreSQL server answers"),
    (L, f'sqlalchemy.exc.OperationalError: {LIBPQ}FATAL:  password authentication failed for user "dask"', "the role"),
    (L, 'asyncpg.exceptions.InvalidPasswordError: password authentication failed for user "prefect"', "the role"),
    (L, "redis.exceptions.AuthenticationError: invalid username-password pair or user is disabled.", "Redis"),
    (L, "redis.exceptions.AuthenticationError: Authentication required.", "Redis"),
    (L, "redis.exceptions.ResponseError: WRONGPASS invalid username-password pair or user is disabled.", "Redis"),
    (L, "Bucket b at https://s3.example.com: make it, or name another one (NoSuchBucket)", "isn't in the store"),
    (L, "Bucket b at AWS: the store doesn't know it (InvalidAccessKeyId)", "the access key"),
    (L, "Bucket b at https://s3.example.com: it doesn't belong to it (SignatureDoesNotMatch)", "the secret key"),
    (L, 'Bucket b at http://s3: Could not connect to the endpoint URL: "http://s3/b"', "can't be used"),
    # Terraform and its backends.
    (T, f"Error acquiring the state lock\nError message: HTTP remote state already locked: ID=abc{ID}", "another Terr"),
    (T, f"Error acquiring the state lock\nError message: resource temporarily unavailable{ID}", "locked by {who}"),
    (
        T,
        "Saved plan is stale\nThe given plan file can no longer be applied because the state was changed",
        "changed si",
    ),
    (T, "The plan is stale\nSecrets changed since the plan was made.", "changed since"),
    (
        T,
        "Failed to save state\nError saving state: write terraform.tfstate: no space left on device",
        "the disk is full",
    ),
    (R, "Failed\nopen /home/ada/.cache/helm/index.yaml: disk quota exceeded", "the disk is full"),
    (T, "Failed to query available provider packages\nCould not retrieve the list of available versions", "providers"),
    (T, "Failed to install provider\nError while installing hashicorp/helm v3.1.2: 503", "providers"),
    (T, "execution halted\n", "the run was interrupted"),
    (R, "operation canceled\n", "the run was interrupted"),
    (
        T,
        "Provider produced inconsistent result after apply\nWhen applying changes to "
        'module.mlflow_release["mlflow"].helm_release.this, provider "provider[\\"registry.terraform.io/hashicorp/helm'
        '\\"]" produced an unexpected new value: .metadata.revision: was cty.NumberIntVal(4), but now 5.',
        "lost count",
    ),
    # The cluster.
    (N, "Namespace data is being removed and is held by pods.v1 x (finalizer example.com/y)", "it is held by"),
    (N, "timeout while waiting for resource to be gone (last state: 'Terminating', timeout: 5m0s)", "in its time"),
    (K, 'mlflow-0 ImagePullBackOff: Back-off pulling image "r.example/mlflow:3": ErrImagePull: not found', "{image}"),
    (K, 'mlflow-0 ErrImagePull: failed to pull and unpack image "r.example/mlflow:3": not found', "{image}"),
    (K, 'Pod mlflow-0 Failed: Failed to pull image "r.example/mlflow:3": not found', "{image}"),
    (K, 'mlflow-0 InvalidImageName: Failed to apply default image tag "r/X:3": couldn\'t parse image name', "{image}"),
    (K, "mlflow-0 OOMKilled: exit code 137", "more memory than its limit"),
    (K, "mlflow-0 CrashLoopBackOff: back-off 10s; it ended before: OOMKilled, exit code 137", "more memory than"),
    (
        K,
        "mlflow-0 Unschedulable: 0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.",
        "a volume",
    ),
    (K, 'PersistentVolumeClaim data ProvisioningFailed: storageclass.storage.k8s.io "x" not found', "a volume"),
    (
        K,
        "mlflow-0 Unschedulable: 0/3 nodes are available: 1 node(s) had taints, 2 Insufficient cpu.",
        "enough {resource}",
    ),
    (
        K,
        "mlflow-0 CrashLoopBackOff: back-off 20s restarting failed container=mlflow; it ended before: Error",
        "again and",
    ),
    (K, "databases-x1 Error: exit code 2", "again and again"),
    (R, 'pods "x" is forbidden: exceeded quota: small, requested: cpu=2, used: cpu=1, limited: cpu=2', "leaves no"),
    (
        K,
        'ReplicaSet x FailedCreate: Error creating: pods "x" is forbidden: failed quota: tight: must specify '
        "requests.memory for: feast-redis-init",
        "wants each container",
    ),
    (
        R,
        'secrets is forbidden: User "ada" cannot list resource "secrets" in API group "" in the namespace "x"',
        "may not",
    ),
    (R, 'admission webhook "policy.example" denied the request: no root', "a policy of the cluster"),
    (
        K,
        "ReplicaSet x FailedCreate: Error creating: pods \"x\" is forbidden: ValidatingAdmissionPolicy 'p' with "
        "binding 'b' denied request: no",
        "a policy of the cluster",
    ),
    (R, 'Internal error occurred: failed calling webhook "v.example": failed to call webhook: Post "x"', "its webhook"),
    (R, "another operation (install/upgrade/rollback) is in progress", "was cut off, or another"),
    (R, 'Error upgrading chart\n"mlflow" has no deployed releases', "in the middle of a release"),
    (
        R,
        'Unable to continue with install: Service "postgres" in namespace "data" exists and cannot be imported into '
        "the current release: invalid ownership metadata; label validation error",
        "made by another hand",
    ),
    (R, "cannot re-use a name that is still in use", "belongs to something else"),
    (R, 'ClusterRole "x" in namespace "" exists and cannot be imported: invalid ownership metadata;', "belongs to"),
    (T, 'Provider configuration: cannot load Kubernetes client config\ncontext "nosuch" does not exist', "no context"),
    (R, "invalid configuration: context was not found for specified context: nosuch", "no context"),
    (R, f"Kubernetes cluster unreachable: {URL}dial tcp 192.0.2.1:6443: i/o timeout", "can't be reached"),
    (R, f"{URL}EOF", "can't be reached"),
    (R, f"{URL}read tcp 192.0.2.9:1->192.0.2.1:6443: read: connection reset by peer", "can't be reached"),
    (K, "Service proxy-public waits for a load balancer's address", "is of type LoadBalancer"),
    (R, "installation failed\ncontext deadline exceeded", "was not ready in its time"),
    (R, "failed post-install: 1 error occurred:\n\t* timed out waiting for the condition", "was not ready"),
    (R, "failed post-install: job dask-cluster-ready failed: DeadlineExceeded", "was not ready"),
    # uv, as each of these was provoked, and npm.
    (P, f"{UV}error: Failed to write to the cache\n  cause: No space left on device (os error 28)", "the disk is full"),
    (P, "npm error code ENOSPC\nnpm error syscall write", "the disk is full"),
    (P, "error: Required uv version `>=99` does not match the running version `0.13.9`. Update `uv` by x.", "settings"),
    (P, "error: Failed to parse: home/uv.toml\n  cause: TOML parse error at line 1, column 13", "settings"),
    (TEAM, f"{UNSOLVED}{MISSING}\n\nhint: `foo` was filtered by `exclude-newer` to only include packages", "settings"),
    (P, "error: No interpreter found for Python 3.12 in managed installations or search path", "no Python here"),
    (P, "error: Failed to download `http://x/20261009/cpython-3.12.9-linux.tar.gz`\n  cause: dns error", "no Python"),
    (P, f"{UV}{SENDING}  cause: invalid peer certificate: UnknownIssuer", "is not trusted"),
    (P, "npm error code SELF_SIGNED_CERT_IN_CHAIN\nnpm error self-signed certificate", "is not trusted"),
    (P, f"{FETCH}HTTP status client error (407 Proxy Authentication Required) for url (x)", "refuses the login"),
    (P, f"{UNSOLVED}{MISSING}\n\nhint: An index URL (x) could not be queried (401 Unauthorized)", "refuses the login"),
    (P, "npm error code E403\nnpm error 403 Forbidden - GET http://x/ws", "refuses the login"),
    (P, "error: Failed to download `foo==1.0`\n  cause: Hash mismatch for `foo==1.0`", "broken or tampered"),
    (P, "npm error code EINTEGRITY\nnpm error sha512-x integrity checksum failed", "broken or tampered"),
    (TEAM, f"{UNSOLVED}{MISSING}", "which the team added"),
    (P, f"{UV}{UNSOLVED}{MISSING}", "the tool is locked to"),
    (
        P,
        f"  \N{MULTIPLICATION SIGN} No solution found when resolving dependencies:\n  ╰─▶ {MISSING}",
        "the tool is locked to",
    ),
    (P, f"{UNSOLVED}Because there is no version of foo==2.0 and you require foo==2.0, we can conclude", "locked to"),
    (P, "error: Failed to download `foo==1.0`\n  cause: HTTP status client error (404 Not Found) for url", "is wanted"),
    (P, "npm error code E404\nnpm error 404 Not Found - GET http://x/ws", "that is wanted"),
    (P, f"{SENDING}  cause: tcp connect error\n  cause: Connection refused (os error 111)", "can't be reached"),
    (P, f"{SENDING}  cause: dns error\n  cause: failed to lookup address information", "can't be reached"),
    (P, "error: Failed to fetch: `http://x/simple/`\n  Caused by: tcp connect error", "can't be reached"),
    (P, f"{FETCH}HTTP status server error (503 Service Unavailable) for url (x)", "can't be reached"),
    (P, "npm error code EAI_AGAIN\nnpm error request to http://x failed", "can't be reached"),
    # `service`, and the logs that it quotes.
    (S, "MLflow is not running. The disk is full.\nMake room and run the same command again.", "the disk is full"),
    (LOG, "OSError: [Errno 28] No space left on device: '/x/mlflow.db'", "the disk is full"),
    (
        S,
        "MLflow is not running. Port 5000 of mlflow is taken by the deployment in /x/my stack: process 7 (python a).",
        "another deployment",
    ),
    (S, "MLflow is not running. Port 5000 of mlflow is taken by a process of another user.", "of another user"),
    (S, "MLflow is not running. Port 5000 of mlflow is taken by process 7 (nginx -g).", "by process {holder}"),
    (S, f"{BEGAN}its port 5000 is taken by process 7 (nginx -g).", "by process {holder}"),
    (S, "MLflow was interrupted; what is installed stays. Run the same command again to go on.", "was interrupted"),
    (S, f"{BEGAN}it was not healthy in time: nothing answers yet.", "did not answer as it should"),
    (S, f"{BEGAN}it ended 3 times while starting (exit status 1).", "ended right after each"),
    (S, f"{BEGAN}supervisord has ended or lost it.", "{program} did not start: {why}"),
    (S, "MLflow is not running. The system refused: /x: Permission denied.", "{why}"),
    (S, "MLflow is not running. Its packages could not be installed: uv ended with 2.", "could not be installed"),
]
GENERAL = (
    "the store at {store} can't be used",
    "locked by {who}",
    "a namespace is being removed and doesn't go in its time",
    "already belongs to something else",
    "again and again",
    "can't be reached from here, or doesn't answer as it should",
    "which the tool is locked to",
    "which the team added",
    "that is wanted",
    "{program} did not start: {why}",
)
"""Rows for what no nearer one of their source knows: these alone may fit too, and come later in the table."""


def fitting(source: Source, text: str) -> list[Rule]:
    return [rule for rule in TABLE if source in rule.sources and rule.pattern.search(text)]


def compete(one: Rule, other: Rule) -> bool:
    """Return whether both could be meant: they aren't bound to different modules."""
    return not one.modules or not other.modules or bool(set(one.modules) & set(other.modules))


@pytest.mark.parametrize(("source", "text", "cause"), REAL)
def test_what_is_said_in_earnest_fires_one_row(source: Source, text: str, cause: str) -> None:
    fired, *others = fitting(source, text)
    assert cause in fired.cause
    for other in others:
        is_general = other.cause == "{why}" or any(general in other.cause for general in GENERAL)
        assert is_general or not compete(fired, other), other.cause


def test_each_row_is_fired_by_something_real() -> None:
    fired = {id(found[0]) for source, text, _ in REAL if (found := fitting(source, text))}
    assert [rule.cause for rule in TABLE if id(rule) not in fired] == []


@pytest.mark.parametrize(("file", "line"), LINES)
def test_nothing_fires_where_nothing_failed(file: str, line: str) -> None:
    for source in SAYING:
        assert [rule.cause for rule in fitting(source, line)] == [], source


@pytest.mark.parametrize("path", sorted(HEALTHY.glob("*.txt")), ids=lambda path: path.stem)
def test_nothing_fires_on_a_whole_log_either(path: Path) -> None:
    for source in SAYING:
        assert [rule.cause for rule in fitting(source, path.read_text())] == [], source
