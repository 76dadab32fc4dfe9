"""A state that is to be kept elsewhere is moved there before anything is planned."""

from __future__ import annotations

from dataclasses import replace

from mlops_install.answers.document import read_answers
from mlops_install.answers.model import Answers
from mlops_install.deployment.files import write_private
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.root.backend import note_backend, noted_backend
from mlops_install.deployment.runs.history import list_runs
from mlops_install.deployment.writing import writing
from mlops_install.engine.argv import Commands
from mlops_install.engine.process import capture
from mlops_install.errors import InstallerError
from mlops_install.targets.context import Context
from mlops_install.workflow.planning import answers_text, render

_LONGEST = 600
"""Characters of Terraform's words that are shown."""


def move_state(context: Context, deployment: Deployment, answers: Answers) -> None:
    """Copy the state to where the answers have it; that is its approved place then, whatever a later plan becomes.

    Raises InstallerError with Terraform's words when it can't be copied (then it stays where it was), LockedError
    while a run goes on.
    """
    noted = noted_backend(deployment)
    assert noted is not None, "only an approved installation has a state to move"
    with writing(deployment, owner="its state is being moved"):
        render(context, deployment, answers)
        argv = Commands(()).move_state()
        done = capture(context.binary(), deployment.folder, argv, variables=context.environment.variables)
        if done.exit_code != 0:
            render(context, deployment, replace(answers, backend=noted))
            said = " ".join(done.stderr.replace("│", " ").split())
            raise InstallerError(
                f"the state could not be moved, and stays where it is: {said[:_LONGEST]}",
                hint="Put that right and run the same again.",
            )
        if deployment.state.is_file() and not deployment.state.stat().st_size:
            # Terraform empties the file that it leaves, which is no state then.
            deployment.state.unlink()
        note_backend(deployment, answers.backend)
        for run in list_runs(deployment):
            # It would be applied to the state that was left.
            run.plan.unlink(missing_ok=True)
        approved = read_answers(deployment.answers, context.catalogue(answers.target))
        write_private(deployment.answers, answers_text(replace(approved, backend=answers.backend), deployment))
