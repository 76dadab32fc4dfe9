"""Parameters as questions, one after the other, each checked by the parameter's own rules."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from mlops_install.catalogue.model import Parameter, Value
from mlops_install.catalogue.types import parse_text
from mlops_install.prompts import lines
from mlops_install.prompts.confirmation import choose, confirm
from mlops_install.prompts.secret import SecretAnswer, ask_secret
from mlops_install.prompts.session import answer, is_plain, say
from mlops_install.words.wording import capital, shown

Check = Callable[[Parameter, Value], str | None]
"""Tells what is wrong with a value in a plain sentence, or None."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers apart by kind, as `setup.prepare.Request` takes them."""

    values: Mapping[str, Value]
    references: Mapping[str, str]
    """How each secret comes."""
    typed: Mapping[str, str] = field(repr=False)
    """The secrets that were typed."""


def ask_parameters(parameters: Sequence[Parameter], values: Mapping[str, Value], *, check: Check) -> dict[str, Value]:
    """Ask for each parameter; returns the answers by name, a `SecretAnswer` for a sensitive one.

    `values` fills in what is known already, else the default is filled in. Raises CancelledError on ^C.
    """
    answers: dict[str, Value] = {}
    for position, parameter in enumerate(parameters, start=1):
        _introduce(parameter, position, len(parameters))
        if parameter.sensitive:
            answers[parameter.name] = ask_secret(parameter, check=check)
        else:
            answers[parameter.name] = _ask(parameter, values.get(parameter.name, parameter.default), check)
    return answers


def split(answers: Mapping[str, Value]) -> Answered:
    """Return values, secrets' references and typed secrets apart."""
    secrets = {name: value for name, value in answers.items() if isinstance(value, SecretAnswer)}
    return Answered(
        values={name: value for name, value in answers.items() if name not in secrets},
        references={name: secret.reference for name, secret in secrets.items()},
        typed={name: secret.value for name, secret in secrets.items() if secret.value is not None},
    )


def _introduce(parameter: Parameter, position: int, count: int) -> None:
    say("")
    say(f"{position} of {count}  {parameter.name}", "fg:ansibrightblack")
    if parameter.description:
        say(parameter.description)
    if parameter.help_url:
        say(parameter.help_url, "fg:ansibrightblack")


def _ask(parameter: Parameter, known: Value, check: Check) -> Value:
    label = parameter.label or parameter.name
    if parameter.type.kind == "bool":
        return confirm(f"{label}?", bool(known))
    if parameter.choices and parameter.type.kind in {"string", "number"}:
        texts = {str(value): value for value in parameter.choices}
        default = next((text for text, value in texts.items() if value == known), None)
        return texts[choose(label, [(text, text) for text in texts], default=default)]
    if is_plain():
        return _ask_line(parameter, label, known, check)
    import questionary

    def problem(text: str) -> bool | str:
        return problem_of(parameter, text, check) or True

    question = questionary.text(
        f"{label}:", default=_text(known), instruction=_instruction(parameter), validate=problem
    )
    return _read(parameter, answer(question))


def _ask_line(parameter: Parameter, label: str, known: Value, check: Check) -> Value:
    def take(line: str) -> Value:
        text = "" if line == lines.EMPTY else line or _text(known)
        problem = problem_of(parameter, text, check)
        if problem:
            raise ValueError(problem)
        return _read(parameter, text)

    how = " ".join(filter(None, (label, _instruction(parameter), f"[{shown(known)}]")))
    return lines.ask(f"{how}:", take, ways=False, explanation="Enter keeps what stands in brackets, - empties it.")


def _instruction(parameter: Parameter) -> str | None:
    if parameter.type.kind == "list":
        return "(comma separated)"
    return "(JSON)" if parameter.type.kind in {"map", "object", "any"} else None


def _text(value: Value) -> str:
    """Return a value as it is typed."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) and "," not in item for item in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False)


def _read(parameter: Parameter, text: str) -> Value:
    """Return the value a text means; an empty one is null where the parameter may be null and isn't a list."""
    if not text.strip() and parameter.type.kind != "list":
        if parameter.nullable and parameter.default is None:
            return None
        if parameter.type.kind == "string":
            return ""
    return parse_text(parameter.type, text)


def problem_of(parameter: Parameter, text: str, check: Check) -> str:
    """Return what is wrong with a typed answer, in a sentence; empty when nothing is."""
    if not text.strip() and _must_be_given(parameter):
        return "A value is needed here."
    try:
        value = _read(parameter, text)
    except ValueError as error:
        words = str(error)
        return f"This {words}." if words.startswith("must ") else f"{capital(words)}."
    return check(parameter, value) or ""


def _must_be_given(parameter: Parameter) -> bool:
    """Tell whether an empty answer is none: it is asked because it is required, or has no default to fall back on."""
    return parameter.type.kind != "list" and (parameter.required_when is not None or not parameter.has_default)
