"""Every answer with a number, so that any of them can be changed by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlops_install.errors import Problem
from mlops_install.inspect.overview import targets
from mlops_install.prompts.secret_field import state_words
from mlops_install.prompts.session import say
from mlops_install.setup.interview import Interview
from mlops_install.setup.questions import Question
from mlops_install.words.wording import shown, told


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list."""

    key: str
    """A parameter's name, or a step's key."""
    heading: str
    """The module it stands under."""
    label: str
    words: str
    """Its value in words; never a secret."""
    question: Question | None = None


def list_items(interview: Interview) -> list[Item]:
    """Return everything that can be changed, in the order in which it is asked."""
    titles = [interview.catalogue.modules[module].title for module in interview.modules]
    items: list[Item] = []
    if not interview.installed:
        items.append(Item("the name", "Deployment", "Name", interview.name))
        if len(targets(interview.context)) > 1:
            items.append(Item("the target", "Deployment", "Target", interview.target))
        items.append(Item("the state", "Deployment", "Terraform's state", interview.backend))
    items.append(Item("the modules", "Deployment", "Modules", ", ".join(titles) or "none"))
    for form in interview.questions():
        heading = form.module.title if form.module else "The deployment"
        items += [
            Item(q.parameter.name, heading, q.parameter.label or q.parameter.name, _words(q), q)
            for q in form.questions()
        ]
    return items


def show_items(interview: Interview, items: Sequence[Item], problems: Sequence[Problem], *, only: str = "") -> None:
    """Write the list, each problem under the line that it is about.

    With `only`, a key, it is that line alone and those with problems.
    """
    by_subject: dict[str, list[Problem]] = {}
    for problem in problems:
        by_subject.setdefault(problem.subject, []).append(problem)
    say("")
    say(f"Review of {interview.name}:")
    heading = ""
    for number, item in enumerate(items, start=1):
        if only and item.key != only and item.key not in by_subject:
            continue
        if item.heading != heading:
            heading = item.heading
            say(f"{heading}:")
        say(f"  {number}. {item.label}: {item.words}", hanging=5)
        for problem in by_subject.pop(item.key, []):
            say(f"     Problem: {told(problem)}", hanging=5)
    for problem in (problem for left in by_subject.values() for problem in left):
        say(f"Problem: {problem.subject} {told(problem)}")


def _words(question: Question) -> str:
    words = state_words(question.secret) if question.secret else shown(question.value)
    marks = [
        "required" if question.required and question.value in (None, "", [], {}) and not question.secret else "",
        "changed since it was installed" if question.changed_since_install else "",
        "not the default" if question.changed_from_default and question.parameter.has_default else "",
        "fixed" if question.locked else "",
    ]
    said = ", ".join(filter(None, marks))
    return f"{words} ({said})" if said else words
