"""The secrets of a guided setup: how each comes, and the values that are not approved yet."""

from __future__ import annotations

from collections.abc import Mapping

from mlops_install.answers.model import Answers
from mlops_install.answers.secrets import Resolved, generate, resolve
from mlops_install.answers.strength import strength
from mlops_install.answers.values import validation_problems
from mlops_install.catalogue.model import Catalogue, Parameter
from mlops_install.errors import Problem, UsageError
from mlops_install.paths import Environment
from mlops_install.setup.questions import SecretState


class SecretAnswers:
    """Values that were typed or made anew, over those that the deployment holds.

    Each edit makes a new mapping, so that a worker may read while the operator goes on typing.
    """

    def __init__(self, kept: Mapping[str, str], fresh: Mapping[str, str]) -> None:
        """Begin with the deployment's secrets and a draft's, each by parameter name."""
        self._kept = dict(kept)
        self._fresh = dict(fresh)
        self._made: dict[str, str] = {}

    def __repr__(self) -> str:
        """Names only: a repr ends up in tracebacks and logs."""
        return f"SecretAnswers({', '.join(sorted(self._fresh))})"

    @property
    def fresh(self) -> Mapping[str, str]:
        """The values that come into force with the approval, by name."""
        return dict(self._fresh)

    def held(self, name: str) -> str:
        """Return the value that the deployment holds; empty when it has none."""
        return self._kept.get(name, "")

    def is_fresh(self, name: str) -> bool:
        """Return whether a secret has a value that differs from the deployment's."""
        return name in self._fresh and self._fresh[name] != self._kept.get(name)

    def give(self, parameter: Parameter, reference: str, value: str | None, *, before: str) -> list[Problem]:
        """Take in how a secret comes now, `before` being how it came; returns what is wrong with a typed value."""
        if reference == "typed":
            if value:
                self._put(parameter.name, value)
                return list(validation_problems(parameter, value))
            if value is not None:
                self.forget(parameter.name)
            return []
        self.forget(parameter.name)
        if reference == "generated" and before not in ("", "generated") and parameter.generate is not None:
            self._put(parameter.name, generate(parameter.generate))
        return []

    def renew(self, parameter: Parameter, reference: str) -> None:
        """Make a new value for a generated secret; raises UsageError where it isn't one, or must stay."""
        if parameter.immutable and parameter.name in self._kept:
            raise UsageError(
                f"{parameter.name} can't be rotated once it is installed.",
                hint="What it protects keeps the old value; it would be locked out.",
            )
        if parameter.generate is None or reference not in ("", "generated"):
            how = f"comes from {reference}" if reference.startswith(("env:", "file:")) else "is typed"
            raise UsageError(
                f"{parameter.name} can't be made anew here: it {how}.",
                hint="Change it where it comes from, or type it.",
            )
        self._put(parameter.name, generate(parameter.generate))

    def forget(self, name: str) -> None:
        """Forget a value that isn't approved yet."""
        self._fresh = {other: value for other, value in self._fresh.items() if other != name}

    def state(self, parameter: Parameter, reference: str) -> SecretState:
        """Return how a secret comes."""
        said = reference or ("generated" if parameter.generate is not None else "")
        fresh = self.is_fresh(parameter.name)
        typed = fresh and said == "typed"
        return SecretState(
            name=parameter.name,
            reference=said,
            kept=parameter.name in self._kept,
            fresh=fresh,
            strength=strength(self._fresh[parameter.name]) if typed else None,
        )

    def resolve(self, answers: Answers, catalogue: Catalogue, environment: Environment) -> Resolved:
        """Return the values of the needed secrets; one that is generated keeps its value from call to call."""
        references, fresh = answers.secrets, self._fresh
        typed = {name: value for name, value in fresh.items() if references.get(name) == "typed"}
        held = self._kept | {name: value for name, value in fresh.items() if name not in typed}
        # What was made while the secret was to be generated is no answer any more once it is to be typed.
        made = {name: value for name, value in self._made.items() if references.get(name) != "typed"}
        resolved = resolve(
            answers,
            catalogue,
            variables=environment.variables,
            base=environment.working_directory,
            kept=made | held,
            typed=typed,
        )
        for name, reference in resolved.references.items():
            if reference == "generated" and name not in held:
                resolved.values[name] = self._made.setdefault(name, resolved.values[name])
        return resolved

    def _put(self, name: str, value: str) -> None:
        self._fresh = {**self._fresh, name: value}
