"""Seldon's MLServer 1.7.1: models over HTTP and gRPC (the V2 inference protocol), with the sample model `iris`.

Models come from MLflow's registry, deployed by `plugins/mlflow-seldon`, into a folder that outlives the service.
It loads pickles and Python classes from the models' folder and so runs code as the installing user; loopback only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from mlops_install.catalogue.model import Value
from mlops_install.environment.plugins import DEPLOYMENTS
from mlops_install.errors import PreflightError
from mlops_install.targets.local.tool import EnvironmentSpec, Health, Program, ToolContext
from mlops_install.targets.local.tools._team import models_folder, reasons_folder

SAMPLE = "iris"
"""The model served from the start, as long as no folder of models was given; it is made like any other."""
_SERVER = "seldon_server.py"
_PROGRAMS = Path(__file__).resolve().parent / "programs"


class SeldonTool:
    """The model server.

    Settings: `port`, `grpc_port`, `metrics_port` (TCP ports), `models_directory` (absolute path; empty: the
    service's own folder, with the sample), `pins` (what the team added: `singleuser_packages` as
    requirements with hashes).
    """

    name = "seldon"
    title = "Seldon MLServer"
    version = "1.7.1"
    secret_names: Sequence[str] = ()

    def environments(self, settings: Mapping[str, Value]) -> tuple[EnvironmentSpec, ...]:
        pins = str(settings.get("pins") or "")
        return (EnvironmentSpec("environment", "serving.txt", pins=pins, plugins=(DEPLOYMENTS,)),)

    def render(self, context: ToolContext) -> Mapping[Path, str]:
        """Return the configuration files; raises PreflightError when the given folder of models is not there."""
        files = {
            context.config / "settings.json": _settings(context),
            context.config / _SERVER: (_PROGRAMS / _SERVER).read_text(encoding="utf-8"),
        }
        given = _given_models(context)
        if given is not None and not given.is_dir():
            raise PreflightError(
                f"Seldon can't serve models from {given}: there is no such folder.",
                hint="Make it, or change seldon_models_directory; left empty, the sample model is served.",
            )
        return files

    def programs(self, context: ToolContext) -> tuple[Program, ...]:
        given = _given_models(context)
        port, own = _port(context, "port"), models_folder(context.services)
        folders = (given,) if given else (own, own / SAMPLE)
        # Ready means loaded. The reply has no body: that MLServer itself gave it, the owner of the port tells.
        ready = f"/v2/models/{SAMPLE}/ready" if given is None else "/v2/health/ready"
        server = Program(
            name="seldon",
            argv=(
                str(context.python()),
                str(context.config / _SERVER),
                str(context.config / "settings.json"),
                str(reasons_folder(context.services)),
                *map(str, folders),
            ),
            ports=(port, _port(context, "grpc_port"), _port(context, "metrics_port")),
            health=Health(f"http://127.0.0.1:{port}{ready}", ""),
        )
        return (server,)


def _port(context: ToolContext, name: str) -> int:
    return int(cast("int", context.settings[name]))


def _given_models(context: ToolContext) -> Path | None:
    given = str(context.settings.get("models_directory") or "")
    return Path(given) if given else None


def _settings(context: ToolContext) -> str:
    """Return MLServer's settings (mlserver.settings.Settings, 1.7.1); its default host is every interface."""
    settings = {
        "host": "127.0.0.1",
        "http_port": _port(context, "port"),
        "grpc_port": _port(context, "grpc_port"),
        "metrics_port": _port(context, "metrics_port"),
        # Inference in the server's own process: worker processes double memory and start time.
        "parallel_workers": 0,
        "debug": False,
        "environments_dir": str(context.data / "environments"),
        "metrics_dir": str(context.data / "metrics"),
    }
    return json.dumps(settings, indent=1) + "\n"


TOOL = SeldonTool()
