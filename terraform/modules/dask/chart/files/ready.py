"""Wait until the scheduler counts its workers; Helm doesn't wait for what the operator makes of a DaskCluster.

Usage: ready.py DASHBOARD WORKERS SECONDS.
"""

from __future__ import annotations

import json
import sys
import time
import urllib.request


def count(url: str) -> int:
    with urllib.request.urlopen(f"{url}/json/counts.json", timeout=10) as reply:  # noqa: S310 - the chart's own address
        return int(json.load(reply)["workers"])


def main(url: str, workers: int, seconds: float) -> None:
    deadline, told = time.monotonic() + seconds, ""
    while True:
        try:
            there = count(url)
            problem = f"{there} of {workers} workers are there" if there < workers else ""
        except OSError as error:
            problem = f"the scheduler doesn't answer at {url}: {error}"
        if not problem:
            return
        if time.monotonic() > deadline:
            sys.exit(problem)
        if problem != told:
            sys.stderr.write(f"waiting: {problem}\n")
            told = problem
        time.sleep(1)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
