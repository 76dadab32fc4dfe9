"""The live lines of a run, from real services."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.runtime.conftest import Bench, FakeTool, eventually, program

from mlops_install.deployment.files import make_private
from mlops_install.deployment.secrets import write_secrets
from mlops_install.targets.local.supervision import control


def test_live_lines_until_the_result(bench: Bench, free_ports: list[int]) -> None:
    write_secrets(bench.deployment.secrets, {"other_secret": "canary-1234"})
    run = bench.deployment.run("0001")
    make_private(run.path)
    logs = bench.deployment.services / "alpha/logs"
    make_private(logs)
    (logs / "old.log").write_text("from before\n")
    with subprocess.Popen([sys.executable, "-m", "mlops_install.targets.local.watch", str(run.path)]) as watch:

        def text() -> str:
            return run.live.read_text() if run.live.exists() else ""

        try:
            assert eventually(run.live.exists)
            bench.up(FakeTool(programs_of=lambda _: (program("alpha", free_ports[0], "--print-variable", "HOME"),)))
            assert eventually(lambda: "HOME is" in text())
            with (logs / "alpha.log").open("a") as stream:
                stream.write("a canary-1234 sings\nhalf a line")
            assert eventually(lambda: "a (hidden) sings" in text())
            control.stop(bench.deployment)
            assert eventually(lambda: "alpha GONE" in text())
            run.result.write_text("{}")
            assert watch.wait(20) == 0
        finally:
            watch.kill()
    events = [json.loads(line) for line in text().splitlines()]
    assert {event["type"] for event in events} == {"service_log", "service_state"}
    assert all(event["module"] == "alpha" and event["source"] == "live" and event["v"] == 1 for event in events)
    assert "from before" not in text()
    assert "half a line" not in text()
    assert run.live.stat().st_mode & 0o777 == 0o600
