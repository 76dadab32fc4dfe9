"""From a preset, earlier answers and the operator's words to complete answers and their secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from mlops_install.answers.check import complete, find_problems, fixed_problems, fixed_secrets, missing
from mlops_install.answers.merge import apply_overrides, merge
from mlops_install.answers.model import Answers, Backend, Preset
from mlops_install.answers.presets import load_preset
from mlops_install.answers.secrets import Resolved, resolve
from mlops_install.catalogue.model import Catalogue, Value
from mlops_install.deployment.history import stands
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.prepared import Prepared
from mlops_install.deployment.secrets import read_secrets
from mlops_install.deployment.store import locate
from mlops_install.errors import UsageError
from mlops_install.setup.preset_places import preset_roots
from mlops_install.targets.context import Context
from mlops_install.targets.installed import approved_answers
from mlops_install.targets.kubernetes.cluster import name_cluster
from mlops_install.words.commands import command


@dataclass(frozen=True, slots=True)
class Request:
    """What the operator asked for, before anything is looked up."""

    preset: str | None = None
    """A preset's name or file; None works on the deployment's own answers."""
    name: str | None = None
    directory: Path | None = None
    sets: tuple[str, ...] = ()
    """`key=value` texts, typed by the catalogue."""
    modules: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    from_preset: bool = False
    """The preset's values win over the earlier answers."""
    values: Mapping[str, Value] = field(default_factory=dict)
    """Values asked for meanwhile, by parameter."""
    references: Mapping[str, str] = field(default_factory=dict)
    """References of secrets asked for meanwhile: `generated`, `typed`, `env:NAME`, `file:PATH`."""
    typed: Mapping[str, str] = field(default_factory=dict)
    """Secrets that were typed, by parameter."""


def prepare(context: Context, request: Request) -> Prepared:
    """Put the layers of values together and check them.

    Later wins: defaults, preset, earlier approved answers (or these before the preset with `from_preset`), the
    operator. Raises UsageError with every problem found.
    """
    preset = _preset(context, request.preset)
    deployment = _deployment(context, request, preset)
    approved = approved_answers(context, deployment)
    if preset is None and approved is None:
        raise UsageError(
            f"there is no deployment {deployment.name!r} in {deployment.folder.parent}",
            hint=f"Start one with `{command('quick', 'PRESET')}`; `{command('presets')}` lists the presets.",
        )
    catalogue = context.catalogue(_target(context, preset, approved))
    answers = _answers(context, request, catalogue, _layers(deployment.name, preset, approved, request.from_preset))
    if approved and stands(deployment):
        _refuse_fixed(answers, approved, catalogue)
    answers = name_cluster(context, answers)
    secrets = _secrets(context, request, deployment, catalogue, answers)
    lacking = missing(answers, catalogue, secrets=secrets.values.keys())
    names = {parameter.name for parameter in lacking}
    unresolved = [problem for problem in secrets.problems if problem.subject not in names]
    if unresolved:
        raise UsageError("some secrets can't be read", problems=unresolved)
    return Prepared(
        deployment=deployment,
        catalogue=catalogue,
        answers=replace(answers, secrets=dict(secrets.references)),
        approved=approved,
        secrets=secrets,
        missing=tuple(lacking),
        overridden=() if request.from_preset else _overridden(preset, approved),
    )


def _answers(context: Context, request: Request, catalogue: Catalogue, base: Answers) -> Answers:
    """Return the complete answers of these layers and the operator; raises UsageError with every problem found."""
    answers = apply_overrides(base, catalogue, sets=request.sets, modules=request.modules, without=request.without)
    answers = replace(
        answers,
        parameters={**answers.parameters, **request.values},
        secrets={**answers.secrets, **request.references},
    )
    problems = find_problems(answers, catalogue)
    if problems:
        raise UsageError("the answers have problems", problems=problems)
    return complete(answers, catalogue)


def _refuse_fixed(answers: Answers, approved: Answers, catalogue: Catalogue) -> None:
    fixed = fixed_problems(answers, approved, catalogue)
    if fixed:
        raise UsageError("some values can't be changed any more", problems=fixed)


def _secrets(
    context: Context, request: Request, deployment: Deployment, catalogue: Catalogue, answers: Answers
) -> Resolved:
    """Return the answers' secrets; raises UsageError for one that was changed and can't be."""
    secrets = resolve(
        answers,
        catalogue,
        variables=context.environment.variables,
        base=context.environment.working_directory,
        kept=_kept(deployment),
        typed=request.typed,
    )
    fixed = fixed_secrets(secrets.values, read_secrets(deployment.secrets), catalogue)
    if fixed:
        raise UsageError("some secrets can't be changed", problems=fixed)
    return secrets


def _preset(context: Context, name: str | None) -> Preset | None:
    if name is None:
        return None
    return load_preset(
        name,
        root=preset_roots(context),
        working_directory=context.environment.working_directory,
        catalogue_of=context.catalogue,
    )


def _deployment(context: Context, request: Request, preset: Preset | None) -> Deployment:
    name = request.name
    if name is None and request.directory is None and preset is not None:
        name = preset.id
    return locate(context.environment, name=name, directory=request.directory)


def _target(context: Context, preset: Preset | None, approved: Answers | None) -> str:
    targets = {answers.target for answers in (preset.answers if preset else None, approved) if answers}
    if len(targets) > 1 and preset and approved:
        raise UsageError(
            f"the preset {preset.id!r} is for target {preset.answers.target!r}, the deployment for {approved.target!r}",
            hint="Give the new deployment a name of its own with `--name`.",
        )
    target = targets.pop()
    if target != "kubernetes" and (context.kubeconfig or context.kube_context):
        raise UsageError(f"--kubeconfig and --context are for clusters; the target here is {target}.")
    return target


def _layers(name: str, preset: Preset | None, approved: Answers | None, from_preset: bool) -> Answers:
    first, second = (approved, preset.answers if preset else None)
    if not from_preset:
        first, second = second, first
    if first is None or second is None:
        base = first or second
        if base is None:
            raise UsageError("there are no answers to start from")
        return replace(base, name=name)
    merged = replace(merge(first, second), name=name)
    # Approved answers are complete: their `local` is an answer, a preset's may be its silence.
    return merged if from_preset or approved is None else replace(merged, backend=approved.backend)


def _kept(deployment: Deployment) -> dict[str, str]:
    """Return the secrets that a `generated` or `typed` reference keeps: approved ones, else a draft's."""
    return {**read_secrets(deployment.draft_secrets), **read_secrets(deployment.secrets)}


def _overridden(preset: Preset | None, approved: Answers | None) -> tuple[tuple[str, Value, Value], ...]:
    if preset is None or approved is None:
        return ()
    found: list[tuple[str, Value, Value]] = [
        (name, value, approved.parameters[name])
        for name, value in preset.answers.parameters.items()
        if name in approved.parameters and approved.parameters[name] != value
    ]
    if set(preset.answers.modules) != set(approved.modules):
        found.insert(0, ("modules", list(preset.answers.modules), list(approved.modules)))
    if preset.answers.backend not in (Backend(), approved.backend):
        found.append(("backend", preset.answers.backend.type, approved.backend.type))
    return tuple(found)
