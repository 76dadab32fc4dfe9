"""Programs run through `exec`'s WebSocket: streams, exit codes, refusals, lost connections."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
from tests.unit.targets.kubernetes.kubelet import V4, V5, Kubelet, kubelet

from mlops_install.targets.kubernetes.errors import ClusterError
from mlops_install.targets.kubernetes.exec import STDERR, STDOUT, PodProcess

ECHO = "import sys; sys.stdout.write(sys.stdin.read().upper()); sys.stderr.write('warned'); sys.exit(3)"


@pytest.fixture
def server() -> Iterator[Kubelet]:
    with kubelet(V5, V4) as made:
        yield made


def start(server: Kubelet, *argv: str) -> PodProcess:
    return PodProcess(server.cluster(), "jhub", "hub-1", "hub", argv)


def collected(process: PodProcess) -> dict[int, bytes]:
    found = {STDOUT: b"", STDERR: b""}
    for channel, data in process.read(60):
        found[channel] += data
    return found


def test_input_output_and_exit_code_of_a_program(server: Kubelet) -> None:
    with start(server, "python3", "-c", ECHO) as process:
        process.write(b"x" * 100_000)
        process.end_input()
        assert collected(process) == {STDOUT: b"X" * 100_000, STDERR: b"warned"}
        assert process.exit_code == 3
    assert server.paths[0].startswith(
        "/api/v1/namespaces/jhub/pods/hub-1/exec?container=hub&command=python3&command=-c"
    )
    assert server.tokens == ["Bearer t"]


def test_an_exit_code_of_zero(server: Kubelet) -> None:
    with start(server, "python3", "-c", "print('done')") as process:
        assert collected(process)[STDOUT] == b"done\n"
        assert process.exit_code == 0


def test_a_program_that_isnt_there_is_an_error(server: Kubelet) -> None:
    with (
        start(server, "/nowhere") as process,
        pytest.raises(ClusterError, match=r"nothing could be run in hub-1.*nowh"),
    ):
        collected(process)


def test_reading_gives_up_in_time_and_may_go_on(server: Kubelet) -> None:
    with start(server, "python3", "-c", "input(); print('on')") as process:
        with pytest.raises(TimeoutError):
            list(process.read(0.05))
        process.write(b"\n")
        assert collected(process)[STDOUT] == b"on\n"


def test_without_v5_the_inputs_end_is_the_connections_end() -> None:
    with kubelet(V4) as server, start(server, "python3", "-c", "import sys; sys.stdin.read()") as process:
        process.keep()
        process.end_input()
        with pytest.raises(ClusterError, match="lost"):
            collected(process)
        with pytest.raises(ClusterError, match="lost"):
            process.write(b"more")
        deadline = time.monotonic() + 30
        while not server.children and time.monotonic() < deadline:
            pass
        assert server.children[0].wait(timeout=30) == 0


def test_a_connection_that_is_lost_is_an_error(server: Kubelet) -> None:
    server.drops = True
    with start(server, "python3", "-c", "import sys; sys.stdin.read()") as process:
        with pytest.raises(ClusterError, match="the connection to hub-1 was lost"):
            collected(process)
        assert process.exit_code is None


@pytest.mark.parametrize(("status", "reason"), [(403, "Forbidden"), (404, "NotFound"), (401, "Unauthorized")])
def test_a_refusal_says_why_and_credentials_are_tried_anew(server: Kubelet, status: int, reason: str) -> None:
    said = {"kind": "Status", "reason": reason, "message": "pods/exec"}
    server.refusal = status, json.dumps(said).encode()
    with pytest.raises(ClusterError) as caught:
        start(server, "true")
    assert (caught.value.status, caught.value.reason) == (status, reason)
    assert len(server.paths) == (2 if status == 401 else 1)


def test_a_server_without_the_protocol_is_refused() -> None:
    with kubelet() as server, pytest.raises(ClusterError, match=r"runs nothing in hub-1|none of the protocols"):
        start(server, "true")
