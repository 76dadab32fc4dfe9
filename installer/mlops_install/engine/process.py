"""How Terraform's processes are started: their environment, and short commands with their output."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from mlops_install.errors import InstallerError

if TYPE_CHECKING:
    from mlops_install.engine.binary import Binary

UMASK = 0o077
"""Terraform makes its state and its plans 0644 otherwise, with what they hold in clear."""

_STRIPPED_PREFIXES = ("TF_CLI_ARGS", "TF_VAR_", "TF_LOG", "KUBE_")
"""With KUBE_HOST and its kind the providers go to another cluster than the kubeconfig's context says."""
_STRIPPED = frozenset({"TF_WORKSPACE", "TF_INPUT", "TF_DATA_DIR", "HELM_DRIVER", "HELM_NAMESPACE"})
_SET = {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"}
_CONFIG = "TF_CLI_CONFIG_FILE"


@dataclass(frozen=True, slots=True)
class Completed:
    """How a short command ended."""

    exit_code: int
    """Negative: the signal that ended it."""
    stdout: str
    stderr: str


def child_environment(variables: Mapping[str, str], *, secrets: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a Terraform process: `variables` without what would change its meaning.

    Left out are TF_CLI_ARGS*, TF_VAR_*, TF_LOG*, TF_WORKSPACE, TF_INPUT, TF_DATA_DIR, KUBE_*, HELM_DRIVER,
    HELM_NAMESPACE, and a TF_CLI_CONFIG_FILE that names a missing file (else each call begins with a warning);
    `secrets` are added as TF_VAR_<name>.
    """
    kept = {
        name: value
        for name, value in variables.items()
        if name not in _STRIPPED and not name.startswith(_STRIPPED_PREFIXES)
    }
    if _CONFIG in kept and not Path(kept[_CONFIG]).is_file():
        del kept[_CONFIG]
    return {**kept, **_SET, **{f"TF_VAR_{name}": value for name, value in secrets.items()}}


def dropped_variables(variables: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the environment's variables that Terraform doesn't get, sorted: for `doctor`."""
    kept = child_environment(variables, secrets={})
    return tuple(sorted(name for name in variables if name not in kept))


def capture(
    binary: Binary,
    folder: Path,
    args: Sequence[str],
    *,
    variables: Mapping[str, str],
    secrets: Mapping[str, str] | None = None,
) -> Completed:
    """Run Terraform in `folder` to its end and return its output; for commands that change nothing.

    `args` follow the binary's own argv. It has no terminal and a session of its own, so ^C doesn't reach it.
    Raises InstallerError when it can't be started.
    """
    return run_captured([*binary.argv, *args], folder, child_environment(variables, secrets=secrets or {}))


def run_captured(argv: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Completed:
    """Run the argv in `folder` with exactly this environment; raises InstallerError when it can't be started."""
    try:
        done = subprocess.run(
            argv,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            start_new_session=True,
            umask=UMASK,
            check=False,
        )
    except OSError as error:
        raise InstallerError(
            f"{argv[0]} can't be started: {error.strerror or error}.",
            hint="Give another Terraform with --terraform-bin.",
        ) from error
    return Completed(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))


def open_append(path: Path) -> BinaryIO:
    """Open a run's file for appending, unbuffered and 0600: each of its writers appends whole lines."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600), "ab", buffering=0)
