"""Predict with the served model over the Open Inference Protocol (MLServer 1.7.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlops_install.checks.steps import CheckError, Steps, address, main

MODEL = "iris"
SAMPLES = [[5.1, 3.5, 1.4, 0.2], [6.7, 3.0, 5.2, 2.3]]
"""A setosa and a virginica of the iris data set: centimetres of sepal and petal."""
CLASSES = [0, 2]


def check(payload: Mapping[str, Any], steps: Steps) -> None:
    """Predict two known samples; with models of the operator's own, ask that all are ready."""
    model_server = payload.get("facts", {}).get("model_server", True)
    with steps.step("connect") as note:
        url = address(payload, "seldon", "SELDON_URL").rstrip("/")
        import httpx

        client = httpx.Client(base_url=url, timeout=60, trust_env=False)
        if model_server:
            server = _ok(client.get("/v2")).json()
            note.detail = f"{server.get('name')} {server.get('version')} at {url}"
        else:
            _ok(client.get(f"/v2/models/{MODEL}/ready"))
            note.detail = f"{MODEL} is ready at {url}"
    if model_server and not _sample_is_ready(client, payload, steps):
        return
    with steps.step("predict") as note:
        found = _predict(client)
        if found != CLASSES:
            raise CheckError(f"expected classes {CLASSES}, got {found}")
        note.detail = f"{MODEL}: {found}"


def _sample_is_ready(client: Any, payload: Mapping[str, Any], steps: Steps) -> bool:
    """Ask that every model is ready; return whether the sample is among them, as it must be unless the models are own.

    Raises CheckError when one isn't ready.
    """
    with steps.step("models are ready") as note:
        models = _ok(client.post("/v2/repository/index", json={})).json()
        waiting = [model["name"] for model in models if model.get("state") != "READY"]
        if waiting or not models:
            raise CheckError(f"not ready: {', '.join(waiting)}" if waiting else "no model is served")
        names = sorted(model["name"] for model in models)
        note.detail = ", ".join(names)
    return MODEL in names or not payload.get("settings", {}).get("seldon_models_directory")


def _predict(client: Any) -> list[Any]:
    values = [number for sample in SAMPLES for number in sample]
    tensor = {"name": "input-0", "shape": [len(SAMPLES), 4], "datatype": "FP64", "data": values}
    reply = _ok(client.post(f"/v2/models/{MODEL}/infer", json={"inputs": [tensor]})).json()
    return list(reply["outputs"][0]["data"])


def _ok(response: Any) -> Any:
    if response.status_code != 200:
        raise CheckError(f"{response.request.url.path} answered {response.status_code}: {response.text[:200]}")
    return response


if __name__ == "__main__":
    main(check)
