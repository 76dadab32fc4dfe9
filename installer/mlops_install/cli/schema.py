"""`schema`: the JSON Schema of the answers, for editors and checks."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from mlops_install.cli.session import Session
from mlops_install.cli.verb import verb
from mlops_install.errors import ExitCode

Target = Annotated[str, typer.Option("--target", help="Which target's answers.")]


@verb()
def schema(session: Session, target: Target = "local") -> int:
    """Print the JSON Schema (draft 2020-12) of an answers file."""
    from mlops_install.catalogue.schema import answers_schema

    json.dump(answers_schema(session.context.catalogue(target)), sys.stdout, indent=2)
    sys.stdout.write("\n")
    return ExitCode.OK
