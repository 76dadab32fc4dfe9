"""`status`, `outputs`, `runs`: what is there."""

from __future__ import annotations

from mlops_install.cli import options
from mlops_install.cli.session import Session, titles
from mlops_install.cli.verb import verb
from mlops_install.errors import ExitCode


@verb("output", *options.CLUSTER)
def status(session: Session, name: options.Name = None, directory: options.Directory = None) -> int:
    """Show the state and address of each module; exits 1 when a chosen one is not healthy."""
    from mlops_install.console import documents, tables
    from mlops_install.inspect import inspection

    deployment = session.deployment(name, directory)
    states = inspection.status(session.context, deployment)
    catalogue = session.catalogue(deployment)
    document = documents.status_document(deployment.name, catalogue.target, states)
    session.emit(document, lambda: tables.status_table(states, titles(catalogue)))
    healthy = all(state.state == "healthy" for state in states)
    return ExitCode.OK if healthy else ExitCode.FAILED


@verb("output")
def outputs(session: Session, name: options.Name = None, directory: options.Directory = None) -> int:
    """Show the addresses and what notebooks find in their environment."""
    from mlops_install.console import documents, tables
    from mlops_install.inspect.logins import ways_in
    from mlops_install.targets import installed

    deployment = session.deployment(name, directory)
    published = installed.outputs(session.context, deployment)
    names = titles(session.catalogue(deployment))
    addresses, environment = published.get("addresses") or {}, published.get("environment") or {}
    enter = ways_in(session.context, deployment)
    session.emit(
        documents.outputs_document(deployment.name, addresses, environment, enter),
        lambda: tables.outputs_view(addresses, environment, enter, names),
    )
    return ExitCode.OK


@verb("output")
def runs(session: Session, name: options.Name = None, directory: options.Directory = None) -> int:
    """Show the history of runs."""
    from mlops_install.console import documents, tables
    from mlops_install.inspect import inspection

    deployment = session.deployment(name, directory)
    found = inspection.history(deployment)
    session.emit(documents.runs_document(deployment.name, found), lambda: tables.runs_table(found))
    return ExitCode.OK
