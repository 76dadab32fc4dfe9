from __future__ import annotations

import pytest

from mlops_install.catalogue.model import Catalogue
from mlops_install.deployment.files import write_json
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.secrets import next_revisions, read_secrets, write_secrets
from mlops_install.errors import InstallerError

TOKEN = "jhub_proxy_secret_token"


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
        ({}, {TOKEN: "a"}, {}, {TOKEN: 1}),
        ({TOKEN: "a"}, {TOKEN: "a"}, {}, {TOKEN: 1}),
        ({TOKEN: "a"}, {TOKEN: "a"}, {TOKEN: 4}, {TOKEN: 4}),
        ({TOKEN: "a"}, {TOKEN: "b"}, {TOKEN: 4}, {TOKEN: 5}),
        ({TOKEN: "a"}, {}, {TOKEN: 4}, {TOKEN: 5}),
        (
            {TOKEN: "a"},
            {TOKEN: "a", "oauth_github_client_secret": "b", "mlflow_password": "c"},
            {TOKEN: 4},
            {TOKEN: 4, "oauth_github_client_secret": 1, "mlflow_password": 1},
        ),
        ({"unknown": "a"}, {"unknown": "b"}, {TOKEN: 1}, {TOKEN: 1}),
        # Those of a version that counted by module: a secret that is the same leaves them as they are.
        ({TOKEN: "a"}, {TOKEN: "a"}, {"jupyterhub": 4}, {"jupyterhub": 4}),
        ({TOKEN: "a"}, {TOKEN: "b"}, {"jupyterhub": 4}, {"jupyterhub": 4, TOKEN: 5}),
        ({TOKEN: "b"}, {TOKEN: "c"}, {"jupyterhub": 4, TOKEN: 5}, {"jupyterhub": 4, TOKEN: 6}),
    ],
)
def test_revisions(
    catalogue: Catalogue, old: dict[str, str], new: dict[str, str], before: dict[str, int], after: dict[str, int]
) -> None:
    assert next_revisions(old, new, catalogue, before) == after
