"""Who said what in a diagnostic of Terraform: it passes on the words of others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mlops_install.catalogue.model import Value
from mlops_install.diagnosis.rules import Source

NOISE = re.compile(r"\A(?:Error running command .*?|exit status \d+\. )Output:\s*", re.DOTALL)
"""What the provisioner local-exec puts before the output of `service` (Terraform 1.11)."""
_LOCAL_EXEC = "local-exec provisioner error"
_PHASE = "phase: "
_TEAM = "phase: installing the team's packages: "
_QUOTES = {"uv": Source.PACKAGES, "npm": Source.PACKAGES, "Its log says:": Source.PROGRAM}
_QUOTING = re.compile(r"(?:: (uv|npm) ended with \d+\.|^(Its log says:))$")


@dataclass(frozen=True, slots=True)
class Said:
    """A text and who said it."""

    source: Source
    text: str


def said_in(diagnostic: Mapping[str, Value]) -> list[Said]:
    """Return what a diagnostic of Terraform says, by who said it."""
    summary, detail = str(diagnostic.get("summary") or ""), str(diagnostic.get("detail") or "")
    if summary == _LOCAL_EXEC:
        return list(_by_service(NOISE.sub("", detail).splitlines()))
    address = str(diagnostic.get("address") or "")
    of_release = address and ".terraform_data." not in address
    return [Said(Source.RELEASE if of_release else Source.TERRAFORM, f"{summary}\n{detail}")]


def _by_service(lines: list[str]) -> Iterator[Said]:
    """Yield the sentences of `service`, then what it quotes: those lines are indented (`targets/local/starting.py`)."""
    own = [line for line in lines if not line.startswith(("  ", _PHASE))]
    yield Said(Source.SERVICE, "\n".join(own))
    team = next((line.startswith(_TEAM) for line in reversed(lines) if line.startswith(_PHASE)), False)
    quoted: dict[Source, list[str]] = {}
    source: Source | None = None
    for line in lines:
        if line.startswith("  "):
            if source is not None:
                quoted.setdefault(source, []).append(line[2:])
        else:
            found = _QUOTING.search(line)
            source = _QUOTES[found[1] or found[2]] if found else None
    for origin, words in quoted.items():
        yield Said(Source.TEAM_PACKAGES if team and origin is Source.PACKAGES else origin, "\n".join(words))
