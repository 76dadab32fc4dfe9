"""What preflight finds, from facts given to it and from real sockets."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Catalogue, Footprint, Module, Parameter, TypeSpec
from mlops_install.deployment.layout import Deployment
from mlops_install.errors import InstallerError
from mlops_install.targets.local import preflight
from mlops_install.targets.local.guard import MARKER
from mlops_install.targets.local.host import Host, read_host
from mlops_install.targets.local.programs import ProgramRecord
from mlops_install.targets.local.starting import check_ports_free

LISTEN = "import socket; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True); input()"
HOST = Host(system="Linux", machine="x86_64", glibc=(2, 36), python=True, free=10_000)


def _port(name: str, module: str, default: int) -> Parameter:
    return Parameter(name, TypeSpec("number"), "", module, default=default, widget={"kind": "port"})


CATALOGUE = Catalogue(
    target="local",
    digest="",
    modules={
        "mlflow": Module("mlflow", "MLflow", "", "3", footprint=Footprint(disk=600)),
        "dask": Module("dask", "Dask", "", "2026", footprint=Footprint(disk=300)),
    },
    sections={},
    parameters={p.name: p for p in (_port("mlflow_port", "mlflow", 5000), _port("dask_scheduler_port", "dask", 8786))},
)


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_this_machine_is_good_enough_for_its_own_tests(tmp_path: Path) -> None:
    host = read_host(tmp_path / "not" / "yet", {})
    assert host.system == "Linux"
    assert host.free > 0


@pytest.mark.parametrize(
    ("host", "word"),
    [
        (replace(HOST, system="Darwin"), "Darwin"),
        (replace(HOST, machine="riscv64"), "riscv64"),
        (replace(HOST, glibc=None), "another C library"),
        (replace(HOST, glibc=(2, 17)), "2.17"),
        (replace(HOST, python=False), "3.11 or 3.12"),
    ],
)
def test_an_unfit_machine_is_named(host: Host, word: str) -> None:
    assert any(word in str(problem) for problem in preflight.host_problems(host))


def test_a_fit_machine_has_no_problem() -> None:
    assert preflight.host_problems(HOST) == []
    assert preflight.host_problems(replace(HOST, machine="aarch64", glibc=(2, 28))) == []


def test_disk_counts_only_what_is_not_installed(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path)
    answers = Answers("a", "local", modules=("mlflow", "dask"))
    mlflow = CATALOGUE.modules["mlflow"].footprint.disk
    everything = mlflow + preflight.ENVIRONMENT_DISK + preflight.BASE_DISK
    # Dask has no environment of its own: it runs in the team's.
    assert preflight.needed_disk(CATALOGUE, answers, deployment) == everything
    for tool, left in (("mlflow", everything - mlflow), ("environment", 0)):
        python = tmp_path / "services" / tool / "environment/bin/python"
        python.parent.mkdir(parents=True)
        python.touch()
        assert preflight.needed_disk(CATALOGUE, answers, deployment) == left
    assert preflight.disk_problems(replace(HOST, free=100), 500)
    assert not preflight.disk_problems(replace(HOST, free=500), 500)


@pytest.mark.parametrize("name", ["a:b", "a;b", 'a"b', "a\nb", "x" * 600])
def test_an_unusable_path_is_refused(name: str) -> None:
    assert preflight.folder_problems(Deployment(Path("/data") / name))


@pytest.mark.parametrize("name", ["laptop", "with space", "100%", "größe"])
def test_a_usable_path_is_not(name: str) -> None:
    assert preflight.folder_problems(Deployment(Path("/data") / name)) == []


def test_a_taken_port_names_the_holder_and_offers_another(tmp_path: Path, taken: int) -> None:
    answers = Answers("a", "local", modules=("mlflow",), parameters={"mlflow_port": taken})
    (conflict,) = preflight.port_conflicts(catalogue=CATALOGUE, answers=answers, deployment=Deployment(tmp_path))
    assert (conflict.parameter, conflict.port, conflict.pid) == ("mlflow_port", taken, os.getpid())
    problem = conflict.problem()
    assert f"process {os.getpid()}" in problem.message
    assert f"--set mlflow_port={conflict.next_free}" in problem.hint
    with socket.create_server(("127.0.0.1", conflict.next_free)):
        pass


@pytest.mark.parametrize(
    ("folder", "command"), [("other", "mlops-install stop other"), ("far/my own", "mlops-install stop --dir '{}'")]
)
def test_a_port_of_another_deployment_is_freed_by_stopping_that_one(tmp_path: Path, folder: str, command: str) -> None:
    marker = {MARKER: str(tmp_path / folder / "services" / "mlflow" / "mlflow")}
    argv = [sys.executable, "-c", LISTEN]
    with subprocess.Popen(argv, stdin=-1, stdout=-1, text=True, env={**os.environ, **marker}) as service:
        assert service.stdout
        port = int(service.stdout.readline())
        answers = Answers("a", "local", modules=("mlflow",), parameters={"mlflow_port": port})
        deployment = Deployment(tmp_path / "mine")
        (conflict,) = preflight.port_conflicts(catalogue=CATALOGUE, answers=answers, deployment=deployment)
        problem = conflict.problem()
        with pytest.raises(InstallerError, match=f"deployment in {tmp_path / folder}: process {service.pid} "):
            check_ports_free([ProgramRecord("mlflow", (port,))])
        service.communicate("\n")
    assert f"taken by the deployment {Path(folder).name}: process {service.pid} " in problem.message
    assert problem.hint.startswith(
        f"Stop it with `{command.format(tmp_path / folder)}`, or choose another port: --set "
    )


@pytest.mark.parametrize(
    ("pid", "command", "hint"),
    [
        (7, "nginx -g", "End that process, or choose another port: --set x=2"),
        (None, "", "Ask that user to end it, or choose another port: --set x=2"),
        (None, "also the value of y", "Choose another port: --set x=2"),
    ],
)
def test_only_a_process_of_this_user_is_to_be_ended(pid: int | None, command: str, hint: str) -> None:
    assert preflight.PortConflict("x", 1, pid, command, 2).problem().hint == hint


def test_the_port_of_a_module_not_chosen_is_no_conflict(tmp_path: Path, taken: int) -> None:
    answers = Answers("a", "local", modules=("dask",), parameters={"mlflow_port": taken, "dask_scheduler_port": 1})
    assert preflight.port_conflicts(catalogue=CATALOGUE, answers=answers, deployment=Deployment(tmp_path)) == []


def test_two_parameters_cannot_share_a_port(tmp_path: Path, taken: int) -> None:
    free = taken + 1
    answers = Answers(
        "a", "local", modules=("mlflow", "dask"), parameters={"mlflow_port": free, "dask_scheduler_port": free}
    )
    conflicts = preflight.port_conflicts(catalogue=CATALOGUE, answers=answers, deployment=Deployment(tmp_path))
    assert [conflict.parameter for conflict in conflicts if conflict.pid is None] == ["dask_scheduler_port"]
    assert "mlflow_port" in conflicts[0].problem().message
