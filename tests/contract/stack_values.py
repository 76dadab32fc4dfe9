"""The values that the Kubernetes stack gives each chart, computed by Terraform without a provider or a cluster."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator
from tests.contract.running import run

from mlops_install.answers.check import complete
from mlops_install.answers.model import Answers
from mlops_install.answers.rules import needed_secrets
from mlops_install.answers.secrets import generate
from mlops_install.catalogue.model import Catalogue
from mlops_install.deployment.root.tfvars import render_tfvars

ROOT = Path(__file__).resolve().parents[2]
TERRAFORM = ROOT / "terraform"
_NAMESPACES = re.compile(r'^resource "kubernetes_namespace_v1" "this" \{.*?^\}$', re.DOTALL | re.MULTILINE)
_OUTPUTS = """
resource "terraform_data" "namespaces" {}

output "described" {
  value = { for name, module in local.chosen : name => module.releases }
}
"""
UNDOCUMENTED = {
    # In the chart's values.yaml these stand in comments only.
    "seaweedfs": {"s3.credentials", "allInOne.s3.createBuckets"},
}
_PROVIDERS = re.compile(r"^  required_providers \{.*?^  \}$", re.DOTALL | re.MULTILINE)
_RESOURCES = re.compile(r"^resource .*?^\}$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Described:
    """One release as its module describes it."""

    module: str
    name: str
    chart: str
    """The chart's name; of an own chart, its folder."""
    version: str
    namespace: str
    values: Mapping[str, Any]
    secrets: Mapping[str, Mapping[str, str]]
    own: bool


def data_only_root(folder: Path) -> Path:
    """Make the stack in a folder without what touches a cluster: the same text, minus providers and resources."""
    shutil.copytree(TERRAFORM / "modules", folder / "modules", ignore=shutil.ignore_patterns(".terraform*", "tests"))
    for path in (TERRAFORM / "stacks" / "kubernetes").glob("*.tf"):
        if path.name != "providers.tf":
            text = _PROVIDERS.sub("", _NAMESPACES.sub("", path.read_text(encoding="utf-8")))
            text = text.replace("kubernetes_namespace_v1.this", "terraform_data.namespaces")
            (folder / path.name).write_text(text, encoding="utf-8")
    for path in (folder / "modules" / "release").glob("*.tf"):
        path.write_text(_PROVIDERS.sub("", _RESOURCES.sub("", path.read_text(encoding="utf-8"))), encoding="utf-8")
    (folder / "described.tf").write_text(_OUTPUTS, encoding="utf-8")
    return folder


def given_values(answers: Answers, catalogue: Catalogue) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the root variables' values for these answers, and made up ones of the secrets that they need."""
    answers = complete(answers, catalogue)
    secrets = {
        parameter.name: generate(parameter.generate or "password24") for parameter in needed_secrets(answers, catalogue)
    }
    return render_tfvars(answers, catalogue, revisions={}, internal={}), secrets


def outputs(terraform: list[str], root: Path, answers: Answers, catalogue: Catalogue) -> dict[str, Any]:
    """Return the stack's outputs for these answers, `described` (each module's releases) among them."""
    values, secrets = given_values(answers, catalogue)
    (root / "terraform.tfvars.json").write_text(json.dumps({**values, **secrets}), encoding="utf-8")
    run([*terraform, "plan", "-input=false", "-no-color", "-out=p"], root)
    shown = json.loads(run([*terraform, "show", "-json", "p"], root))
    return {name: output.get("value") for name, output in shown["planned_values"]["outputs"].items()}


def releases(found: Mapping[str, Any], root: Path) -> Iterator[Described]:
    """Return every release of the outputs."""
    for module, by_name in found["described"].items():
        for name, it in by_name.items():
            own = it["repository"] == ""
            yield Described(
                module=module,
                name=name,
                chart=str(root / it["chart"]) if own else it["chart"],
                version=it["version"],
                namespace=it["namespace"],
                values=yaml.safe_load(it["values"]),
                secrets=it["secrets"],
                own=own,
            )


def shared_charts() -> Path | None:
    """Return the folder with the upstream charts' own values and schemas, which lies beside the project."""
    candidates = [folder / "shared" / "charts" for folder in ROOT.parents]
    if given := os.environ.get("MLOPS_TEST_CHART_SCHEMAS"):
        candidates.insert(0, Path(given))
    return next((folder for folder in candidates if folder.is_dir()), None)


def unknown_keys(values: Mapping[str, Any], defaults: Mapping[str, Any], trail: str = "") -> list[str]:
    """Return the keys that a chart's values.yaml doesn't have; what is empty there may hold anything."""
    unknown: list[str] = []
    for key, value in values.items():
        place = f"{trail}.{key}" if trail else str(key)
        if key not in defaults:
            unknown.append(place)
        elif isinstance(value, dict) and isinstance(defaults[key], dict) and defaults[key]:
            unknown += unknown_keys(value, defaults[key], place)
    return unknown


def coalesced(values: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return a chart's defaults with the given values over them, as Helm makes them before it looks at the schema."""
    merged = dict(defaults)
    for key, value in values.items():
        below = merged.get(key)
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = coalesced(value, below) if isinstance(value, dict) and isinstance(below, dict) else value
    return merged


def upstream(release: Described, charts: Path) -> Path:
    """Return the folder of the release's chart; one with several versions has the version in its folder's name."""
    folders = [charts / release.chart, charts / f"{release.chart}-v{release.version}"]
    return next(folder for folder in folders if folder.is_dir())


def misfits(release: Described, chart: Path) -> list[str]:
    """Return what a chart's schema refuses; without a schema, the keys that its values.yaml doesn't have."""
    schema = chart / "values.schema.json"
    known = yaml.safe_load((chart / "values.yaml").read_text(encoding="utf-8"))
    if schema.is_file():
        validator = Draft7Validator(json.loads(schema.read_text(encoding="utf-8")))
        errors = validator.iter_errors(coalesced(release.values, known))
        return [f"{release.name}: {'.'.join(map(str, error.path))}: {error.message}" for error in errors]
    unknown = set(unknown_keys(release.values, known)) - UNDOCUMENTED.get(release.chart, set())
    return [f"{release.name}: {key}: is no value of the chart" for key in sorted(unknown)]
