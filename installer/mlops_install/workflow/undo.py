"""Back to the answers of an earlier run, through a plan of their own."""

from __future__ import annotations

from dataclasses import replace

from mlops_install.answers.check import complete, find_problems, missing
from mlops_install.answers.document import read_unfinished
from mlops_install.answers.model import Answers
from mlops_install.answers.secrets import Resolved, resolve
from mlops_install.catalogue.model import Catalogue
from mlops_install.deployment.draft import kept_secrets
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.marker import read_marker
from mlops_install.deployment.prepared import Prepared
from mlops_install.deployment.root.backend import noted_backend
from mlops_install.deployment.runs.history import list_runs, read_record
from mlops_install.errors import Problem, UsageError
from mlops_install.targets.context import Context
from mlops_install.targets.installed import approved_answers


def prepare_undo(context: Context, deployment: Deployment, number: str) -> tuple[Prepared, tuple[Problem, ...]]:
    """Return the answers of run `number` (`3` or `0003`), ready to plan, and what of them the target lost since.

    Secrets keep their values: a run holds none; the state stays where it is. Raises UsageError for a run that isn't
    there or installed nothing.
    """
    run = _run(deployment, number)
    catalogue = context.catalogue(read_marker(deployment).target)
    found, left_out = read_unfinished(run.answers, catalogue)
    problems = find_problems(found, catalogue, source=str(run.answers))
    if problems:
        raise UsageError(f"The answers of run {run.id} don't fit any more.", problems=problems)
    answers = complete(found, catalogue)
    # What is installed changes, not where its state is.
    answers = replace(answers, backend=noted_backend(deployment) or answers.backend)
    secrets = _secrets(context, deployment, answers, catalogue)
    lacking = missing(answers, catalogue, secrets=secrets.values.keys())
    wanting = [*(Problem(p.name, "is required, and has no value.") for p in lacking), *secrets.problems]
    if wanting:
        raise UsageError(
            f"Run {run.id} needs values that the deployment doesn't hold.",
            hint=f"Answer them: `{deployment.command('reconfigure')}`.",
            problems=list({problem.subject: problem for problem in wanting}.values()),
        )
    prepared = Prepared(
        deployment=deployment,
        catalogue=catalogue,
        answers=replace(answers, name=deployment.name, secrets=dict(secrets.references)),
        approved=approved_answers(context, deployment),
        secrets=secrets,
        missing=(),
        overridden=(),
    )
    return prepared, tuple(left_out)


def _secrets(context: Context, deployment: Deployment, answers: Answers, catalogue: Catalogue) -> Resolved:
    return resolve(
        answers,
        catalogue,
        variables=context.environment.variables,
        base=context.environment.working_directory,
        kept=kept_secrets(deployment),
        typed={},
    )


def _run(deployment: Deployment, number: str) -> RunFolder:
    runs = list_runs(deployment)
    see = f"`{deployment.command('runs')}` lists them."
    digits = number.isascii() and number.isdecimal()
    found = next((run for run in runs if digits and int(run.id) == int(number)), None)
    if found is None:
        raise UsageError(f"{deployment.name} has no run {number}.", hint=see)
    record = read_record(found)
    if record.kind != "apply":
        raise UsageError(f"Run {found.id} removed the installation; it has no answers to go back to.", hint=see)
    if record.state in ("planning", "applying"):
        raise UsageError(f"Run {found.id} goes on.", hint=f"Cancel it first: `{deployment.command('cancel')}`.")
    if not found.answers.is_file():
        raise UsageError(f"Run {found.id} has no answers: it ended before it had any.", hint=see)
    return found
