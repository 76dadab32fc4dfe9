"""Events of a run: Terraform's `-json` lines and the live lines beside them, in one shape."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, cast

from mlops_install.catalogue.model import Value
from mlops_install.words.foreign import ForeignText

LOCKED = "locked"
"""`code` of our own diagnostic of a run that found the deployment held by another process."""

Source = Literal["terraform", "live", "installer"]

_SOURCES = ("terraform", "live", "installer")
_LOCATION_KEYS = ("hook", "change", "resource")
_MODULE_CALL = re.compile(r"^module\.([A-Za-z0-9_-]+?)(?:_service|_release(?:_[a-z]+)?)?(?:\[[^\]]*\])?(?:\.|$)")
_VARIABLE_BLOCK = re.compile(r'variable\s+"([A-Za-z0-9_-]+)"')
_JSON_KEY = re.compile(r'"([A-Za-z0-9_-]+)"\s*:')
_VARIABLE_NAMED = re.compile(r"\bvar\.([A-Za-z0-9_]+)")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in a run."""

    seq: int
    """Rises by one in the order a front end sees them."""
    time: str
    """UTC, ISO 8601 with milliseconds."""
    source: Source
    type: str
    """Terraform's own type (`apply_start`, `diagnostic`, …), `log` for a line that isn't JSON, or ours.

    Ours are `phase` (data: phase), `cancel`, `diagnostic` (data: diagnostic, with `code` where we know it), `result`.
    """
    module: str = ""
    """The catalogue's module id it belongs to; empty for none."""
    resource: str = ""
    """Terraform's resource address; empty for none."""
    message: str = ""
    """One line for people, redacted."""
    data: Mapping[str, Value] = field(default_factory=dict)
    """The rest of the line, as it came."""


def parse_line(line: str, *, seq: int, redactor: ForeignText | None = None) -> Event:
    """Return the event of one line of events.jsonl or live.jsonl; never raises.

    Terraform's lines (Terraform 1.11 docs, internals/machine-readable-ui) keep their type, known or not; lines in our
    own shape keep theirs; anything else is a `log` event without a time. Every text is passed through `redactor`.
    """
    text = line.rstrip("\r\n")
    found = _object(text)
    if found is not None and "@message" in found:
        event = _of_terraform(found, seq)
    elif found is not None and found.get("source") in _SOURCES and isinstance(found.get("type"), str):
        event = _of_ours(found, seq)
    else:
        event = Event(seq=seq, time="", source="terraform", type="log", message=text)
    return event if redactor is None else _redacted(event, redactor)


def module_of(address: str) -> str:
    """Return the catalogue module of a resource address, by its outermost module call; empty for none.

    `module.dask_service[0].terraform_data.service` belongs to `dask`: the suffixes `_service` and `_release` name the
    modules that do what a data-only module says; `module.dask_release_cluster["dask-cluster"]` is one of
    several releases of `dask`.
    """
    match = _MODULE_CALL.match(address)
    return match.group(1) if match else ""


def variable_of(diagnostic: Mapping[str, Value]) -> str:
    """Return the root variable a Terraform diagnostic points at; empty when it points at none.

    Its range lies in the variable's block (`snippet.context`, or `snippet.code` where it is the first line), or, when a
    rule refuses a value, on the key of the JSON variable file that gave it; else the text names `var.NAME` (seen with
    Terraform 1.11.4 and 1.15.5).
    """
    snippet = _mapping(diagnostic.get("snippet"))
    code = str(snippet.get("code") or "").lstrip()
    for text in (str(snippet.get("context") or ""), code):
        if match := _VARIABLE_BLOCK.match(text):
            return match.group(1)
    if "variable" not in str(diagnostic.get("summary", "")):
        return ""
    filename = str(_mapping(diagnostic.get("range")).get("filename", ""))
    if filename.endswith(".tfvars.json") and (match := _JSON_KEY.match(code)):
        return match.group(1)
    detail = str(diagnostic.get("detail", ""))
    named = _VARIABLE_NAMED.search(detail) or _VARIABLE_BLOCK.search(detail)
    return named.group(1) if named else ""


def interface_problem(event: Event) -> str:
    """Return why Terraform's event stream can't be trusted; empty when it can.

    `ui` is the version of the machine-readable interface: within 1.x only keys and types are added.
    """
    if event.type != "version":
        return ""
    version = str(event.data.get("ui", ""))
    if version.split(".", 1)[0] == "1":
        return ""
    return f"{event.message or 'This Terraform'} speaks version {version or 'unknown'} of the event stream, not 1.x."


def installer_line(kind: str, message: str, data: Mapping[str, Value] | None = None) -> str:
    """Return a line of our own for events.jsonl, with its newline: `phase`, `cancel` or `diagnostic`."""
    document = {"time": now(), "source": "installer", "type": kind, "message": message, "data": dict(data or {})}
    return json.dumps(document, ensure_ascii=False) + "\n"


def now() -> str:
    """Return the present moment as events write it: UTC, ISO 8601 with milliseconds."""
    return _stamp(datetime.now(UTC))


def _object(text: str) -> dict[str, Value] | None:
    if not text.startswith("{"):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _of_terraform(found: dict[str, Value], seq: int) -> Event:
    address = _address(found)
    kind = found.get("type")
    return Event(
        seq=seq,
        time=_moment(found.get("@timestamp")),
        # Everything beside the ui's own lines (providers' logs) is Terraform's as well.
        source="terraform",
        type=kind if isinstance(kind, str) and kind else "log",
        module=module_of(address),
        resource=address,
        message=str(found["@message"]),
        data={key: value for key, value in found.items() if key not in ("@message", "@timestamp", "type")},
    )


def _of_ours(found: dict[str, Value], seq: int) -> Event:
    return Event(
        seq=seq,
        time=_moment(found.get("time")),
        source=cast("Source", found["source"]),
        type=found["type"],
        module=str(found.get("module") or ""),
        resource=str(found.get("resource") or ""),
        message=str(found.get("message") or ""),
        data=_mapping(found.get("data")),
    )


def _address(found: Mapping[str, Value]) -> str:
    for key in _LOCATION_KEYS:
        inner = _mapping(found.get(key))
        resource = inner if key == "resource" else _mapping(inner.get("resource"))
        if isinstance(resource.get("addr"), str):
            return str(resource["addr"])
    return str(_mapping(found.get("diagnostic")).get("address") or "")


def _mapping(value: Value) -> Mapping[str, Value]:
    return value if isinstance(value, Mapping) else {}


def _moment(value: Value) -> str:
    """Return the time in UTC: Terraform writes it in the machine's zone."""
    try:
        return _stamp(datetime.fromisoformat(value))
    except (TypeError, ValueError, OverflowError):
        return ""


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _redacted(event: Event, redactor: ForeignText) -> Event:
    return Event(
        seq=event.seq,
        time=event.time,
        source=event.source,
        type=event.type,
        module=event.module,
        resource=redactor(event.resource),
        message=redactor(event.message),
        data=redactor.value(event.data),
    )
