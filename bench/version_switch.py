"""A steady load on a served model while its version is switched: FOLDER/services/environment/environment/bin/python \
bench/version_switch.py FOLDER [requests a second] [seconds].

FOLDER is a running local deployment. Two versions of a model are registered whose answers differ; half-way the second
one takes the first one's place. Counted: replies that failed, and replies that aren't what the version they name
answers.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

NAME = "bench-switch"
WORKERS = 32
"""Requests that may be under way at once; more than there are at any time unless replies get slow."""


def main() -> int:
    """Print the figures; exit code 1 when a reply failed or was wrong."""
    folder = Path(sys.argv[1]).resolve()
    rate, seconds = (int(sys.argv[2]) if len(sys.argv) > 2 else 100), (int(sys.argv[3]) if len(sys.argv) > 3 else 10)
    _find_services(folder)
    from mlflow.deployments import get_deploy_client

    rows, expected = _two_versions()
    client = get_deploy_client("seldon")
    client.create_deployment(NAME, f"models:/{NAME}/1")
    try:
        switched: list[float] = []
        timer = threading.Timer(seconds / 2, lambda: switched.append(_timed_switch(client)))
        timer.start()
        replies = _load(rows, rate, seconds)
        timer.join()
    finally:
        client.delete_deployment(NAME)
        _forget()
    return _report(replies, expected, switched)


def _find_services(folder: Path) -> None:
    """Have the variables that a notebook of the deployment finds."""
    done = subprocess.run(
        ["mlops-install", "outputs", "--dir", str(folder), "-o", "json"], check=True, capture_output=True, text=True
    )
    os.environ.update(json.loads(done.stdout)["environment"])
    os.environ.setdefault("SELDON_MODELS_DIRECTORY", str(folder / "services" / "seldon" / "data" / "models"))


def _two_versions() -> tuple[Any, dict[str, list[int]]]:
    """Register two versions; return the rows that are asked, and what each version answers."""
    import mlflow
    from mlflow.models import infer_signature
    from sklearn.datasets import load_iris
    from sklearn.naive_bayes import GaussianNB

    data = load_iris(as_frame=True)
    rows, expected = data.data.head(2), {}
    mlflow.set_experiment(NAME)
    for version, shift in (("1", 0), ("2", 10)):
        model = GaussianNB().fit(data.data, data.target + shift)
        with mlflow.start_run():
            mlflow.sklearn.log_model(
                model,
                name="model",
                signature=infer_signature(rows, model.predict(rows)),
                registered_model_name=NAME,
                pip_requirements=mlflow.sklearn.get_default_pip_requirements(),
            )
        expected[version] = model.predict(rows).tolist()
    return rows, expected


def _timed_switch(client: Any) -> float:
    start = time.perf_counter()
    client.update_deployment(NAME, f"models:/{NAME}/2")
    return time.perf_counter() - start


def _load(rows: Any, rate: int, seconds: int) -> list[tuple[float, Any]]:
    """Send `rate` requests a second, whether or not earlier ones are answered; return (seconds, reply or error)."""
    import requests

    url = f"{os.environ['SELDON_URL']}/v2/models/{NAME}/infer"
    columns = [
        {"name": name, "datatype": "FP64", "shape": [len(rows), 1], "data": rows[name].tolist()} for name in rows
    ]
    body = {"parameters": {"content_type": "pd"}, "inputs": columns}
    local = threading.local()

    def ask(due: float) -> tuple[float, Any]:
        session = getattr(local, "session", None) or requests.Session()
        local.session = session
        try:
            reply = session.post(url, json=body, timeout=60)
            found: Any = reply.json() if reply.ok else RuntimeError(f"{reply.status_code}: {reply.text[:200]}")
        except requests.RequestException as error:
            found = error
        # From when it was due: what waited for a free worker counts too.
        return time.perf_counter() - due, found

    begun = time.perf_counter()
    with ThreadPoolExecutor(WORKERS) as pool:
        asked = []
        for number in range(rate * seconds):
            due = begun + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            asked.append(pool.submit(ask, due))
        return [future.result() for future in asked]


def _forget() -> None:
    import mlflow

    client = mlflow.MlflowClient()
    client.delete_registered_model(NAME)
    client.delete_experiment(client.get_experiment_by_name(NAME).experiment_id)


def _report(replies: list[tuple[float, Any]], expected: dict[str, list[int]], switched: list[float]) -> int:
    failed = [reply for _, reply in replies if isinstance(reply, Exception)]
    good = [reply for _, reply in replies if not isinstance(reply, Exception)]
    wrong = [it for it in good if it["outputs"][0]["data"] != expected[it["model_version"]]]
    by_version = {version: sum(it["model_version"] == version for it in good) for version in expected}
    times = sorted(took for took, _ in replies)
    say = sys.stdout.write
    say(f"{len(replies)} requests: {len(failed)} failed, {len(wrong)} wrong; answered by version {by_version}\n")
    say(f"{'':10} {'min':>8} {'median':>8} {'p99':>8} {'max':>8} ms\n")
    shown = (times[0], statistics.median(times), times[int(len(times) * 0.99) - 1], times[-1])
    say(f"{'a reply':10} " + " ".join(f"{1000 * value:8.1f}" for value in shown) + "\n")
    say(f"the switch took {switched[0]:.1f} s\n")
    for error in failed[:3]:
        say(f"  {error}\n")
    return 1 if failed or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
