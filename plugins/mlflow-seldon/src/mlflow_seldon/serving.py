"""Loading and asking a model inside MLServer, without MLServer's types.

MLServer reloads the runtime's own module for each model (`importlib.reload`, mlserver/settings.py); what must be there
once in a process, as the lock here, can't live in it.
"""

from __future__ import annotations

import importlib
import logging
import sys
import threading
from pathlib import Path
from typing import Any

logger = logging.getLogger("mlserver.mlflow_seldon")
_loading = threading.Lock()


def load(folder: str) -> Any:
    """Return the MLflow model in a folder, its example predicted once; whatever the model's code raises goes through.

    The example's prediction makes the late imports of the first request, and shows a package that is missing before
    the model is put in the place of its predecessor.
    """
    import mlflow.pyfunc

    with _loading:
        _forget_code_of_others(Path(folder))
        model = mlflow.pyfunc.load_model(folder)
        _try_example(model, folder)
    return model


def _forget_code_of_others(folder: Path) -> None:
    """Let modules of other models' files be imported anew: two versions may hold different code under one name.

    MLflow puts a model's `code` folder first on sys.path, and Python keeps what it imported under the module's name.
    """
    others = [path for path in sys.path if _is_model_code(path)]
    for path in others:
        sys.path.remove(path)
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if any(file.startswith(path.rstrip("/") + "/") for path in others):
            del sys.modules[name]
    importlib.invalidate_caches()


def _is_model_code(path: str) -> bool:
    return bool(path) and (Path(path).parent / "MLmodel").is_file()


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
