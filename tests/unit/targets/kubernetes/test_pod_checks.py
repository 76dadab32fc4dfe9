"""Checks sent into a container: real scripts in a real interpreter that has nothing of the package."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.targets.kubernetes.kubelet import V5, Kubelet, kubelet

from mlops_install.checks.run import PACKAGE
from mlops_install.targets.kubernetes import pod_checks
from mlops_install.targets.kubernetes.errors import ClusterError
from mlops_install.targets.kubernetes.pod_checks import Place, PodCheck

BODY = """
from mlops_install.checks.steps import CheckError, main
import os, tempfile, time


def check(payload, steps):
{body}


main(check)
"""
CANARY = "a-secret-of-24-characters"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kubelet]:
    (tmp_path / "checks").mkdir()
    for name in ("pod", "steps"):
        shutil.copy(PACKAGE / "checks" / f"{name}.py", tmp_path / "checks")
    monkeypatch.setattr(pod_checks, "PACKAGE", tmp_path)
    monkeypatch.chdir(tmp_path)
    with kubelet(V5) as made:
        yield made


def start(server: Kubelet, body: str, timeout: float = 60) -> PodCheck:
    text = BODY.format(body=textwrap.indent(textwrap.dedent(body), "    "))
    Path("checks/mlflow.py").write_text(text, encoding="utf-8")
    payload = {"modules": ["mlflow"], "secrets": {"token": CANARY}}
    place = Place("jhub", "hub-1", "hub")
    return PodCheck(server.cluster(), place, "mlflow", payload, timeout=timeout, hidden=[CANARY])


def test_steps_come_back_and_secrets_neither_go_in_argv_nor_come_back(server: Kubelet) -> None:
    found = start(
        server,
        """
        with steps.step("connect") as note:
            print("a library prints what it likes")
            note.detail = payload["secrets"]["token"]
        with steps.step("scratch") as note:
            note.detail = os.getcwd()
        """,
    ).result()
    assert (found.status, [step.name for step in found.steps]) == ("passed", ["connect", "scratch"])
    assert found.steps[0].detail == "(hidden)"
    assert "mlops-verify-" in found.steps[1].detail
    assert not Path(found.steps[1].detail).exists()
    assert CANARY not in server.paths[0]


def test_a_held_script_gets_what_is_added(server: Kubelet) -> None:
    check = start(server, "with steps.step('go on') as note:\n    note.detail = str(steps.hold()['modules'])")
    assert check.wait_until_held()
    check.keep()
    check.go({"modules": ["dask"]})
    assert check.result().steps[0].detail == "['dask']"


def test_a_script_that_ends_before_is_not_held(server: Kubelet) -> None:
    check = start(server, "raise CheckError('not today')")
    assert not check.wait_until_held()
    found = check.result()
    assert (found.status, found.message) == ("failed", "not today")


FOREVER = """
try:
    with steps.step("wait"):
        steps.hold()
        time.sleep(600)
finally:
    with steps.step("clean up"):
        pass
"""


@pytest.mark.parametrize("held", [True, False])
def test_a_script_whose_caller_ends_it_cleans_up(server: Kubelet, held: bool) -> None:
    check = start(server, FOREVER)
    assert check.wait_until_held()
    if not held:
        check.go({})
    check.end()
    found = check.result()
    assert [(step.name, step.ok) for step in found.steps] == [("wait", False), ("clean up", True)]


def test_a_script_ends_by_its_time_limit_where_it_runs(server: Kubelet) -> None:
    found = start(server, FOREVER, timeout=1).result()
    assert found.message == "no result after 1 s, at the step: wait"
    assert [step.name for step in found.steps] == ["wait", "clean up"]


def test_a_lost_connection_is_a_failed_check(server: Kubelet) -> None:
    server.drops = True
    found = start(server, FOREVER).result()
    assert found.status == "failed"
    assert "was lost" in found.message


def test_a_place_that_isnt_ready_is_told(monkeypatch: pytest.MonkeyPatch, server: Kubelet) -> None:
    cluster = server.cluster()
    waiting = {"containerStatuses": [{"name": "hub", "state": {"waiting": {"reason": "ImagePullBackOff"}}}]}
    pods = [{"metadata": {"name": "hub-1"}, "status": waiting}]
    monkeypatch.setattr(cluster, "items", lambda *_: pods)
    with pytest.raises(ClusterError, match="hub-1 is ImagePullBackOff"):
        pod_checks.find_place(cluster, "jhub", "app=jupyterhub", "hub")
    ready = {"conditions": [{"type": "Ready", "status": "True"}]}
    pods.append({"metadata": {"name": "hub-2", "annotations": {"user": "me"}}, "status": ready})
    found = pod_checks.find_place(cluster, "jhub", "app=jupyterhub", "hub", annotation=("user", "me"))
    assert found == Place("jhub", "hub-2", "hub")
