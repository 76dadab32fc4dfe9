"""Which field a value gets, by its type."""

from __future__ import annotations

from pathlib import Path

from mlops_install.catalogue.model import Value
from mlops_install.tui.widgets.fields.choice import ChoiceField
from mlops_install.tui.widgets.fields.field import Facts, Field
from mlops_install.tui.widgets.fields.items import ItemsField
from mlops_install.tui.widgets.fields.json_text import JsonField
from mlops_install.tui.widgets.fields.mapping import MapField
from mlops_install.tui.widgets.fields.objects import ObjectField, ObjectsField
from mlops_install.tui.widgets.fields.path import PathField
from mlops_install.tui.widgets.fields.switch import SwitchField
from mlops_install.tui.widgets.fields.text import NumberField, TextField
from mlops_install.tui.widgets.fields.words import SCALARS

PATHS = ("path", "file", "folder", "directory")
"""The overlay's kinds of widget that are completed from the disk."""


def make_field(facts: Facts, value: Value, *, base: Path | None = None, home: Path | None = None) -> Field:
    """Return the field of a value; one that isn't of its type is shown as JSON, so that it can be mended.

    `base` is the folder that relative paths start from, `home` what `~/` stands for.
    """
    spec = facts.spec
    inner = spec.element.kind if spec.element else ""
    if facts.choices and spec.kind in ("string", "number"):
        return ChoiceField(facts, value)
    if spec.kind == "bool" and (value is None or isinstance(value, bool)):
        return SwitchField(facts, value)
    if spec.kind == "number" and not isinstance(value, bool | list | dict):
        return NumberField(facts, value)
    if spec.kind == "string" and (value is None or isinstance(value, str)):
        if facts.widget.get("kind") in PATHS:
            return PathField(facts, value, base=base or Path(), home=home or Path("~").expanduser())
        return TextField(facts, value)
    if spec.kind == "list" and (value is None or isinstance(value, list)):
        if inner in SCALARS and all(not isinstance(item, list | dict) for item in value or ()):
            return ItemsField(facts, value)
        if inner == "object" and spec.element and spec.element.attributes and _all_objects(value):
            return ObjectsField(facts, value)
    if spec.kind in ("map", "object") and (value is None or isinstance(value, dict)):
        if spec.kind == "object" and spec.attributes:
            return ObjectField(facts, value)
        if inner in SCALARS and all(not isinstance(item, list | dict) for item in (value or {}).values()):
            return MapField(facts, value)
    return JsonField(facts, value)


def _all_objects(value: Value) -> bool:
    return all(isinstance(item, dict) for item in value or ())
