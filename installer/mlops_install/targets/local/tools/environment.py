"""The team's environment: notebooks, flow runs and Dask run in it, and so does `verify`; no program of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from mlops_install.catalogue.model import Value
from mlops_install.environment.plugins import DEPLOYMENTS, TEAM
from mlops_install.targets.local.tool import EnvironmentSpec, Program, ToolContext


class EnvironmentTool:
    """The clients of all tools, the usual data science packages, and what the team added.

    Settings: `pins` (what the team added, as requirements with hashes; parameter `singleuser_packages`).
    """

    name = "environment"
    title = "Team environment"
    version = "4.6.6"
    secret_names: Sequence[str] = ()

    def environments(self, settings: Mapping[str, Value]) -> tuple[EnvironmentSpec, ...]:
        pins = str(settings.get("pins") or "")
        return (EnvironmentSpec("environment", "environment.txt", pins=pins, plugins=(DEPLOYMENTS, TEAM)),)

    def render(self, context: ToolContext) -> Mapping[Path, str]:
        return {}

    def programs(self, context: ToolContext) -> tuple[Program, ...]:
        return ()


TOOL = EnvironmentTool()
