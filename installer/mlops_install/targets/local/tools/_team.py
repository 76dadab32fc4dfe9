"""What notebooks, flow runs and Dask's workers find in their environment variables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mlops_install.catalogue.model import Value
from mlops_install.targets.local.tool import ToolContext

MODELS = "SELDON_MODELS_DIRECTORY"
"""Names the folder from which MLServer serves; models are deployed by writing into it (plugins/mlflow-seldon)."""


def models_folder(services: Path) -> Path:
    """Return the folder of served models in a deployment's `services`, where the operator gave no other."""
    return services / "seldon" / "data" / "models"


def reasons_folder(services: Path) -> Path:
    """Return the folder where MLServer's start writes, by model, why it failed to load."""
    return services / "seldon" / "data" / "not-loaded"


def team_variables(services: Path, addresses: Mapping[str, Value]) -> dict[str, str]:
    """Return the variables by which the tools are found; `addresses` is the stack's output `environment`."""
    found = {name: str(value) for name, value in addresses.items()}
    if "SELDON_URL" in found:
        found.setdefault(MODELS, str(models_folder(services)))
    return {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "1", **found}


def team_environment(context: ToolContext) -> dict[str, str]:
    """Return what a program that runs the team's code gets: the environment's programs first on PATH, the addresses."""
    addresses = context.settings.get("environment")
    return {
        "PATH": f"{context.team / 'bin'}:/usr/local/bin:/usr/bin:/bin",
        **team_variables(context.services, addresses if isinstance(addresses, dict) else {}),
    }
