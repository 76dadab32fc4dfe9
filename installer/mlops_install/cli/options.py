"""The flags that verbs share, declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mlops_install.cli.formats import OutputFormat, UserInterface

__all__ = ["OutputFormat", "UserInterface"]


Name = Annotated[
    str | None, typer.Argument(metavar="[NAME]", help="The deployment; may be left out when there is only one.")
]
NameOption = Annotated[str | None, typer.Option("--name", "-n", help="The deployment's name.")]
Directory = Annotated[
    Path | None, typer.Option("--dir", "-d", help="The deployment's folder, instead of the default place.")
]
Output = Annotated[OutputFormat, typer.Option("--output", "-o", help="How the result is written to stdout.")]
NonInteractive = Annotated[
    bool, typer.Option("--non-interactive", help="Never ask; every missing value is reported at once.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Approve the plan unseen.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="No colours (NO_COLOR does the same).")]
Ui = Annotated[
    UserInterface, typer.Option("--ui", help="`tui` fills the terminal; `plain` asks and reports in plain lines.")
]
TerraformBin = Annotated[
    str | None, typer.Option("--terraform-bin", metavar="PATH", help="The terraform or tofu to use (1.11 or later).")
]
Kubeconfig = Annotated[
    str | None,
    typer.Option("--kubeconfig", metavar="PATH", help="The file that says how the cluster is reached (KUBECONFIG)."),
]
KubeContext = Annotated[
    str | None,
    typer.Option("--context", metavar="NAME", help="The context of that file; never the current one silently."),
]
Adopt = Annotated[
    bool, typer.Option("--adopt", help="Take over Helm releases of the same names that another hand made.")
]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Set a parameter; a secret only as env:NAME or file:PATH."),
]
Modules = Annotated[list[str] | None, typer.Option("--module", metavar="MODULE", help="Add a module.")]
Without = Annotated[list[str] | None, typer.Option("--without", metavar="MODULE", help="Leave a module out.")]
OverwriteTerraform = Annotated[
    bool, typer.Option("--overwrite-terraform", help="Replace .tf files of the deployment that were changed by hand.")
]
DetailedExitcode = Annotated[
    bool, typer.Option("--detailed-exitcode", help="0: no changes, 2: changes, 1: anything that went wrong.")
]


def shared(
    sets: Sets = None,
    modules: Modules = None,
    without: Without = None,
    yes: Yes = False,
    non_interactive: NonInteractive = False,
    output: Output = OutputFormat.TABLE,
    detailed_exitcode: DetailedExitcode = False,
    kubeconfig: Kubeconfig = None,
    kube_context: KubeContext = None,
    adopt: Adopt = False,
    overwrite_terraform: OverwriteTerraform = False,
    ui: Ui = UserInterface.AUTO,
    no_color: NoColor = False,
    terraform_bin: TerraformBin = None,
) -> None:
    """Declare the flags that are kept in the session; never called: `cli.verb` reads its parameters."""


EVERYWHERE = ("ui", "no_color", "terraform_bin")
"""The flags that every verb has, and that may stand before it."""
CLUSTER = ("kubeconfig", "kube_context")
CHANGES = ("sets", "modules", "without")
APPROVAL = ("yes", "non_interactive")
