"""What plans of the deployment of `small-cluster` would change: exactly what was changed. Nothing is applied here."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from tests.cluster.conftest import TestCluster
from tests.program import Program

CHECKOUT = Path(__file__).parents[2]
# One of each module, and the release that it belongs to.
CHANGES = {
    "jupyterhub_memory=384Mi": "jupyterhub",
    "prefect_memory=640Mi": "prefect-server",
    "dask_worker_replicas=3": "dask-cluster",
    "feast_memory=640Mi": "feast-online",
    "mlflow_memory=640Mi": "mlflow",
    "seldon_usage_metrics_enabled=true": "seldon-core-operator",
    "postgresql_memory=320Mi": "postgres",
    "object_store_memory=640Mi": "seaweedfs",
    "valkey_memory=96Mi": "feast-redis",
}


def planned(on_cluster: TestCluster, name: str, *flags: str) -> set[str]:
    """Return the releases that a plan would change; nothing but releases may be among its changes."""
    found = set()
    for change in on_cluster.program.document("plan", name, "--non-interactive", *flags)["changes"]:
        parts = re.fullmatch(r'module[.]\w+\["([a-z-]+)"\][.]helm_release[.]this', change["address"])
        assert parts, change
        assert change["action"] == "update", change
        found.add(parts[1])
    return found


def test_a_changed_parameter_of_each_module_changes_exactly_its_release(on_cluster: TestCluster, small: str) -> None:
    # Each is changed in two of five plans, and no two in the same two: what one changes beyond its own release shows in
    # the plan that it is in without the other.
    places = dict(zip(CHANGES, combinations(range(5), 2), strict=False))
    assert len(places) == len(CHANGES)
    for plan in range(5):
        changed = [change for change, where in places.items() if plan in where]
        flags = [f"--set={change}" for change in changed]
        assert planned(on_cluster, small, *flags) == {CHANGES[change] for change in changed}, changed


def test_a_changed_template_of_a_chart_of_our_own_is_seen_by_a_plan(on_cluster: TestCluster, small: str) -> None:
    # Another version of the program, whose charts' versions are the same.
    other = on_cluster.program.root / "other"
    package = other / "installer" / "mlops_install"
    shutil.copytree(CHECKOUT / "installer" / "mlops_install", package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(CHECKOUT / "terraform", other / "terraform", symlinks=True)
    for name in ("presets", "plugins"):
        (other / name).symlink_to(CHECKOUT / name)
    template = other / "terraform" / "modules" / "dask" / "chart" / "templates" / "cluster.yaml"
    template.write_text(template.read_text() + "# changed\n")
    program = Program(on_cluster.program.root, {"PYTHONPATH": str(package.parent)})
    assert planned(replace(on_cluster, program=program), small) == {"dask-cluster"}
