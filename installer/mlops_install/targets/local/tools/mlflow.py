"""MLflow 3.17.2: the tracking server with its page, runs in SQLite and artifacts through the server.

Its own checks stay on: only requests that name this machine are answered (mlflow.server.security), without a job
runner (ten processes and 1.7 GB in all with it) and without telemetry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from mlops_install.catalogue.model import Value
from mlops_install.targets.local.tool import EnvironmentSpec, Health, Program, ToolContext

_PROGRAMS = Path(__file__).resolve().parent / "programs"
_SERVER = "mlflow_server.py"
_FILES = (_SERVER, "sqlite_schema.py", "mlflow_schema.sql")
_CLIENTS = {
    "s3": ("boto3",),
    "gs": ("google-cloud-storage",),
    "wasbs": ("azure-storage-blob", "azure-identity"),
    "abfss": ("azure-storage-file-datalake", "azure-identity"),
}
"""What MLflow needs to reach a kind of storage, by URI scheme (MLflow 3 docs, "Artifact Stores")."""


class MlflowTool:
    """The tracking server.

    Settings: `port` (TCP port), `artifact_root` (absolute path or URI; empty: `data/artifacts`).
    """

    name = "mlflow"
    title = "MLflow"
    version = "3.17.2"
    secret_names: Sequence[str] = ()

    def environments(self, settings: Mapping[str, Value]) -> tuple[EnvironmentSpec, ...]:
        """Return the server's environment, with the client of the artifacts' storage where that is not a folder."""
        scheme = str(settings.get("artifact_root") or "").partition("://")[0].lower()
        return (EnvironmentSpec("environment", "mlflow.txt", extra_packages=_CLIENTS.get(scheme, ())),)

    def render(self, context: ToolContext) -> Mapping[Path, str]:
        return {context.config / name: (_PROGRAMS / name).read_text(encoding="utf-8") for name in _FILES}

    def programs(self, context: ToolContext) -> tuple[Program, ...]:
        port = int(context.settings["port"])
        # Deleted experiments included, there is always one: the reply comes out of the database.
        search = f"http://127.0.0.1:{port}/api/2.0/mlflow/experiments/search?max_results=1&view_type=ALL"
        server = Program(
            name="mlflow",
            argv=(
                str(context.python()),
                str(context.config / _SERVER),
                "--port",
                str(port),
                "--artifacts",
                # Relative, as MLflow's own default is: a folder's name may hold what a URI may not.
                str(context.settings.get("artifact_root") or "./artifacts"),
            ),
            environment={
                "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
                "MLFLOW_DISABLE_TELEMETRY": "true",
                "DO_NOT_TRACK": "true",
            },
            ports=(port,),
            health=Health(search, r'\s*\{\s*"experiments"\s*:\s*\[.*"experiment_id".*\}\s*'),
        )
        return (server,)


TOOL = MlflowTool()
