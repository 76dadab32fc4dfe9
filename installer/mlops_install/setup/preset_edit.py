"""A deployment's answers as a preset, and what two presets or deployments differ in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from mlops_install.answers.check import complete
from mlops_install.answers.model import Answers, Preset
from mlops_install.answers.preset_document import dump_preset, reduced, same
from mlops_install.answers.presets import is_preset_path, preset_names
from mlops_install.catalogue.model import Parameter, Value
from mlops_install.deployment.files import make_private, write_private
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.store import all_deployments, at, exists, locate
from mlops_install.errors import UsageError
from mlops_install.setup import opening
from mlops_install.setup.preset_places import preset_roots, saved_presets
from mlops_install.targets.context import Context
from mlops_install.targets.installed import installed_answers
from mlops_install.words.commands import command

DEPLOYMENT = "deployment:"
"""Prefix that names a deployment where a preset has the same name."""
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")
_COMMENT = """\
Made from the answers of the deployment {name!r}.
Install it with: mlops-install quick {how}
"""

Kind = Literal["target", "modules", "parameter", "secret", "backend"]


@dataclass(frozen=True, slots=True)
class SavedPreset:
    """A preset that was written."""

    name: str
    """What `quick` takes: its name, or its file."""
    path: str
    left_open: tuple[str, ...]
    """Typed secrets: they are asked for when the preset is installed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two presets or deployments have different."""

    kind: Kind
    name: str
    """The parameter or secret; equals `kind` for the others."""
    first: Value
    """None where the first one doesn't have it."""
    second: Value


@dataclass(frozen=True, slots=True)
class Side:
    """One of two things that are compared."""

    name: str
    kind: Literal["preset", "deployment"]
    answers: Answers
    """Complete."""


def save_preset(
    context: Context,
    deployment: Deployment,
    name_or_path: str,
    *,
    title: str = "",
    description: str = "",
    overwrite: bool = False,
) -> SavedPreset:
    """Write the installed answers as a preset: among the operator's own by name, or to any file.

    Raises UsageError for a name that can't be one or is taken.
    """
    path, how = _place(context, name_or_path)
    if path.exists() and not overwrite:
        raise UsageError(f"{path} is there already.", hint="Choose another name, or give --overwrite.")
    _, installed = installed_answers(context, deployment)
    answers, left_open = reduced(installed, context.catalogue(installed.target))
    preset = Preset(path.stem, title or f"As {deployment.name}", description, str(path), answers)
    if path.parent == saved_presets(context):
        make_private(path.parent)
    try:
        write_private(path, dump_preset(preset, comment=_COMMENT.format(name=deployment.name, how=how)))
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror}.") from None
    return SavedPreset(how, str(path), tuple(left_open))


def compare(context: Context, first: str, second: str) -> tuple[Side, Side, tuple[Difference, ...]]:
    """Return both sides and what they differ in, defaults included; a module on one side only with its own choices.

    Each is a preset's file or name, else a deployment's folder or name; `deployment:NAME` means the deployment. Raises
    UsageError for one that is neither.
    """
    left, right = _side(context, first), _side(context, second)
    found: list[Difference] = []
    for kind in ("target", "modules", "backend"):
        before, after = _said(left.answers, kind), _said(right.answers, kind)
        if not same(before, after):
            found.append(Difference(kind, kind, before, after))
    parameters = _parameters(context, left, right)
    found += _differences("parameter", left.answers.parameters, right.answers.parameters, parameters)
    found += _differences("secret", left.answers.secrets, right.answers.secrets, parameters)
    return left, right, tuple(found)


def _said(answers: Answers, kind: Literal["target", "modules", "backend"]) -> Value:
    if kind == "target":
        return answers.target
    if kind == "modules":
        return list(answers.modules)
    return {"type": answers.backend.type, "config": dict(answers.backend.config)}


def _parameters(context: Context, left: Side, right: Side) -> dict[str, Parameter]:
    """Return the parameters of both sides in the order in which they are asked."""
    catalogues = [context.catalogue(target) for target in (left.answers.target, right.answers.target)]
    return {name: parameter for catalogue in catalogues for name, parameter in catalogue.parameters.items()}


def _differences(
    kind: Literal["parameter", "secret"],
    first: Mapping[str, Value],
    second: Mapping[str, Value],
    parameters: Mapping[str, Parameter],
) -> list[Difference]:
    """Return what differs; what only one side has is told when it says more than the module's being there."""
    found: list[Difference] = []
    for name, parameter in parameters.items():
        if name in first and name in second:
            differs = not same(first[name], second[name])
        else:
            usual = parameter.default if kind == "parameter" else "generated"
            differs = any(name in side and not same(side[name], usual) for side in (first, second))
        if differs:
            found.append(Difference(kind, name, first.get(name), second.get(name)))
    return found


def _side(context: Context, name: str) -> Side:
    folder = at(context.environment, context.environment.working_directory / name)
    if exists(folder) and is_preset_path(name):
        return Side(name, "deployment", _chosen(installed_answers(context, folder)[1], context))
    if not name.startswith(DEPLOYMENT):
        if is_preset_path(name) or name in preset_names(preset_roots(context)):
            preset = opening.preset(context, name)
            return Side(name, "preset", _chosen(preset.answers, context))
        known = {deployment.name for deployment in all_deployments(context.environment)}
        if name not in known:
            # It tells the presets' names and the nearest one.
            _refuse(context, name, known)
    called = name.removeprefix(DEPLOYMENT)
    deployment = locate(context.environment, name=called, directory=None)
    if not exists(deployment):
        raise UsageError(f"There is no deployment {called}.", hint=f"`{command('status')}` names the one there is.")
    return Side(called, "deployment", _chosen(installed_answers(context, deployment)[1], context))


def _refuse(context: Context, name: str, deployments: set[str]) -> None:
    try:
        opening.preset(context, name)
    except UsageError as error:
        more = f"Deployments: {', '.join(sorted(deployments))}." if deployments else ""
        raise UsageError(
            f"There is no preset and no deployment {name!r}.", hint=f"{error.hint} {more}".strip()
        ) from None


def _chosen(answers: Answers, context: Context) -> Answers:
    """Return complete answers without the values of modules that aren't chosen: they install nothing."""
    catalogue = context.catalogue(answers.target)
    whole = complete(answers, catalogue)
    inside = {p.name for p in catalogue.settings() if not p.module or p.module in whole.modules}
    return replace(whole, parameters={name: value for name, value in whole.parameters.items() if name in inside})


def _place(context: Context, name_or_path: str) -> tuple[Path, str]:
    """Return the preset's file, and what `quick` takes for it."""
    if is_preset_path(name_or_path):
        path = context.environment.working_directory / name_or_path
        if path.suffix not in (".yaml", ".yml"):
            raise UsageError(f"{path} must end with .yaml.", hint="A preset is a YAML file.")
        if not path.parent.is_dir():
            raise UsageError(f"There is no folder {path.parent}.", hint="Make it first, or choose another one.")
        return path, str(path)
    if not _NAME.fullmatch(name_or_path):
        raise UsageError(
            f"{name_or_path!r} can't be a preset's name.",
            hint="Use 1 to 40 lower-case letters, digits and hyphens, or give a file that ends with .yaml.",
        )
    if name_or_path in preset_names(context.presets_root):
        raise UsageError(f"{name_or_path} is a preset that comes with mlops-install.", hint="Choose another name.")
    return saved_presets(context) / f"{name_or_path}.yaml", name_or_path
