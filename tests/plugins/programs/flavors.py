"""Serve models of several libraries and ask each with tables and arrays: is the answer the one predicted here?"""

import json

import mlflow
import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier
from mlflow.deployments import get_deploy_client
from mlflow.models import infer_signature
from registry import log
from same import same
from sklearn.datasets import load_wine
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier, XGBRegressor

X, Y = load_wine(return_X_y=True, as_frame=True)
MIXED = X.assign(
    alcohol=X.alcohol.astype("float32"), magnesium=X.magnesium.astype("int32"), proline=X.proline.astype("int64")
)


class Mean(mlflow.pyfunc.PythonModel):
    """A class of one's own."""

    def predict(self, context, model_input, params=None):
        """Return the mean of each row, of the numbers as they came."""
        return np.asarray(model_input).mean(axis=1)


MODELS = {
    "linear": (mlflow.sklearn, LinearRegression()),
    "logistic": (mlflow.sklearn, make_pipeline(StandardScaler(), LogisticRegression())),
    "forest": (mlflow.sklearn, RandomForestClassifier(10, random_state=0)),
    "boosting": (mlflow.sklearn, GradientBoostingClassifier(n_estimators=5)),
    "xgboost-classes": (mlflow.xgboost, XGBClassifier(n_estimators=5)),
    "xgboost-numbers": (mlflow.xgboost, XGBRegressor(n_estimators=5)),
    "lightgbm": (mlflow.lightgbm, LGBMClassifier(n_estimators=5, verbose=-1)),
    "own-class": (mlflow.pyfunc, Mean()),
}
INPUTS = {"table": X, "mixed-table": MIXED, "array": X.to_numpy(), "float32-array": X.to_numpy("float32")}


def ask(client, name, flavor, model, inputs):
    """Serve the model fitted on the inputs; compare what is served with MLflow's prediction, and the model's own."""
    if flavor is not mlflow.pyfunc:
        model.fit(inputs, Y)
    native = model.predict(None, inputs) if flavor is mlflow.pyfunc else model.predict(inputs)
    version = log(flavor, model, name, signature=infer_signature(inputs, native), input_example=inputs[:2])
    client.create_deployment(name, f"models:/{name}/{version}")
    try:
        here = mlflow.pyfunc.load_model(f"models:/{name}/{version}").predict(inputs)
        found = client.predict(name, inputs)
        same(here, found["predictions"])
        assert found["model_version"] == version
        if not np.array_equal(np.asarray(native), np.asarray(found["predictions"])):
            # MLflow hands a table on column by column: another order of memory than an array's table has.
            native = (model.predict if flavor is not mlflow.pyfunc else lambda x: model.predict(None, x))(
                pd.DataFrame({column: inputs[column] for column in inputs}) if hasattr(inputs, "columns") else inputs
            )
        np.testing.assert_array_equal(np.asarray(native), np.asarray(found["predictions"]))
    finally:
        client.delete_deployment(name)


def main():
    client, found = get_deploy_client("seldon"), {}
    for name, (flavor, model) in MODELS.items():
        for kind, inputs in INPUTS.items():
            try:
                ask(client, f"{name}-{kind}", flavor, model, inputs)
                found[f"{name}-{kind}"] = ""
            except Exception as error:
                found[f"{name}-{kind}"] = f"{type(error).__name__}: {error}"
    print(json.dumps(found))


main()
