"""A kubeconfig file as it is written (kubectl's format, v1), with kubectl's strictness about types.

kubectl refuses the whole file for one value of a wrong type, whichever context is used; so does this reading, or
Terraform's providers, which read as kubectl does, would fail later.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from mlops_install.errors import PreflightError

HINT = "Name another file with --kubeconfig, or get this one anew from whoever runs the cluster."
_LONGEST_PATH = 255

_Read = Callable[[object, str], Any]


class _MistypedError(Exception):
    """A value isn't of the type that its place wants; the message names the place and never the value."""


def _text(value: object, where: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _MistypedError(f"{where} must be a text in quotes")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _MistypedError(f"{where} holds a broken character") from None
    return value


def _flag(value: object, where: str) -> bool:
    if value is not None and not isinstance(value, bool):
        raise _MistypedError(f"{where} must be true or false")
    return bool(value)


def _data(value: object, where: str) -> bytes:
    """Decode as Go does: the standard alphabet with its padding, over any number of lines."""
    try:
        return base64.b64decode(_text(value, where).replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        raise _MistypedError(f"{where} is not base64") from None


def _anything(value: object, where: str) -> object:
    try:
        json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        raise _MistypedError(f"{where} holds what JSON can't") from None
    return value


def _list_of(read: _Read) -> _Read:
    def read_list(value: object, where: str) -> tuple[Any, ...]:
        if value is not None and not isinstance(value, list):
            raise _MistypedError(f"{where} must be a list")
        return tuple(read(one, where) for one in value or ())

    return read_list


def _map_of(read: _Read) -> _Read:
    def read_map(value: object, where: str) -> dict[str, Any]:
        if value is not None and not isinstance(value, dict):
            raise _MistypedError(f"{where} must be a mapping")
        return {_text(key, f"a key of {where}"): read(one, where) for key, one in (value or {}).items()}

    return read_map


def _fields(**fields: _Read) -> _Read:
    """Read a mapping with these fields, `_` for `-` in their names; others are let pass, missing ones are empty."""
    names = {name.replace("_", "-"): read for name, read in fields.items()}

    def read_fields(value: object, where: str) -> dict[str, Any]:
        if value is not None and not isinstance(value, dict):
            raise _MistypedError(f"{where} must be a mapping")
        given = value or {}
        return {name: read(given.get(name), f"{where}.{name}") for name, read in names.items()}

    return read_fields


def _optional(read: _Read) -> _Read:
    return lambda value, where: None if value is None else read(value, where)


_EXEC = _fields(
    apiVersion=_text,
    command=_text,
    args=_list_of(_text),
    env=_list_of(_fields(name=_text, value=_text)),
    installHint=_text,
    interactiveMode=_text,
    provideClusterInfo=_flag,
)
_USER = _fields(
    client_certificate=_text,
    client_certificate_data=_data,
    client_key=_text,
    client_key_data=_data,
    token=_text,
    tokenFile=_text,
    username=_text,
    password=_text,
    as_uid=_text,
    as_groups=_list_of(_text),
    as_user_extra=_map_of(_list_of(_text)),
    auth_provider=_optional(_fields(name=_text, config=_map_of(_text))),
    exec=_optional(_EXEC),
    **{"as": _text},
)
_CLUSTER = _fields(
    server=_text,
    tls_server_name=_text,
    insecure_skip_tls_verify=_flag,
    certificate_authority=_text,
    certificate_authority_data=_data,
    proxy_url=_text,
    disable_compression=_flag,
    extensions=_list_of(_fields(name=_text, extension=_anything)),
)
_CONTEXT = _fields(cluster=_text, user=_text, namespace=_text)
_FILE = _fields(
    apiVersion=_text,
    kind=_text,
    contexts=_list_of(_fields(name=_text, context=_CONTEXT)),
    clusters=_list_of(_fields(name=_text, cluster=_CLUSTER)),
    users=_list_of(_fields(name=_text, user=_USER)),
    **{"current-context": _text},
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One context, cluster or user: its file and its fields, all there and of their types; may hold credentials."""

    path: Path
    fields: Mapping[str, Any] = field(repr=False)

    def beside(self, key: str) -> Path:
        """Return the path that a field names, relative to its file."""
        return self.path.parent / str(self.fields[key])

    def content(self, key: str) -> bytes:
        """Return what `KEY-data` holds, or the file that KEY names; empty for neither.

        Raises PreflightError when both are there, and when the file can't be read.
        """
        data, name = self.fields[f"{key}-data"], self.fields[key]
        if data and name:
            raise self.broken(f"{key} and {key}-data are both given")
        if not name:
            return bytes(data)
        try:
            return self.beside(key).read_bytes()
        except (OSError, ValueError) as error:
            # A certificate or a key pasted into the wrong field is no path, and isn't shown.
            shown = name if len(name) <= _LONGEST_PATH and name.isprintable() else "something that is no path"
            why = getattr(error, "strerror", None) or "no such path"
            raise self.broken(f"{key} names {shown}, which can't be read ({why})") from None

    def broken(self, what: str) -> PreflightError:
        """Return the refusal of the file that has this entry."""
        return PreflightError(f"{self.path}: {what}.", hint=HINT)


@dataclass(frozen=True, slots=True)
class Kubeconfig:
    """Contexts, clusters and users by name, of one file or of several merged ones."""

    contexts: Mapping[str, Entry] = field(default_factory=dict)
    clusters: Mapping[str, Entry] = field(default_factory=dict, repr=False)
    users: Mapping[str, Entry] = field(default_factory=dict, repr=False)

    def under(self, other: Kubeconfig) -> Kubeconfig:
        """Return both in one; of two entries with a name the other's is taken, whole."""
        return Kubeconfig(
            {**self.contexts, **other.contexts}, {**self.clusters, **other.clusters}, {**self.users, **other.users}
        )


class _Loader(yaml.SafeLoader):
    """YAML as kubectl's parser takes plain words: dates are text, `y` and `n` are flags, `1e3` is a number."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:kubeconfig,flag", re.compile(r"^[yYnN]$"), list("yYnN"))
_Loader.add_implicit_resolver(
    "tag:kubeconfig,number", re.compile(r"^[-+]?[0-9]+[eE][-+]?[0-9]+$"), list("-+0123456789")
)
_Loader.add_constructor("tag:kubeconfig,flag", lambda _, node: node.value in "yY")
_Loader.add_constructor("tag:kubeconfig,number", lambda _, node: float(node.value))


def read_kubeconfig(path: Path) -> Kubeconfig:
    """Return the file's contents, empty for an empty file; raises PreflightError when it isn't a kubeconfig.

    FileNotFoundError, where there is no file, is passed on: of several files one may be missing.
    """
    try:
        document = _parse(path.read_bytes())
    except FileNotFoundError:
        raise
    except OSError as error:
        raise PreflightError(f"{path} can't be read: {error.strerror}.", hint=HINT) from error
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        # The parser's own words quote the line, which may hold a token.
        raise PreflightError(f"{path} is not a YAML file.", hint=HINT) from None
    if not isinstance(document, dict):
        raise PreflightError(f"{path} is not a kubeconfig.", hint=HINT)
    try:
        found = _FILE(document, "the file")
    except _MistypedError as error:
        raise PreflightError(f"{path} is not a kubeconfig: {error}.", hint=HINT) from None
    if (found["apiVersion"] or "v1", found["kind"] or "Config") != ("v1", "Config"):
        raise PreflightError(f"{path} is not a kubeconfig of version v1.", hint=HINT)
    return Kubeconfig(*(_entries(path, found, kind) for kind in ("context", "cluster", "user")))


def _parse(content: bytes) -> object:
    """Return the first document of the YAML, as kubectl does; an empty mapping for none."""
    if content.lstrip().startswith(b"{"):
        # JSON is YAML but for the tabs it may be indented with.
        try:
            return json.loads(content)
        except ValueError:
            pass
    loader = _Loader(content)
    try:
        document = loader.get_data() if loader.check_data() else None  # type: ignore[no-untyped-call]
    finally:
        loader.dispose()
    return {} if document is None else document


def _entries(path: Path, document: Mapping[str, Any], kind: str) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for one in document[f"{kind}s"]:
        if one["name"] in found:
            raise PreflightError(f"{path} is not a kubeconfig: two {kind}s in it have the same name.", hint=HINT)
        found[one["name"]] = Entry(path, one[kind])
    return found
