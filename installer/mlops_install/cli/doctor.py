"""`doctor`: what this machine has and lacks."""

from __future__ import annotations

from mlops_install.cli import options
from mlops_install.cli.session import Session
from mlops_install.cli.verb import verb
from mlops_install.errors import ExitCode


@verb("output", *options.CLUSTER)
def doctor(session: Session) -> int:
    """Check this machine, Terraform, the clusters and the deployments; exits 3 when something is in the way."""
    from mlops_install.console import documents, tables
    from mlops_install.inspect.doctor import doctor as examine

    found = list(examine(session.context))
    session.emit(documents.doctor_document(found), lambda: tables.doctor_table(found))
    return ExitCode.PREFLIGHT if any(finding.level == "problem" for finding in found) else ExitCode.OK
