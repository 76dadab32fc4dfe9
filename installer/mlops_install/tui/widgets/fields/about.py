"""What the field under the cursor is about, in a few lines below the form."""

from __future__ import annotations

from rich.text import Text

from mlops_install.setup.interview import Interview
from mlops_install.setup.questions import Question
from mlops_install.tui.widgets.fields.words import secret_words
from mlops_install.words.wording import shown


def about(question: Question, interview: Interview, hint: str = "") -> Text:
    """Return name, state, description, default and installed value, the short ones first."""
    parameter = question.parameter
    text = Text()
    text.append(parameter.label or parameter.name, "bold")
    text.append(f"  {parameter.name}", "dim")
    for words in _states(question):
        text.append(f"  {words}")
    text.append("\n")
    text.append(" ".join(filter(None, (_facts(question, interview), parameter.description.rstrip()))))
    if question.changed_since_install or (question.changed_from_default and parameter.has_default):
        hint = f"{hint} F9: put it back.".lstrip()
    if hint:
        text.append(f"\n{hint}", "dim")
    if parameter.help_url:
        text.append(f"\nSee {parameter.help_url}", "dim")
    return text


def _states(question: Question) -> list[str]:
    found = []
    if question.locked:
        found.append("■ stays as it is once installed")
    if question.required:
        found.append("● must be given")
    if question.changed_since_install:
        found.append("≠ changed since it was installed")
    if question.changed_from_default and question.parameter.has_default:
        found.append("~ not the default")
    return found


def _facts(question: Question, interview: Interview) -> str:
    parameter = question.parameter
    if question.secret:
        return f"A secret: {secret_words(question.secret)}."
    parts = [f"Default: {_ended(shown(parameter.default))}"] if parameter.has_default else ["It has no default."]
    installed = interview.installed
    if installed is not None and question.changed_since_install:
        before = installed.parameters.get(parameter.name, parameter.default)
        parts.append(f"Installed: {_ended(shown(before))}")
    return " ".join(parts)


def _ended(words: str) -> str:
    return words if words.endswith(".") else f"{words}."
