from __future__ import annotations

import pytest

from mlops_install.catalogue.model import Catalogue
from mlops_install.deployment.files import write_json
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.secrets import next_revisions, read_secrets, write_secrets
from mlops_install.errors import InstallerError


def test_round_trip(deployment: Deployment) -> None:
    assert read_secrets(deployment.secrets) == {}
    write_secrets(deployment.secrets, {"b": "2", "a": "1"})
    assert read_secrets(deployment.secrets) == {"a": "1", "b": "2"}
    assert deployment.secrets.stat().st_mode & 0o777 == 0o600


def test_the_wrong_shape_is_refused_without_its_content(deployment: Deployment) -> None:
    write_json(deployment.secrets, {"a": ["canary"]})
    with pytest.raises(InstallerError) as caught:
        read_secrets(deployment.secrets)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ({}, {}, {}, {}),
        ({}, {"jhub_proxy_secret_token": "a"}, {}, {"jupyterhub": 1}),
        ({"jhub_proxy_secret_token": "a"}, {"jhub_proxy_secret_token": "a"}, {"jupyterhub": 4}, {"jupyterhub": 4}),
        ({"jhub_proxy_secret_token": "a"}, {"jhub_proxy_secret_token": "b"}, {"jupyterhub": 4}, {"jupyterhub": 5}),
        ({"jhub_proxy_secret_token": "a"}, {}, {"jupyterhub": 4}, {"jupyterhub": 5}),
        (
            {"jhub_proxy_secret_token": "a"},
            {"jhub_proxy_secret_token": "a", "oauth_github_client_secret": "b", "mlflow_password": "c"},
            {"jupyterhub": 4},
            {"jupyterhub": 5, "mlflow": 1},
        ),
        ({"unknown": "a"}, {"unknown": "b"}, {"dask": 1}, {"dask": 1}),
    ],
)
def test_revisions(
    catalogue: Catalogue, old: dict[str, str], new: dict[str, str], before: dict[str, int], after: dict[str, int]
) -> None:
    assert next_revisions(old, new, catalogue, before) == after
