"""Take secrets out of texts by their values (DESIGN §5): every reader of a run's files does, whoever wrote them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping

from mlops_install.catalogue.model import Value

MARK = "[secret]"
MINIMUM = 4
"""Shorter values would take ordinary words apart, and say nothing when seen."""


def redactor(values: Iterable[str]) -> Callable[[str], str]:
    """Return a function that replaces each value of at least four characters by `[secret]`, the longest first.

    A value is also found as it stands in JSON (with escapes), and each line of one that has several.
    """
    texts = {form for value in values for form in _forms(value) if len(form) >= MINIMUM}
    if not texts:
        return str
    pattern = re.compile("|".join(re.escape(text) for text in sorted(texts, key=lambda text: (-len(text), text))))
    return lambda text: pattern.sub(MARK, text)


def redact_value(value: Value, redact: Callable[[str], str]) -> Value:
    """Return the JSON value with every string in it redacted, keys included."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {redact(key): redact_value(item, redact) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [redact_value(item, redact) for item in value]
    return value


def _forms(value: str) -> Iterable[str]:
    yield value
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    if "\n" in value:
        yield from (line.strip() for line in value.splitlines())
