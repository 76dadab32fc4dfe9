"""What the other programs share: an experiment, and models logged without MLflow's search for their requirements.

That search loads each model once more in a process of its own, 20 s a model on a busy machine; what a model needs is in
both environments here.
"""

import os

import mlflow

EXPERIMENT = "plugins"


def log(flavor, model, name, **more):
    """Log a model, register it as `name` and return the version."""
    if mlflow.get_experiment_by_name(EXPERIMENT) is None:
        mlflow.create_experiment(EXPERIMENT, artifact_location=os.environ["TEST_ARTIFACTS"])
    mlflow.set_experiment(EXPERIMENT)
    given = {"python_model": model} if flavor is mlflow.pyfunc else {flavor_argument(flavor): model}
    with mlflow.start_run():
        info = flavor.log_model(name="model", registered_model_name=name, pip_requirements=[], **given, **more)
    return str(info.registered_model_version)


def flavor_argument(flavor):
    """Return what a flavor calls its model: `sk_model`, `xgb_model`, `lgb_model`."""
    return {"sklearn": "sk_model", "xgboost": "xgb_model", "lightgbm": "lgb_model"}[flavor.__name__.split(".")[1]]
