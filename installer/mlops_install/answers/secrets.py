"""Secrets from what the answers say of them: generated, typed, or read from the environment or a file."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mlops_install.answers.model import Answers
from mlops_install.answers.rules import needed_secrets
from mlops_install.answers.values import validation_problems
from mlops_install.catalogue.model import Catalogue, Generator, Parameter
from mlops_install.errors import Problem

_ALPHABET = string.ascii_letters + string.digits
_MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Resolved:
    """The secrets of one plan."""

    values: dict[str, str]
    """Value by name. Never shown, never logged."""
    references: dict[str, str]
    """How each came, as answers.yaml says it."""
    problems: list[Problem]

    def __repr__(self) -> str:
        """Names only: a repr ends up in tracebacks and logs."""
        return f"Resolved({', '.join(sorted(self.values))})"


def generate(kind: Generator) -> str:
    """Return a new secret of letters and digits only; `hex32` is what `openssl rand -hex 32` prints."""
    if kind == "hex32":
        return secrets.token_hex(32)
    length = {"password24": 24, "password40": 40}[kind]
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def resolve(
    answers: Answers,
    catalogue: Catalogue,
    *,
    variables: Mapping[str, str],
    base: Path,
    kept: Mapping[str, str],
    typed: Mapping[str, str],
) -> Resolved:
    """Return the values of all secrets that the chosen modules need.

    `variables` is the environment, `base` the folder that `file:` paths start from, `kept` what the deployment
    holds, `typed` what was typed just now. References are read each time; a generated or typed value is kept.
    """
    resolved = Resolved({}, {}, [])
    for parameter in needed_secrets(answers, catalogue):
        source = _Source(parameter, answers.secrets.get(parameter.name, ""), variables, base)
        try:
            reference, value = source.value(kept.get(parameter.name, ""), typed.get(parameter.name, ""))
        except ValueError as error:
            resolved.problems.append(Problem(parameter.name, str(error), source.hint()))
            continue
        if "\0" in value:
            resolved.problems.append(Problem(parameter.name, "holds a null character, so it is no text."))
            continue
        resolved.references[parameter.name] = reference
        if reference != "generated" and value != kept.get(parameter.name):
            resolved.problems.extend(validation_problems(parameter, value))
        resolved.values[parameter.name] = value
    return resolved


@dataclass(frozen=True, slots=True)
class _Source:
    parameter: Parameter
    reference: str
    variables: Mapping[str, str]
    base: Path

    def hint(self) -> str:
        if self.reference.startswith(("env:", "file:")):
            return ""
        return f"Give it by --set {self.parameter.name}=env:NAME or file:PATH, or type it when asked."

    def value(self, kept: str, typed: str) -> tuple[str, str]:
        """Return reference and value; raises ValueError with the reason why there is none, in plain words."""
        kind, _, rest = self.reference.partition(":")
        if typed:
            return "typed", typed
        if kind == "env":
            return self.reference, self._from_environment(rest)
        if kind == "file":
            return self.reference, self._from_file(rest)
        if self.parameter.generate is not None and self.reference != "typed":
            return "generated", kept or generate(self.parameter.generate)
        if not kept:
            raise ValueError("is needed and has no value.")
        return "typed", kept

    def _from_environment(self, name: str) -> str:
        value = self.variables.get(name, "")
        if not value:
            raise ValueError(f"comes from the environment variable {name}, which is not set.")
        return value

    def _from_file(self, name: str) -> str:
        home = self.variables.get("HOME", "")
        path = Path(home, name[2:]) if name.startswith("~/") and home else self.base / name
        try:
            with path.open("rb") as file:
                content = file.read(_MAX_BYTES + 1)
        except OSError as error:
            raise ValueError(f"comes from the file {path}, which can't be read: {error.strerror}.") from None
        if len(content) > _MAX_BYTES:
            raise ValueError(f"comes from the file {path}, which is too large for a secret.")
        try:
            value = content.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            # Without its cause: the exception carries the file's bytes.
            raise ValueError(f"comes from the file {path}, which is not a UTF-8 text.") from None
        if not value:
            raise ValueError(f"comes from the file {path}, which is empty.")
        return value
