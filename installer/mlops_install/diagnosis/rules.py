"""What a row of the table is: who says what → the cause in plain words → what to do."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto


class Source(Enum):
    """Who said it: a text means what it means only from whom it can come from."""

    TERRAFORM = auto()
    """Terraform itself, a backend, or the configuration of a provider: a diagnostic about no resource."""
    RELEASE = auto()
    """The providers hashicorp/helm and hashicorp/kubernetes about a resource: their own words, Helm's, the API
    server's."""
    SERVICE = auto()
    """Our own `service`, which brings a tool up on this machine."""
    PACKAGES = auto()
    """uv or npm, at what a lock of ours wants."""
    TEAM_PACKAGES = auto()
    """uv, at what the team added (`singleuser_packages`)."""
    PROGRAM = auto()
    """The end of a tool's log, quoted by `service`."""
    CLUSTER = auto()
    """The state of a pod or Service, or a warning: the scheduler, the kubelet, controllers."""
    NAMESPACE = auto()
    """What is said of a namespace that is to go and stays."""
    CONTAINER = auto()
    """The last lines of a container that ended."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    pattern: re.Pattern[str]
    """Searched in what the sources said; named groups may be used in the texts."""
    sources: Collection[Source]
    cause: str
    """Plain words; `{name}` stands for a named group."""
    action: str
    """What to do next, wherever the lines that it rests on are shown.

    Commands stand in it in backticks: `{again}` goes on with what failed, `{context_again}` does so in another context,
    `{replan}` plans it anew, `{change}` changes the parameter and applies, `{mirror}` names another registry;
    `{unlock}`, `{doctor}`, `{reconfigure}` and `{stop}` are these verbs. `{changed}` stands for the module's parameters
    that were changed.
    """
    parameter: str = ""
    """The parameter that does it; may use named groups, and `{module}`."""
    setting: str = ""
    """What the module's parameter decides that does it (`image`, `memory`, …: the overlay's `pods`)."""
    secret: bool = False
    """Whether the parameter is a secret."""
    modules: Collection[str] = ()
    """The modules that can say it; empty for any."""


def rule(
    pattern: str,
    sources: Collection[Source] | Source,
    cause: str,
    action: str,
    parameter: str = "",
    setting: str = "",
    *,
    secret: bool = False,
    modules: Collection[str] = (),
) -> Rule:
    """Return a row; in the pattern, `^` and `$` are a line's beginning and end."""
    named = (sources,) if isinstance(sources, Source) else sources
    return Rule(re.compile(pattern, re.MULTILINE), named, cause, action, parameter, setting, secret, modules)


AGAIN = "then run {again}: it carries on from here"

UNKNOWN = rule(
    "",
    tuple(Source),
    "{summary}",
    "Its own words, shown here, are all that is known. {again} tries again what failed; what is done stays.",
)
HELD_UP = (
    "See in the lines shown here and by `kubectl get events -A` what it waits for; then run {again}: it carries on."
)
"""What to do in a destroy where a row would have a parameter changed: that would install all again."""
