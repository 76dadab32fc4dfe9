"""Complete answers with their secrets, ready to be planned for a deployment."""

from __future__ import annotations

from dataclasses import dataclass

from mlops_install.answers.model import Answers
from mlops_install.answers.secrets import Resolved
from mlops_install.catalogue.model import Catalogue, Parameter, Value
from mlops_install.deployment.layout import Deployment


@dataclass(frozen=True, slots=True)
class Prepared:
    """Complete answers, ready to be planned unless something is missing."""

    deployment: Deployment
    catalogue: Catalogue
    answers: Answers
    approved: Answers | None
    """The answers of the last approved plan; None for a new deployment."""
    secrets: Resolved
    missing: tuple[Parameter, ...]
    """Required and not given: to be asked, or reported all at once."""
    overridden: tuple[tuple[str, Value, Value], ...]
    """Preset values that earlier answers override: parameter, the preset's, the earlier one."""
