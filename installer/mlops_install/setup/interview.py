"""The guided setup without a screen: what is chosen, asked, wrong and changed, for every front end alike."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mlops_install.answers.backend_text import backend_text, parse_backend
from mlops_install.answers.check import complete, find_problems, fixed_problems, name_problem
from mlops_install.answers.difference import answers_diff
from mlops_install.answers.model import Answers
from mlops_install.answers.oauth import OAuthAddresses, oauth_addresses
from mlops_install.answers.preset_document import same
from mlops_install.answers.rules import closed, did_you_mean, value_of
from mlops_install.answers.secrets import Resolved
from mlops_install.answers.values import value_problems
from mlops_install.catalogue.model import Catalogue, Value
from mlops_install.deployment.draft import Draft, draft_of, kept_secrets, typed_secrets
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.store import locate
from mlops_install.errors import Problem, UsageError
from mlops_install.setup import opening, questions
from mlops_install.setup.building import Layers, examine, finished, standing
from mlops_install.setup.candidate import candidate_tfvars
from mlops_install.setup.questions import Departure, Form, Match, ModuleChoice, SecretChange, SecretState
from mlops_install.setup.secret_answers import SecretAnswers
from mlops_install.targets.context import Context
from mlops_install.targets.installed import approved_answers, installed_answers
from mlops_install.targets.records import Capacity
from mlops_install.targets.registry import target as find_target

if TYPE_CHECKING:
    from mlops_install.deployment.prepared import Prepared


class Interview:
    """One guided setup. Every edit makes new answers; nothing is written, planned or started here."""

    def __init__(
        self, context: Context, deployment: Deployment, answers: Answers, *, draft: Draft | None = None
    ) -> None:
        """Begin with partial answers for a deployment; the constructors by name are what front ends use."""
        self.context = context
        self.deployment = deployment
        self.draft = draft or draft_of(context.environment, deployment)
        """Where `setup.drafts.save` keeps what is answered."""
        self.left_out: tuple[Problem, ...] = ()
        """What of a resumed draft the target doesn't know any more."""
        self.installed = approved_answers(context, deployment)
        """The answers of the last approved plan; None for a new deployment."""
        self._standing = standing(deployment, self.installed)
        """The answers whose immutable values hold; None as long as no apply came to its good end."""
        self._answers = opening.settled(context, replace(answers, name=deployment.name))
        self._secrets = SecretAnswers(kept_secrets(deployment), typed_secrets(self.draft) if draft else {})

    @classmethod
    def new(cls, context: Context, target: str, name: str, *, directory: Path | None = None) -> Interview:
        """Begin with the target's defaults and no module; raises UsageError when the name is taken."""
        deployment = opening.new_deployment(context, name, directory)
        context.catalogue(target)
        return cls(context, deployment, Answers(name, target))

    @classmethod
    def from_preset(
        cls, context: Context, preset: str, name: str | None = None, *, directory: Path | None = None
    ) -> Interview:
        """Begin with a preset's answers, by its name or file; the deployment is named after it unless named.

        Answers that were approved earlier win over the preset, as with `quick`. Raises UsageError for a preset that
        isn't there, is wrong, or is for another target.
        """
        loaded = opening.preset(context, preset)
        called = loaded.id if name is None and directory is None else name
        deployment = locate(context.environment, name=called, directory=directory)
        layers = Layers(loaded, approved_answers(context, deployment))
        return cls(context, deployment, layers.answers(deployment.name))

    @classmethod
    def reconfigure(cls, context: Context, deployment: Deployment) -> Interview:
        """Begin with the installed answers; raises UsageError when nothing was approved yet."""
        return cls(context, deployment, installed_answers(context, deployment)[1])

    @classmethod
    def resume(cls, context: Context, draft: Draft) -> Interview:
        """Go on with a draft; raises UsageError when its file can't be read. See `left_out`."""
        given, left_out = opening.draft_answers(context, draft)
        layers = Layers(draft=given)
        interview = cls(context, draft.deployment, layers.answers(draft.deployment.name), draft=draft)
        interview.left_out = tuple(left_out)
        return interview

    @property
    def target(self) -> str:
        """The target's name."""
        return self._answers.target

    @property
    def name(self) -> str:
        """The deployment's name."""
        return self.deployment.name

    @property
    def catalogue(self) -> Catalogue:
        """The target's catalogue."""
        return self.context.catalogue(self.target)

    @property
    def given(self) -> Answers:
        """The partial answers: what was chosen and set, as a draft keeps it."""
        return self._answers

    @property
    def answers(self) -> Answers:
        """The complete answers, defaults and needed modules included; they may still have problems."""
        return complete(self._answers, self.catalogue)

    def rename(self, name: str) -> None:
        """Call a new deployment something else; raises UsageError for a bad or taken name, or an installed one."""
        if name == self.name:
            return
        self._refuse_installed("name")
        self.deployment = opening.new_deployment(self.context, name, None)
        self._answers = replace(self._answers, name=name)
        self._secrets = SecretAnswers(kept_secrets(self.deployment), self._secrets.fresh)

    def change_target(self, target: str) -> None:
        """Install elsewhere, keeping what the other target knows too; raises UsageError once installed."""
        if target == self.target:
            return
        self._refuse_installed("target")
        moved = opening.moved(self._answers, self.context.catalogue(target))
        self._answers = opening.settled(self.context, moved)

    @property
    def backend(self) -> str:
        """Where Terraform's state is kept, as it is typed."""
        return backend_text(self._answers.backend)

    def set_backend(self, line: str) -> list[Problem]:
        """Keep Terraform's state where the line says; returns what is wrong with it.

        A line that is wrong isn't kept: it could hold a credential. Raises UsageError once installed.
        """
        try:
            asked = replace(self._answers, backend=parse_backend(line))
        except ValueError as error:
            return [Problem("backend", f"{error}.")]
        if asked.backend == self._answers.backend:
            return []
        self._refuse_installed("place of the state")
        wrong = [problem for problem in find_problems(asked, self.catalogue) if problem.subject == "backend"]
        if not wrong:
            self._answers = asked
        return wrong

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules to be installed, in the catalogue's order: the chosen ones and what these need."""
        return closed(self._answers.modules, self.catalogue)

    def module_choices(self) -> tuple[ModuleChoice, ...]:
        """Return every module of the target: chosen or not, and by which one it was pulled in, with the reason."""
        return questions.module_choices(self._answers.modules, self.catalogue)

    def departures(self, module: str) -> tuple[Departure, ...]:
        """Return what deselecting the module would take along; empty when it isn't chosen."""
        self._require_module(module)
        return questions.departures(module, self._answers.modules, self.catalogue) if module in self.modules else ()

    def toggle_module(self, module: str) -> tuple[Departure, ...]:
        """Choose the module, or deselect it with everything that can't do without it; returns what went along."""
        self._require_module(module)
        chosen = set(self._answers.modules)
        gone = self.departures(module)
        if module in self.modules:
            chosen -= {module, *(entry.module for entry in gone)}
        else:
            chosen.add(module)
        ordered = tuple(name for name in self.catalogue.modules if name in chosen)
        self._answers = replace(self._answers, modules=ordered)
        return gone

    def questions(self) -> tuple[Form, ...]:
        """Return the chosen modules' forms as they are asked now: conditions are looked at each time."""
        return questions.forms(
            replace(self._answers, modules=self.modules),
            self.installed,
            self._standing,
            self.catalogue,
            lambda parameter: self.secret_state(parameter.name),
            self._secrets.is_fresh,
        )

    def search(self, text: str) -> list[Match]:
        """Return the parameters that have all the words in name, label, description or module, the best first."""
        return questions.search(text, replace(self._answers, modules=self.modules), self.catalogue)

    def value_of(self, name: str) -> Value:
        """Return a parameter's value, the default where nothing is answered; raises UsageError for a secret."""
        self._require_setting(name)
        return value_of(name, self._answers, self.catalogue)

    def set_value(self, name: str, value: Value) -> list[Problem]:
        """Answer a parameter; returns what is wrong with it. It is kept all the same: nothing typed is lost.

        Raises UsageError for a name that is no setting.
        """
        self._require_setting(name)
        self._answers = replace(self._answers, parameters={**self._answers.parameters, name: value})
        return self.value_problems(name)

    def reset(self, name: str) -> None:
        """Put a parameter back to its installed value, else to its default; raises UsageError for no setting."""
        self._require_setting(name)
        parameters = {key: value for key, value in self._answers.parameters.items() if key != name}
        if self.installed and name in self.installed.parameters:
            parameters[name] = self.installed.parameters[name]
        self._answers = replace(self._answers, parameters=parameters)

    def value_problems(self, name: str) -> list[Problem]:
        """Return what is wrong with a parameter's value alone."""
        value = self.value_of(name)
        found = value_problems(self.catalogue.parameters[name], value) if name in self._answers.parameters else []
        if self._standing and not found:
            given = replace(self._answers, modules=self.modules)
            found = [p for p in fixed_problems(given, self._standing, self.catalogue) if p.subject == name]
        return found

    def oauth_addresses(self, name: str) -> OAuthAddresses | None:
        """Return what to register at GitHub, for the parameter with that widget; None while no host is known."""
        return oauth_addresses(self.catalogue.parameters[name].widget, self._answers, self.catalogue)

    def set_secret(self, name: str, reference: str, value: str | None = None) -> list[Problem]:
        """Say how a secret comes, with its value when it is `typed`; returns what is wrong.

        A reference that is none isn't kept, it could be the secret itself. `generated` makes a new value where the
        installed one wasn't generated. Raises UsageError for a name that is no secret.
        """
        self._require_secret(name)
        asked = replace(self._answers, secrets={name: reference})
        wrong = [problem for problem in find_problems(asked, self.catalogue) if problem.subject == name]
        if wrong:
            return wrong
        before = self.installed.secrets.get(name, "") if self.installed else ""
        problems = self._secrets.give(self.catalogue.parameters[name], reference, value, before=before)
        self._answers = replace(self._answers, secrets={**self._answers.secrets, name: reference})
        return problems

    def secret_state(self, name: str) -> SecretState:
        """Return how a secret comes, without its value; raises UsageError for a name that is no secret."""
        self._require_secret(name)
        return self._secrets.state(self.catalogue.parameters[name], self._answers.secrets.get(name, ""))

    def reveal(self, name: str) -> str:
        """Return the value that a secret has or will have, asked for by name; empty when it has none."""
        self._require_secret(name)
        return self._resolved().values.get(name, "")

    def held_secret(self, name: str) -> str:
        """Return the value that the deployment holds now; empty when it has none."""
        self._require_secret(name)
        return self._secrets.held(name)

    def rotate(self, name: str) -> None:
        """Give a generated secret a new value, in force from the approval on; raises UsageError for another one."""
        self._require_secret(name)
        self._secrets.renew(self.catalogue.parameters[name], self._answers.secrets.get(name, ""))

    def keep_secret(self, name: str) -> None:
        """Forget what was said of a secret: the installed one stays; raises UsageError for a name that is none."""
        self._require_secret(name)
        self._secrets.forget(name)
        secrets = {key: reference for key, reference in self._answers.secrets.items() if key != name}
        if self.installed and name in self.installed.secrets:
            secrets[name] = self.installed.secrets[name]
        self._answers = replace(self._answers, secrets=secrets)

    @property
    def fresh_secrets(self) -> Mapping[str, str]:
        """The values typed or made anew, by name, for the draft's private file; never to be shown."""
        return self._secrets.fresh

    def problems(self) -> list[Problem]:
        """Return everything wrong at once, missing values included, each by its parameter; starts no process."""
        found = examine(
            self._answers, self.catalogue, self._resolved(), deployment=self.deployment, fixed=self._standing
        )
        return found.problems()

    def check_with_terraform(self) -> list[Problem]:
        """Return what the stack's own rules say beyond `problems()`; starts Terraform, so it belongs in a worker.

        Raises PreflightError when there is no Terraform.
        """
        from mlops_install.engine.variables import variable_problems

        said = {problem.subject for problem in self.problems()}
        found = variable_problems(
            self.context.binary(),
            folder_of_tf=self.context.terraform_root / "stacks" / self.target,
            tfvars=self.tfvars(),
            secrets=self._resolved().values,
            variables=self.context.environment.variables,
            catalogue=self.catalogue,
        )
        return [problem for problem in found if problem.subject not in said]

    def footprint(self) -> Capacity:
        """Return what the chosen modules take against what the target has; looks at the disk or the cluster."""
        known = find_target(self.target).questions
        return known.capacity(self.context, self.answers, self.catalogue, self.deployment)

    def diff(self) -> tuple[tuple[str, Value, Value], ...]:
        """Return what differs from the installed answers, else from the defaults: name or `modules`, before, after."""
        return answers_diff(self.answers, self.installed, self.catalogue)

    def secret_changes(self) -> tuple[SecretChange, ...]:
        """Return the secrets that come, go, or get another value."""
        before = self.installed.secrets if self.installed else {}
        after = self._resolved().references
        return tuple(
            SecretChange(name, before.get(name, ""), after.get(name, ""), self._secrets.is_fresh(name))
            for name in (parameter.name for parameter in self.catalogue.secrets())
            if before.get(name, "") != after.get(name, "") or (name in after and self._secrets.is_fresh(name))
        )

    def tfvars(self) -> dict[str, Value]:
        """Return the `terraform.tfvars.json` that the plan would have."""
        return candidate_tfvars(self.deployment, self.catalogue, self.answers, self._resolved().values)

    def tfvars_diff(self) -> tuple[tuple[str, Value, Value], ...]:
        """Return the variables that differ from the approved tfvars: name, before, after; None stands for absent.

        Of a map that was there before these are the entries that differ, as `<name>.<key>`.
        """
        before: dict[str, Value] = {}
        if self.deployment.tfvars.is_file():
            before = json.loads(self.deployment.tfvars.read_bytes())
        return tuple(_differences("", before, self.tfvars()))

    def prepared(self) -> Prepared:
        """Return complete answers and secrets for `workflow.planning.start_plan`.

        Raises UsageError with every problem, missing values included.
        """
        problems = self.problems()
        if problems:
            raise UsageError("The answers have problems.", problems=problems)
        return finished(
            self._answers, self.catalogue, self._resolved(), deployment=self.deployment, installed=self.installed
        )

    def _resolved(self) -> Resolved:
        return self._secrets.resolve(self.answers, self.catalogue, self.context.environment)

    def _refuse_installed(self, what: str) -> None:
        if self.installed is not None:
            raise UsageError(f"The {what} of an installed deployment stays.", hint="Begin a new one.")

    def _require_module(self, module: str) -> None:
        if module not in self.catalogue.modules:
            known = f"Modules: {', '.join(self.catalogue.modules)}."
            raise UsageError(
                f"{self.target} has no module {module!r}.", hint=did_you_mean(module, self.catalogue.modules, known)
            )

    def _require_setting(self, name: str) -> None:
        problem = name_problem(name, self.catalogue)
        if problem is not None:
            raise UsageError(f"{name} {problem.message}", hint=problem.hint)

    def _require_secret(self, name: str) -> None:
        known = [parameter.name for parameter in self.catalogue.secrets()]
        if name not in known:
            raise UsageError(
                f"{name} is not a secret of {self.target}.", hint=did_you_mean(name, known, f"{', '.join(known)}.")
            )


def _differences(
    prefix: str, before: Mapping[str, Value], after: Mapping[str, Value]
) -> Iterator[tuple[str, Value, Value]]:
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if not prefix and isinstance(old, dict) and isinstance(new, dict):
            yield from _differences(f"{name}.", old, new)
        elif not same(old, new):
            yield prefix + name, old, new
