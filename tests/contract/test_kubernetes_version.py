"""The oldest Kubernetes of each module is the one that its real charts ask for."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import yaml
from tests.contract.stack_values import shared_charts

from mlops_install.answers.check import complete
from mlops_install.answers.model import Answers
from mlops_install.catalogue.load import load_catalogue
from mlops_install.cli.environment import snapshot
from mlops_install.deployment.root.tfvars import render_tfvars
from mlops_install.engine.described import describe_modules
from mlops_install.targets.context import Context

MODULES = ("jupyterhub", "prefect", "dask", "feast", "mlflow", "seldon", "postgresql", "object_store", "valkey")
FLOOR = (1, 24)
"""Older than every Kubernetes that is still somebody's: what a chart says below it needs no check."""


def oldest(folder: Path) -> tuple[int, int]:
    """Return what a chart's `kubeVersion` (`>=1.28.0-0`) asks for; 0.0 where it asks for nothing."""
    chart = yaml.safe_load((folder / "Chart.yaml").read_text(encoding="utf-8"))
    asked = re.fullmatch(r">= ?(\d+)\.(\d+)[.\d]*(-0)?", str(chart.get("kubeVersion") or ">=0.0"))
    assert asked is not None, chart["kubeVersion"]
    return int(asked[1]), int(asked[2])


def test_every_chart_that_asks_for_a_version_is_heeded(tmp_path: Path) -> None:
    charts = shared_charts()
    if charts is None:
        pytest.skip("The upstream charts, ../shared/charts, are not beside the project.")
    catalogue = load_catalogue("kubernetes", cache_home=tmp_path)
    context = Context(snapshot())
    answers = complete(Answers("t", "kubernetes", MODULES, {"jhub_proxy_https_enabled": False}), catalogue)
    tfvars = render_tfvars(answers, catalogue, revisions={}, internal={})
    needs = describe_modules(
        context.binary(),
        context.terraform_root,
        "kubernetes",
        MODULES,
        tfvars,
        variables=os.environ,
        cache=tmp_path / "described",
    )
    assert needs is not None
    asked = {
        module: max((oldest(found) for chart in it.charts for found in charts.glob(f"{chart.name}*")), default=(0, 0))
        for module, it in needs.items()
    }
    told = {
        module.id: tuple(int(part) for part in (module.kubernetes or "0.0").split("."))
        for module in catalogue.modules.values()
    }
    assert told == {module: version if version >= FLOOR else (0, 0) for module, version in asked.items()}
