"""What the modules of a stack of charts say of themselves for given values: charts and footprints, without a cluster.

The modules hold no provider, so Terraform computes their outputs from a root of module calls alone.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mlops_install.catalogue.model import Value
from mlops_install.deployment.files import make_private, read_json, write_json
from mlops_install.deployment.root.sources import read_sources
from mlops_install.engine.argv import Commands
from mlops_install.engine.binary import Binary
from mlops_install.engine.process import capture
from mlops_install.errors import InstallerError

_FORMAT: Final = 2
"""Of what is kept in the cache."""
_VARIABLE: Final = re.compile(r'^variable\s+"([^"]+)"', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of another hand that a module installs."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Needs:
    """What one module takes with these values."""

    charts: tuple[Chart, ...]
    cpu: float
    """Cores requested."""
    memory: float
    """MiB requested."""
    disk: float
    """MiB of volumes."""
    largest_cpu: float
    largest_memory: float
    """Of its largest pod: cores, MiB."""
    left_behind: tuple[str, ...] = ()
    """What stays in the cluster when it is removed, as texts."""


def describe_modules(
    binary: Binary,
    terraform_root: Path,
    target: str,
    modules: Iterable[str],
    tfvars: Mapping[str, Value],
    *,
    variables: Mapping[str, str],
    cache: Path,
) -> dict[str, Needs] | None:
    """Return what each of the modules takes; None when Terraform refuses the values, which it says better itself.

    `target` names the stack that has them. `tfvars` holds no secret. The answer is kept in the folder `cache`, by
    everything that it depends on.
    """
    chosen = sorted(modules)
    known = {module: _declared(terraform_root / "modules" / module) & tfvars.keys() for module in chosen}
    values = {name: tfvars[name] for name in sorted({*()}.union(*known.values()))}
    kept = cache / f"{_digest(read_sources(terraform_root, target), chosen, values)}.json"
    try:
        document = read_json(kept)
    except FileNotFoundError:
        document = _ask(binary, terraform_root, known, values, variables)
        if document is None:
            return None
        make_private(cache)
        write_json(kept, document)
    return {module: _needs(document[module]) for module in chosen} if isinstance(document, dict) else None


def _declared(module: Path) -> set[str]:
    return {name for path in module.glob("*.tf") for name in _VARIABLE.findall(path.read_text(encoding="utf-8"))}


def _digest(sources: Mapping[str, bytes], modules: list[str], values: Mapping[str, Value]) -> str:
    digest = hashlib.sha256(json.dumps([_FORMAT, modules, values], sort_keys=True).encode())
    for name, content in sorted(sources.items()):
        digest.update(f"{name}:{len(content)}:".encode() + content)
    return digest.hexdigest()


def _ask(
    binary: Binary,
    terraform_root: Path,
    known: Mapping[str, set[str]],
    values: Mapping[str, Value],
    variables: Mapping[str, str],
) -> dict[str, Value] | None:
    with tempfile.TemporaryDirectory(prefix="mlops-install-") as name:
        folder = Path(name)
        (folder / "modules").symlink_to(terraform_root.resolve() / "modules")
        write_json(folder / "main.tf.json", _root(known, values))
        write_json(folder / "terraform.tfvars.json", dict(values))
        commands = Commands(())
        for argv in (commands.init(), commands.plan("described", refresh=False), commands.show("described")):
            done = capture(binary, folder, argv, variables=variables)
            if done.exit_code != 0:
                return None
    try:
        found = json.loads(done.stdout)["planned_values"]["outputs"]["described"]["value"]
    except (ValueError, KeyError, TypeError) as error:
        raise InstallerError("Terraform's plan of the modules alone has no outputs.") from error
    return dict(found)


def _root(known: Mapping[str, set[str]], values: Mapping[str, Value]) -> dict[str, Value]:
    """Return a root that calls each module with the values it declares, and puts out what it says of itself."""
    calls: dict[str, Value] = {}
    described: dict[str, Value] = {}
    for module, names in known.items():
        # By variables: a text of the operator's may hold what Terraform takes for a template.
        calls[module] = {"source": f"./modules/{module}"} | {name: f"${{var.{name}}}" for name in sorted(names)}
        described[module] = {
            "charts": f'${{[for it in module.{module}.releases : [it.chart, it.version] if it.repository != ""]}}',
            "footprint": f"${{module.{module}.footprint}}",
            "left_behind": f"${{module.{module}.left_behind}}",
        }
    return {
        "variable": {name: {} for name in values},
        "module": calls,
        "output": {"described": {"value": described}},
    }


def _needs(document: Any) -> Needs:
    footprint = document["footprint"]
    largest = footprint["largest_pod"]
    return Needs(
        charts=tuple(Chart(name, version) for name, version in document["charts"]),
        cpu=footprint["cpu"],
        memory=footprint["memory"],
        disk=footprint["disk"],
        largest_cpu=largest["cpu"],
        largest_memory=largest["memory"],
        left_behind=tuple(document["left_behind"]),
    )
