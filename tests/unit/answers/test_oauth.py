from __future__ import annotations

import pytest

from mlops_install.answers.model import Answers
from mlops_install.answers.oauth import oauth_addresses
from mlops_install.answers.strength import strength
from mlops_install.catalogue.model import Catalogue, Parameter, TypeSpec, Value

LOCAL = {"kind": "github_oauth", "host": "127.0.0.1", "port": "hub_port", "callback_url": "callback"}
CLUSTER = {"kind": "github_oauth", "hosts": "hosts", "https": "https", "callback_url": "callback"}


@pytest.fixture
def small() -> Catalogue:
    parameters = (
        Parameter("hub_port", TypeSpec("number"), "", "hub", default=8000),
        Parameter("hosts", TypeSpec("list", TypeSpec("string")), "", "hub", default=[]),
        Parameter("https", TypeSpec("bool"), "", "hub", default=False),
        Parameter("callback", TypeSpec("string"), "", "hub", default=""),
    )
    return Catalogue("local", "0" * 64, {}, {}, {parameter.name: parameter for parameter in parameters})


@pytest.mark.parametrize(
    ("widget", "values", "homepage", "callback"),
    [
        (LOCAL, {}, "http://127.0.0.1:8000", "http://127.0.0.1:8000/hub/oauth_callback"),
        (LOCAL, {"hub_port": 80}, "http://127.0.0.1", "http://127.0.0.1/hub/oauth_callback"),
        (CLUSTER, {"hosts": ["a.org", "b.org"], "https": True}, "https://a.org", "https://a.org/hub/oauth_callback"),
        (CLUSTER, {"hosts": ["", "b.org"]}, "http://b.org", "http://b.org/hub/oauth_callback"),
        (
            LOCAL,
            {"callback": "https://x.org/jupyter/hub/oauth_callback"},
            "https://x.org/jupyter",
            "https://x.org/jupyter/hub/oauth_callback",
        ),
    ],
)
def test_addresses(small: Catalogue, widget: Value, values: dict[str, Value], homepage: str, callback: str) -> None:
    found = oauth_addresses(widget, Answers("demo", "local", ("hub",), values), small)
    assert found is not None
    assert (found.homepage, found.callback) == (homepage, callback)


@pytest.mark.parametrize("hosts", [[], [""], "not a list", None])
def test_no_address_without_a_host(small: Catalogue, hosts: Value) -> None:
    assert oauth_addresses(CLUSTER, Answers("demo", "local", ("hub",), {"hosts": hosts}), small) is None


@pytest.mark.parametrize(
    ("secret", "expected"),
    [
        ("", "weak"),
        ("password", "weak"),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "weak"),
        ("abcdefghijklmnopqrstuvwxyz", "weak"),
        ("tR7.kq2Lw", "fair"),
        ("correct horse battery staple", "strong"),
        ("Xq8vN2mKp4Rt7sLw9ZbE", "strong"),
    ],
)
def test_strength(secret: str, expected: str) -> None:
    assert strength(secret) == expected
