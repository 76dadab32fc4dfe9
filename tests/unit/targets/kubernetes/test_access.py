"""Which cluster is meant, read from kubeconfig files alone."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
import yaml

from mlops_install.errors import PreflightError
from mlops_install.paths import Environment
from mlops_install.targets.kubernetes.access import choose, contexts
from mlops_install.targets.kubernetes.access.kubeconfig import read_kubeconfig

PLUGIN = {
    "apiVersion": "client.authentication.k8s.io/v1",
    "interactiveMode": "Never",
    "command": "./login",
    "args": ["x"],
    "env": [{"name": "A", "value": "b"}],
}
PEM = "-----BEGIN CERTIFICATE-----\nMAo=\n-----END CERTIFICATE-----\n"


def environment(root: Path, **variables: str) -> Environment:
    return Environment(variables, root, root / "home", root, root, root, Path("/usr/bin/python3"), 1000)


def write(path: Path, *names: str, current: str = "", **user: Any) -> Path:
    user = user or {"token": "t"}
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": current,
        "contexts": [{"name": name, "context": {"cluster": "c", "user": "u"}} for name in names],
        "clusters": [{"name": "c", "cluster": {"server": "https://10.0.0.1:6443/"}}],
        "users": [{"name": "u", "user": user}],
    }
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return path


def test_the_only_context_is_taken(tmp_path: Path) -> None:
    file = write(tmp_path / "home" / ".kube" / "config", "one", token="t")
    access = choose("", "", environment(tmp_path))
    assert (access.context, access.kubeconfig, access.server) == ("one", file, "https://10.0.0.1:6443")


def test_of_several_contexts_none_is_taken_not_even_the_current_one(tmp_path: Path) -> None:
    write(tmp_path / "home" / ".kube" / "config", "one", "two", current="two")
    with pytest.raises(PreflightError) as caught:
        choose("", "", environment(tmp_path))
    assert "there are: one, two" in str(caught.value.problems[0])
    assert choose("", "two", environment(tmp_path)).context == "two"


def test_a_context_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    write(tmp_path / "k", "one")
    with pytest.raises(PreflightError, match="no context 'other'") as caught:
        choose("k", "other", environment(tmp_path))
    assert "one" in caught.value.problems[0].message


def test_a_named_file_wins_over_the_variable_and_that_over_the_home(tmp_path: Path) -> None:
    write(tmp_path / "home" / ".kube" / "config", "home")
    write(tmp_path / "a", "a")
    write(tmp_path / "b", "b", "a")
    named = environment(tmp_path, KUBECONFIG=f"{tmp_path}/a:{tmp_path}/absent:{tmp_path}/b")
    assert list(contexts("", environment(tmp_path))) == ["home"]
    assert set(contexts("", named)) == {"a", "b"}
    assert contexts("", named)["a"] == (tmp_path / "a",)
    assert set(contexts("~/.kube/config", named)) == {"home"}


@pytest.mark.parametrize("text", ["- no\n- mapping\n", "a: b: c", "users: [{user: {token: 3}}]", "contexts: 3"])
def test_what_is_no_kubeconfig_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "k").write_text(text, encoding="utf-8")
    with pytest.raises(PreflightError):
        read_kubeconfig(tmp_path / "k")


def test_certificates_are_read_from_the_file_or_beside_it(tmp_path: Path) -> None:
    (tmp_path / "client.key").write_text("KEY", encoding="utf-8")
    data = base64.b64encode(PEM.encode()).decode()
    write(tmp_path / "k", "one", **{"client-certificate-data": data, "client-key": "client.key"})
    access = choose("k", "", environment(tmp_path))
    assert (access.certificate, access.key) == (PEM, "KEY")


def test_no_credential_is_in_what_python_shows(tmp_path: Path) -> None:
    write(tmp_path / "k", "one", password="CANARY", username="me")
    assert "CANARY" not in repr(read_kubeconfig(tmp_path / "k")) + repr(choose("k", "one", environment(tmp_path)))


def test_a_plugin_beside_the_file_is_started_from_there(tmp_path: Path) -> None:
    write(tmp_path / "k", "one", exec=PLUGIN)
    plugin = choose("k", "", environment(tmp_path)).plugin
    assert plugin is not None
    assert Path(plugin.command) == tmp_path / "login"
    assert (plugin.arguments, plugin.variables) == (("x",), {"A": "b"})


def test_a_user_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = write(tmp_path / "k", "one")
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    file.write_text(yaml.safe_dump(document | {"users": []}), encoding="utf-8")
    with pytest.raises(PreflightError, match="names the user 'u'"):
        choose("k", "", environment(tmp_path))
