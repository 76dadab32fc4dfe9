"""Events of a run: Terraform's `-json` lines and the live lines beside them, in one shape (DESIGN §12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from mlops_install.catalogue.model import Value

Source = Literal["terraform", "live", "installer"]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in a run."""

    seq: int
    """Rises by one in the order a front end sees them."""
    time: str
    """UTC, ISO 8601 with milliseconds."""
    source: Source
    type: str
    """Terraform's own type (`apply_start`, `diagnostic`, …), `log` for a line that isn't JSON, or ours (`phase`, `result`)."""
    module: str = ""
    """The catalogue's module id it belongs to; empty for none."""
    resource: str = ""
    """Terraform's resource address; empty for none."""
    message: str = ""
    """One line for people, redacted."""
    data: Mapping[str, Value] = field(default_factory=dict)
    """The rest of the line, as it came."""
