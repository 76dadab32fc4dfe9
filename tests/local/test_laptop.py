"""The main job, for real: the six tools from one command, checked by real clients, changed, stopped and removed."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psutil
from tests.local.conftest import MODULES, Laptop, started
from tests.local.listeners import listeners_of, processes_of


def test_quick_installs_all_six(laptop: Laptop) -> None:
    assert laptop.result["exit_code"] == 0
    assert laptop.result["problems"] == []
    assert set(laptop.result["addresses"]) == set(MODULES)
    assert laptop.result["run"]["state"] == "done"


def test_events_are_numbered_and_end_with_the_result(laptop: Laptop) -> None:
    numbers = [event["seq"] for event in laptop.events]
    assert numbers == sorted(set(numbers))
    assert {event["v"] for event in laptop.events} == {1}
    assert laptop.events[-1]["type"] == "result"


def test_every_listener_was_on_loopback(laptop: Laptop) -> None:
    assert laptop.listeners
    # What began to listen after the last sample of the installation is seen now.
    listeners = laptop.listeners | listeners_of(laptop.folder)
    assert {address for address, _ in listeners} == {"127.0.0.1"}
    assert set(laptop.ports.values()) <= {port for _, port in listeners}


def test_status_is_healthy(laptop: Laptop) -> None:
    document = laptop.program.document("status", "laptop")
    assert document["healthy"] is True
    assert [module["module"] for module in document["modules"]] == list(MODULES)
    assert {module["state"] for module in document["modules"]} == {"healthy"}


def test_verify_passes_with_real_clients(laptop: Laptop) -> None:
    document = laptop.program.document("verify", "laptop", "--quick")
    assert {module["module"]: module["status"] for module in document["modules"]} == dict.fromkeys(MODULES, "passed")


def test_a_second_apply_touches_nothing(laptop: Laptop) -> None:
    before = started(laptop)
    events = laptop.program.lines("quick", "laptop", "--yes", "--non-interactive", "--no-verify")
    assert events[-1]["data"]["run"]["changes"] == 0
    assert started(laptop) == before


def test_secrets_are_where_they_belong_and_nowhere_else(laptop: Laptop) -> None:
    secrets = laptop.secrets()
    assert secrets
    allowed = {laptop.folder / "secrets.tfvars.json"}
    hub = laptop.folder / "services" / "jupyterhub"
    own = (hub / "config", hub / "guard")
    found: list[str] = []
    for path in laptop.folder.rglob("*"):
        if path.is_symlink() or not path.is_file() or path in allowed or "environment" in path.parts:
            continue
        content = path.read_bytes()
        for name, value in secrets.items():
            if value.encode() in content:
                private = path.stat().st_mode & 0o777 == 0o600
                if not (private and path.parent in own):
                    found.append(f"{name} in {path}")
    said = repr(laptop.events)
    found += [f"{name} in the events" for name, value in secrets.items() if value in said]
    assert found == []


def test_no_process_carries_another_tools_secret(laptop: Laptop) -> None:
    secrets = laptop.secrets()
    hub = f"MLOPS_INSTALL_SERVICE={laptop.folder}/services/jupyterhub/".encode()
    found: list[str] = []
    for process in processes_of(laptop.folder):
        environ = Path(f"/proc/{process.pid}/environ").read_bytes()
        argv = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        for name, value in secrets.items():
            if value.encode() in argv:
                found.append(f"{name} in the argv of {process.pid}")
            if value.encode() in environ and hub not in environ:
                found.append(f"{name} in the environment of {process.name()} {process.pid}")
    assert found == []


def test_one_more_worker_recreates_dask_alone(laptop: Laptop) -> None:
    before = started(laptop)
    laptop.program.lines("quick", "laptop", "--set", "dask_workers=3", "--yes", "--non-interactive", "--no-verify")
    after = started(laptop)
    assert not before.pop("dask") & after.pop("dask")
    assert after == before


def test_a_killed_service_comes_back_without_an_orphan(laptop: Laptop) -> None:
    (victim, *_) = [
        process
        for process in processes_of(laptop.folder)
        if any(
            c.laddr.port == laptop.ports["mlflow_port"] for c in process.net_connections("tcp") if c.status == "LISTEN"
        )
    ]
    victim.kill()
    psutil.wait_procs([victim], timeout=30)
    laptop.program.run("start", "laptop")
    document = laptop.program.document("status", "laptop")
    assert document["healthy"] is True


def test_killing_the_supervisor_leaves_nothing_and_start_brings_all_back(laptop: Laptop) -> None:
    (supervisor,) = [p for p in processes_of(laptop.folder) if any("supervisord" in part for part in p.cmdline()[:4])]
    rest = [process for process in processes_of(laptop.folder) if process.pid != supervisor.pid]
    os.kill(supervisor.pid, signal.SIGKILL)
    _, alive = psutil.wait_procs(rest, timeout=60)
    assert alive == []
    assert listeners_of(laptop.folder) == set()
    laptop.program.run("start", "laptop")
    assert laptop.program.document("status", "laptop")["healthy"] is True
