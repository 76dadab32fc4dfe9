"""`service up` and `service down` with real supervisord, guards and programs."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from tests.runtime.conftest import PROGRAM, Bench, FakeTool, eventually, fake_service, listening, processes_of, program

from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.secrets import write_secrets
from mlops_install.errors import InstallerError
from mlops_install.targets.local import control, service
from mlops_install.targets.local.locking import locked
from mlops_install.targets.local.status import inspect
from mlops_install.targets.local.supervision import Supervisor


def _pids(bench: Bench) -> dict[str, int]:
    return {name: state.pid for name, state in Supervisor(bench.deployment).states().items()}


def _main_process(bench: Bench, name: str) -> psutil.Process:
    return psutil.Process(_pids(bench)[name]).children()[0]


def _is_healthy(bench: Bench) -> bool:
    return all(status.state == "healthy" for status in inspect(bench.deployment))


def test_up_starts_waits_and_says_so(bench: Bench, free_ports: list[int]) -> None:
    port = free_ports[0]
    tool = FakeTool(programs_of=lambda _: (program("alpha", port),), texts={"alpha.conf": "text"})
    bench.up(tool, {"port": port})
    assert bench.lines == [
        "phase: configuring",
        "phase: starting",
        f"phase: waiting for http://127.0.0.1:{port}/",
        f"phase: healthy http://127.0.0.1:{port}/",
    ]
    (status,) = inspect(bench.deployment)
    assert (status.tool, status.state, status.address) == ("alpha", "healthy", f"http://127.0.0.1:{port}")
    assert (bench.deployment.services / "alpha/config/alpha.conf").read_text() == "text"


def test_everything_written_is_private(bench: Bench, free_ports: list[int]) -> None:
    bench.up(FakeTool(programs_of=lambda _: (program("alpha", free_ports[0]),), texts={"a": "b"}))
    for path in bench.deployment.services.rglob("*"):
        mode = path.lstat().st_mode
        assert stat.S_ISSOCK(mode) or not mode & 0o077, path
    assert (bench.deployment.services / "alpha/settings.json").stat().st_mode & 0o777 == 0o600


def test_second_up_changes_nothing_and_other_settings_restart_only_that_tool(
    bench: Bench, free_ports: list[int]
) -> None:
    first = FakeTool(name="alpha", programs_of=lambda _: (program("alpha", free_ports[0]),))
    second = FakeTool(name="beta", programs_of=lambda _: (program("beta", free_ports[1]),))
    bench.up(first)
    bench.up(second)
    before = _pids(bench)
    bench.up(first)
    assert _pids(bench) == before
    bench.up(first, {"changed": True})
    after = _pids(bench)
    assert after["beta"] == before["beta"]
    assert after["alpha"] != before["alpha"]
    bench.up(first, {"changed": True}, digest="2")
    assert _pids(bench)["alpha"] != after["alpha"]


def test_programs_start_after_the_one_they_name(bench: Bench, free_ports: list[int]) -> None:
    # The second program fails unless the first one listens already.
    check = "import socket,sys,runpy; socket.create_connection(('127.0.0.1', int(sys.argv[2])))"
    port, later = free_ports[:2]
    argv = (
        sys.executable,
        "-c",
        f"{check}; sys.argv[1:] = sys.argv[3:]; runpy.run_path({str(PROGRAM)!r}, run_name='__main__')",
    )
    worker = program("alpha-worker", later, after="alpha")
    worker = type(worker)(
        name=worker.name,
        argv=(*argv, "x", str(port), str(later)),
        ports=worker.ports,
        health=worker.health,
        after="alpha",
    )
    bench.up(FakeTool(programs_of=lambda _: (worker, program("alpha", port))))
    assert _is_healthy(bench)


def test_down_ends_everything_and_the_last_one_ends_supervisord(bench: Bench, free_ports: list[int]) -> None:
    tool = FakeTool(programs_of=lambda _: (program("alpha", free_ports[0]),))
    bench.up(tool)
    (bench.deployment.services / "alpha/data/kept").write_text("data")
    bench.down(tool)
    assert processes_of(bench.deployment.services) == []
    assert not listening(free_ports[0])
    assert inspect(bench.deployment) == []
    assert (bench.deployment.services / "alpha/data/kept").read_text() == "data"
    bench.down(tool)


def test_down_works_when_supervisord_is_dead(bench: Bench, free_ports: list[int]) -> None:
    tool = FakeTool(programs_of=lambda _: (program("alpha", free_ports[0]),))
    bench.up(tool)
    pid = Supervisor(bench.deployment).pid()
    assert pid is not None
    psutil.Process(pid).kill()
    bench.down(tool)
    assert processes_of(bench.deployment.services) == []
    bench.up(tool)
    assert _is_healthy(bench)


def test_killed_program_comes_back_without_orphans(bench: Bench, free_ports: list[int]) -> None:
    port, child = free_ports[:2]
    bench.up(FakeTool(programs_of=lambda _: (program("alpha", port, "--child-port", str(child), ports=(port,)),)))
    assert eventually(lambda: listening(child))
    killed = _main_process(bench, "alpha")
    family = {killed, *killed.children(recursive=True)}
    killed.kill()
    assert eventually(lambda: not any(process.is_running() for process in family))
    assert eventually(lambda: _is_healthy(bench))


def test_killed_guard_leaves_nothing_behind(bench: Bench, free_ports: list[int]) -> None:
    port, child = free_ports[:2]
    bench.up(FakeTool(programs_of=lambda _: (program("alpha", port, "--child-port", str(child)),)))
    assert eventually(lambda: listening(child))
    guard = psutil.Process(_pids(bench)["alpha"])
    family = guard.children(recursive=True)
    guard.kill()
    assert eventually(lambda: not any(process.is_running() for process in family))
    assert eventually(lambda: _is_healthy(bench))


def test_killed_supervisord_takes_everything_along_and_start_brings_it_back(
    bench: Bench, free_ports: list[int]
) -> None:
    port, child = free_ports[:2]
    bench.up(FakeTool(programs_of=lambda _: (program("alpha", port, "--child-port", str(child)),)))
    assert eventually(lambda: listening(child))
    pid = Supervisor(bench.deployment).pid()
    assert pid is not None
    psutil.Process(pid).kill()
    assert eventually(lambda: processes_of(bench.deployment.services) == [])
    assert not listening(port)
    assert not listening(child)
    assert [status.state for status in inspect(bench.deployment)] == ["down"]
    control.start(bench.deployment)
    assert _is_healthy(bench)


def test_stop_and_start(bench: Bench, free_ports: list[int]) -> None:
    bench.up(FakeTool(programs_of=lambda _: (program("alpha", free_ports[0]),)))
    control.stop(bench.deployment)
    assert processes_of(bench.deployment.services) == []
    assert [status.state for status in inspect(bench.deployment)] == ["down"]
    control.start(bench.deployment)
    assert _is_healthy(bench)
    before = _pids(bench)
    control.start(bench.deployment)
    assert _pids(bench) == before


def test_purge_deletes_what_services_hold(bench: Bench, free_ports: list[int]) -> None:
    bench.up(FakeTool(programs_of=lambda _: (program("alpha", free_ports[0]),)))
    control.purge(bench.deployment)
    assert not bench.deployment.services.exists()
    assert processes_of(bench.deployment.services) == []


def test_a_program_that_ends_fails_fast_with_its_last_words(bench: Bench, free_ports: list[int]) -> None:
    tool = FakeTool(programs_of=lambda _: (program("alpha", free_ports[0], "--fail", "0"),))
    with pytest.raises(InstallerError) as caught:
        bench.up(tool)
    assert "the last words" in caught.value.message
    assert "alpha.log" in caught.value.hint
    assert processes_of(bench.deployment.services) == []
    assert inspect(bench.deployment) == []


def test_a_program_that_ends_is_not_explained_by_the_log_of_an_earlier_run(bench: Bench, free_ports: list[int]) -> None:
    logs = bench.deployment.services / "alpha" / "logs"
    logs.mkdir(parents=True)
    (logs / "alpha.log").write_text("RuntimeError: an old story\n")
    tool = FakeTool(programs_of=lambda _: (program("alpha", free_ports[0], "--fail", "0"),))
    with pytest.raises(InstallerError) as caught:
        bench.up(tool)
    assert "the last words" in caught.value.message
    assert "an old story" not in caught.value.message


def test_a_missing_program_is_named(bench: Bench, free_ports: list[int]) -> None:
    item = program("alpha", free_ports[0])
    broken = type(item)(name="alpha", argv=("/nowhere/alpha",), ports=item.ports, health=item.health)
    with pytest.raises(InstallerError, match="can't start /nowhere/alpha"):
        bench.up(FakeTool(programs_of=lambda _: (broken,)))


def test_a_taken_port_names_its_holder_before_anything_starts(bench: Bench, free_ports: list[int]) -> None:
    with socket.create_server(("127.0.0.1", free_ports[0])):
        with pytest.raises(InstallerError, match=f"Port {free_ports[0]} of alpha is taken by process {os.getpid()}"):
            bench.up(FakeTool(programs_of=lambda _: (program("alpha", free_ports[0]),)))
        assert not any("starting" in line for line in bench.lines)


def test_status_knows_a_stranger(bench: Bench, free_ports: list[int]) -> None:
    bench.up(FakeTool(programs_of=lambda _: (program("alpha", free_ports[0]),)))
    control.stop(bench.deployment)
    command = [sys.executable, str(PROGRAM), str(free_ports[0])]
    with subprocess.Popen(command) as stranger:
        try:
            assert eventually(lambda: listening(free_ports[0]))
            (status,) = inspect(bench.deployment)
            assert status.state == "stranger"
            assert f"process {stranger.pid}" in status.detail
        finally:
            stranger.kill()


def test_a_listener_open_to_the_network_is_refused(bench: Bench, free_ports: list[int]) -> None:
    tool = FakeTool(programs_of=lambda _: (program("alpha", free_ports[0], "--host", "0.0.0.0"),))
    with pytest.raises(InstallerError, match="open to the network"):
        bench.up(tool)
    assert not listening(free_ports[0])


def test_a_wrong_reply_is_not_healthy(bench: Bench, free_ports: list[int]) -> None:
    item = program("alpha", free_ports[0], "--body", "finer")
    assert item.health is not None
    hasty = type(item.health)(item.health.url, item.health.expect, timeout=1.5)
    wrong = type(item)(name="alpha", argv=item.argv, ports=item.ports, health=hasty)
    with pytest.raises(InstallerError, match="something else than expected"):
        bench.up(FakeTool(programs_of=lambda _: (wrong,)))


def test_what_is_slow_but_gets_on_is_waited_for(bench: Bench, free_ports: list[int]) -> None:
    item = program("alpha", free_ports[0], "--busy", "9")
    assert item.health is not None
    hasty = type(item.health)(item.health.url, item.health.expect, timeout=4)
    bench.up(FakeTool(programs_of=lambda _: (replace(item, health=hasty),)))
    assert listening(free_ports[0])


def test_a_secret_reaches_its_program_and_no_log_line_or_argument(bench: Bench, free_ports: list[int]) -> None:
    canary = "canary-7f3a/+"
    write_secrets(bench.deployment.secrets, {"alpha_secret": canary, "other_secret": "other-canary"})

    def with_secret(*options: str) -> FakeTool:
        item = program("alpha", free_ports[0], "--print-variable", "TOKEN", *options)
        programs = (
            type(item)(
                name="alpha",
                argv=item.argv,
                ports=item.ports,
                health=item.health,
                secret_environment={"TOKEN": "alpha_secret"},
            ),
        )
        return FakeTool(secret_names=("alpha_secret",), programs_of=lambda _: programs)

    bench.up(with_secret())
    process = _main_process(bench, "alpha")
    assert process.environ()["TOKEN"] == canary
    assert canary not in str([item.cmdline() for item in processes_of(bench.deployment.services)])
    assert (bench.deployment.services / "alpha/logs/alpha.log").read_text().startswith("TOKEN is (hidden)\n")
    services = bench.service(with_secret("--fail", "1"))
    with pytest.raises(InstallerError) as caught:
        services.up({"other": 1})
    assert canary not in services.explain(caught.value)
    holding = [p for p in bench.deployment.services.rglob("*") if p.is_file() and canary.encode() in p.read_bytes()]
    assert holding == [bench.deployment.services / "alpha/guard/alpha.json"]
    everything = b"".join(p.read_bytes() for p in bench.deployment.services.rglob("*") if p.is_file())
    assert b"other-canary" not in everything


def test_programs_get_a_built_environment(bench: Bench, free_ports: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_VAR_other_secret", "canary")
    bench.up(FakeTool(programs_of=lambda _: (program("alpha", free_ports[0]),)))
    for process in processes_of(bench.deployment.services):
        assert "TF_VAR_other_secret" not in process.environ()
    assert _main_process(bench, "alpha").environ()["HOME"] == str(bench.deployment.services / "alpha/home")


def test_parallel_first_ups_share_one_supervisord(deployment: Deployment, free_ports: list[int]) -> None:
    runs = [
        subprocess.Popen(
            [*fake_service(deployment), "up", name],
            stdout=subprocess.PIPE,
            env={**os.environ, "SERVICE_SETTINGS": json.dumps({"port": port})},
        )
        for name, port in zip(("alpha", "beta", "gamma"), free_ports, strict=False)
    ]
    assert [run.communicate()[0].splitlines()[-1].startswith(b"phase: healthy") for run in runs] == [True] * 3
    assert [status.state for status in inspect(deployment)] == ["healthy"] * 3


def test_a_path_too_long_for_sockets(tmp_path: Path, free_ports: list[int]) -> None:
    deployment = Deployment(tmp_path / ("d" * 120) / "demo")
    deployment.folder.mkdir(parents=True, mode=0o700)
    bench = Bench(deployment)
    try:
        bench.up(FakeTool(programs_of=lambda _: (program("alpha", free_ports[0]),)))
        short = Supervisor(deployment).short_folder()
        assert short is not None
        assert short.stat().st_mode & 0o777 == 0o700
        assert _main_process(bench, "alpha").environ()["TMPDIR"] == str(short / "alpha")
        assert _is_healthy(bench)
    finally:
        control.end_all(deployment)
    assert not short.exists()


def test_status_says_what_is_being_set_up(bench: Bench) -> None:
    folder = bench.deployment.services / "alpha"
    folder.mkdir(parents=True)
    with locked(folder / "lock"):
        (status,) = inspect(bench.deployment)
    assert (status.tool, status.state) == ("alpha", "starting")
    assert inspect(bench.deployment) == []


def test_what_a_tool_was_not_given_is_named(bench: Bench) -> None:
    tool = FakeTool(programs_of=lambda context: (program("alpha", int(context.settings["port"])),))
    with pytest.raises(InstallerError, match="port was not given"):
        bench.up(tool)


def test_entry_point_explains_bad_settings(
    deployment: Deployment, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVICE_SETTINGS", json.dumps([]))
    arguments = ["--deployment", str(deployment.folder), "up", "alpha"]
    assert service.main(arguments, find_tool=lambda name: FakeTool(name=name)) == 1
    assert "SERVICE_SETTINGS" in capsys.readouterr().out
