from __future__ import annotations

from dataclasses import replace

import pytest

from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Catalogue
from mlops_install.deployment.root.tfvars import render_tfvars


def test_settings_switches_counters_and_internal_values_sorted(answers: Answers, catalogue: Catalogue) -> None:
    values = render_tfvars(
        answers,
        catalogue,
        revisions={"jhub_proxy_secret_token": 2, "mlflow": 1, "dask": 1},
        internal={"service_digests": {"dask": "d"}},
    )
    assert list(values.items()) == [
        ("dask_workers", 3),
        ("install_dask", True),
        ("install_jupyterhub", True),
        ("install_mlflow", False),
        ("jupyterhub_port", 8000),
        ("secrets_revisions", {"jhub_proxy_secret_token": 2, "mlflow_password": 1}),
        ("service_digests", {"dask": "d"}),
    ]


def test_a_secret_never_gets_in(answers: Answers, catalogue: Catalogue) -> None:
    careless = replace(answers, parameters={"jhub_proxy_secret_token": "canary"})
    assert "canary" not in str(render_tfvars(careless, catalogue, revisions={}, internal={}))
    with pytest.raises(ValueError, match="mlflow_password"):
        render_tfvars(answers, catalogue, revisions={}, internal={"mlflow_password": "canary"})
