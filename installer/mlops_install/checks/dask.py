"""Map a function over the workers of a Dask cluster (2026.8.0)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlops_install.checks.steps import CheckError, Steps, address, main

TASKS = 40


def check(payload: Mapping[str, Any], steps: Steps) -> None:
    """Wait for the expected workers, have each of them answer, map and gather."""
    settings = payload.get("settings", {})
    expected = int(settings.get("dask_workers") or settings.get("dask_worker_replicas") or 1)
    with steps.step("connect") as note:
        address(payload, "dask", "DASK_SCHEDULER_ADDRESS")
        from distributed import Client

        # Without an address, as in a notebook: the variable is Dask's own.
        client: Any = Client(timeout=30, set_as_default=False)
        note.detail = client.scheduler.address
    try:
        with steps.step("wait for the workers") as note:
            client.wait_for_workers(expected)
            count = len(client.scheduler_info(n_workers=-1)["workers"])
            if count != expected:
                raise CheckError(f"expected {expected} workers, the scheduler has {count}")
            note.detail = f"{count} workers"
        with steps.step("compare versions") as note:
            note.detail = _versions(client)
        with steps.step("call every worker") as note:
            replies = client.run(_who)
            if len(set(replies.values())) != expected:
                raise CheckError(f"{expected} workers, but {len(replies)} replies: {sorted(replies)}")
            note.detail = ", ".join(sorted(replies))
        with steps.step("map and gather") as note:
            futures = client.map(lambda number: number * number, range(TASKS), pure=False)
            total, wanted = sum(client.gather(futures)), sum(number * number for number in range(TASKS))
            if total != wanted:
                raise CheckError(f"expected {wanted}, got {total}")
            note.detail = f"{TASKS} tasks, sum {total}"
            client.cancel(futures)
    finally:
        client.close(timeout=5)


def _who() -> tuple[str, int]:
    """Return which process this is; in containers, process ids alone are often the same."""
    import os
    import socket

    return socket.gethostname(), os.getpid()


def _versions(client: Any) -> str:
    """Return the versions that all sides have; raises CheckError when they differ: Dask then fails in strange ways."""
    found = client.get_versions()
    sides = {"here": found["client"], "the scheduler": found["scheduler"], **found["workers"]}
    told = {}
    for name in ("dask", "distributed", "python"):
        has = {side: str(versions["packages"][name]) for side, versions in sides.items()}
        # Of Python, the feature release: that is what pickled functions depend on.
        cut = {side: ".".join(version.split(".")[:2]) if name == "python" else version for side, version in has.items()}
        if len(set(cut.values())) > 1:
            raise CheckError(f"{name} differs: " + ", ".join(f"{version} on {side}" for side, version in cut.items()))
        told[name] = cut["here"]
    return ", ".join(f"{name} {version}" for name, version in told.items())


if __name__ == "__main__":
    main(check)
