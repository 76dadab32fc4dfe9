"""The words every front end shares: titles, durations, values as text, a plan's changes in the operator's words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from mlops_install.errors import Problem
from mlops_install.words.terminal import plain

ENVIRONMENT = "environment"
"""The team's environment: a row of its own although no catalogue module."""

NO_ADDRESS = "no address of its own"
"""Of a module that is reached by nothing but what is deployed with it."""

TARGETS = {
    "local": "processes on this machine, reachable on loopback only",
    "kubernetes": "a cluster, by the tools' own charts",
}
"""What each target is; another one is shown by its name alone."""
_TITLES = {ENVIRONMENT: "Team environment", "": "Deployment"}
_OPTION = re.compile(r"--set \w+=(\d+)")
_OPTION_BY_NAME = re.compile(r" with --(?:context|kubeconfig)(?: or --kubeconfig)?\b")


def state_told(modules: Sequence[str], last_run: str) -> str:
    """Return in a few words what a deployment has, and how its newest run ended; `last_run` may be empty."""
    run = {
        "done": "last run done",
        "applying": "being applied now",
        "planning": "being planned now",
        "removed": "removed",
    }
    parts = [count_told(modules, "module"), run.get(last_run, f"last run {last_run}" if last_run else "")]
    return ", ".join(filter(None, parts))


def count_told(items: Sequence[str], noun: str) -> str:
    """Return how many there are, as `1 module` or `2 modules`."""
    return f"{len(items)} {noun}{'' if len(items) == 1 else 's'}"


def at_a_form(text: str) -> str:
    """Return what to do in the words of a form: what a command line would set by an option is just typed there."""
    return _OPTION_BY_NAME.sub(" here", _OPTION.sub(r"\1", text))


def title_of(module: str, titles: Mapping[str, str]) -> str:
    """Return a module's title for people; its id when nothing better is known."""
    return titles.get(module) or _TITLES.get(module) or module


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


def value_text(value: object) -> str:
    """Return a parameter's value as a person writes it: text as it is, lists comma separated, the rest as JSON."""
    if value is None or value == "":
        return "(empty)"
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return ", ".join(map(plain, value)) or "(none)"
    return json.dumps(value, ensure_ascii=False)


def capital(text: str) -> str:
    """Return a text that begins as a sentence does; all else stays as it is."""
    return f"{text[:1].upper()}{text[1:]}"


def shown(value: object) -> str:
    """Return a value in words, on one line."""
    if value is None or value == "":
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{plain(key)}: {shown(item)}" for key, item in value.items()) or "none"
    if isinstance(value, list):
        if any(isinstance(item, dict | list) for item in value):
            return f"{len(value)} item{'s' if len(value) > 1 else ''}"
        return ", ".join(shown(item) for item in value) or "none"
    return value_text(value)


def told(problem: Problem) -> str:
    """Return a problem as a sentence of its own, its subject left out."""
    message = problem.message.replace(", must be ", "; it must be ")
    if message[:1].islower() and not message.startswith(("item ", "key ", "port ")):
        message = f"it {message}"
    return f"{capital(message)} {at_a_form(problem.hint)}".rstrip()
