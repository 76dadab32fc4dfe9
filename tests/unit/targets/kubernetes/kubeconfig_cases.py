"""Kubeconfigs, each with what kubectl (1.32) was seen to do: as whom it asks and by which way, or that it refuses.

`<name>` stands for a certificate of the tests' authority in base64, `<pem name>` for its text, `<dir>` for the case's
folder, `<…-port>` and `<…-proxy>` for what listens on loopback.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.unit.targets.kubernetes.apiserver import NAME, PASSWORD, PROXY_PASSWORD

V1, BETA = "client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"
LOGIN = f"puser:{quote(PROXY_PASSWORD, safe='')}"


@dataclass
class Case:
    """A kubeconfig of one context, and what comes of it."""

    name: str
    cluster: dict[str, Any] = field(default_factory=dict)
    user: dict[str, Any] | None = None
    who: str = "token"
    refused: str = ""
    """A pattern that the refusal's text has; empty when the server is to answer."""
    via: str = ""
    seen: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    files: dict[str, Any] = field(default_factory=dict)
    """More files; a text beginning with #! is a program, an object is written as YAML."""


def plugin(version: str = V1, mode: str = "Never", **more: Any) -> dict[str, Any]:
    given = {"apiVersion": version, "command": "<dir>/plugin", **({"interactiveMode": mode} if mode else {}), **more}
    return {"exec": given}


def program(says: str, version: str = V1) -> dict[str, Any]:
    """A program that prints an ExecCredential with this status, an expression of the shell's echo."""
    reply = f'{{"apiVersion": "{version}", "kind": "ExecCredential", "status": {says}}}'
    return {"plugin": f"#!/bin/sh\necho ran >> <dir>/ran\ncat <<'END'\n{reply}\nEND\n"}


def oidc(**config: str) -> dict[str, Any]:
    config = {"idp-issuer-url": "https://127.0.0.1:1", "client-id": "kc", "client-secret": "CANARY-oidc", **config}
    return {"auth-provider": {"name": "oidc", "config": config}}


TOKEN = {"token": "CANARY-token"}
BASIC = {"username": "admin", "password": PASSWORD}
PAIR = {"client-certificate-data": "<admin.crt>", "client-key-data": "<admin.key>"}
BEHIND = {"server": f"https://{NAME}:<server-port>"}
ENV_PROXY = f"http://{LOGIN}@<http-proxy>"
GIVES_TOKEN = program('{"token": "CANARY-plugin"}')
CHECKS_CLUSTER = """#!/bin/sh
case "$KUBERNETES_EXEC_INFO" in
*'"server": "https://'*'"certificate-authority-data": "'*'"config": {"audience": "kc"}'*) ;;
*) echo 'no cluster info' >&2; exit 1;;
esac
[ "$MODE" = on ] || { echo 'no MODE' >&2; exit 1; }
echo '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "CANARY-plugin"}}'
"""
EXTENSION = {"extensions": [{"name": "client.authentication.k8s.io/exec", "extension": {"audience": "kc"}}]}
ASKED_AS = {
    "as": ["jane"],
    "uid": ["u-1"],
    "groups": ["dev", "ops"],
    "extra": ["Impersonate-Extra-A%2Fb%25=x", "Impersonate-Extra-A%2Fb%25=z"],
}
AS_JANE = {"as": "jane", "as-uid": "u-1", "as-groups": ["dev", "ops"], "as-user-extra": {"A/b%": ["x", "z"]}}

CASES = [
    Case("a token"),
    # Certificates
    Case("base64 over several lines", {"certificate-authority-data": "<wrapped>"}),
    Case("base64 with blanks", {"certificate-authority-data": "TUlJ RA=="}, refused="not base64"),
    Case("an authority that is no PEM", {"certificate-authority-data": "aGVsbG8="}, refused="no certificate in PEM"),
    Case("another authority", {"certificate-authority-data": "<other.crt>"}, refused="doesn't trust"),
    Case("the server's own certificate as authority", {"certificate-authority-data": "<server.crt>"}),
    Case(
        "files beside the kubeconfig",
        {"certificate-authority-data": None, "certificate-authority": "pki/ca.crt"},
        {"client-certificate": "pki/admin.crt", "client-key": "pki/admin.key"},
        who="certificate admin",
        files={"pki/ca.crt": "<pem ca.crt>", "pki/admin.crt": "<pem admin.crt>", "pki/admin.key": "<pem admin.key>"},
    ),
    Case(
        "a file that isn't there",
        {"certificate-authority-data": None, "certificate-authority": "gone.crt"},
        refused="gone.crt, which can't be read",
    ),
    Case("an authority twice", {"certificate-authority": "x"}, refused="both given"),
    Case("a certificate and a token", user=PAIR | TOKEN),
    Case(
        "a certificate without its key",
        user={"client-certificate-data": "<admin.crt>"},
        refused="without its client-key",
    ),
    Case("a key without a certificate", user={"client-key-data": "<admin.key>"}, refused="no credentials"),
    Case("a key of another certificate", user=PAIR | {"client-key-data": "<expired.key>"}, refused="not a pair"),
    Case("an encrypted key", user=PAIR | {"client-key-data": "<encrypted.key>"}, refused="passphrase"),
    Case(
        "an expired client certificate",
        user={"client-certificate-data": "<expired.crt>", "client-key-data": "<expired.key>"},
        refused="expired",
    ),
    Case(
        "an expired server",
        {"server": "https://127.0.0.1:<expired-server-port>"},
        refused="doesn't trust: certificate has expired",
    ),
    Case("a server of another name", {"server": "https://127.0.0.1:<named-port>"}, refused="doesn't trust"),
    Case("tls-server-name", {"server": "https://127.0.0.1:<named-port>", "tls-server-name": NAME}),
    Case("insecure", {"certificate-authority-data": None, "insecure-skip-tls-verify": True}),
    Case("insecure with an authority", {"insecure-skip-tls-verify": True}, refused="insecure-skip-tls-verify"),
    # Servers
    Case("a path", {"server": "https://127.0.0.1:<server-port>/k8s/c-1/"}, seen={"path": "/k8s/c-1/version"}),
    Case("a query", {"server": "https://127.0.0.1:<server-port>/?a=b#c"}),
    Case(
        "a login in the server's address",
        {"server": f"https://admin:{PASSWORD}@127.0.0.1:<server-port>"},
        {"token": "CANARY-other"},
        who="password",
    ),
    Case("a server of another kind", {"server": "ftp://127.0.0.1:<server-port>"}, refused="no server address"),
    Case("a server without a scheme, with a path", {"server": "https:/x"}, refused="no server address"),
    Case("no server", {"server": None}, refused="no server address"),
    Case("a port that is none", {"server": "https://127.0.0.1:99999"}, refused="no server address"),
    # Tokens and passwords
    Case("a password", user=BASIC, who="password"),
    Case("a password alone", user={"password": PASSWORD}, refused="no credentials"),
    Case("no credentials", user={}, refused="no credentials"),
    Case("a token and a password", user=TOKEN | BASIC, refused="both a token and a password"),
    Case("a token of two lines", user={"token": "CANARY-token\n"}, refused="control character"),
    Case("a token that is a number", user={"token": 12345678}, refused=r"users.user.token must be a text|token must"),
    Case(
        "a token's file wins", user={"token": "CANARY-old", "tokenFile": "t"}, who="file", files={"t": "CANARY-file\n"}
    ),
    Case("an empty token's file", user={"tokenFile": "t"}, refused="is empty", files={"t": "\n"}),
    Case("a token's file that is gone", user={"tokenFile": "t"}, refused="can't be read"),
    Case("a token beside a file that is gone", user=TOKEN | {"tokenFile": "t"}),
    # Impersonation
    Case("impersonation", user=TOKEN | AS_JANE, seen=ASKED_AS),
    Case("groups without a user", user=TOKEN | {"as-groups": ["dev"]}, refused="without `as`"),
    # OpenID Connect
    Case("oidc", user=oidc(**{"id-token": "<jwt>", "refresh-token": "CANARY-refresh"}), who="oidc"),
    Case("an expired id-token", user=oidc(**{"id-token": "<old-jwt>"}), refused="id-token.*has expired"),
    Case("an id-token that is no JWT", user=oidc(**{"id-token": "CANARY"}), refused="is not a JWT"),
    Case("oidc without an id-token", user=oidc(), refused="no id-token"),
    Case("oidc without an issuer", user=oidc(**{"idp-issuer-url": "", "id-token": "<jwt>"}), refused="idp-issuer-url"),
    Case("another auth-provider", user=TOKEN | {"auth-provider": {"name": "gcp"}}, refused="no longer knows"),
    # Plugins
    Case("a plugin", user=plugin(), who="plugin", files=GIVES_TOKEN),
    Case(
        "a plugin of v1beta1 without a mode",
        user=plugin(BETA, ""),
        who="plugin",
        files=program('{"token": "CANARY-plugin"}', BETA),
    ),
    Case("a plugin without a mode", user=plugin(mode=""), refused="interactiveMode", files=GIVES_TOKEN),
    Case("a plugin of v1alpha1", user=plugin("client.authentication.k8s.io/v1alpha1"), refused="apiVersion"),
    Case(
        "a plugin that wants a terminal", user=plugin(mode="Always"), refused="interactive terminal", files=GIVES_TOKEN
    ),
    Case(
        "a plugin with the cluster's info",
        EXTENSION,
        plugin(provideClusterInfo=True, env=[{"name": "MODE", "value": "on"}]),
        who="plugin",
        files={"plugin": CHECKS_CLUSTER},
    ),
    Case(
        "a plugin without the cluster's info",
        EXTENSION,
        plugin(),
        refused="no cluster info",
        files={"plugin": CHECKS_CLUSTER},
    ),
    Case(
        "a plugin beside the kubeconfig",
        user=plugin(command="./bin/p"),
        who="plugin",
        files={"bin/p": GIVES_TOKEN["plugin"]},
    ),
    Case(
        "a plugin on the path",
        user=plugin(command="plugin"),
        who="plugin",
        files=GIVES_TOKEN,
        variables={"PATH": "<dir>:/usr/bin:/bin"},
    ),
    Case(
        "a plugin that isn't there",
        user=plugin(command="kc-gone", installHint="Get it."),
        refused="kc-gone isn't there.*Get it",
    ),
    Case("a plugin beside a token", user=plugin() | TOKEN, files={"plugin": "#!/bin/sh\nexit 1\n"}),
    Case(
        "a plugin that gives a certificate",
        user=plugin(),
        who="certificate admin",
        files={
            "plugin": f"""#!/usr/bin/env python3
import json
import re
status = {{"clientCertificateData": '''<pem admin.crt>''', "clientKeyData": '''<pem admin.key>'''}}
print(json.dumps({{"apiVersion": "{V1}", "kind": "ExecCredential", "status": status}}))
"""
        },
    ),
    Case(
        "a plugin's half certificate",
        user=plugin(),
        refused="without its key",
        files=program('{"clientCertificateData": "x"}'),
    ),
    Case("a plugin's empty status", user=plugin(), refused="neither a token", files=program("{}")),
    Case("a plugin's empty token", user=plugin(), refused="neither a token", files=program('{"token": ""}')),
    Case("a plugin's missing status", user=plugin(), refused="no status", files=program("null")),
    Case("a plugin's token that is a number", user=plugin(), refused="else than text", files=program('{"token": 1}')),
    Case(
        "a plugin's reply of another version",
        user=plugin(),
        refused="is not of",
        files=program('{"token": "CANARY-plugin"}', BETA),
    ),
    Case("a plugin that says nothing", user=plugin(), refused="no ExecCredential", files={"plugin": "#!/bin/sh\n"}),
    Case(
        "a plugin that is binary",
        user=plugin(),
        refused="no ExecCredential",
        files={"plugin": "#!/bin/sh\nprintf '\\377\\000'\n"},
    ),
    Case("a plugin that is no program", user=plugin(), refused="can't be run", files={"plugin": "#!/gone\n"}),
    Case(
        "a plugin that fails",
        user=plugin(args=["--client-secret", "CANARY-argument", "--key=CANARY-key"]),
        refused=r"session ended \(hidden\) \(hidden\)",
        files={"plugin": "#!/bin/sh\necho CANARY-out\necho session ended $2 CANARY-key >&2; exit 1\n"},
    ),
    # Proxies
    Case("a proxy", BEHIND | {"proxy-url": f"http://{LOGIN}@<http-proxy>"}, via="http"),
    Case("a proxy with TLS", BEHIND | {"proxy-url": f"https://{LOGIN}@<https-proxy>"}, via="https"),
    Case("a SOCKS proxy", BEHIND | {"proxy-url": f"socks5://{LOGIN}@<socks-proxy>"}, via="socks"),
    Case("a proxy's wrong password", BEHIND | {"proxy-url": "http://puser:CANARY@<http-proxy>"}, refused="407"),
    Case(
        "a SOCKS proxy's wrong password",
        BEHIND | {"proxy-url": "socks5://puser:CANARY@<socks-proxy>"},
        refused="refuses",
    ),
    Case(
        "a proxy that isn't there",
        BEHIND | {"proxy-url": "http://puser:CANARY@127.0.0.1:1"},
        refused="can't be reached",
    ),
    Case("a proxy of another kind", {"proxy-url": "ftp://u:CANARY@127.0.0.1:1"}, refused="proxy-url is not"),
    Case("a proxy without a scheme", {"proxy-url": "u:CANARY@127.0.0.1:1"}, refused="proxy-url is not"),
    Case("the environment's proxy", BEHIND, variables={"HTTPS_PROXY": ENV_PROXY}, via="http"),
    Case("the environment's proxy in small letters", BEHIND, variables={"https_proxy": ENV_PROXY}, via="http"),
    Case("the environment's proxy, not for loopback", variables={"HTTPS_PROXY": ENV_PROXY}),
    Case(
        "the environment's SOCKS proxy",
        BEHIND,
        variables={"HTTPS_PROXY": f"socks5h://{LOGIN}@<socks-proxy>"},
        via="socks",
    ),
    Case(
        "the kubeconfig's proxy before NO_PROXY",
        BEHIND | {"proxy-url": ENV_PROXY},
        variables={"NO_PROXY": "*"},
        via="http",
    ),
    Case(
        "a name that NO_PROXY spares",
        BEHIND,
        variables={"HTTPS_PROXY": ENV_PROXY, "NO_PROXY": "example.com,behind.test"},
        refused="name isn't known here",
    ),
    Case(
        "a name that NO_PROXY spares on another port",
        BEHIND,
        variables={"HTTPS_PROXY": ENV_PROXY, "NO_PROXY": f"{NAME}:443,.{NAME}"},
        via="http",
    ),
    # The file
    Case("a user that isn't there", files={"config": {"users": []}}, refused="'u', which is in no file"),
    Case("a cluster that isn't there", files={"config": {"clusters": []}}, refused="'c', which is in no file"),
    Case("two users of a name", files={"config": {"users": [{"name": "u", "user": TOKEN}] * 2}}, refused="same name"),
    Case(
        "broken YAML",
        files={"config": 'users: [{user: {token: CANARY-token, "x\n\ty: CANARY-token: [}'},
        refused="not a YAML file",
    ),
    Case("an alias within itself", files={"config": "users: &a [*a]\ntoken: CANARY\n"}, refused="not a kubeconfig"),
    Case("deep nesting", files={"config": "[" * 100_000}, refused="not a YAML file"),
    Case("a list", files={"config": "- CANARY\n"}, refused="not a kubeconfig"),
    Case("another version", files={"config": {"apiVersion": "v2"}}, refused="version v1"),
    Case(
        "a key pasted for a path",
        user={"client-certificate-data": "<admin.crt>", "client-key": "<admin.key>"},
        refused="client-key names something that is no path|can't be read",
    ),
    # Several files
    Case(
        "split over files, one empty and one missing",
        files={
            "config": {"users": [], "clusters": []},
            "empty": "",
            "comment": "# no more\n",
            "rest": {"contexts": []},
        },
        variables={"KUBECONFIG": "<dir>/gone::<dir>/config:<dir>/empty:<dir>/comment:<dir>/rest"},
    ),
    Case(
        "the first file's user, whole",
        files={"second": {"users": [{"name": "u", "user": {"as": "jane", "token": "CANARY-other"}}]}},
        variables={"KUBECONFIG": "<dir>/config:<dir>/second"},
        seen={"as": None},
    ),
    Case(
        "one of several files broken",
        files={"second": "a: ["},
        variables={"KUBECONFIG": "<dir>/config:<dir>/second"},
        refused="second is not a YAML file",
    ),
    Case("all files missing", variables={"KUBECONFIG": "<dir>/a:<dir>/b"}, refused="there is no kubeconfig at"),
]
