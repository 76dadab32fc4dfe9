"""`verify` of the preset `small-cluster` on a real node: real clients in a notebook that the Hub started.

The tests of this file go on from one installation, in order; the last one removes it.
"""

from __future__ import annotations

import contextlib
import json
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.cluster.canaries import secrets_of
from tests.cluster.conftest import TestCluster
from tests.cluster.notebooks import notebook, run_in, run_script
from tests.cluster.objects import eventually

NAME = "verified"
TOOLS = {"jupyterhub", "prefect", "dask", "feast", "mlflow", "seldon"}
BY_CALL = {"postgresql", "object_store", "valkey"}
PROBE = Path(__file__).parents[1] / "local" / "probe.py"
"""Tells the versions in each place where code runs; the same script on both targets."""
# With passwords MLflow needs Flask-WTF, which an image that was built from the plain package hasn't.
OPEN = "--set=mlflow_authentication=false"


@pytest.fixture(scope="module")
def installed(on_real_node: TestCluster) -> Iterator[TestCluster]:
    """The cluster with all six in it."""
    on_real_node.quick("small-cluster", NAME, OPEN)
    yield on_real_node
    on_real_node.program.run("destroy", NAME, "--yes", "--non-interactive", "--purge-data")


def canaries(cluster: TestCluster) -> dict[str, str]:
    return {name: value for name, value in secrets_of(cluster, NAME).items() if len(value) >= 16}


def left_by_verify(cluster: TestCluster) -> set[str]:
    """Return what a verification makes and must take away again; a pod that is going isn't there."""
    pods = cluster.get("/api/v1/namespaces/jhub/pods")["items"]
    there = {p["metadata"]["name"] for p in pods if not p["metadata"].get("deletionTimestamp")}
    claims = cluster.names("/api/v1/namespaces/jhub/persistentvolumeclaims")
    return {name for name in there | claims if "mlops-verify" in name}


def unfinished(cluster: TestCluster) -> list[str]:
    """Return the flow runs' Jobs that still run, or that nothing would take away (`prefect_job_ttl` does)."""
    jobs = cluster.get("/apis/batch/v1/namespaces/prefect/jobs")["items"]
    return [
        job["metadata"]["name"]
        for job in jobs
        if not job["status"].get("completionTime") or job["spec"].get("ttlSecondsAfterFinished") is None
    ]


def scratch(cluster: TestCluster) -> str:
    """Return the folders that a check made for itself in the hub's container."""
    from mlops_install.targets.kubernetes.exec import PodProcess
    from mlops_install.targets.kubernetes.pods.checks import find_place

    api = cluster.client()
    pod = find_place(api, "jhub", "app=jupyterhub,component=hub", "hub").pod
    with PodProcess(api, "jhub", pod, "hub", ["sh", "-c", "ls -d /tmp/mlops-verify-* 2>/dev/null || true"]) as process:
        return b"".join(data for _, data in process.read(30)).decode()


def test_the_operator_is_the_one_that_the_tests_names_tell(installed: TestCluster, ran_on: str) -> None:
    """Seldon's own puts its executor into each model's pod; the name goes by the images that the node has."""
    pods = installed.get("/api/v1/namespaces/seldon/pods?labelSelector=seldon-deployment-id")["items"]
    containers = [{container["name"] for container in pod["spec"]["containers"]} for pod in pods]
    assert containers
    assert all("seldon-container-engine" in names for names in containers) == ran_on.endswith("seldons-own-operator")


def test_verify_is_green_for_all_six_by_real_clients(
    installed: TestCluster, record_property: Callable[[str, object], None]
) -> None:
    begun = time.monotonic()
    done = installed.program.run("verify", NAME, "-o", "json")
    record_property("seconds", time.monotonic() - begun)
    document = json.loads(done.stdout)
    assert document["passed"]
    modules = {module["module"]: module for module in document["modules"]}
    assert set(modules) == TOOLS | BY_CALL | {"loop"}
    assert {module["status"] for module in modules.values()} == {"passed"}
    steps = {name: [step["name"] for step in module["steps"]] for name, module in modules.items()}
    assert "log parameter, metric and artifact" in steps["mlflow"]
    assert "run it through the worker" in steps["prefect"]
    assert "map and gather" in steps["dask"]
    assert {"push a fresh value", "read it online"} <= set(steps["feast"])
    assert steps["seldon"] == ["connect", "predict"]
    assert steps["jupyterhub"][:4] == ["connect", "log in by the form", "start a server", "start a kernel"]
    assert {f"reach {tool} from the notebook" for tool in TOOLS - {"jupyterhub"}} < set(steps["jupyterhub"])
    assert {"train again as a flow", "switch to the second version", "clean up"} <= set(steps["loop"])
    assert [steps[name] for name in sorted(BY_CALL)] == [["answers a call through the API server"]] * 3
    for name, value in canaries(installed).items():
        assert value not in done.stdout + done.stderr, name


def test_one_environment_is_everywhere(installed: TestCluster, record_property: Callable[[str, object], None]) -> None:
    with notebook(installed, NAME) as (place, seconds):
        record_property("seconds until the notebook server was ready", seconds)
        said = run_script(installed, place, PROBE)
        found = json.loads(said.splitlines()[-1])
        run_in(installed, place, ["mlflow", "deployments", "delete", "-t", "seldon", "--name", "probe"])
    assert set(found) == {"cell", "flow run", "Dask worker", "Dask scheduler", "served model"}
    assert {place: versions for place, versions in found.items() if versions != found["cell"]} == {}
    assert set(found["cell"]) == {"python", "cloudpickle", "numpy", "pandas", "scikit-learn", "mlflow"}


def test_it_leaves_nothing_behind(installed: TestCluster) -> None:
    assert left_by_verify(installed) == set()
    assert scratch(installed) == ""
    assert eventually(lambda: not unfinished(installed))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_one_leaves_nothing_either(installed: TestCluster, number: signal.Signals) -> None:
    with installed.program.start("verify", NAME) as child:
        assert eventually(lambda: bool(left_by_verify(installed)))
        child.send_signal(number)
        said = "".join(child.communicate(timeout=60))
    assert child.returncode == (130 if number == signal.SIGINT else -number)
    assert "Traceback" not in said
    assert eventually(lambda: not left_by_verify(installed) and not scratch(installed))


@pytest.fixture
def reader(installed: TestCluster, tmp_path: Path) -> Iterator[Path]:
    """A kubeconfig of a user who may look at everything but run nothing in a pod."""
    api, name, group = installed.client(), "mlops-verify-reader", "rbac.authorization.k8s.io"
    rules = [
        {
            "apiGroups": [""],
            "resources": ["namespaces", "pods", "services", "services/proxy"],
            "verbs": ["get", "list"],
        },
        {"apiGroups": ["apps"], "resources": ["deployments", "statefulsets"], "verbs": ["get", "list"]},
    ]
    subject = {"kind": "ServiceAccount", "name": name, "namespace": "jhub"}
    bound = {"roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": name}, "subjects": [subject]}
    made: list[tuple[str, dict[str, Any]]] = [("clusterroles", {"rules": rules}), ("clusterrolebindings", bound)]
    account = "/api/v1/namespaces/jhub/serviceaccounts"
    with contextlib.ExitStack() as undo:
        api.post(account, {"metadata": {"name": name}})
        undo.callback(api.delete, f"{account}/{name}")
        for kind, more in made:
            api.post(f"/apis/{group}/v1/{kind}", {"metadata": {"name": name}} | more)
            undo.callback(api.delete, f"/apis/{group}/v1/{kind}/{name}")
        asked = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
        token = api.post(f"{account}/{name}/token", asked)["status"]["token"]
        document = yaml.safe_load(installed.kubeconfig.read_text())
        document["users"] = [{"name": user["name"], "user": {"token": token}} for user in document["users"]]
        path = tmp_path / "reader"
        path.write_text(yaml.safe_dump(document))
        yield path


def test_without_the_right_to_exec_the_missing_rule_is_named(installed: TestCluster, reader: Path) -> None:
    done = installed.program.run("verify", NAME, "--kubeconfig", str(reader), "-o", "json", code=1)
    modules = {module["module"]: module for module in json.loads(done.stdout)["modules"]}
    assert modules["jupyterhub"]["status"] == "failed"
    assert 'resources: ["pods/exec"], verbs: ["create", "get"]' in modules["jupyterhub"]["message"]
    assert "namespace jhub" in modules["jupyterhub"]["message"]
    assert modules["mlflow"]["status"] == "passed"
    assert "no program can be run in JupyterHub's pod" in modules["mlflow"]["steps"][0]["name"]
