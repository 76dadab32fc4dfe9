"""What an operator sees while a release can't come, and what it is told in the end, on a real node from real charts.

The tests of this file go on from each other's cluster, in order: each breaks what the one before left well or mends it.
Two modules fail for two reasons at once, as each release takes its whole time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cluster.conftest import TestCluster, images_of_tests

from mlops_install.targets.kubernetes.api import Cluster
from mlops_install.targets.kubernetes.preflight.facts import gather

NAME = "stories"
PRESET = """
format: 1
title: Two small modules
target: kubernetes
modules: [dask, valkey]
parameters:
  dask_worker_replicas: 1
  dask_worker_cpu: 100m
  dask_worker_memory: 512Mi
  dask_scheduler_cpu: 50m
  dask_scheduler_memory: 256Mi
  dask_timeout: 60
  valkey_storage_size: 1Gi
  valkey_timeout: 60
secrets:
  valkey_password: generated
"""
NOTHING = "mlops-tests-nothing"
"""A storage class whose volumes nobody makes."""
CLASSES = "/apis/storage.k8s.io/v1/storageclasses"
FILLER = "/api/v1/namespaces/default/pods"

Events = list[dict[str, Any]]


@pytest.fixture(scope="module")
def api(on_real_node: TestCluster) -> Iterator[Cluster]:
    """The cluster, which is left as it was found."""
    cluster = on_real_node.client()
    before = on_real_node.names("/api/v1/namespaces")
    storage = {"metadata": {"name": NOTHING}, "provisioner": "kubernetes.io/no-provisioner"}
    cluster.post(CLASSES, {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", **storage})
    yield cluster
    cluster.delete(f"{CLASSES}/{NOTHING}")
    on_real_node.program.run("destroy", NAME, "--yes", "--non-interactive", "--purge-data")
    assert on_real_node.names("/api/v1/namespaces") == before


@pytest.fixture
def preset(tmp_path: Path) -> str:
    path = tmp_path / "small.yaml"
    path.write_text(PRESET)
    return str(path)


def apply(on: TestCluster, *sets: str, fill: Cluster | None = None, code: int | None = 1) -> Events:
    """Apply changed parameters and return the events; with `fill`, the node is filled once preflight is over."""
    flags = ("--yes", "--non-interactive", "--kubeconfig", str(on.kubeconfig), "-o", "json")
    child = on.program.start("apply", NAME, *flags, *(f"--set={one}" for one in sets))
    assert child.stdout is not None
    events: Events = []
    for line in child.stdout:
        if fill is not None and not events:
            _fill(fill)
        events.append(json.loads(line))
    error = child.communicate()[1]
    assert code is None or child.returncode == code, (error, events[-1])
    return events


def _fill(cluster: Cluster) -> None:
    """Leave half a core and one and a half GiB on the node."""
    nodes = gather(cluster).nodes
    assert nodes
    (node,) = nodes
    wants = {"cpu": f"{int(node.cpu * 1000) - 500}m", "memory": f"{int(node.memory) - 1536}Mi"}
    image = cluster.items("/api/v1/namespaces/kube-system/pods")[0]["spec"]["containers"][0]["image"]
    container = {"name": "filler", "image": image, "command": ["nosuch"], "resources": {"requests": wants}}
    spec = {"nodeName": node.name, "containers": [container], "terminationGracePeriodSeconds": 0}
    cluster.post(FILLER, {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "filler"}, "spec": spec})


def seen(events: Events, module: str, kind: str = "pod") -> str:
    """Return what the pods of a module said while the release was awaited."""
    live = [event for event in events if event.get("source") == "live" and event["module"] == module]
    return "\n".join(event["message"] for event in live if event["type"] == kind)


def diagnosis(events: Events, module: str) -> dict[str, Any]:
    """Return the one cause that the result names for a module, whose next command sets the parameter it names."""
    (found,) = [one for one in events[-1]["data"]["problems"] if one["module"] == module]
    assert f"mlops-install apply {NAME} --set {found['parameter']}=…" in found["hint"], found
    return dict(found)


def before_the_end(events: Events, word: str) -> bool:
    """Return whether a word was among the live events before Terraform gave up."""
    gave_up = next(place for place, event in enumerate(events) if event["type"] == "apply_errored")
    return any(event.get("source") == "live" and word in event["message"] for event in events[:gave_up])


def test_no_image_and_no_volume(on_real_node: TestCluster, api: Cluster, preset: str) -> None:
    assert api
    broken = ("--set=environment_image=registry.example.com/environment:nosuch", f"--set=storage_class={NOTHING}")
    events = on_real_node.quick(preset, NAME, *broken, code=1)
    assert "ImagePullBackOff" in seen(events, "dask")
    assert before_the_end(events, "ErrImagePull")
    image = diagnosis(events, "dask")
    assert image["message"] == "the cluster can't pull an image: registry.example.com/environment:nosuch"
    assert image["parameter"] == "environment_image"
    assert "Unschedulable" in seen(events, "valkey")
    volume = diagnosis(events, "valkey")
    assert volume["message"] == "a volume was claimed and the cluster provides none"
    assert volume["parameter"] == "storage_class"


def test_the_parameters_that_were_named_mend_it(on_real_node: TestCluster, api: Cluster) -> None:
    # A claim's class can't be changed: what never got a volume goes first.
    api.delete("/api/v1/namespaces/data/persistentvolumeclaims/feast-redis")
    image = images_of_tests().get("environment_image", "")
    events = apply(on_real_node, f"environment_image={image}", "storage_class=", code=0)
    assert "Ready" in seen(events, "dask")
    assert "feast-redis" in seen(events, "valkey")
    assert len(on_real_node.names("/apis/kubernetes.dask.org/v1/namespaces/dask/daskclusters")) == 1


def test_too_little_memory(on_real_node: TestCluster, api: Cluster) -> None:
    assert api
    events = apply(on_real_node, "dask_worker_memory=32Mi")
    assert "OOMKilled" in seen(events, "dask")
    memory = diagnosis(events, "dask")
    assert memory["message"] == "a container was ended because it used more memory than its limit"
    assert memory["parameter"] == "dask_worker_memory"


def test_a_crash_and_no_cpu(on_real_node: TestCluster, api: Cluster) -> None:
    crash = ("dask_worker_memory=512Mi", "dask_worker_command=dask nosuch")
    try:
        events = apply(on_real_node, *crash, "valkey_cpu=1", fill=api)
    finally:
        api.delete(f"{FILLER}/filler")
    assert "No such command 'nosuch'" in seen(events, "dask", "pod_log"), seen(events, "dask")
    crashed = diagnosis(events, "dask")
    assert crashed["message"] == "a container ends again and again right after its start"
    assert "No such command 'nosuch'" in "\n".join(crashed["detail"])
    assert crashed["parameter"] == "dask_worker_command"
    assert "Insufficient cpu" in seen(events, "valkey")
    cpu = diagnosis(events, "valkey")
    assert cpu["message"] == "no node has enough cpu left for a pod"
    assert cpu["parameter"] == "valkey_cpu"


def test_an_address_that_never_comes_and_no_memory(on_real_node: TestCluster, api: Cluster) -> None:
    waits = ("dask_worker_command=dask worker", "dask_service_type=LoadBalancer")
    try:
        events = apply(on_real_node, *waits, "valkey_cpu=50m", "valkey_memory=2Gi", fill=api)
    finally:
        api.delete(f"{FILLER}/filler")
    assert "dask-scheduler waits for a load balancer's address" in seen(events, "dask", "service")
    address = diagnosis(events, "dask")
    assert (
        address["message"] == "the Service dask-scheduler is of type LoadBalancer, and the cluster gives it no address"
    )
    assert address["parameter"] == "dask_service_type"
    assert "Insufficient memory" in seen(events, "valkey")
    memory = diagnosis(events, "valkey")
    assert memory["message"] == "no node has enough memory left for a pod"
    assert memory["parameter"] == "valkey_memory"


def test_put_back_as_it_was_all_is_mended_and_nothing_of_the_failures_stays(
    on_real_node: TestCluster, api: Cluster
) -> None:
    assert api
    # hashicorp/helm 3.1 trips over the failures that it recorded, unless the values differ from those before them.
    apply(on_real_node, "dask_service_type=ClusterIP", "valkey_memory=64Mi", code=0)
    assert len(on_real_node.names("/apis/kubernetes.dask.org/v1/namespaces/dask/daskclusters")) == 1
    deployed = on_real_node.get("/api/v1/secrets?labelSelector=owner%3Dhelm%2Cstatus%3Ddeployed")["items"]
    names = {secret["metadata"]["labels"]["name"] for secret in deployed}
    assert names == {"dask-operator", "dask-cluster", "feast-redis"}
