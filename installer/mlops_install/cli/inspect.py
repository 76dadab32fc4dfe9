"""`status`, `outputs`, `runs`: what is there."""

from __future__ import annotations

from mlops_install.cli import options
from mlops_install.cli.session import open_session, titles
from mlops_install.errors import ExitCode


def status(
    name: options.Name = None,
    directory: options.Directory = None,
    output: options.Output = options.OutputFormat.TABLE,
    no_color: options.NoColor = False,
    kubeconfig: options.Kubeconfig = None,
    kube_context: options.KubeContext = None,
) -> int:
    """Show the state and address of each module; exits 1 when a chosen one is not healthy."""
    from mlops_install.console import documents, tables
    from mlops_install.inspect import inspection

    session = open_session(output=output, no_color=no_color, kubeconfig=kubeconfig, kube_context=kube_context)
    deployment = session.deployment(name, directory)
    states = inspection.status(session.context, deployment)
    catalogue = session.catalogue(deployment)
    document = documents.status_document(deployment.name, catalogue.target, states)
    session.emit(document, lambda: tables.status_table(states, titles(catalogue)))
    healthy = all(state.state == "healthy" for state in states)
    return ExitCode.OK if healthy else ExitCode.FAILED


def outputs(
    name: options.Name = None,
    directory: options.Directory = None,
    output: options.Output = options.OutputFormat.TABLE,
    no_color: options.NoColor = False,
    terraform_bin: options.TerraformBin = None,
) -> int:
    """Show the addresses and what notebooks find in their environment."""
    from mlops_install.console import documents, tables
    from mlops_install.inspect import inspection
    from mlops_install.inspect.logins import ways_in

    session = open_session(output=output, no_color=no_color, terraform_bin=terraform_bin)
    deployment = session.deployment(name, directory)
    published = inspection.outputs(session.context, deployment)
    names = titles(session.catalogue(deployment))
    addresses, environment = published.get("addresses") or {}, published.get("environment") or {}
    enter = ways_in(session.context, deployment)
    session.emit(
        documents.outputs_document(deployment.name, addresses, environment, enter),
        lambda: tables.outputs_view(addresses, environment, enter, names),
    )
    return ExitCode.OK


def runs(
    name: options.Name = None,
    directory: options.Directory = None,
    output: options.Output = options.OutputFormat.TABLE,
    no_color: options.NoColor = False,
) -> int:
    """Show the history of runs."""
    from mlops_install.console import documents, tables
    from mlops_install.inspect import inspection

    session = open_session(output=output, no_color=no_color)
    deployment = session.deployment(name, directory)
    found = inspection.history(deployment)
    session.emit(documents.runs_document(deployment.name, found), lambda: tables.runs_table(found))
    return ExitCode.OK
