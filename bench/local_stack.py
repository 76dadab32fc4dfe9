"""The laptop preset cold and warm, tool by tool, and our own share of it: `python -m bench.local_stack [rounds]`.

Cold: empty uv and npm caches. Warm: the caches the cold run filled, everything else anew. Own share: from Terraform's
`version` event to the recorded result, beside the same plan applied by Terraform alone. No-op: `plan` beside bare
`init`, `plan -out` and `show -json` of the same root.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.local.conftest import PORTS, free_ports
from tests.program import Program

from bench.measure import HEAD, Figure, command, side_by_side, timed

NOOP_ROUNDS = 7
APPLY_ROUNDS = 5


def main() -> int:
    """Print the figures of as many cold and warm runs as the first argument says (1)."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    totals: dict[str, list[float]] = {"cold": [], "warm": []}
    for _ in range(rounds):
        root = Path(tempfile.mkdtemp(prefix="mlops-bench-"))
        caches = {"UV_CACHE_DIR": str(root / "uv"), "npm_config_cache": str(root / "npm")}
        for kind, seconds in totals.items():
            program = Program(root / kind, caches)
            (root / kind).mkdir()
            seconds.append(_install(program, kind))
            if kind == "warm":
                _compare(program)
            program.run("destroy", "laptop", "--yes", "--non-interactive", "--purge-data")
            shutil.rmtree(root / kind)
        shutil.rmtree(root)
    sys.stdout.write(f"\n{HEAD}\n")
    for kind, seconds in totals.items():
        sys.stdout.write(Figure(f"quick laptop, {kind}", tuple(seconds)).line() + "\n")
    return 0


def _install(program: Program, kind: str) -> float:
    ports = [f"--set={name}={port}" for name, port in zip(PORTS, free_ports(len(PORTS)), strict=True)]
    events: list[dict[str, Any]] = []

    def run() -> None:
        events.extend(program.lines("quick", "laptop", "--yes", "--non-interactive", "--no-verify", *ports))

    seconds = timed(run)
    sys.stdout.write(f"\n{kind}: {seconds:.1f} s to all healthy\n")
    for module, phases in _phases(events).items():
        steps = ", ".join(f"{phase} {took:.1f}" for phase, took in phases)
        sys.stdout.write(f"  {module:12} {sum(took for _, took in phases):6.1f} s  ({steps})\n")
    return seconds


def _phases(events: list[dict[str, Any]]) -> dict[str, list[tuple[str, float]]]:
    """Return (phase, seconds) by module, from the lines each tool printed."""
    marks: dict[str, list[tuple[str, datetime]]] = {}
    for event in events:
        if event["type"] not in ("provision_progress", "apply_start", "apply_complete") or not event["module"]:
            continue
        _, found, text = event["message"].rpartition("phase: ")
        if found or event["type"] != "provision_progress":
            word = text.split()[0] if found else {"apply_start": "begin"}.get(event["type"], "end")
            marks.setdefault(event["module"], []).append((word, datetime.fromisoformat(event["time"])))
    return {
        module: [
            (word, (later - at).total_seconds())
            for (word, at), (_, later) in pairwise(seen)
        ]
        for module, seen in marks.items()
    }  # fmt: skip


def _compare(program: Program) -> None:
    """Measure a no-op plan, and an apply of Dask, ours beside Terraform alone."""
    folder = program.folder("laptop")
    environment = program.environment | {"CHECKPOINT_DISABLE": "1"}
    secrets = json.loads((folder / "secrets.tfvars.json").read_text())
    environment |= {f"TF_VAR_{name}": value for name, value in secrets.items()}
    terraform = shutil.which("terraform") or shutil.which("tofu")
    if terraform is None:
        sys.stdout.write("no terraform on PATH: the comparison with the bare steps is left out\n")
        return
    plan = str(folder.parent / "bare.plan")
    steps = (["init", "-input=false"], ["plan", "-input=false", f"-out={plan}"], ["show", "-json", plan])

    def bare() -> None:
        for step in steps:
            command([terraform, *step], env=environment, cwd=folder)()

    figures = side_by_side(
        {
            "bare init + plan -out + show -json": bare,
            "mlops-install plan (no-op)": lambda: program.run("plan", "laptop", "--non-interactive"),
        },
        rounds=NOOP_ROUNDS,
    )
    sys.stdout.write(f"\n{HEAD}\n")
    base, ours = figures.values()
    sys.stdout.write(base.line() + "\n" + ours.line(base) + "\n")
    sys.stdout.write(f"no-op: {ours.median - base.median:+.2f} s over the bare commands\n")
    _own_share(program, terraform, environment, plan)


def _own_share(program: Program, terraform: str, environment: dict[str, str], plan: str) -> None:
    folder = program.folder("laptop")
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(APPLY_ROUNDS):
        program.run("quick", "laptop", "--set=dask_worker_memory=2GiB", "--yes", "--non-interactive", "--no-verify")
        run = max((folder / "runs").iterdir())
        lines = (run / "events.jsonl").read_text().splitlines()
        first = [json.loads(line) for line in lines if '"version"' in line][-1]
        result = json.loads((run / "result.json").read_text())
        ended = datetime.fromisoformat(result["finished"])
        ours.append((ended - datetime.fromisoformat(first["@timestamp"])).total_seconds())
        # The way back is the same work: Dask re-created with as many workers.
        argv = [terraform, "plan", "-input=false", "-var=dask_worker_memory=1GiB", f"-out={plan}"]
        command(argv, env=environment, cwd=folder)()
        bare.append(timed(command([terraform, "apply", "-input=false", plan], env=environment, cwd=folder)))
    base, own = Figure("terraform apply alone (Dask re-created)", tuple(bare)), Figure("ours", tuple(ours))
    sys.stdout.write(f"{base.line()}\n{own.line(base)}\n")


if __name__ == "__main__":
    sys.exit(main())
