"""Make a plan: render the candidate into a run, let the engine plan it, and say what it would do."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace

from mlops_install.answers.difference import answers_diff
from mlops_install.answers.document import dump_answers, read_answers
from mlops_install.answers.model import Answers
from mlops_install.catalogue.model import Value
from mlops_install.deployment.files import make_private, write_private
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.lock import Lock
from mlops_install.deployment.marker import Marker, read_marker, write_marker
from mlops_install.deployment.prepared import Prepared
from mlops_install.deployment.process_mark import mark
from mlops_install.deployment.root.backend import note_backend, refuse_moved_state
from mlops_install.deployment.root.render import render_folder
from mlops_install.deployment.root.tfvars import render_tfvars
from mlops_install.deployment.runs.history import create_run, read_record, update_record
from mlops_install.deployment.runs.pruning import prune_runs
from mlops_install.deployment.runs.record import Kind
from mlops_install.deployment.secrets import next_revisions, read_secrets, write_secrets
from mlops_install.deployment.store import exists
from mlops_install.deployment.writing import writing
from mlops_install.engine.launch import launch
from mlops_install.errors import InstallerError, UsageError
from mlops_install.paths import Environment
from mlops_install.setup.candidate import PACKAGES, internal_values, pinned_packages
from mlops_install.setup.opening import settled
from mlops_install.targets.context import Context
from mlops_install.targets.records import PlanSummary
from mlops_install.targets.registry import target

_COMMENT = """\
The answers of the deployment {name!r}: complete, without secrets, made to be committed.
Re-run with: mlops-install quick answers.yaml {where}
"""
PARALLELISM = 10
"""Terraform's own default; the services of a local stack all start at once."""


def start_plan(context: Context, prepared: Prepared, *, kind: Kind = "apply", purge_data: bool = False) -> RunFolder:
    """Render the candidate and start planning it in a detached process; returns the run to follow.

    A destroy keeps the data unless `purge_data`: in a cluster that means the namespaces with volumes stay, so it is a
    plan without modules and no `plan -destroy`. Raises UsageError when values are missing or refused by the stack's own
    rules or the state is to be elsewhere than it is, LockedError when another run goes on, PreflightError when no
    Terraform is found, and for another cluster than the one that is installed on.
    """
    if kind == "apply":
        _require_complete(prepared)
    prepared = replace(prepared, answers=settled(context, prepared.answers))
    context.binary()
    with writing(prepared.deployment, owner="a plan is being prepared") as lock:
        return _start(context, prepared, kind, purge_data, lock)


def _start(context: Context, prepared: Prepared, kind: Kind, purge_data: bool, lock: Lock) -> RunFolder:
    """Write the candidate and hand the lock over to the runner that plans it."""
    place = target(prepared.answers.target)
    deployment, binary = prepared.deployment, context.binary()
    marker = _marker(context, prepared, kind)
    _refuse_other_binary(marker, binary.family, deployment)
    refuse_moved_state(deployment, prepared.answers)
    render(context, deployment, prepared.answers)
    note_backend(deployment, prepared.answers.backend)
    approved = read_secrets(deployment.secrets)
    candidate = approved | prepared.secrets.values
    revisions = next_revisions(approved, candidate, prepared.catalogue, marker.secrets_revisions)
    tfvars = _tfvars(context, prepared, revisions, kind)
    run, _ = create_run(
        deployment,
        kind=kind,
        state="planning",
        binary=binary.argv,
        binary_version=binary.version,
        binary_family=binary.family,
        runner=mark(os.getpid()),
        secret_names=tuple(sorted(prepared.secrets.values)),
        secrets_revisions=revisions,
        parallelism=PARALLELISM,
    )
    try:
        prune_runs(deployment)
        write_private(run.answers, answers_text(prepared.answers, deployment))
        write_private(run.tfvars, json.dumps(tfvars, indent=2, sort_keys=True) + "\n")
        _note_arguments(run, prepared.answers, everything=purge_data or place.planning.destroys_everything)
        # After the run's own files: an earlier plan whose secrets these replace isn't the newest run any more.
        _keep_candidate(deployment, approved, candidate)
        launch(run, "plan", environment=without_secrets(context.environment, deployment), lock=lock)
    except BaseException:
        if not lock.handed_over:
            shutil.rmtree(run.path, ignore_errors=True)
        raise
    return run


def render(context: Context, deployment: Deployment, answers: Answers) -> None:
    """Bring the folder's Terraform up to these answers; raises UsageError for files that were changed by hand."""
    render_folder(
        deployment,
        target=answers.target,
        terraform_root=context.terraform_root,
        python=context.environment.python,
        service_program=target(answers.target).planning.service_program,
        answers=answers,
        overwrite=context.overwrite_terraform,
    )


def _tfvars(context: Context, prepared: Prepared, revisions: Mapping[str, int], kind: Kind) -> dict[str, Value]:
    """Return the stack's variables; raises UsageError for what its own rules refuse."""
    catalogue, answers = prepared.catalogue, prepared.answers
    left = replace(answers, modules=()) if kind == "destroy" else answers
    internal = internal_values(prepared.deployment, catalogue, left)
    if kind == "apply" and (pins := pinned_packages(context, prepared.deployment, catalogue, answers)) is not None:
        internal[PACKAGES] = pins
    internal = target(answers.target).planning.observed_values(context, replace(prepared, answers=left), internal, kind)
    tfvars = render_tfvars(answers, catalogue, revisions=revisions, internal=internal)
    if kind == "destroy":
        # Rules that tie a secret to its module must not block a destroy when the secrets are lost.
        return tfvars | {f"install_{module}": False for module in catalogue.modules}
    _check_with_terraform(context, prepared, tfvars)
    return tfvars


def _note_arguments(run: RunFolder, answers: Answers, *, everything: bool) -> None:
    """Record what `init` and `plan` get; `everything` is what a destroy takes."""
    values = f"-var-file={run.tfvars}"
    destroying = read_record(run).kind == "destroy" and everything
    update_record(
        run,
        # The place of the state is the noted one; what may differ is the way to it.
        init_arguments=() if answers.backend.in_a_file else ("-reconfigure",),
        plan_arguments=("-destroy", values) if destroying else (values,),
    )


def without_secrets(environment: Environment, deployment: Deployment) -> Environment:
    """Return the environment less every variable that holds one of the deployment's secrets (`env:NAME`).

    What a run needs, the runner reads from the secrets file; nothing else below it shall inherit a secret.
    """
    values = {*read_secrets(deployment.secrets).values(), *read_secrets(deployment.draft_secrets).values()}
    kept = {name: value for name, value in environment.variables.items() if value not in values}
    return replace(environment, variables=kept)


def summarise_plan(context: Context, deployment: Deployment, run: RunFolder) -> PlanSummary:
    """Return what the planned run would do; raises InstallerError when planning failed."""
    record = read_record(run)
    if record.state != "planned":
        raise InstallerError(
            f"run {run.id} has no plan: it {'was cancelled' if record.state == 'cancelled' else record.state}",
            hint=f"`{deployment.command('last-error')}` explains the last failure.",
        )
    catalogue = context.catalogue(read_marker(deployment).target)
    planned = read_answers(run.answers, catalogue)
    approved = read_answers(deployment.answers, catalogue) if deployment.answers.is_file() else None
    return PlanSummary(
        run=run.id,
        kind=record.kind,
        changes=record.changes,
        answers_diff=answers_diff(planned, approved, catalogue),
        outputs_changed=record.outputs_changed,
    )


def approved_changes(run: RunFolder) -> set[tuple[str, str]]:
    """Return (action, address) of every change that the run's plan held."""
    return {(change.action, change.address) for change in read_record(run).changes}


def plan_failure(run: RunFolder) -> str | None:
    """Return the state in which planning ended without a plan (`failed`, `cancelled`, `lost`); None when planned."""
    state = read_record(run).state
    return None if state == "planned" else state


def _require_complete(prepared: Prepared) -> None:
    if prepared.missing:
        names = ", ".join(parameter.name for parameter in prepared.missing)
        raise UsageError(f"values are missing: {names}")


def _marker(context: Context, prepared: Prepared, kind: Kind) -> Marker:
    """Return the deployment's marker, made now for a new deployment, with the place that the plan is for.

    Raises PreflightError when that place can't be reached.
    """
    deployment = prepared.deployment
    if not exists(deployment):
        make_private(deployment.folder)
        write_marker(deployment, Marker(target=prepared.answers.target))
    return target(prepared.answers.target).planning.pin(context, deployment, prepared.answers, kind)


def _refuse_other_binary(marker: Marker, family: str, deployment: Deployment) -> None:
    if marker.binary and marker.binary != family:
        raise UsageError(
            f"the deployment {deployment.name!r} was applied with {marker.binary}, this would be {family}",
            hint="Their states and plans differ: give the same one with `--terraform-bin`.",
        )


def _keep_candidate(deployment: Deployment, approved: Mapping[str, str], candidate: Mapping[str, str]) -> None:
    """Keep the candidate's secrets in the draft when they differ from the approved ones."""
    if candidate != approved:
        make_private(deployment.draft)
        write_secrets(deployment.draft_secrets, candidate)
    else:
        deployment.draft_secrets.unlink(missing_ok=True)


def _check_with_terraform(context: Context, prepared: Prepared, tfvars: dict[str, Value]) -> None:
    """Ask the stack's own rules, unless these very values were approved before."""
    deployment = prepared.deployment
    approved = read_secrets(deployment.secrets)
    if approved | prepared.secrets.values == approved and deployment.tfvars.is_file():
        with deployment.tfvars.open(encoding="utf-8") as file:
            if json.load(file) == tfvars:
                return
    from mlops_install.engine.variables import variable_problems

    problems = variable_problems(
        context.binary(),
        folder_of_tf=deployment.folder,
        tfvars=tfvars,
        secrets=prepared.secrets.values,
        variables=context.environment.variables,
        catalogue=prepared.catalogue,
    )
    if problems:
        raise UsageError("the answers break rules of the stack", problems=problems)


def answers_text(answers: Answers, deployment: Deployment) -> str:
    """Return the deployment's `answers.yaml`."""
    # The file is committed and read elsewhere: no path of this machine stands in it.
    where = "--dir ." if deployment.elsewhere else f"--name {answers.name}"
    return dump_answers(answers, comment=_COMMENT.format(name=answers.name, where=where))
