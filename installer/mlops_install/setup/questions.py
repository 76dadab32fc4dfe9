"""What the guided setup asks and shows: plain records, worked out from answers and catalogue alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from mlops_install.answers.check import asked
from mlops_install.answers.model import Answers
from mlops_install.answers.preset_document import same
from mlops_install.answers.rules import closed, holds, is_chosen, is_required, needed_modules, value_of
from mlops_install.answers.strength import Strength
from mlops_install.catalogue.model import Catalogue, Module, Parameter, Section, Value


@dataclass(frozen=True, slots=True)
class ModuleChoice:
    """One module on the list to choose from."""

    module: Module
    chosen: bool
    """By the operator, or because another one needs it."""
    needed_by: str
    """The module that pulled it in; empty when it was chosen itself, or isn't there."""
    reason: str
    """Why that module needs it."""


@dataclass(frozen=True, slots=True)
class Departure:
    """A module that goes when another one is deselected."""

    module: str
    why: Literal["needs", "needed by"]
    """`needs`: it can't do without the other; `needed by`: only the other had pulled it in."""
    other: str
    """The module it needs, or that needed it."""
    reason: str


@dataclass(frozen=True, slots=True)
class SecretState:
    """How a secret comes; never its value."""

    name: str
    reference: str
    """`generated`, `typed`, `env:NAME`, `file:PATH`; empty when nothing is said yet and it can't be generated."""
    kept: bool
    """Whether the deployment holds a value already."""
    fresh: bool
    """Whether a value was typed or made anew since, which comes into force with the plan's approval."""
    strength: Strength | None
    """Of a value typed just now; None for every other."""


@dataclass(frozen=True, slots=True)
class Question:
    """One parameter as it is asked."""

    parameter: Parameter
    value: Value
    """Its value, the default where nothing is answered; always None for a secret."""
    required: bool
    """Whether the operator must give it; a secret that is generated needn't be given."""
    changed_from_default: bool
    changed_since_install: bool
    """False as long as nothing is installed."""
    locked: bool
    """Whether it is immutable and its module is installed: shown, not to be changed."""
    secret: SecretState | None
    """None for what is no secret."""


@dataclass(frozen=True, slots=True)
class AskedSection:
    """A heading with its questions, in order."""

    section: Section
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One chosen module's questions."""

    module: Module | None
    """None for what belongs to the deployment itself."""
    sections: tuple[AskedSection, ...]

    def questions(self) -> tuple[Question, ...]:
        """Return all questions of the form, in order."""
        return tuple(question for section in self.sections for question in section.questions)


@dataclass(frozen=True, slots=True)
class Match:
    """A parameter that a search found."""

    parameter: Parameter
    module_chosen: bool
    asked: bool
    """Whether it is on a form now; False for one of another module, or whose condition doesn't hold."""


@dataclass(frozen=True, slots=True)
class SecretChange:
    """A secret that the plan would change."""

    name: str
    before: str
    """The installed reference; empty when there was none."""
    after: str
    """The new reference; empty when it isn't needed any more."""
    fresh: bool
    """Whether its value is a new one."""


def module_choices(chosen: Sequence[str], catalogue: Catalogue) -> tuple[ModuleChoice, ...]:
    """Return every module of the target, in order."""
    pulled = {module: (by, reason) for module, by, reason in needed_modules(chosen, catalogue)}
    return tuple(
        ModuleChoice(module, module.id in chosen or module.id in pulled, *pulled.get(module.id, ("", "")))
        for module in catalogue.modules.values()
    )


def departures(module: str, chosen: Sequence[str], catalogue: Catalogue) -> tuple[Departure, ...]:
    """Return what goes along when a module is deselected: what needs it, and what was there for these alone."""
    before = closed(chosen, catalogue)
    going = {module}
    found: list[Departure] = []
    waiting = [module]
    while waiting:
        other = waiting.pop(0)
        for name in before:
            reason = next((need.reason for need in catalogue.modules[name].needs if need.module == other), None)
            if reason is not None and name not in going:
                going.add(name)
                waiting.append(name)
                found.append(Departure(name, "needs", other, reason))
    after = closed([name for name in chosen if name not in going], catalogue)
    for name, by, reason in needed_modules(chosen, catalogue):
        if name not in going and name not in after:
            found.append(Departure(name, "needed by", by, reason))
    return tuple(found)


def forms(
    answers: Answers,
    installed: Answers | None,
    standing: Answers | None,
    catalogue: Catalogue,
    secret_state: Callable[[Parameter], SecretState],
    fresh: Callable[[str], bool],
) -> tuple[Form, ...]:
    """Return the forms of the chosen modules in the catalogue's order, the deployment's own at the end.

    `standing` are the answers whose immutable values hold: None as long as no apply came to its good end.
    """
    by_module: dict[str, list[Question]] = {module: [] for module in catalogue.modules}
    for parameter in asked(answers, catalogue):
        state = secret_state(parameter) if parameter.sensitive else None
        question = _question(parameter, answers, installed, standing, catalogue, state, fresh)
        by_module.setdefault(parameter.module, []).append(question)
    return tuple(
        Form(catalogue.modules.get(module), tuple(_sections(questions, catalogue)))
        for module, questions in by_module.items()
        if questions
    )


def search(text: str, answers: Answers, catalogue: Catalogue) -> list[Match]:
    """Return the parameters whose name, label, description or module has all the words, the best first.

    A word in the name or the label counts more than one in the text; of equals the chosen modules' come first.
    """
    words = text.casefold().split()
    if not words:
        return []
    ranked: list[tuple[int, bool, Match]] = []
    for parameter in catalogue.parameters.values():
        rank = None if parameter.internal else _rank(parameter, words, catalogue)
        if rank is not None:
            chosen = is_chosen(parameter, answers)
            on_form = chosen and holds(parameter.ask_when, answers, catalogue)
            ranked.append((rank, not on_form, Match(parameter, chosen, on_form)))
    return [match for _, _, match in sorted(ranked, key=lambda entry: entry[:2])]


def _rank(parameter: Parameter, words: Sequence[str], catalogue: Catalogue) -> int | None:
    module = catalogue.modules.get(parameter.module)
    name = f"{parameter.name} {parameter.name.replace('_', ' ')}".casefold()
    label = parameter.label.casefold()
    rest = f"{parameter.description} {module.title if module else ''}".casefold()
    if not all(word in name or word in label or word in rest for word in words):
        return None
    if label.startswith(words[0]) or name.startswith(words[0]):
        return 0
    return 1 if all(word in name or word in label for word in words) else 2


def _question(
    parameter: Parameter,
    answers: Answers,
    installed: Answers | None,
    standing: Answers | None,
    catalogue: Catalogue,
    state: SecretState | None,
    fresh: Callable[[str], bool],
) -> Question:
    value = None if state else value_of(parameter.name, answers, catalogue)
    there = installed if installed and is_chosen(parameter, installed) else None
    if state:
        moved = there is not None and (
            fresh(parameter.name) or there.secrets.get(parameter.name, "generated") != (state.reference or "generated")
        )
    else:
        moved = there is not None and not same(value, value_of(parameter.name, there, catalogue))
    return Question(
        parameter=parameter,
        value=value,
        required=is_required(parameter, answers, catalogue) and parameter.generate is None,
        changed_from_default=state is None and not (parameter.has_default and same(value, parameter.default)),
        changed_since_install=moved,
        locked=parameter.immutable and there is not None and (state is not None or standing is not None),
        secret=state,
    )


def _sections(questions: Sequence[Question], catalogue: Catalogue) -> Iterator[AskedSection]:
    """Yield a module's questions by section; questions without one stand under an empty heading, first."""
    order = {section: place for place, section in enumerate(catalogue.sections, start=1)}

    def place(question: Question) -> int:
        return order.get(question.parameter.section, 0)

    for _, group in groupby(sorted(questions, key=place), key=place):
        held = tuple(group)
        section = catalogue.sections.get(held[0].parameter.section, Section("", ""))
        yield AskedSection(section, held)
