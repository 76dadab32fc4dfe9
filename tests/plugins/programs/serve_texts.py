"""Serve a model that returns texts."""

import json

import mlflow
import numpy as np
import pandas as pd
from mlflow.deployments import get_deploy_client
from mlflow.models import infer_signature
from registry import log
from sklearn.dummy import DummyClassifier

table = pd.DataFrame({"a": [1.0, 2.0]})
model = DummyClassifier(strategy="constant", constant="yes").fit(table, np.array(["yes", "no"]))
version = log(mlflow.sklearn, model, "texts", signature=infer_signature(table, model.predict(table)))
get_deploy_client("seldon").create_deployment("texts", f"models:/texts/{version}")
print(json.dumps(version))
