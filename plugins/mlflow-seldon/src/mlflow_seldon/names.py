"""Names of deployments, the same rule on both targets."""

from __future__ import annotations

import re

from mlflow_seldon.words import refused

LONGEST = 40
"""Characters. Seldon adds `-default` and more, and a Kubernetes name of a Service has 63 at most."""

_LABEL = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?")


def checked(name: object) -> str:
    """Return the name; raises MlflowException for one that can't be an address in a cluster (RFC 1035 label)."""
    if not isinstance(name, str) or not _LABEL.fullmatch(name):
        raise refused(
            f"A deployment can't be named {name!r}.",
            "Use small letters, digits and hyphens, a letter first and no hyphen last; for example wine-quality.",
        )
    if len(name) > LONGEST:
        raise refused(f"The name {name} has {len(name)} characters.", f"Use {LONGEST} at most.")
    return name
