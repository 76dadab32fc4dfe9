"""Log a run to MLflow 3.17.2, read it back, remove it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from mlops_install.checks.steps import CheckError, Steps, address, main

EXPERIMENT = "mlops-verify"


def check(payload: Mapping[str, Any], steps: Steps) -> None:
    """Log a parameter, a metric and an artifact, and compare what comes back."""
    with steps.step("connect") as note:
        note.detail = address(payload, "mlflow", "MLFLOW_TRACKING_URI")
        import mlflow

        experiment_id = _experiment(mlflow)
    run_id, text = "", uuid.uuid4().hex
    try:
        with (
            steps.step("log parameter, metric and artifact") as note,
            mlflow.start_run(experiment_id=experiment_id) as run,
        ):
            run_id = note.detail = run.info.run_id
            mlflow.log_param("learning_rate", "0.1")
            mlflow.log_metric("accuracy", 0.97)
            mlflow.log_text(text, "notes/verify.txt")
        with steps.step("read them back") as note:
            found = mlflow.get_run(run_id)
            artifact = mlflow.artifacts.load_text(f"{found.info.artifact_uri}/notes/verify.txt")
            _compare(found.data.params, {"learning_rate": "0.1"})
            _compare(found.data.metrics, {"accuracy": 0.97})
            _compare(artifact, text)
            note.detail = "parameter, metric and artifact are equal"
    finally:
        with steps.step("clean up") as note:
            _remove(mlflow, run_id, experiment_id)
            note.detail = "artifact removed; run and experiment deleted (MLflow's API keeps them until `mlflow gc`)"


def _experiment(mlflow: Any) -> str:
    """Return the check's experiment: one for all times, because MLflow's API never frees a deleted one's name."""
    client = mlflow.MlflowClient()
    known = client.get_experiment_by_name(EXPERIMENT)
    if known is None:
        return str(client.create_experiment(EXPERIMENT))
    if known.lifecycle_stage == "deleted":
        client.restore_experiment(known.experiment_id)
    return str(known.experiment_id)


def _remove(mlflow: Any, run_id: str, experiment_id: str) -> None:
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

    client = mlflow.MlflowClient()
    if run_id:
        get_artifact_repository(client.get_run(run_id).info.artifact_uri).delete_artifacts("notes")
        client.delete_run(run_id)
    client.delete_experiment(experiment_id)


def _compare(found: object, expected: object) -> None:
    if found != expected:
        raise CheckError(f"expected {expected!r}, read {found!r}")


if __name__ == "__main__":
    main(check)
