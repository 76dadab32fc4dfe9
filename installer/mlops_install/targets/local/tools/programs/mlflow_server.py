"""Serve MLflow from one process in its data folder; run by MLflow's own Python.

`mlflow server` imports MLflow, prepares the database and then starts uvicorn in a second process that imports MLflow
again: 16 s of processor time after an installation, 7 s later. This imports once: 10 and 2 s.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import tempfile
import uuid
from pathlib import Path

import sqlite_schema

STORE = "sqlite:///mlflow.db"
"""In the working directory, so that no character of the folder's name can spoil the address."""
SCHEMA = Path(__file__).with_name("mlflow_schema.sql")


def serve(port: int, artifacts: str) -> None:
    """Serve the tracking API and the page on 127.0.0.1 until a signal comes."""
    # What `mlflow server` hands to uvicorn (mlflow 3.17.2, mlflow/server/__init__.py, `_run_server`).
    os.environ.update(
        {
            "_MLFLOW_SERVER_FILE_STORE": STORE,
            "_MLFLOW_SERVER_REGISTRY_STORE": STORE,
            "_MLFLOW_SERVER_ARTIFACT_ROOT": "mlflow-artifacts:/",
            "_MLFLOW_SERVER_ARTIFACT_DESTINATION": artifacts,
            "_MLFLOW_SERVER_SERVE_ARTIFACTS": "true",
            "_MLFLOW_SERVER_BOOT_ID": uuid.uuid4().hex,
            "_MLFLOW_IN_JOB_EXECUTOR": "false",
            "_MLFLOW_SGI_NAME": "uvicorn",
        }
    )
    sqlite_schema.prepare(Path("mlflow.db"), SCHEMA, "mlflow")
    # Collections while modules load find nothing to free and cost a third of the start.
    gc.disable()
    import mlflow.server
    import uvicorn
    from mlflow.server.fastapi_app import app
    from mlflow.server.handlers import initialize_backend_stores

    initialize_backend_stores(STORE, STORE, "mlflow-artifacts:/")
    gc.freeze()
    gc.enable()
    log_config = Path(mlflow.server.__file__).with_name("uvicorn_log_config.yaml")
    uvicorn.run(app, host="127.0.0.1", port=port, log_config=str(log_config))


def print_schema() -> None:
    """Print the schema that MLflow's own migrations make."""
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "mlflow.db"
        SqlAlchemyStore(f"sqlite:///{database}", "mlflow-artifacts:/")
        sys.stdout.write(sqlite_schema.render(database, "mlflow"))


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve MLflow on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=5000)
    parser.add_argument("--artifacts", default="./artifacts", help="folder or URI that keeps the artifacts")
    parser.add_argument("--print-schema", action="store_true")
    arguments = parser.parse_args()
    if arguments.print_schema:
        print_schema()
    else:
        serve(arguments.port, arguments.artifacts)


if __name__ == "__main__":
    main()
