"""Drafts of guided setups: saved while they are typed, offered again, gone once approved."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from mlops_install.answers.check import complete
from mlops_install.answers.document import dump_answers, read_answers
from mlops_install.deployment.draft import Draft, discard_draft, draft_of, list_drafts, save_draft, typed_secrets
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.secrets import read_secrets
from mlops_install.errors import InstallerError
from mlops_install.setup.interview import Interview
from mlops_install.setup.opening import draft_answers
from mlops_install.targets.context import Context

_COMMENT = """\
A draft of the deployment {name!r}: unfinished, not installed, without secrets.
`mlops-install` offers to go on with it.
"""


@dataclass(frozen=True, slots=True)
class DraftSummary:
    """A draft as the start offers it."""

    draft: Draft
    name: str
    target: str
    """Empty when the draft can't be read."""
    modules: tuple[str, ...]
    """The modules chosen so far."""
    installed: bool
    """Whether it changes an installed deployment; else it is of a new one."""
    saved: float
    """When it was saved last, seconds since the epoch."""
    problem: str
    """Why it can't be resumed; empty when it can."""


def save(interview: Interview) -> None:
    """Keep what is answered, atomically and only what changed; nothing approved is touched.

    Raises OSError when the disk refuses; the earlier draft stays then.
    """
    draft = draft_of(interview.context.environment, interview.deployment)
    text = dump_answers(interview.given, comment=_COMMENT.format(name=interview.name))
    save_draft(draft, answers=text, secrets=interview.fresh_secrets)
    if interview.draft != draft:
        # It was renamed, or approved meanwhile.
        discard_draft(interview.draft)
        interview.draft = draft


def discard(interview: Interview) -> None:
    """Forget the draft of a setup; what it answered so far stays in it."""
    discard_draft(interview.draft)


def found(context: Context) -> list[DraftSummary]:
    """Return the drafts to go on with, the newest first; those that say what is installed are taken away."""
    left = []
    for draft in list_drafts(context.environment):
        if _is_settled(context, draft):
            discard_draft(draft)
        else:
            left.append(_summary(context, draft))
    return left


def settle(context: Context, deployment: Deployment) -> None:
    """Discard the deployment's draft when it says what was just approved; another one stays."""
    for draft in list_drafts(context.environment):
        if draft.deployment == deployment and _is_settled(context, draft):
            discard_draft(draft)
    inside = Draft(deployment, deployment.draft)
    if inside.answers.is_file() and _is_settled(context, inside):
        discard_draft(inside)


def _summary(context: Context, draft: Draft) -> DraftSummary:
    target, problem = "", ""
    modules: tuple[str, ...] = ()
    try:
        answers, _ = draft_answers(context, draft)
    except InstallerError as error:
        problem = error.message
    else:
        target, modules = answers.target, answers.modules
    return DraftSummary(
        draft=draft,
        name=draft.deployment.name,
        target=target,
        modules=modules,
        installed=draft.deployment.answers.is_file(),
        saved=draft.answers.stat().st_mtime,
        problem=problem,
    )


def _is_settled(context: Context, draft: Draft) -> bool:
    """Return whether the approved answers and secrets are those of the draft."""
    deployment = draft.deployment
    if not deployment.answers.is_file():
        return False
    with suppress(InstallerError):
        answers, _ = draft_answers(context, draft)
        catalogue = context.catalogue(answers.target)
        approved = read_answers(deployment.answers, catalogue)
        held = read_secrets(deployment.secrets)
        fresh = typed_secrets(draft)
        planned = complete(answers, catalogue)
        needed = {name: planned.secrets.get(name, reference) for name, reference in approved.secrets.items()}
        return (
            planned.modules == approved.modules
            and dict(planned.parameters) == dict(approved.parameters)
            and needed == dict(approved.secrets)
            and planned.backend == approved.backend
            and all(held.get(name) == value for name, value in fresh.items())
        )
    return False
