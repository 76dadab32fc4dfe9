"""What the notebook and the flow have in common: wines as features, and a model trained on them.

Nothing here knows where the tools run: their clients read MLFLOW_TRACKING_URI, DASK_SCHEDULER_ADDRESS and
PREFECT_API_URL by themselves, and the others' addresses are in FEAST_SERVER_URL and SELDON_URL.
"""

import os
from datetime import UTC, datetime

import mlflow
import pandas as pd
import requests
from mlflow.models import infer_signature
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import ConfusionMatrixDisplay, accuracy_score
from sklearn.model_selection import train_test_split

NAME = os.environ.get("LOOP_NAME", "wine")
"""Of the registered model, the served model, the experiment and the flow's deployment."""
VIEW = "wine_measures"


def load_wines() -> pd.DataFrame:
    """Return scikit-learn's wine data set: `wine_id`, 13 measures and `grape` (0, 1 or 2) of 178 wines."""
    wines = load_wine(as_frame=True).frame
    wines = wines.rename(columns={"od280/od315_of_diluted_wines": "od280_od315", "target": "grape"})
    wines.insert(0, "wine_id", range(len(wines)))
    return wines


def push_features(wines: pd.DataFrame) -> None:
    """Make the measures known to Feast's online store."""
    rows = wines.drop(columns="grape")
    now = datetime.now(UTC).isoformat()
    columns = rows.to_dict(orient="list") | {name: [now] * len(rows) for name in ("event_timestamp", "created")}
    body = {"push_source_name": f"{VIEW}_push", "df": columns, "to": "online"}
    requests.post(f"{os.environ['FEAST_SERVER_URL']}/push", json=body, timeout=120).raise_for_status()


def read_features(wines: pd.DataFrame) -> pd.DataFrame:
    """Return the measures of these wines as Feast's online store has them, in their order."""
    measures = list(wines.columns.drop(["wine_id", "grape"]))
    body = {
        "features": [f"{VIEW}:{name}" for name in measures],
        "entities": {"wine_id": wines["wine_id"].tolist()},
    }
    reply = requests.post(f"{os.environ['FEAST_SERVER_URL']}/get-online-features", json=body, timeout=120)
    reply.raise_for_status()
    found = reply.json()
    columns = zip(found["metadata"]["feature_names"], found["results"], strict=True)
    return pd.DataFrame({name: column["values"] for name, column in columns})[measures]


def split(wines: pd.DataFrame) -> list:
    """Return features and grapes to train with, features and grapes to test with, all read from Feast."""
    x_train, x_test, y_train, y_test = train_test_split(read_features(wines), wines["grape"], random_state=0)
    return [x_train, y_train, x_test, y_test]


def log_model(model: RandomForestClassifier, data: list, *, name: str, alias: str) -> str:
    """Log a trained model in the active run, register it by this name and give it the alias; return its version."""
    x_train, _, x_test, y_test = data
    mlflow.log_metric("accuracy", accuracy_score(y_test, model.predict(x_test)))
    mlflow.log_figure(ConfusionMatrixDisplay.from_estimator(model, x_test, y_test).figure_, "confusion.png")
    logged = mlflow.sklearn.log_model(
        model,
        name="model",
        signature=infer_signature(x_train, model.predict(x_train)),
        input_example=x_train.head(3),
        # Left out, MLflow finds them out in a Python of its own, which takes a while.
        pip_requirements=mlflow.sklearn.get_default_pip_requirements(),
        registered_model_name=name,
    )
    version = logged.registered_model_version
    mlflow.MlflowClient().set_registered_model_alias(name, alias, version)
    return str(version)
