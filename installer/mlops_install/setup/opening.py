"""Where a guided setup begins: nothing, a preset, the installed answers, or a draft."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mlops_install.answers.document import read_unfinished
from mlops_install.answers.model import Answers, Preset
from mlops_install.answers.presets import load_preset
from mlops_install.catalogue.model import Catalogue
from mlops_install.catalogue.strict_yaml import read_yaml
from mlops_install.deployment.draft import Draft
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.store import locate
from mlops_install.errors import Problem, UsageError
from mlops_install.setup.preset_places import preset_roots
from mlops_install.targets.context import Context
from mlops_install.targets.registry import target as find_target


def new_deployment(context: Context, name: str, directory: Path | None) -> Deployment:
    """Return the place of a deployment to come; raises UsageError for a bad name or a taken place."""
    deployment = locate(context.environment, name=name, directory=directory)
    if deployment.answers.is_file():
        raise UsageError(
            f"There is a deployment {deployment.name!r} already.",
            hint=f"Choose another name, or change it: `{deployment.command('reconfigure')}`.",
        )
    return deployment


def preset(context: Context, name: str) -> Preset:
    """Return a preset by name or file; raises UsageError with everything wrong in it."""
    return load_preset(
        name,
        root=preset_roots(context),
        working_directory=context.environment.working_directory,
        catalogue_of=context.catalogue,
    )


def draft_answers(context: Context, draft: Draft) -> tuple[Answers, list[Problem]]:
    """Return a draft's partial answers and what had to be left out; raises UsageError when it can't be read."""
    document = read_yaml(draft.answers).value
    target = document.get("target") if isinstance(document, dict) else None
    if not isinstance(target, str):
        raise UsageError(f"{draft.answers} names no target.", hint="Discard the draft and begin again.")
    return read_unfinished(draft.answers, context.catalogue(target))


def settled(context: Context, answers: Answers) -> Answers:
    """Return the answers with what the target's surroundings say filled in."""
    return find_target(answers.target).questions.settle(context, answers)


def moved(answers: Answers, catalogue: Catalogue) -> Answers:
    """Return what of partial answers another target's catalogue knows."""
    settings = {parameter.name for parameter in catalogue.settings()}
    secrets = {parameter.name for parameter in catalogue.secrets()}
    return replace(
        answers,
        target=catalogue.target,
        modules=tuple(module for module in catalogue.modules if module in answers.modules),
        parameters={name: value for name, value in answers.parameters.items() if name in settings},
        secrets={name: reference for name, reference in answers.secrets.items() if name in secrets},
    )
