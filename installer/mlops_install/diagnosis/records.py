"""What a diagnosis is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why a run failed, in plain words."""

    module: str
    cause: str
    action: str
    detail: str
    """The tool's last lines or Terraform's own words."""
    parameter: str = ""
    """The parameter that does it, when one does."""
