"""A new value for one secret of an installed deployment, through a plan of its own."""

from __future__ import annotations

from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.prepared import Prepared
from mlops_install.errors import UsageError
from mlops_install.setup.interview import Interview
from mlops_install.targets.context import Context


def begin_rotation(context: Context, deployment: Deployment, secret: str) -> Interview:
    """Return a setup on the installed answers; raises UsageError for what is no secret in use there."""
    interview = Interview.reconfigure(context, deployment)
    state = interview.secret_state(secret)
    if not state.kept and secret not in (interview.installed.secrets if interview.installed else {}):
        raise UsageError(
            f"{deployment.name} doesn't use the secret {secret}.",
            hint="It is set when a module that needs it is applied.",
        )
    return interview


def needs_value(interview: Interview, secret: str) -> bool:
    """Return whether somebody must type the new value: it is neither generated nor read from somewhere."""
    return interview.secret_state(secret).reference in ("", "typed")


def rotate(interview: Interview, secret: str, *, reference: str = "", value: str | None = None) -> Prepared:
    """Give the secret its new value and return what to plan.

    With `reference` (`env:NAME`, `file:PATH`, `generated`) it comes from there from now on; with `value` it is typed;
    else it is generated, or read again from where it comes. Raises UsageError when that gives no new value.
    """
    before = interview.secret_state(secret)
    old = interview.held_secret(secret)
    if value is not None:
        problems = interview.set_secret(secret, "typed", value)
    elif reference and reference != before.reference:
        problems = interview.set_secret(secret, reference)
    elif before.reference == "generated":
        problems = []
        interview.rotate(secret)
    else:
        problems = []
    if problems:
        raise UsageError(f"{secret} can't take this.", problems=problems)
    prepared = interview.prepared()
    if prepared.secrets.values.get(secret) == old:
        where = f"`{before.reference}` still gives" if before.reference.startswith(("env:", "file:")) else "This is"
        raise UsageError(f"{where} the value that {secret} has already.", hint="Change it there, or give another one.")
    return prepared
