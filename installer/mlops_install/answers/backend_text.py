"""A backend as a person types it: its type, and its settings as KEY=VALUE behind it."""

from __future__ import annotations

import json
import shlex
from contextlib import suppress

from mlops_install.answers.model import Backend
from mlops_install.catalogue.model import Value

EXPLANATION = (
    "`local` is a file in the deployment's folder, `kubernetes` a Secret in a cluster. Any other backend of Terraform "
    "is named with its settings behind it: `s3 bucket=states key=mlops region=eu-central-1`. Credentials don't belong "
    "here: a backend takes them from its own environment variables."
)


def backend_text(backend: Backend) -> str:
    """Return the line that `parse_backend` reads as this backend."""
    settings = (f"{key}={_text(value)}" for key, value in sorted(backend.config.items()))
    return shlex.join([backend.type, *settings])


def parse_backend(line: str) -> Backend:
    """Return the backend that a line names; a value that is JSON is what JSON says, any other is a text.

    Raises ValueError, saying what the line must be like.
    """
    try:
        kind, *settings = shlex.split(line)
    except ValueError:
        raise ValueError("must name a backend; one of its quotes is not closed, or nothing is there") from None
    config: dict[str, Value] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not (key and equals):
            raise ValueError(f"must have KEY=VALUE after the backend's name, and {setting!r} is none")
        config[key] = _value(value)
    return Backend(kind, config)


def _value(text: str) -> Value:
    with suppress(ValueError):
        value: Value = json.loads(text)
        return value
    return text


def _text(value: Value) -> str:
    return value if isinstance(value, str) and _value(value) == value else json.dumps(value)
