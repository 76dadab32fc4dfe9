"""Answers: chosen modules and parameter values, never a secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mlops_install.catalogue.model import Value

FORMAT = 1
"""The version of answers.yaml and of presets."""


FILE, CLUSTER = "local", "kubernetes"
"""Terraform's own names for a state in a file and for one in a Secret of a cluster; no targets."""


@dataclass(frozen=True, slots=True)
class Backend:
    """Where Terraform keeps the state: `local`, `kubernetes` or any other backend's name."""

    type: str = FILE
    config: Mapping[str, Value] = field(default_factory=dict)
    """The backend's settings, without credentials."""

    @property
    def in_a_file(self) -> bool:
        """Whether the state is a file on this machine."""
        return self.type == FILE

    @property
    def in_a_cluster(self) -> bool:
        """Whether the state is a Secret in a cluster."""
        return self.type == CLUSTER


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
