"""YAML as plain data: JSON's types only, no duplicate keys, no tags, no aliases, and the line of every key.

Plain scalars are read as in YAML 1.2's core schema, so `no`, `on` and dates stay texts.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlops_install.catalogue.model import Value
from mlops_install.errors import Problem, UsageError

_MAX_BYTES = 4 * 1024 * 1024
_TAG = "tag:yaml.org,2002:"
Trail = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document."""

    value: Value
    lines: Mapping[Trail, int]
    """Line numbers from 1, by the keys and indexes that lead to a value."""


def read_yaml(path: Path) -> Document:
    """Return a file's document; raises UsageError naming file and line for what can't be read or isn't plain data."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror or error}.") from error
    if len(content) > _MAX_BYTES:
        raise UsageError(f"{path} is larger than 4 MiB.", hint="Is it the right file?")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not a UTF-8 text (byte {error.start}).") from error
    return parse_yaml(text, source=str(path))


def parse_yaml(text: str, *, source: str) -> Document:
    """Return a text's document; raises UsageError as `read_yaml` does, `source` standing for the file."""
    import yaml

    try:
        node = yaml.compose(text, Loader=_loader())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{source}, line {mark.line + 1}" if mark else source
        raise UsageError(f"{where}: not valid YAML: {error.problem or error.context}.") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise UsageError(f"{source}: not valid YAML: {_first_line(error)}.") from error
    if node is None:
        return Document(None, {})
    reader = _Reader(source)
    value = reader.value(node, ())
    if reader.problems:
        raise UsageError(f"{source} can't be used as it stands.", problems=reader.problems)
    return Document(value, reader.lines)


def _first_line(error: BaseException) -> str:
    return "nested too deep" if isinstance(error, RecursionError) else str(error).partition("\n")[0]


@functools.cache
def _loader() -> Any:
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the C parser where it was built
        """Composes nodes; scalars are resolved as JSON's types only."""

        yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  # PyYAML's own class attribute

    def resolve(kind: str, pattern: str, first: str) -> None:
        Loader.add_implicit_resolver(_TAG + kind, re.compile(pattern), list(first))

    resolve("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF")
    resolve("null", r"^(?:~|null|Null|NULL|)$", "~nN\0")
    Loader.add_implicit_resolver(_TAG + "null", re.compile(r"^$"), [""])
    resolve("int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789")
    resolve("float", r"^[-+]?[0-9]+\.[0-9]*(?:[eE][-+][0-9]+)?$", "-+0123456789")
    return Loader


class _Reader:
    """Turns composed nodes into values and collects what isn't plain data."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._seen: set[int] = set()
        self.lines: dict[Trail, int] = {}
        self.problems: list[Problem] = []

    def value(self, node: Any, trail: Trail) -> Value:
        self.lines.setdefault(trail, node.start_mark.line + 1)
        if id(node) in self._seen:
            self._refuse(node, trail, "is an alias (*name); write the value out.")
            return None
        self._seen.add(id(node))
        kind = node.tag.removeprefix(_TAG)
        if node.id == "mapping" and kind == "map":
            return self._mapping(node, trail)
        if node.id == "sequence" and kind == "seq":
            return [self.value(item, (*trail, index)) for index, item in enumerate(node.value)]
        if node.id == "scalar" and kind in ("str", "int", "float", "bool", "null"):
            return self._scalar(node, kind, trail)
        self._refuse(node, trail, "has a tag; only texts, numbers, true, false, null, lists and maps are read.")
        return None

    def _mapping(self, node: Any, trail: Trail) -> dict[str, Value]:
        result: dict[str, Value] = {}
        for key_node, value_node in node.value:
            if key_node.id != "scalar" or key_node.tag != _TAG + "str":
                self._refuse(key_node, trail, "has a key that is not a text; put it in quotes.")
                continue
            key = key_node.value
            if key in result:
                first = self.lines[(*trail, key)]
                self._refuse(key_node, (*trail, key), f"stands here a second time; it is also on line {first}.")
                continue
            self.lines[(*trail, key)] = key_node.start_mark.line + 1
            result[key] = self.value(value_node, (*trail, key))
        return result

    def _scalar(self, node: Any, kind: str, trail: Trail) -> Value:
        text = node.value
        try:
            if kind == "int":
                return int(text)
            if kind == "float" and math.isfinite(float(text)):
                return float(text)
        except ValueError:
            kind = "float"
        if kind == "float":
            self._refuse(node, trail, "is a number of the wrong form or size.")
            return None
        if kind == "bool":
            return text.lower() == "true"
        return None if kind == "null" else text

    def _refuse(self, node: Any, trail: Trail, message: str) -> None:
        # An alias's node is its anchor's, so the key's own line is the one to name.
        line = self.lines.get(trail, 0) if trail and isinstance(trail[-1], str) else 0
        line = max(line, node.start_mark.line + 1)
        subject = ".".join(str(part) for part in trail)
        self.problems.append(Problem(subject, message, source=f"{self._source}, line {line}"))
