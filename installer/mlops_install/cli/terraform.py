"""`terraform`: the deployment's own Terraform, by hand, with its secrets."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from mlops_install.cli import options
from mlops_install.cli.session import Session
from mlops_install.cli.verb import verb
from mlops_install.errors import UsageError
from mlops_install.words.commands import command

Arguments = Annotated[list[str] | None, typer.Option("--argument", hidden=True)]


class TerraformCommand(TyperCommand):
    """The parser of this verb: all that follows `--` is Terraform's, and none of it is taken for a NAME."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read what stands before `--`, and pass each argument after it as one `--argument`."""
        split = args.index("--") if "--" in args else len(args)
        theirs = [f"--argument={argument}" for argument in args[split + 1 :]]
        return super().parse_args(ctx, [*args[:split], *theirs])


@verb()
def terraform(
    session: Session, name: options.Name = None, directory: options.Directory = None, arguments: Arguments = None
) -> int:
    """Run Terraform in the deployment's folder: `mlops-install terraform [NAME] -- state list`."""
    from mlops_install.workflow.by_hand import run_terraform

    if not arguments:
        raise UsageError(
            "Terraform needs a command.", hint=f"For example: `{command('terraform', '--', 'state', 'list')}`."
        )
    return run_terraform(session.context, session.deployment(name, directory), arguments)
