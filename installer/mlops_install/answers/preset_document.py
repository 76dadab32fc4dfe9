"""Answers as a preset: only what differs from the defaults, and no secret."""

from __future__ import annotations

from dataclasses import replace

from mlops_install.answers.document import dump_answers
from mlops_install.answers.model import Answers, Backend, Preset
from mlops_install.answers.rules import is_chosen
from mlops_install.catalogue.model import Catalogue


def reduced(answers: Answers, catalogue: Catalogue) -> tuple[Answers, list[str]]:
    """Return what a preset says of complete answers, and the names of the typed secrets that it leaves open.

    Kept are the modules, the chosen modules' values that differ from their defaults, and the secrets' references.
    """
    chosen = [p for p in catalogue.settings() if is_chosen(p, answers) and p.name in answers.parameters]
    parameters = {
        p.name: answers.parameters[p.name]
        for p in chosen
        if not p.has_default or not same(answers.parameters[p.name], p.default)
    }
    typed = sorted(name for name, reference in answers.secrets.items() if reference == "typed")
    secrets = {name: reference for name, reference in answers.secrets.items() if reference != "typed"}
    return replace(answers, parameters=parameters, secrets=secrets), typed


def same(left: object, right: object) -> bool:
    """Return whether two values are one: true isn't 1 (as in JSON)."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def dump_preset(preset: Preset, *, comment: str) -> str:
    """Return a preset as YAML: title and description first, no name, and no key that says nothing."""
    import yaml

    head = {"title": preset.title, "description": preset.description}
    text = dump_answers(preset.answers, comment="")
    document = yaml.safe_load(text)
    said = {"parameters": preset.answers.parameters, "secrets": preset.answers.secrets}
    silent = {"name", *(key for key, value in said.items() if not value)}
    if preset.answers.backend == Backend():
        silent.add("backend")
    kept = {key: value for key, value in document.items() if key not in silent}
    ordered = {"format": kept.pop("format"), **{key: value for key, value in head.items() if value}, **kept}
    body = yaml.safe_dump(ordered, sort_keys=False, default_flow_style=False, allow_unicode=True, width=120)
    return "".join(f"# {line}".rstrip() + "\n" for line in comment.splitlines()) + body
