"""A pod's state in Kubernetes' own words, and what is new from one look to the next."""

from __future__ import annotations

from typing import Any, cast

import pytest

from mlops_install.targets.kubernetes.api import Cluster
from mlops_install.targets.kubernetes.errors import ClusterError
from mlops_install.targets.kubernetes.pods import crashed, pod_state
from mlops_install.targets.kubernetes.watch import Watch
from mlops_install.words.foreign import ForeignText


def pod(**status: Any) -> dict[str, Any]:
    return {"metadata": {"name": "mlflow-0", "labels": {"app.kubernetes.io/instance": "mlflow"}}, "status": status}


def container(**state: Any) -> dict[str, Any]:
    return {"name": "mlflow", "restartCount": 0, "state": state}


@pytest.mark.parametrize(
    ("status", "word", "detail"),
    [
        ({"conditions": [{"type": "Ready", "status": "True"}]}, "Ready", ""),
        ({"containerStatuses": [container(waiting={"reason": "ContainerCreating"})]}, "Starting", ""),
        (
            {"containerStatuses": [container(waiting={"reason": "ImagePullBackOff", "message": "no such image"})]},
            "ImagePullBackOff",
            "no such image",
        ),
        (
            {"containerStatuses": [container(terminated={"reason": "OOMKilled", "exitCode": 137})]},
            "OOMKilled",
            "exit code 137",
        ),
        (
            {
                "conditions": [
                    {
                        "type": "PodScheduled",
                        "status": "False",
                        "reason": "Unschedulable",
                        "message": "Insufficient cpu",
                    }
                ]
            },
            "Unschedulable",
            "Insufficient cpu",
        ),
        ({"phase": "Succeeded"}, "Completed", ""),
    ],
)
def test_a_pod_is_told_in_a_word(status: dict[str, Any], word: str, detail: str) -> None:
    assert pod_state(pod(**status)) == (word, detail)


def test_what_ends_because_its_pod_is_taken_away_did_not_break_down() -> None:
    ended = pod(containerStatuses=[container(terminated={"reason": "Error", "exitCode": 143})])
    assert list(crashed(ended)) == [("mlflow", 1, False)]
    ended["metadata"]["deletionTimestamp"] = "2026-11-26T04:18:44Z"
    assert list(crashed(ended)) == []


class Replies:
    """A cluster whose answers are given: what a kubelet does can't be provoked where no node is."""

    def __init__(self) -> None:
        self.lists: dict[str, list[dict[str, Any]]] = {}
        self.refused: set[str] = set()
        self.asked: list[str] = []

    def items(self, path: str, *_: object) -> list[dict[str, Any]]:
        self._ask(path)
        return self.lists.get(path, [])

    def find(self, path: str) -> dict[str, Any]:
        self._ask(path)
        return {}

    def _ask(self, path: str) -> None:
        self.asked.append(path)
        if path in self.refused:
            raise ClusterError(403, "Forbidden", f"{path} is forbidden")

    def text(self, path: str, *_: object) -> str:
        self._ask(path)
        return "Traceback\ndatabase is gone\n" if path.endswith("/log") else ""


def test_only_what_is_new_is_told_and_a_crash_with_its_last_words() -> None:
    cluster = Replies()
    watch = Watch(cast("Cluster", cluster), {"mlflow": ("mlflow", "ml")})
    cluster.lists["/api/v1/namespaces/ml/pods"] = [
        pod(containerStatuses=[container(waiting={"reason": "PodInitializing"})])
    ]
    assert [event["message"] for event in watch.turn()] == ["mlflow-0 Starting"]
    assert list(watch.turn()) == []
    crashing = container(waiting={"reason": "CrashLoopBackOff", "message": "back-off 10s"}) | {"restartCount": 1}
    cluster.lists["/api/v1/namespaces/ml/pods"] = [pod(containerStatuses=[crashing])]
    told = list(watch.turn())
    assert [event["type"] for event in told] == ["pod", "pod_log", "pod_log"]
    assert {event["module"] for event in told} == {"mlflow"}
    assert "database is gone" in str(told[-1]["message"])
    warning = {
        "metadata": {"uid": "1"},
        "count": 1,
        "reason": "Failed",
        "message": "no",
        "involvedObject": {"kind": "Pod", "name": "mlflow-0"},
    }
    cluster.lists["/api/v1/namespaces/ml/events"] = [warning]
    assert [event["message"] for event in watch.turn()] == ["Pod mlflow-0 Failed: no"]
    assert list(watch.turn()) == []


def test_what_broke_down_before_the_run_is_told_as_that_and_only_where_it_is_broken_still() -> None:
    cluster = Replies()
    watch = Watch(cast("Cluster", cluster), {"mlflow": ("mlflow", "ml"), "prefect-server": ("prefect", "flows")})
    crashing = container(waiting={"reason": "CrashLoopBackOff", "message": "back-off 10s"}) | {"restartCount": 1}
    well = container(running={}) | {"restartCount": 3}
    ready = [{"type": "Ready", "status": "True"}]
    cluster.lists["/api/v1/namespaces/ml/pods"] = [pod(containerStatuses=[crashing])]
    cluster.lists["/api/v1/namespaces/flows/pods"] = [pod(containerStatuses=[well], conditions=ready)]
    told = [event for event in watch.turn() if event["type"] == "pod_log"]
    assert [event["message"] for event in told] == [
        "mlflow-0 said before this run: Traceback", "mlflow-0 said before this run: database is gone"
    ]  # fmt: skip
    # Of the same name in another namespace: each has its own state.
    assert list(watch.turn()) == []
    cluster.lists["/api/v1/namespaces/ml/pods"] = [pod(containerStatuses=[crashing | {"restartCount": 2}])]
    assert [event["message"] for event in watch.turn()][-1] == "mlflow-0 said: database is gone"


def test_what_may_not_be_read_is_told_once_and_not_asked_for_again() -> None:
    cluster = Replies()
    watch = Watch(cast("Cluster", cluster), {"mlflow": ("mlflow", "ml")})
    log, events = "/api/v1/namespaces/ml/pods/mlflow-0/log", "/api/v1/namespaces/ml/events"
    cluster.refused |= {log, events}
    list(watch.turn())
    for count in (1, 2):
        crashing = container(waiting={"reason": "CrashLoopBackOff"}) | {"restartCount": count}
        cluster.lists["/api/v1/namespaces/ml/pods"] = [pod(containerStatuses=[crashing])]
        told = [event["message"] for event in watch.turn() if event["type"] == "pod_log"]
        assert len(told) == (1 if count == 1 else 0)
        assert all("may not get pods/log in the namespace ml" in str(message) for message in told)
    assert cluster.asked.count(log) == 1
    assert cluster.asked.count(events) == 1


def test_a_pull_that_is_tried_again_is_told_once() -> None:
    cluster = Replies()
    watch = Watch(cast("Cluster", cluster), {"mlflow": ("mlflow", "ml")})
    told: list[object] = []
    for reason in ("ErrImagePull", "ImagePullBackOff", "ErrImagePull", "ImagePullBackOff"):
        cluster.lists["/api/v1/namespaces/ml/pods"] = [pod(containerStatuses=[container(waiting={"reason": reason})])]
        told += [event["message"] for event in watch.turn()]
    assert told == ["mlflow-0 ErrImagePull", "mlflow-0 ImagePullBackOff"]


def test_a_service_without_its_address_is_told_with_the_parameter_that_decides_it() -> None:
    cluster = Replies()
    settings = {"mlflow": [("mlflow-*", {"image": "no"}), ("*", {"service": "mlflow_service_type"})]}
    watch = Watch(cast("Cluster", cluster), {"mlflow": ("mlflow", "ml")}, settings)
    service: dict[str, Any] = {"metadata": {"name": "mlflow"}, "spec": {"type": "LoadBalancer"}}
    cluster.lists["/api/v1/namespaces/ml/services"] = [service]
    (event,) = watch.turn()
    assert event["message"] == "Service mlflow waits for a load balancer's address"
    assert event["module"] == "mlflow"
    assert event["data"]["settings"] == {"service": "mlflow_service_type"}
    assert list(watch.turn()) == []
    service["status"] = {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}
    assert [event["message"] for event in watch.turn()] == ["Service mlflow has its address"]


def test_no_part_of_a_secret_is_left_by_another_one_or_by_the_cut_of_a_long_message() -> None:
    cluster = Replies()
    clean = ForeignText(["hunter", "hunter22secret"])
    watch = Watch(cast("Cluster", cluster), {"mlflow": ("mlflow", "ml")}, clean=clean)
    for said in ("hunter22secret is wrong", "x" * 1980 + "hunter22secret"):
        waiting = {"reason": "CreateContainerConfigError", "message": said}
        cluster.lists["/api/v1/namespaces/ml/pods"] = [pod(containerStatuses=[container(waiting=waiting)])]
        (event,) = watch.turn()
        assert "hunter" not in str(event["message"])
        assert "22" not in str(event["message"])
