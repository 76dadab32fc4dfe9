"""Serve MLflow from one process; run by MLflow's own Python.

`mlflow server` imports MLflow, migrates the database and then starts uvicorn in a second process that imports
MLflow again. This does the same once: the variables that MLflow 3.17.2 (`mlflow/server/__init__.py`, `_run_server`)
would set come from the service's environment.
"""

from __future__ import annotations

import gc
import os
import sys


def main(port: int) -> None:
    gc.disable()
    import uvicorn
    from mlflow.server import _UVICORN_LOG_CONFIG
    from mlflow.server.fastapi_app import app
    from mlflow.server.handlers import initialize_backend_stores

    store = os.environ["_MLFLOW_SERVER_FILE_STORE"]
    initialize_backend_stores(store, store, os.environ["_MLFLOW_SERVER_ARTIFACT_ROOT"])
    gc.freeze()
    gc.enable()
    uvicorn.run(app, host="127.0.0.1", port=port, log_config=str(_UVICORN_LOG_CONFIG))


if __name__ == "__main__":
    main(int(sys.argv[1]))
