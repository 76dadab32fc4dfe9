"""The deployment folder's Terraform: copied from the installed version, stamped, never overwritten silently."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mlops_install import __version__
from mlops_install.answers.model import Answers
from mlops_install.deployment.files import FOLDER_MODE, make_private, write_private
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.marker import Marker, read_marker, write_marker
from mlops_install.deployment.root.backend import backend_document
from mlops_install.deployment.root.sources import read_sources
from mlops_install.errors import Problem, UsageError

_BACKEND = "backend.tf.json"
_RENDERING = "rendering"
"""The marker's key for the digests of files that are being written, as long as they aren't stamped."""
_TEXTS = frozenset({".gitignore", "README.md"})
"""Stamped like Terraform's files, but left alone once the operator changed them."""

_IGNORED = """\
/secrets.tfvars.json
/draft/
/runs/
/services/
/bin/
/p
.terraform/
terraform.tfstate*
.mlops-install.lock
.*.tmp
"""

_README = """\
# {name}

A deployment made by mlops-install, and an ordinary Terraform root.

## What may be committed

`answers.yaml`, `terraform.tfvars.json`, `*.tf`, `*.tf.json`, `modules/`, `.terraform.lock.hcl` and
`.mlops-install.json` hold no secret. Never commit `secrets.tfvars.json`, the state, `draft/`, `runs/` or `services/`;
`.gitignore` names them.

## Going on by hand

With Terraform or OpenTofu 1.11 or later, in this folder:

    terraform init
    terraform plan -var-file=secrets.tfvars.json -out=p
    terraform apply -var-file=secrets.tfvars.json p

`mlops-install terraform --dir . -- ARGS` runs the deployment's own Terraform here, with its secrets.

The `*.tf` files and `modules/` are replaced when mlops-install is upgraded. A file of them that was changed by hand is
reported, never overwritten silently: put your own changes into files named `*_override.tf`, which are left alone.
"""


_SHIM_HEAD = """\
#!/bin/sh
# Written by mlops-install: Terraform starts and stops the services with it.
# Terraform hands down every secret it was given; a service reads its own from the secrets file, and no other.
unset $(env | sed -n 's/^\\(TF_VAR_[A-Za-z0-9_]*\\)=.*/\\1/p')
"""


def render_folder(
    deployment: Deployment,
    *,
    target: str,
    terraform_root: Path,
    python: Path,
    service_program: str = "",
    answers: Answers,
    overwrite: bool = False,
) -> None:
    """Bring the folder's Terraform up to this version and these answers, writing only what differs.

    `terraform_root` holds `stacks/<target>` and `modules`; `python` is the interpreter with which `bin/service` runs
    the Python module `service_program`; without one there is no `bin/service`. Raises UsageError naming every Terraform
    file that was changed by hand, unless `overwrite` is true, and when the deployment is of another target; then
    nothing was written.
    """
    marker = read_marker(deployment) if deployment.marker.exists() else Marker(target=target)
    if marker.target != target:
        raise UsageError(
            f"The deployment {deployment.name} is of the target {marker.target}; it can't become one of {target}.",
            hint="Make another deployment with --name.",
        )
    wanted = read_sources(terraform_root, target)
    backend = backend_document(answers)
    if backend is not None:
        wanted[_BACKEND] = backend
    wanted[".gitignore"] = _IGNORED.encode()
    wanted["README.md"] = _README.format(name=answers.name).encode()
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in wanted.items()}
    stale = _compare(deployment.folder, digests, marker, overwrite=overwrite)
    make_private(deployment.folder)
    if stale:
        # First what is about to be written: a file that a killed process had written is its own, not changed by hand.
        begun = {name: digests[name] for name in stale if name in digests}
        write_marker(deployment, replace(marker, extra={**marker.extra, _RENDERING: {**_begun(marker), **begun}}))
    _write(deployment.folder, {name: wanted.get(name) for name in stale})
    if service_program:
        _write_shim(deployment, python, service_program)
    extra = {key: value for key, value in marker.extra.items() if key != _RENDERING}
    new = replace(marker, stamp=dict(sorted(digests.items())), version=__version__, extra=extra)
    if stale or new != marker or not deployment.marker.exists():
        write_marker(deployment, new)


def _begun(marker: Marker) -> dict[str, str]:
    """Return the digests of what a killed process was writing, by file."""
    found = marker.extra.get(_RENDERING)
    return {str(name): str(digest) for name, digest in found.items()} if isinstance(found, dict) else {}


def _compare(folder: Path, wanted: Mapping[str, str], marker: Marker, *, overwrite: bool) -> list[str]:
    """Return the files to write or remove; raise UsageError when some were changed by hand."""
    stamp, begun = marker.stamp, _begun(marker)
    stale: list[str] = []
    changed: list[str] = []
    for name in sorted({*wanted, *stamp, *begun}):
        found = _digest(folder / name)
        if found == wanted.get(name):
            continue
        if found in (None, stamp.get(name), begun.get(name)) or (overwrite and name not in _TEXTS):
            stale.append(name)
        elif name not in _TEXTS:
            changed.append(name)
    if changed:
        raise UsageError(
            f"Terraform files in {folder} were changed by hand: {', '.join(changed)}.",
            hint="Move your change into a file `*_override.tf` beside it, which is left alone, and take the original "
            "back with --overwrite-terraform.",
            problems=[
                Problem(subject=name, message="differs from what mlops-install wrote.", source=str(folder))
                for name in changed
            ],
        )
    return stale


def _write(folder: Path, files: Mapping[str, bytes | None]) -> None:
    """Write the files, and remove those without content along with the folders they leave empty."""
    for name, content in files.items():
        path = folder / name
        if content is not None:
            if not path.parent.is_dir():
                make_private(path.parent)
            write_private(path, content)
            continue
        path.unlink(missing_ok=True)
        _remove_empty(path.relative_to(folder).parents, folder)


def _remove_empty(parents: Iterable[Path], folder: Path) -> None:
    with suppress(OSError):
        for parent in parents:
            if parent != Path():
                (folder / parent).rmdir()


def _write_shim(deployment: Deployment, python: Path, program: str) -> None:
    """Write `bin/service`, which Terraform calls by this name: what it starts may move without a change to a plan."""
    folder = str(deployment.folder.absolute())
    # -P: Terraform calls it in the deployment's folder, whose subfolders must not be taken for Python packages.
    command = shlex.join([str(python), "-P", "-m", program, "--deployment", folder])
    text = f'{_SHIM_HEAD}exec {command} "$@"\n'
    shim = deployment.binaries / "service"
    try:
        if shim.read_bytes() == text.encode() and shim.stat().st_mode & 0o777 == FOLDER_MODE:
            return
    except FileNotFoundError:
        make_private(deployment.binaries)
    write_private(shim, text, mode=0o700)


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None
