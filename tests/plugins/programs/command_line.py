"""Serve, ask and undeploy by MLflow's command line; its commands run in this process, which has MLflow loaded."""

import json
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
from click.testing import CliRunner
from mlflow.deployments.cli import commands
from mlflow.models import infer_signature
from registry import log
from sklearn.dummy import DummyRegressor


def said(*arguments):
    """Return what a command prints."""
    done = CliRunner().invoke(commands, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def main():
    table = pd.DataFrame({"a": [1.5, 2.5]})  # a file of JSON makes whole numbers of 1.0
    model = DummyRegressor(strategy="constant", constant=[1.5, 2.5]).fit(table, np.ones((2, 2)))
    signature = infer_signature(table, model.predict(table))
    versions = [log(mlflow.sklearn, model, "shell", signature=signature) for _ in range(2)]
    mlflow.MlflowClient().set_registered_model_alias("shell", "champion", versions[0])
    target = ("-t", "seldon", "--name", "shell")
    assert "deployment shell is created" in said("create", *target, "-m", "models:/shell@champion")
    assert "status: ready" in said("get", *target)
    Path("input.json").write_text(table.to_json())
    assert json.loads(said("predict", *target, "-I", "input.json"))["predictions"] == [[1.5, 2.5], [1.5, 2.5]]
    assert "is updated" in said("update", *target, "-m", f"models:/shell/{versions[1]}")
    assert f"'version': '{versions[1]}'" in said("list", "-t", "seldon")
    assert "SELDON_URL" in said("help", "-t", "seldon")
    assert "is deleted" in said("delete", *target)
    print(json.dumps(""))


main()
