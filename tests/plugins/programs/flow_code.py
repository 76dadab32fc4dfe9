"""Deploy a flow's code into MLflow and fetch it as a flow run does."""

import os
import sys
import tempfile
from pathlib import Path

import mlflow
from checks import check, run
from mlops_environment.flows import EXPERIMENT, FlowCodeError, MlflowStorage
from prefect import Flow
from prefect.flows import load_flow_from_entrypoint
from prefect.runner.storage import RunnerStorage
from prefect.utilities.importtools import import_object

FLOW = """
from prefect import flow
from helper import ANSWER

@flow
def answer() -> int:
    return ANSWER
"""
mlflow.create_experiment(EXPERIMENT, artifact_location=os.environ["TEST_ARTIFACTS"])


def code(answer, name="code"):
    """Write a flow with a module beside it, and what doesn't belong to it."""
    folder = Path(tempfile.mkdtemp()) / name
    (folder / "__pycache__").mkdir(parents=True)
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / "__pycache__" / "x.pyc").write_text("no")
    (folder / "flow.py").write_text(FLOW)
    (folder / "helper.py").write_text(f"ANSWER = {answer}\n")
    return folder


def steps(storage):
    found = storage.to_pull_step()
    return [found] if isinstance(found, dict) else found


def failure(call):
    """Return the error that a call ends with."""
    try:
        call()
    except Exception as error:
        return error
    raise AssertionError("it was not refused")


@check
def it_is_what_prefect_takes_for_storage():
    storage = MlflowStorage(code(1))
    assert isinstance(storage, RunnerStorage)
    assert storage == MlflowStorage(storage.folder)
    assert storage != MlflowStorage(code(1))
    assert storage.pull_interval is None


@check
def a_flow_run_has_the_code_without_the_folder():
    folder = code(42)
    deployable = Flow.from_source(MlflowStorage(folder), "flow.py:answer")
    pull_steps = steps(deployable._storage)
    for path in sorted(folder.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    os.chdir(tempfile.mkdtemp())
    ((name, inputs),) = pull_steps[0].items()
    place = Path(import_object(name)(**inputs)["directory"])
    assert sorted(path.name for path in place.rglob("*")) == ["flow.py", "helper.py"]
    # As Prefect does with what a step names.
    os.chdir(place)
    sys.path.insert(0, str(place))
    assert load_flow_from_entrypoint("flow.py:answer").fn() == 42


@check
def the_same_code_is_kept_once_and_changed_code_anew():
    folder = code(7)
    first = steps(MlflowStorage(folder))
    assert steps(MlflowStorage(folder)) == first
    (folder / "helper.py").write_text("ANSWER = 8\n")
    assert steps(MlflowStorage(folder)) != first


@check
def the_users_active_run_is_left_alone():
    mlflow.set_experiment("Default")
    with mlflow.start_run() as mine:
        steps(MlflowStorage(code(9)))
        assert mlflow.active_run().info.run_id == mine.info.run_id
    assert mlflow.MlflowClient().get_run(mine.info.run_id).info.experiment_id == "0"


@check
def what_goes_wrong_is_explained():
    assert "is no folder" in str(failure(lambda: MlflowStorage("/not/there")))
    large = code(1)
    with (large / "data.bin").open("wb") as file:
        file.truncate(200 * 2**20)
    error = failure(lambda: steps(MlflowStorage(large)))
    assert isinstance(error, FlowCodeError), error
    assert "without data" in str(error)
    from mlops_environment.flows import pull

    assert "Deploy the flow anew" in str(failure(lambda: pull("0" * 32)))


run()
