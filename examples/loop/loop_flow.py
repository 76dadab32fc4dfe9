"""The training of the notebook as a Prefect flow: its tasks run on Dask, and each of them reports to MLflow."""

import os
import sys

import cloudpickle
import matplotlib
import mlflow
import wines
from prefect import flow, task
from prefect_dask import DaskTaskRunner
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score
from wines import load_wines, log_model, split

matplotlib.use("agg")
# Dask's workers have the packages of this environment, but not these two files: tasks take their functions along.
for module in (sys.modules[__name__], wines):
    cloudpickle.register_pickle_by_value(module)


@task
def score(run_id: str, trees: int, data: list) -> float:
    """Return the accuracy of a forest with this many trees, by cross-validation, and note it in MLflow."""
    x_train, y_train, _, _ = data
    accuracy = cross_val_score(RandomForestClassifier(trees, random_state=0), x_train, y_train, cv=3).mean()
    mlflow.MlflowClient().log_metric(run_id, "cross_validation", accuracy, step=trees)
    return float(accuracy)


# Once more where it fails: what a network or a busy node does once it seldom does twice.
@flow(
    name="train",
    task_runner=DaskTaskRunner(address=os.environ.get("DASK_SCHEDULER_ADDRESS")),
    log_prints=True,
    retries=1,
)
def train(name: str, trees: list[int], alias: str) -> str:
    """Compare forests on Dask, train the best one on all wines and register it; return its version."""
    mlflow.set_experiment(name)
    data = split(load_wines())
    with mlflow.start_run(run_name="flow") as run:
        scores = [score.submit(run.info.run_id, count, data) for count in trees]
        best, accuracy = max(
            zip(trees, [future.result() for future in scores], strict=True), key=lambda found: found[1]
        )
        print(f"{best} trees: {accuracy:.3f}")
        mlflow.log_param("n_estimators", best)
        model = RandomForestClassifier(best, random_state=0).fit(data[0], data[1])
        return log_model(model, data, name=name, alias=alias)
