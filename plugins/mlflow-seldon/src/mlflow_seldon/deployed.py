"""What both targets say about deployments in the same words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlflow.exceptions import MlflowException

from mlflow_seldon import layout, words


def not_deployed(name: str) -> MlflowException:
    """Return the error for a deployment that isn't there."""
    return words.missing(
        f"No model is deployed as {name}.", "mlflow deployments list -t seldon names those that are; create it first."
    )


def deployed_already(record: Mapping[str, Any]) -> MlflowException:
    """Return the error for a name that is taken."""
    return words.exists(
        f"{record['name']} is deployed already: {record['model']} version {record['version']}.",
        "Use update_deployment (mlflow deployments update) for another version, or another name.",
    )


def refuse_sample(record: Mapping[str, Any], what: str) -> None:
    """Leave the sample alone, which mlops-install puts back and `verify` asks; raises MlflowException."""
    if record.get("model") == layout.SAMPLE:
        raise words.refused(
            f"{record['name']} is the sample model that mlops-install serves: it isn't {what} from here.",
            "Use another name for yours; the parameter seldon_sample_model takes the sample away.",
        )
