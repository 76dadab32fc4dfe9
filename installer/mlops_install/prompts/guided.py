"""The guided setup in plain lines: the same questions, rules and order as on the screens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from mlops_install.answers.backend_text import EXPLANATION
from mlops_install.errors import InstallerError, Problem
from mlops_install.inspect.overview import targets
from mlops_install.prompts import lines
from mlops_install.prompts.fields import ask_question
from mlops_install.prompts.lines import GoBack, GoToReview
from mlops_install.prompts.review_list import Item, list_items, show_items
from mlops_install.prompts.session import say
from mlops_install.setup.interview import Interview
from mlops_install.setup.questions import ModuleChoice, Question
from mlops_install.targets.registry import target
from mlops_install.words.wording import capital, told

NAME, TARGET, STATE, MODULES = "the name", "the target", "the state", "the modules"
"""Keys of the steps that are no parameter: a parameter's name has no blank."""
_LONG, _WHOLE = 30, -1
"""Lines from which a list is not shown anew after each change; what a typed 0 means there."""


@dataclass(frozen=True, slots=True)
class _Step:
    """One thing that is asked in turn."""

    key: str
    place: str
    question: Question | None = None


def ask_all(interview: Interview, save: Callable[[], None], *, straight_to_review: bool = False) -> None:
    """Ask everything in turn, then show the list of all answers until the operator goes on.

    `save` is called after each answer. Raises CancelledError on ^C; what was answered is in the draft then.
    """
    say(lines.HOW_TO)
    if not straight_to_review:
        _walk(interview, save)
    _review(interview, save)


def ask_again(interview: Interview, save: Callable[[], None], error: InstallerError) -> None:
    """Show the list again with what is in the way of the plan, each under its line, until the operator goes on."""
    say("")
    say(f"Problem: {capital(error.message)} {error.hint}".rstrip())
    _review(interview, save, error.problems)


def _walk(interview: Interview, save: Callable[[], None]) -> None:
    """Ask step by step; the steps are looked at anew each time, because answers change what is asked."""
    steps = _steps(interview)
    place = 0
    while place < len(steps):
        key = steps[place].key
        try:
            _ask_step(interview, steps[place], save)
        except GoBack:
            place = max(0, place - 1)
            say("This is the first question." if place == 0 else "Back.")
            continue
        except GoToReview:
            return
        steps = _steps(interview)
        keys = [step.key for step in steps]
        place = keys.index(key) + 1 if key in keys else place


def _steps(interview: Interview) -> list[_Step]:
    first = [] if interview.installed else [_Step(NAME, "Name"), _Step(TARGET, "Target")]
    steps = [*first, _Step(MODULES, "Modules")]
    for form in interview.questions():
        title = form.module.title if form.module else "The deployment"
        shown = [q for q in form.questions() if q.required or not q.parameter.advanced]
        count = len(shown)
        steps += [
            _Step(question.parameter.name, f"{title}, {number} of {count}", question)
            for number, question in enumerate(shown, start=1)
        ]
    return steps


def _ask_step(interview: Interview, step: _Step, save: Callable[[], None]) -> None:
    if step.question is not None:
        ask_question(interview, step.question, place=step.place, save=save)
    else:
        {NAME: _ask_name, TARGET: _ask_target, STATE: _ask_state, MODULES: _ask_modules}[step.key](interview)
        save()


def _ask_name(interview: Interview) -> None:
    say("")

    def take(line: str) -> None:
        try:
            interview.rename(line or interview.name)
        except InstallerError as error:
            raise ValueError(f"{error.message} {error.hint}".strip()) from None

    lines.ask(
        f"What is the deployment called? [{interview.name}]:",
        take,
        explanation="The name of its folder, and the word by which the other commands know it.",
    )


def _ask_target(interview: Interview) -> None:
    known = targets(interview.context)
    if len(known) == 1:
        return
    say("")
    chosen = lines.ask_number(
        "Where is it installed?",
        [(name, f"{name}: {target(name).summary}") for name in known],
        default=interview.target,
    )
    interview.change_target(chosen)


def _ask_state(interview: Interview) -> None:
    """Ask where Terraform keeps its state; gone to from the list alone, as everything advanced."""
    say("")

    def take(line: str) -> None:
        if found := interview.set_backend(line or interview.backend):
            raise ValueError(told(found[0]))

    lines.ask(f"Where is Terraform's state kept? [{interview.backend}]:", take, explanation=EXPLANATION)


def _ask_modules(interview: Interview) -> None:
    """Show the modules, and switch them by number until Enter."""
    while True:
        choices = interview.module_choices()
        say("")
        say("Modules:")
        for number, choice in enumerate(choices, start=1):
            say(f"  {number}. {_module_words(interview, choice)}", hanging=5)
        say(_room_words(interview))
        number = lines.ask(
            "A number to choose a module or leave it out, or Enter when right:",
            partial(_number, count=len(choices)),
            explanation="A module that needs another one brings it along. Type a number once more to take it back.",
        )
        if number == 0 and interview.modules:
            return
        if number == 0:
            say("Problem: Choose at least one module.")
        else:
            _toggle(interview, choices[number - 1])


def _module_words(interview: Interview, choice: ModuleChoice) -> str:
    module = choice.module
    state = "chosen" if choice.chosen else "not chosen"
    if choice.needed_by:
        state = f"comes along with {interview.catalogue.modules[choice.needed_by].title}: {choice.reason}"
    return f"{module.title} {module.version}, {state}. {module.summary}"


def _room_words(interview: Interview) -> str:
    room = interview.footprint()
    words = (
        f"Together they take about {room.needed.cpu:g} CPU, {room.needed.memory / 1024:.1f} GiB of memory and "
        f"{room.disk_to_add / 1024:.1f} GiB more of disk."
    )
    return f"{words} There is not enough {' and '.join(room.short)}." if room.short else words


def _toggle(interview: Interview, choice: ModuleChoice) -> None:
    gone = interview.departures(choice.module.id)
    titles = interview.catalogue.modules
    if gone:
        names = ", ".join(titles[entry.module].title for entry in gone)
        if not lines.ask_yes_no(f"{choice.module.title} takes along: {names}. Leave them out?", default=False):
            return
    before = set(interview.modules)
    interview.toggle_module(choice.module.id)
    brought = [m for m in interview.modules if m not in before and m != choice.module.id]
    if brought:
        say(f"It brings along: {', '.join(titles[module].title for module in brought)}.")


def _number(line: str, *, count: int) -> int:
    if not line:
        return 0
    if line == "0" and count > _LONG:
        return _WHOLE
    if line.isascii() and line.isdecimal() and 1 <= int(line) <= count:
        return int(line)
    raise ValueError(f"type a number from 1 to {count}, or Enter")


def _review(interview: Interview, save: Callable[[], None], met: Sequence[Problem] = ()) -> None:
    """Show everything with a number, and change what is named, until Enter with nothing wrong.

    `met` was found on the target: it is said until its line was gone to, and keeps nobody from planning again.
    """
    shown: list[str] = []
    changed = ""
    while True:
        items = list_items(interview)
        problems = interview.problems()
        keys = [item.key for item in items]
        # Two screens of lines are not read again for one of them, as long as the numbers stay.
        brief = bool(changed) and keys == shown and len(items) > _LONG
        show_items(interview, items, [*problems, *met], only=changed if brief else "")
        shown, changed = keys, ""
        whole = ", 0 for the whole list" if len(items) > _LONG else ""
        try:
            number = lines.ask(f"A number to change it{whole}, or Enter to plan:", partial(_number, count=len(items)))
        except GoBack:
            _walk_back(interview, save)
            continue
        except GoToReview:
            continue
        if number == _WHOLE:
            continue
        if number:
            changed = items[number - 1].key
            _change(interview, items[number - 1], save)
            met = [problem for problem in met if problem.subject != items[number - 1].key]
        elif not (problems or _told_by_terraform(interview)):
            return


def _walk_back(interview: Interview, save: Callable[[], None]) -> None:
    """Ask the last question once more; from there one goes on backwards."""
    step = _steps(interview)[-1]
    try:
        _ask_step(interview, step, save)
    except (GoBack, GoToReview):
        say("Each line of the list can be changed by its number.")


def _change(interview: Interview, item: Item, save: Callable[[], None]) -> None:
    step = _Step(item.key, item.heading, item.question)
    try:
        _ask_step(interview, step, save)
    except (GoBack, GoToReview):
        say("Back to the list.")


def _told_by_terraform(interview: Interview) -> list[Problem]:
    """Return what the stack's own rules say, after saying it."""
    say("Checking the answers against the stack's own rules.")
    found = interview.check_with_terraform()
    labels = interview.catalogue.parameters
    for problem in found:
        name = labels[problem.subject].label if problem.subject in labels else problem.subject
        say(f"Problem: {name}: {told(problem)}")
    return found
