"""Train the sample model where it is served: a model written by another scikit-learn may not load.

Usage: train.py MODELS_FOLDER; makes the folder `iris` in it, in MLServer's layout.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import joblib
import sklearn
from sklearn.naive_bayes import GaussianNB


def main(models: Path) -> None:
    folder = models / "iris"
    folder.mkdir(exist_ok=True)
    with (Path(sklearn.__file__).parent / "datasets" / "data" / "iris.csv").open(newline="") as file:
        rows = list(csv.reader(file))[1:]
    features = [[float(value) for value in row[:4]] for row in rows]
    joblib.dump(GaussianNB().fit(features, [int(row[4]) for row in rows]), folder / "model.joblib")
    settings = {
        "name": "iris",
        "implementation": "mlserver_sklearn.SKLearnModel",
        "parameters": {"uri": "./model.joblib", "version": "v1"},
    }
    (folder / "model-settings.json").write_text(json.dumps(settings))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
