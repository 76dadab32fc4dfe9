"""Loading and asking a model inside MLServer, without MLServer's types.

MLServer reloads the runtime's own module for each model (`importlib.reload`, mlserver/settings.py): what must be there
once in a process can't live in it.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from mlflow_seldon.own_code import OwnCode

logger = logging.getLogger("mlserver.mlflow_seldon")


class Loaded:
    """A model of MLflow's, with the modules that came with it."""

    def __init__(self, model: Any, code: OwnCode) -> None:
        self.metadata = model.metadata
        self._model, self._code = model, code

    def predict(self, data: Any, params: dict[str, Any] | None) -> Any:
        """Return what the model predicts; whatever it raises goes through."""
        with self._code.in_place():
            return self._model.predict(data, params=params)


def load(folder: str) -> Loaded:
    """Return the MLflow model in a folder, its example predicted once; whatever the model's code raises goes through.

    The example's prediction makes the late imports of the first request, and shows a package that is missing before
    the model is put in the place of its predecessor.
    """
    import mlflow.pyfunc

    code = OwnCode(Path(folder))
    with code.in_place():
        model = mlflow.pyfunc.load_model(folder)
        _try_example(model, folder)
    return Loaded(model, code)


def _try_example(model: Any, folder: str) -> None:
    """Predict the model's own example; only a missing package refuses the model, an example may be wrong otherwise."""
    try:
        example = model.metadata.load_input_example(folder)
        if example is not None:
            model.predict(example)
    except ImportError:
        raise
    except Exception as error:
        logger.warning("The model's own input example could not be predicted: %s: %s", type(error).__name__, error)


def told(error: BaseException) -> str:
    """Return an error in one line: its type and its words."""
    words = " ".join(str(error).split())
    return f"{type(error).__name__}: {words}" if words else type(error).__name__
