"""Charts of the project's own that stand in for the real ones where their packages can't be had.

They have the real ones' names, versions, values and schemas, and make the workloads, services and volumes that the
stack speaks of, of the same names. Nothing of them runs: they are for what is about objects.
"""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from tests.contract.stack_values import UNDOCUMENTED, shared_charts

from mlops_install.answers.check import complete
from mlops_install.answers.model import Answers
from mlops_install.catalogue.load import load_catalogue
from mlops_install.cli.environment import snapshot
from mlops_install.deployment.root.tfvars import render_tfvars
from mlops_install.engine.described import Chart, describe_modules
from mlops_install.targets.context import Context

TEMPLATES = Path(__file__).parent / "stand_ins"
_DASK = ("DaskCluster", "DaskWorkerGroup", "DaskJob", "DaskAutoscaler")


def build_charts(folder: Path) -> Path:
    """Make a package of every chart that the stack pins, and return the folder."""
    for chart in pins(folder / "described"):
        with tarfile.open(folder / f"{chart.name}-{chart.version}.tgz", "w:gz") as package:
            for name, content in files_of(chart):
                entry = tarfile.TarInfo(f"{chart.name}/{name}")
                entry.size = len(content)
                package.addfile(entry, io.BytesIO(content))
    return folder


def pins(cache: Path) -> list[Chart]:
    """Return name and version of every chart that the modules install by default, as they say themselves."""
    catalogue = load_catalogue("kubernetes", cache_home=cache)
    context = Context(snapshot())
    modules = tuple(catalogue.modules)
    answers = complete(Answers("pins", "kubernetes", modules, {"jhub_proxy_https_enabled": False}), catalogue)
    values = render_tfvars(answers, catalogue, revisions={}, internal={})
    root = context.terraform_root
    needs = describe_modules(context.binary(), root, "kubernetes", modules, values, variables=os.environ, cache=cache)
    assert needs is not None
    return [chart for it in needs.values() for chart in it.charts]


def files_of(chart: Chart) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a stand-in; its values and schema are the real chart's where these are beside the project."""
    about = {"apiVersion": "v2", "name": chart.name, "version": chart.version, "description": "A stand-in for tests."}
    yield "Chart.yaml", yaml.safe_dump(about).encode()
    for template in (TEMPLATES / "_stand_in.tpl", TEMPLATES / f"{chart.name}.yaml"):
        yield f"templates/{template.name}", template.read_bytes()
    if chart.name == "dask-kubernetes-operator":
        # Helm leaves what is in this folder behind, as with the real chart.
        yield "crds/dask.yaml", yaml.safe_dump_all(map(_definition, _DASK)).encode()
    upstream = upstream_of(chart)
    if upstream is not None:
        yield "values.yaml", (upstream / "values.yaml").read_bytes()
        yield "values.schema.json", json.dumps(schema_of(chart.name, upstream)).encode()


def upstream_of(chart: Chart) -> Path | None:
    """Return the folder with the real chart's values and schema; None where they aren't beside the project."""
    charts = shared_charts()
    folders = [charts / chart.name, charts / f"{chart.name}-v{chart.version}"] if charts else []
    return next((folder for folder in folders if folder.is_dir()), None)


def schema_of(name: str, upstream: Path) -> dict[str, Any]:
    """Return a chart's own schema; without one, a schema that refuses what its values.yaml doesn't have."""
    path = upstream / "values.schema.json"
    if path.is_file():
        own: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return own
    known = yaml.safe_load((upstream / "values.yaml").read_text(encoding="utf-8"))
    schema = only_known_keys({"global": {}, **known})
    for place in UNDOCUMENTED.get(name, ()):
        *above, key = place.split(".")
        at = schema
        for step in above:
            at = at["properties"][step]
        at["properties"][key] = {}
    return {"$schema": "http://json-schema.org/draft-07/schema#", **schema}


def only_known_keys(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema of exactly these keys at every level; what is empty here may hold anything."""
    properties = {str(k): only_known_keys(v) if isinstance(v, dict) and v else {} for k, v in values.items()}
    return {"properties": properties, "additionalProperties": False}


def _definition(kind: str) -> dict[str, Any]:
    group, plural = "kubernetes.dask.org", f"{kind.lower()}s"
    anything = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": anything}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
            "versions": [{**version, "subresources": {"status": {}}}],
        },
    }
