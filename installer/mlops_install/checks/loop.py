"""Run the example of the whole way, from features to a served model, as a notebook's kernel runs it, and clean up."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mlops_install.checks.steps import SCRATCH, CheckError, Steps, main

EXAMPLE = "examples/loop"
"""In the package `mlops_environment`, from which every notebook server has it."""
NOTEBOOK = "loop.ipynb"
PREFIX = "mlops-verify-"
"""Of everything that a run makes: the registered and the served model, the experiment, the flow's deployment."""
_SHOWN = 160


def check(payload: Mapping[str, Any], steps: Steps) -> None:
    """Run the notebook cell by cell, each under its heading, with names of this run's own; remove what it made."""
    name = PREFIX + uuid.uuid4().hex[:8]
    os.environ["LOOP_NAME"] = name
    with steps.step("start a kernel") as note:
        folder = _example()
        notebook, client = _client(folder)
        stack = contextlib.ExitStack()
        stack.enter_context(client.setup_kernel())
        note.detail = f"{NOTEBOOK}, as {name}"
    try:
        with stack:
            for heading, index in _cells(notebook):
                with steps.step(heading) as note:
                    note.detail = _execute(client, notebook.cells[index], index)
    finally:
        with steps.step("clean up") as note:
            note.detail = _remove(name)


def _example() -> Path:
    from importlib.resources import as_file, files

    folder = tempfile.mkdtemp(prefix="mlops-verify-loop-")
    SCRATCH.append(folder)
    with as_file(files("mlops_environment") / EXAMPLE) as source:
        shutil.copytree(source, folder, dirs_exist_ok=True)
    return Path(folder)


def _client(folder: Path) -> tuple[Any, Any]:
    """Return the notebook, and a client that runs its cells in a kernel of this environment, in the folder."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(folder / NOTEBOOK, as_version=4)
    # Without a limit of its own: the check has one.
    return notebook, NotebookClient(notebook, timeout=None, resources={"metadata": {"path": str(folder)}})


def _cells(notebook: Any) -> Iterator[tuple[str, int]]:
    """Return each code cell's index with the heading above it."""
    heading = ""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            heading = str(cell.source).splitlines()[0].lstrip("# ").strip()
        elif cell.cell_type == "code":
            yield heading[:1].lower() + heading[1:], index


def _execute(client: Any, cell: Any, index: int) -> str:
    """Run one cell and return its value as text; raises CheckError with the error that it ended with."""
    from nbclient.exceptions import CellExecutionError

    try:
        done = client.execute_cell(cell, index)
    except CellExecutionError as error:
        raise CheckError(f"{error.ename}: {' '.join(str(error.evalue).split())}") from None
    shown = [output.data.get("text/plain", "") for output in done.outputs if output.output_type == "execute_result"]
    text = " ".join(" ".join(shown).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _remove(name: str) -> str:
    """Remove what a run of this name made, as far as it came; raises what the first failing tool raised."""
    removed: list[str] = []
    failures: list[Exception] = []
    for what, remove in (("served model", _unserve), ("flow", _forget_flow), ("runs and model", _forget_runs)):
        try:
            removed += [what] * remove(name)
        except Exception as error:  # the other tools' things are removed all the same
            failures.append(error)
    if failures:
        raise failures[0]
    return f"removed: {', '.join(removed) or 'nothing was made'}; Feast's API deletes no online row"


def _unserve(name: str) -> bool:
    from mlflow.deployments import get_deploy_client

    client = get_deploy_client("seldon")
    if name not in {deployment["name"] for deployment in client.list_deployments()}:
        return False
    client.delete_deployment(name)
    return True


def _forget_flow(name: str) -> bool:
    """Delete the flow's deployment with its runs; the flow itself stays where others have deployed it, too."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterName
    from prefect.client.schemas.sorting import DeploymentSort, FlowRunSort

    mine = DeploymentFilter(name=DeploymentFilterName(any_=[name]))
    # Both are said: a server with a newer FastAPI takes no null for what is left out.
    some: dict[str, Any] = {"limit": 200, "sort": DeploymentSort.NAME_ASC}
    with get_client(sync_client=True) as client:
        found = client.read_deployments(deployment_filter=mine, **some)
        runs = client.read_flow_runs(deployment_filter=mine, limit=200, sort=FlowRunSort.START_TIME_DESC)
        for run in runs if found else ():
            client.delete_flow_run(run.id)
        for deployment in found:
            client.delete_deployment(deployment.id)
            left = client.read_deployments(**some)
            if not any(other.flow_id == deployment.flow_id for other in left):
                client.delete_flow(deployment.flow_id)
    return bool(found)


def _forget_runs(name: str) -> bool:
    """Delete the registered model and the experiment; MLflow keeps a deleted experiment until `mlflow gc`."""
    import mlflow

    client: Any = mlflow.MlflowClient()
    with contextlib.suppress(mlflow.MlflowException):
        client.delete_registered_model(name)
    experiment = client.get_experiment_by_name(name)
    if experiment is None:
        return False
    client.delete_experiment(experiment.experiment_id)
    return True


if __name__ == "__main__":
    main(check)
