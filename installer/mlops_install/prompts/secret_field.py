"""A secret of the guided setup: what it is now, in words, and every way it can come."""

from __future__ import annotations

from mlops_install.errors import Problem
from mlops_install.prompts import lines
from mlops_install.prompts.lines import GoBack
from mlops_install.prompts.secret import ask_source
from mlops_install.prompts.session import say
from mlops_install.setup.interview import Interview
from mlops_install.setup.questions import Question, SecretState
from mlops_install.words.wording import told


def ask_secret_field(interview: Interview, question: Question) -> bool:
    """Ask how a secret comes; returns whether the question is over, False to ask it once more."""
    name = question.parameter.name
    state = interview.secret_state(name)
    options = ways_of(interview, question, state)
    way = lines.ask_number(
        f"It is {state_words(state)}.",
        options,
        default="stay" if options[0][0] == "stay" else None,
        explanation="A secret is kept apart from the answers, in a file that only you can read.",
    )
    if way == "show":
        say(f"Value: {interview.reveal(name)}")
        return False
    try:
        problems = _carry_out(interview, name, way, state)
    except GoBack:
        return False
    for problem in problems:
        say(f"Problem: {told(problem)}")
    return not problems


def state_words(state: SecretState) -> str:
    """Return how a secret comes, in words, never its value."""
    if not state.reference:
        return "not given yet"
    words = state.reference
    for prefix, meaning in (("env:", "from the variable "), ("file:", "from the file ")):
        if words.startswith(prefix):
            words = meaning + words.removeprefix(prefix)
    if state.fresh:
        words += ", new"
    elif state.kept:
        words += ", installed"
    elif state.reference == "typed":
        words += ", but its value is not there any more"
    return f"{words}, {state.strength}" if state.strength else words


def ways_of(interview: Interview, question: Question, state: SecretState) -> list[tuple[str, str]]:
    """Return what can be done about a secret, in the order of its numbers: a word, and how it is said."""
    parameter = question.parameter
    options: list[tuple[str, str]] = []
    if state.reference and (state.reference != "typed" or state.kept or state.fresh):
        options.append(("stay", "Leave it so"))
    if parameter.generate and state.reference == "generated" and state.kept and not parameter.immutable:
        options.append(("rotate", "Generate a new one"))
    elif parameter.generate and state.reference != "generated":
        options.append(("generated", "Generate one"))
    options += [
        ("typed", "Type it now, without it being shown"),
        ("env", "From an environment variable, at each plan"),
        ("file", "From a file, at each plan"),
    ]
    if interview.installed and question.changed_since_install:
        options.append(("keep", "Go back to the installed one"))
    if state.kept or state.fresh:
        options.append(("show", "Show its value"))
    return options


def _carry_out(interview: Interview, name: str, way: str, state: SecretState) -> list[Problem]:
    if way == "stay":
        return []
    if way == "rotate":
        interview.rotate(name)
        return []
    if way == "keep":
        interview.keep_secret(name)
        return []
    if way == "typed":
        return _type(interview, name)
    reference = way
    if way in ("env", "file"):
        earlier = state.reference.removeprefix(f"{way}:") if state.reference.startswith(f"{way}:") else ""
        reference = f"{way}:{ask_source(way, ways=True, default=earlier)}"
    return interview.set_secret(name, reference)


def _type(interview: Interview, name: str) -> list[Problem]:
    typed = lines.read_line("Value, not shown:", hidden=True)
    if typed == lines.BACK:
        raise GoBack
    if not typed:
        return [Problem(name, "A value is needed here.")]
    problems = interview.set_secret(name, "typed", typed)
    strength = interview.secret_state(name).strength
    if strength and not problems:
        say(f"It looks {strength}.")
    return problems
