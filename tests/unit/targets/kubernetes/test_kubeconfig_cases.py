"""What the client makes of kubeconfigs, against a server and proxies on loopback: the same as kubectl."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import ssl
import textwrap
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.unit.targets.kubernetes.apiserver import (
    NAME,
    ApiServer,
    Pki,
    Proxy,
    make_pki,
    proxied,
    served,
    speak_http,
    speak_socks,
)
from tests.unit.targets.kubernetes.kubeconfig_cases import CASES, TOKEN, Case

from mlops_install.errors import InstallerError
from mlops_install.paths import Environment
from mlops_install.targets.kubernetes.access import choose
from mlops_install.targets.kubernetes.api import Cluster


@dataclass
class Stage:
    """What runs on loopback, and a folder for the files of one case."""

    pki: Pki
    folder: Path
    servers: dict[str, ApiServer]
    proxies: dict[str, Proxy]

    @property
    def main(self) -> ApiServer:
        return self.servers["server"]

    def fill(self, text: str) -> str:
        """Put ports, certificates and the folder in place of their names."""
        known = {f"{name}-port": str(server.server_port) for name, server in self.servers.items()}
        known |= {f"{name}-proxy": proxy.place for name, proxy in self.proxies.items()}
        known |= {path.name: self.pki.data(path.name) for path in self.pki.folder.iterdir()}
        known |= {f"pem {path.name}": path.read_text("ascii") for path in self.pki.folder.iterdir()}
        known |= {"dir": str(self.folder), "jwt": jwt(time.time() + 3600), "old-jwt": jwt(time.time() - 1)}
        known["wrapped"] = "\n".join(textwrap.wrap(self.pki.data("ca.crt"), 64)) + "\n"
        for name, value in known.items():
            text = text.replace(f"<{name}>", value)
        return text

    def filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self.fill(key): self.filled(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.filled(one) for one in value]
        return self.fill(value) if isinstance(value, str) else value


def jwt(ends: float) -> str:
    parts = (json.dumps(part).encode() for part in ({"alg": "none"}, {"exp": int(ends)}))
    return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), "CANARY-signature"])


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return make_pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture(scope="module")
def loopback(pki: Pki) -> Iterator[tuple[dict[str, ApiServer], dict[str, Proxy]]]:
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(pki.folder / "server.crt", pki.folder / "server.key")
    with contextlib.ExitStack() as stack:
        servers = {name: stack.enter_context(served(pki, name)) for name in ("server", "named", "expired-server")}
        ways = {"http": (speak_http, None), "https": (speak_http, secure), "socks": (speak_socks, None)}
        yield servers, {name: stack.enter_context(proxied(*way)) for name, way in ways.items()}


@pytest.fixture
def stage(pki: Pki, loopback: tuple[dict[str, ApiServer], dict[str, Proxy]], tmp_path: Path) -> Stage:
    servers, proxies = loopback
    for server in servers.values():
        server.asked.clear()
        server.drops_posts = False
    for proxy in proxies.values():
        proxy.targets.clear()
    return Stage(pki, tmp_path, servers, proxies)


def prepare(stage: Stage, case: Case) -> Environment:
    cluster = {"server": "https://127.0.0.1:<server-port>", "certificate-authority-data": "<ca.crt>", **case.cluster}
    document = {
        "contexts": [{"name": "main", "context": {"cluster": "c", "user": "u"}}],
        "clusters": [{"name": "c", "cluster": {key: value for key, value in cluster.items() if value is not None}}],
        "users": [{"name": "u", "user": TOKEN if case.user is None else case.user}],
    }
    for name, given in {"config": {}, **case.files}.items():
        path = stage.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(given, dict):
            given = yaml.safe_dump(stage.filled(document | given), sort_keys=False)
        path.write_text(stage.fill(given), encoding="utf-8")
        path.chmod(0o700 if given.startswith("#!") else 0o600)
    variables = {"PATH": "/usr/bin:/bin", "KUBECONFIG": "<dir>/config", **case.variables}
    elsewhere = stage.folder / "elsewhere"
    elsewhere.mkdir()
    return Environment(
        stage.filled(variables), elsewhere, elsewhere, elsewhere, elsewhere, elsewhere, Path("/usr/bin/python3"), 1000
    )


def text_of(error: InstallerError) -> str:
    return " ".join([error.message, error.hint, *map(str, error.problems), str(error.args)])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_is_as_kubectl_has_it(stage: Stage, case: Case, capfd: pytest.CaptureFixture[str]) -> None:
    environment = prepare(stage, case)
    stage.main.tokens[stage.fill("<jwt>")] = "oidc"
    try:
        cluster = Cluster(choose("", "main", environment), environment.variables)
        seen: dict[str, Any] = cluster.get("/version")
    except InstallerError as error:
        said = text_of(error)
        assert case.refused, said
        assert "CANARY" not in said
        assert stage.pki.data("admin.key")[:40] not in said
        assert re.search(case.refused, said, re.DOTALL), said
        # A refusal before anything is sent, or by the server: nobody is asked without a name.
        assert stage.main.asked == []
    else:
        assert not case.refused, seen
        assert {"who": case.who, **case.seen} == {key: seen[key] for key in ("who", *case.seen)}
        targets = {name: proxy.targets for name, proxy in stage.proxies.items() if proxy.targets}
        place = f"{NAME}:{stage.main.server_port}"
        assert targets == ({case.via: [place]} if case.via else {})
    assert capfd.readouterr() == ("", "")


def test_a_post_is_not_sent_twice_on_a_connection_that_ends(stage: Stage) -> None:
    environment = prepare(stage, Case("kept"))
    cluster = Cluster(choose("", "main", environment), environment.variables)
    cluster.get("/version")
    stage.main.drops_posts = True
    with pytest.raises(InstallerError):
        cluster.post("/apis/x", {})
    assert stage.main.asked == [("GET", "/version"), ("POST", "/apis/x")]
