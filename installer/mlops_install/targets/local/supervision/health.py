"""Ask a program whether it works: the whole reply must be the expected one (reference: a bare 200 proves nothing)."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from mlops_install.targets.local.tool import Health

_LONGEST_REPLY = 1 << 20
"""Bytes of a reply that are read."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a health call got."""

    healthy: bool
    answered: bool
    """True when anything at all came back."""
    detail: str
    """One plain clause for people."""


def ask(health: Health, *, timeout: float = 2.0) -> Reply:
    """Make the health call, without any proxy, and compare the reply with the expected one."""
    address = urlsplit(health.url)
    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
    connection = http.client.HTTPConnection(address.hostname or "127.0.0.1", address.port or 80, timeout=timeout)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read(_LONGEST_REPLY).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        refused = isinstance(error, ConnectionRefusedError)
        return Reply(False, not refused, f"{health.url}: {'nothing answers' if refused else reason}")
    finally:
        connection.close()
    if not 200 <= response.status < 300:
        return Reply(False, True, f"{health.url} answers with status {response.status}")
    if re.fullmatch(health.expect, body, re.DOTALL) is None:
        return Reply(False, True, f"{health.url} answers something else than expected")
    return Reply(True, True, f"{health.url} answers as expected")
