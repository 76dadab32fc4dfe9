"""`models`: what is served."""

from __future__ import annotations

from mlops_install.cli import options
from mlops_install.cli.session import open_session
from mlops_install.errors import ExitCode


def models(
    name: options.Name = None,
    directory: options.Directory = None,
    output: options.Output = options.OutputFormat.TABLE,
    no_color: options.NoColor = False,
    kubeconfig: options.Kubeconfig = None,
    kube_context: options.KubeContext = None,
) -> int:
    """Show which models are served, from which registered version, since when; exits 1 when one is not healthy.

    One is deployed from a notebook or a flow: mlflow deployments create -t seldon --name wine -m models:/wine@champion
    """
    from mlops_install.console import model_view
    from mlops_install.inspect.models import served

    session = open_session(output=output, no_color=no_color, kubeconfig=kubeconfig, kube_context=kube_context)
    deployment = session.deployment(name, directory)
    target = session.catalogue(deployment).target
    found = served(session.context, deployment)
    document = model_view.models_document(deployment.name, target, found)
    session.emit(document, lambda: model_view.models_table(found))
    return ExitCode.OK if document["healthy"] else ExitCode.FAILED
