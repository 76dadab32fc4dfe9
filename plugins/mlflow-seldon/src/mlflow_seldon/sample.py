"""The sample model `iris`: served from the start, through the same path as a model of the user's."""

from __future__ import annotations

from pathlib import Path


def save_iris(folder: Path) -> None:
    """Train a Gaussian naive Bayes on scikit-learn's iris (no download) and save it by MLflow into a new folder."""
    import mlflow.sklearn
    import sklearn
    from mlflow.models import infer_signature
    from sklearn.datasets import load_iris
    from sklearn.naive_bayes import GaussianNB

    features, species = load_iris(return_X_y=True, as_frame=True)
    model = GaussianNB().fit(features, species)
    mlflow.sklearn.save_model(
        model,
        str(folder),
        signature=infer_signature(features, model.predict(features)),
        input_example=features.head(2),
        # Named, so that MLflow doesn't load the model in a further process to find out.
        pip_requirements=[f"scikit-learn=={sklearn.__version__}"],
    )
