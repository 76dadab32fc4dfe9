"""Secret values are taken out of text by value, where the text is made (DESIGN §5)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from urllib.parse import quote

HIDDEN = "(hidden)"
_SHORTEST = 4
"""Characters below which a value isn't looked for: it would hide ordinary words."""
_CREDENTIALS = re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)")


class Redactor:
    """Takes secret values, and passwords inside URLs, out of text."""

    def __init__(self, secrets: Iterable[str]) -> None:
        values = {value for value in secrets if len(value) >= _SHORTEST}
        # The forms in which a value shows up when a tool quotes it in JSON or in a URL.
        forms = values | {json.dumps(value)[1:-1] for value in values} | {quote(value, safe="") for value in values}
        self.forms = tuple(sorted(forms, key=len, reverse=True))
        """Every text that is looked for, longest first."""
        self._pattern = re.compile("|".join(map(re.escape, self.forms))) if forms else None

    def __call__(self, text: str) -> str:
        """Return the text with every secret replaced by `(hidden)`."""
        if self._pattern is not None:
            text = self._pattern.sub(HIDDEN, text)
        return _CREDENTIALS.sub(HIDDEN, text)
