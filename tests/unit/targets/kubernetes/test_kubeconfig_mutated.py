"""Whatever stands in a kubeconfig, it is used or refused: without a traceback, and without a secret in the text."""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mlops_install.errors import InstallerError
from mlops_install.paths import Environment
from mlops_install.targets.kubernetes.access import choose
from mlops_install.targets.kubernetes.api import Cluster

SECRET = "CANARY"
WHOLE: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Config",
    "current-context": "main",
    "contexts": [{"name": "main", "context": {"cluster": "c", "user": "u", "namespace": "n"}}],
    "clusters": [
        {
            "name": "c",
            "cluster": {
                "server": f"https://u:{SECRET}@127.0.0.1:1/p",
                "proxy-url": f"http://u:{SECRET}@127.0.0.1:1",
                "certificate-authority-data": "",
                "tls-server-name": "name",
                "insecure-skip-tls-verify": True,
                "extensions": [{"name": "client.authentication.k8s.io/exec", "extension": {"a": 1}}],
            },
        }
    ],
    "users": [
        {
            "name": "u",
            "user": {
                "token": SECRET,
                "tokenFile": "",
                "username": "",
                "password": "",
                "client-certificate-data": "",
                "client-key-data": "",
                "as": "jane",
                "as-groups": ["g"],
                "as-user-extra": {"k": ["v"]},
                "exec": {
                    "apiVersion": "client.authentication.k8s.io/v1",
                    "command": "/bin/false",
                    "args": ["--secret", f"{SECRET}-1"],
                    "env": [{"name": "A", "value": f"{SECRET}-2"}],
                    "interactiveMode": "Never",
                    "provideClusterInfo": True,
                },
            },
        }
    ],
}


def places(document: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [here] if here else []
    keys = document if isinstance(document, dict) else range(len(document)) if isinstance(document, list) else ()
    return found + [place for key in keys for place in places(document[key], (*here, key))]


PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.dates(), st.binary(max_size=5)
)
ODD = st.sampled_from([
    "", "~", "\0", "a\nb", "\udc80", "https:/a/b",
    "[", "https://[", "https://a:b:c", "http://127.0.0.1:1", "//", "%zz",
    "https://" + "a" * 300, "https://é.test:1", "socks5://127.0.0.1:1", "https://127.0.0.1:1", "QUJD\n", "é", "=",
    "x" * 5000, "https://x:0",
    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "Always", "/dev/null", "/", "..",
    "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCkFBQUEKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=",
])  # fmt: skip
VALUES = st.one_of(
    PLAIN,
    ODD,
    st.recursive(
        PLAIN,
        lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=5), some, max_size=3),
        max_leaves=5,
    ),
)
CHANGES = st.lists(st.tuples(st.sampled_from(places(WHOLE)), st.one_of(st.just("drop"), VALUES)), max_size=4)


def changed(changes: list[tuple[tuple[Any, ...], Any]]) -> Any:
    document = copy.deepcopy(WHOLE)
    for place, value in changes:
        around = document
        try:
            for key in place[:-1]:
                around = around[key]
            if value == "drop":
                del around[place[-1]]
            else:
                around[place[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took it away
    return document


def ask(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config").write_bytes(content)
        variables = {"PATH": "/usr/bin:/bin", "KUBECONFIG": f"{folder}/config"}
        environment = Environment(variables, folder, folder, folder, folder, folder, Path("/usr/bin/python3"), 1000)
        try:
            Cluster(choose("", "", environment), variables, timeout=0.2).get("/version")
        except InstallerError as error:
            said = [error.message, error.hint, *map(str, error.problems)]
            assert not any(SECRET in text for text in said), said
            for text in said:
                text.encode()


@settings(max_examples=300)
@given(CHANGES)
@example([])
def test_a_changed_kubeconfig(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    ask(yaml.safe_dump(changed(changes), allow_unicode=True).encode(errors="surrogateescape"))


@settings(max_examples=300)
@given(st.data())
def test_a_broken_file(data: st.DataObject) -> None:
    # The address, which is shown, has no login here: any change may make a part of it the host.
    content = bytearray(yaml.safe_dump(WHOLE).replace(f"https://u:{SECRET}@", "https://").encode())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    ask(bytes(content))
