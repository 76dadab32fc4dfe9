"""Where Terraform keeps a deployment's state: `backend.tf.json`, and which place the last plan found it in."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace

from mlops_install.answers.model import Answers, Backend
from mlops_install.catalogue.model import Value
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.marker import read_marker, update_marker
from mlops_install.errors import UsageError

_NOTED = "backend"
"""The marker's key for the backend of the newest plan, as it was answered."""
_ACCESS = frozenset({"config_path", "config_paths", "host", "in_cluster_config", "exec"})
"""Settings of the backend `kubernetes` that lead to a cluster (Terraform 1.11, language/backend/kubernetes)."""
_WAY = frozenset({"kubeconfig", "kube_context"})
"""Parameters of a target that is a cluster itself: the state is kept in the same one."""
_NUMBERED = re.compile(r"-[0-9]+$")


def backend_document(answers: Answers) -> bytes | None:
    """Return the content of `backend.tf.json`; None for Terraform's own default, a file in the folder."""
    if answers.backend.in_a_file and not answers.backend.config:
        return None
    document = {"terraform": {"backend": {answers.backend.type: _settings(answers)}}}
    return (json.dumps(document, indent=2, sort_keys=True) + "\n").encode()


def place_of(answers: Answers) -> str:
    """Return in a few words where these answers have the state."""
    if answers.backend.in_a_cluster:
        return "Secret {} in namespace {} of the cluster".format(*state_secret(answers))
    if answers.backend.in_a_file:
        return f"file {answers.backend.config.get('path') or 'terraform.tfstate'} of the deployment's folder"
    return f"backend {answers.backend.type}"


def state_secret(answers: Answers) -> tuple[str, str]:
    """Return name and namespace of the Secret that the backend `kubernetes` keeps the state in."""
    settings = _settings(answers)
    return f"tfstate-default-{settings['secret_suffix']}", str(settings.get("namespace") or "default")


def noted_backend(deployment: Deployment) -> Backend | None:
    """Return the backend that the approved installation's state is in; None before the first approval."""
    if not deployment.marker.exists() or not deployment.answers.is_file():
        return None
    found = read_marker(deployment).extra.get(_NOTED)
    if not isinstance(found, dict):
        return None
    config = found.get("config")
    return Backend(str(found.get("type")), config if isinstance(config, dict) else {})


def note_backend(deployment: Deployment, backend: Backend) -> None:
    """Note the backend of the plan that is being made; for whoever has refused another than the noted one."""
    marker = read_marker(deployment)
    noted = {**asdict(backend), "config": dict(backend.config)}
    if marker.extra.get(_NOTED) != noted:
        update_marker(deployment, extra={**marker.extra, _NOTED: noted})


def moved_state(deployment: Deployment, answers: Answers) -> tuple[str, str] | None:
    """Return where the state is and where these answers have it, in a few words; None where that is the same."""
    noted = noted_backend(deployment)
    if noted is None or noted == replace(answers.backend, config=dict(answers.backend.config)):
        return None
    before, after = place_of(replace(answers, backend=noted)), place_of(answers)
    return (before, after) if before != after else (before, f"{after}, set otherwise")


def refuse_moved_state(deployment: Deployment, answers: Answers) -> None:
    """Raise UsageError when the answers have the state elsewhere: an empty one there would install all anew."""
    moved = moved_state(deployment, answers)
    if moved is not None:
        raise UsageError(
            f"the state of {deployment.name!r} is in the {moved[0]}, and these answers have it in the {moved[1]}",
            hint=f"`{deployment.command('apply')}` moves it after asking, or with --yes; or leave `backend` as it was.",
        )


def _settings(answers: Answers) -> dict[str, Value]:
    """Return the backend's settings; the cluster's own backend takes the way to the cluster from the other answers."""
    given = dict(answers.backend.config)
    if not answers.backend.in_a_cluster:
        return given
    # Terraform refuses a suffix that ends as the parts of a large state do.
    suffix = f"{answers.name}-state" if _NUMBERED.search(answers.name) else answers.name
    access: dict[str, Value] = {}
    if _WAY & answers.parameters.keys() and not _ACCESS & given.keys():
        files = [part for part in str(answers.parameters.get("kubeconfig") or "~/.kube/config").split(":") if part]
        # Of one file the setting stays what it was: Terraform asks for a new `init` when a backend's settings change.
        access |= {"config_path": files[0]} if len(files) == 1 else {"config_paths": list(files)}
        if context := answers.parameters.get("kube_context"):
            access["config_context"] = context
    return {"secret_suffix": suffix, **access, **given}
