"""The documents of `preset save` and `preset diff`; their schemas are `schemas/preset-*.schema.json`."""

from __future__ import annotations

from collections.abc import Iterable

from mlops_install.console.documents import VERSION, Document
from mlops_install.setup.preset_edit import Difference, SavedPreset, Side


def saved_document(deployment: str, saved: SavedPreset) -> Document:
    """Return `preset save`."""
    return {
        "v": VERSION,
        "deployment": deployment,
        "preset": saved.name,
        "path": saved.path,
        "left_open": list(saved.left_open),
    }


def diff_document(first: Side, second: Side, differences: Iterable[Difference]) -> Document:
    """Return `preset diff`."""
    return {
        "v": VERSION,
        "first": {"name": first.name, "kind": first.kind},
        "second": {"name": second.name, "kind": second.kind},
        "differences": [
            {"kind": found.kind, "name": found.name, "first": found.first, "second": found.second}
            for found in differences
        ],
    }
