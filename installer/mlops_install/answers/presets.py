"""Presets: named YAML files of partial answers, never a secret."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from mlops_install.answers.check import find_problems
from mlops_install.answers.document import KEYS, Shape, raise_problems, unsaid
from mlops_install.answers.model import Preset
from mlops_install.answers.rules import did_you_mean
from mlops_install.catalogue.model import Catalogue
from mlops_install.catalogue.strict_yaml import Document, read_yaml
from mlops_install.errors import Problem, UsageError

PRESET_KEYS = ("format", "title", "description", *KEYS[1:])
_SUFFIXES = (".yaml", ".yml")


def list_presets(root: Path) -> tuple[Preset, ...]:
    """Return the shipped presets by name, as far as their outline goes; raises UsageError for a broken one."""
    presets = []
    for path in sorted(root.glob("*.yaml")):
        preset, problems, document = _read(path)
        raise_problems(path, document, problems)
        presets.append(preset)
    return tuple(presets)


def load_preset(
    name_or_path: str, *, root: Path, working_directory: Path, catalogue_of: Callable[[str], Catalogue]
) -> Preset:
    """Return a shipped preset by name, or one of the operator's by its file.

    Raises UsageError with every problem: file and line, key, reason, nearest known name.
    """
    path = _find(name_or_path, root, working_directory)
    preset, problems, document = _read(path)
    if any(problem.subject == "target" for problem in problems):
        raise_problems(path, document, problems)
    try:
        catalogue = catalogue_of(preset.answers.target)
    except UsageError as error:
        raise_problems(path, document, [*problems, Problem("target", error.message, error.hint)])
        raise
    found = find_problems(preset.answers, catalogue)
    raise_problems(path, document, [*problems, *unsaid(found, problems)])
    return preset


def _find(name_or_path: str, root: Path, working_directory: Path) -> Path:
    shipped = root / f"{name_or_path}.yaml"
    is_path = "/" in name_or_path or name_or_path.endswith(_SUFFIXES)
    if not is_path and shipped.is_file():
        return shipped
    path = working_directory / name_or_path
    if path.is_file():
        return path
    if is_path:
        raise UsageError(f"There is no preset file {path}.")
    names = [file.stem for file in sorted(root.glob("*.yaml"))]
    known = f"Presets: {', '.join(names)}; or give a file."
    raise UsageError(
        f"There is no preset {name_or_path!r}.", hint=f"{did_you_mean(name_or_path, names)} {known}".strip()
    )


def _read(path: Path) -> tuple[Preset, list[Problem], Document]:
    document = read_yaml(path)
    shape = Shape(document.value, PRESET_KEYS)
    identifier = path.stem
    answers = shape.answers(name=shape.text("name", default=_name_from(identifier)))
    preset = Preset(
        id=identifier,
        title=shape.text("title", default=identifier),
        description=shape.text("description", default="").strip(),
        path=str(path),
        answers=answers,
    )
    typed = [
        Problem(
            name, "can't be typed in a preset.", "Write generated, env:NAME or file:PATH, or leave it out to be asked."
        )
        for name, reference in answers.secrets.items()
        if reference == "typed"
    ]
    return preset, [*shape.problems, *typed], document


def _name_from(stem: str) -> str:
    """A deployment is named after its preset: a file's name becomes a deployment's name."""
    return re.sub(r"[^a-z0-9]+", "-", stem.lower())[:40].strip("-") or "preset"
