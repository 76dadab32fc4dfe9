"""One question of the guided setup, from its words to an answer that was checked."""

from __future__ import annotations

from collections.abc import Callable

from mlops_install.catalogue.model import Value
from mlops_install.prompts import lines
from mlops_install.prompts.secret_field import ask_secret_field
from mlops_install.prompts.session import say
from mlops_install.prompts.values import Field, ask_value
from mlops_install.setup.choices import choices
from mlops_install.setup.interview import Interview
from mlops_install.setup.questions import Question
from mlops_install.words.wording import shown, told


def ask_question(interview: Interview, question: Question, *, place: str, save: Callable[[], None]) -> None:
    """Ask a question until its answer has no problem of its own; `save` is called after each change.

    `place` says where one is: `MLflow, 1 of 2`. Raises GoBack and GoToReview; what was typed until then is kept.
    """
    introduce(question, place)
    if question.parameter.choices_from:
        known = choices(interview.context, interview.answers, question.parameter.choices_from)
        if known:
            say(f"There is: {', '.join(known)}.")
    if question.locked:
        say("It can't be changed once it is installed.")
    elif question.secret:
        while not ask_secret_field(interview, find(interview, question)):
            save()
        save()
    else:
        _ask_setting(interview, question, save)


def introduce(question: Question, place: str) -> None:
    """Say what is asked, and what is known of it."""
    parameter = question.parameter
    say("")
    say(f"{place}: {parameter.label or parameter.name}{', required' if question.required else ''}")
    say(f"Name: {parameter.name}. {parameter.description}".rstrip())
    if parameter.help_url:
        say(f"See {parameter.help_url}")
    if question.secret is None and parameter.has_default and question.changed_from_default:
        say(f"Default: {shown(parameter.default)}.")
    if question.changed_since_install:
        say("Changed since it was installed.")


def find(interview: Interview, question: Question) -> Question:
    """Return a question as it is now."""
    current = (found for form in interview.questions() for found in form.questions())
    return next((found for found in current if found.parameter.name == question.parameter.name), question)


def _ask_setting(interview: Interview, question: Question, save: Callable[[], None]) -> None:
    name = question.parameter.name

    def keep(new: Value) -> None:
        interview.set_value(name, new)
        save()

    while True:
        _ask(question, interview.value_of(name), keep)
        problems = interview.value_problems(name)
        for problem in problems:
            say(f"Problem: {told(problem)}")
        if not problems:
            break
        say("Answer again, or type > to leave it for the review list.")
    _help_with_oauth(interview, name)


def _ask(question: Question, value: Value, keep: Callable[[Value], None]) -> None:
    parameter = question.parameter
    if parameter.choices and parameter.type.kind in ("string", "number"):
        texts = {str(choice): choice for choice in parameter.choices}
        default = next((text for text, choice in texts.items() if choice == value), None)
        options = [(text, text) for text in texts]
        picked = texts[lines.ask_number("", options, default=default, explanation=_explanation(question))]
        if picked != value:
            keep(picked)
        return
    field = Field(
        parameter.label or parameter.name,
        parameter.type,
        nullable=parameter.nullable,
        default=parameter.default if parameter.has_default else "",
        explanation=_explanation(question),
        must=question.required and value in (None, "", [], {}),
    )
    ask_value(field, value, keep)


def _explanation(question: Question) -> str:
    """Return what `?` says: description, default and the rules that are known."""
    parameter = question.parameter
    parts = [parameter.description.rstrip()]
    if parameter.has_default:
        parts.append(f"Default: {shown(parameter.default)}.")
    parts += [validation.message for validation in parameter.validations]
    return " ".join(filter(None, dict.fromkeys(parts)))


def _help_with_oauth(interview: Interview, name: str) -> None:
    """Say what an OAuth app is registered with, once signing in elsewhere is switched on."""
    addresses = interview.oauth_addresses(name) if interview.value_of(name) else None
    if addresses is not None:
        say("Register an OAuth app with these addresses:")
        say(f"  Homepage URL: {addresses.homepage}", hanging=4)
        say(f"  Authorization callback URL: {addresses.callback}", hanging=4)
        say("With allowed organizations, GitHub also asks each user for the right read:org, to see who is a member.")
