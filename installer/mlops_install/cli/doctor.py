"""`doctor`: what this machine has and lacks."""

from __future__ import annotations

from mlops_install.cli import options
from mlops_install.cli.session import open_session
from mlops_install.errors import ExitCode


def doctor(
    output: options.Output = options.OutputFormat.TABLE,
    no_color: options.NoColor = False,
    terraform_bin: options.TerraformBin = None,
    kubeconfig: options.Kubeconfig = None,
    kube_context: options.KubeContext = None,
) -> int:
    """Check this machine, Terraform, the clusters and the deployments; exits 3 when something is in the way."""
    from mlops_install.console import documents, tables
    from mlops_install.inspect.doctor import doctor as examine

    session = open_session(
        output=output, no_color=no_color, terraform_bin=terraform_bin, kubeconfig=kubeconfig, kube_context=kube_context
    )
    found = list(examine(session.context))
    session.emit(documents.doctor_document(found), lambda: tables.doctor_table(found))
    return ExitCode.PREFLIGHT if any(finding.level == "problem" for finding in found) else ExitCode.OK
