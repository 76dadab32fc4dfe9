"""What is computed of a cluster's objects."""

from __future__ import annotations

from typing import Any

import pytest

from mlops_install.targets.kubernetes.preflight.facts import NodeRoom, free_room, requests
from mlops_install.targets.kubernetes.preflight.quantities import quantity
from mlops_install.targets.kubernetes.releases.helm import newest


@pytest.mark.parametrize(
    ("text", "value"),
    [("250m", 0.25), ("2", 2), (1, 1), ("1Gi", 2**30), ("1G", 1e9), ("512Ki", 2**19), ("1e3", 1000), ("x", 0), ("", 0)],
)
def test_a_quantity_is_a_number(text: object, value: float) -> None:
    assert quantity(text) == pytest.approx(value)


def container(cpu: str, memory: str, **more: Any) -> dict[str, Any]:
    return {"resources": {"requests": {"cpu": cpu, "memory": memory}}, **more}


def test_a_pod_requests_the_most_of_its_start_and_its_life() -> None:
    spec = {
        "initContainers": [container("100m", "64Mi", restartPolicy="Always"), container("2", "32Mi")],
        "containers": [container("500m", "1Gi"), {}],
        "overhead": {"memory": "16Mi"},
    }
    assert requests(spec) == pytest.approx((2.1, 64 + 1024 + 16))


def node(name: str, ready: str = "True", **spec: Any) -> dict[str, Any]:
    status = {"allocatable": {"cpu": "4", "memory": "8Gi"}, "conditions": [{"type": "Ready", "status": ready}]}
    return {"metadata": {"name": name}, "spec": spec, "status": status}


def test_what_is_left_is_allocatable_less_requests_on_nodes_that_take_pods() -> None:
    nodes = [
        node("a"),
        node("down", "Unknown"),
        node("cordoned", unschedulable=True),
        node("control", taints=[{"key": "x", "effect": "NoSchedule"}]),
        node("soft", taints=[{"key": "x", "effect": "PreferNoSchedule"}]),
    ]
    pods: list[dict[str, Any]] = [
        {"spec": {"nodeName": "a", "containers": [container("1", "1Gi")]}},
        {"spec": {"containers": []}},
    ]
    assert free_room(nodes, pods) == (NodeRoom("a", 3, 7168), NodeRoom("soft", 4, 8192))


def secret(name: str, revision: str, status: str) -> dict[str, Any]:
    labels = {"owner": "helm", "name": name, "version": revision, "status": status}
    return {"metadata": {"name": f"sh.helm.release.v1.{name}.v{revision}", "namespace": "ml", "labels": labels}}


def test_of_a_release_the_newest_revision_counts() -> None:
    found = newest([secret("a", "9", "superseded"), secret("a", "10", "pending-upgrade"), secret("b", "1", "deployed")])
    assert [(it.name, it.revision, it.pending) for it in found] == [("a", 10, True), ("b", 1, False)]
    assert found[0].secret == "sh.helm.release.v1.a.v10"
