"""Answers built from their layers, and what is wrong with them: the same for the verbs and the guided setup."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mlops_install.answers.check import complete, find_problems, fixed_problems, fixed_secrets, missing
from mlops_install.answers.merge import merge
from mlops_install.answers.model import Answers, Preset
from mlops_install.answers.secrets import Resolved
from mlops_install.catalogue.model import Catalogue, Parameter, Value
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.prepared import Prepared
from mlops_install.deployment.runs.history import stands
from mlops_install.deployment.secrets import read_secrets
from mlops_install.errors import Problem, UsageError


@dataclass(frozen=True, slots=True)
class Layers:
    """Where answers come from below what the operator says; the defaults come in once they are completed."""

    preset: Preset | None = None
    installed: Answers | None = None
    """The last approved answers; complete."""
    draft: Answers | None = None
    """What was being answered: it began on the other layers, so that it takes their place."""
    preset_wins: bool = False
    """Whether the preset's values are taken instead of the installed ones."""

    def answers(self, name: str) -> Answers:
        """Return the partial answers of these layers for the deployment of that name.

        Raises UsageError when the preset is for another target than what is installed, and without any layer.
        """
        return replace(self._merged(), name=name)

    def _merged(self) -> Answers:
        preset = self.preset.answers if self.preset else None
        if self.draft is not None:
            return self.draft
        if self.installed is None or preset is None:
            base = self.installed or preset
            if base is None:
                raise UsageError("there are no answers to start from")
            return base
        self._refuse_other_target(self.installed)
        if self.preset_wins:
            return merge(self.installed, preset)
        # Approved answers are complete: their `local` is an answer, a preset's may be its silence.
        return replace(merge(preset, self.installed), backend=self.installed.backend)

    def _refuse_other_target(self, installed: Answers) -> None:
        if self.preset is not None and self.preset.answers.target != installed.target:
            raise UsageError(
                f"the preset {self.preset.id!r} is for target {self.preset.answers.target!r}, "
                f"the deployment {installed.name!r} for {installed.target!r}",
                hint="Give the new deployment a name of its own with `--name`.",
            )


@dataclass(frozen=True, slots=True)
class Findings:
    """What is wrong with answers, and what they lack."""

    wrong: tuple[Problem, ...]
    fixed: tuple[Problem, ...]
    """Values that can't be changed any more."""
    fixed_secrets: tuple[Problem, ...]
    missing: tuple[Parameter, ...]
    """Required, and without a value."""
    unread: tuple[Problem, ...]
    """Secrets that can't be read from where they come."""

    def problems(self) -> list[Problem]:
        """Return everything at once, missing values included."""
        lacking = (Problem(parameter.name, "is required and has no value.") for parameter in self.missing)
        return [*self.wrong, *self.fixed, *self.fixed_secrets, *lacking, *self.unread]

    def refuse(self) -> None:
        """Raise UsageError with the first kind of problems that there is; missing values are none."""
        kinds = (
            (self.wrong, "the answers have problems"),
            (self.fixed, "some values can't be changed any more"),
            (self.fixed_secrets, "some secrets can't be changed"),
            (self.unread, "some secrets can't be read"),
        )
        for problems, message in kinds:
            if problems:
                raise UsageError(message, problems=problems)


def standing(deployment: Deployment, installed: Answers | None) -> Answers | None:
    """Return the answers whose immutable values hold; None as long as no apply came to its good end."""
    return installed if installed is not None and stands(deployment) else None


def examine(
    given: Answers, catalogue: Catalogue, resolved: Resolved, *, deployment: Deployment, fixed: Answers | None
) -> Findings:
    """Return what is wrong with partial answers and their secrets; `fixed` is what `standing` returned."""
    answers = complete(given, catalogue)
    lacking = missing(answers, catalogue, secrets=resolved.values.keys())
    names = {parameter.name for parameter in lacking}
    return Findings(
        wrong=tuple(find_problems(given, catalogue)),
        fixed=tuple(fixed_problems(answers, fixed, catalogue)) if fixed else (),
        fixed_secrets=tuple(fixed_secrets(resolved.values, read_secrets(deployment.secrets), catalogue)),
        missing=tuple(lacking),
        unread=tuple(problem for problem in resolved.problems if problem.subject not in names),
    )


def finished(
    given: Answers,
    catalogue: Catalogue,
    resolved: Resolved,
    *,
    deployment: Deployment,
    installed: Answers | None,
    lacking: tuple[Parameter, ...] = (),
    overridden: tuple[tuple[str, Value, Value], ...] = (),
) -> Prepared:
    """Return the complete answers with their secrets, for `workflow.planning.start_plan`."""
    references: Mapping[str, str] = dict(resolved.references)
    return Prepared(
        deployment=deployment,
        catalogue=catalogue,
        answers=replace(complete(given, catalogue), secrets=references),
        approved=installed,
        secrets=resolved,
        missing=lacking,
        overridden=overridden,
    )
