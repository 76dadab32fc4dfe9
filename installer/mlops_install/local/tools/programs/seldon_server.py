"""Train the sample model, then start MLServer; run by MLServer's own Python.

Usage: seldon_server.py SETTINGS_JSON MODELS_FOLDER [SAMPLE_MODEL_FOLDER]. `mlserver start` imports its Triton client
too, and takes host and ports from a settings.json in the models' folder, which here may be the operator's.
"""

from __future__ import annotations

import csv
import gc
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlserver import Settings


def train_sample(folder: Path) -> None:
    """Write `model.joblib`, a classifier of the iris data set that scikit-learn ships.

    At each start, which takes milliseconds: a model written by another scikit-learn may not load.
    """
    import joblib
    import sklearn
    from sklearn.naive_bayes import GaussianNB

    # Read here: sklearn.datasets imports a second of code for other sets.
    with (Path(sklearn.__file__).parent / "datasets" / "data" / "iris.csv").open(newline="") as file:
        rows = list(csv.reader(file))[1:]
    features = [[float(value) for value in row[:4]] for row in rows]
    classifier = GaussianNB().fit(features, [int(row[4]) for row in rows])
    joblib.dump(classifier, folder / "model.joblib")


async def serve(settings: Settings) -> None:
    from mlserver import MLServer
    from mlserver.repository.factory import ModelRepositoryFactory

    models = await ModelRepositoryFactory.resolve_model_repository(settings).list()
    await MLServer(settings).start(models)


def main(settings_file: Path, models: Path, *samples: Path) -> None:
    if not models.is_dir():
        sys.exit(f"The models' folder {models} is not there: make it, or change seldon_models_directory.")
    # What is imported stays: collecting while it is built only costs time.
    gc.disable()
    import uvloop
    from mlserver import Settings

    for sample in samples:
        train_sample(sample)
    # A model's own classes lie beside its settings (mlserver.cli.serve).
    sys.path.insert(0, str(models))
    settings = Settings(**json.loads(settings_file.read_text()), model_repository_root=str(models))
    gc.freeze()
    gc.enable()
    uvloop.run(serve(settings))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
