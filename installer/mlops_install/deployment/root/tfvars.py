"""terraform.tfvars.json: the answers as Terraform reads them, without a secret."""

from __future__ import annotations

from collections.abc import Mapping

from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Catalogue, Value
from mlops_install.deployment.secrets import secret_revision

_REVISIONS = "secrets_revisions"


def render_tfvars(
    answers: Answers, catalogue: Catalogue, *, revisions: Mapping[str, int], internal: Mapping[str, Value]
) -> dict[str, Value]:
    """Return the root variables' values by name, sorted.

    They are every setting (the catalogue's default where the answers have none), `install_<module>` for every module,
    `secrets_revisions` (the counters of this target's secrets) where the stack declares it, and the `internal` values.
    Raises ValueError for an internal value that the stack doesn't declare as internal.
    """
    values: dict[str, Value] = {}
    for parameter in catalogue.settings():
        value = answers.parameters.get(parameter.name, parameter.default)
        # Left out, Terraform takes its own default, or names the variable that has none.
        if value is not None or (parameter.nullable and parameter.has_default):
            values[parameter.name] = value
    for module in catalogue.modules:
        values[f"install_{module}"] = module in answers.modules
    if _is_internal(catalogue, _REVISIONS):
        counts = {parameter.name: secret_revision(parameter, revisions) for parameter in catalogue.secrets()}
        values[_REVISIONS] = {name: count for name, count in sorted(counts.items()) if count}
    unknown = sorted(name for name in internal if not _is_internal(catalogue, name))
    if unknown:
        raise ValueError(f"no internal parameters of the target {catalogue.target}: {', '.join(unknown)}")
    values.update(internal)
    return dict(sorted(values.items()))


def _is_internal(catalogue: Catalogue, name: str) -> bool:
    parameter = catalogue.parameters.get(name)
    return parameter is not None and parameter.internal and not parameter.sensitive
