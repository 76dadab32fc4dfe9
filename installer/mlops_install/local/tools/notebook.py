"""The environment of every single-user server, which `verify` runs in too: clients of all tools, no program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from mlops_install.catalogue.model import Value
from mlops_install.local.tool import EnvironmentSpec, Program, ToolContext


class NotebookTool:
    """JupyterLab, the single-user server and the clients of the other tools in one environment.

    Settings: `packages` (list of requirement specifiers added to the lock; parameter `singleuser_packages`).
    """

    name = "notebook"
    title = "Notebook environment"
    version = "4.6.6"
    secret_names: Sequence[str] = ()

    def environments(self, settings: Mapping[str, Value]) -> tuple[EnvironmentSpec, ...]:
        packages = settings.get("packages")
        extra = tuple(str(package) for package in packages) if isinstance(packages, list) else ()
        return (EnvironmentSpec("environment", "notebook.txt", extra_packages=extra),)

    def render(self, context: ToolContext) -> Mapping[Path, str]:
        return {}

    def programs(self, context: ToolContext) -> tuple[Program, ...]:
        return ()


TOOL = NotebookTool()
