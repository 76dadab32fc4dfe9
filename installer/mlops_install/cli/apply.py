"""`apply`: the newest plan that isn't stale, or a new one."""

from __future__ import annotations

from mlops_install.cli import options
from mlops_install.cli.session import Session
from mlops_install.cli.verb import verb


@verb(
    *options.CHANGES, *options.APPROVAL, "output", *options.CLUSTER, "adopt", "overwrite_terraform", streams_events=True
)
def apply(session: Session, name: options.Name = None, directory: options.Directory = None) -> int:
    """Apply a deployment: the newest plan if it still holds, else a new one; carries on after a failure."""
    from mlops_install.cli.asking import request_of, settle
    from mlops_install.cli.flow import carry_out
    from mlops_install.workflow.applying import plan_to_apply

    deployment = session.deployment(name, directory)
    request = request_of(session, name=name, directory=deployment.folder)
    prepared = settle(session, request)
    return carry_out(session, prepared, run=None if session.changes else plan_to_apply(deployment))
