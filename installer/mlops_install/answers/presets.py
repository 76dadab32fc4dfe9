"""Presets: named YAML files of partial answers, never a secret."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from mlops_install.answers.check import find_problems
from mlops_install.answers.document import KEYS, Shape, raise_problems, unsaid
from mlops_install.answers.model import Preset
from mlops_install.answers.rules import did_you_mean
from mlops_install.catalogue.model import Catalogue
from mlops_install.catalogue.strict_yaml import Document, read_yaml
from mlops_install.errors import Problem, UsageError

PRESET_KEYS = ("format", "title", "description", *KEYS[1:])
Roots = Path | Sequence[Path]
"""One folder of presets, or several: of two presets with one name, the first folder's counts."""
_SUFFIXES = (".yaml", ".yml")


def list_presets(root: Roots) -> tuple[Preset, ...]:
    """Return the presets of the folders by name, as far as their outline goes; raises UsageError for a broken one."""
    presets = []
    for _, path in sorted(_files(root).items()):
        preset, problems, document = _read(path)
        raise_problems(path, document, problems)
        presets.append(preset)
    return tuple(presets)


def load_preset(
    name_or_path: str, *, root: Roots, working_directory: Path, catalogue_of: Callable[[str], Catalogue]
) -> Preset:
    """Return a preset of the folders by name, or any by its file.

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


def preset_names(root: Roots) -> tuple[str, ...]:
    """Return the names of the folders' presets, sorted; no file is read."""
    return tuple(sorted(_files(root)))


def is_preset_path(name_or_path: str) -> bool:
    """Return whether a file is meant, not a preset's name."""
    return "/" in name_or_path or name_or_path.endswith(_SUFFIXES)


def _files(root: Roots) -> dict[str, Path]:
    """Return the presets' files by name."""
    roots = [root] if isinstance(root, Path) else root
    return {path.stem: path for folder in reversed(roots) for path in folder.glob("*.yaml")}


def _find(name_or_path: str, root: Roots, working_directory: Path) -> Path:
    files = _files(root)
    is_path = is_preset_path(name_or_path)
    if not is_path and name_or_path in files:
        return files[name_or_path]
    path = working_directory / name_or_path
    if path.is_file():
        return path
    if is_path:
        raise UsageError(f"There is no preset file {path}.")
    names = sorted(files)
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
