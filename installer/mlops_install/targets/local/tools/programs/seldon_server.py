"""Make the sample model where it is missing, then start MLServer; run by the serving environment's Python.

Usage: seldon_server.py SETTINGS_JSON REASONS_FOLDER MODELS_FOLDER [SAMPLE_MODEL_FOLDER]; why a model failed to load
is written to REASONS_FOLDER/<model>.txt. `mlserver start` imports its Triton client
too, takes host and ports from a settings.json in the models' folder, which here may be the operator's, and ends when
one of the models fails to load.
"""

from __future__ import annotations

import asyncio
import gc
import json
import shutil
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlserver import MLServer, ModelSettings, Settings

_MADE_WITH = ("mlflow", "scikit-learn", "numpy", "mlflow-seldon")
"""What a model that was made with other versions may not load in."""


def make_sample(folder: Path) -> None:
    """Have the sample model in the folder, in the form of any deployed model; nothing when it is there already."""
    made_with = json.dumps({name: version(name) for name in _MADE_WITH})
    stamp = folder / "made-with.json"
    if (folder / "model-settings.json").is_file() and stamp.is_file() and stamp.read_text() == made_with:
        return
    from mlflow_seldon.files import write_files

    write_files(folder, {"MODEL_NAME": folder.name, "MODEL_VERSION": "1", "MODEL_URI": f"sample:{folder.name}"})
    stamp.write_text(made_with)


async def load_all(server: MLServer, models: Iterable[ModelSettings], reasons: Path) -> None:
    """Load the models one after the other; a failure is logged and its reason written down, the others are served."""
    from mlserver.logging import logger

    for settings in models:
        try:
            # What `MLServer.start` does itself (1.7.1); there the first failure ends the server.
            await server._model_registry.load(settings)
        except Exception as error:
            logger.exception("Model %s failed to load; the others are served.", settings.name)
            # One line: MLServer's own errors carry pydantic's whole report.
            (reasons / f"{Path(settings.name).name}.txt").write_text(" ".join(str(error).split()) or repr(error))


async def serve(settings: Settings, reasons: Path) -> None:
    from mlserver import MLServer
    from mlserver.repository.factory import ModelRepositoryFactory

    models = await ModelRepositoryFactory.resolve_model_repository(settings).list()
    server = MLServer(settings)
    loadable = (model for model in models if model.implementation_)
    await asyncio.gather(server.start([]), load_all(server, loadable, reasons))


def main(settings_file: Path, reasons: Path, models: Path, *samples: Path) -> None:
    if samples:
        models.mkdir(parents=True, exist_ok=True)
    if not models.is_dir():
        sys.exit(f"The models' folder {models} is not there: make it, or change seldon_models_directory.")
    # What is imported stays: collecting while it is built only costs time.
    gc.disable()
    import uvloop
    from mlserver import Settings

    shutil.rmtree(reasons, ignore_errors=True)
    reasons.mkdir(parents=True)
    for sample in samples:
        make_sample(sample)
    # A model's own classes lie beside its settings (mlserver.cli.serve).
    sys.path.insert(0, str(models))
    settings = Settings(**json.loads(settings_file.read_text()), model_repository_root=str(models))
    gc.freeze()
    gc.enable()
    uvloop.run(serve(settings, reasons))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
