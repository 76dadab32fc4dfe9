"""Feast 0.67.0: a registry, an online store and the online feature server, with sample features to push and read.

Without authentication (Feast has none of its own here), so on loopback only, and without `feast ui`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from mlops_install.catalogue.model import Value
from mlops_install.targets.local.tool import EnvironmentSpec, Health, Program, ToolContext

_SERVER = "feast_server.py"
_FEATURES = "feast_features.py"
_PROGRAMS = Path(__file__).resolve().parent / "programs"


class FeastTool:
    """The feature server.

    Settings: `port` (TCP port), `project` (the project's name in the registry).
    """

    name = "feast"
    title = "Feast"
    version = "0.67.0"
    secret_names: Sequence[str] = ()

    def environments(self, settings: Mapping[str, Value]) -> tuple[EnvironmentSpec, ...]:
        return (EnvironmentSpec("environment", "feast.txt"),)

    def render(self, context: ToolContext) -> Mapping[Path, str]:
        return {
            context.config / "feature_store.yaml": _feature_store(context),
            context.config / "features.py": (_PROGRAMS / _FEATURES).read_text(encoding="utf-8"),
            context.config / _SERVER: (_PROGRAMS / _SERVER).read_text(encoding="utf-8"),
        }

    def programs(self, context: ToolContext) -> tuple[Program, ...]:
        port = int(cast("int", context.settings["port"]))
        project = str(context.settings["project"])
        server = Program(
            name="feast",
            # -O: else typeguard compiles Feast's classes a second time, which is two thirds of its import.
            argv=(str(context.python()), "-O", str(context.config / _SERVER), str(port), str(context.data)),
            ports=(port,),
            health=Health(
                f"http://127.0.0.1:{port}/ready",
                rf'\s*\{{\s*"project":\s*"{project}",\s*"online_store":\s*"read"\s*\}}\s*',
            ),
        )
        return (server,)


def _feature_store(context: ToolContext) -> str:
    """Return feature_store.yaml: JSON is YAML, and needs no quoting rules for paths."""
    settings = {
        "project": str(context.settings["project"]),
        "provider": "local",
        "registry": {"registry_type": "file", "path": str(context.data / "registry.db")},
        "online_store": {"type": "sqlite", "path": str(context.data / "online.db")},
        "offline_store": {"type": "dask"},
        "auth": {"type": "no_auth"},
        "entity_key_serialization_version": 3,
    }
    return json.dumps(settings, indent=1) + "\n"


TOOL = FeastTool()
