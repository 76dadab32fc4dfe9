"""How hard a typed secret is to guess, roughly: a hint beside the field, never a rule."""

from __future__ import annotations

import math
import string
from itertools import pairwise
from typing import Literal

Strength = Literal["weak", "fair", "strong"]

_FAIR_BITS = 45
_STRONG_BITS = 75
_CLASSES = (string.ascii_lowercase, string.ascii_uppercase, string.digits)


def strength(secret: str) -> Strength:
    """Return how strong a secret looks, from its length, its kinds of characters and its repetitions."""
    bits = _counted(secret) * math.log2(_alphabet(secret))
    return "strong" if bits >= _STRONG_BITS else "fair" if bits >= _FAIR_BITS else "weak"


def _alphabet(secret: str) -> int:
    size = sum(len(kind) for kind in _CLASSES if any(character in kind for character in secret))
    others = any(all(character not in kind for kind in _CLASSES) for character in secret)
    return max(2, size + (33 if others else 0))


def _counted(secret: str) -> int:
    """Count the characters that aren't the next step of a run (`aaa`, `abc`, `321`)."""
    steps = [ord(right) - ord(left) for left, right in pairwise(secret)]
    runs = sum(a == b and abs(b) <= 1 for a, b in pairwise(steps))
    return min(len(secret) - runs, 2 * len(set(secret)))
