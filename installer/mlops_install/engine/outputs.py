"""The stack's outputs, as the last apply left them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from mlops_install.catalogue.model import Value
from mlops_install.deployment.layout import Deployment
from mlops_install.engine.argv import Commands
from mlops_install.engine.binary import Binary
from mlops_install.engine.process import capture
from mlops_install.errors import InstallerError


def read_outputs(binary: Binary, deployment: Deployment, *, variables: Mapping[str, str]) -> dict[str, Value]:
    """Return the deployment's outputs by name, without the sensitive ones; empty before the first apply.

    Raises InstallerError when Terraform can't read the state.
    """
    done = capture(binary, deployment.folder, Commands(()).output(), variables=variables)
    try:
        document = json.loads(done.stdout) if done.exit_code == 0 else None
    except ValueError:
        document = None
    if not isinstance(document, dict):
        said = " ".join(done.stderr.split())[-400:]
        raise InstallerError(
            f"Terraform can't read the outputs of {deployment.name} (exit {done.exit_code}). {said}".rstrip(),
            hint=f"`{deployment.command('terraform', '--', 'output')}` shows what it says.",
        )
    return {name: entry.get("value") for name, entry in document.items() if not entry.get("sensitive")}
