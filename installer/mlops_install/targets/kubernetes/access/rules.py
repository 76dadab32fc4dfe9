"""From the entries of a kubeconfig to the way to a cluster, by the rules of kubectl (client-go, clientcmd).

What kubectl refuses is refused here, before anything is sent; where kubectl would ask for a login on the terminal,
too, and a server is never asked anonymously.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

from mlops_install.targets.kubernetes.access.kubeconfig import Entry, Kubeconfig
from mlops_install.targets.kubernetes.access.model import Access, Plugin

API_VERSIONS = ("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1")
"""Of a credentials plugin's replies, as kubectl knows them since 1.24."""
_EXTENSION = "client.authentication.k8s.io/exec"
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----\s.+?-----END CERTIFICATE-----", re.DOTALL)
_LEGAL_IN_HEADERS = re.compile(r"[A-Za-z0-9!#$&'*+.^_`|~-]")
_LEGAL_IN_PATHS = "/%!$&'()*+,;=:@~"
_PROXY_SCHEMES = ("http", "https", "socks5")


def access_of(kubeconfig: Kubeconfig, name: str) -> Access:
    """Return how the cluster of the context is reached; raises PreflightError when kubectl would refuse it."""
    context = kubeconfig.contexts[name]
    cluster = _named(kubeconfig.clusters, "cluster", context, name)
    server = _server(cluster, name)
    authority = _authority(cluster)
    given: dict[str, Any] = {}
    # kubectl sends no credentials over plain HTTP, and asks for none.
    if server.scheme == "https":
        user = _named(kubeconfig.users, "user", context, name)
        given = _user(user, context.fields["user"])
        if user.fields["exec"] is not None:
            given["plugin"] = _plugin(user, cluster, _address(server), authority)
        if server.username is not None:
            # Go's client sends the address' own login, and then no other.
            login = {"user": unquote(server.username), "password": unquote(server.password or "")}
            given |= {"token": None, "token_file": None, "id_token": None, **login}
    return Access(
        kubeconfig=context.path,
        context=name,
        server=_address(server),
        namespace=context.fields["namespace"] or "default",
        authority="\n".join(_CERTIFICATE.findall(authority)) or None,
        insecure=cluster.fields["insecure-skip-tls-verify"],
        server_name=cluster.fields["tls-server-name"] or None,
        proxy=_proxy(cluster),
        **given,
    )


def _named(entries: Mapping[str, Entry], kind: str, context: Entry, name: str) -> Entry:
    wanted = context.fields[kind]
    if wanted not in entries:
        what = f"the {kind} {wanted!r}, which is in no file" if wanted else f"no {kind}"
        raise context.broken(f"the context {name} names {what}")
    return entries[wanted]


def _server(cluster: Entry, name: str) -> SplitResult:
    address = str(cluster.fields["server"])
    try:
        split = urlsplit(address)
        if not split.scheme or not split.netloc:
            # Of a host and a port alone kubectl makes plain HTTP.
            split = urlsplit(f"http://{address}")
            if split.path.strip("/") or split.username is not None:
                raise ValueError
        usable = bool(split.hostname) and split.port != 0 and split.scheme in ("https", "http")
        (split.hostname or "").encode("idna")
    except ValueError:
        usable = False
    if not usable or re.search(r"[\x00-\x20\x7f]", address):
        raise cluster.broken(f"the cluster of the context {name} has no server address that could be asked")
    return split


def _address(server: SplitResult) -> str:
    place = server.netloc.rpartition("@")[2]
    if not place.isascii():
        place = place.encode("idna").decode()
    return urlunsplit((server.scheme, place, quote(server.path.rstrip("/"), safe=_LEGAL_IN_PATHS), "", ""))


def _authority(cluster: Entry) -> str:
    """Return the certificate authorities in PEM; empty for the system's own."""
    content = cluster.content("certificate-authority")
    if content and cluster.fields["insecure-skip-tls-verify"]:
        raise cluster.broken("insecure-skip-tls-verify is set together with a certificate authority")
    text = content.decode("latin-1")
    if content and not _CERTIFICATE.search(text):
        raise cluster.broken("certificate-authority holds no certificate in PEM")
    return text


def _proxy(cluster: Entry) -> str | None:
    proxy = str(cluster.fields["proxy-url"])
    if not proxy:
        return None
    try:
        split = urlsplit(proxy)
        usable = split.scheme in _PROXY_SCHEMES and bool(split.hostname) and split.port != 0
        (split.hostname or "").encode("idna")
    except ValueError:
        usable = False
    if not usable or re.search(r"[\x00-\x20\x7f]", proxy):
        raise cluster.broken(f"proxy-url is not the URL of a proxy ({', '.join(_PROXY_SCHEMES)})")
    return proxy


def _user(user: Entry, name: str) -> dict[str, Any]:
    """Return the credentials as `Access` takes them; raises PreflightError for none, half ones and too many."""
    fields = user.fields
    certificate, key = user.content("client-certificate").decode("latin-1"), ""
    if certificate:
        key = user.content("client-key").decode("latin-1")
        if not key:
            raise user.broken(f"the user {name} has a client-certificate without its client-key")
        if not _CERTIFICATE.search(certificate):
            raise user.broken("client-certificate holds no certificate in PEM")
    token = bool(fields["token"] or fields["tokenFile"])
    password = bool(fields["username"] or fields["password"])
    if token and password:
        raise user.broken(f"the user {name} has both a token and a password, and only one can be sent")
    id_token = _id_token(user, name)
    methods = (certificate, token, fields["username"], fields["exec"] is not None, id_token)
    if not any(methods):
        raise user.broken(f"the user {name} has no credentials")
    return {
        "certificate": certificate or None,
        "key": key or None,
        "token": fields["token"] or None,
        "token_file": user.beside("tokenFile") if fields["tokenFile"] else None,
        "user": fields["username"] if password else None,
        "password": fields["password"] or None,
        "id_token": id_token,
        "impersonation": _impersonation(user, name),
    }


def _id_token(user: Entry, name: str) -> str | None:
    provider = user.fields["auth-provider"]
    if provider is None:
        return None
    if user.fields["exec"] is not None:
        raise user.broken(f"the user {name} has both an auth-provider and an exec plugin")
    if provider["name"] != "oidc":
        raise user.broken(f"the user {name} has an auth-provider that kubectl no longer knows; only oidc is left")
    config = provider["config"]
    for key in ("idp-issuer-url", "client-id"):
        if not config.get(key):
            raise user.broken(f"the auth-provider of the user {name} has no {key}")
    if not config.get("id-token"):
        raise user.broken(f"the auth-provider of the user {name} has no id-token: log in to the cluster again")
    return str(config["id-token"])


def _impersonation(user: Entry, name: str) -> tuple[tuple[str, str], ...]:
    fields = user.fields
    headers = [("Impersonate-Uid", fields["as-uid"])] if fields["as-uid"] else []
    headers += [("Impersonate-Group", group) for group in fields["as-groups"]]
    headers += [
        (f"Impersonate-Extra-{_header_key(key)}", value)
        for key, values in fields["as-user-extra"].items()
        for value in values
    ]
    if not fields["as"]:
        if headers or fields["as-user-extra"]:
            raise user.broken(f"the user {name} has as-uid, as-groups or as-user-extra without `as`")
        return ()
    headers.insert(0, ("Impersonate-User", fields["as"]))
    if any(not is_header_value(value) for _, value in headers):
        raise user.broken(f"the user {name} impersonates a name with a control character")
    return tuple(headers)


def _header_key(key: str) -> str:
    """Return the key in a header's characters, any other byte as %XX."""
    return "".join(chr(byte) if _LEGAL_IN_HEADERS.fullmatch(chr(byte)) else f"%{byte:02X}" for byte in key.encode())


def is_header_value(value: str) -> bool:
    """Return whether a header may carry the value (RFC 9110, 5.5)."""
    return not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value)


def _plugin(user: Entry, cluster: Entry, server: str, authority: str) -> Plugin:
    given = user.fields["exec"]
    wrong = _wrong_plugin(given)
    if wrong:
        raise user.broken(f"the exec plugin {wrong}")
    command = str(given["command"])
    if "/" in command:
        command = str(user.path.parent / Path(command))
    return Plugin(
        command=command,
        arguments=given["args"],
        variables={pair["name"]: pair["value"] for pair in given["env"]},
        api_version=given["apiVersion"],
        install_hint=" ".join(given["installHint"].split()),
        cluster=_cluster_info(cluster, server, authority) if given["provideClusterInfo"] else None,
        needs_terminal=given["interactiveMode"] == "Always",
    )


def _wrong_plugin(given: Mapping[str, Any]) -> str:
    if not given["command"]:
        return "has no command"
    if given["apiVersion"] not in API_VERSIONS:
        return f"has an apiVersion that kubectl doesn't know; it knows {' and '.join(API_VERSIONS)}"
    # Only v1beta1 has a default for it (IfAvailable).
    modes = ("Never", "IfAvailable", "Always", *(("",) if given["apiVersion"] == API_VERSIONS[1] else ()))
    if given["interactiveMode"] not in modes:
        return "has no interactiveMode: Never, IfAvailable or Always"
    if any(not pair["name"] or "=" in pair["name"] for pair in given["env"]):
        return "has an environment variable without a proper name"
    if any("\0" in text for pair in given["env"] for text in pair.values()) or any(
        "\0" in text for text in (given["command"], *given["args"])
    ):
        return "has a zero byte in its command, arguments or environment"
    return ""


def _cluster_info(cluster: Entry, server: str, authority: str) -> dict[str, Any]:
    """Return the cluster as a plugin gets it (ExecCredential, spec.cluster)."""
    fields = cluster.fields
    config = [one["extension"] for one in fields["extensions"] if one["name"] == _EXTENSION]
    info = {
        "server": server,
        "tls-server-name": fields["tls-server-name"],
        "insecure-skip-tls-verify": fields["insecure-skip-tls-verify"],
        "certificate-authority-data": base64.b64encode(authority.encode("latin-1")).decode(),
        "proxy-url": fields["proxy-url"],
        "disable-compression": fields["disable-compression"],
        "config": config[0] if config else None,
    }
    return {key: value for key, value in info.items() if value}
