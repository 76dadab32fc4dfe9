"""A catalogue as a JSON file named by the digest of everything it was made from."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from mlops_install.catalogue.model import (
    Catalogue,
    Footprint,
    Module,
    Need,
    Parameter,
    PodSettings,
    Release,
    Right,
    Section,
    TypeSpec,
    Validation,
    Value,
)

_PLAIN = tuple(
    field.name
    for field in fields(Parameter)
    if field.name not in ("type", "validations", "required_when", "ask_when", "choices")
)


def read_cache(path: Path, *, target: str, digest: str) -> Catalogue | None:
    """Return the catalogue in a file, or None when there is none that can be used."""
    try:
        catalogue = decode(json.loads(path.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return catalogue if (catalogue.target, catalogue.digest) == (target, digest) else None


def write_cache(path: Path, catalogue: Catalogue) -> None:
    """Write a catalogue so that no reader ever meets half of it; raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(json.dumps(encode(catalogue), ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        draft.replace(path)
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def encode(catalogue: Catalogue) -> dict[str, Value]:
    """Return a catalogue in JSON terms."""
    return {
        "target": catalogue.target,
        "digest": catalogue.digest,
        "modules": [_encode_module(module) for module in catalogue.modules.values()],
        "sections": [[section.id, section.title] for section in catalogue.sections.values()],
        "parameters": [_encode_parameter(parameter) for parameter in catalogue.parameters.values()],
    }


def decode(data: Mapping[str, Any]) -> Catalogue:
    """Return the catalogue that `encode` wrote; raises KeyError, TypeError or ValueError for anything else."""
    return Catalogue(
        target=data["target"],
        digest=data["digest"],
        modules={module["id"]: _decode_module(module) for module in data["modules"]},
        sections={name: Section(name, title) for name, title in data["sections"]},
        parameters={parameter["name"]: _decode_parameter(parameter) for parameter in data["parameters"]},
    )


def _encode_module(module: Module) -> dict[str, Value]:
    footprint = module.footprint
    return {
        "id": module.id,
        "title": module.title,
        "summary": module.summary,
        "version": module.version,
        "needs": [[need.module, need.reason] for need in module.needs],
        "footprint": [footprint.cpu, footprint.memory, footprint.disk],
        "releases": [[release.name, release.namespace] for release in module.releases],
        "pods": [[pods.names, dict(pods.parameters)] for pods in module.pods],
        "rights": [
            [right.group, right.resource, list(right.verbs), right.namespaced, right.purpose] for right in module.rights
        ],
        "volumes": list(module.volumes),
        "kubernetes": module.kubernetes,
    }


def _decode_module(data: Mapping[str, Any]) -> Module:
    return Module(
        id=data["id"],
        title=data["title"],
        summary=data["summary"],
        version=data["version"],
        needs=tuple(Need(module, reason) for module, reason in data["needs"]),
        footprint=Footprint(*data["footprint"]),
        releases=tuple(Release(name, namespace) for name, namespace in data["releases"]),
        pods=tuple(PodSettings(names, parameters) for names, parameters in data["pods"]),
        rights=tuple(
            Right(group, resource, tuple(verbs), namespaced, purpose)
            for group, resource, verbs, namespaced, purpose in data["rights"]
        ),
        volumes=tuple(data["volumes"]),
        kubernetes=data["kubernetes"],
    )


def _encode_parameter(parameter: Parameter) -> dict[str, Value]:
    required = parameter.required_when
    return {
        **{name: getattr(parameter, name) for name in _PLAIN},
        "widget": dict(parameter.widget),
        "type": _encode_type(parameter.type),
        "validations": [[v.condition, v.message, v.schema] for v in parameter.validations],
        "required_when": None if required is None else [dict(condition) for condition in required],
        "ask_when": [dict(condition) for condition in parameter.ask_when],
        "choices": list(parameter.choices),
    }


def _decode_parameter(data: Mapping[str, Any]) -> Parameter:
    required = data["required_when"]
    return Parameter(
        **{name: data[name] for name in _PLAIN},
        type=_decode_type(data["type"]),
        validations=tuple(Validation(condition, message, schema) for condition, message, schema in data["validations"]),
        required_when=None if required is None else tuple(required),
        ask_when=tuple(data["ask_when"]),
        choices=tuple(data["choices"]),
    )


def _encode_type(spec: TypeSpec) -> dict[str, Value]:
    data: dict[str, Value] = {"kind": spec.kind}
    if spec.element is not None:
        data["element"] = _encode_type(spec.element)
    if spec.attributes:
        data["attributes"] = {name: _encode_type(inner) for name, inner in spec.attributes.items()}
    if spec.optional:
        data["optional"] = dict(spec.optional)
    if spec.unique:
        data["unique"] = True
    return data


def _decode_type(data: Mapping[str, Any]) -> TypeSpec:
    element = data.get("element")
    return TypeSpec(
        kind=data["kind"],
        element=None if element is None else _decode_type(element),
        attributes={name: _decode_type(inner) for name, inner in data.get("attributes", {}).items()},
        optional=data.get("optional", {}),
        unique=data.get("unique", False),
    )
