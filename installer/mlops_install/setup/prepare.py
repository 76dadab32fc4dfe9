"""From a preset, earlier answers and the operator's words to complete answers and their secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from mlops_install.answers.check import complete
from mlops_install.answers.merge import apply_overrides
from mlops_install.answers.model import Answers, Backend, Preset
from mlops_install.catalogue.model import Catalogue, Value
from mlops_install.deployment.draft import kept_secrets
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.prepared import Prepared
from mlops_install.deployment.store import locate
from mlops_install.errors import UsageError
from mlops_install.setup import opening
from mlops_install.setup.building import Layers, examine, finished, standing
from mlops_install.setup.secret_answers import SecretAnswers
from mlops_install.targets.context import Context
from mlops_install.targets.installed import approved_answers
from mlops_install.targets.registry import target as find_target
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
    preset = opening.preset(context, request.preset) if request.preset is not None else None
    deployment = _deployment(context, request, preset)
    approved = approved_answers(context, deployment)
    if preset is None and approved is None:
        raise UsageError(
            f"there is no deployment {deployment.name!r} in {deployment.folder.parent}",
            hint=f"Start one with `{command('quick', 'PRESET')}`; `{command('presets')}` lists the presets.",
        )
    base = Layers(preset, approved, preset_wins=request.from_preset).answers(deployment.name)
    _refuse_cluster_flags(context, base.target)
    catalogue = context.catalogue(base.target)
    given = opening.settled(context, _operators(request, catalogue, base))
    secrets = SecretAnswers(kept_secrets(deployment), request.typed)
    resolved = secrets.resolve(complete(given, catalogue), catalogue, context.environment)
    found = examine(given, catalogue, resolved, deployment=deployment, fixed=standing(deployment, approved))
    found.refuse()
    return finished(
        given,
        catalogue,
        resolved,
        deployment=deployment,
        installed=approved,
        lacking=found.missing,
        overridden=() if request.from_preset else _overridden(preset, approved),
    )


def _operators(request: Request, catalogue: Catalogue, base: Answers) -> Answers:
    """Return the answers with what the operator said; raises UsageError for what the catalogue doesn't know."""
    answers = apply_overrides(base, catalogue, sets=request.sets, modules=request.modules, without=request.without)
    return replace(
        answers,
        parameters={**answers.parameters, **request.values},
        secrets={**answers.secrets, **request.references},
    )


def _deployment(context: Context, request: Request, preset: Preset | None) -> Deployment:
    name = request.name
    if name is None and request.directory is None and preset is not None:
        name = preset.id
    return locate(context.environment, name=name, directory=request.directory)


def _refuse_cluster_flags(context: Context, target: str) -> None:
    if not find_target(target).takes_kubeconfig and (context.kubeconfig or context.kube_context):
        raise UsageError(f"--kubeconfig and --context are for clusters; the target here is {target}.")


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
