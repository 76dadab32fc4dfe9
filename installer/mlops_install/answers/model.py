"""Answers: chosen modules and parameter values, never a secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mlops_install.catalogue.model import Value

FORMAT = 1
"""The version of answers.yaml and of presets."""


@dataclass(frozen=True, slots=True)
class Backend:
    """Where Terraform keeps the state: `local`, `kubernetes` or any other backend's name."""

    type: str = "local"
    config: Mapping[str, Value] = field(default_factory=dict)
    """The backend's settings, without credentials."""


@dataclass(frozen=True, slots=True)
class Answers:
    """One deployment's answers; every edit makes a new one."""

    name: str
    """The deployment's name: lower-case letters, digits and hyphens."""
    target: str
    """`local` or `kubernetes`."""
    modules: tuple[str, ...] = ()
    """Chosen module ids, in the catalogue's order."""
    parameters: Mapping[str, Value] = field(default_factory=dict)
    """Values by parameter name: those given in a partial document, all of them (defaults included) once completed."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """How each secret comes: `generated`, `typed`, `env:NAME` or `file:PATH`."""
    backend: Backend = Backend()


@dataclass(frozen=True, slots=True)
class Preset:
    """A named YAML file of partial answers."""

    id: str
    """The file's stem."""
    title: str
    description: str
    path: str
    answers: Answers
    """Partial: only what the preset sets. `name` is the preset's id."""
