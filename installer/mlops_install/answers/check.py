"""The rules across answers: what is wrong, what is missing, what is asked, and the complete document."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from mlops_install.answers.model import Answers
from mlops_install.answers.rules import (
    SWITCH,
    closed,
    did_you_mean,
    holds,
    is_chosen,
    is_required,
    needed_modules,
    needed_secrets,
    value_of,
)
from mlops_install.answers.values import holds_credentials, value_problems
from mlops_install.catalogue.model import Catalogue, Parameter
from mlops_install.catalogue.schema import NAME_PATTERN, REFERENCE_PATTERN
from mlops_install.errors import Problem
from mlops_install.words.commands import command

_CREDENTIAL = re.compile(
    r"password|passphrase|(^|_)token$|secret_key|secret_id|client_secret|access_key|api_key|private_key|client_key"
    r"|credentials|conn_str|encryption_key|customer_key|http_auth"
)
"""Settings of Terraform 1.11's backends that hold credentials (docs, language/backend/*)."""


def find_problems(answers: Answers, catalogue: Catalogue, *, source: str = "") -> list[Problem]:
    """Return everything wrong with answers, complete or partial; values that are missing are not looked for."""
    problems = [
        *_head_problems(answers, catalogue),
        *_module_problems(answers, catalogue),
        *_parameter_problems(answers, catalogue),
        *_secret_problems(answers, catalogue),
        *_backend_problems(answers),
    ]
    return [replace(problem, source=source) for problem in problems]


def complete(answers: Answers, catalogue: Catalogue) -> Answers:
    """Return the answers with every default of the target's parameters, needed modules, and needed secrets' references.

    Parameters of modules that aren't chosen are kept, so that adding one later brings its values back.
    """
    modules = closed(answers.modules, catalogue)
    chosen = replace(answers, modules=modules)
    defaults = {p.name: p.default for p in catalogue.settings() if p.has_default}
    needed = {p.name: "generated" for p in needed_secrets(chosen, catalogue) if p.generate}
    given = {
        name: reference
        for name, reference in answers.secrets.items()
        if name not in catalogue.parameters or is_chosen(catalogue.parameters[name], chosen)
    }
    return replace(
        chosen,
        parameters=dict(sorted({**defaults, **answers.parameters}.items())),
        secrets=dict(sorted({**needed, **given}.items())),
    )


def missing(answers: Answers, catalogue: Catalogue, *, secrets: Collection[str]) -> list[Parameter]:
    """Return the required parameters of chosen modules without a value; `secrets` names the secrets that have one."""
    return [
        parameter
        for parameter in catalogue.parameters.values()
        if not parameter.internal
        and is_required(parameter, answers, catalogue)
        and _is_open(parameter, answers, catalogue, secrets)
    ]


def asked(answers: Answers, catalogue: Catalogue) -> list[Parameter]:
    """Return the parameters that an operator is asked for: of chosen modules, where their conditions hold."""
    return [
        parameter
        for parameter in catalogue.parameters.values()
        if not parameter.internal and is_chosen(parameter, answers) and holds(parameter.ask_when, answers, catalogue)
    ]


def pulled_in(answers: Answers, catalogue: Catalogue) -> list[tuple[str, str, str]]:
    """Return the modules that chosen ones need and that were not chosen, as (module, needed by, reason)."""
    return needed_modules(answers.modules, catalogue)


def fixed_problems(answers: Answers, installed: Answers, catalogue: Catalogue) -> list[Problem]:
    """Return the values that an installed module can't take any more: the immutable ones that were changed."""
    return [
        Problem(
            parameter.name,
            "can't be changed once its module is installed.",
            "Put the installed value back, or make another deployment.",
        )
        for parameter in catalogue.settings()
        if parameter.immutable
        and is_chosen(parameter, installed)
        and is_chosen(parameter, answers)
        and value_of(parameter.name, answers, catalogue) != value_of(parameter.name, installed, catalogue)
    ]


def fixed_secrets(values: Mapping[str, str], held: Mapping[str, str], catalogue: Catalogue) -> list[Problem]:
    """Return the immutable secrets whose value would be another one than the deployment holds."""
    return [
        Problem(
            parameter.name,
            "can't be changed once it is installed.",
            "What it protects keeps the old value; it would be locked out.",
        )
        for parameter in catalogue.secrets()
        if parameter.immutable and parameter.name in values and parameter.name in held
        if values[parameter.name] != held[parameter.name]
    ]


def _is_open(parameter: Parameter, answers: Answers, catalogue: Catalogue, secrets: Collection[str]) -> bool:
    if not parameter.sensitive:
        return value_of(parameter.name, answers, catalogue) in (None, "", [], {})
    reference = answers.secrets.get(parameter.name, "")
    if parameter.name in secrets or reference.startswith(("env:", "file:")):
        return False
    return parameter.generate is None or reference not in ("", "generated")


def _head_problems(answers: Answers, catalogue: Catalogue) -> Iterator[Problem]:
    if not re.match(NAME_PATTERN, answers.name):
        yield Problem(
            "name", "must be 1 to 40 lower-case letters, digits and hyphens, with a letter or digit at both ends."
        )
    if answers.target != catalogue.target:
        yield Problem("target", f"must be {catalogue.target} here.")


def _module_problems(answers: Answers, catalogue: Catalogue) -> Iterator[Problem]:
    known = f"Modules: {', '.join(catalogue.modules)}."
    for index, module in enumerate(answers.modules):
        if module not in catalogue.modules:
            titles = {m.title.casefold(): m.id for m in catalogue.modules.values()}
            hint = did_you_mean(titles.get(module.casefold(), module).removeprefix(SWITCH), catalogue.modules, known)
            yield Problem("modules", f"names no module of {catalogue.target}: {module}.", hint)
        elif module in answers.modules[:index]:
            yield Problem("modules", f"names {module} twice.")


def name_problem(name: str, catalogue: Catalogue) -> Problem | None:
    """Return why a name can't stand under `parameters`, or None when it can."""
    parameter = catalogue.parameters.get(name)
    if name.startswith(SWITCH):
        return Problem(
            name, "is not a parameter of answers.", "Modules are chosen under `modules`, or by --module and --without."
        )
    if parameter is None:
        known = [setting.name for setting in catalogue.settings()]
        return Problem(
            name, f"is no parameter of {catalogue.target}.", did_you_mean(name, known, _see_schema(catalogue))
        )
    if parameter.sensitive:
        return Problem(
            name,
            "is a secret, and a secret must not be in answers.",
            f"Use `secrets: {{{name}: env:NAME}}` or `file:PATH`.",
        )
    if parameter.internal:
        return Problem(name, "is set by the deployment itself.", "Remove it.")
    return None


def _parameter_problems(answers: Answers, catalogue: Catalogue) -> Iterator[Problem]:
    for name, value in answers.parameters.items():
        problem = name_problem(name, catalogue)
        if problem is not None:
            yield problem
        else:
            yield from value_problems(catalogue.parameters[name], value)


def _secret_problems(answers: Answers, catalogue: Catalogue) -> Iterator[Problem]:
    for name, reference in answers.secrets.items():
        parameter = catalogue.parameters.get(name)
        if parameter is None:
            known = [secret.name for secret in catalogue.secrets()]
            yield Problem(
                name, f"is no secret of {catalogue.target}.", did_you_mean(name, known, _see_schema(catalogue))
            )
        elif not parameter.sensitive:
            yield Problem(name, "is not a secret.", "Put it under `parameters`.")
        elif not re.match(REFERENCE_PATTERN, reference):
            yield Problem(
                name,
                "must say how the secret comes, never be the secret itself.",
                "Write generated, typed, env:NAME or file:PATH. If a secret stood there, change it.",
            )
        elif reference == "generated" and parameter.generate is None:
            yield Problem(
                name, "can't be generated: it comes from elsewhere.", "Write env:NAME or file:PATH, or type it."
            )


def _backend_problems(answers: Answers) -> Iterator[Problem]:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", answers.backend.type):
        yield Problem("backend", "must have a backend's name as its type, such as local, kubernetes or s3.")
    for key, value in answers.backend.config.items():
        if _CREDENTIAL.search(key):
            hint = "Give it by the backend's own environment variable."
            yield Problem("backend", f"holds the credential {key}, and no secret may stand in answers.", hint)
        elif holds_credentials(value):
            yield Problem("backend", f"holds a password inside the address {key}.", "No secret may stand in answers.")


def _see_schema(catalogue: Catalogue) -> str:
    return f"`{command('schema', '--target', catalogue.target)}` lists all names."
