"""The one filter that takes secrets out of text, by their values.

A file of the standard library alone: `guard.py`, which runs apart from this package, loads it by its path.
"""

from __future__ import annotations

import base64
import json
import re
import shlex
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus

MARK = "(hidden)"
"""What stands in a secret's place. Not in brackets: rich and Textual would read a tag."""
MINIMUM = 4
"""Characters below which a value isn't looked for: it would take ordinary words apart."""
MINIMUM_PART = 8
"""The same for a part of a value: a line of it, or what is certain of its base64."""
_URL_SAFE = ("", "/", "!'()*~", "$&+,;=")
"""What is left as it is in a URL, besides letters, digits and `_.-~`: by Python's `quote` (both of its usual ways), by
JavaScript's `encodeURIComponent`, and in the user's part by Go's `net/url`."""
_LOGIN = re.compile(r"(?<=://)([^/\s:@]*):[^/\s@]+(?=@)")
"""A password in a URL, known or not."""


class SecretFilter:
    """Replaces each known secret in a text by `(hidden)`, and the password of any URL.

    A value is found as it is and as it stands in a URL, in JSON (twice over, too), in base64 (also inside more, as in
    an Authorization header), quoted for a shell, for YAML and by Python; of one with several lines each line is.
    Where secrets overlap all of them go.
    """

    def __init__(self, values: Iterable[str]) -> None:
        """`values` shorter than four characters are left out: they would take ordinary words apart."""
        known = {value for value in values if len(value) >= MINIMUM}
        self._forms = sorted({form for value in known for form in _forms(value)})
        self._needles = [form for form in self._forms if not any(o in form for o in self._forms if o != form)]
        longest_first = sorted(self._forms, key=lambda form: (-len(form), form))
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __call__(self, text: str) -> str:
        """Return the text without secrets. Cut a text after this, never before: half a secret isn't found."""
        text = _marked(text, list(self._spans(text)))
        return _LOGIN.sub(rf"\1:{MARK}", text) if "://" in text else text

    def value(self, value: Any) -> Any:
        """Return the JSON value without secrets in any of its strings, keys included."""
        if isinstance(value, str):
            return self(value)
        if isinstance(value, dict):
            return {self(key): self.value(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(item) for item in value]
        return value

    def stream(self) -> SecretStream:
        """Return a filter for a text that comes in pieces."""
        return SecretStream(self)

    def decided(self, text: str) -> int:
        """Return up to where the text is certain, whatever follows: no secret begins before that and ends after."""
        end = self._undecided(text)
        inside = (start for start, stop in self._spans(text) if start < end < stop)
        return next(inside, end)

    def _undecided(self, text: str) -> int:
        """Return where the first end of the text begins that more text could make a secret; its length for none."""
        longest = max(map(len, self._forms), default=0)
        for start in range(max(0, len(text) - longest + 1), len(text)):
            end = text[start:]
            at = bisect_left(self._forms, end)
            if at < len(self._forms) and self._forms[at] != end and self._forms[at].startswith(end):
                return start
            if at + 1 < len(self._forms) and self._forms[at + 1].startswith(end):
                return start
        return len(text)

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield from where to where secrets stand, in order; those that overlap as one."""
        # Nearly every text is without: asking for each form costs a fraction of one search for all.
        for needle in self._needles:
            if needle in text:
                break
        else:
            return
        assert self._pattern is not None
        match = self._pattern.search(text)
        while match is not None:
            start, end = match.span()
            match = match.re.search(text, start + 1)
            while match is not None and match.start() < end:
                end = max(end, match.end())
                match = match.re.search(text, match.start() + 1)
            yield start, end


class SecretStream:
    """Filters a text that comes in pieces: a secret that is split between two of them is found."""

    def __init__(self, secrets: SecretFilter) -> None:
        self._filter = secrets
        self._pending = ""

    def feed(self, piece: str) -> str:
        """Return what can be said so far; the beginning of what may be a secret waits for the next piece."""
        text = self._pending + piece
        ready = self._filter.decided(text)
        self._pending = text[ready:]
        return self._filter(text[:ready])

    def end(self) -> str:
        """Return what still waits."""
        rest, self._pending = self._pending, ""
        return self._filter(rest)


def _marked(text: str, spans: list[tuple[int, int]]) -> str:
    if not spans:
        return text
    pieces, position = [], 0
    for start, end in spans:
        pieces += [text[position:start], MARK]
        position = end
    return "".join([*pieces, text[position:]])


def _forms(value: str) -> Iterator[str]:
    """Yield how the value may stand in a text."""
    yield from _quoted(value)
    for line in value.splitlines() if "\n" in value else ():
        if len(line.strip()) >= MINIMUM_PART:
            yield from _quoted(line.strip())
    yield from _base64(value.encode(errors="surrogatepass"))


def _quoted(value: str) -> Iterator[str]:
    yield value
    for safe in _URL_SAFE:
        escaped = quote(value, safe=safe, errors="replace")
        yield escaped
        yield re.sub("%..", lambda code: code.group().lower(), escaped)
    yield quote_plus(value, errors="replace")
    for ascii_only in (True, False):
        once = json.dumps(value, ensure_ascii=ascii_only)[1:-1]
        # Go's encoding/json, and so Terraform, writes these three for the sake of HTML.
        for text in (once, once.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")):
            yield text
            yield json.dumps(text, ensure_ascii=ascii_only)[1:-1]
    yield repr(value)[1:-1]
    if "'" in value:
        yield shlex.quote(value)[1:-1]
        yield value.replace("'", r"'\''")
        yield value.replace("'", "''")
    yield re.sub(r'([\\"$`])', r"\\\1", value)
    yield re.sub(r"([^\w@%+=:,./-])", r"\\\1", value)


def _base64(data: bytes) -> Iterator[str]:
    """Yield the value's base64: the whole, and by where it may begin in a longer text, what is certain of it."""
    for alphabet in (base64.b64encode, base64.urlsafe_b64encode):
        whole = alphabet(data).decode()
        yield whole
        yield whole.rstrip("=")
        for before in range(3):
            # Three bytes make four characters; those that hold bits of a neighbour differ by it.
            first, last = -(-before * 8 // 6), (before + len(data)) * 8 // 6
            certain = alphabet(b"\0" * before + data).decode()[first:last]
            if len(certain) >= MINIMUM_PART:
                yield certain
