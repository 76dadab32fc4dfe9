"""Seldon under the Business Source License, on a real API server; needs no node that runs pods."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cluster.conftest import TestCluster
from tests.cluster.sites import Site, new_site

VERSION = "1.18.2"
LICENCE = f"https://github.com/SeldonIO/seldon-core/blob/v{VERSION}/LICENSE"
PRESET = f"""\
format: 1
title: Seldon alone
description: Its newest operator.
target: kubernetes
modules: [seldon]
parameters: {{seldon_sample_model: false, seldon_version: {VERSION}}}
"""


@pytest.fixture
def site(on_cluster: TestCluster, tmp_path: Path) -> Iterator[Site]:
    if not (on_cluster.charts / f"seldon-core-operator-{VERSION}.tgz").is_file():
        pytest.skip(f"The chart's package of version {VERSION} is not in {on_cluster.charts}.")
    with new_site(on_cluster, tmp_path, preset=PRESET, namespaced="seldon") as made:
        yield made
        made.destroy("--purge-data", code=None)


def test_a_version_under_it_is_installed_only_when_its_licence_is_accepted(site: Site) -> None:
    refused = site.quick("--yes", code=2)
    assert "Business Source License 1.1, which forbids production without a paid licence" in refused
    assert LICENCE in refused
    assert "accept it with seldon_licence_accepted = true, or take version 1.17.1" in refused
    assert site.there(f"/api/v1/namespaces/{site.name}") is None

    site.quick("--yes", "--set", "seldon_licence_accepted=true")
    operator = site.api.get(f"/apis/apps/v1/namespaces/{site.name}/deployments/seldon-controller-manager")
    (manager,) = operator["spec"]["template"]["spec"]["containers"]
    assert manager["image"].endswith(f"/seldon-core-operator:{VERSION}")
    assert "Nothing to change" in site.quick("--yes")
