"""RE2 patterns, which Terraform uses, rewritten so that Python and ECMA-262 (JSON Schema) read them the same way."""

from __future__ import annotations

import re

_CLASSES = {"d": "0-9", "w": "0-9A-Za-z_", "s": r"\t\n\f\r "}
_CONTROLS = "nrtfv"
_SYNTAX = r"^$\.*+?()[]{}|"
_REPEAT = re.compile(r"\{(\d{1,3})(?:,(\d{0,3}))?\}")
_END = r"(?!\n)$"
"""`$` of RE2 without flags: only the very end, whereas Python's also matches before a last line break."""


def portable_pattern(pattern: str) -> str | None:
    """Return a pattern that matches in Python and in ECMA-262 what the argument matches in RE2.

    Flags, named groups, Unicode and POSIX classes, `\\b`, `\\Q` and the like have no common form: None.
    Syntax: RE2 wiki, "Syntax"; ECMA-262 2023 §22.2.
    """
    if any(ord(char) > 0xFFFF for char in pattern):
        return None
    try:
        text = _Rewriter(pattern).whole()
        re.compile(text)
    except (ValueError, re.error, OverflowError):
        return None
    return text


class _Rewriter:
    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def whole(self) -> str:
        parts: list[str] = []
        while self._at < len(self._pattern):
            parts.append(self._piece())
        return "".join(parts)

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _take(self) -> str:
        char = self._peek()
        if not char:
            raise ValueError("ends too early")
        self._at += 1
        return char

    def _piece(self) -> str:
        char = self._take()
        if char == "(":
            return self._group()
        if char in ")|^":
            return char
        if char == "$":
            return _END
        if char in "*+?{":
            return self._repeat(char)
        if char == ".":
            return r"[^\n]"
        if char == "[":
            return self._class()
        if char == "\\":
            return self._escape()
        return "\\" + char if char in _SYNTAX else char

    def _group(self) -> str:
        if self._peek() != "?":
            return "("
        if not self._pattern.startswith("?:", self._at):
            raise ValueError("group with a flag or a name")
        self._at += 2
        return "(?:"

    def _repeat(self, char: str) -> str:
        if self._at == 1 or self._pattern[self._at - 2] in "^$|(":
            raise ValueError("nothing to repeat, or an anchor")
        text = char
        if char == "{":
            match = _REPEAT.match(self._pattern, self._at - 1)
            if match is None:
                raise ValueError("a brace that repeats nothing")
            self._at = match.end()
            text = match.group()
        if self._peek() == "?":
            text += self._take()
        if self._peek() in ("*", "+", "?"):
            raise ValueError("a repeated repeat")
        return text

    def _escape(self) -> str:
        char = self._take()
        if char in _CLASSES:
            return f"[{_CLASSES[char]}]"
        if char in "DWS":
            return f"[^{_CLASSES[char.lower()]}]"
        if char in _CONTROLS:
            return "\\" + char
        if char == "A":
            return "^"
        if char == "z":
            return _END
        return self._literal(char)

    def _literal(self, char: str) -> str:
        if char.isalnum() or char == "_" or not char.isascii():
            raise ValueError(f"escape \\{char}")
        return "\\" + char if char in _SYNTAX else char

    def _class(self) -> str:
        parts = ["["]
        if self._peek() == "^":
            parts.append(self._take())
        if self._peek() == "]":
            raise ValueError("a class that begins with ]")
        while self._peek() != "]":
            low, single = self._member()
            ranged = self._peek() == "-" and self._pattern[self._at + 1 : self._at + 2] not in ("]", "")
            if single and ranged and low != r"\-":
                self._take()
                high, plain = self._member()
                if not plain:
                    raise ValueError("a range that ends with a class")
                low = f"{low}-{high}"
            parts.append(low)
        self._take()
        return "".join([*parts, "]"])

    def _member(self) -> tuple[str, bool]:
        """Return one member of a class and whether it is a single character."""
        char = self._take()
        if char == "[" and self._peek() == ":":
            raise ValueError("a POSIX class")
        if char == "\\":
            char = self._take()
            if char in _CLASSES:
                return _CLASSES[char], False
            if char in _CONTROLS:
                return "\\" + char, True
            if char.isalnum() or char == "_" or not char.isascii():
                raise ValueError(f"escape \\{char}")
        return ("\\" + char if char in r"\]^-[" else char), True
