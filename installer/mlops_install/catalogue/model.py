"""The catalogue's records: modules, sections and parameters of one target, as frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Value = Any
"""A parameter's value in JSON terms: None, bool, int, float, str, or lists and string-keyed dicts of these."""

Kind = Literal["string", "number", "bool", "list", "map", "object", "any"]
Generator = Literal["hex32", "password24", "password40"]
Condition = Mapping[str, Value]
"""`{parameter: value}`: holds when every named parameter has that value (`install_<module>` included); for
`{parameter: {"not": value}}`, when it has any other."""


@dataclass(frozen=True, slots=True)
class TypeSpec:
    """A Terraform type constraint (developer.hashicorp.com/terraform/language/expressions/type-constraints)."""

    kind: Kind
    """`list` covers list, set and tuple-free sequences; `map` is a map of one element type."""
    element: TypeSpec | None = None
    """Element type of a list or a map."""
    attributes: Mapping[str, TypeSpec] = field(default_factory=dict)
    """Attributes of an object, by name."""
    optional: Mapping[str, Value] = field(default_factory=dict)
    """Attributes declared `optional(type, default)`, with their default (None when it has none)."""
    unique: bool = False
    """True for `set(...)`."""


@dataclass(frozen=True, slots=True)
class Validation:
    """One `validation` block of a variable."""

    condition: str
    """The condition as Terraform text."""
    message: str
    """The block's error message."""
    schema: Mapping[str, Value] | None = None
    """The same rule as a JSON Schema fragment for the parameter's value; None when it can't be translated."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One root variable of the target's stack, with what the overlay adds."""

    name: str
    type: TypeSpec
    description: str
    module: str
    """The module it belongs to: from the name of the file that declares it; empty for the deployment's own."""
    default: Value = None
    has_default: bool = True
    nullable: bool = True
    sensitive: bool = False
    """A secret: kept apart from the answers."""
    validations: tuple[Validation, ...] = ()
    label: str = ""
    section: str = ""
    order: int = 1000
    required_when: tuple[Condition, ...] | None = None
    """None: never required (it has a default). Otherwise required when all conditions hold; empty: always."""
    ask_when: tuple[Condition, ...] = ()
    """Asked only when all conditions hold."""
    generate: Generator | None = None
    """How a secret that was not given is made; None: it must be given where required."""
    choices: tuple[Value, ...] = ()
    """Allowed values where a validation lists them."""
    choices_from: str | None = None
    advanced: bool = False
    immutable: bool = False
    internal: bool = False
    """Set by the deployment itself (revisions, digests): never asked, not in the schema, refused in answers."""
    widget: Mapping[str, Value] = field(default_factory=dict)
    """`{"kind": "port"}`, `{"kind": "github_oauth", ...}`: what kind of field, with its arguments."""
    help_url: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """A module that another one cannot do without."""

    module: str
    reason: str


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a module takes at its defaults."""

    cpu: float = 0.0
    """Cores, when busy starting."""
    memory: float = 0.0
    """MiB resident in use."""
    disk: float = 0.0
    """MiB on disk after the installation."""


@dataclass(frozen=True, slots=True)
class Release:
    """A Helm release that a module makes, known before there is a plan."""

    name: str
    namespace: str
    """The parameter that names its namespace."""


@dataclass(frozen=True, slots=True)
class PodSettings:
    """Which parameters decide what some of a module's pods ask of the cluster."""

    names: str
    """The pods, as a shell pattern of their names; the first that fits counts."""
    parameters: Mapping[str, str]
    """By what they decide (`image`, `cpu`, `memory`, `limit`, `service`, `timeout`), the parameter."""


@dataclass(frozen=True, slots=True)
class Right:
    """What must be allowed on a cluster for a module, as self-subject access reviews ask it."""

    group: str
    """API group; empty for the core one."""
    resource: str
    """Plural, in lower case, as RBAC names it; a subresource follows a slash (`pods/log`)."""
    verbs: tuple[str, ...]
    namespaced: bool
    """True: in the namespace of each of the module's releases; false: in the whole cluster."""
    purpose: str = ""
    """What needs it when an installation doesn't: `status`, `verify` or `live`; empty when it does."""


@dataclass(frozen=True, slots=True)
class Module:
    """Something an operator can choose."""

    id: str
    title: str
    summary: str
    version: str
    needs: tuple[Need, ...] = ()
    footprint: Footprint = Footprint()
    releases: tuple[Release, ...] = ()
    """All that the module may install, whatever its parameters; empty on the local target."""
    pods: tuple[PodSettings, ...] = ()
    rights: tuple[Right, ...] = ()
    volumes: tuple[str, ...] = ()
    """Parameters that name the namespaces of volumes which outlive the module."""
    kubernetes: str = ""
    """The oldest Kubernetes that its charts take, as `1.28`; empty for any."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading under which parameters are asked."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that can be chosen and asked on one target."""

    target: str
    digest: str
    """SHA-256 of the files it was read from, hexadecimal."""
    modules: Mapping[str, Module]
    """By id, in the order they are shown."""
    sections: Mapping[str, Section]
    parameters: Mapping[str, Parameter]
    """By name, in the order they are asked; `install_<module>` switches are not among them."""

    def settings(self) -> tuple[Parameter, ...]:
        """Return the parameters an operator may answer: neither secrets nor internal ones."""
        return tuple(p for p in self.parameters.values() if not (p.sensitive or p.internal))

    def secrets(self) -> tuple[Parameter, ...]:
        """Return the sensitive parameters."""
        return tuple(p for p in self.parameters.values() if p.sensitive)
