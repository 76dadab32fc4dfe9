"""A flow's code on its way from a notebook to its runs: through MLflow's artifacts, on both targets the same.

    flow.from_source(MlflowStorage("."), "training.py:train").deploy("training")

A flow run needs no access to the folder, nor an image of its own. Interface: prefect.runner.storage.RunnerStorage and a
deployment's pull steps, Prefect 3.8.8.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

EXPERIMENT = "flow-code"
"""The MLflow experiment that holds the code, a run for each content."""
_CODE = "code"
_DIGEST = "mlops.digest"
_STEP = "mlops_environment.flows.pull"
_NOT = ("__pycache__", ".ipynb_checkpoints", ".git", ".venv", "mlruns", "mlartifacts", ".cache", ".local", ".config")
_LARGEST = 100 * 2**20
"""Bytes of code beyond which somebody meant another folder."""


class FlowCodeError(Exception):
    """The code can't be kept or had; the message says why and what to do."""


class MlflowStorage:
    """A folder of code, kept in MLflow when a flow is deployed and fetched from there by each flow run.

    `folder` holds the flow's file and what it imports from beside it. The same content is kept once.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder).expanduser().resolve()
        if not self.folder.is_dir():
            raise FlowCodeError(f"{self.folder} is no folder: name the one that holds the flow's file.")
        self._base: Path | None = None
        self._run: tuple[str, str] | None = None

    def set_base_path(self, path: Path) -> None:
        """Take the folder below which Prefect wants the code."""
        self._base = path

    @property
    def pull_interval(self) -> int | None:
        """Seconds between two pulls: the code of a deployment doesn't change."""
        return None

    @property
    def destination(self) -> Path:
        """Where the code is for Prefect to look at: the folder itself."""
        return self.folder

    async def pull_code(self) -> None:
        """Do nothing: the code is here."""

    def to_pull_step(self) -> dict[str, Any]:
        """Keep the folder in MLflow and return the step by which a flow run fetches it; raises FlowCodeError."""
        return {_STEP: {"run_id": self._kept()}}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MlflowStorage) and other.folder == self.folder

    def __hash__(self) -> int:
        return hash(self.folder)

    def _kept(self) -> str:
        """Return the MLflow run that holds the folder as it is now."""
        digest = _digest(self.folder)
        if self._run is None or self._run[0] != digest:
            self._run = (digest, _keep(self.folder, digest))
        return self._run[1]


def pull(run_id: str) -> dict[str, str]:
    """Fetch a deployment's code into the flow run's working folder; Prefect goes into what `directory` names.

    Raises FlowCodeError.
    """
    import mlflow

    here = Path.cwd()
    place = Path(tempfile.mkdtemp(prefix="flow-code-", dir=here if os.access(here, os.W_OK) else None))
    try:
        mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path=_CODE, dst_path=str(place))
    except Exception as error:
        raise FlowCodeError(
            f"The flow's code can't be had from MLflow at {mlflow.get_tracking_uri()} (experiment {EXPERIMENT}, run "
            f"{run_id}): {error}. Deploy the flow anew if the run was deleted."
        ) from error
    return {"directory": str(place / _CODE)}


def _keep(folder: Path, digest: str) -> str:
    """Write the folder into MLflow, unless the same content is there, and return its run; raises FlowCodeError."""
    import mlflow

    client = mlflow.MlflowClient()
    try:
        experiment = client.get_experiment_by_name(EXPERIMENT)
        number = experiment.experiment_id if experiment else client.create_experiment(EXPERIMENT)
        found = client.search_runs([number], f"tags.`{_DIGEST}` = '{digest}' and attributes.status = 'FINISHED'")
        if found:
            return str(found[0].info.run_id)
        run = client.create_run(number, run_name=folder.name, tags={_DIGEST: digest}).info.run_id
        with tempfile.TemporaryDirectory() as copy:
            for path in _files(folder):
                target = Path(copy) / path.relative_to(folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
            client.log_artifacts(run, copy, _CODE)
        client.set_terminated(run)
    except Exception as error:
        raise FlowCodeError(
            f"The folder {folder} can't be kept in MLflow at {mlflow.get_tracking_uri()}: {error}. "
            "Is MLflow running, and MLFLOW_TRACKING_URI its address?"
        ) from error
    return str(run)


def _files(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _NOT)
        for name in sorted(names):
            path = Path(root, name)
            if path.is_file():
                yield path


def _digest(folder: Path) -> str:
    """Return a digest of names and contents; raises FlowCodeError for a folder too large to be code."""
    digest, size = hashlib.sha256(), 0
    for path in _files(folder):
        size += path.stat().st_size
        if size > _LARGEST:
            raise FlowCodeError(
                f"{folder} holds more than {_LARGEST // 2**20} MB: put the flow and what it imports into a folder of "
                "their own, without data."
            )
        digest.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
