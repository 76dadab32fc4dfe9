from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Catalogue, Module, Parameter, Release, TypeSpec, Value
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.root.kept import kept_namespaces, release_failures

TEXT = TypeSpec("string")
CATALOGUE = Catalogue(
    target="kubernetes",
    digest="",
    modules={
        "hub": Module("hub", "Hub", "", "1", releases=(Release("hub", "hub_namespace"),), volumes=("hub_namespace",)),
        "tool": Module("tool", "Tool", "", "1", releases=(Release("tool", "tool_namespace"),)),
        "base": Module(
            "base", "Base", "", "1", releases=(Release("base", "base_namespace"),), volumes=("base_namespace",)
        ),
    },
    sections={},
    parameters={
        f"{name}_namespace": Parameter(f"{name}_namespace", TEXT, "", name, default=default)
        for name, default in (("hub", "jhub"), ("tool", "tool"), ("base", "data"))
    },
)
ALL: dict[str, Value] = {
    "install_hub": True,
    "install_tool": True,
    "install_base": True,
    "hub_namespace": "jhub",
    "tool_namespace": "tool",
    "base_namespace": "data",
    "kept_namespaces": [],
}


def answers(*modules: str, **parameters: str) -> Answers:
    return Answers(name="a", target="kubernetes", modules=modules, parameters=dict(parameters))


@pytest.mark.parametrize(
    ("approved", "wanted", "kept"),
    [
        (ALL, answers("hub", "tool", "base"), []),
        (ALL, answers("hub", "base"), []),
        (ALL, answers("tool"), ["data", "jhub"]),
        (ALL, answers(), ["data", "jhub"]),
        (ALL, answers("tool", tool_namespace="data"), ["jhub"]),
        (ALL | {"install_hub": False}, answers(), ["data"]),
        (ALL | {"install_base": False, "kept_namespaces": ["data"]}, answers("hub"), ["data"]),
        (ALL | {"install_base": False, "kept_namespaces": ["data"]}, answers("hub", "base"), []),
    ],
)
def test_a_namespace_with_volumes_outlives_its_modules(
    approved: dict[str, Value], wanted: Answers, kept: list[str], tmp_path: Path
) -> None:
    deployment = Deployment(tmp_path)
    deployment.tfvars.write_text(json.dumps(approved))
    assert kept_namespaces(deployment, CATALOGUE, wanted) == kept


def test_a_new_deployment_keeps_nothing(tmp_path: Path) -> None:
    assert kept_namespaces(Deployment(tmp_path), CATALOGUE, answers("hub")) == []


def test_a_target_without_releases_keeps_nothing(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path)
    deployment.tfvars.write_text(json.dumps(ALL))
    bare = {name: replace(module, releases=(), volumes=()) for name, module in CATALOGUE.modules.items()}
    assert kept_namespaces(deployment, replace(CATALOGUE, modules=bare), answers()) == []


def test_failures_are_counted_on_from_what_was_approved(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path)
    assert release_failures(deployment, ["tool"]) == {"tool": 1}
    deployment.tfvars.write_text(json.dumps({"release_failures": {"tool": 1, "hub": 2}}), encoding="utf-8")
    assert release_failures(deployment) == {"tool": 1, "hub": 2}
    assert release_failures(deployment, ["tool"]) == {"tool": 2, "hub": 2}
