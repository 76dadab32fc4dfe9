"""answers.yaml: read with all its problems at once, written the same way every time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from mlops_install.answers.check import find_problems
from mlops_install.answers.model import FORMAT, Answers, Backend
from mlops_install.answers.rules import did_you_mean
from mlops_install.answers.values import kind_of
from mlops_install.catalogue.model import Catalogue, Value
from mlops_install.catalogue.strict_yaml import Document, read_yaml
from mlops_install.errors import Problem, UsageError

KEYS = ("format", "name", "target", "modules", "parameters", "secrets", "backend")


def read_answers(path: Path, catalogue: Catalogue) -> Answers:
    """Return the answers of a file; raises UsageError with every problem: file and line, key, reason, nearest name."""
    document = read_yaml(path)
    shape = Shape(document.value, KEYS)
    answers = shape.answers(name=shape.text("name"))
    problems = [*shape.problems, *unsaid(find_problems(answers, catalogue), shape.problems)]
    raise_problems(path, document, problems)
    return answers


def read_unfinished(path: Path, catalogue: Catalogue) -> tuple[Answers, list[Problem]]:
    """Return the answers of a draft, and what of them had to be left out because the target no longer has it.

    Wrong and missing values stay as they are, for the operator to go on with. Raises UsageError where the file's
    outline is broken.
    """
    document = read_yaml(path)
    shape = Shape(document.value, KEYS)
    answers = shape.answers(name=shape.text("name"))
    raise_problems(path, document, shape.problems)
    modules = tuple(module for module in answers.modules if module in catalogue.modules)
    settings = {parameter.name for parameter in catalogue.settings()}
    parameters = {name: value for name, value in answers.parameters.items() if name in settings}
    known = {parameter.name for parameter in catalogue.secrets()}
    secrets = {name: reference for name, reference in answers.secrets.items() if name in known}
    kept = replace(answers, modules=modules, parameters=parameters, secrets=secrets)
    lost = {*answers.modules, *answers.parameters, *answers.secrets} - {*modules, *parameters, *secrets}
    gone = f"is not known on {catalogue.target} any more; it was left out."
    return kept, [Problem(name, gone, source=str(path)) for name in sorted(lost)]


def raise_problems(path: Path, document: Document, problems: Collection[Problem]) -> None:
    """Raise UsageError with the problems found in a file, each with its line; return when there is none."""
    if not problems:
        return
    noun = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
    located = [_located(problem, document, path) for problem in problems]
    raise UsageError(f"{path} can't be used: {noun}.", problems=located)


def unsaid(found: Iterable[Problem], said: Collection[Problem]) -> list[Problem]:
    """Return the problems about keys that the document's shape didn't already complain of."""
    subjects = {problem.subject for problem in said}
    return [problem for problem in found if problem.subject not in subjects]


def _located(problem: Problem, document: Document, path: Path) -> Problem:
    subject = problem.subject
    for trail in (("parameters", subject), ("secrets", subject), (subject,)):
        if trail in document.lines:
            return replace(problem, source=f"{path}, line {document.lines[trail]}")
    return replace(problem, source=str(path))


@dataclass(slots=True)
class Shape:
    """The outline of an answers document or preset: known keys, each of the right kind."""

    value: Value
    keys: Collection[str]
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not isinstance(self.value, dict):
            self.problems.append(Problem("", f"is {kind_of(self.value)}, must be a map of keys.", self._known()))
            self.value = {"format": FORMAT}
        for key in self.value:
            if key not in self.keys:
                self.problems.append(
                    Problem(key, "is not a key of this file.", did_you_mean(key, self.keys, self._known()))
                )
        if self.value.get("format") != FORMAT or isinstance(self.value.get("format"), bool):
            self.problems.append(Problem("format", f"must be {FORMAT}, the version this mlops-install reads."))

    def _known(self) -> str:
        return f"Keys: {', '.join(self.keys)}."

    def text(self, key: str, *, default: str | None = None) -> str:
        """Return a text; one that is absent is a problem unless it has a default."""
        value = self.value.get(key, default)
        if isinstance(value, str):
            return value
        self._refuse(key, value, "a text") if key in self.value else self.problems.append(Problem(key, "is missing."))
        return ""

    def answers(self, *, name: str) -> Answers:
        """Return the answers as far as their outline is right."""
        backend = self._mapping("backend")
        if "backend" in self.value and backend and set(backend) - {"type", "config"}:
            self.problems.append(Problem("backend", "has an unknown key.", "Known keys: type, config."))
        if backend and not isinstance(backend.get("type"), str):
            self.problems.append(Problem("backend", "must name its type, a text."))
            backend = {}
        if not isinstance(backend.get("config", {}), dict):
            self._refuse("backend", backend["config"], "a map as its config")
            backend = {}
        return Answers(
            name=name,
            target=self.text("target"),
            modules=self._modules(),
            parameters=self._mapping("parameters"),
            secrets=self._secrets(),
            backend=Backend(backend["type"], backend.get("config", {})) if backend else Backend(),
        )

    def _refuse(self, key: str, value: Value, expected: str) -> None:
        self.problems.append(Problem(key, f"is {kind_of(value)}, must be {expected}."))

    def _mapping(self, key: str) -> dict[str, Value]:
        value = self.value.get(key)
        if value is None or isinstance(value, dict):
            return value or {}
        self._refuse(key, value, "a map")
        return {}

    def _modules(self) -> tuple[str, ...]:
        value = self.value.get("modules")
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self._refuse("modules", value, "a list of modules' names")
        return ()

    def _secrets(self) -> dict[str, str]:
        """What isn't a text can't be a reference; its kind isn't named, for it may be a secret made of digits."""
        return {name: item if isinstance(item, str) else "" for name, item in self._mapping("secrets").items()}


def dump_answers(answers: Answers, *, comment: str) -> str:
    """Return answers as YAML: stable order, parameters sorted, no time, the comment's lines on top."""
    import yaml

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: Value) -> bool:
            return True

    # Between single quotes PyYAML folds Unicode's further line ends, and reads back another text (6.0.3).
    Dumper.add_representer(
        str,
        lambda dumper, text: dumper.represent_scalar(
            "tag:yaml.org,2002:str", text, style='"' if set(text) & {"\x85", "\u2028", "\u2029"} else None
        ),
    )
    document: dict[str, Value] = {
        "format": FORMAT,
        "name": answers.name,
        "target": answers.target,
        "modules": list(answers.modules),
        "parameters": _sorted(dict(answers.parameters)),
        "secrets": _sorted(dict(answers.secrets)),
        "backend": {"type": answers.backend.type, "config": _sorted(dict(answers.backend.config))},
    }
    head = "".join(f"# {line}".rstrip() + "\n" for line in comment.splitlines())
    body = yaml.dump(document, Dumper=Dumper, sort_keys=False, default_flow_style=False, allow_unicode=True, width=120)
    return f"{head}{body}"


def _sorted(value: Value) -> Value:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list | tuple) else value
