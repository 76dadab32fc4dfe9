"""A catalogue from a stack's variables and its overlay: the slow way, taken once per content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from mlops_install.catalogue.hcl import Variable, read_variables
from mlops_install.catalogue.model import Catalogue, Condition, Parameter, Validation
from mlops_install.catalogue.overlay import Overlay, read_overlay
from mlops_install.catalogue.types import parse_type
from mlops_install.catalogue.validation import translate
from mlops_install.errors import InstallerError, Problem

_KINDS = ("_variables", "_shared_variables", "_secrets")


def build_catalogue(target: str, digest: str, files: Mapping[str, bytes], overlay_file: Path) -> Catalogue:
    """Return the catalogue of the given Terraform files (content by name) and overlay.

    Raises InstallerError with every problem: such a stack was shipped broken or edited wrongly.
    """
    overlay = read_overlay(overlay_file)
    problems: list[Problem] = []
    found: dict[str, Parameter] = {}
    for name, content in sorted(files.items()):
        module = _module_of(name.removesuffix(".tf"), overlay)
        try:
            variables = read_variables(content.decode("utf-8"))
        except ValueError as error:
            problems.append(Problem("", f"can't be read: {error}.", source=name))
            continue
        for variable in variables:
            if variable.name.removeprefix("install_") in overlay.modules and variable.name.startswith("install_"):
                continue
            problems += _contradictions(variable, name, found)
            try:
                found[variable.name] = _parameter(variable, module, overlay)
            except ValueError as error:
                problems.append(Problem(variable.name, f"has a type that can't be read: {error}.", source=name))
    problems += _overlay_problems(overlay, found, str(overlay_file))
    if problems:
        raise InstallerError(f"The Terraform stack of {target} doesn't fit its overlay.", problems=problems)
    ordered = sorted(found.values(), key=lambda parameter: _place(parameter, overlay))
    return Catalogue(target, digest, overlay.modules, overlay.sections, {p.name: p for p in ordered})


def _module_of(stem: str, overlay: Overlay) -> str:
    if not stem.endswith(_KINDS):
        return ""
    return max((module for module in overlay.modules if stem.startswith(f"{module}_")), key=len, default="")


def _contradictions(variable: Variable, file: str, found: Mapping[str, Parameter]) -> Iterable[Problem]:
    if variable.name in found:
        yield Problem(variable.name, "is declared twice.", source=file)
    if variable.sensitive and not (variable.ephemeral and variable.has_default and variable.default is None):
        yield Problem(variable.name, "is sensitive, so it must be ephemeral with default null.", source=file)


def _parameter(variable: Variable, module: str, overlay: Overlay) -> Parameter:
    fields = dict(overlay.parameters.get(variable.name, {}))
    spec = parse_type(variable.type)
    validations = tuple(
        Validation(condition, message, translate(condition, variable.name, spec))
        for condition, message in variable.validations
    )
    fields["section"] = fields.get("section") or (module if module in overlay.sections else "")
    fields["label"] = fields.get("label") or variable.name.replace("_", " ").capitalize()
    return Parameter(
        name=variable.name,
        type=spec,
        description=variable.description.strip(),
        module=module,
        default=variable.default,
        has_default=variable.has_default,
        nullable=variable.nullable,
        sensitive=variable.sensitive,
        validations=validations,
        choices=next((tuple(v.schema["enum"]) for v in validations if v.schema and "enum" in v.schema), ()),
        **fields,
    )


def _overlay_problems(overlay: Overlay, found: Mapping[str, Parameter], source: str) -> Iterable[Problem]:
    switches = {f"install_{module}" for module in overlay.modules}
    for name in overlay.parameters:
        if name not in found:
            yield Problem(f"parameters.{name}", "names no variable of the stack.", source=source)
    for module in overlay.modules.values():
        named = {f"releases.{index}.namespace": release.namespace for index, release in enumerate(module.releases)}
        for index, pods in enumerate(module.pods):
            named |= {f"pods.{index}.{what}": name for what, name in pods.parameters.items()}
        named |= {f"volumes.{index}": name for index, name in enumerate(module.volumes)}
        for place, name in named.items():
            if name not in found:
                yield Problem(f"modules.{module.id}.{place}", f"names no variable of the stack: {name}.", source=source)
    for parameter in found.values():
        if parameter.section and parameter.section not in overlay.sections:
            yield Problem(f"parameters.{parameter.name}.section", "names no section.", source=source)
        if parameter.generate and not parameter.sensitive:
            yield Problem(f"parameters.{parameter.name}.generate", "is for sensitive variables only.", source=source)
        for key in _condition_keys((*(parameter.required_when or ()), *parameter.ask_when)):
            if key not in switches and (key not in found or found[key].sensitive):
                yield Problem(f"parameters.{parameter.name}", f"has a condition on {key}, no parameter.", source=source)


def _condition_keys(conditions: Iterable[Condition]) -> Iterable[str]:
    return (key for condition in conditions for key in condition)


def _place(parameter: Parameter, overlay: Overlay) -> tuple[int, int, int]:
    sections, modules = list(overlay.sections), list(overlay.modules)
    return (
        sections.index(parameter.section) if parameter.section in sections else len(sections),
        modules.index(parameter.module) if parameter.module in modules else len(modules),
        parameter.order,
    )
