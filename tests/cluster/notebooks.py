"""A notebook server of a test's own, started through the Hub, and programs run in it as a kernel would run them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cluster.canaries import secrets_of
from tests.cluster.conftest import TestCluster

from mlops_install.targets.kubernetes.exec import STDERR, PodProcess
from mlops_install.targets.kubernetes.pods.checks import Place, find_place

USER = "mlops-verify"
"""The one whose servers the service of `verify` may start."""
_SCRIPT = """
import json, sys, time, urllib.error, urllib.request

told = json.loads(sys.stdin.readline())

def call(method, path):
    url = "http://hub:8081/hub/api/users/" + told["user"] + path
    request = urllib.request.Request(url, b"{}" if method == "POST" else None, method=method)
    request.add_header("Authorization", "token " + told["token"])
    with urllib.request.urlopen(request) as reply:
        return json.loads(reply.read() or b"null")

begun = time.monotonic()
if told["verb"] == "start":
    try:
        call("POST", "")
    except urllib.error.HTTPError as error:
        assert error.code == 409, error
    call("POST", "/server")
    while not (server := call("GET", "")["servers"].get("", {})).get("ready"):
        assert server.get("pending"), "the server ended while it started"
        time.sleep(0.2)
else:
    call("DELETE", "")
print(time.monotonic() - begun)
"""


@contextmanager
def notebook(cluster: TestCluster, name: str) -> Iterator[tuple[Place, float]]:
    """Start a server in the deployment's Hub; give its container and the seconds it took. It goes at the end."""
    api = cluster.client()
    hub = find_place(api, "jhub", "app=jupyterhub,component=hub", "hub")
    told = {"user": USER, "token": secrets_of(cluster, name)["jupyterhub_verify_token"]}
    started = run_in(cluster, hub, ["python3", "-c", _SCRIPT], json.dumps({**told, "verb": "start"}) + "\n")
    try:
        seconds = float(started.splitlines()[-1])
        server = find_place(
            api, "jhub", "app=jupyterhub,component=singleuser-server", "notebook",
            annotation=("hub.jupyter.org/username", USER),
        )  # fmt: skip
        yield server, seconds
    finally:
        run_in(cluster, hub, ["python3", "-c", _SCRIPT], json.dumps({**told, "verb": "stop"}) + "\n")


def run_in(cluster: TestCluster, place: Place, argv: list[str], given: str = "", *, seconds: float = 900) -> str:
    """Run a program in a container and return what it printed; it must succeed."""
    said: dict[bool, bytes] = {False: b"", True: b""}
    with PodProcess(cluster.client(), place.namespace, place.pod, place.container, argv) as process:
        if given:
            process.write(given.encode())
        for channel, data in process.read(seconds):
            said[channel == STDERR] += data
        assert process.exit_code == 0, (said[False][-2000:].decode(), said[True][-4000:].decode())
    return said[False].decode()


def run_script(cluster: TestCluster, place: Place, script: Path, *arguments: str) -> str:
    """Run a Python file of the tests in a container, in a folder that it may write to."""
    text = script.read_text(encoding="utf-8")
    start = f"import os, sys; os.chdir('/tmp'); t = sys.stdin.read({len(text)}); exec(compile(t, 'test', 'exec'))"
    return run_in(cluster, place, ["python3", "-c", start, *arguments], text)
