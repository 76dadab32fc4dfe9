"""Which tools the local target has; each is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from mlops_install.errors import UsageError
from mlops_install.targets.local.tool import Tool

TOOLS = ("environment", "jupyterhub", "prefect", "dask", "feast", "mlflow", "seldon")
"""Every tool, in the order in which they are shown; `environment` is the team's environment, without programs."""

_FORMER = {"notebook": "environment"}


def tool(name: str) -> Tool:
    """Return the tool of this name; raises UsageError naming the tools when there is none."""
    # Terraform still ends the services of an earlier version by the names that they had then.
    name = _FORMER.get(name, name)
    if name not in TOOLS:
        raise UsageError(f"There is no tool {name!r}.", hint=f"The tools are {', '.join(TOOLS)}.")
    return cast(Tool, import_module(f"mlops_install.targets.local.tools.{name}").TOOL)
