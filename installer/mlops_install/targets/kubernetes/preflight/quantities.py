"""Kubernetes' quantities (`250m`, `1Gi`, `1e3`) as numbers."""

from __future__ import annotations

import re

_FACTORS = {"n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1.0} | {
    letter + binary: float((1024 if binary else 1000) ** power)
    for power, letters in enumerate(("kK", "M", "G", "T", "P", "E"), start=1)
    for letter in letters
    for binary in ("", "i")
}
_QUANTITY = re.compile(r"([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([A-Za-z]{0,2})")
MIB = 1024 * 1024


def quantity(text: object) -> float:
    """Return the number that a quantity stands for, in its own unit (cores, bytes); 0 for what is none."""
    match = _QUANTITY.fullmatch(str(text).strip())
    if match is None or match[2] not in _FACTORS:
        return 0.0
    try:
        return float(match[1]) * _FACTORS[match[2]]
    except ValueError:
        return 0.0
