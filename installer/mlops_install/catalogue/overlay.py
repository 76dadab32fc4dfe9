"""What a target's `wizard.yaml` adds to its Terraform stack: titles, needs, conditions, widgets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mlops_install.catalogue.model import (
    Condition,
    Footprint,
    Module,
    Need,
    PodSettings,
    Release,
    Right,
    Section,
    Value,
)
from mlops_install.catalogue.strict_yaml import Document, Trail, read_yaml
from mlops_install.errors import InstallerError, Problem

GENERATORS = ("hex32", "password24", "password40")
_TEXTS = ("label", "section", "choices_from", "help_url")
_SWITCHES = ("advanced", "immutable", "internal")
_PARAMETER_KEYS = {*_TEXTS, *_SWITCHES, "order", "required_when", "ask_when", "generate", "widget"}
_KUBERNETES = re.compile(r"1\.[0-9]+")
_CLUSTER_KEYS = ("releases", "pods", "rights", "volumes", "kubernetes")
_MODULE_KEYS = {"title", "summary", "version", "needs", "footprint", *_CLUSTER_KEYS}
_POD_SETTINGS = ("image", "cpu", "memory", "limit", "service", "timeout")
_RIGHT_KEYS = {"group", "resource", "verbs", "namespaced", "purpose"}
_PURPOSES = ("status", "verify", "live")


@dataclass(frozen=True, slots=True)
class Overlay:
    """The overlay, checked."""

    modules: Mapping[str, Module]
    sections: Mapping[str, Section]
    parameters: Mapping[str, Mapping[str, Value]]
    """By parameter, the fields of `Parameter` that the overlay sets."""


def read_overlay(path: Path) -> Overlay:
    """Return a stack's overlay; raises InstallerError naming every key that is unknown or of the wrong type."""
    reader = _Reader(path, read_yaml(path))
    overlay = reader.overlay()
    if reader.problems:
        raise InstallerError(f"{path} doesn't fit this version of mlops-install.", problems=reader.problems)
    return overlay


@dataclass(slots=True)
class _Reader:
    path: Path
    document: Document
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, trail: Trail, message: str) -> None:
        line = self.document.lines.get(trail, 1)
        subject = ".".join(str(part) for part in trail)
        self.problems.append(Problem(subject, message, source=f"{self.path}, line {line}"))

    def mapping(self, value: Value, trail: Trail, keys: set[str] | None = None) -> dict[str, Value]:
        """Return a map whose keys are among `keys`; anything else is refused and left out."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.refuse(trail, "must be a map.")
            return {}
        for key in value:
            if keys is not None and key not in keys:
                self.refuse((*trail, key), f"is not a key of the overlay; those are {', '.join(sorted(keys))}.")
        return {key: item for key, item in value.items() if keys is None or key in keys}

    def listing(self, value: Value, trail: Trail) -> list[Value]:
        if value is None:
            return []
        if not isinstance(value, list):
            self.refuse(trail, "must be a list.")
            return []
        return value

    def text(self, value: Value, trail: Trail) -> str:
        if isinstance(value, str):
            return value.strip()
        self.refuse(trail, "must be a text.")
        return ""

    def number(self, value: Value, trail: Trail) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        self.refuse(trail, "must be a number (cores, MiB).")
        return 0.0

    def overlay(self) -> Overlay:
        top = self.mapping(self.document.value, (), {"format", "modules", "sections", "parameters"})
        if top.get("format") != 1:
            self.refuse(("format",), "must be 1.")
        modules = {
            name: self.module(name, body) for name, body in self.mapping(top.get("modules"), ("modules",)).items()
        }
        self.check_needs(modules)
        sections = [
            self.section(index, body) for index, body in enumerate(self.listing(top.get("sections"), ("sections",)))
        ]
        parameters = {
            name: self.parameter(("parameters", name), body)
            for name, body in self.mapping(top.get("parameters"), ("parameters",)).items()
        }
        return Overlay(modules, {section.id: section for section in sections}, parameters)

    def check_needs(self, modules: Mapping[str, Module]) -> None:
        for module in modules.values():
            for index, need in enumerate(module.needs):
                if need.module not in modules:
                    self.refuse(("modules", module.id, "needs", index, "module"), f"names no module: {need.module}.")

    def module(self, name: str, value: Value) -> Module:
        trail: Trail = ("modules", name)
        body = self.mapping(value, trail, _MODULE_KEYS)
        needs = [
            self.mapping(need, (*trail, "needs", index), {"module", "reason"})
            for index, need in enumerate(self.listing(body.get("needs"), (*trail, "needs")))
        ]
        sizes = self.mapping(body.get("footprint"), (*trail, "footprint"), {"cpu", "memory", "disk"})
        releases = self.listing(body.get("releases"), (*trail, "releases"))
        pods = self.listing(body.get("pods"), (*trail, "pods"))
        rights = self.listing(body.get("rights"), (*trail, "rights"))
        volumes = self.listing(body.get("volumes"), (*trail, "volumes"))
        kubernetes = self.text(body.get("kubernetes", ""), (*trail, "kubernetes"))
        if kubernetes and not _KUBERNETES.fullmatch(kubernetes):
            self.refuse((*trail, "kubernetes"), 'must be a version in quotes, as "1.28".')
        return Module(
            id=name,
            title=self.text(body.get("title"), (*trail, "title")),
            summary=self.text(body.get("summary"), (*trail, "summary")),
            version=self.text(body.get("version"), (*trail, "version")),
            needs=tuple(
                Need(*(self.text(need.get(key), (*trail, "needs", index, key)) for key in ("module", "reason")))
                for index, need in enumerate(needs)
            ),
            footprint=Footprint(**{key: self.number(size, (*trail, "footprint", key)) for key, size in sizes.items()}),
            releases=tuple(self.release(item, (*trail, "releases", index)) for index, item in enumerate(releases)),
            pods=tuple(self.pods(item, (*trail, "pods", index)) for index, item in enumerate(pods)),
            rights=tuple(self.right(item, (*trail, "rights", index)) for index, item in enumerate(rights)),
            volumes=tuple(self.text(item, (*trail, "volumes", index)) for index, item in enumerate(volumes)),
            kubernetes=kubernetes,
        )

    def release(self, value: Value, trail: Trail) -> Release:
        body = self.mapping(value, trail, {"name", "namespace"})
        return Release(*(self.text(body.get(key), (*trail, key)) for key in ("name", "namespace")))

    def pods(self, value: Value, trail: Trail) -> PodSettings:
        body = self.mapping(value, trail, {"names", *_POD_SETTINGS})
        named = {key: self.text(body[key], (*trail, key)) for key in _POD_SETTINGS if key in body}
        return PodSettings(self.text(body.get("names"), (*trail, "names")), named)

    def right(self, value: Value, trail: Trail) -> Right:
        body = self.mapping(value, trail, _RIGHT_KEYS)
        verbs = self.listing(body.get("verbs"), (*trail, "verbs"))
        if not isinstance(body.get("namespaced"), bool):
            self.refuse((*trail, "namespaced"), "must be true or false.")
        purpose = self.text(body.get("purpose", ""), (*trail, "purpose"))
        if purpose and purpose not in _PURPOSES:
            self.refuse((*trail, "purpose"), f"must be one of {', '.join(_PURPOSES)}, or left out.")
        return Right(
            group=self.text(body.get("group"), (*trail, "group")),
            resource=self.text(body.get("resource"), (*trail, "resource")),
            verbs=tuple(self.text(verb, (*trail, "verbs", index)) for index, verb in enumerate(verbs)),
            namespaced=body.get("namespaced") is True,
            purpose=purpose,
        )

    def section(self, index: int, value: Value) -> Section:
        body = self.mapping(value, ("sections", index), {"id", "title"})
        return Section(
            self.text(body.get("id"), ("sections", index, "id")),
            self.text(body.get("title"), ("sections", index, "title")),
        )

    def parameter(self, trail: Trail, value: Value) -> dict[str, Value]:
        body = self.mapping(value, trail, _PARAMETER_KEYS)
        fields: dict[str, Value] = {key: self.text(body[key], (*trail, key)) for key in _TEXTS if key in body}
        for key in _SWITCHES:
            if key in body:
                fields[key] = body[key] is True
                if not isinstance(body[key], bool):
                    self.refuse((*trail, key), "must be true or false.")
        for key in ("required_when", "ask_when"):
            if key in body:
                fields[key] = self.conditions(body[key], (*trail, key))
        if "order" in body:
            fields["order"] = int(self.number(body["order"], (*trail, "order")))
        if "generate" in body:
            fields["generate"] = body["generate"]
            if body["generate"] not in GENERATORS:
                self.refuse((*trail, "generate"), f"must be one of {', '.join(GENERATORS)}.")
        if "widget" in body:
            fields["widget"] = self.widget(body["widget"], (*trail, "widget"))
        return fields

    def conditions(self, value: Value, trail: Trail) -> tuple[Condition, ...]:
        if isinstance(value, list):
            found = tuple(self.mapping(item, (*trail, index)) for index, item in enumerate(value))
        else:
            found = tuple({key: item} for key, item in self.mapping(value, trail).items())
        for name, expected in ((name, expected) for condition in found for name, expected in condition.items()):
            if isinstance(expected, dict) and list(expected) != ["not"]:
                self.refuse(trail, f"compares {name} with a map; only {{not: value}} may be one.")
        return found

    def widget(self, value: Value, trail: Trail) -> dict[str, Value]:
        """A widget without arguments may be written as its kind alone."""
        body = {"kind": value} if isinstance(value, str) else self.mapping(value, trail)
        if not isinstance(body.get("kind"), str):
            self.refuse(trail, "must name its kind.")
        return body
