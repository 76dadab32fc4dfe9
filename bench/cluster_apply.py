"""Our own share of an apply in a cluster: `python -m bench.cluster_apply [rounds] [preset]`.

The preset is installed by `quick` and, from the same variables and secrets, by Terraform alone, in turn, each time into
the cluster of MLOPS_TEST_KUBECONFIG as it was before. Own share: from Terraform's `version` event to the recorded
result, beside `terraform apply -json` of a saved plan from the same event to its end. The rest of `quick` (start,
preflight, plan) is told apart.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from tests.cluster.conftest import TestCluster, _packages, _simulated
from tests.cluster.stand_in_charts import build_charts
from tests.program import Program

from bench.measure import HEAD, Figure, command, timed

ROUNDS = 4
NAME = "bench"


def main() -> int:
    """Print the figures."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    preset = sys.argv[2] if len(sys.argv) > 2 else "small-cluster"
    root = Path(tempfile.mkdtemp(prefix="mlops-bench-"))
    kubeconfig = Path(os.environ["MLOPS_TEST_KUBECONFIG"])
    packages = _packages()
    if packages is None:
        (root / "charts").mkdir()
    charts = packages or build_charts(root / "charts")
    cluster = TestCluster(Program(root), kubeconfig, charts, _simulated(kubeconfig), packages is not None)
    sys.stdout.write(f"{preset}, {'real' if packages else 'stand-in'} charts\n")
    names = ("quick, all of it", "quick: its apply", "terraform apply alone")
    seconds: dict[str, list[float]] = {name: [] for name in names}
    bare = root / "bare"
    for number in range(rounds):
        # Whoever comes second finds the machine's caches warm: by turns.
        ours_first = number % 2 == 0
        for ours in (ours_first, not ours_first) if bare.exists() else (True, False):
            if ours:
                seconds[names[0]].append(timed(lambda: cluster.quick(preset, NAME)))
                seconds[names[1]].append(_own(cluster.program.folder(NAME)))
                _copy(cluster.program.folder(NAME), bare)
                cluster.program.run("destroy", NAME, "--yes", "--non-interactive", "--purge-data")
            else:
                seconds[names[2]].append(_alone(bare, cluster.program.environment))
        _report(names, seconds)
    shutil.rmtree(root)
    return 0


def _copy(folder: Path, bare: Path) -> None:
    """Keep what the deployment was installed from: the root, its variables, its secrets; no state."""
    if not bare.exists():
        shutil.copytree(folder, bare, ignore=shutil.ignore_patterns("runs", "*.tfstate*", "draft"), symlinks=True)


def _own(folder: Path) -> float:
    """Return the seconds from Terraform's `version` event of the newest apply to the recorded result."""
    run = max((folder / "runs").iterdir())
    result = json.loads((run / "result.json").read_text())
    return (datetime.fromisoformat(result["finished"]) - _began(run / "events.jsonl")).total_seconds()


def _began(events: Path) -> datetime:
    """Return the time of the last `version` event."""
    lines = [line for line in events.read_text().splitlines() if '"type":"version"' in line]
    return datetime.fromisoformat(json.loads(lines[-1])["@timestamp"])


def _alone(bare: Path, environment: Mapping[str, str]) -> float:
    terraform = shutil.which("terraform") or shutil.which("tofu")
    assert terraform is not None, "no terraform on PATH"
    secrets = json.loads((bare / "secrets.tfvars.json").read_text())
    env = {**environment, "CHECKPOINT_DISABLE": "1", **{f"TF_VAR_{key}": value for key, value in secrets.items()}}
    for step in (["init", "-input=false"], ["plan", "-input=false", "-out=p"]):
        command([terraform, *step], env=env, cwd=bare)()
    events = bare / "events.jsonl"
    with events.open("w") as stream:
        argv = [terraform, "apply", "-json", "-input=false", "p"]
        subprocess.run(argv, env=env, cwd=bare, check=True, stdin=subprocess.DEVNULL, stdout=stream)
    ended = datetime.now().astimezone()
    command([terraform, "destroy", "-input=false", "-auto-approve"], env=env, cwd=bare)()
    return (ended - _began(events)).total_seconds()


def _report(names: tuple[str, ...], seconds: Mapping[str, list[float]]) -> None:
    sys.stdout.write(f"\n{HEAD}\n")
    whole, ours, alone = (Figure(name, tuple(seconds[name])) for name in names)
    sys.stdout.write(f"{alone.line()}\n{ours.line(alone)}\n{whole.line(alone)}\n")
    shares = [100 * (own / bare - 1) for own, bare in zip(ours.seconds, alone.seconds, strict=True)]
    told = f"{min(shares):+.1f} {statistics.median(shares):+.1f} {max(shares):+.1f} %"
    sys.stdout.write(f"own share, round by round: {told} (min, median, max)\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
