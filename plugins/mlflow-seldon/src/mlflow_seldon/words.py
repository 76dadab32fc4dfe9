"""Errors in words: what happened, where, what to do next. Reasons from what a server, a pod or a log says."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Mapping
from typing import Any

from mlflow.exceptions import MlflowException
from mlflow.protos import databricks_pb2 as codes

_MISSING = re.compile(r"No module named '?([A-Za-z_][\w.]*)'?")
_MEMORY = re.compile(
    r"MemoryError|std::bad_alloc|Cannot allocate memory|Unable to allocate|OOMKilled|out of memory", re.I
)


def failed(what: str, todo: str = "", code: int = codes.INTERNAL_ERROR) -> MlflowException:
    """Return the error to raise: a sentence of what happened and where, and one of what to do next."""
    return MlflowException(f"{what} {todo}".strip(), error_code=code)


def refused(what: str, todo: str = "") -> MlflowException:
    """Return the error for something asked wrongly."""
    return failed(what, todo, codes.INVALID_PARAMETER_VALUE)


def missing(what: str, todo: str = "") -> MlflowException:
    """Return the error for something that isn't there."""
    return failed(what, todo, codes.RESOURCE_DOES_NOT_EXIST)


def exists(what: str, todo: str = "") -> MlflowException:
    """Return the error for something that is there already."""
    return failed(what, todo, codes.RESOURCE_ALREADY_EXISTS)


def reason(said: str) -> str:
    """Return what a message of Python, MLServer or Kubernetes means and what to do; else the message itself."""
    found = _MISSING.search(said)
    if found:
        module = found.group(1)
        package = _package_of(module.partition(".")[0])
        return (
            f"the package {package} is missing in the serving environment (No module named '{module}'). Have it added: "
            f"{how_to_add(package)}. A module of your own goes with the model instead: log_model(…, code_paths=[…])."
        )
    if _MEMORY.search(said):
        return (
            f"there was not enough memory ({_short(said)}). Serve a smaller model, undeploy others "
            "(mlflow deployments delete -t seldon --name …), or give the model server more memory."
        )
    return _short(said)


def how_to_add(package: str) -> str:
    """Return how a package becomes everybody's: notebooks, flows, Dask and served models alike."""
    return (
        f"name {package} in the parameter singleuser_packages (mlops-install quick NAME --set "
        f"'singleuser_packages=[\"{package}\"]', together with those that are there), or ask the administrator"
    )


def _package_of(module: str) -> str:
    """Return the distribution that holds a module, as far as this environment knows it."""
    names: Mapping[str, Any] = importlib.metadata.packages_distributions()
    return str(names[module][0]) if names.get(module) else module


def _short(said: str) -> str:
    words = " ".join(said.split())
    return words if len(words) <= 600 else f"{words[:300]} … {words[-290:]}"
