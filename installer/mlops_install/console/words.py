"""The words and symbols every table and progress view shares: a state is never told by colour or symbol alone."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime

from mlops_install.catalogue.model import Value

NOTEBOOK = "notebook"
"""The runtime's notebook environment: a row of its own although no catalogue module."""

_TITLES = {NOTEBOOK: "Notebook environment", "": "Deployment"}
SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_ASCII = str.maketrans("✓●·→│━─…" + SPINNER, "+*.>|#-." + "|/-\\|/-\\|/"[: len(SPINNER)])
_ANSI = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


def title_of(module: str, titles: Mapping[str, str]) -> str:
    """Return a module's title for people; its id when nothing better is known."""
    return titles.get(module) or _TITLES.get(module) or module


def plain(text: str) -> str:
    """Return one line safe for a terminal: no escape sequences, no control characters, tabs as spaces."""
    line = _ANSI.sub("", text).replace("\t", "  ").replace("\n", " ")
    return "".join(c for c in line if unicodedata.category(c) not in {"Cc", "Cf", "Cs"}).rstrip()


def plain_lines(text: str) -> list[str]:
    """Return the non-empty lines of a text, each safe for a terminal."""
    return [line for line in map(plain, text.splitlines()) if line.strip()]


def is_service(address: str) -> bool:
    """Tell whether a resource stands for a program on this machine (modules/service), whose data lie apart from it."""
    return ".terraform_data." in f".{address}"


def duration(seconds: float) -> str:
    """Return whole seconds as `9s`, `1m05s` or `2h03m`; negative counts as zero."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02d}s"
    return f"{whole // 3600}h{whole % 3600 // 60:02d}m"


def instant(text: str) -> datetime | None:
    """Return an ISO 8601 time, or None for an empty or unreadable one."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def value_text(value: Value) -> str:
    """Return a parameter's value as a person writes it: text as it is, lists comma separated, the rest as JSON."""
    if value is None or value == "":
        return "(empty)"
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return ", ".join(map(plain, value)) or "(none)"
    return json.dumps(value, ensure_ascii=False)


def ascii_only(text: str) -> str:
    """Return the text in ASCII, our own symbols as their nearest ones, character for character."""
    return text.translate(_ASCII).encode("ascii", "replace").decode("ascii")
