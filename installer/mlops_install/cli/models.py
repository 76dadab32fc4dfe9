"""`models`: what is served."""

from __future__ import annotations

from mlops_install.cli import options
from mlops_install.cli.session import Session
from mlops_install.cli.verb import verb
from mlops_install.errors import ExitCode


@verb("output", *options.CLUSTER)
def models(session: Session, name: options.Name = None, directory: options.Directory = None) -> int:
    """Show which models are served, from which registered version, since when; exits 1 when one is not healthy.

    One is deployed from a notebook or a flow: mlflow deployments create -t seldon --name wine -m models:/wine@champion
    """
    from mlops_install.console import model_view
    from mlops_install.inspect.models import served

    deployment = session.deployment(name, directory)
    target = session.catalogue(deployment).target
    found = served(session.context, deployment)
    document = model_view.models_document(deployment.name, target, found)
    session.emit(document, lambda: model_view.models_table(found))
    return ExitCode.OK if document["healthy"] else ExitCode.FAILED
